"""The working-day calendar (工作日历): which local dates count, and how limits in days, months and years are counted.

What it keeps:
- A day is a local calendar date, never a multiple of 24 hours (see `local_days`).
- Saturday and Sunday are not counted (国务院关于职工工作时间的规定 art. 7), nor are the announced holidays; made-up
  working days (调休上班) are. A later file has the last word on each day that it names.
- A day in a year not announced is judged by its weekday alone and is *provisional* (暂定). Nothing raises for it.

Source: docs/decisions/0003-the-calendar-is-data.md
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from liuhen.ground.calendar_sheet import FOLDER, Holiday, MadeUp, Sheet, Source, parse_sheet, read_sheet, words
from liuhen.ground.canonical import canonical, digest
from liuhen.ground.errors import Refused
from liuhen.ground.local_days import FIRST_DAY, LAST_DAY, LocalDays
from liuhen.ground.located import files_in
from liuhen.ground.moments import Day
from liuhen.ground.words import Words


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a day is not counted (不计入的原因): a weekend or a holiday, its name, and whether that is provisional."""

    kind: Literal["weekend", "holiday"]
    name: Words
    provisional: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Calendar(LocalDays):
    """A working-day calendar of one place (工作日历). Frozen; two with the same `version` are equal.

    Attributes:
        zone: IANA name of the local time zone; the days of `LocalDays` are its days.
        sheets: what was announced, file by file; later ones win.
        version: SHA-256 of the canonical content with the zone, 64 hex digits: names what a due moment was counted by.
        years: the years announced as a whole, ascending.
        known_until: the last day of the last of them; 0 if there is none.
        sources: the notices of all files, in the order loaded.

    Cost: counting is a look-up, whatever the number of days; see script/bench.
    """

    sheets: tuple[Sheet, ...] = ()
    version: str = field(init=False)
    years: tuple[int, ...] = field(init=False, repr=False)
    known_until: Day = field(init=False, repr=False)
    sources: tuple[Source, ...] = field(init=False, repr=False)
    _known: tuple[tuple[Day, Day], ...] = field(init=False, repr=False)
    # The latest stretch of announced years, where nearly all counts lie.
    _sure_from: Day = field(init=False, repr=False)
    _sure_until: Day = field(init=False, repr=False)
    _said: dict[Day, Holiday | None] = field(init=False, repr=False)  # None: made up
    _from: dict[Day, Sheet] = field(init=False, repr=False)
    # The window: the days from the first to the last that any file speaks of. Outside it weekdays are arithmetic.
    _low: Day = field(init=False, repr=False)
    _high: Day = field(init=False, repr=False)
    _works: bytes = field(init=False, repr=False)
    _counted: list[int] = field(init=False, repr=False)  # working days from the window's first day to this one
    _working: list[Day] = field(init=False, repr=False)
    _before: int = field(init=False, repr=False)  # weekdays before the window
    _after: int = field(init=False, repr=False)  # what the window adds to or takes from plain weekdays

    def __post_init__(self) -> None:
        LocalDays.__post_init__(self)
        put = object.__setattr__
        put(self, "version", digest(self.content))
        put(self, "sources", tuple(source for sheet in self.sheets for source in sheet.sources))
        put(self, "years", tuple(sorted({sheet.year for sheet in self.sheets if sheet.complete})))
        put(self, "_known", _stretches(self.years))
        sure_from, sure_until = self._known[-1] if self._known else (1, 0)
        put(self, "_sure_from", sure_from)
        put(self, "_sure_until", sure_until)
        put(self, "known_until", sure_until)
        said: dict[Day, Holiday | None] = {}
        origin: dict[Day, Sheet] = {}
        for sheet in self.sheets:
            for made_up in sheet.made_up:
                if _weekday_works(made_up.day) and not said.get(made_up.day):
                    raise _works_anyway(sheet, made_up)
                said[made_up.day] = None
                origin[made_up.day] = sheet
            for holiday in sheet.holidays:
                for day in range(holiday.first, holiday.last + 1):
                    said[day] = holiday
                    origin[day] = sheet
        put(self, "_said", said)
        put(self, "_from", origin)
        self._lay_out_window()

    def _lay_out_window(self) -> None:
        put = object.__setattr__
        edges = [*self._said, *(edge for stretch in self._known for edge in stretch)]
        low, high = (min(edges), max(edges)) if edges else (1, 0)
        works = bytearray()
        counted: list[int] = []
        working: list[Day] = []
        for day in range(low, high + 1):
            does = self._said[day] is None if day in self._said else _weekday_works(day)
            works.append(does)
            if does:
                working.append(day)
            counted.append(len(working))
        put(self, "_low", low)
        put(self, "_high", high)
        put(self, "_works", bytes(works))
        put(self, "_counted", counted)
        put(self, "_working", working)
        put(self, "_before", _weekdays(low - 1))
        put(self, "_after", _weekdays(low - 1) + len(working) - _weekdays(high))

    def __eq__(self, other: object) -> bool:
        return self.version == other.version if isinstance(other, Calendar) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.version)

    # Loading and keeping

    @classmethod
    def load(cls, *paths: str | Path, zone: str = "Asia/Shanghai", national: bool = True) -> Calendar:
        """Load the State Council's arrangements that are shipped, then the office's own files (载入工作日历).

        Args:
            paths: an office's own files of the same format, in order; a folder gives its `*.yaml` by name. A later file
                wins for each day that it names; both stay in `sources`.
            zone: IANA name of the local time zone.
            national: False leaves the shipped arrangements out.

        Refused: C-001 to C-014 with file and line (see `read_sheet`; C-013 a made-up day that is a working day anyway),
        C-015 an unknown zone. Cost: some 20 ms; load once and keep.
        """
        files: list[tuple[Path, str]] = []
        if national:
            files += [(path, f"calendars/cn/{path.name}") for path in sorted((FOLDER / "cn").glob("*.yaml"))]
        for path in map(Path, paths):
            files += [(p, str(p)) for p in (files_in(path, str(path)) if os.path.isdir(path) else [path])]
        return cls(zone, tuple(read_sheet(path, shown) for path, shown in files))

    @property
    def content(self) -> dict[str, Any]:
        """What the version is the digest of, as JSON values: store it, and `from_content` gives this calendar back."""
        return {"sheets": [sheet.as_json() for sheet in self.sheets], "zone": self.zone}

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> Calendar:
        """Return the calendar whose `content` was kept, checked as if it were loaded from files; refused as there."""
        # JSON is YAML, so one reader checks both; the old obligation finds exactly the calendar of its day.
        sheets = (parse_sheet(canonical(sheet).decode(), f"sheet {n}") for n, sheet in enumerate(content["sheets"], 1))
        return cls(content["zone"], tuple(sheets))

    # What a day is

    def is_working(self, day: Day) -> bool:
        """Return whether `day` is a working day (工作日); provisional where `is_known` says no."""
        at = day - self._low
        if 0 <= at < len(self._works):
            return self._works[at] == 1
        return (day - 1) % 7 < 5

    def is_known(self, day: Day) -> bool:
        """Return whether the year of `day` has been announced as a whole."""
        return self._sure_from <= day <= self._sure_until or any(a <= day <= b for a, b in self._known)

    @property
    def announced(self) -> tuple[tuple[Day, Day], ...]:
        """The stretches (first and last day) of years without a gap that have been announced as a whole."""
        return self._known

    def is_provisional(self, after: Day, until: Day) -> bool:
        """Return whether any day after `after` up to and with `until` lies in a year not announced (暂定)."""
        if until <= after:
            return False
        return all(after + 1 < first or last < until for first, last in self._known)

    def holiday(self, day: Day) -> Holiday | None:
        """Return the announced holiday that `day` belongs to; None for plain weekends and made-up working days."""
        return self._said.get(day)

    def is_made_up(self, day: Day) -> bool:
        """Return whether `day` is a made-up working day (调休上班)."""
        return day in self._said and self._said[day] is None

    def sources_of(self, day: Day) -> tuple[Source, ...]:
        """Return the notices that decide about `day`: those that name it, else those of its year; () if none do."""
        if day in self._from:
            return self._from[day].sources
        if not self.is_known(day):
            return ()
        year = date.fromordinal(day).year
        return tuple(s for sheet in self.sheets if sheet.complete and sheet.year == year for s in sheet.sources)

    def upcoming_gap(self, day: Day) -> int | None:
        """Return how many days after `day` are still known without a gap; None if `day` itself is not."""
        for first, last in self._known:
            if first <= day <= last:
                return last - day
        return None

    # Counting

    def add_working_days(self, day: Day, n: int) -> tuple[Day, bool]:
        """Return the `n`-th working day after `day`, and whether it is provisional (第 n 个工作日).

        The day of start is not counted (民法典 201), nor need it be a working day. A negative `n` counts backwards, 0
        gives `day`. Provisional: any day passed on the way lies in a year not announced. Stops at `LAST_DAY`.
        """
        if n > 0:
            found = self._nth(self._index(day) + n)
            if self._sure_from <= day and found <= self._sure_until:
                return found, False
            return (found, self.is_provisional(day, found)) if found <= LAST_DAY else (LAST_DAY, True)
        if n == 0:
            return day, False
        found = self._nth(self._index(day - 1) + n + 1)
        if found < FIRST_DAY:
            return FIRST_DAY, True
        return found, self.is_provisional(found - 1, day - 1)

    def working_between(self, a: Day, b: Day) -> int:
        """Return the number of working days after `a` up to and with `b`; negative when `b` comes before `a`."""
        return self._index(b) - self._index(a)

    def next_working(self, day: Day) -> Day:
        """Return `day` if it is a working day, else the first one after it (民法典 203: 休假日的次日)."""
        return day if self.is_working(day) else self._nth(self._index(day) + 1)

    def days_not_counted(self, a: Day, b: Day) -> list[tuple[Day, Reason]]:
        """Return the days after `a` up to and with `b` that are no working days, each with its reason.

        For explanations of a due moment. Cost: one look-up a day.
        """
        weekend = words()["weekend"]
        found: list[tuple[Day, Reason]] = []
        for day in range(a + 1, b + 1):
            if not self.is_working(day):
                holiday = self._said.get(day)
                reason = Reason(
                    "holiday" if holiday else "weekend",
                    holiday.name if holiday else weekend,
                    not self.is_known(day),
                )
                found.append((day, reason))
        return found

    def _index(self, day: Day) -> int:
        """Number the working days: how many there are from day 1 up to and with `day`."""
        at = day - self._low
        if at < 0:
            return _weekdays(day)
        if at < len(self._counted):
            return self._before + self._counted[at]
        return _weekdays(day) + self._after

    def _nth(self, index: int) -> Day:
        """Return the working day with that number."""
        at = index - self._before
        if at <= 0:
            return _nth_weekday(index)
        if at <= len(self._working):
            return self._working[at - 1]
        return _nth_weekday(index - self._after)


def _weekday_works(day: Day) -> bool:
    return (day - 1) % 7 < 5  # ordinal 1 is a Monday


def _weekdays(day: Day) -> int:
    weeks, rest = divmod(day, 7)
    return weeks * 5 + min(rest, 5)


def _nth_weekday(n: int) -> Day:
    weeks, rest = divmod(n - 1, 5)
    return weeks * 7 + rest + 1


def _stretches(years: Iterable[int]) -> tuple[tuple[Day, Day], ...]:
    found: list[tuple[Day, Day]] = []
    for year in years:
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        if found and found[-1][1] + 1 == first:
            first = found.pop()[0]
        found.append((first, last))
    return tuple(found)


def _works_anyway(sheet: Sheet, made_up: MadeUp) -> Refused:
    day = date.fromordinal(made_up.day).isoformat()
    place = f"{sheet.shown}:{made_up.line}"
    return Refused("C-013", place, file=sheet.shown, line=made_up.line, day=day)
