"""One calendar file (放假安排): the holidays and made-up working days that a notice announces, read and checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from liuhen.ground import located
from liuhen.ground.errors import Refused
from liuhen.ground.findings import Finding
from liuhen.ground.moments import Day, read_date
from liuhen.ground.words import Words

LIMIT_BYTES = 65_536
FOLDER = Path(__file__).parent / "calendars"
_LIMIT_DEPTH = 5
_YEARS = range(1950, 2200)
_TOP = ("year", "complete", "sources", "holidays", "made_up")
_SOURCE = ("title", "number", "date")
_HOLIDAY = ("zh", "en", "from", "to")
_MADE_UP = ("day",)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Source:
    """Where days are announced (依据): title of the notice, its number (文号) and date where they are known."""

    title: str
    number: str = ""
    dated: Day | None = None

    def as_json(self) -> dict[str, str]:
        """Return the entry as it stands in a calendar file."""
        shown = {"title": self.title, "number": self.number, "date": _iso(self.dated) if self.dated else ""}
        return {key: value for key, value in shown.items() if value}


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days off under one name (放假): `first` to `last`, both days included, weekends among them too."""

    name: Words
    first: Day
    last: Day
    sources: tuple[Source, ...] = ()

    def as_json(self) -> dict[str, str]:
        """Return the entry as it stands in a calendar file."""
        return {"zh": self.name.zh, "en": self.name.en, "from": _iso(self.first), "to": _iso(self.last)}


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A made-up working day (调休上班): a weekend, or a holiday of an earlier file, on which people work."""

    day: Day
    line: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one file announces (放假安排表).

    Attributes:
        year: the year of the arrangement; its days may begin on 1 December of the year before.
        complete: whether the whole year is announced by it, so that days it doesn't name are certain too.
        sources: the notices, in the order of their dates; never empty.
        shown: the file's name for messages; not part of what is announced.
    """

    year: int
    complete: bool
    sources: tuple[Source, ...]
    holidays: tuple[Holiday, ...]
    made_up: tuple[MadeUp, ...]
    shown: str = field(default="", compare=False)

    def as_json(self) -> dict[str, Any]:
        """Return what is announced, without comments and layout: the same for two files that say the same."""
        return {
            "year": self.year,
            "complete": self.complete,
            "sources": [source.as_json() for source in self.sources],
            "holidays": [holiday.as_json() for holiday in self.holidays],
            "made_up": [{"day": _iso(made_up.day)} for made_up in self.made_up],
        }


def read_sheet(path: Path, shown: str | None = None) -> Sheet:
    """Read one calendar file (读取放假安排); all that is wrong in its content is named at once, with file and line.

    Refused: C-001 can't be opened, C-002 larger than 64 KiB, C-003 not UTF-8, and see `parse_sheet`.
    """
    shown = str(path) if shown is None else shown
    try:
        with path.open("rb") as file:
            data = file.read(LIMIT_BYTES + 1)
    except (OSError, ValueError) as error:
        raise Refused("C-001", shown, file=shown, reason=type(error).__name__) from error
    if len(data) > LIMIT_BYTES:
        raise Refused("C-002", shown, file=shown, limit=LIMIT_BYTES)
    try:
        # A byte order mark is taken, as in every YAML of ours: older editors put it there without being asked.
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refused("C-003", f"{shown}:{line}", file=shown, line=line) from error
    return parse_sheet(text, shown)


def parse_sheet(text: str, shown: str) -> Sheet:
    """Parse the text of a calendar file.

    Refused: Y-002 to Y-004 no plain YAML, C-004 nested too deeply, C-005 a wrong type, C-006 an unknown key, C-007 a
    missing one, C-008 an impossible date, C-009 a day outside the year, C-010 an end before its beginning, C-011 a day
    both off and made up, C-012 a day named twice, C-014 a complete year without a holiday.
    """
    _refuse_depth(text, shown)
    reader = _Reader(shown)
    sheet = reader.sheet(located.parse(text, shown))
    if reader.problems:
        raise Refused.for_all(reader.problems)
    return sheet


def _refuse_depth(text: str, shown: str) -> None:
    # libyaml's composer recurses without a limit and takes the process down at some 30,000 levels; its event stream
    # doesn't, as long as one stops reading early (flow brackets cost it the square of their depth).
    depth = 0
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _LIMIT_DEPTH:
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise Refused("C-004", f"{shown}:{line}", file=shown, line=line)
    except yaml.YAMLError:
        return  # reported with its line when the text is read


@cache
def words() -> dict[str, Any]:
    """Return the calendar's own words (`calendars/words.yaml`): `weekend`, and what each type of value looks like."""
    found = located.read(FOLDER / "words.yaml", "calendars/words.yaml")
    return {
        "weekend": Words(**found["weekend"]),
        "expected": {name: Words(**pair) for name, pair in found["expected"].items()},
    }


class _Reader:
    """Reads the content of one file and collects what is wrong with it, so that a person mends it in one go."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.problems: list[Finding] = []
        self._lines: dict[Day, int] = {}

    def sheet(self, value: Any) -> Sheet:
        block = self._block(value, "calendar", _TOP, ("year", "complete", "sources"), 1) or located.Block(self.shown, 1)
        year = self._take(block, "year", "year", _year)
        complete = bool(self._take(block, "complete", "answer", _answer))
        sources = tuple(self._entries(block, "sources", _SOURCE, ("title",), self._source))
        if "sources" in block and not sources and not self.problems:
            self._wrong(block, "sources", "list")
        holidays = tuple(
            self._entries(block, "holidays", _HOLIDAY, _HOLIDAY, lambda entry: self._holiday(entry, year, sources))
        )
        off = frozenset(self._lines)
        made_up = tuple(
            self._entries(block, "made_up", _MADE_UP, _MADE_UP, lambda entry: self._made_up(entry, year, off))
        )
        if complete and not holidays and not self.problems:
            self._add("C-014", block.lines["complete"], year=year)
        return Sheet(year or 0, complete, sources, holidays, made_up, self.shown)

    def _source(self, entry: located.Block) -> Source | None:
        title = self._take(entry, "title", "text", _text)
        number = self._take(entry, "number", "text", _text) or ""
        dated = self._day(entry, "date")
        return Source(title, number, dated) if title else None

    def _holiday(self, entry: located.Block, year: int | None, sources: tuple[Source, ...]) -> Holiday | None:
        zh, en = self._take(entry, "zh", "text", _text), self._take(entry, "en", "text", _text)
        first, last = self._day(entry, "from", year), self._day(entry, "to", year)
        if not (zh and en and first and last):
            return None
        if last < first:
            self._add("C-010", entry.lines["to"], first=_iso(first), last=_iso(last))
            return None
        line = entry.lines["from"]
        for day in range(first, last + 1):
            if day in self._lines:
                self._add("C-012", line, day=_iso(day), other=self._lines[day])
                return None
            self._lines[day] = line
        return Holiday(Words(zh, en), first, last, sources)

    def _made_up(self, entry: located.Block, year: int | None, off: frozenset[Day]) -> MadeUp | None:
        day = self._day(entry, "day", year)
        if day is None:
            return None
        line = entry.lines["day"]
        if day in self._lines:
            self._add("C-011" if day in off else "C-012", line, day=_iso(day), other=self._lines[day])
            return None
        self._lines[day] = line
        return MadeUp(day, line)

    def _entries(
        self,
        block: located.Block,
        key: str,
        known: tuple[str, ...],
        needed: tuple[str, ...],
        read: Callable[[located.Block], T | None],
    ) -> Iterator[T]:
        listed = [] if block.get(key) is None else block[key]
        if not isinstance(listed, list):
            self._wrong(block, key, "list")
            return
        for value in listed:
            entry = self._block(value, key, known, needed, block.lines[key])
            found = read(entry) if entry is not None else None
            if found is not None:
                yield found

    def _block(
        self, value: Any, key: str, known: tuple[str, ...], needed: tuple[str, ...], line: int
    ) -> located.Block | None:
        if not isinstance(value, located.Block):
            self._add("C-005", line, key=key, expected=words()["expected"]["mapping"])
            return None
        for name in value:
            if name not in known:
                self._add("C-006", value.lines[name], key=name, known=", ".join(known))
        for name in needed:
            if name not in value:
                self._add("C-007", value.line, key=name)
        return value

    def _day(self, block: located.Block, key: str, year: int | None = None) -> Day | None:
        text = self._take(block, key, "day", _date_like)
        if text is None:
            return None
        day = read_date(text)
        if day is None:
            self._add("C-008", block.lines[key], key=key, value=text)
            return None
        if year is not None and not date(year - 1, 12, 1) <= day <= date(year, 12, 31):
            self._add("C-009", block.lines[key], day=text, year=year)
            return None
        return day.toordinal()

    def _take(self, block: located.Block, key: str, expected: str, read: Callable[[Any], T | None]) -> T | None:
        if key not in block:
            return None
        found = read(block[key])
        if found is None:
            self._wrong(block, key, expected)
        return found

    def _wrong(self, block: located.Block, key: str, expected: str) -> None:
        self._add("C-005", block.lines[key], key=key, expected=words()["expected"][expected])

    def _add(self, code: str, line: int, **fields: object) -> None:
        self.problems.append(Finding(code, {"file": self.shown, "line": line, **fields}, f"{self.shown}:{line}"))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and 0 < len(value.strip()) <= 200 and value.isprintable() else None


def _year(value: Any) -> int | None:
    return value if type(value) is int and value in _YEARS else None


def _answer(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _date_like(value: Any) -> str | None:
    # 30 February has the form of a date and is told apart from what isn't even meant as one.
    if not isinstance(value, str) or len(value) != 10 or value[4] + value[7] != "--":
        return None
    return value if (value[:4] + value[5:7] + value[8:]).isdecimal() and value.isascii() else None


def _iso(day: Day) -> str:
    return date.fromordinal(day).isoformat()
