"""A source that keeps only some kinds: what it never keeps is unknown when it is not there, and never missing."""

from __future__ import annotations

import pytest

from liuhen.engines.rulebook import InvalidRulebook
from liuhen.engines.rulebook.examples import read_example
from liuhen.ground.case import Case
from tests.engines.rulebook.small import line, ordered

RESPONSE = """
- id: answered
  form: response
  when: {kind: trial.event}
  then: [{kind: trial.answer}]
  within: {amount: 3, unit: natural_days}
"""
ORDER = """
- id: answer-first
  form: order
  before: {kind: trial.event}
  need: [{kind: trial.answer}]
"""
CONTENT = """
- id: filled-in
  form: content
  when: {kind: trial.paper}
  has: {fields: [title]}
"""
EVENT = "2026-03-02 trial.event"
AT = "2026-03-20T09:00"


def judge(made, *records, captures):
    known = made.records(*records, at=AT)
    at = made.judgement(*records, at=AT).at
    judged = made.stack.judge(Case.of(known), at, captures=None if captures is None else frozenset(captures))
    return [line(d) for d in ordered(judged.duties)], [r.id for r in judged.not_asked]


@pytest.mark.parametrize("rules", [RESPONSE, ORDER])
def test_what_the_source_never_keeps_is_unknown_and_asks_for_that_kind(book, rules):
    made = book(rules)
    assert judge(made, EVENT, captures=["trial.event"])[0] == ["unknown missing trial.answer asks trial.answer"]
    kept = ["trial.event", "trial.answer"]
    assert judge(made, EVENT, captures=kept) == judge(made, EVENT, captures=None)
    assert judge(made, EVENT, captures=kept)[0][0].split()[0] in ("overdue", "breached")


def test_a_record_that_is_there_meets_its_duty_whatever_the_source_says_it_keeps(book):
    assert judge(book(RESPONSE), EVENT, "2026-03-03 trial.answer", captures=["trial.event"])[0] == ["met"]


def test_a_field_left_empty_in_a_record_that_is_there_is_missing(book):
    assert judge(book(CONTENT), "2026-03-02 trial.paper", captures=["trial.paper"])[0] == ["overdue missing title"]


def test_where_one_of_several_kinds_is_kept_its_absence_counts(book):
    made = book(RESPONSE.replace("{kind: trial.answer}", "{kind: [trial.answer, trial.second_answer]}"))
    assert judge(made, EVENT, captures=["trial.event", "trial.answer"])[0][0].startswith("overdue")


@pytest.mark.parametrize("key", ["has", "has_not"])
def test_a_condition_on_a_kind_that_is_never_kept_is_unknown(book, key):
    made = book(RESPONSE + f"  if: {{{key}: {{kind: trial.excuse}}}}\n")
    assert judge(made, EVENT, captures=["trial.event", "trial.answer"])[0] == ["unknown"]
    assert judge(made, EVENT, captures=["trial.event", "trial.excuse"])[0] != ["unknown"]


def test_a_mark_on_a_kind_that_is_never_kept_is_open(book):
    head = "marks: [{id: grave, zh: 重大, en: grave, any: [{record: {kind: act.hearing}}]}]"
    made = book(RESPONSE + "  if: {mark: grave}\n", head)
    assert judge(made, EVENT, captures=["trial.event", "trial.answer"])[0] == ["unknown"]
    assert judge(made, EVENT, captures=["trial.event", "act.hearing"])[0] == []


def test_rules_whose_trigger_is_never_kept_are_told_as_not_asked(book):
    made = book(RESPONSE + CONTENT)
    assert judge(made, EVENT, captures=["case.opened", "trial.event"])[1] == ["filled-in"]
    assert judge(made, EVENT, captures=None)[1] == []


def test_an_example_says_what_its_source_keeps_and_names_only_known_kinds(book):
    made = book(RESPONSE)
    value = {"name": "log", "records": [EVENT], "at": AT, "expect": "unknown", "captures": ["trial.event"]}
    example = read_example(value, made.rulebook.rules[0], made.vocabulary)
    assert example.captures == {"trial.event"}
    with pytest.raises(InvalidRulebook) as found:
        read_example(value | {"captures": ["trial.nothing"]}, made.rulebook.rules[0], made.vocabulary)
    assert found.value.finding.code == "B-020"
