"""How many cases a second of an event log are read and judged, as XES, as scattered CSV and compiled, in what memory?"""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from time import process_time

from bench.figures import Sheet
from liuhen.dossier.logs.judging import check_log
from liuhen.dossier.logs.mapping import read_map
from liuhen.engines.rulebook import build_stack, load_rulebook, vocabulary_for
from liuhen.ground.calendar import Calendar
from liuhen.ground.moments import instant
from liuhen.ground.record import ZONE
from liuhen.ground.vocabulary import default
from tests.logs.road_fines import BOOK, MAP, MAP_CSV, write_csv, write_xes

CASES = int(os.environ.get("LIUHEN_BENCH_CASES", "150000"))
MEMORY = 300  # MB above what the process has before it reads


def main() -> int:
    """Print cases a second of each form of one log, each in a process of its own."""
    sheet = Sheet("Event logs as cases, one core")
    with tempfile.TemporaryDirectory() as folder:
        xes, table, packed = (Path(folder) / name for name in ("fines.xes", "fines.csv", "fines.xes.gz"))
        events = write_xes(xes, CASES)
        write_csv(table, CASES)
        with xes.open("rb") as plain, gzip.open(packed, "wb", 6) as out:
            while chunk := plain.read(1 << 20):
                out.write(chunk)
        sheet.note(
            f"made here, of the shape of the public road-traffic-fine log: {CASES:,} cases, {events:,} events, 7 rules"
        )
        sheet.note(f"XES {_mb(xes)} MB, compressed {_mb(packed)} MB, CSV in GB18030 {_mb(table)} MB")
        for name, path, mapping in (
            ("XES", xes, MAP),
            ("XES, compressed", packed, MAP),
            ("CSV, scattered", table, MAP_CSV),
        ):
            run = [sys.executable, "-c", "import bench.logs; bench.logs.one()", str(path), str(mapping)]
            said = subprocess.run(run, check=True, capture_output=True, text=True).stdout.split()
            seconds, grown, broken = float(said[0]), int(said[1]), int(said[2])
            sheet.figure(f"{name}: cases read and judged", CASES / seconds, "cases/s")
            sheet.figure(f"{name}: memory beyond the start", grown / 1000, "MB", at_most=MEMORY)
            sheet.note(f"   {seconds:.1f} s of one processor; {broken:,} times a case breaks a rule")
        run = [sys.executable, "-c", "import bench.logs; bench.logs.compiled()", str(xes), str(MAP)]
        said = subprocess.run(run, check=True, capture_output=True, text=True).stdout.split()
        written, asked = float(said[0]), float(said[1])
        sheet.figure("compiled: cases written as Parquet", CASES / written, "cases/s")
        sheet.figure("compiled: cases judged from Parquet", CASES / asked, "cases/s")
        sheet.note(f"   {written:.1f} s and {asked:.1f} s of processors; {int(said[2]):,} times a case breaks a rule")
    return sheet.status()


def one() -> None:
    """Judge the log and mapping named on the command line; print processor seconds, kB of memory more than before, cases."""
    path, mapping = Path(sys.argv[1]), Path(sys.argv[2])
    vocabulary = vocabulary_for([BOOK], default())
    stack = build_stack([load_rulebook(BOOK, vocabulary)], vocabulary, Calendar.load(), regardless_of_dates=True)
    log = read_map(mapping, vocabulary)
    before = peak()
    start = process_time()
    report = check_log(path, log, stack, datetime(2026, 11, 1, tzinfo=ZONE))
    seconds = process_time() - start
    assert report.seen.cases == CASES
    print(seconds, peak() - before, sum(len(t.cases) for t in report.tallies))


def compiled() -> None:
    """Write the log as Parquet and ask it at once; print the processor seconds of both, all threads together, and cases."""
    from liuhen.engines.rulebook.bulk.audit import run_audit
    from liuhen.faces.cli.audit_log import broken_in, write_logs

    path, mapping = Path(sys.argv[1]), Path(sys.argv[2])
    vocabulary = vocabulary_for([BOOK], default())
    stack = build_stack([load_rulebook(BOOK, vocabulary)], vocabulary, Calendar.load(), regardless_of_dates=True)
    log = read_map(mapping, vocabulary)
    with tempfile.TemporaryDirectory() as folder:
        start = process_time()
        write_logs(Path(folder), [path], log, vocabulary)
        middle = process_time()
        audit = run_audit(stack, Path(folder), instant(datetime(2026, 11, 1, tzinfo=ZONE)))
        end = process_time()
        print(middle - start, end - middle, sum(map(len, broken_in(audit).values())))


def peak() -> int:
    """Return the most memory that this process has held, in kB; what its parent held does not count, as it does in getrusage."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def _mb(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:,.0f}"


if __name__ == "__main__":
    raise SystemExit(main())
