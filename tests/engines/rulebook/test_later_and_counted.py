"""What is asked only later, what is counted in one unit alone, and a hold that ends."""

from __future__ import annotations

import pytest

from liuhen.engines.rulebook import explain
from liuhen.ground.case import Case
from tests.engines.rulebook.small import calendar, due_of

# Published for two years, and then taken down within three days.
TAKEN_DOWN = """
- id: taken-down
  form: response
  when: {kind: trial.paper}
  then: [{kind: trial.answer}]
  from: day
  waits: {amount: 2, unit: years}
  within: {amount: 3, unit: natural_days}
"""
PUBLISHED = "2024-03-04 trial.paper day=2024-03-04"


def test_nothing_is_asked_before_its_time_has_come(book):
    made = book(TAKEN_DOWN)
    judgement = made.judgement(PUBLISHED, at="2026-03-04T23:59")
    assert judgement.duties == ()
    assert judgement.next_change is not None
    assert f"{calendar().local(judgement.next_change):%Y-%m-%d %H:%M}" == "2026-03-05 00:00"


def test_from_then_on_it_is_due_and_its_limit_is_counted_from_there(book):
    made = book(TAKEN_DOWN)
    (duty,) = made.duties(PUBLISHED, at="2026-03-05T00:00")
    assert (duty.status, due_of(duty)) == ("due", "2026-03-08 00:00")
    assert made.judge(PUBLISHED, "2026-03-07 trial.answer", at="2026-04-01T09:00") == ["met"]
    assert made.judge(PUBLISHED, "2026-03-08 trial.answer", at="2026-04-01T09:00") == ["met late 1 natural_days"]


def test_done_before_its_time_it_is_not_done_unless_the_rule_says_so(book):
    early = "2025-06-01 trial.answer"
    assert book(TAKEN_DOWN).judge(PUBLISHED, early, at="2026-04-01T09:00") == ["overdue missing trial.answer"]
    assert book(TAKEN_DOWN + "  any_time: yes\n").judge(PUBLISHED, early, at="2026-04-01T09:00") == ["met"]


def test_a_moment_that_was_never_said_is_asked(book):
    assert book(TAKEN_DOWN).judge("2024-03-04 trial.paper", at="2026-04-01T09:00") == ["unknown asks day"]


def test_without_a_limit_it_is_open_from_its_time_on(book):
    made = book(TAKEN_DOWN.replace("  within: {amount: 3, unit: natural_days}\n", ""))
    assert made.judge(PUBLISHED, at="2026-03-04T23:59") == []
    assert made.judge(PUBLISHED, at="2026-03-05T00:00") == ["due missing trial.answer"]


def test_the_explanation_starts_where_the_limit_does(book):
    made = book(TAKEN_DOWN)
    (duty,) = made.duties(PUBLISHED, at="2026-03-05T09:00")
    at = made.judgement(PUBLISHED, at="2026-03-05T09:00").at
    clock = explain(made.stack, duty, Case(made.records(PUBLISHED)), at)
    assert clock is not None
    assert (f"{calendar().local(clock.start):%Y-%m-%d}", clock.due) == ("2026-03-05", duty.due)


# -- a ratio within one unit ------------------------------------------------------------------------------------------------
RATIO = """
- id: checked
  form: response
  when: {each: unit}
  then: [{kind: supervision_check_record, of: same unit, at_least: {one_for_every: 2, of: {each: device, of: same unit}}}]
"""


def device(number: int, unit: str) -> str:
    of, content = f"links: {{unit: {unit}}}", f'content: {{device_number: "{number}"}}'
    return f'{{on: "2026-01-05", kind: device_register, id: d{number}, {of}, {content}}}'


def check(day: int, unit: str) -> str:
    return f'{{on: "2026-02-{day:02}", kind: supervision_check_record, links: {{unit: {unit}}}}}'


@pytest.mark.parametrize(("checks", "met"), [(1, False), (2, True)])
def test_a_ratio_counts_those_of_the_same_unit(book, checks, met):
    units = ["2026-01-01 unit.set_up #u name=甲", "2026-01-01 unit.set_up #v name=乙"]
    devices = [device(n, "u") for n in range(3)] + [device(9, "v")]
    done = [check(n + 1, "u") for n in range(checks)] + [check(20, "v")]
    duties = book(RATIO).duties(*units, *devices, *done, at="2026-03-01T09:00", case="none")
    assert {d.root: d.status for d in duties} == {"u": "met" if met else "overdue", "v": "met"}


@pytest.mark.parametrize(("still", "status"), [("", "met"), (", open: yes", "overdue")])
def test_what_was_closed_counts_only_where_the_part_does_not_ask_for_what_is_open(book, still, status):
    rules = f"""
- id: equipped
  form: response
  when: {{each: unit}}
  then: [{{kind: device_register, of: same unit, at_least: 2{still}}}]
"""
    records = ["2026-01-01 unit.set_up #u name=甲", device(1, "u"), device(2, "u")]
    scrapped = '{on: "2026-02-01", kind: device.scrapped, links: {device: d1}}'
    assert book(rules).judge(*records, at="2026-03-01T09:00", case="none") == ["met"]
    (duty,) = book(rules).duties(*records, scrapped, at="2026-03-01T09:00", case="none")
    assert duty.status == status


# -- a hold ends ------------------------------------------------------------------------------------------------------------
HELD = """
- id: held
  form: retention
  thing: {kind: trial.paper}
  keep: [{class: long_term}]
  raised_by: [{kind: trial.excuse, about: it}]
  released_by: [{kind: trial.event, approved_by: agency_head}]
"""


@pytest.mark.parametrize(("by", "kept"), [("agency_head", False), ("party", True)])
def test_a_hold_ends_by_the_record_that_releases_it_if_it_was_approved(book, by, kept):
    released = f"2026-04-01 trial.event >e @{by}"
    duties = book(HELD).duties(
        "2026-03-01 trial.paper #p", "2026-03-02 trial.excuse #e >p", released, at="2026-05-01T09:00"
    )
    assert [d.status for d in duties] == (["met"] if kept else [])
