"""Times as text: read strictly, written so that they come back, and counted as whole microseconds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.ground.moments import HOUR, instant, moment_of, read_date, read_moment, written

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = st.sampled_from([UTC, SHANGHAI, ZoneInfo("Asia/Urumqi"), ZoneInfo("America/New_York")]) | st.builds(
    timezone, st.integers(-14 * 60, 14 * 60).map(lambda n: timedelta(minutes=n))
)
MOMENTS = st.datetimes(datetime.fromisoformat("1900-01-02"), datetime.fromisoformat("2200-12-30"), timezones=ZONES)


@given(MOMENTS)
def test_a_moment_that_was_written_is_read_back_to_the_microsecond(moment: datetime) -> None:
    """Also in the hour that a clock shows twice: times of two zones are the same when their instants are."""
    found = read_moment(written(moment))
    assert found is not None
    assert instant(found) == instant(moment)


@given(MOMENTS)
def test_an_instant_is_the_moment_in_microseconds_and_comes_back(moment: datetime) -> None:
    assert moment_of(instant(moment)) == moment.astimezone(UTC)
    assert instant(moment.astimezone(UTC) + timedelta(hours=1)) - instant(moment) == HOUR


def test_the_epoch_is_nought_and_a_microsecond_is_one() -> None:
    assert instant(datetime(1970, 1, 1, 8, tzinfo=SHANGHAI)) == 0
    assert instant(datetime(1970, 1, 1, 8, 0, 0, 1, tzinfo=SHANGHAI)) == 1
    assert instant(datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)) == -1


def test_a_naive_time_has_no_instant() -> None:
    with pytest.raises(ValueError, match="naive"):
        instant(datetime.fromisoformat("2026-03-06T09:00"))


def test_local_mean_time_has_seconds_in_its_offset_and_is_written_in_utc() -> None:
    """Shanghai was 8:05:43 ahead before 1901: ISO 8601 has no seconds of offset."""
    moment = datetime(1900, 6, 1, tzinfo=SHANGHAI)
    assert written(moment) == "1900-05-31T15:54:17+00:00"
    assert read_moment(written(moment)) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-06T09:00+08:00", datetime(2026, 3, 6, 1, tzinfo=UTC)),
        ("2026-03-06 09:00:30+08:00", datetime(2026, 3, 6, 1, 0, 30, tzinfo=UTC)),
        ("2026-03-06T09:00:30.5Z", datetime(2026, 3, 6, 9, 0, 30, 500_000, tzinfo=UTC)),
        ("2026-03-06T09:00:30.123456-05:30", datetime(2026, 3, 6, 14, 30, 30, 123456, tzinfo=UTC)),
        ("1900-01-01T00:00Z", datetime(1900, 1, 1, tzinfo=UTC)),
        ("2200-12-31T23:59:59.999999Z", datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
        # The year is that of UTC: these two lie just inside, whatever stands before the offset.
        ("1899-12-31T20:00-04:00", datetime(1900, 1, 1, tzinfo=UTC)),
        ("2201-01-01T07:59+08:00", datetime(2200, 12, 31, 23, 59, tzinfo=UTC)),
        ("2024-02-29T00:00Z", datetime(2024, 2, 29, tzinfo=UTC)),
    ],
)
def test_what_is_a_moment(text: str, moment: datetime) -> None:
    assert read_moment(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "", "2026-03-06", "2026-03-06T09", "2026-3-6T09:00Z", "20260306T0900Z", "2026-03-06T09:00Z ", " 2026-03-06T09:00Z",
        "2026-02-30T09:00Z", "2025-02-29T09:00Z", "2026-13-01T09:00Z", "2026-00-01T09:00Z",
        "2026-03-06T25:00Z", "2026-03-06T24:00Z",
        "2026-03-06T09:60Z", "2026-03-06T09:00:60Z", "2026-03-06T09:00+24:00", "2026-03-06T09:00+08", "2026-03-06T09:00+0800",
        "2026-03-06T09:00z", "2026-03-06t09:00Z", "2026-03-06T09:00:00.1234567Z", "2026-W10-5T09:00Z", "２０２６-03-06T09:00Z",
        "1899-12-31T23:59:59Z", "2201-01-01T00:00Z", "1900-01-01T07:59+08:00", "2200-12-31T20:00-04:00", "0001-01-01T00:00+08:00",
        "9999-12-31T23:59-08:00", "2026-03-06T09:00Z\n",
    ],
)  # fmt: skip
def test_what_is_no_moment(text: str) -> None:
    assert read_moment(text) is None


def test_a_time_without_offset_is_read_as_naive_for_the_caller_to_refuse() -> None:
    found = read_moment("2026-03-06T09:00")
    assert found is not None
    assert found.tzinfo is None


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_a_date_is_read_as_it_is_written(day: date) -> None:
    assert read_date(day.isoformat()) == day


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30", "2025-02-29", "2026-3-6", "20260306", "2026-03-06T00:00", "1899-12-31", "2201-01-01", "２０２６-03-06",
        "2026-03-06\n", "",
    ],
)  # fmt: skip
def test_what_is_no_date(text: str) -> None:
    assert read_date(text) is None


@given(st.text(max_size=30) | st.from_regex(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?"))
def test_no_text_does_harm(text: str) -> None:
    found = read_moment(text)
    if found is not None and found.tzinfo is not None:
        assert read_moment(written(found.astimezone(SHANGHAI))) == found
    read_date(text)
