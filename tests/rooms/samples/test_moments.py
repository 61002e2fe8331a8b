"""Story time: counted from the day of set-up by the working-day calendar."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from liuhen.ground.calendar import Calendar
from liuhen.rooms.samples.moments import StoryTime

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = Calendar.load()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def told_on(now: str) -> StoryTime:
    return StoryTime(at(now), CALENDAR)


@pytest.mark.parametrize(
    ("now", "said", "means"),
    [
        ("2026-11-20 15:00", "w-1 09:30", "2026-11-19 09:30"),
        ("2026-11-21 15:00", "w-1 09:30", "2026-11-20 09:30"),  # a Saturday
        (
            "2026-02-18 15:00",
            "w-1 09:30",
            "2026-02-14 09:30",
        ),  # in the Spring Festival, after a made-up working Saturday
        ("2026-11-20 15:00", "w+2 w-7 09:30", "2026-11-13 09:30"),
        ("2026-11-20 15:00", "d-6 < 16:00", "2026-11-13 16:00"),  # six days ago was a Saturday
        ("2026-11-20 15:00", "d-6 > 16:00", "2026-11-16 16:00"),
        ("2026-02-24 15:00", "d-1 <3 08:00", "2026-02-23 08:00"),  # no working day within three: it stays
        (
            "2026-11-20 15:00",
            "d-7 << 10:00",
            "2026-11-12 10:00",
        ),  # the 13th is a Friday, the 12th has a working day after it
        ("2026-11-20 15:00", "2024-03-05 > 10:00", "2024-03-05 10:00"),
    ],
)
def test_a_day_is_counted_from_the_day_of_set_up(now: str, said: str, means: str) -> None:
    assert told_on(now).moment(said) == at(means)


def test_a_named_moment_keeps_its_hour_and_hours_are_elapsed() -> None:
    named = {"served": at("2026-11-13 10:10")}
    time = told_on("2026-11-20 15:00")
    assert time.moment("@served w+1", named) == at("2026-11-16 10:10")
    assert time.moment("@served +26h", named) == at("2026-11-14 12:10")
    assert time.day("@served d+15", named).isoformat() == "2026-11-28"


@pytest.mark.parametrize("minute", range(0, 24 * 60, 10))
def test_what_is_recent_was_entered_already_and_its_footage_is_still_in_time(minute: int) -> None:
    now = at("2026-11-20 00:00") + timedelta(minutes=minute)
    start = StoryTime(now, CALENDAR).moment("recent")
    assert start + timedelta(minutes=90) <= now
    assert now < start + timedelta(minutes=40) + timedelta(hours=24)


@pytest.mark.parametrize("said", ["w-1", "tomorrow 09:00", "w-1 9", ""])
def test_what_is_said_otherwise_is_a_mistake(said: str) -> None:
    with pytest.raises(ValueError):
        told_on("2026-11-20 15:00").moment(said)
