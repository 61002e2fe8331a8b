"""Rows brought together by case (按案件归拢): sorted on disk, so that memory stays the same however long the log is."""

from __future__ import annotations

import heapq
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from liuhen.dossier.logs.events import InvalidLog

ROWS_AT_ONCE = 100_000
_MERGED_AT_ONCE = 64


class Row(NamedTuple):
    """A line of the log (一行): case, number in the file, line, cells that are read, and what is wrong with it."""

    case: str
    n: int
    line: int
    cells: list[str]
    wrong: list[int]


class SortedRows:
    """Takes rows in the order of the file and gives them by case, those of a case in the order of the file.

    Rows are sorted a hundred thousand at a time, each lot written to a file of its own in a folder that vanishes with it,
    and the files merged. Use as a context. Refused: E-050 the disk has no room.
    """

    def __init__(self, at_once: int = ROWS_AT_ONCE) -> None:
        self.at_once = at_once
        self._here: list[Row] = []
        self._runs: list[Path] = []
        self._made = 0
        self._folder = tempfile.TemporaryDirectory(prefix="liuhen-log-")

    def __enter__(self) -> SortedRows:
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def add(self, row: Row) -> None:
        """Take one row."""
        self._here.append(row)
        if len(self._here) >= self.at_once:
            self._here.sort()
            self._write(iter(self._here))
            self._here = []
            if len(self._runs) >= _MERGED_AT_ONCE:
                runs, self._runs = self._runs, []
                self._write(heapq.merge(*map(_read, runs)))
                for run in runs:
                    run.unlink()

    def __iter__(self) -> Iterator[Row]:
        self._here.sort()
        return heapq.merge(*map(_read, self._runs), iter(self._here))

    def _write(self, rows: Iterator[Row]) -> None:
        path = Path(self._folder.name) / f"{self._made}.rows"
        self._made += 1
        try:
            with path.open("w", encoding="utf-8") as out:
                for row in rows:
                    out.write(json.dumps(row, ensure_ascii=False) + "\n")
        except OSError as error:
            raise InvalidLog(
                "E-050", str(path), path=str(path), reason=error.strerror or type(error).__name__
            ) from error
        self._runs.append(path)


def _read(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="\n") as rows:
        for line in rows:
            held: list[Any] = json.loads(line)
            yield Row(*held)
