"""Local days (当地日期): dates and moments of one time zone, and limits counted in months and years.

A day is a local calendar date, written as its proleptic ordinal; it is never a multiple of 24 hours. Hours are elapsed
time and need nothing of this. Source: docs/decisions/0003-the-calendar-is-data.md
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from liuhen.ground.errors import Refused
from liuhen.ground.moments import Day, Instant

FIRST_DAY: Day = date(2, 1, 1).toordinal()
LAST_DAY: Day = date(9998, 12, 31).toordinal()
"""Counting stops at these two, a year inside what dates can say, so that the day after and any zone still exist."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_MICROSECOND = timedelta(microseconds=1)
_DAY: Instant = 86_400_000_000
_KEPT_MIDNIGHTS = 50_000


@dataclass(frozen=True, slots=True, eq=False)
class LocalDays:
    """The days of one time zone (当地日期).

    Attributes:
        zone: IANA name, such as `Asia/Shanghai`.

    Raises:
        Refused: C-015 for a zone that isn't known.
    """

    zone: str = "Asia/Shanghai"
    _zone: ZoneInfo = field(init=False, repr=False)
    _midnights: dict[Day, Instant] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "_zone", ZoneInfo(self.zone))
        except (ZoneInfoNotFoundError, ValueError, OSError, TypeError) as error:
            raise Refused("C-015", zone=self.zone) from error
        object.__setattr__(self, "_midnights", {})

    def day_of(self, moment: datetime) -> Day:
        """Return the local date of an aware moment; ValueError for a naive one."""
        if moment.utcoffset() is None:
            raise ValueError("a naive time has no local day")
        return moment.astimezone(self._zone).toordinal()

    def day_at(self, instant: Instant) -> Day:
        """Return the local date at `instant` (microseconds since 1970 UTC)."""
        day = _EPOCH_DAY + instant // _DAY
        while self.instant(day) > instant:
            day -= 1
        while self.instant(day + 1) <= instant:
            day += 1
        return day

    def instant(self, day: Day) -> Instant:
        """Return local midnight at the start of `day`, in microseconds since 1970 UTC; kept once computed.

        The end of a day, exclusive, is `instant(day + 1)`. Where the clocks skip midnight it is the first moment after
        the gap. ValueError for a day beyond the years 1 to 9999.
        """
        found = self._midnights.get(day)
        if found is None:
            if len(self._midnights) > _KEPT_MIDNIGHTS:
                self._midnights.clear()
            local = datetime.combine(date.fromordinal(day), time(), self._zone)
            found = (day - _EPOCH_DAY) * _DAY - (local.utcoffset() or timedelta()) // _MICROSECOND
            self._midnights[day] = found
        return found

    def start_of(self, day: Day) -> datetime:
        """Return the first moment of `day`, aware, in the local zone."""
        return self.local(self.instant(day))

    def local(self, instant: Instant) -> datetime:
        """Return `instant` as an aware moment in the local zone."""
        return (_EPOCH + timedelta(microseconds=instant)).astimezone(self._zone)

    def add_months(self, day: Day, n: int) -> Day:
        """Return the corresponding day `n` months on, else that month's last (民法典 202).

        31 August and six months is 28 February, or 29 February in a leap year. Stops at `FIRST_DAY` and `LAST_DAY`.
        """
        start = date.fromordinal(day)
        year, month = divmod(start.year * 12 + start.month - 1 + n, 12)
        if not 2 <= year <= 9998:
            return FIRST_DAY if year < 2 else LAST_DAY
        first = date(year, month + 1, 1).toordinal()
        length = date(year + month // 11, (month + 1) % 12 + 1, 1).toordinal() - first
        return first + min(start.day, length) - 1

    def add_years(self, day: Day, n: int) -> Day:
        """Return the corresponding day `n` years on; 29 February gives 28 February where there is none."""
        return self.add_months(day, 12 * n)
