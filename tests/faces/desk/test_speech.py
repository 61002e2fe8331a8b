"""How moments and what is left are said, on both sides of each boundary."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from liuhen.faces.desk.speech import Speech
from liuhen.ground.calendar import Calendar
from liuhen.ground.moments import instant

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = Calendar.load()


def at(text: str) -> int:
    return instant(datetime.fromisoformat(text).replace(tzinfo=ZONE))


def speech(now: str = "2026-03-31 10:18", language: str = "zh") -> Speech:
    return Speech(language, CALENDAR, at(now))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("due", "unit", "said"),
    [
        ("2026-04-08 00:00", "working_days", "剩 4 个工作日"),  # 清明 4–6 April is not counted
        ("2026-04-01 00:00", "working_days", "今天"),
        ("2026-04-02 00:00", "working_days", "剩 1 个工作日"),
        ("2026-04-29 00:00", "natural_days", "剩 28 天"),
        ("2026-03-31 17:30", "hours", "剩 7 小时"),
        ("2026-03-31 11:17", "hours", "剩 59 分钟"),
        ("2026-04-02 10:17", "hours", "剩 47 小时"),
        ("2026-04-02 10:18", "hours", "剩 2 天"),
        ("2026-03-31 10:18", "natural_days", "超 1 分钟"),
        ("2026-03-31 00:00", "natural_days", "超 1 天"),
        ("2026-03-21 00:00", "working_days", "超 11 天"),
        ("2026-03-30 09:18", "hours", "超 25 小时"),
    ],
)
def test_what_is_left(due: str, unit: str, said: str) -> None:
    assert speech().left(at(due), unit) == said  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("due", "figure", "listed"),
    [
        ("2026-04-29 00:00", ("", "28", "天"), "剩 28 天"),
        ("2026-03-21 00:00", ("超", "11", "天"), "超 11 天"),
        ("2026-03-31 17:30", ("", "7", "小时"), "剩 7 小时"),
        ("2026-03-31 11:17", ("", "59", "分钟"), "剩 59 分钟"),
        ("2026-04-01 08:18", ("", "22", "小时"), "剩 22 小时"),
        ("2026-04-02 10:17", ("", "47", "小时"), "剩 47 小时"),
        ("2026-04-02 10:18", ("", "2", "天"), "剩 2 天"),
        ("2026-04-02 00:00", ("", "1", "天"), "剩 1 天"),
        ("2026-04-01 00:00", ("", "", "今天"), "今天"),
        ("2026-03-30 09:18", ("超", "25", "小时"), "超 25 小时"),
    ],
)
def test_the_head_of_a_case_and_the_list_say_the_same(due: str, figure: tuple[str, str, str], listed: str) -> None:
    """By the due moment alone, which is all that the list knows."""
    assert speech().figure(at(due)) == figure
    assert speech().left(at(due)) == listed


@pytest.mark.parametrize(("language", "figure"), [("zh", ("", "4", "个工作日")), ("en", ("", "4", "working days"))])
def test_the_head_of_a_case_says_a_limit_in_working_days_as_the_line_of_the_duty(
    language: str, figure: tuple[str, str, str]
) -> None:
    assert speech(language=language).figure(at("2026-04-08 00:00"), "working_days") == figure
    assert speech().left(at("2026-04-08 00:00"), "working_days") == "剩 4 个工作日"


@pytest.mark.parametrize("unit", ["", "hours", "natural_days"])
def test_the_same_moment_is_said_in_one_way_whatever_the_limit_was_counted_in(unit: str) -> None:
    assert speech().left(at("2026-04-01 08:18"), unit) == "剩 22 小时"  # type: ignore[arg-type]
    assert speech().left(at("2026-04-02 00:00"), unit) == "剩 1 天"  # type: ignore[arg-type]


def test_the_end_of_a_day_is_said_as_24_o_clock_of_that_day() -> None:
    assert speech().due(at("2026-04-08 00:00")) == "4月7日 周二 24:00"
    assert speech().due(at("2026-04-07 17:30")) == "4月7日 周二 17:30"


def test_another_year_is_named() -> None:
    assert speech().short_day(date(2025, 12, 31).toordinal()) == "2025年12月31日"
    assert speech().short_day(date(2026, 12, 31).toordinal()) == "12月31日"
    assert speech().stamp(at("2025-12-31 09:05")) == "2025-12-31 09:05"
    assert speech().stamp(at("2026-01-02 09:05")) == "01-02 09:05"


def test_days_are_local_whatever_the_server_thinks() -> None:
    assert speech("2026-03-31 00:30").day(at("2026-03-31 00:30")) == "2026-03-31"


def test_the_same_in_english() -> None:
    said = speech(language="en")
    assert said.left(at("2026-04-02 00:00"), "working_days") == "1 working day left"
    assert said.left(at("2026-04-08 00:00"), "working_days") == "4 working days left"
    assert said.long_day(date(2026, 3, 31).toordinal()) == "Tue 31 Mar"


def test_late_is_said_in_the_unit_of_the_limit() -> None:
    assert speech().late(39, "hours") == "迟 39 小时"
    assert speech().late(1, "working_days") == "迟 1 个工作日"
    assert speech(language="en").late(1, "natural_days") == "1 day late"
