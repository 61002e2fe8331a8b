"""Limits of procedural law: time that is not counted, more time as it was granted, and the hour at which a day ends."""

from __future__ import annotations

import pytest

from liuhen.engines.rulebook import InvalidRulebook, explain
from liuhen.ground.case import Case
from tests.engines.rulebook.small import due_of

# A decision within thirty days; appraisal and hearing are left out, and so is the time of a notice to the public.
DECIDED = """
- id: decided
  form: response
  when: {kind: case.opened}
  then: [{kind: decision.made}]
  within: {amount: 30, unit: natural_days}
  stops:
    - {during: {kind: [act.appraisal, act.hearing], of: same case}, article: "60"}
    - {from: {kind: trial.pause}, until: {kind: trial.resume}, article: "61"}
"""
OPENED = "2026-03-01 case.opened"
APPRAISED = '{on: "2026-03-10", kind: act.appraisal, until: "2026-03-14T12:00"}'


def the_duty(made, *records, at="2026-03-20T09:00"):
    (duty,) = made.duties(OPENED, *records, at=at)
    return duty


def test_every_day_that_a_step_touches_is_left_out(book):
    made = book(DECIDED)
    assert due_of(the_duty(made)) == "2026-04-01 00:00"
    assert due_of(the_duty(made, APPRAISED)) == "2026-04-06 00:00"
    assert due_of(the_duty(made, "2026-03-10 09:00–10:00 act.hearing")) == "2026-04-02 00:00"


def test_two_sorts_of_time_left_out_are_added_and_an_overlap_counts_once(book):
    made = book(DECIDED)
    pause, resume = "2026-03-13 trial.pause", "2026-03-16 trial.resume"
    assert due_of(the_duty(made, APPRAISED, pause, resume)) == "2026-04-08 00:00"
    assert due_of(the_duty(made, pause, resume)) == "2026-04-05 00:00"


@pytest.mark.parametrize(("on", "late"), [("2026-04-05", None), ("2026-04-06", (1, "natural_days"))])
def test_a_decision_on_the_last_day_is_in_time_and_on_the_next_late(book, on, late):
    duty = the_duty(book(DECIDED), APPRAISED, f"{on} decision.made", at="2026-05-01T09:00")
    assert (duty.status, duty.late) == ("met", late)


def test_an_open_stop_pauses_the_clock_whatever_else_is_left_out(book):
    duty = the_duty(book(DECIDED), APPRAISED, "2026-03-12 trial.pause", at="2026-06-01T09:00")
    assert (duty.status, duty.paused) == ("due", True)


def test_the_explanation_names_the_articles_of_the_stops_that_took_place(book):
    made = book(DECIDED)
    records = (OPENED, APPRAISED, "2026-03-12 trial.pause", "2026-03-16 trial.resume")
    duty = the_duty(made, *records[1:])
    at = made.judgement(*records, at="2026-03-20T09:00").at
    clock = explain(made.stack, duty, Case(made.records(*records)), at)
    assert clock is not None
    assert clock.stop_article == "60、61"
    only = explain(made.stack, the_duty(made, APPRAISED), Case(made.records(OPENED, APPRAISED)), at)
    assert only is not None
    assert only.stop_article == "60"


# -- more time, as much as was granted --------------------------------------------------------------------------------------
EXTENDED = """
- id: answered
  form: response
  when: {kind: trial.answer}
  then: [{kind: trial.second_answer}]
  within: {amount: 5, unit: natural_days}
  extended: {by: {kind: trial.event, of: same case}, field: period, unit: natural_days}
"""


@pytest.mark.parametrize(
    ("granted", "due"),
    [
        ("2026-03-07 trial.event period=10", "2026-03-18 00:00"),
        ("2026-03-07 trial.event period=0", "2026-03-08 00:00"),
        ("2026-03-08 trial.event period=10", "2026-03-08 00:00"),
    ],
)
def test_as_much_time_is_added_as_was_granted_in_time(book, granted, due):
    (duty,) = book(EXTENDED).duties("2026-03-02 trial.answer", granted, at="2026-03-07T12:00")
    (later,) = book(EXTENDED).duties("2026-03-02 trial.answer", granted, at="2026-03-30T12:00")
    assert due_of(later) == due
    assert duty.status == "due"


def test_a_grant_that_says_not_how_much_is_asked(book):
    (duty,) = book(EXTENDED).duties("2026-03-02 trial.answer", "2026-03-07 trial.event", at="2026-03-30T12:00")
    assert (duty.status, duty.asks) == ("unknown", ("period",))


# -- the hour at which a day ends -------------------------------------------------------------------------------------------
BY_HOUR = """
- id: handed-in
  form: response
  when: {kind: trial.event}
  then: [{kind: trial.answer}]
  by: {end_of: working_day, at: {setting: closing}}
"""
CLOSING = """
settings: [{id: closing, value: "17:30", unit: time_of_day, zh: 下班时间, en: closing time, decided: {by: 示例, on: 2026-01-01}}]
"""


@pytest.mark.parametrize(
    ("answered", "said"),
    [
        ("2026-03-06 17:30", "met"),
        ("2026-03-06 17:31", "met late 1 natural_days"),
        ("2026-03-07 09:00", "met late 1 natural_days"),
    ],
)
def test_a_day_ends_at_the_closing_time_of_the_office(book, answered, said):
    made = book(BY_HOUR, CLOSING)
    assert made.judge("2026-03-06 09:00 trial.event", f"{answered} trial.answer", at="2026-03-20T09:00") == [said]


def test_on_a_day_of_rest_the_next_working_day_ends_at_that_hour(book):
    (duty,) = book(BY_HOUR, CLOSING).duties("2026-03-07 10:00 trial.event", at="2026-03-08T09:00")
    assert due_of(duty) == "2026-03-09 17:30"


def test_the_office_may_set_another_hour_and_nothing_that_is_none(book):
    (duty,) = book(BY_HOUR, CLOSING, closing="18:00").duties("2026-03-06 09:00 trial.event", at="2026-03-06T10:00")
    assert due_of(duty) == "2026-03-06 18:00"
    with pytest.raises(InvalidRulebook) as found:
        book(BY_HOUR, CLOSING, closing="6 pm")
    assert found.value.finding.code == "B-023"


def test_the_hour_may_stand_in_the_rule(book):
    made = book(BY_HOUR.replace("{setting: closing}", '"12:00"'))
    (duty,) = made.duties("2026-03-06 09:00 trial.event", at="2026-03-06T10:00")
    assert due_of(duty) == "2026-03-06 12:00"
