"""When something in a story happened (故事中的时间): said relative to the moment of set-up, and placed by the calendar.

A story holds on whatever day it is told, also on a Sunday or in the Spring Festival, because it counts from that day:

    w-12 09:30         the twelfth working day before today (today itself is never counted), at half past nine
    d-36 < 16:00       36 days ago, or the last working day before that; `>` looks forward; `<3` at most three days back
    w+2 w-7 09:30      seven working days before the next working day but one: what began then falls due soon
    d-20 << 10:00      the same as `<`, but the day after must be a working day too
    recent             a stretch of working hours within the last twenty hours, whatever the clock says now
    @served w+1 10:00  from a moment of the same story that has a name; without an hour it keeps that of the name
    2024-03-05 >       a day of the calendar, for what does not move with the day of set-up
    @served +26h       hours and minutes (`+40m`) are elapsed
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from liuhen.ground.calendar import Calendar
from liuhen.ground.moments import Day

_SHIFT = re.compile(r"([wd])([+-]\d+)\Z")
_ROLL = re.compile(r"([<>])(\d*)\Z")
_ELAPSED = re.compile(r"([+-]\d+)([hm])\Z")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_HOUR = re.compile(r"\d{1,2}:\d{2}\Z")
# A stretch ends an hour after it begins; half an hour later it has been entered.
_STRETCHES = (time(9, 20), time(15, 20))
_ENTERED_AFTER = timedelta(minutes=90)
_LONGEST_ROLL = 30


@dataclass(frozen=True, slots=True)
class StoryTime:
    """Places what a story says in time (故事时间).

    Attributes:
        now: the moment of set-up, in the bureau's zone. calendar: its working days.
    """

    now: datetime
    calendar: Calendar

    @property
    def zone(self) -> ZoneInfo:
        """The bureau's zone."""
        return ZoneInfo(self.calendar.zone)

    def moment(self, said: str, named: Mapping[str, datetime] = {}) -> datetime:
        """Return the moment that `said` means; `named` are the moments of the story that have names.

        ValueError for what is not said as above (a mistake in a story, held by tests).
        """
        tokens = said.split()
        if tokens == ["recent"]:
            return self._recent()
        day = self.now.toordinal()
        hour: time | None = None
        elapsed = timedelta()
        if tokens and tokens[0].startswith("@"):
            start = named[tokens.pop(0)[1:]]
            day, hour = start.toordinal(), start.time()
        elif tokens and tokens[0] == "recent":
            start = self._recent()
            day, hour = start.toordinal(), start.time()
            tokens.pop(0)
        for token in tokens:
            if shift := _SHIFT.match(token):
                day = self._shifted(day, shift[1], int(shift[2]))
            elif token == "<<":  # noqa: S105  (a token of the language, no secret)
                while not (self.calendar.is_working(day) and self.calendar.is_working(day + 1)):
                    day -= 1
            elif roll := _ROLL.match(token):
                day = self._rolled(day, -1 if roll[1] == "<" else 1, int(roll[2] or _LONGEST_ROLL))
            elif past := _ELAPSED.match(token):
                elapsed += timedelta(**{"hours" if past[2] == "h" else "minutes": int(past[1])})
            elif _DATE.match(token):
                day = date.fromisoformat(token).toordinal()
            elif _HOUR.match(token):
                hour = time.fromisoformat(token.zfill(5))
            else:
                raise ValueError(f"{token} in {said!r}")
        if hour is None:
            raise ValueError(f"no hour in {said!r}")
        return datetime.combine(date.fromordinal(day), hour, self.zone) + elapsed

    def day(self, said: str, named: Mapping[str, datetime] = {}) -> date:
        """Return the day that `said` means; no hour is needed."""
        return self.moment(f"{said} 12:00" if "@" not in said else said, named).date()

    def _shifted(self, day: Day, unit: str, n: int) -> Day:
        return day + n if unit == "d" else self.calendar.add_working_days(day, n)[0]

    def _rolled(self, day: Day, step: int, most: int) -> Day:
        found = day
        for _ in range(most + 1):
            if self.calendar.is_working(found):
                return found
            found += step
        return day

    def _recent(self) -> datetime:
        today = self.now.date()
        starts = [datetime.combine(d, t, self.zone) for d in (today, today - timedelta(days=1)) for t in _STRETCHES]
        return max(s for s in starts if s + _ENTERED_AFTER <= self.now)
