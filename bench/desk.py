"""How many requests a second do the workbench and the case list answer, and how long does a case page with 200 records take?

LIUHEN_BENCH_CASES   how many cases; default 100,000, with 25 records each
LIUHEN_BENCH_HOME    a folder that keeps the data from one run to the next; default: made anew
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from bench.figures import Sheet, percentile

CASES = int(os.environ.get("LIUHEN_BENCH_CASES", "100000"))
CLIENTS = 16
TURNS, TURN = 9, 1.0  # seconds; many short ones, for what else the machine does changes
RECORDS = 200
SHARE = 0.15


def main() -> int:
    """Build the bureau on SQLite, start the server, ask."""
    return run("")


def run(address: str) -> int:
    """Build the bureau in the database at `address`, or in a SQLite file; start the server, ask."""
    kept = os.environ.get("LIUHEN_BENCH_HOME")
    Path("var").mkdir(exist_ok=True)
    home = Path(kept) if kept else Path(tempfile.mkdtemp(prefix="bench-desk-", dir="var"))
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ |= {"LIUHEN_HOME": str(home.resolve()), "DJANGO_SETTINGS_MODULE": "liuhen.site.settings"}
    os.environ.pop("LIUHEN_DATABASE_URL", None)
    if address:
        os.environ["LIUHEN_DATABASE_URL"] = address
    try:
        return _measure(home, "PostgreSQL" if address else "SQLite")
    finally:
        if not kept:
            shutil.rmtree(home, ignore_errors=True)


def _measure(home: Path, database: str) -> int:
    sheet = Sheet(f"The desk: {CASES:,} cases, {CASES * 25:,} records, {CLIENTS} clients, {database}")
    officers, head, page = _prepare(home, sheet)
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
            # Each client is an officer of its own, with other work than the next one's.
            everybody = [head] * CLIENTS
            for path in ("/empty/", "/", "/cases/"):
                _load(port, server.pid, path, officers, 1.0)
            for what, path, who, least in (
                ("workbench of an officer", "/", officers, SHARE),
                ("workbench, what is due soon", "/?show=soon", officers, SHARE),
                ("workbench, what is overdue", "/?show=overdue", officers, SHARE),
                ("workbench, third page", "third", officers, SHARE),
                ("case list of an officer's unit", "/cases/", officers, SHARE),
                ("case list of the whole bureau", "/cases/", everybody, SHARE),
                ("case list, one stage", "/cases/?phase=investigation", everybody, SHARE),
                ("search by party in the whole bureau", "/cases/?q=云岭", everybody, None),
            ):
                paths = [_third_page(port, o) for o in who] if path == "third" else path
                asked, empty, by_processor = _beside_the_empty(port, server.pid, paths, who)
                yardstick = ("the empty view", empty.rate)
                sheet.figure(what, asked.rate, "requests/s", yardstick=yardstick, at_least=least, of="ratio")
                sheet.note(
                    f"  the server's processor time for each: {asked.spent * 1000:.2f} ms, the empty view"
                    f" {empty.spent * 1000:.2f} ms; by that {by_processor:.3f} x in the median"
                )
            _one_client(port, page, head, 10)
            sheet.note(f"the page of {RECORDS} records owes {_owed(page)} open duties")
            spent = _spent(server.pid)
            times = _one_client(port, page, head, 60)
            spent = _spent(server.pid) - spent
            sheet.figure(f"case page with {RECORDS} records, median", percentile(times, 0.5) * 1000, "ms", at_most=15.0)
            sheet.figure(f"case page with {RECORDS} records, 95 of 100", percentile(times, 0.95) * 1000, "ms")
            sheet.figure("  processor time of the server for each", spent / 60 * 1000, "ms")
        finally:
            server.terminate()
    return sheet.status()


def _prepare(home: Path, sheet: Sheet) -> tuple[list[str], str, str]:
    # A process of its own: it makes the keys, and Django reads them when it starts.
    if not (home / "built").exists():
        subprocess.run([sys.executable, "-c", "import bench.desk; bench.desk.fill()"], check=True)
    sheet.note((home / "built").read_text())
    import django

    django.setup()
    from django.db import connection

    from bench.desk_data import OFFICERS

    page = f"/cases/{(home / 'page').read_text()}/"
    officers = [_session(n) for n in range(CLIENTS)]
    head = _session(OFFICERS)
    connection.close()
    return officers, head, page


def _owed(page: str) -> int:
    """Return how many duties the case page has open; a page without any would be no measure."""
    from django.db import connection

    from liuhen.journal.models import DutyRow

    owed = DutyRow.objects.filter(case=page.split("/")[2]).count()
    connection.close()
    if not owed:
        raise SystemExit("the case with many records owes nothing: no text in force judges it")
    return owed


def _spent(server: int) -> float:
    """Return the processor seconds that the server's workers have used."""
    workers = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    ticks = 0
    for pid in workers:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def fill() -> None:
    """Make the bureau in LIUHEN_HOME with all its cases, two accounts, and the one case with many records."""
    import django

    django.setup()
    from django.core.management import call_command

    from bench.desk_data import BUREAU, OFFICERS, build, person_of
    from bench.desk_page import apply_on, large_case
    from liuhen.journal.setting_up import set_up_bureau

    home = Path(os.environ["LIUHEN_HOME"])
    call_command("migrate", verbosity=0)
    call_command("collectstatic", "--no-input", verbosity=0)
    books = ["bazhou", "anshan-legal-review"]
    set_up_bureau(BUREAU, zh="示例市自然资源局", en="Sample bureau", rulebooks=books, sample=True)
    start = perf_counter()
    counts = build(CASES, time.time_ns() // 1000)
    told = ", ".join(f"{n:,} {what}" for what, n in counts.items())
    apply_on(BUREAU, person_of(OFFICERS), "bazhou")
    (home / "page").write_text(large_case(BUREAU, person_of(7), RECORDS))
    (home / "built").write_text(f"built in {perf_counter() - start:.0f} s: {told}")


def _session(n: int) -> str:
    """Return a session in which the officer with this number is signed in."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from bench.desk_data import BUREAU, person_of
    from liuhen.rooms.people.models import Account

    account = Account.objects.filter(bureau=BUREAU, person=person_of(n)).first()
    if account is None:
        password = "bench-" + os.urandom(8).hex()
        account = Account.objects.create_account(
            f"bench-{n}", password, bureau=BUREAU, person=person_of(n), name=f"示例{n:03d}"
        )
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
        self.body = b""

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
        pieces = [body]
        got = len(body)
        while got < length:
            pieces.append(self._socket.recv(262_144))
            got += len(pieces[-1])
        self.body = b"".join(pieces)
        if b"connection: close" in lower:
            self._socket.close()
            self._socket = None
        return int(head.split(b" ", 2)[1])


class _Turn(NamedTuple):
    """One turn (一轮): requests per second, and the server's processor seconds for each."""

    rate: float
    spent: float


def _load(port: int, server: int, path: str | list[str], sessions: list[str], seconds: float) -> _Turn:
    """Let CLIENTS connections ask as fast as they are answered; anything but 200 ends the run.

    Each asks in a session of its own, for `path` or for its own of several.
    """
    done: list[int] = []
    wrong: list[int] = []
    stop = perf_counter() + seconds

    def ask(which: int) -> None:
        own = path if isinstance(path, str) else path[which]
        client, n = _Client(port, own, sessions[which]), 0
        while perf_counter() < stop:
            status = client.ask()
            if status != 200:
                wrong.append(status)
                break
            n += 1
        done.append(n)

    spent, start = _spent(server), perf_counter()
    threads = [threading.Thread(target=ask, args=(which,)) for which in range(CLIENTS)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    if wrong:
        raise SystemExit(f"{path} answered {wrong[0]}")
    n = sum(done)
    return _Turn(n / (perf_counter() - start), (_spent(server) - spent) / n)


def _third_page(port: int, session: str) -> str:
    """Return the address of the third page of somebody's workbench."""
    path = "/"
    for _ in range(2):
        client = _Client(port, path, session)
        client.ask()
        found = re.search(r'<a href="(/\?[^"]*after=[^"]+)"', client.body.decode())
        if found is None:
            raise SystemExit("the workbench has no third page")
        path = found[1].replace("&amp;", "&")
    return path


def _beside_the_empty(port: int, server: int, path: str | list[str], sessions: list[str]) -> tuple[_Turn, _Turn, float]:
    """Return a page's turn and the empty view's: of several, asked one after the other, those whose ratio is in the middle.

    One after the other, because both are to feel what else the machine is doing. The third is the ratio of processor times in the
    middle: other programs hardly touch it.
    """
    turns = [
        (_load(port, server, path, sessions, TURN), _load(port, server, "/empty/", sessions, TURN))
        for _ in range(TURNS)
    ]
    turns.sort(key=lambda turn: turn[0].rate / turn[1].rate)
    by_processor = sorted(empty.spent / page.spent for page, empty in turns)
    return *turns[TURNS // 2], by_processor[TURNS // 2]


def _one_client(port: int, path: str, session: str, times: int) -> list[float]:
    client = _Client(port, path, session)
    found = []
    for _ in range(times):
        start = perf_counter()
        if client.ask() != 200:
            raise SystemExit(f"{path} was refused")
        found.append(perf_counter() - start)
    return found
