"""Publications among the texts of one bureau: the gate before them, the law beneath, the special limit, a file already closed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pytest

from liuhen.engines.rulebook import Stack, build_stack, gates, load_rulebook, shipped
from liuhen.engines.rulebook.duty import Duty
from liuhen.engines.rulebook.examples import read_example
from liuhen.ground.calendar import Calendar
from liuhen.ground.case import Case
from liuhen.ground.located import parse
from liuhen.ground.moments import Instant
from liuhen.ground.permissions import acting_as, may_record
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import default

ALONE = ("anshan-publicity",)
BUREAU = ("anshan-publicity", "anshan-recording", "anshan-legal-review")
WITH_THE_LAW = ("anshan-publicity", "cn-penalty-2021")
DRAFT = "2026-03-23 publication_draft #d information=decision"
OUT = '{on: "2026-03-25", kind: publication_record, links: {publication: d}, content: {information: decision}}'
SHOWN = '{on: "2026-02-02", kind: publication_record, links: {publication: d}, content: {information: decision}}'
REVOKED = "2026-03-05 decision.changed how=revoked"


@cache
def stack(*ids: str) -> Stack:
    return build_stack([load_rulebook(shipped()[id], default()) for id in ids], default(), Calendar.load())


def told(ids: Sequence[str], *records: str, at: str, action: str = "penalty") -> tuple[tuple[Record, ...], Instant]:
    lines = "".join(f"  - {r if r.startswith('{') else chr(34) + r + chr(34)}\n" for r in records)
    text = f'name: a case\ncase: {{action_type: {action}}}\nrecords:\n{lines}at: "{at}"\nexpect: met\n'
    example = read_example(parse(text, "a case"), stack(*ids).rules[0], default())
    return example.records, example.at


def duties(ids: Sequence[str], *records: str, at: str, action: str = "penalty") -> list[Duty]:
    made, moment = told(ids, *records, at=at, action=action)
    return list(stack(*ids).judge(Case.of(made), moment).duties)


def reviewed(result: str, role: str = "publication_reviewer") -> str:
    return (
        '{on: "2026-03-24", kind: publication_review_record, links: {publication: d}, '
        f"content: {{result: {result}}}, by: [{{role: {role}, name: 示例辛}}]}}"
    )


def asked_first(*records: str) -> list[list[str]]:
    """Return the next steps of each gate that stands closed before the last record."""
    made, at = told(ALONE, *records, at="2026-03-26T09:00")
    return [[step.kind for step in gate.asks] for gate in gates(stack(*ALONE), Case.of(made[:-1]), made[-1], at)]


def test_nothing_goes_out_before_its_review_and_the_gate_names_the_next_step():
    assert asked_first(DRAFT, OUT) == [["publication_review_record"]]
    assert asked_first(DRAFT, reviewed("approved"), OUT) == []
    assert asked_first(DRAFT, reviewed("approved", "case_handler"), OUT) != []


def test_what_was_sent_back_begins_with_a_draft_again():
    assert asked_first(DRAFT, reviewed("returned"), OUT) == [["publication_draft"]]


def test_what_belongs_to_no_publication_is_sent_to_its_draft():
    assert asked_first("2026-03-25 publication_record information=decision") == [["publication_draft"]]


@pytest.mark.parametrize("role", ["handling_unit_head", "department_head", "publication_reviewer"])
def test_who_heads_the_enforcing_department_reviews(role: str):
    assert may_record(acting_as({role}), default().kinds["publication_review_record"])


@pytest.mark.parametrize("role", ["enforcement_officer", "publicity_editor", "clerk"])
def test_who_prepares_or_publishes_does_not_review(role: str):
    assert not may_record(acting_as({role}), default().kinds["publication_review_record"])


def test_a_revoked_penalty_comes_down_by_the_bureaus_text_and_by_the_law_as_one_duty():
    late = '{on: "2026-03-11", kind: publication_withdrawal_record, links: {publication: d}, content: {ground: ruling}}'
    draft = DRAFT.replace("03-23", "01-30")
    found = duties(WITH_THE_LAW, draft, SHOWN, REVOKED, late, at="2026-03-20T09:00+08:00")
    (one,) = [d for d in found if d.rule.duty == "publication.withdrawn"]
    assert {c.rulebook for c in one.cites} == set(WITH_THE_LAW)
    assert (one.status, one.late.amount if one.late else None) == ("met", 1)


@pytest.mark.parametrize(
    ("action", "rule"),
    [
        ("penalty", "published-in-seven-days"),
        ("permit", "published-in-seven-days"),
        ("coercion", "published-in-twenty-days"),
        ("inspection", "published-in-twenty-days"),
    ],
)
def test_one_limit_for_each_decision_the_special_one_first(action: str, rule: str):
    found = duties(ALONE, "2026-03-20 decision.made", at="2026-03-23T09:00+08:00", action=action)
    assert [d.rule.id for d in found if d.rule.duty == "decision.published"] == [rule]


def test_a_ruling_after_the_file_was_archived_has_its_days_and_is_overdue_after_them():
    draft = DRAFT.replace("03-23", "01-30")
    before = (draft, SHOWN, "2026-02-10 case.closed", "2026-02-20 case_file", REVOKED)
    for at, status in (("2026-03-10T23:59+08:00", "due"), ("2026-03-11T00:00+08:00", "overdue")):
        (one,) = [d for d in duties(ALONE, *before, at=at) if d.rule.id == "taken-down-after-change"]
        assert one.status == status


@pytest.mark.parametrize(
    ("duty", "records", "status"),
    [
        ("rights.told_before_decision", ("2026-03-20 decision.made",), "breached"),
        ("rights.hearing_told_before_hearing", ("2026-03-20 09:00–11:00 act.hearing",), "breached"),
        ("rights.remedies_told", ("2026-03-20 decision.made", "2026-03-23 case.closed"), "overdue"),
    ],
)
def test_what_two_texts_of_the_bureau_ask_alike_is_one_duty_citing_both(
    duty: str, records: tuple[str, ...], status: str
):
    (one,) = [d for d in duties(BUREAU, *records, at="2026-03-24T09:00+08:00") if d.rule.duty == duty]
    assert {c.rulebook for c in one.cites} == {"anshan-publicity", "anshan-recording"}
    assert one.status == status


def test_remedies_that_one_text_asks_and_the_other_hints_at_are_a_duty():
    records = ("2026-03-20 decision.made", "2026-03-23 case.closed")
    (one,) = [d for d in duties(BUREAU, *records, at="2026-03-24T09:00+08:00") if d.rule.duty == "rights.remedies_told"]
    assert one.fault
    (alone,) = [
        d
        for d in duties(("anshan-recording",), *records, at="2026-03-24T09:00+08:00")
        if d.rule.duty == "rights.remedies_told"
    ]
    assert not alone.fault
