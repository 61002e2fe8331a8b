"""A bureau's texts above the national laws: each asked, the stricter shown, both cited; a special text takes its place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pytest

from liuhen.engines.rulebook import Stack, build_stack, load_rulebook, shipped
from liuhen.engines.rulebook.duty import Duty
from liuhen.engines.rulebook.examples import read_example
from liuhen.ground.calendar import Calendar
from liuhen.ground.case import Case
from liuhen.ground.located import parse
from liuhen.ground.vocabulary import default

LAND = ("cn-natural-resources-penalty-2024", "cn-land-2019", "cn-land-regulation-2021")
LAWS = ("cn-penalty-2021", "cn-coercion-2011", "cn-reconsideration-2023", "cn-litigation-2017", *LAND)


@cache
def stack(*ids: str) -> Stack:
    books = [load_rulebook(shipped()[id], default()) for id in ids]
    return build_stack(books, default(), Calendar.load(), regardless_of_dates=True)


def duties(ids: Sequence[str], *records: str, at: str, case: str = "{action_type: penalty}") -> list[Duty]:
    made = stack(*ids)
    lines = "".join(f"  - {r if r.startswith('{') else chr(34) + r + chr(34)}\n" for r in records)
    told = parse(f'name: a case\ncase: {case}\nrecords:\n{lines}at: "{at}"\nexpect: met\n', "a case")
    example = read_example(told, made.rules[0], default())
    return list(made.judge(Case.of(example.records), example.at).duties)


def of(found: Sequence[Duty], duty: str) -> Duty:
    (one,) = [d for d in found if d.rule.duty == duty]
    return one


def cited(duty: Duty) -> set[str]:
    return {c.rulebook for c in duty.cites}


def test_the_shipped_laws_stand_together_without_taking_each_others_place_in_a_circle():
    assert len(stack("bazhou", "anshan-legal-review", *LAWS, "cn-permit-2019", "cn-supervision-2025").rulebooks) == 11


def test_a_transcript_that_two_texts_ask_for_is_one_duty_citing_both():
    found = of(
        duties(("bazhou", *LAWS), "2026-03-02 09:00–10:00 act.questioning", at="2026-03-03T09:00+08:00"),
        "interview.transcript",
    )
    assert cited(found) == {"bazhou", "cn-penalty-2021"}
    assert found.status == "due"


def test_the_demand_that_suffices_locally_is_too_early_under_the_law():
    records = ("2026-03-02 demand_notice", "2026-03-02 demand.served", "2026-03-05 court.applied")
    at = "2026-03-06T09:00+08:00"
    assert of(duties(("bazhou",), *records, at=at), "enforcement.demand_first").status == "met"
    both = of(duties(("bazhou", *LAWS), *records, at=at), "enforcement.demand_first")
    assert both.status == "breached"
    assert cited(both) == {"bazhou", "cn-coercion-2011"}


def test_the_bureaus_thirty_days_for_the_file_are_not_loosened_by_a_law_that_only_measures():
    records = ("2026-03-02 case.closed", "2026-04-01 case_file")
    found = of(duties(("bazhou", *LAWS), *records, at="2026-04-02T09:00+08:00"), "case_file.formed")
    assert (found.status, found.late) == ("met", None)


@pytest.mark.parametrize(
    ("ids", "status", "late"),
    [(("cn-penalty-2021",), "met", 10), (("cn-penalty-2021", *LAND), "met", None)],
)
def test_the_ministrys_rule_leaves_out_an_appraisal_that_the_law_counts(ids, status, late):
    records = (
        "2026-03-02 case_opening",
        "2026-03-10 act.appraisal #p",
        "2026-03-19 expert_appraisal_opinion >p",
        "2026-06-10 decision.made",
    )
    found = of(duties(ids, *records, at="2026-09-01T09:00+08:00"), "penalty.decided")
    assert (found.status, found.late.amount if found.late else None) == (status, late)


def test_the_stricter_review_shows_where_the_laws_four_groups_do_not_reach():
    records = (
        '{on: "2026-03-02", kind: decision_draft_record, content: {major_decision_ground: [major_rights]}}',
        "2026-03-06 decision.made",
    )
    at = "2026-03-20T09:00+08:00"
    assert not [d for d in duties(("cn-penalty-2021",), *records, at=at) if d.rule.duty == "legal_review.passed"]
    found = of(duties(("anshan-legal-review", "cn-penalty-2021"), *records, at=at), "legal_review.passed")
    assert found.status == "breached"
    assert cited(found) == {"anshan-legal-review"}


def test_an_order_to_demolish_turns_the_choice_to_ask_the_court_into_a_duty():
    records = ("2026-03-02 demolition_order.served", "2026-03-17 remedy_period.ended")
    at = "2026-06-18T09:00+08:00"
    found = duties(LAWS, *records, at=at)
    assert not [d for d in found if d.rule.id == "window-used"]
    (asked,) = [d for d in found if d.rule.id == "court-asked-for-demolition"]
    assert asked.fault


def test_a_party_that_lets_its_windows_pass_is_no_fault_of_the_office():
    records = (
        "2026-03-02 document.served document_type=hearing_rights_notice",
        "2026-03-20 decision.made fine=500000",
        "2026-03-23 document.served document_type=penalty_decision",
    )
    windows = [d for d in duties(LAWS, *records, at="2027-03-01T09:00+08:00") if d.rule.asks_from == "party"]
    assert {d.rule.duty for d in windows} >= {"hearing.asked_for", "fine.paid", "remedy.suit_window"}
    assert not any(d.fault for d in windows)


def test_an_article_nobody_could_read_is_cited_as_one_to_be_checked():
    (found,) = duties((*LAND,), "2026-03-02 case_opening", at="2026-03-03T09:00+08:00")
    assert [c.words().zh for c in found.cites] == ["自然资源处罚办法（条号待核）"]
    assert found.cites[0].words().en == "Natural Resources Penalty Measures, article to be checked"


def test_the_opening_form_of_a_bureau_starts_the_laws_ninety_days():
    found = of(
        duties(
            ("xinglongtai", "cn-penalty-2021"), "2026-03-02 case_opening_approval_form", at="2026-06-01T00:00+08:00"
        ),
        "penalty.decided",
    )
    assert cited(found) == {"cn-penalty-2021"}
    assert found.status == "overdue"


def test_a_reported_failure_excuses_the_footage_where_a_text_says_so_and_leaves_it_missing_where_none_does():
    records = (
        "2026-03-02 09:00–10:00 act.inspection #i",
        "2026-03-02 device_failure_report >i reason=failure reported_to=示例乙",
        "2026-03-16 case.closed",
    )
    at, case = "2026-03-17T09:00+08:00", "{action_type: penalty, source: tipoff}"
    assert of(duties(("bazhou",), *records, at=at, case=case), "act.filmed").status == "excused"
    found = duties(("xinglongtai",), *records, at=at, case=case)
    assert of(found, "act.filmed").status == "overdue"
    assert of(found, "xinglongtai.reason-for-no-footage").status == "met"


def test_an_uncooperative_party_excuses_the_recording_in_one_text_and_asks_for_it_in_another():
    records = (
        "2026-03-02 09:00–10:00 act.inspection #i",
        "2026-03-02 09:10–09:50 act.noncooperation #n >i",
        "2026-03-02 av_exception_record >i >n cause=uncooperative_party reason=当事人不配合",
        "2026-03-16 case.closed",
    )
    at = "2026-03-17T09:00+08:00"
    assert of(duties(("quyuan",), *records, at=at), "act.filmed").status == "excused"
    both = duties(("quyuan", "qinghe"), *records, at=at)
    assert of(both, "act.filmed").status == "excused"
    assert of(both, "recorder.used").status == "overdue"
    assert of(both, "recorder.continuous_noncooperation").status == "overdue"


def test_qinghe_asks_for_no_number_of_officers_and_the_law_beneath_it_for_two():
    records = (
        '{on: "2026-03-02T09:00", until: "10:00", kind: act.questioning, content: {person_type: party}, '
        "by: [{role: enforcement_officer, name: 示例甲}]}",
        "2026-03-02 interview_transcript officer_count=1 officer_names=示例甲",
    )
    at = "2026-03-03T09:00+08:00"
    alone = duties(("qinghe",), *records, at=at)
    assert of(alone, "transcript.officers_named").status == "met"
    found = duties(("qinghe", *LAWS), *records, at=at)
    two = of(found, "act.two_officers")
    assert (two.status, cited(two)) == ("overdue", {"cn-penalty-2021"})
