"""The absence form: this never happens; never a second one, never by night, never on a holiday."""

from __future__ import annotations

import pytest

AT = "2026-06-20T09:00"


def never(more: str = "", kind: str = "{kind: trial.event}") -> str:
    return f"""
- id: never
  form: absence
  never: {kind}
{more}"""


def test_what_must_not_be_is_breached_when_it_stands(book):
    assert book(never()).judge("2026-03-02 trial.event", at=AT) == ["breached missing trial.event"]
    assert book(never()).judge("2026-03-02 trial.answer", at=AT) == []


def test_only_such_a_record_is_forbidden(book):
    rules = never(kind="{kind: trial.event, where: {size: big}}")
    assert book(rules).judge("2026-03-02 trial.event size=big", at=AT) == ["breached missing trial.event"]
    assert book(rules).judge("2026-03-02 trial.event size=small", at=AT) == []
    assert book(rules).judge("2026-03-02 trial.event", at=AT) == ["unknown asks size"]


def test_never_a_second_one_in_a_case(book):
    rules = never("  second_of: case\n")
    assert book(rules).judge("2026-03-02 trial.event", at=AT) == []
    duties = book(rules).duties("2026-03-02 trial.event #x", "2026-03-03 trial.event #y", at=AT)
    assert [(d.status, d.trigger) for d in duties] == [("breached", "y")]


def test_never_a_second_one_of_the_same_application(book):
    rules = never("  second_of: {same: application}\n", "{kind: trial.notice}")
    one, two = (f'{{on: "2026-03-0{n}", kind: trial.notice, links: {{application: x}}}}' for n in (2, 3))
    other = '{on: "2026-03-04", kind: trial.notice, links: {application: y}}'
    assert book(rules).judge(one, other, at=AT) == []
    assert book(rules).judge(one, two, other, at=AT) == ["breached missing trial.notice"]


def test_a_second_one_that_does_not_say_to_what_it_belongs_is_unknown(book):
    rules = never("  second_of: {same: application}\n", "{kind: trial.notice}")
    assert book(rules).judge("2026-03-02 trial.notice", at=AT) == []
    assert book(rules).judge("2026-03-02 trial.notice", "2026-03-03 trial.notice", at=AT) == [
        "unknown asks application"
    ]


NIGHT = never("  hour: {from: 22, to: 6}\n", "{kind: trial.execution}")


@pytest.mark.parametrize(
    ("time", "said"),
    [
        ("21:00–22:00", []),
        ("21:00–22:01", ["breached missing trial.execution"]),
        ("22:00–22:30", ["breached missing trial.execution"]),
        ("05:59–07:00", ["breached missing trial.execution"]),
        ("06:00–21:59", []),
        ("02:00–03:00", ["breached missing trial.execution"]),
    ],
)
def test_never_by_night_not_even_in_part(book, time: str, said: list[str]):
    assert book(NIGHT).judge(f"2026-03-02 {time} trial.execution", at=AT) == said


def test_over_several_days_a_night_lies_in_between(book):
    long = '{on: "2026-03-02T07:00", until: "2026-03-03T07:00", kind: trial.execution}'
    assert book(NIGHT).judge(long, at=AT) == ["breached missing trial.execution"]


def test_without_an_hour_it_is_not_known_whether_it_was_night(book):
    assert book(NIGHT).judge('{on: "2026-03-02", kind: trial.execution}', at=AT) == ["unknown asks hour"]


HOLIDAY = never("  day_type: holiday\n", "{kind: trial.execution}")


@pytest.mark.parametrize(
    ("day", "said"),
    [
        # 5 May 2026 is the last day of the Labour Day holiday, 9 May a made-up working Saturday, 16 May a plain one.
        ("2026-05-05", ["breached missing trial.execution"]),
        ("2026-05-06", []),
        ("2026-05-16", []),
    ],
)
def test_never_on_a_public_holiday(book, day: str, said: list[str]):
    assert book(HOLIDAY).judge(f"{day} 09:00–10:00 trial.execution", at=AT) == said


def test_an_act_that_runs_into_a_holiday_is_forbidden_too(book):
    long = '{on: "2026-04-30T09:00", until: "2026-05-01T09:00", kind: trial.execution}'
    assert book(HOLIDAY).judge(long, at=AT) == ["breached missing trial.execution"]


def test_in_a_year_not_announced_nobody_knows_its_holidays(book):
    assert book(HOLIDAY).judge("2028-05-05 09:00–10:00 trial.execution", at="2028-06-01T09:00") == [
        "unknown asks calendar"
    ]


def test_both_the_hour_and_the_day_must_be_forbidden(book):
    rules = never("  hour: {from: 22, to: 6}\n  day_type: holiday\n", "{kind: trial.execution}")
    assert book(rules).judge("2026-05-05 23:00–23:30 trial.execution", at=AT) == ["breached missing trial.execution"]
    assert book(rules).judge("2026-05-05 12:00–12:30 trial.execution", at=AT) == []
    assert book(rules).judge("2026-05-06 23:00–23:30 trial.execution", at=AT) == []


def test_an_excuse_excuses_it(book):
    rules = never("  excused: {by: {kind: trial.excuse}}\n")
    assert book(rules).judge("2026-03-02 trial.event #e", "2026-03-02 trial.excuse >e", at=AT) == ["excused"]
