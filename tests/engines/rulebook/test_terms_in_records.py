"""Lengths and persons that stand in records: another clock from a field, whoever of several roles, another subject's record."""

from __future__ import annotations

import pytest

from tests.engines.rulebook.small import due_of

# -- another clock whose length stands in the record that gives it -----------------------------------------------------
INSTEAD = """
- id: answered
  form: response
  when: {kind: trial.event}
  then: [{kind: trial.answer, of: same case}]
  within: {amount: 3, unit: natural_days}
  instead:
    by: {kind: trial.event, of: same case, where: {size: small}}
    within: {field: period, unit: natural_days}
    from: trigger
"""
EVENT = "2026-03-02 trial.event size=big"


def judged(made, *records, at="2026-03-20T09:00"):
    return [
        d for d in made.duties(EVENT, *records, at=at) if d.since == min(x.since for x in made.duties(EVENT, at=at))
    ]


def test_days_given_in_a_notice_take_the_place_of_the_plain_limit_and_run_from_where_it_did(book):
    made = book(INSTEAD)
    given = "2026-03-03 trial.event size=small period=10"
    assert [due_of(d) for d in judged(made, given)] == ["2026-03-13 00:00"]
    assert [d.status for d in judged(made, given, "2026-03-12 trial.answer")] == ["met"]
    (late,) = judged(made, given, "2026-03-13 trial.answer")
    assert late.late == (1, "natural_days")


def test_a_notice_may_give_no_days_at_all(book):
    (duty,) = judged(book(INSTEAD), "2026-03-03 trial.event size=small period=0")
    assert due_of(duty) == "2026-03-03 00:00"


def test_a_notice_that_leaves_its_days_open_is_asked_for_them(book):
    (duty,) = judged(book(INSTEAD), "2026-03-03 trial.event size=small")
    assert (duty.status, duty.asks) == ("unknown", ("period",))


def test_without_a_notice_the_plain_limit_counts(book):
    assert [due_of(d) for d in judged(book(INSTEAD))] == ["2026-03-06 00:00"]


def test_another_clock_may_run_from_a_moment_of_the_notice_itself(book):
    made = book(INSTEAD.replace("from: trigger", "from: done_at"))
    assert [due_of(d) for d in judged(made, "2026-03-09 trial.event size=small period=10")] == ["2026-03-20 00:00"]


# -- whoever of several roles -------------------------------------------------------------------------------------------
APPROVALS = """
- id: approved
  form: content
  when: {kind: trial.paper}
  has: {approvals: {in_order: [{any: [handling_unit, handling_unit_head]}, agency_head]}}
"""


@pytest.mark.parametrize(
    ("signed", "said"),
    [
        ("@handling_unit @agency_head", ["met"]),
        ("@handling_unit_head @agency_head", ["met"]),
        ("@agency_head @handling_unit_head", ["overdue missing agency_head"]),
        ("@agency_head", ["overdue missing handling_unit|handling_unit_head"]),
        ("@handling_unit", ["overdue missing agency_head"]),
    ],
)
def test_a_step_of_the_approval_may_be_taken_by_any_of_several_roles(book, signed, said):
    made = book(APPROVALS)
    assert made.judge(f"2026-03-02 trial.paper {signed}", at="2026-03-03T09:00") == said


CONSENT = """
- id: answered
  form: response
  when: {kind: trial.event}
  then: [{kind: trial.answer}]
  within: {amount: 3, unit: natural_days}
  excused: {by: {kind: trial.excuse, approved_by: [onsite_lead, handling_unit_head]}}
"""


@pytest.mark.parametrize(
    ("by", "status"), [("onsite_lead", "excused"), ("handling_unit_head", "excused"), ("party", "overdue")]
)
def test_an_excuse_may_be_approved_by_any_of_several_roles(book, by, status):
    excuse = f"2026-03-03 trial.excuse >e @{by}"
    (duty,) = book(CONSENT).duties("2026-03-02 trial.event #e", excuse, at="2026-03-20T09:00")
    assert duty.status == status


# -- a record of another subject ---------------------------------------------------------------------------------------
AGAIN = """
- id: sent-again
  form: response
  when: {kind: legal_review_opinion, where: {review_opinion: correct}}
  then: [{kind: legal_review_application, of: another review}]
  any_time: no
"""
OPINION = '{on: "2026-03-05", kind: legal_review_opinion, links: {review: r}, content: {review_opinion: correct}}'


def test_of_another_subject_the_record_that_opened_this_one_does_not_count(book):
    made = book(AGAIN)
    first = "2026-03-05 legal_review_application #r"
    assert made.judge(first, OPINION, at="2026-03-20T09:00") == ["due missing legal_review_application"]
    assert made.judge(first, OPINION, "2026-03-05 legal_review_application #s", at="2026-03-20T09:00") == ["met"]


def test_a_condition_may_ask_for_a_record_of_another_subject(book):
    rules = AGAIN + "  if: {has_not: {kind: review_return_record, of: another review}}\n"
    first = "2026-03-02 legal_review_application #r"
    own = '{on: "2026-03-04", kind: review_return_record, links: {review: r}}'
    others = '{on: "2026-03-04", kind: review_return_record, links: {review: s}}'
    second = "2026-03-03 legal_review_application #s"
    assert book(rules).judge(first, own, OPINION, at="2026-03-20T09:00") == ["due missing legal_review_application"]
    assert book(rules).judge(first, second, others, OPINION, at="2026-03-20T09:00") == []


# -- what is offered first ----------------------------------------------------------------------------------------------
def test_of_several_records_that_will_do_the_one_written_first_is_offered_first(book):
    made = book("""
- id: answered
  form: response
  when: {kind: trial.event}
  then: [{any: [{kind: trial.second_answer}, {kind: trial.answer}]}]
""")
    (duty,) = made.duties("2026-03-02 trial.event", at="2026-03-20T09:00")
    (missing,) = duty.missing
    assert missing.kinds == ("trial.second_answer", "trial.answer")
    assert missing.words.en == "second answer or trial answer"
