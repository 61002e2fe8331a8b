"""How many requests a second do the workbench and the case list answer, and how long does a case page with 200 records take?

LIUHEN_BENCH_CASES   how many cases; default 100,000, with 25 records each
LIUHEN_BENCH_HOME    a folder that keeps the data from one run to the next; default: made anew
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.figures import Sheet, percentile

CASES = int(os.environ.get("LIUHEN_BENCH_CASES", "100000"))
CLIENTS = 16
TURNS, TURN = 5, 1.5  # seconds
RECORDS = 200
SHARE = 0.15


def main() -> int:
    """Build the bureau, start the server, ask."""
    kept = os.environ.get("LIUHEN_BENCH_HOME")
    Path("var").mkdir(exist_ok=True)
    home = Path(kept) if kept else Path(tempfile.mkdtemp(prefix="bench-desk-", dir="var"))
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ |= {"LIUHEN_HOME": str(home.resolve()), "DJANGO_SETTINGS_MODULE": "liuhen.site.settings"}
    os.environ.pop("LIUHEN_DATABASE_URL", None)
    try:
        return _measure(home)
    finally:
        if not kept:
            shutil.rmtree(home, ignore_errors=True)


def _measure(home: Path) -> int:
    sheet = Sheet(f"The desk: {CASES:,} cases, {CASES * 25:,} records, {CLIENTS} clients, SQLite")
    sessions, page = _prepare(home, sheet)
    port = _free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "bench.desk_site:application",
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        "2",
        "--threads",
        "4",
        "--log-level",
        "critical",
    ]
    with subprocess.Popen(command) as server:
        try:
            _wait(port)
            officer, head = sessions
            for path in ("/empty/", "/", "/cases/", page):
                _load(port, path, officer, 1.0)
            for what, path, who, least in (
                ("workbench of an officer", "/", officer, SHARE),
                ("workbench, what is overdue", "/?show=overdue", officer, SHARE),
                ("case list of an officer's unit", "/cases/", officer, SHARE),
                ("case list of the whole bureau", "/cases/", head, SHARE),
                ("case list, one stage", "/cases/?phase=investigation", head, SHARE),
                ("search by party in the whole bureau", "/cases/?q=云岭", head, None),
            ):
                rate, empty = _beside_the_empty(port, path, who)
                sheet.figure(what, rate, "requests/s", yardstick=("the empty view", empty), at_least=least, of="ratio")
            times = _one_client(port, page, head, 60)
            sheet.figure(f"case page with {RECORDS} records, median", percentile(times, 0.5) * 1000, "ms", at_most=15.0)
            sheet.figure(f"case page with {RECORDS} records, 95 of 100", percentile(times, 0.95) * 1000, "ms")
        finally:
            server.terminate()
    return sheet.status()


def _prepare(home: Path, sheet: Sheet) -> tuple[tuple[str, str], str]:
    # A process of its own: it makes the keys, and Django reads them when it starts.
    if not (home / "built").exists():
        subprocess.run([sys.executable, "-c", "import bench.desk; bench.desk.fill()"], check=True)
    sheet.note((home / "built").read_text())
    import django

    django.setup()
    from django.db import connection

    from liuhen.rooms.people.models import Account

    page = f"/cases/{(home / 'page').read_text()}/"
    officer, head = (_session(Account.objects.get(username=name)) for name in ("officer", "head"))
    connection.close()
    return (officer, head), page


def fill() -> None:
    """Make the bureau in LIUHEN_HOME with all its cases, two accounts, and the one case with many records."""
    import django

    django.setup()
    from django.core.management import call_command

    from bench.desk_data import BUREAU, OFFICERS, build, person_of
    from bench.desk_page import large_case
    from liuhen.journal.setting_up import set_up_bureau
    from liuhen.rooms.people.models import Account

    home = Path(os.environ["LIUHEN_HOME"])
    call_command("migrate", verbosity=0)
    call_command("collectstatic", "--no-input", verbosity=0)
    books = ["bazhou", "anshan-legal-review"]
    set_up_bureau(BUREAU, zh="示例市自然资源局", en="Sample bureau", rulebooks=books, sample=True)
    start = perf_counter()
    counts = build(CASES, time.time_ns() // 1000)
    told = ", ".join(f"{n:,} {what}" for what, n in counts.items())
    for name, n in (("officer", 7), ("head", OFFICERS)):
        password = "bench-" + os.urandom(8).hex()
        Account.objects.create_account(name, password, bureau=BUREAU, person=person_of(n), name=f"示例{n:03d}")
    (home / "page").write_text(large_case(BUREAU, person_of(7), RECORDS))
    (home / "built").write_text(f"built in {perf_counter() - start:.0f} s: {told}")


def _session(account: Any) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store[SESSION_KEY] = str(account.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()
    store.save()
    return str(store.session_key)


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


class _Client:
    """One connection that is kept open, as a browser's is."""

    def __init__(self, port: int, path: str, session: str) -> None:
        from urllib.parse import quote

        self._port = port
        head = f"GET {quote(path, safe='/?=&')} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid={session}\r\n\r\n"
        self._head = head.encode()
        self._socket: socket.socket | None = None

    def ask(self) -> int:
        """Send the request, read the whole answer, return its status."""
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=60)
        self._socket.sendall(self._head)
        data = b""
        while b"\r\n\r\n" not in data:
            piece = self._socket.recv(262_144)
            if not piece:
                self._socket = None
                return self.ask()
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        lower = head.lower()
        length = int(lower.split(b"content-length:")[1].split(b"\r\n")[0]) if b"content-length:" in lower else 0
        got = len(body)
        while got < length:
            got += len(self._socket.recv(262_144))
        if b"connection: close" in lower:
            self._socket.close()
            self._socket = None
        return int(head.split(b" ", 2)[1])


def _load(port: int, path: str, session: str, seconds: float) -> float:
    """Return requests per second of CLIENTS connections that ask as fast as they are answered; anything but 200 ends the run."""
    done: list[int] = []
    wrong: list[int] = []
    stop = perf_counter() + seconds

    def ask() -> None:
        client, n = _Client(port, path, session), 0
        while perf_counter() < stop:
            status = client.ask()
            if status != 200:
                wrong.append(status)
                break
            n += 1
        done.append(n)

    start = perf_counter()
    threads = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    if wrong:
        raise SystemExit(f"{path} answered {wrong[0]}")
    return sum(done) / (perf_counter() - start)


def _beside_the_empty(port: int, path: str, session: str) -> tuple[float, float]:
    """Return the rates of a page and of the empty view asked in turns: of all turns, the one whose ratio is in the middle.

    In turns, because both are to feel what else the machine is doing.
    """
    turns = [(_load(port, path, session, TURN), _load(port, "/empty/", session, TURN)) for _ in range(TURNS)]
    return sorted(turns, key=lambda turn: turn[0] / turn[1])[TURNS // 2]


def _one_client(port: int, path: str, session: str, times: int) -> list[float]:
    client = _Client(port, path, session)
    found = []
    for _ in range(times):
        start = perf_counter()
        if client.ask() != 200:
            raise SystemExit(f"{path} was refused")
        found.append(perf_counter() - start)
    return found
