"""Local days: days are dates of a zone, never multiples of 24 hours; months and years end on the corresponding day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.ground.local_days import FIRST_DAY, LAST_DAY, LocalDays

SHANGHAI, URUMQI, NEW_YORK = LocalDays(), LocalDays("Asia/Urumqi"), LocalDays("America/New_York")
HOUR = 3_600_000_000
EAST_8 = timezone(timedelta(hours=8))


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def test_shanghai_is_the_default_and_its_midnight_is_16_o_clock_utc() -> None:
    assert SHANGHAI.zone == "Asia/Shanghai"
    assert SHANGHAI.start_of(day("2026-03-17")) == datetime(2026, 3, 16, 16, tzinfo=UTC)
    assert SHANGHAI.start_of(day("2026-03-17")).isoformat() == "2026-03-17T00:00:00+08:00"


def test_a_moment_belongs_to_the_local_date_on_both_sides_of_midnight() -> None:
    midnight = datetime(2026, 3, 17, tzinfo=EAST_8)
    assert SHANGHAI.day_of(midnight) == day("2026-03-17")
    assert SHANGHAI.day_of(midnight - timedelta(microseconds=1)) == day("2026-03-16")
    assert SHANGHAI.day_of(midnight.astimezone(UTC)) == day("2026-03-17")


def test_the_same_moment_can_be_another_day_two_zones_away() -> None:
    moment = datetime(2026, 3, 17, 1, 59, tzinfo=EAST_8)
    assert SHANGHAI.day_of(moment) == day("2026-03-17")
    assert URUMQI.day_of(moment) == day("2026-03-16")
    assert URUMQI.day_of(moment + timedelta(minutes=1)) == day("2026-03-17")


@pytest.mark.parametrize(
    ("days", "date_", "hours"),
    [
        (NEW_YORK, "2026-03-08", 23),
        (NEW_YORK, "2026-11-01", 25),
        (NEW_YORK, "2026-11-02", 24),
        (SHANGHAI, "1991-04-14", 23),
        (SHANGHAI, "1991-09-15", 25),
        (SHANGHAI, "2026-03-08", 24),
    ],
)
def test_a_day_is_a_date_and_not_24_hours(days: LocalDays, date_: str, hours: int) -> None:
    start, end = days.instant(day(date_)), days.instant(day(date_) + 1)
    assert (end - start) // HOUR == hours
    assert {days.day_at(at) for at in range(start, end, HOUR)} == {day(date_)}
    assert days.day_at(end - 1) == day(date_)
    assert days.day_at(end) == day(date_) + 1
    assert days.start_of(day(date_)).hour == days.start_of(day(date_) + 1).hour == 0


def test_a_skipped_midnight_is_the_first_moment_after_the_gap() -> None:
    """In Cairo the clocks went from 24:00 on 25 April 2024 to 1:00 on the 26th."""
    cairo = LocalDays("Africa/Cairo")
    assert cairo.start_of(day("2024-04-26")).isoformat() == "2024-04-26T01:00:00+03:00"
    assert cairo.day_at(cairo.instant(day("2024-04-26")) - 1) == day("2024-04-25")


@given(
    st.sampled_from([SHANGHAI, URUMQI, NEW_YORK]),
    st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_day_of_a_moment_and_day_at_its_instant_are_the_same(days: LocalDays, moment: datetime) -> None:
    instant = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    found = days.day_at(instant)
    assert found == days.day_of(moment)
    assert days.instant(found) <= instant < days.instant(found + 1)
    assert days.local(instant) == moment
    assert days.local(instant).date().toordinal() == found


def test_a_naive_time_has_no_day() -> None:
    with pytest.raises(ValueError, match="naive"):
        SHANGHAI.day_of(datetime(2026, 3, 17))  # noqa: DTZ001
    assert SHANGHAI.day_of(datetime(2026, 3, 17, tzinfo=EAST_8)) == day("2026-03-17")


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-08-30", 6, "2027-02-28"),
        ("2026-08-28", 6, "2027-02-28"),
        ("2026-08-27", 6, "2027-02-27"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-01-31", 2, "2026-03-31"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-11-30", 1, "2026-12-30"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-15", -1, "2025-12-15"),
        ("2026-05-05", 0, "2026-05-05"),
    ],
)
def test_months_end_on_the_corresponding_day_else_on_the_last(start: str, months: int, expected: str) -> None:
    assert date.fromordinal(SHANGHAI.add_months(day(start), months)).isoformat() == expected


def test_years_end_on_the_corresponding_day_else_on_28_february() -> None:
    assert SHANGHAI.add_years(day("2024-02-29"), 1) == day("2025-02-28")
    assert SHANGHAI.add_years(day("2024-02-29"), 4) == day("2028-02-29")
    assert SHANGHAI.add_years(day("2026-07-15"), 2) == day("2028-07-15")


def test_months_beyond_all_dates_stop_at_the_ends_where_a_day_still_has_a_next_one() -> None:
    assert SHANGHAI.add_years(day("2026-07-15"), 7972) == day("9998-07-15")
    assert SHANGHAI.add_years(day("2026-07-15"), 7973) == LAST_DAY
    assert SHANGHAI.add_years(day("2026-07-15"), -3000) == FIRST_DAY
    for days in (SHANGHAI, NEW_YORK):
        assert days.start_of(LAST_DAY + 1) > days.start_of(FIRST_DAY - 1)


def test_midnights_stay_right_when_more_of_them_are_asked_for_than_are_kept() -> None:
    days = LocalDays()
    for ordinal in range(day("1900-01-01"), day("2040-01-01")):
        days.instant(ordinal)
    assert days.start_of(day("2026-03-17")).isoformat() == "2026-03-17T00:00:00+08:00"
