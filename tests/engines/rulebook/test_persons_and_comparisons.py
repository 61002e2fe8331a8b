"""Persons of a record, one by one and apart from each other; fields held against those of another record or moment."""

from __future__ import annotations

import pytest

AT = "2026-03-20T09:00"
PAPER = """
- id: filled-in
  form: content
  when: {{kind: trial.paper}}
  has: {{{has}}}
"""


def said(book, has: str, *records: str) -> list[str]:
    return book(PAPER.format(has=has)).judge(*records, at=AT)


# -- each of them signs -----------------------------------------------------------------------------------------------------
TWO = "by: [{role: enforcement_officer, name: 甲}, {role: enforcement_officer, name: 乙}]"


@pytest.mark.parametrize(
    ("signatures", "met"),
    [
        ("[{role: enforcement_officer, name: 甲}, {role: enforcement_officer, name: 乙}]", True),
        ("[enforcement_officer, enforcement_officer]", True),
        ("[{role: enforcement_officer, name: 甲}, enforcement_officer]", True),
        ("[{role: enforcement_officer, name: 甲}]", False),
        ("[{role: enforcement_officer, name: 甲}, {role: enforcement_officer, name: 丙}]", False),
        ("[enforcement_officer]", False),
        ("[]", False),
    ],
)
def test_everybody_who_acted_in_a_role_signs(book, signatures, met):
    record = f'{{on: "2026-03-02", kind: trial.paper, {TWO}, signatures: {signatures}}}'
    expected = ["met"] if met else ["overdue missing enforcement_officer"]
    assert said(book, "signatures: [{each: enforcement_officer}]", record) == expected


def test_a_paper_that_names_nobody_needs_one_signature_of_the_role(book):
    has = "signatures: [{each: enforcement_officer}]"
    assert said(book, has, "2026-03-02 trial.paper @enforcement_officer") == ["met"]
    assert said(book, has, "2026-03-02 trial.paper") == ["overdue missing enforcement_officer"]


def test_a_signature_added_later_is_the_one_that_was_missing(book):
    record = (
        f'{{on: "2026-03-02", kind: trial.paper, id: p, {TWO}, signatures: [{{role: enforcement_officer, name: 甲}}]}}'
    )
    added = '{on: "2026-03-04", kind: signature.added, about: p, signatures: [{role: enforcement_officer, name: 乙}]}'
    assert said(book, "signatures: [{each: enforcement_officer}]", record, added)[0].startswith("met")


# -- different persons ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("people", "met"),
    [
        ("{role: case_handler, name: 甲}, {role: reviewer, name: 乙}, {role: approver, name: 丙}", True),
        ("{role: case_handler, name: 甲}, {role: reviewer, name: 甲}, {role: approver, name: 丙}", False),
        ("{role: case_handler, name: 甲}, {role: approver, name: 甲}", False),
        ("{role: case_handler, name: 甲}, {role: reviewer}", False),
        ("{role: case_handler, name: 甲, id: p1}, {role: reviewer, name: 甲, id: p2}", True),
        ("{role: case_handler, name: 甲}", True),
    ],
)
def test_the_roles_of_a_paper_are_held_by_different_persons(book, people, met):
    record = f'{{on: "2026-03-02", kind: trial.paper, by: [{people}]}}'
    expected = ["met"] if met else ["overdue missing case_handler|reviewer|approver"]
    assert said(book, "apart: [case_handler, reviewer, approver]", record) == expected


@pytest.mark.parametrize(("name", "met"), [("乙", True), ("甲", False)])
def test_a_role_here_is_held_by_another_person_than_a_role_there(book, name, met):
    has = "apart: [{roles: [reviewer], from: {kind: trial.event}, there: [case_handler]}]"
    handled = '{on: "2026-03-01", kind: trial.event, by: [{role: case_handler, name: 甲}]}'
    record = f'{{on: "2026-03-02", kind: trial.paper, signatures: [{{role: reviewer, name: {name}}}]}}'
    assert said(book, has, handled, record) == (["met"] if met else ["overdue missing reviewer|case_handler"])
    assert said(book, has, record) == ["met"]


# -- what a record names as its own -----------------------------------------------------------------------------------------
def test_a_record_names_what_it_belongs_to(book):
    linked = '{on: "2026-03-02", kind: trial.paper, links: {device: x}}'
    assert said(book, "links: [{any: [device, review]}]", linked) == ["met"]
    assert said(book, "links: [{any: [device, review]}]", "2026-03-02 trial.paper") == ["overdue missing device|review"]
    assert said(book, "links: [about]", linked) == ["overdue missing about"]


# -- so long after another moment -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("op", "other", "met"),
    [
        ("at_least", "2028-03-02", True),
        ("at_least", "2028-03-01", False),
        ("at_most", "2028-03-02", True),
        ("at_most", "2028-03-03", False),
        ("more_than", "2028-03-03", True),
        ("more_than", "2028-03-02", False),
        ("less_than", "2028-03-01", True),
        ("less_than", "2028-03-02", False),
    ],
)
def test_a_date_is_held_against_so_long_after_another(book, op, other, met):
    has = f"compare: {{field: other_day, {op}: {{field: day, plus: {{amount: 2, unit: years}}}}}}"
    record = f"2026-03-02 trial.paper day=2026-03-02 other_day={other}"
    assert said(book, has, record) == (["met"] if met else ["overdue missing other_day"])


@pytest.mark.parametrize(("until", "met"), [("2026-03-03T09:00", True), ("2026-03-03T09:01", False)])
def test_hours_are_counted_from_the_moment(book, until, met):
    has = "compare: {field: until, at_most: {field: at, in: trial.event, plus: {amount: 24, unit: hours}}}"
    event = "2026-03-02 09:00 trial.event at=2026-03-02T09:00"
    record = f"2026-03-04 trial.paper until={until}"
    assert said(book, has, event, record) == (["met"] if met else ["overdue missing until"])


def test_a_date_that_was_left_out_lacks(book):
    has = "compare: {field: other_day, at_least: {field: day, plus: {amount: 2, unit: years}}}"
    assert said(book, has, "2026-03-02 trial.paper day=2026-03-02") == ["overdue missing other_day"]


DAILY = "compare: {field: needed, at_most: {field: fine, percent: 3, from: day, to: other_day}}"


@pytest.mark.parametrize(
    ("needed", "last", "met"),
    [
        (3000, "2026-03-02", True),
        (3001, "2026-03-02", False),
        (30000, "2026-03-11", True),
        (30001, "2026-03-11", False),
        (0, "2026-03-01", True),
        (1, "2026-03-01", False),
    ],
)
def test_so_many_per_cent_are_counted_for_each_day_from_the_first_to_the_last(book, needed, last, met):
    record = f"2026-03-20 trial.paper fine=100000 needed={needed} day=2026-03-02 other_day={last}"
    assert said(book, DAILY, record) == (["met"] if met else ["overdue missing needed"])


def test_per_cent_of_days_that_are_not_said_are_lacking(book):
    record = "2026-03-20 trial.paper fine=100000 needed=3000 day=2026-03-02"
    assert said(book, DAILY, record) == ["overdue missing needed"]


# -- the field of another record --------------------------------------------------------------------------------------------
FINE = "compare: {field: fine, at_most: {field: proposed_fine, in: decision_draft_record}}"


@pytest.mark.parametrize(("fine", "met"), [(500, True), (501, False)])
def test_a_number_is_held_against_that_of_the_last_such_record_before(book, fine, met):
    drafts = (
        "2026-03-01 decision_draft_record proposed_fine=900",
        "2026-03-02 decision_draft_record proposed_fine=500",
    )
    later = "2026-03-05 decision_draft_record proposed_fine=900"
    assert said(book, FINE, *drafts, f"2026-03-04 trial.paper fine={fine}", later) == (
        ["met"] if met else ["overdue missing fine"]
    )


def test_where_there_is_no_such_record_nothing_stands_against_it(book):
    assert said(book, FINE, "2026-03-04 trial.paper fine=900") == ["met"]


def test_a_condition_may_hold_a_field_against_that_of_another_record(book):
    made = book("""
- id: explained
  form: content
  when: {kind: trial.paper}
  if: {fine: {more_than: {field: proposed_fine, in: decision_draft_record}}}
  has: {fields: [summary]}
""")
    draft = "2026-03-01 decision_draft_record proposed_fine=500"
    assert made.judge(draft, "2026-03-04 trial.paper fine=500", at=AT) == []
    assert made.judge(draft, "2026-03-04 trial.paper fine=501", at=AT) == ["overdue missing summary"]
    assert made.judge(draft, "2026-03-04 trial.paper", at=AT) == ["unknown asks fine"]


# -- one by one -------------------------------------------------------------------------------------------------------------
SERVED = """
- id: each-answered
  form: response
  when: {kind: trial.act}
  then: [{kind: trial.paper, of: same case}]
  within: {amount: 3, unit: natural_days}
  for_each: {field: recorder_holders, named_in: title}
"""
ACT = "2026-03-02 09:00–10:00 trial.act recorder_holders=甲,乙"


def test_a_response_is_asked_for_each_person_named_and_met_one_by_one(book):
    duties = book(SERVED).duties(ACT, "2026-03-05 trial.paper title=甲", "2026-03-06 trial.paper title=乙", at=AT)
    assert [(d.note, d.status, d.late) for d in duties] == [("乙", "met", (1, "natural_days")), ("甲", "met", None)]
    duties = book(SERVED).duties(ACT, "2026-03-05 trial.paper title=甲", at=AT)
    assert {d.note: d.status for d in duties} == {"甲": "met", "乙": "overdue"}


def test_who_is_to_be_reached_was_never_said(book):
    assert book(SERVED).judge("2026-03-02 09:00–10:00 trial.act", at=AT) == ["unknown asks recorder_holders"]


# -- an excuse that asks for something beside it ----------------------------------------------------------------------------
BESIDE = """
- id: answered
  form: response
  when: {kind: trial.event}
  then: [{kind: trial.answer}]
  within: {amount: 3, unit: natural_days}
  excused: {by: {kind: trial.excuse}, beside: [{kind: trial.paper}, {kind: trial.second_answer, of: same case}]}
"""


def test_an_excuse_counts_only_with_what_it_asks_for_beside_it(book):
    made = book(BESIDE)
    event, excuse = "2026-03-02 trial.event #e", "2026-03-03 trial.excuse >e"
    paper, other = "2026-03-03 trial.paper >e", "2026-03-04 trial.second_answer"
    assert made.judge(event, excuse, paper, at=AT) == ["overdue missing trial.answer"]
    assert made.judge(event, paper, other, at=AT) == ["overdue missing trial.answer"]
    assert made.judge(event, excuse, paper, other, at=AT) == ["excused"]


# -- what ends a thing that is kept -----------------------------------------------------------------------------------------
KEPT = """
- id: kept-published
  form: retention
  thing: {kind: trial.paper}
  keep: [{at_least: {amount: 2, unit: years}, from: day}]
  ended_by: [{kind: trial.event, where: {size: small}}]
"""
PUBLISHED = "2026-03-02 trial.paper #p day=2026-03-02"


@pytest.mark.parametrize(("on", "status"), [("2028-03-02", "breached"), ("2028-03-03", "met")])
def test_a_thing_is_kept_until_what_ends_it(book, on, status):
    ended = f"{on} trial.event >p size=small"
    (duty,) = book(KEPT).duties(PUBLISHED, ended, at="2029-01-01T09:00")
    assert duty.status == status


def test_another_record_about_the_thing_does_not_end_it(book):
    (duty,) = book(KEPT).duties(PUBLISHED, "2027-03-02 trial.event >p size=big", at="2029-01-01T09:00")
    assert duty.status == "met"
