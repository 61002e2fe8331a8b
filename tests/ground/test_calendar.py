"""The working-day calendar: which days count, how they are counted, and what is not known yet."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.ground.calendar import Calendar
from liuhen.ground.errors import Refused
from liuhen.ground.local_days import FIRST_DAY, LAST_DAY

CN = Calendar.load()


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def iso(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


def sheet(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


NOTICE_2027 = """\
year: 2027
complete: yes
sources: [{title: 示例局转发 2027 年放假安排（示例）, date: 2026-11-10}]
holidays: [{zh: 元旦, en: New Year's Day, from: 2027-01-01, to: 2027-01-03}]
made_up: [{day: 2027-01-09}]
"""
SNOW_DAY = """\
year: 2026
complete: no
sources: [{title: 示例局关于雪天停工的通知（示例）}]
holidays: [{zh: 雪天停工, en: snow day, from: 2026-03-10, to: 2026-03-10}]
"""


# Facts typed in by hand from the notices


@pytest.mark.parametrize(
    ("first", "last", "zh", "en"),
    [
        ("2026-02-15", "2026-02-23", "春节", "Spring Festival"),
        ("2026-01-01", "2026-01-03", "元旦", "New Year's Day"),
        ("2025-10-01", "2025-10-08", "国庆节、中秋节", "National Day and Mid-Autumn Festival"),
        ("2022-12-31", "2023-01-02", "元旦", "New Year's Day"),
        ("2020-01-24", "2020-02-02", "春节", "Spring Festival"),
        ("2019-05-01", "2019-05-04", "劳动节", "Labour Day"),
        ("2015-10-01", "2015-10-07", "国庆节", "National Day"),
    ],
)
def test_a_holiday_is_off_from_its_first_to_its_last_day_and_not_beside_them(
    first: str, last: str, zh: str, en: str
) -> None:
    for ordinal in range(day(first), day(last) + 1):
        holiday = CN.holiday(ordinal)
        assert holiday is not None
        assert (holiday.name.zh, holiday.name.en) == (zh, en)
        assert not CN.is_working(ordinal)
    assert CN.holiday(day(first) - 1) is None
    assert CN.holiday(day(last) + 1) is None


@pytest.mark.parametrize(
    "made_up",
    ["2026-01-04", "2026-02-14", "2026-02-28", "2026-10-10", "2024-02-04", "2020-01-19", "2018-12-29", "2015-09-06"],
)
def test_a_made_up_day_is_a_weekend_on_which_people_work(made_up: str) -> None:
    ordinal = day(made_up)
    assert date.fromordinal(ordinal).isoweekday() > 5
    assert CN.is_made_up(ordinal)
    assert CN.is_working(ordinal)
    assert CN.holiday(ordinal) is None


@pytest.mark.parametrize("plain", ["2026-02-07", "2026-02-13", "2026-02-16"])
def test_a_plain_weekend_a_plain_weekday_and_a_holiday_are_not_made_up(plain: str) -> None:
    assert not CN.is_made_up(day(plain))


def test_the_extension_of_2020_took_back_a_made_up_day() -> None:
    """1 February 2020 was to be worked by the first notice; the second kept everyone at home until the 2nd."""
    assert not CN.is_made_up(day("2020-02-01"))
    assert not CN.is_working(day("2020-02-01"))
    assert CN.is_working(day("2020-02-03"))
    assert [source.number for source in CN.sources_of(day("2020-02-01"))] == [
        "国办发明电〔2019〕16号",
        "国办发明电〔2020〕1号",
    ]


def test_each_shipped_year_has_as_many_working_days_as_its_notice_leaves() -> None:
    """250 or so: 365 less 52 weekends less the statutory days (11 until 2024, 13 since), moved about but not lost."""
    counted = {y: CN.working_between(day(f"{y - 1}-12-31"), day(f"{y}-12-31")) for y in CN.years}
    assert counted[2026] == 248
    assert counted[2025] == 248
    assert counted[2021] == 250
    assert all(246 <= n <= 252 for n in counted.values())


def test_the_calendar_knows_2015_to_2026_and_every_notice_by_name() -> None:
    assert CN.years == tuple(range(2015, 2027))
    assert iso(CN.known_until) == "2026-12-31"
    assert all(source.title for source in CN.sources)
    assert {source.number for source in CN.sources_of(day("2026-07-01"))} == {"国办发明电〔2025〕7号"}


# Counting


def test_the_day_of_start_is_not_counted() -> None:
    assert CN.add_working_days(day("2026-03-06"), 1) == (day("2026-03-09"), False)
    assert CN.add_working_days(day("2026-03-06"), 7) == (day("2026-03-17"), False)


def test_seven_working_days_over_the_spring_festival_step_over_it_and_count_the_made_up_days() -> None:
    """From Tuesday 10 February 2026: 11, 12, 13, Saturday 14 (made up), then 24, 25, 26."""
    assert CN.add_working_days(day("2026-02-10"), 4) == (day("2026-02-14"), False)
    assert CN.add_working_days(day("2026-02-10"), 5) == (day("2026-02-24"), False)
    assert CN.add_working_days(day("2026-02-10"), 7) == (day("2026-02-26"), False)


def test_a_count_can_start_on_a_day_off() -> None:
    assert CN.add_working_days(day("2026-02-18"), 1) == (day("2026-02-24"), False)


def test_nothing_added_is_the_day_itself_even_when_it_is_off() -> None:
    assert CN.add_working_days(day("2026-02-18"), 0) == (day("2026-02-18"), False)


def test_a_negative_count_goes_back() -> None:
    assert CN.add_working_days(day("2026-02-24"), -1) == (day("2026-02-14"), False)
    assert CN.add_working_days(day("2026-02-24"), -5) == (day("2026-02-10"), False)


def test_working_days_between_two_dates_leave_the_first_out_and_take_the_last_in() -> None:
    assert CN.working_between(day("2026-03-06"), day("2026-03-17")) == 7
    assert CN.working_between(day("2026-03-05"), day("2026-03-17")) == 8
    assert CN.working_between(day("2026-03-06"), day("2026-03-18")) == 8
    assert CN.working_between(day("2026-03-17"), day("2026-03-06")) == -7
    assert CN.working_between(day("2026-03-17"), day("2026-03-17")) == 0


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-02-13", "2026-02-13"),
        ("2026-02-14", "2026-02-14"),
        ("2026-02-15", "2026-02-24"),
        ("2026-03-07", "2026-03-09"),
    ],
)
def test_the_next_working_day_is_the_day_itself_or_the_first_one_after_it(start: str, expected: str) -> None:
    assert iso(CN.next_working(day(start))) == expected


def test_days_not_counted_are_named_with_their_reason() -> None:
    found = CN.days_not_counted(day("2026-02-13"), day("2026-03-01"))
    assert [iso(d) for d, reason in found if reason.kind == "holiday"] == [f"2026-02-{n}" for n in range(15, 24)]
    assert {reason.name.zh for _, reason in found if reason.kind == "holiday"} == {"春节"}
    weekends = [(iso(d), reason.name.zh, reason.name.en) for d, reason in found if reason.kind == "weekend"]
    assert weekends == [("2026-03-01", "周末", "weekend")]
    assert not any(reason.provisional for _, reason in found)


@given(st.integers(day("2010-01-01"), day("2032-12-31")), st.integers(-600, 600))
def test_counting_on_gives_what_stepping_day_by_day_gives(start: int, n: int) -> None:
    step = 1 if n > 0 else -1
    at, left = start, abs(n)
    while left:
        at += step
        left -= CN.is_working(at)
    found, provisional = CN.add_working_days(start, n)
    assert found == at
    passed = range(start + step, at + step, step) if n else []
    assert provisional == any(not CN.is_known(d) for d in passed)


@given(st.integers(day("2010-01-01"), day("2032-12-31")), st.integers(0, 900))
def test_counted_and_not_counted_days_together_are_all_days(start: int, length: int) -> None:
    off = CN.days_not_counted(start, start + length)
    assert CN.working_between(start, start + length) + len(off) == length
    assert not any(CN.is_working(d) for d, _ in off)


# What is not known yet


def test_a_count_that_ends_on_the_last_announced_day_is_certain_and_one_day_more_is_provisional() -> None:
    assert CN.add_working_days(day("2026-12-24"), 5) == (day("2026-12-31"), False)
    assert CN.add_working_days(day("2026-12-24"), 6) == (day("2027-01-01"), True)


def test_a_count_that_starts_before_the_first_announced_day_is_provisional() -> None:
    assert CN.add_working_days(day("2014-12-31"), 1) == (day("2015-01-04"), False)
    assert CN.add_working_days(day("2014-12-30"), 1) == (day("2014-12-31"), True)
    assert CN.add_working_days(day("2015-01-05"), -1) == (day("2015-01-04"), False)
    assert CN.add_working_days(day("2015-01-04"), -1) == (day("2014-12-31"), True)


def test_years_not_announced_are_judged_by_weekends_alone_and_say_so() -> None:
    assert CN.is_working(day("2027-10-01"))  # a Friday: no holiday is guessed
    assert not CN.is_working(day("2027-10-02"))
    assert not CN.is_known(day("2027-01-01"))
    assert CN.is_known(day("2026-12-31"))
    assert CN.is_provisional(day("2026-12-30"), day("2027-01-01"))
    assert not CN.is_provisional(day("2026-12-30"), day("2026-12-31"))
    assert not CN.is_provisional(day("2027-01-01"), day("2027-01-01"))
    assert [reason.provisional for _, reason in CN.days_not_counted(day("2026-12-25"), day("2027-01-03"))] == [
        False,
        False,
        True,
        True,
    ]
    assert CN.sources_of(day("2027-10-01")) == ()


@pytest.mark.parametrize("n", [10**4, 10**7, 10**30])
def test_counts_beyond_all_dates_stop_at_the_ends_and_are_provisional(n: int) -> None:
    forward, back = CN.add_working_days(day("2026-06-01"), n), CN.add_working_days(day("2026-06-01"), -n)
    assert forward[1]
    assert back[1]
    assert FIRST_DAY <= back[0] < day("2026-06-01") < forward[0] <= LAST_DAY
    assert CN.start_of(forward[0] + 1) > CN.start_of(back[0])


def test_the_distance_to_the_end_of_what_is_known_counts_down_to_nought_and_then_there_is_none() -> None:
    assert CN.upcoming_gap(day("2026-11-01")) == 60
    assert CN.upcoming_gap(day("2026-11-02")) == 59
    assert CN.upcoming_gap(day("2026-12-31")) == 0
    assert CN.upcoming_gap(day("2027-01-01")) is None


def test_a_year_left_out_between_two_known_ones_is_a_gap(tmp_path: Path) -> None:
    later = Calendar.load(sheet(tmp_path, "a.yaml", NOTICE_2027.replace("2027", "2028").replace("2026", "2027")))
    assert iso(later.known_until) == "2028-12-31"
    assert later.upcoming_gap(day("2026-12-30")) == 1
    assert later.upcoming_gap(day("2027-06-01")) is None
    assert later.add_working_days(day("2026-12-30"), 400)[1]
    assert later.add_working_days(day("2028-02-01"), 5) == (day("2028-02-08"), False)


def test_without_any_file_everything_is_provisional_and_nothing_fails() -> None:
    empty = Calendar.load(national=False)
    assert (empty.years, empty.known_until, empty.sources) == ((), 0, ())
    assert empty.add_working_days(day("2026-02-13"), 1) == (day("2026-02-16"), True)
    assert empty.upcoming_gap(day("2026-02-13")) is None
    assert empty.working_between(day("2026-02-08"), day("2026-02-15")) == 5


# What an office adds


def test_an_office_can_add_the_year_that_was_announced_since(tmp_path: Path) -> None:
    office = Calendar.load(sheet(tmp_path, "2027.yaml", NOTICE_2027))
    assert iso(office.known_until) == "2027-12-31"
    assert office.add_working_days(day("2026-12-31"), 1) == (day("2027-01-04"), False)
    assert office.is_made_up(day("2027-01-09"))
    assert office.sources[:-1] == CN.sources
    assert office.sources[-1].title == "示例局转发 2027 年放假安排（示例）"


def test_single_days_of_an_office_change_those_days_alone_and_announce_no_year(tmp_path: Path) -> None:
    office = Calendar.load(sheet(tmp_path, "snow.yaml", SNOW_DAY))
    assert office.years == CN.years
    assert office.add_working_days(day("2026-03-06"), 7) == (day("2026-03-18"), False)
    assert [d for d in range(day("2015-01-01"), day("2026-12-31")) if office.is_working(d) != CN.is_working(d)] == [
        day("2026-03-10")
    ]
    assert [source.title for source in office.sources_of(day("2026-03-10"))] == ["示例局关于雪天停工的通知（示例）"]
    assert [source.number for source in office.sources_of(day("2026-03-11"))] == ["国办发明电〔2025〕7号"]
    beyond = Calendar.load(sheet(tmp_path, "far.yaml", SNOW_DAY.replace("2026", "2028")))
    assert beyond.add_working_days(day("2028-03-09"), 1) == (day("2028-03-13"), True)


def test_the_later_file_has_the_last_word_on_a_day_and_both_notices_stay(tmp_path: Path) -> None:
    snow = sheet(tmp_path, "1-snow.yaml", SNOW_DAY)
    back = sheet(
        tmp_path,
        "2-back.yaml",
        "year: 2026\ncomplete: no\nsources: [{title: 示例局关于照常上班的通知（示例）}]\n"
        "made_up: [{day: 2026-03-10}]\n",
    )
    assert Calendar.load(snow, back).is_made_up(day("2026-03-10"))
    assert Calendar.load(tmp_path).is_made_up(day("2026-03-10"))
    assert [s.title for s in Calendar.load(tmp_path).sources[-2:]] == [
        "示例局关于雪天停工的通知（示例）",
        "示例局关于照常上班的通知（示例）",
    ]
    with pytest.raises(Refused) as refusal:  # the other way round there is no day off to take back yet
        Calendar.load(back, snow)
    assert (refusal.value.finding.code, refusal.value.finding.place) == ("C-013", f"{back}:4")


# The version


def test_the_version_follows_what_is_said_and_not_how_it_is_laid_out(tmp_path: Path) -> None:
    plain = Calendar.load(sheet(tmp_path, "a.yaml", SNOW_DAY))
    commented = Calendar.load(
        sheet(tmp_path, "b.yaml", "# 说明\n" + SNOW_DAY.replace("from: 2026-03-10", 'from: "2026-03-10"'))
    )
    other_day = Calendar.load(sheet(tmp_path, "c.yaml", SNOW_DAY.replace("2026-03-10", "2026-03-11")))
    other_title = Calendar.load(sheet(tmp_path, "d.yaml", SNOW_DAY.replace("雪天停工的通知", "停工的通知")))
    assert len(plain.version) == 64
    assert set(plain.version) <= set("0123456789abcdef")
    assert plain.version == commented.version
    assert plain == commented
    assert hash(plain) == hash(commented)
    versions = {c.version for c in (CN, plain, other_day, other_title, Calendar.load(zone="Asia/Urumqi"))}
    assert len(versions) == 5
    assert plain != other_day


def test_a_calendar_that_was_kept_comes_back_the_same(tmp_path: Path) -> None:
    odd = (
        SNOW_DAY.replace("雪天停工的", r"""雪\\天"停"'工'😀: # 的""")
        .replace("{title: ", '{title: "')
        .replace("（示例）}", '"}')
    )
    office = Calendar.load(sheet(tmp_path, "odd.yaml", odd.replace('"停"', r"\"停\"")), zone="Asia/Urumqi")
    again = Calendar.from_content(office.content)
    assert again == office
    assert again.sources == office.sources
    assert "😀" in again.sources[-1].title
    assert again.zone == "Asia/Urumqi"
    assert [again.is_working(d) for d in range(day("2015-01-01"), day("2027-12-31"))] == [
        office.is_working(d) for d in range(day("2015-01-01"), day("2027-12-31"))
    ]


def test_a_calendar_that_was_kept_is_checked_when_it_comes_back() -> None:
    content = CN.content
    content["sheets"][0]["holidays"][0]["to"] = "2015-02-30"
    with pytest.raises(Refused) as refusal:
        Calendar.from_content(content)
    assert refusal.value.finding.code == "C-008"


def test_a_calendar_is_frozen() -> None:
    with pytest.raises(AttributeError):
        CN.zone = "Asia/Urumqi"  # type: ignore[misc]
