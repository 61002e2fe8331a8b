"""What does one record through the door cost, and how many can a second be committed?

CPU time is that of the product's own process: reading and checking, gates, judging the whole case anew, read models, outbox;
over what the same driver spends on committing one bare row. On PostgreSQL the server's own time comes on top.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from bench.figures import Sheet, percentile

WRITERS = 4
# Of our own, in ms: nobody should feel the door, and a case of 400 records with hundreds of open duties is a monster.
LIMITS = {"10": 10.0, "400": 25.0}


def main() -> int:
    """Measure on SQLite, and on PostgreSQL where there is one."""
    sheet = Sheet("The door: one record, whole bazhou and legal review, 10 and 400 records in the case")
    Path("var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-door-", dir="var") as folder:
        _figures(sheet, "SQLite", _run(Path(folder).resolve(), ""))
    address = os.environ.get("LIUHEN_TEST_POSTGRES")
    if address:
        with tempfile.TemporaryDirectory(prefix="bench-door-", dir="var") as folder:
            _figures(sheet, "PostgreSQL", _run(Path(folder).resolve(), _fresh_database(address)))
    else:
        sheet.note("PostgreSQL: not measured, none is running")
    return sheet.status()


def _run(home: Path, address: str) -> dict[str, list[float] | float]:
    environment = {**os.environ, "LIUHEN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "liuhen.site.settings"}
    environment.pop("LIUHEN_DATABASE_URL", None)
    if address:
        environment["LIUHEN_DATABASE_URL"] = address
    # PostgreSQL's server, started for tests, keeps its data in the folder for temporary files.
    disk = tempfile.gettempdir() if address else str(home)
    call = [sys.executable, "-m", "bench.door_run", disk]
    found = subprocess.run(call, env=environment, check=True, capture_output=True, text=True)
    told: dict[str, list[float] | float] = json.loads(found.stdout.splitlines()[-1])
    return told


def _fresh_database(address: str) -> str:
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS bench_door")
        connection.execute("CREATE DATABASE bench_door")
    return urlunsplit(urlsplit(address)._replace(path="/bench_door"))


def _figures(sheet: Sheet, database: str, told: dict[str, list[float] | float]) -> None:
    bare = _samples(told, "bare")
    yardstick = ("bare commit", percentile(bare, 0.5) * 1000)
    for records in ("10", "400"):
        samples = _samples(told, records)
        for name, share, most in (("p50", 0.5, LIMITS[records]), ("p95", 0.95, None)):
            over = percentile(samples, share) * 1000 - yardstick[1]
            what = f"{database}, {records} records: CPU over a commit, {name}"
            sheet.figure(what, over, "ms", yardstick=yardstick, at_most=most)
    flushes = float(str(told["flushes"]))
    for key, what in (("commits", "one writer"), ("several", f"{WRITERS} writers, {WRITERS} cases")):
        value = float(str(told[key]))
        sheet.figure(
            f"{database}, records committed: {what}", value, "a second", yardstick=("flushes of the disk", flushes)
        )


def _samples(told: dict[str, list[float] | float], key: str) -> list[float]:
    held = told[key]
    assert isinstance(held, list)
    return held
