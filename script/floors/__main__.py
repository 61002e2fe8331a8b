"""Runs the floor checker from the command line."""

from __future__ import annotations

import sys
from pathlib import Path

from script.floors import check

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]).resolve() if arguments else ROOT / "src" / "liuhen"
    faults = check(folder)
    for fault in faults:
        shown = fault.path.relative_to(ROOT) if fault.path.is_relative_to(ROOT) else fault.path
        print(f"{shown}:{fault.line}: {fault.reason}")
    print(f"floors: {len(faults)} faults" if faults else "floors: the house is in order")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
