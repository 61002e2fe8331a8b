"""Reading CSV (读取 CSV 日志): one event a line, in any order; encoding and delimiter are declared or found out, and said."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from liuhen.dossier.logs.events import MOST_EVENTS, Event, InvalidLog, Trace
from liuhen.dossier.logs.opened import CHUNK, Source, opened
from liuhen.dossier.logs.sorted_rows import Row, SortedRows
from liuhen.ground.findings import Finding

LONGEST = 1_000_000
TRIED = ("utf-8", "gb18030")
DELIMITERS = (",", ";", "\t", "|")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class Written:
    """How a CSV file is written (写法): encoding and delimiter; `found` whether the encoding was found out, not declared."""

    encoding: str
    delimiter: str
    found: bool


def how_written(path: Path, encoding: str = "", delimiter: str = "") -> Written:
    """Return how a file is written: as declared, else by its byte order mark, else UTF-8 if all of it is, else GB18030.

    Refused: E-010 it is not in the encoding declared, or in neither of those. Cost: one pass over the file.
    """
    with opened(path) as source:
        head = source.read()
    mark = next((name for mark, name in _MARKS if head.startswith(mark)), "")
    tried = [encoding] if encoding else [mark] if mark else list(TRIED)
    if encoding == "utf-8" and mark == "utf-8-sig":
        tried = [mark]
    wrong: UnicodeDecodeError | None = None
    for name in tried:
        wrong = _undecodable(path, name)
        if wrong is None:
            first = head.decode(name, "ignore").partition("\n")[0]
            told = delimiter or max(DELIMITERS, key=lambda d: first.count(d))
            return Written(name, told, not encoding)
    raise InvalidLog("E-010", str(path), tried=" / ".join(tried), byte=wrong.start if wrong is not None else 0)


def _undecodable(path: Path, encoding: str) -> UnicodeDecodeError | None:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    done = 0
    with opened(path) as source:
        while True:
            chunk = source.read(CHUNK)
            waiting = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, not chunk)
            except UnicodeDecodeError as error:
                error.start += done - waiting
                return error
            if not chunk:
                return None
            done += len(chunk)


class _Raw(io.RawIOBase):
    """A log's bytes as Python's own text reader wants them."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any, /) -> int:
        found = self._source.read(len(room))
        room[: len(found)] = found
        return len(found)


def _lines(source: Source, encoding: str) -> Iterator[str]:
    """Yield the lines of a file with their ends; refuses NUL (E-011) and a line of more than a million characters (E-009)."""
    text = io.TextIOWrapper(io.BufferedReader(_Raw(source)), encoding, newline="")
    line = 0
    while found := text.readline(LONGEST):
        line += 1
        if "\0" in found:
            raise InvalidLog("E-011", f"{source.path}:{line}")
        if len(found) >= LONGEST:
            raise InvalidLog("E-009", f"{source.path}:{line}", limit=LONGEST)
        yield found


def traces(path: Path, written: Written, columns: Sequence[str], case: str) -> Iterator[Trace | Finding]:
    """Yield the cases of a CSV log by their ids, each with its lines in the order of the file; E-032 for a line of no case.

    Args:
        columns: those that are read, `case` (the one that names the case) among them.

    Refused: E-003 no header, E-009 a value too large, E-011 a NUL byte, E-012 no CSV, E-013 a column that is not there,
    E-014 one that is there twice. Cost: one pass and a sort on disk; memory of a hundred thousand lines and of one case.
    """
    with SortedRows() as rows:
        for row in _rows(path, written, columns, case):
            if isinstance(row, Finding):
                yield row
            else:
                rows.add(row)
        for name, mine in groupby(rows, attrgetter("case")):
            yield _trace(name, mine, columns, path)


def _trace(name: str, rows: Iterator[Row], columns: Sequence[str], path: Path) -> Trace:
    trace = Trace(0, name)
    for row in rows:
        if not trace.seen:
            trace.line = row.line
            trace.values = dict(zip(columns, row.cells, strict=True))
        trace.seen += 1
        if row.wrong and not trace.wrong:
            cells, wanted = row.wrong
            trace.wrong.append(Finding("E-037", {"cells": cells, "columns": wanted}, f"{path}:{row.line}"))
        if trace.seen <= MOST_EVENTS:
            trace.events.append(Event(row.line, dict(zip(columns, row.cells, strict=True))))
        elif trace.events:
            trace.events = []
    return trace


def _rows(path: Path, written: Written, columns: Sequence[str], case: str) -> Iterator[Row | Finding]:
    with opened(path) as source:
        csv.field_size_limit(LONGEST)
        reader = csv.reader(_lines(source, written.encoding), delimiter=written.delimiter, strict=True)
        yield from _read(reader, path, columns, case)


def _read(reader: Any, path: Path, columns: Sequence[str], case: str) -> Iterator[Row | Finding]:
    began = 1
    try:
        header = next(reader, None)
        if not header:
            raise InvalidLog("E-003", str(path), path=str(path))
        header = [name.strip() for name in header]
        places = _places(header, columns, path)
        mine = columns.index(case)
        began = reader.line_num + 1
        for n, row in enumerate(reader):
            line, began = began, reader.line_num + 1
            if not row:
                continue
            wrong = [] if len(row) == len(header) else [len(row), len(header)]
            cells = [row[p].strip() if p < len(row) else "" for p in places]
            if not cells[mine]:
                yield Finding("E-032", {}, f"{path}:{line}")
            else:
                yield Row(cells[mine], n, line, cells, wrong)
    except UnicodeDecodeError as error:  # it changed since it was looked at
        raise InvalidLog("E-010", f"{path}:{began}", tried=error.encoding, byte=error.start) from error
    except csv.Error as error:
        if "limit" in str(error):
            raise InvalidLog("E-009", f"{path}:{began}", limit=LONGEST) from error
        raise InvalidLog("E-012", f"{path}:{began}", reason=str(error)) from error


def _places(header: Sequence[str], columns: Sequence[str], path: Path) -> list[int]:
    place_of: dict[str, int] = {}
    for n, name in enumerate(header):
        if name and place_of.setdefault(name, n) != n:
            raise InvalidLog("E-014", f"{path}:1", column=name[:200])
    for name in columns:
        if name not in place_of:
            raise InvalidLog("E-013", f"{path}:1", column=name, columns="、".join(header)[:300])
    return [place_of[name] for name in columns]
