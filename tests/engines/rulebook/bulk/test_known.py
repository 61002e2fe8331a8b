"""A rule that says anything the relational form does not know is asked by the per-case evaluator."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from liuhen.engines.rulebook.bulk import known
from liuhen.engines.rulebook.bulk.known import CONDITIONS, FORMS, said_by, unknown
from liuhen.engines.rulebook.language import Compare, Excuse, Has, Limit, Part, Rule, Trigger
from tests.engines.rulebook.bulk.chosen import chosen, left, said, stack

RESPONSE = "form: response\n  when: {kind: trial.event}\n  then: [{kind: trial.answer%s}]"
CONTENT = "form: content\n  when: {kind: trial.paper}\n  has: {%s}"
PERIOD = "form: response\n  when: {%s, per: unit}\n  then: [{kind: supervision_check_record, of: same unit}]"
DAYS = "\n  within: {amount: 3, unit: %s}"
# What the language says and relations do not, each in a rule that is else known; and what of it is told.
ELSEWHERE = {
    "then.other": RESPONSE % ", of: another review",
    "then.at_least": RESPONSE % ", at_least: 2",
    "then.one_for_every": RESPONSE % ", at_least: {one_for_every: 2, of: {each: device}}",
    "then.by": RESPONSE % ", by: agency_head",
    "then.weight": RESPONSE % ", weight: hint",
    "within.unit:minutes": RESPONSE % "" + DAYS % "minutes",
    "within.field": RESPONSE % "" + "\n  within: {field: period, unit: natural_days}",
    "start:until": RESPONSE % "" + DAYS % "natural_days" + "\n  from: until",
    "by_end_of:day": RESPONSE % "" + "\n  by: {end_of: day}",
    "by_end_of:working_day": RESPONSE % "" + '\n  by: {end_of: working_day, at: "17:30"}',
    "waits": RESPONSE % "" + "\n  waits: {amount: 2, unit: years}",
    "excused.beside": RESPONSE % "" + "\n  excused: {by: {kind: trial.excuse}, beside: [{kind: trial.paper}]}",
    "for_each": RESPONSE.replace("event", "act").replace("trial.answer", "trial.paper") % ", of: same case"
    + "\n  for_each: {field: recorder_holders, named_in: title}",
    "stand_in": RESPONSE % "" + "\n  stand_in: {by: {kind: trial.paper}, then: [{kind: trial.excuse}]}",
    "response every": "form: response\n  when: {every: {amount: 30, unit: natural_days}, per: device}\n"
    "  then: [{kind: device_maintenance_record, of: same device}]",
    "trigger.each:quarter": PERIOD % "each: quarter",
    "trigger.at_end": PERIOD % "end_of: calendar_year",
    "retention record": "form: retention\n  thing: {kind: trial.paper}\n  keep: [{class: long_term}]",
    "has.links": CONTENT % "links: [about]",
    "has.apart": CONTENT % "apart: [enforcement_officer, party]",
    "compare.op:more_than": CONTENT % "compare: {field: drawn, more_than: 1}",
    "has.compares.plus": CONTENT
    % "compare: {field: day, at_least: {field: other_day, plus: {amount: 3, unit: natural_days}}}",
    "has.compares.kinds": CONTENT % "compare: {field: fine, equals: {field: fine, in: trial.paper}}",
    "condition.field": CONTENT % "fields: [title]" + "\n  if: {drawn: {is: {field: needed}}}",
    "condition.key:hour": CONTENT % "fields: [title]" + "\n  if: {hour: {at_least: 8}}",
    "condition.key:day_type": CONTENT % "fields: [title]" + "\n  if: {day_type: weekend}",
}


@pytest.mark.parametrize("what", ELSEWHERE)
def test_what_relations_do_not_know_is_told_and_asked_elsewhere(book, what: str):
    made = book(f"- id: trial\n  {ELSEWHERE[what]}")
    (rule,) = made.rulebook.rules
    assert unknown(rule, made.rulebook.marks) == what


def test_the_same_rules_without_it_are_known(book):
    for rule in (RESPONSE % "", RESPONSE % "" + DAYS % "working_days", CONTENT % "fields: [title]"):
        made = book(f"- id: trial\n  {rule}")
        assert unknown(made.rulebook.rules[0], made.rulebook.marks) == ""


def one(ref: str, **changes: Any) -> str:
    rule = stack().rule(ref)
    assert rule is not None
    return unknown(replace(rule, **changes), {})


def test_a_word_of_the_language_that_nobody_listed_is_unknown():
    """Every part of a rule, clause by clause, given some value that is not its default."""
    plain = "bazhou/findings-in-writing"
    rule = stack().rule(plain)
    assert rule is not None
    assert one(plain) == ""
    silent = known._SILENT[Rule] | {"trigger"}
    listed = {said.partition(":")[0] for said in FORMS["response record"]}
    for name in (f.name for f in fields(Rule)):
        if name not in silent | listed:
            assert one(plain, **{name: "x"}).partition(":")[0] == name
    part = rule.then[0]
    for name in (f.name for f in fields(Part)):
        if name not in ("kinds", "where", "link", "any", "shared", "words"):
            assert one(plain, then=(replace(part, **{name: 7}),)) == f"then.{name}"
    for name in (f.name for f in fields(Trigger)):
        if name not in ("type", "kinds", "where", "first"):
            assert one(plain, trigger=replace(rule.trigger, **{name: 7})) == f"trigger.{name}"
    for name in ("setting", "field"):
        limit = Limit(3, "working_days", **{name: "x"})
        assert one(plain, within=limit) == ("" if name == "setting" else "within.field")
    for name in (f.name for f in fields(Excuse)):
        if name not in ("by", "all"):
            assert one(plain, excused=(replace(Excuse(part), **{name: 7}),)) == f"excused.{name}"
    for name in ("plus", "kinds"):
        has = Has(compares=(("x", Compare("is", **{name: 7})),))
        assert one("bazhou/storage-named", has=has) == f"has.compares.{name}"


def test_of_the_shipped_texts_seven_rules_in_eight_are_asked_in_relations():
    elsewhere = [rule.ref for rule in stack().rules if left(rule)]
    assert len(elsewhere) * 8 <= len(stack().rules), elsewhere


def test_nothing_is_listed_that_the_rules_held_against_the_evaluator_do_not_say():
    rules = [rule for rule in stack().rules if rule.ref in chosen()]
    heard = frozenset().union(*(said(rule) for rule in rules))
    assert {form: {s for s in words if f"{form}: {s}" not in heard} for form, words in FORMS.items()} == {
        form: set() for form in FORMS
    }
    marks = {b.id: b.marks for b in stack().rulebooks}
    assert CONDITIONS - {s for rule in rules for s in said_by(rule, marks[rule.rulebook])} == set()
