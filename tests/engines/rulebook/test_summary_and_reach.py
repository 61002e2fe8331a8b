"""The head of a case, the list of faults, the worst first, and which rules a file can't be asked."""

from __future__ import annotations

import pytest

from liuhen.engines.rulebook import build_stack, load_rulebook, shipped, summary, worst_first
from liuhen.ground.case import Case
from liuhen.ground.vocabulary import default
from tests.engines.rulebook.small import Book, calendar, read

AT = "2026-03-20T09:00"
RULES = """
- id: answered
  form: response
  when: {kind: trial.event}
  then: [{kind: trial.answer}]
- id: yearly
  form: response
  when: {each: calendar_year, per: unit}
  then: [{kind: trial.answer, of: same unit}]
- id: fitted
  form: response
  when: {each: device}
  then: [{kind: trial.answer, of: same device}]
- id: asked-for
  form: response
  per: access
  when: {kind: access_request}
  then: [{kind: trial.answer}]
"""


def head(made: Book, *records: str, at: str = AT, case=None):
    found, moment = read(made.rulebook, made.vocabulary, records, case, at)
    return summary(Case.of(found), moment, made.vocabulary)


def test_the_head_of_a_case_follows_corrections_of_its_opening(book):
    first = '{on: "2026-03-01", kind: case.opened, id: c, content: {case_number: 甲, title: 例, action_type: penalty}}'
    second = first.replace("id: c", "id: d, corrects: c").replace("甲", "乙")
    found = head(book(RULES), first, second)
    assert (found.root, found.opened_by.id, found.opening["case_number"]) == ("c", "d", "乙")


def test_the_stage_is_the_furthest_that_a_record_reached(book):
    made = book(RULES)
    records = ["2026-03-01 trial.event", "2026-03-03 09:00–10:00 trial.act"]
    found = head(made, *records)
    assert found.stage == "review_decision"
    assert set(found.reached) == {"initiation", "investigation", "review_decision"}
    closed = head(made, *records, "2026-03-05 case.closed")
    assert (closed.stage, closed.closed_at is not None, closed.archived_at) == ("closed", True, None)
    archived = head(made, *records, "2026-03-05 case.closed", "2026-03-09 case_file")
    assert (archived.stage, archived.archived_at is not None) == ("archive", True)


def test_a_file_that_is_no_case_has_no_head(book):
    assert head(book(RULES), "2026-03-01 device_register device_number=1", case="none") is None


def test_the_worst_comes_first_then_the_earliest(book):
    rules = """
- id: a-late
  form: response
  when: {kind: trial.event}
  then: [{kind: trial.answer}]
  within: {amount: 1, unit: natural_days}
- id: b-due
  form: response
  when: {kind: trial.event}
  then: [{kind: trial.paper}]
- id: c-overdue
  form: response
  when: {kind: trial.event}
  then: [{kind: trial.notice}]
  within: {amount: 2, unit: natural_days}
- id: d-breached
  form: order
  before: {kind: trial.event}
  need: [{kind: trial.second_answer}]
- id: e-unknown
  form: response
  when: {kind: trial.event}
  if: {size: big}
  then: [{kind: trial.answer}]
- id: f-overdue-first
  form: response
  when: {kind: trial.event}
  then: [{kind: trial.notice}]
  within: {amount: 1, unit: natural_days}
- id: g-hint
  form: response
  weight: hint
  when: {kind: trial.event}
  then: [{kind: trial.notice}]
  within: {amount: 1, unit: natural_days}
"""
    judged = book(rules).judgement("2026-03-02 trial.event", "2026-03-05 trial.answer", at=AT)
    order = [d.rule.id for d in worst_first(judged.duties)]
    assert order == ["d-breached", "f-overdue-first", "c-overdue", "g-hint", "e-unknown", "b-due", "a-late"]
    assert {d.rule.id for d in judged.faults} == {"a-late", "c-overdue", "d-breached", "f-overdue-first"}


@pytest.mark.parametrize(
    ("records", "case", "not_asked"),
    [
        # A request to look at a file may lie in a case, a unit's year and a device do not.
        (["2026-03-01 trial.event"], None, {"yearly", "fitted"}),
        (["2026-03-01 device_register device_number=1"], "none", {"yearly", "asked-for"}),
        (["2026-01-01 unit.set_up name=例"], "none", {"answered", "fitted", "asked-for"}),
        (["2026-01-01 access_request"], "none", {"answered", "yearly", "fitted"}),
    ],
)
def test_rules_whose_subject_does_not_lie_in_the_file_are_told_and_not_passed(book, records, case, not_asked):
    made = book(RULES)
    found, at = read(made.rulebook, made.vocabulary, records, case, AT)
    judged = made.stack.judge(Case.of(found), at)
    reached = {"answered", "yearly", "fitted", "asked-for"} - {r.id for r in judged.not_asked}
    assert {r.id for r in judged.not_asked} == not_asked
    assert {d.rule.id for d in judged.duties} <= reached


def test_of_an_ordinary_case_the_texts_cannot_ask_about_units_plans_premises_and_officers():
    vocabulary = default()
    bazhou = load_rulebook(shipped()["bazhou"], vocabulary)
    stack = build_stack([bazhou], vocabulary, calendar())
    records, at = read(bazhou, vocabulary, ["2022-03-01 decision.made"], None, "2022-06-01T09:00")
    subjects = {r.per for r in stack.judge(Case.of(records), at).not_asked}
    assert subjects == {"unit", "plan", "premises", "officer"}
    assert stack.judge(Case.of(records), at).calendar == calendar().version
