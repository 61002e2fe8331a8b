"""Clocks (时限计算): from a start to the first instant that is too late, with stops, extensions and other clocks.

How days are counted is docs/decisions/0007-counting-days.md: the day of the start is not counted; a limit in days,
months or years ends at 24:00; hours run through nights and holidays; a day on which the clock stood at any moment is
not counted and days used stay used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from liuhen.engines.rulebook.duty import Late
from liuhen.engines.rulebook.language import Limit
from liuhen.ground.calendar import Calendar
from liuhen.ground.local_days import LAST_DAY
from liuhen.ground.moments import HOUR, MINUTE, SECOND, Day, Instant, read_date, read_moment
from liuhen.ground.moments import instant as instant_of

FIXED_UNITS = {"hours": HOUR, "minutes": MINUTE, "seconds": SECOND}
NEVER: Instant = 1 << 62


class Span(NamedTuple):
    """Days on which a clock stood (停算): first and last day, both not counted; `last` None while it still stands."""

    first: Day
    last: Day | None
    by: str = ""
    article: str = ""


class Due(NamedTuple):
    """The end of a limit: the first instant that is too late (None while the clock stands), and how sure it is."""

    at: Instant | None
    provisional: bool = False
    paused: bool = False


# Builds it without the cost of keyword handling; order as in `Due`.
_new: Callable[..., Due] = tuple.__new__


def resolve(limit: Limit, settings: Mapping[str, Any], units: Mapping[str, str]) -> Limit:
    """Return a limit whose amount and unit are known: that of a setting, or the plain one."""
    if limit.setting:
        return Limit(int(settings[limit.setting]), units[limit.setting], rolls=limit.rolls)
    return limit


def plain_due(calendar: Calendar, start: Instant, day: Day, amount: int, unit: str, rolls: bool = False) -> Due:
    """Return the end of a limit without stops that starts at `start` on local `day`; it stops at the end of all dates."""
    length = FIXED_UNITS.get(unit)
    if length is not None:
        # One microsecond past the last moment in time: `<= start + 24 h` is in time (民法典 201(2)).
        return Due(min(start + amount * length + 1, calendar.instant(LAST_DAY)))
    provisional = False
    if unit == "working_days":
        last, provisional = calendar.add_working_days(day, amount)
    elif unit == "natural_days":
        last = min(day + amount, LAST_DAY)
    elif unit == "months":
        last = calendar.add_months(day, amount)
    else:
        last = calendar.add_years(day, amount)
    return end_of(calendar, last, rolls, provisional)


def due_apart(calendar: Calendar, start: Instant, day: Day, limit: Limit) -> Due:
    """Return the end of a length that stands between two records; it says itself whether a holiday moves it."""
    return plain_due(calendar, start, day, limit.amount, limit.unit, limit.rolls)


def due_after(calendar: Calendar, limit: Limit) -> Callable[[Instant, Day], Due]:
    """Return `plain_due` for one limit, from instant and day; of hours, minutes and seconds all but the sum is settled before."""
    amount, unit = limit.amount, limit.unit
    length, far = FIXED_UNITS.get(unit), calendar.instant(LAST_DAY)
    if length is None:
        return lambda start, day: plain_due(calendar, start, day, amount, unit)
    whole = amount * length + 1
    return lambda start, day: _new(Due, (min(start + whole, far), False, False))


def end_of(calendar: Calendar, last: Day, rolls: bool = False, provisional: bool = False) -> Due:
    """Return the end of a last day (24:00), or with `rolls` that of the first working day from it on (民法典 203)."""
    if rolls and not provisional:
        rolled = calendar.next_working(last)
        provisional = calendar.is_provisional(last - 1, rolled)
        last = rolled
    return Due(calendar.instant(last + 1), provisional)


def due_with_stops(
    calendar: Calendar, start: Instant, day: Day, amount: int, unit: str, stops: Sequence[Span], rolls: bool = False
) -> Due:
    """Return the end of a limit in days that stood still during `stops`; paused when an open stop comes before its last day."""
    if not stops:
        return plain_due(calendar, start, day, amount, unit, rolls)
    counted, here = 0, day
    ordered = sorted(stops)
    while counted < amount:
        here += 1
        stop = next((s for s in ordered if s.first <= here and (s.last is None or here <= s.last)), None)
        if stop is not None:
            if stop.last is None:
                return Due(None, False, True)
            here = max(here, stop.last)
        elif unit == "natural_days" or calendar.is_working(here):
            counted += 1
        if here >= LAST_DAY:
            return Due(calendar.instant(LAST_DAY), True)
    provisional = unit == "working_days" and calendar.is_provisional(day, here)
    return end_of(calendar, here, rolls, provisional)


def late_by(calendar: Calendar, due: Instant, done: Instant, unit: str) -> Late:
    """Return by how much `done` was too late: begun hours for a limit in hours, counted days otherwise; at least one."""
    if unit in FIXED_UNITS:
        return Late(max(1, -(-(done - due + 1) // FIXED_UNITS[unit])), unit)
    last, found = calendar.day_at(due - 1), calendar.day_at(done)
    if unit == "working_days":
        return Late(max(1, calendar.working_between(last, found)), unit)
    return Late(max(1, found - last), "natural_days")


def moment_in(value: Any, calendar: Calendar) -> tuple[Instant, Day] | None:
    """Return instant and local day of a field that holds a moment or a date; None when it holds neither."""
    if not isinstance(value, str):
        return None
    if (on := read_date(value)) is not None:
        day = on.toordinal()
        return calendar.instant(day), day
    moment = read_moment(value)
    if moment is None or moment.tzinfo is None:
        return None
    found = instant_of(moment)
    return found, calendar.day_at(found)
