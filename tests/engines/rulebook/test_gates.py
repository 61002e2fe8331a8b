"""Gates: what the door must refuse now, asked all at once; and warnings: what storing a record would breach."""

from __future__ import annotations

from typing import Any

import pytest

from liuhen.engines.rulebook import asked, gates, warnings
from liuhen.ground.case import Case
from liuhen.ground.moments import Instant
from liuhen.ground.record import Record
from tests.engines.rulebook.small import Book, line

CURE = "  gate: yes\n  cure: {zh: 请先答复, en: Answer first.}\n"
ORDER = """
- id: answer-first
  form: order
  before: {kind: trial.event}
  need: [{kind: trial.answer, latest: yes, where: {size: big}}]
"""
AT = "2026-03-20T09:00"


def about_to_store(book: Book, *records: Any, case: Any = None, at: str = AT) -> tuple[Case, Record, Instant]:
    """Return a case, the last of the records as one about to be stored, and the moment."""
    from tests.engines.rulebook.small import read

    made, moment = read(book.rulebook, book.vocabulary, records, case, at)
    return Case.of(made[:-1]), made[-1], moment


def closed(made: Book, *records: Any, **more: Any) -> list[str]:
    case, record, at = about_to_store(made, *records, **more)
    return [f"{g.needed.en}; {g.state.en}; {g.cure.en}" for g in gates(made.stack, case, record, at)]


def test_an_order_with_a_gate_is_refused_with_what_is_needed_its_state_and_the_cure(book):
    made = book(ORDER + CURE)
    assert closed(made, "2026-03-20 trial.event") == ["trial answer; there is none; Answer first."]
    small = "2026-03-19 trial.answer size=small"
    assert closed(made, small, "2026-03-20 trial.event") == [
        "trial answer; trial answer of 19 Mar 2026: small; Answer first."
    ]
    assert closed(made, "2026-03-19 trial.answer size=big", "2026-03-20 trial.event") == []


def test_a_rule_without_a_gate_refuses_nothing(book):
    assert closed(book(ORDER), "2026-03-20 trial.event") == []


def test_a_gate_names_its_article_and_the_kinds_that_would_open_it(book):
    made = book(ORDER + CURE)
    case, record, at = about_to_store(made, "2026-03-20 trial.event")
    (gate,) = gates(made.stack, case, record, at)
    assert (gate.cite.words().zh, gate.kinds) == ("试验办法第1条", ("trial.answer",))
    assert gate.why.zh == "试验"


KEPT = """
- id: kept
  form: retention
  per: recording
  thing: {kind: recording.completed}
  if: {device_type: body_worn}
  keep: [{at_least: {amount: 6, unit: months}}, {class: permanent}]
  raised_by: [{kind: trial.excuse, of: same case}]
"""
FOOTAGE = "2025-08-31 09:00–10:00 recording.completed #v device_type=body_worn"


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ((FOOTAGE, "2026-02-28 recording.disposed >v"), "it is kept until 28 Feb 2026"),
        ((FOOTAGE, "2026-03-01 recording.disposed >v"), ""),
        ((FOOTAGE, "2026-02-01 trial.excuse >v", "2027-03-01 recording.disposed >v"), "it is kept for good"),
        ((FOOTAGE.replace("body_worn", "camera"), "2026-02-28 recording.disposed >v"), ""),
        (
            (FOOTAGE.replace(" device_type=body_worn", ""), "2026-02-28 recording.disposed >v"),
            "not answered: type of device",
        ),
    ],
    ids=["on the last day", "on the day after", "raised since", "not asked of it", "an open question"],
)
def test_what_is_to_be_kept_is_not_disposed_of_before_its_time(book, records, said):
    made = book(KEPT + CURE)
    found = closed(made, *records, at="2027-03-02T09:00")
    assert [f.split("; ")[1] for f in found] == ([said] if said else [])
    assert closed(book(KEPT), *records, at="2027-03-02T09:00") == []


def test_the_gate_of_what_is_kept_lets_the_thing_itself_in_and_looks_at_what_is_named_alone(book):
    made = book(KEPT + CURE)
    assert closed(made, FOOTAGE, at="2026-01-02T09:00") == []
    other = FOOTAGE.replace("#v", "#w").replace("2025-08", "2025-01")
    assert closed(made, FOOTAGE, other, "2025-10-01 recording.disposed >w", at="2026-01-02T09:00") == []


def test_another_kind_of_record_passes(book):
    assert closed(book(ORDER + CURE), "2026-03-20 trial.answer") == []


def test_all_closed_gates_are_told_at_once(book):
    second = ORDER.replace("answer-first", "second-first").replace(
        "trial.answer, latest: yes, where: {size: big}", "trial.second_answer"
    )
    assert len(closed(book(ORDER + CURE + second + CURE), "2026-03-20 trial.event")) == 2


def test_passed_gates_are_told_beside_the_closed_ones(book):
    second = ORDER.replace("answer-first", "second-first").replace(
        "trial.answer, latest: yes, where: {size: big}", "trial.second_answer"
    )
    made = book(ORDER + CURE + second + CURE)
    case, record, at = about_to_store(made, "2026-03-19 trial.second_answer", "2026-03-20 trial.event")
    assert [(a.rule.id, a.passed) for a in asked(made.stack, case, record, at)] == [
        ("answer-first", False),
        ("second-first", True),
    ]


def test_a_gate_holds_only_where_its_condition_does(book):
    made = book(ORDER + CURE + "  if: {size: big}\n")
    assert closed(made, "2026-03-20 trial.event size=small") == []
    assert len(closed(made, "2026-03-20 trial.event size=big")) == 1


def test_a_question_that_was_never_answered_closes_the_gate_and_is_named(book):
    made = book(ORDER + CURE + "  if: {size: big}\n")
    assert closed(made, "2026-03-20 trial.event") == ["an answer; not answered: size; Answer first."]


def test_a_gate_of_other_action_types_is_not_asked(book):
    made = book(ORDER + CURE + "  actions: [permit]\n")
    assert closed(made, "2026-03-20 trial.event", case={"action_type": "penalty"}) == []
    assert len(closed(made, "2026-03-20 trial.event", case={"action_type": "permit"})) == 1


def test_why_the_gate_holds_names_the_mark_and_the_record_that_made_it_true(book):
    head = "marks: [{id: grave, zh: 重大案件, en: grave case, any: [{record: {kind: act.hearing}}]}]"
    made = book(ORDER + CURE + "  if: {mark: grave}\n", head)
    case, record, at = about_to_store(made, "2026-03-02 09:00–10:00 act.hearing", "2026-03-20 trial.event")
    (gate,) = gates(made.stack, case, record, at)
    assert gate.why.zh == "本案属重大案件（2026年3月2日听证）"


def test_an_excuse_that_stands_opens_the_gate(book):
    made = book(ORDER + CURE + "  excused: {by: {kind: trial.excuse, of: same case}}\n")
    assert closed(made, "2026-03-19 trial.excuse", "2026-03-20 trial.event") == []


def test_what_was_received_later_does_not_open_a_gate_that_is_asked_now(book):
    made = book(ORDER + CURE)
    later = '{on: "2026-03-19", kind: trial.answer, received: "2026-03-21T09:00", content: {size: big}}'
    assert len(closed(made, later, "2026-03-20 trial.event", at="2026-03-20T09:00")) == 1


ABSENCE = """
- id: never-twice
  form: absence
  never: {kind: trial.notice}
  second_of: {same: application}
"""


def notice(day: str, application: str = "x") -> str:
    return f'{{on: "2026-03-{day}", kind: trial.notice, id: n{day}, links: {{application: {application}}}}}'


def test_the_second_of_an_application_is_refused_and_the_first_is_not(book):
    made = book(ABSENCE + CURE)
    assert closed(made, notice("02")) == []
    assert closed(made, notice("02"), notice("03")) == ["not to record this; it is forbidden now; Answer first."]
    assert closed(made, notice("02"), notice("03", "y")) == []


def test_a_correction_of_the_first_is_no_second(book):
    made = book(ABSENCE + CURE)
    correction = notice("03").replace("id: n03", "id: n03, corrects: n02")
    assert closed(made, notice("02"), correction) == []


def test_an_act_by_night_is_refused(book):
    night = ABSENCE.replace("trial.notice", "trial.execution").replace(
        "second_of: {same: application}", "hour: {from: 22, to: 6}"
    )
    made = book(night + CURE)
    assert len(closed(made, "2026-03-19 22:00–22:10 trial.execution")) == 1
    assert closed(made, "2026-03-19 21:00–21:59 trial.execution") == []
    assert len(closed(made, '{on: "2026-03-19", kind: trial.execution}')) == 1


# -- warnings ---------------------------------------------------------------------------------------------------------


def warned(made: Book, *records: Any) -> list[str]:
    case, record, at = about_to_store(made, *records)
    return [line(d) for d in warnings(made.stack, case, record, at)]


def test_what_storing_a_record_would_breach_is_told_before(book):
    made = book(ORDER)
    assert warned(made, "2026-03-20 trial.event") == ["breached missing trial.answer"]
    assert warned(made, "2026-03-19 trial.answer size=big", "2026-03-20 trial.event") == []


def test_what_is_wrong_already_is_not_told_again(book):
    made = book(ORDER)
    assert warned(made, "2026-03-19 trial.event", "2026-03-20 trial.paper") == []


def test_a_late_record_warns_that_it_is_late(book):
    rules = """
- id: answered
  form: response
  when: {kind: trial.event}
  then: [{kind: trial.answer}]
  within: {amount: 3, unit: natural_days}
"""
    assert warned(book(rules), "2026-03-02 trial.event", "2026-03-06 trial.answer") == ["met late 1 natural_days"]
    assert warned(book(rules), "2026-03-02 trial.event", "2026-03-05 trial.answer") == []


@pytest.mark.parametrize(("kind", "status"), [("case.closed", "overdue"), ("case_file", "breached")])
def test_closing_a_case_warns_of_what_it_still_lacks(book, kind: str, status: str):
    rules = "\n- id: answered\n  form: response\n  when: {kind: trial.event}\n  then: [{kind: trial.answer}]\n"
    assert warned(book(rules), "2026-03-02 trial.event", f"2026-03-06 {kind}") == [f"{status} missing trial.answer"]
