"""What comes again and again: each time so long after the last, and what follows when a period of the calendar is over."""

from __future__ import annotations

import pytest

from liuhen.engines.rulebook import explain
from liuhen.ground.case import Case
from tests.engines.rulebook.small import due_of

DEVICE = "2026-01-05 device_register #d device_number=1"
MAINTAINED = """
- id: maintained
  form: response
  when: {every: {amount: 30, unit: natural_days}, per: device}
  then: [{kind: device_maintenance_record, of: same device}]
"""


def maintained(on: str) -> str:
    return f'{{on: "{on}", kind: device_maintenance_record, links: {{device: d}}}}'


def judge(made, *records, at):
    return made.judge(DEVICE, *records, at=at, case="none")


def test_the_first_time_is_counted_from_when_the_subject_began(book):
    made = book(MAINTAINED)
    (duty,) = made.duties(DEVICE, at="2026-01-20T09:00", case="none")
    assert (duty.status, due_of(duty)) == ("due", "2026-02-05 00:00")
    assert judge(made, at="2026-02-04T23:59") == ["due missing device_maintenance_record"]
    assert judge(made, at="2026-02-05T00:00") == ["overdue missing device_maintenance_record"]


@pytest.mark.parametrize(("on", "first"), [("2026-02-04", "met"), ("2026-02-05", "met late 1 natural_days")])
def test_each_time_starts_the_next(book, on, first):
    made = book(MAINTAINED)
    assert judge(made, maintained(on), at="2026-02-20T09:00") == [first, "due missing device_maintenance_record"]
    last = made.duties(DEVICE, maintained("2026-02-04"), at="2026-02-20T09:00", case="none")[-1]
    assert due_of(last) == "2026-03-07 00:00"


def test_a_time_that_was_missed_is_shown_as_late_and_those_after_it_by_themselves(book):
    said = judge(book(MAINTAINED), maintained("2026-03-01"), maintained("2026-03-20"), at="2026-03-25T09:00")
    assert said == ["met late 25 natural_days", "met", "due missing device_maintenance_record"]


def test_who_is_gone_before_the_next_time_owes_no_more(book):
    made = book(MAINTAINED)
    gone = '{on: "2026-02-20", kind: device.scrapped, links: {device: d}}'
    assert judge(made, maintained("2026-02-01"), gone, at="2026-06-01T09:00") == ["met"]
    assert judge(made, gone, at="2026-06-01T09:00") == ["overdue missing device_maintenance_record"]


def test_of_another_device_it_does_not_count(book):
    other = "2026-01-05 device_register #e device_number=2"
    said = judge(book(MAINTAINED), other, maintained("2026-02-01"), at="2026-02-20T09:00")
    assert sorted(said) == ["due missing device_maintenance_record", "met", "overdue missing device_maintenance_record"]


def test_the_interval_may_be_the_office_s(book):
    head = (
        "settings: [{id: days, value: 10, unit: working_days, zh: 日, en: days, decided: {by: 示例, on: 2026-01-01}}]"
    )
    made = book(MAINTAINED.replace("{amount: 30, unit: natural_days}", "{setting: days}"), head)
    (duty,) = made.duties(DEVICE, at="2026-01-06T09:00", case="none")
    assert due_of(duty) == "2026-01-20 00:00"


def test_the_interval_is_explained_from_the_last_time(book):
    made = book(MAINTAINED)
    records = (DEVICE, maintained("2026-02-01"))
    *_, duty = made.duties(*records, at="2026-02-20T09:00", case="none")
    known = made.records(*records, at="2026-02-20T09:00", case="none")
    clock = explain(made.stack, duty, Case(known), made.judgement(*records, at="2026-02-20T09:00", case="none").at)
    assert clock is not None
    assert (clock.start, clock.due, clock.limit.zh) == (known[1].instant, duty.due, "30日")


# -- when a period is over --------------------------------------------------------------------------------------------------
UNIT = "2025-01-01 unit.set_up #u"
HANDED = """
- id: handed-over
  form: response
  when: {end_of: quarter, per: unit}
  then: [{kind: supervision_check_record, of: same unit}]
"""
LIMITED = HANDED + "  within: {amount: 10, unit: working_days}\n"


def quarters(made, *records, at):
    return {d.note: d for d in made.duties(UNIT, *records, at=at, case="none")}


def handed(on: str) -> str:
    return f'{{on: "{on}", kind: supervision_check_record, links: {{unit: u}}}}'


def test_a_quarter_is_asked_for_once_it_is_over_and_not_before(book):
    made = book(HANDED)
    assert "2026-01-01" not in quarters(made, at="2026-03-31T23:59")
    assert quarters(made, at="2026-04-01T00:00")["2026-01-01"].status == "due"


def test_without_a_number_it_is_due_until_the_next_quarter_is_over_and_then_breached(book):
    made = book(HANDED)
    assert quarters(made, at="2026-06-30T23:59")["2026-01-01"].status == "due"
    assert quarters(made, at="2026-07-01T00:00")["2026-01-01"].status == "breached"


def test_what_was_handed_over_within_the_quarter_is_not_that_of_the_whole(book):
    made = book(HANDED)
    assert quarters(made, handed("2026-03-31"), at="2026-04-02T09:00")["2026-01-01"].status == "due"
    assert quarters(made, handed("2026-04-01"), at="2026-04-02T09:00")["2026-01-01"].status == "met"


@pytest.mark.parametrize(("on", "late"), [("2026-04-15", None), ("2026-04-16", (1, "working_days"))])
def test_a_limit_runs_from_the_last_day_of_the_period(book, on, late):
    duty = quarters(book(LIMITED), handed(on), at="2026-04-20T09:00")["2026-01-01"]
    assert (duty.status, duty.late) == ("met", late)


def test_a_unit_set_up_within_the_quarter_owes_a_hint_only(book):
    made = book(HANDED)
    later = made.duties("2026-02-10 unit.set_up #u", at="2026-04-02T09:00", case="none")
    assert [(d.note, d.weight) for d in later] == [("2026-01-01", "hint")]
