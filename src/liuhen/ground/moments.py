"""Moments and days (时刻与日期): strict reading of times, and the integers the engines reckon with."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal

Precision = Literal["second", "minute", "day"]
Instant = int
"""Microseconds since 1970-01-01T00:00Z."""
Day = int
"""A local calendar date as its proleptic ordinal (`date.toordinal`)."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?\Z")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")

HOUR: Instant = 3_600_000_000
MINUTE: Instant = 60_000_000
SECOND: Instant = 1_000_000


def instant(moment: datetime) -> Instant:
    """Return microseconds since the epoch of an aware moment; ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a naive time has no instant")
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(value: Instant) -> datetime:
    """Return the aware moment (UTC) of an instant; the year must lie in 1 to 9999."""
    return _EPOCH + timedelta(microseconds=value)


def written(moment: datetime) -> str:
    """Return an aware moment as ISO 8601 text that `read_moment` reads back, to the microsecond.

    Offsets with seconds (local mean times before 1901) can't be written: such a moment is given in UTC.
    """
    offset = moment.utcoffset()
    if offset is not None and offset % timedelta(minutes=1):
        moment = moment.astimezone(UTC)
    return moment.isoformat()


def read_moment(text: str) -> datetime | None:
    """Read ISO 8601 with an offset; None when it is no moment, a naive datetime when the offset is missing.

    Impossible dates (30 February, hour 25) and years outside 1900 to 2200 are no moments; the year of an aware moment is that
    of UTC, so that what was read in one zone can be read again in another.
    """
    if not _MOMENT.match(text):
        return None
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    if not 1899 <= found.year <= 2201:
        return None
    year = found.astimezone(UTC).year if found.tzinfo is not None else found.year
    return found if 1900 <= year <= 2200 else None


@lru_cache(maxsize=10_000)
def read_date(text: str) -> date | None:
    """Read `YYYY-MM-DD`; None when it is no date, or its year lies outside 1900 to 2200. The days of many records are few."""
    if not _DATE.match(text):
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2200 else None
