"""Before a closed gate, and before a duty that can't be decided: what is to be recorded next, and by whom."""

from __future__ import annotations

from liuhen.engines.rulebook import Step, gates, questions
from liuhen.ground.case import Case
from liuhen.ground.record import Record
from tests.engines.rulebook.test_gates import about_to_store

GATE = """
- id: review-first
  form: order
  gate: yes
  cure: {zh: 请先送审, en: Review first.}
  steps: [legal_review_application, review.file_complete, legal_review_opinion]
  before: {kind: decision.made}
  need: [{kind: legal_review_opinion, latest: yes, where: {review_opinion: agree}}]
"""
APPLIED = "2026-03-02 legal_review_application #r"
COMPLETE = '{on: "2026-03-03", kind: review.file_complete, links: {review: r}}'
DECIDED = "2026-03-20 decision.made"
HANDLER, REVIEWER = ("case_handler", "handling_unit"), ("legal_reviewer", "legal_affairs_unit")


def opinion(value: str, on: str = "2026-03-05", review: str = "r") -> str:
    return (
        f'{{on: "{on}", kind: legal_review_opinion, links: {{review: {review}}}, content: {{review_opinion: {value}}}}}'
    )


def asks(made, *records) -> tuple[Step, ...]:
    case, record, at = about_to_store(made, *records, DECIDED)
    (gate,) = gates(made.stack, case, record, at)
    return gate.asks


def test_a_closed_gate_asks_for_the_first_step_that_was_not_taken_and_says_who_takes_it(book):
    made = book(GATE)
    assert asks(made) == (Step("legal_review_application", HANDLER),)
    assert asks(made, APPLIED) == (Step("review.file_complete", REVIEWER),)
    assert asks(made, APPLIED, COMPLETE) == (Step("legal_review_opinion", REVIEWER),)


def test_after_an_opinion_that_is_not_the_one_needed_the_steps_begin_anew(book):
    made = book(GATE)
    assert asks(made, APPLIED, COMPLETE, opinion("correct")) == (Step("legal_review_application", HANDLER),)
    again = "2026-03-09 legal_review_application #s"
    assert asks(made, APPLIED, COMPLETE, opinion("correct"), again) == (Step("review.file_complete", REVIEWER),)


def test_a_step_taken_before_the_one_that_leads_to_it_does_not_count(book):
    early = '{on: "2026-03-01", kind: review.file_complete, links: {review: r}}'
    assert asks(book(GATE), early, APPLIED) == (Step("review.file_complete", REVIEWER),)


def test_steps_of_another_subject_do_not_count(book):
    made = book("""
- id: approved-first
  form: order
  gate: yes
  cure: {zh: 请先报批, en: Ask first.}
  per: access
  steps: [access_request, access_approval]
  before: {kind: access.used}
  need: [{kind: access_approval, of: same access}]
""")
    request, other = "2026-03-02 access_request #q", "2026-03-03 access_request #p"
    approved = '{on: "2026-03-04", kind: access_approval, links: {access: p}}'
    used = '{on: "2026-03-20", kind: access.used, links: {access: q}}'
    case, record, at = about_to_store(made, request, other, approved, used)
    (gate,) = gates(made.stack, case, record, at)
    assert [s.kind for s in gate.asks] == ["access_approval"]


def test_without_steps_the_gate_asks_for_what_is_needed(book):
    made = book(GATE.replace("  steps: [legal_review_application, review.file_complete, legal_review_opinion]\n", ""))
    assert asks(made) == (Step("legal_review_opinion", REVIEWER),)


def test_a_gate_that_only_time_opens_asks_for_nothing(book):
    made = book(GATE.replace("latest: yes, ", "at_least: {amount: 30, unit: natural_days}, "))
    case, record, at = about_to_store(made, APPLIED, COMPLETE, opinion("agree"), DECIDED)
    (gate,) = gates(made.stack, case, record, at)
    assert gate.asks == ()


# -- a question that was never answered -----------------------------------------------------------------------------------
DRAFT = "{record: {kind: decision_draft_record, where: {major_decision_ground: {contains: complex}}}}"
MARK = f"marks: [{{id: major, zh: 重大决定, en: major decision, any: [{DRAFT}]}}]"
ANSWERED = MARK.replace(
    ", any", ", answered: {in: decision_draft_record, field: major_decision_ground, from: clerk}, any"
)


def test_a_gate_closed_by_an_open_mark_asks_for_the_correction_of_the_record_that_left_it_open(book):
    made = book(GATE + "  if: {mark: major}\n", ANSWERED)
    (step,) = asks(made, "2026-03-02 decision_draft_record #d")
    assert step == Step("decision_draft_record", ("clerk",), "major_decision_ground", "d")


def unknown(book, rules: str, head: str, *records, at="2026-03-20T09:00"):
    made = book(rules, head)
    known: tuple[Record, ...] = made.records(*records, at=at)
    judgement = made.judgement(*records, at=at)
    (duty,) = judgement.duties
    return duty, questions(made.stack, duty, Case(known), judgement.at)


RULE = """
- id: answered
  form: response
  when: {kind: trial.event}
  if: {mark: major}
  then: [{kind: trial.answer}]
"""
EVENT = "2026-03-03 trial.event"


def test_a_duty_that_an_open_mark_leaves_unknown_says_which_mark_and_who_answers_where(book):
    duty, (question,) = unknown(book, RULE, ANSWERED, "2026-03-02 decision_draft_record #d", EVENT)
    assert (duty.status, duty.asks) == ("unknown", ("major_decision_ground",))
    assert (question.mark, question.words.zh, question.roles) == ("major", "重大决定", ("clerk",))
    assert (question.kind, question.field, question.record) == ("decision_draft_record", "major_decision_ground", "d")


def test_without_a_place_of_its_own_a_mark_is_answered_where_its_conditions_read(book):
    duty, (question,) = unknown(book, RULE, MARK, "2026-03-02 decision_draft_record #d", EVENT)
    assert duty.asks == ("major_decision_ground",)
    assert (question.mark, question.field, question.record) == ("major", "major_decision_ground", "d")


def test_a_duty_whose_trigger_is_an_open_mark_names_what_settles_it(book):
    rule = RULE.replace("when: {kind: trial.event}\n  if: {mark: major}", "when: {mark: major}")
    duty, (question,) = unknown(book, rule, ANSWERED, "2026-03-02 decision_draft_record #d")
    assert (duty.status, duty.asks, question.record) == ("unknown", ("major_decision_ground",), "d")


def test_a_field_of_the_trigger_or_of_the_case_is_asked_of_its_record(book):
    rule = RULE.replace("{mark: major}", "{all: [{size: big}, {case.source: tipoff}]}")
    _, (first, second) = unknown(book, rule, "", "2026-03-03 trial.event #e")
    assert (first.kind, first.field, first.record, first.mark) == ("trial.event", "size", "e", "")
    assert (second.kind, second.field, second.record) == ("case.opened", "source", "case")


def test_a_duty_that_is_known_asks_nothing(book):
    made = book(RULE.replace("  if: {mark: major}\n", ""))
    (duty,) = made.duties(EVENT, at="2026-03-20T09:00")
    assert questions(made.stack, duty, Case(made.records(EVENT)), made.judgement(EVENT, at="2026-03-20T09:00").at) == ()


def test_a_mark_is_answered_in_one_kind_by_a_known_role(tmp_path):
    from tests.engines.rulebook.test_refused_clauses import refusal

    for n, (was, now, code) in enumerate(
        [
            ("from: clerk", "from: nobody", "B-004"),
            ("field: major_decision_ground", "field: colour", "B-004"),
            ("in: decision_draft_record", "in: [decision_draft_record, decision.made]", "B-003"),
            (", from: clerk", "", "B-002"),
        ]
    ):
        found = refusal(tmp_path / str(n), RULE, ANSWERED.replace(was, now)).finding
        assert (found.code, str(found.fields["at"]).startswith("trial/rulebook.yaml:")) == (code, True)
