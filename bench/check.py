"""How long does a complete check of a file take, with its files on the disk, in a process that runs already?"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from time import process_time

from bench.figures import Sheet
from liuhen.dossier.check import Report, check_folder, explaining

SAMPLES = Path(__file__).parents[1] / "samples"
NAMES = ("perfect-case", "major-decision-without-review", "service-by-leaving")
AT = datetime.fromisoformat("2026-06-18T09:00+08:00")
TIMES = 40


def main() -> int:
    """Print the processor time of reading, proving and judging a dossier, beside that of the digests of its files alone."""
    sheet = Sheet("A complete check of a file, one process that runs already")
    with tempfile.TemporaryDirectory(prefix="bench-check-") as folder:
        for name in NAMES:
            path = Path(folder) / name
            shutil.copytree(SAMPLES / name, path)
            report = _checked(path)
            files = [p for p in path.rglob("*") if p.is_file() and p.name != "dossier.json"]
            size = sum(p.stat().st_size for p in files)
            sheet.note(
                f"{name}: {len(report.dossier.records)} records, {len(files)} files of {size:,} bytes, "
                f"{len(report.duties)} obligations, {report.faults} faults"
            )
            taken = _shortest(partial(_checked, path), TIMES)
            digests = ("the digests of its files alone", _shortest(partial(_digests, files), TIMES))
            sheet.figure(f"{name}, all findings", taken, "ms", yardstick=digests, at_most=20)
            told = _shortest(partial(_explained, report), TIMES // 4)
            sheet.figure("  besides, why each of them stands so", told, "ms", yardstick=("the check", taken))
    return sheet.status()


def _checked(path: Path) -> Report:
    return check_folder(path, at=AT, now=AT)


def _digests(files: list[Path]) -> None:
    for path in files:
        hashlib.sha256(path.read_bytes()).digest()


def _explained(report: Report) -> int:
    explained = explaining(report)
    return sum(1 for judged in report.files for duty in judged.duties if explained(judged, duty).sentence.zh)


def _shortest(work: Callable[[], object], times: int) -> float:
    """Return the milliseconds of processor time of the shortest run, since other programs share the machine."""
    best = float("inf")
    for _ in range(times):
        start = process_time()
        work()
        best = min(best, process_time() - start)
    return best * 1000


if __name__ == "__main__":
    raise SystemExit(main())
