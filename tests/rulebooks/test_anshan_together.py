"""Anshan's four texts in one stack: the stricter shows and both are cited; a special rule takes the general one's place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pytest

from liuhen.engines.rulebook import Stack, build_stack, gates, load_rulebook, shipped
from liuhen.engines.rulebook.duty import Duty
from liuhen.engines.rulebook.examples import Example, read_example
from liuhen.ground.calendar import Calendar
from liuhen.ground.case import Case
from liuhen.ground.located import parse
from liuhen.ground.vocabulary import default

RECORDING, RECORDERS, REVIEW, PUBLICITY = (
    "anshan-recording",
    "anshan-bodycam",
    "anshan-legal-review",
    "anshan-publicity",
)
ALL = (RECORDING, RECORDERS, REVIEW, PUBLICITY)
TWO_DAYS_LATER = "2026-03-11T09:00+08:00"
INSPECTED = "2026-03-09 09:00–10:00 act.inspection #a"
MEASURE = "2026-03-09 09:00–10:00 act.coercive_measure #a measure_type=sealing"
WORN = "2026-03-09 09:00–10:00 recording.completed #v >a device_type=body_worn"


@cache
def stack(*ids: str) -> Stack:
    return build_stack([load_rulebook(shipped()[id], default()) for id in ids], default(), Calendar.load())


def told(*records: str, at: str, case: str) -> Example:
    lines = "".join(f"  - {r if r.startswith('{') else chr(34) + r + chr(34)}\n" for r in records)
    text = f'name: a case\ncase: {case}\nrecords:\n{lines}at: "{at}"\nexpect: met\n'
    return read_example(parse(text, "a case"), stack(*ALL).rules[0], default())


def duties(
    *records: str, at: str = TWO_DAYS_LATER, ids: Sequence[str] = ALL, case: str = "{action_type: penalty}"
) -> list[Duty]:
    example = told(*records, at=at, case=case)
    return list(stack(*ids).judge(Case.of(example.records), example.at).duties)


def one(found: Sequence[Duty], duty: str) -> Duty:
    (only,) = [d for d in found if d.rule.duty == duty]
    return only


def cited(duty: Duty) -> set[tuple[str, str]]:
    return {(c.rulebook, c.article) for c in duty.cites}


def statuses(duty: str, *records: str, at: str = TWO_DAYS_LATER) -> tuple[str, str, str]:
    """Return how the duty stands by the general text, by the special one, and by all four together."""
    by = [one(duties(*records, at=at, ids=ids), duty) for ids in ((RECORDING,), (RECORDERS,), ALL)]
    return by[0].status, by[1].status, by[2].status


def test_the_four_texts_stand_together():
    assert {b.id for b in stack(*ALL).rulebooks} == set(ALL)


# -- recording ----------------------------------------------------------------------------------------------------------
def test_footage_of_a_camera_suffices_for_the_recording_measures_and_not_for_the_recorder_measures():
    camera = "2026-03-09 09:00–10:00 recording.completed >a device_type=camera"
    assert statuses("act.filmed", INSPECTED, camera) == ("met", "overdue", "overdue")
    found = one(duties(INSPECTED, camera), "act.filmed")
    assert cited(found) == {(RECORDING, "14"), (RECORDERS, "4")}


def test_a_recorder_that_ran_throughout_meets_both():
    found = duties(INSPECTED, WORN)
    for duty in ("act.filmed", "recording.throughout"):
        assert one(found, duty).status == "met"


@pytest.mark.parametrize(
    ("exception", "together"),
    [
        ("reason=涉密场所", "overdue"),
        ("cause=other @onsite_lead", "overdue"),
        ("reason=涉密场所 @onsite_lead", "excused"),
        ("reason=涉密场所 @handling_unit_head", "excused"),
    ],
)
def test_one_record_of_the_exception_needs_the_reason_of_the_one_and_the_consent_of_the_other(exception, together):
    found = one(duties(INSPECTED, f"2026-03-09 av_exception_record >a {exception}"), "act.filmed")
    assert found.status == together
    assert cited(found) == {(RECORDING, "14"), (RECORDERS, "4")}


def test_consent_never_excuses_what_the_recording_measures_ask_without_exception():
    consent = "2026-03-09 av_exception_record >a reason=暴雨 @onsite_lead"
    assert statuses("act.filmed", MEASURE, consent) == ("overdue", "excused", "overdue")
    assert cited(one(duties(MEASURE, consent), "act.filmed")) == {(RECORDING, "15"), (RECORDERS, "4")}


@pytest.mark.parametrize(
    ("cause", "together"),
    [("battery", "met"), ("storage", "met"), ("failure", "met"), ("weather", "overdue"), ("obstruction", "overdue")],
)
def test_weather_and_obstruction_explain_a_gap_in_one_text_and_remain_a_finding_in_the_other(cause, together):
    pieces = [
        f"2026-03-09 {span} recording.completed >a device_type=body_worn" for span in ("09:00–09:20", "09:30–10:00")
    ]
    why = f"2026-03-09 09:20–09:30 recording_interruption_record >a cause={cause}"
    assert statuses("recording.throughout", INSPECTED, *pieces, why) == ("met", together, together)
    found = one(duties(INSPECTED, *pieces, why), "recording.throughout")
    assert cited(found) == {(RECORDING, "16"), (RECORDERS, "5")}


def test_a_measure_is_one_obligation_of_three_articles():
    found = one(duties(MEASURE, WORN.replace("10:00", "09:50", 1)), "recording.throughout")
    assert found.status == "overdue"
    assert cited(found) == {(RECORDING, "16"), (RECORDERS, "5"), (RECORDERS, "6")}


# -- storing and archiving -------------------------------------------------------------------------------------------------
def stored(day: str, hour: str) -> str:
    return f'{{on: "{day}T{hour}", kind: ingest_record, about: v, by: [{{role: device_keeper, name: 示例庚}}]}}'


def test_on_a_working_day_the_recorder_measures_are_the_stricter():
    records = (INSPECTED, WORN, stored("2026-03-10", "09:59"))
    assert one(duties(*records, ids=(RECORDING,)), "footage.stored").late is None
    found = one(duties(*records), "footage.stored")
    assert (found.status, found.late.amount if found.late else None) == ("met", 1)
    assert cited(found) >= {(RECORDING, "25"), (RECORDERS, "12")}


def test_at_a_weekend_the_recording_measures_are_the_stricter():
    saturday = (INSPECTED.replace("03-09", "03-07"), WORN.replace("03-09", "03-07"))
    at = "2026-03-08T11:00+08:00"
    assert statuses("footage.stored", *saturday, at=at) == ("overdue", "due", "overdue")
    found = one(duties(*saturday, at="2026-03-07T12:00+08:00"), "footage.stored")
    assert (found.status, Calendar.load().local(found.due).isoformat()[:13]) == ("due", "2026-03-08T10")
    assert cited(found) >= {(RECORDING, "25"), (RECORDERS, "12")}


@pytest.mark.parametrize(("day", "text"), [("03-09", RECORDERS), ("03-07", RECORDING)], ids=["Monday", "Saturday"])
def test_the_text_whose_limit_shows_gives_the_title_and_is_cited_first(day, text):
    records = (INSPECTED.replace("03-09", day), WORN.replace("03-09", day))
    found = one(duties(*records, at=f"2026-{day}T12:00+08:00"), "footage.stored")
    assert (found.rule.rulebook, found.cites[0].rulebook) == (text, text)


def test_a_stated_return_from_work_elsewhere_moves_both_limits():
    content = 'content: {reason: away, returned_at: "2026-03-11T20:00:00+08:00"}'
    back = f'{{on: "2026-03-11T20:10", kind: late_handover_record, about: v, {content}}}'
    records = (INSPECTED, WORN, back)
    assert statuses("footage.stored", *records, at="2026-03-12T20:00+08:00") == ("due", "due", "due")
    assert statuses("footage.stored", *records, at="2026-03-12T20:01+08:00") == ("overdue", "overdue", "overdue")


def test_footage_that_an_officer_stored_alone_is_stored_for_one_text_only():
    alone = '{on: "2026-03-09T18:00", kind: ingest_record, about: v, by: [{role: enforcement_officer, name: 示例甲}]}'
    assert statuses("footage.stored", INSPECTED, WORN, alone) == ("met", "overdue", "overdue")


def test_footage_of_a_measure_left_out_of_the_file_is_told_once_by_both_articles():
    found = duties(MEASURE, WORN, "2026-04-01 case.closed", "2026-04-20 case_file", at="2026-04-21T09:00+08:00")
    listed = one(found, "case_file.recordings")
    assert listed.status == "breached"
    assert cited(listed) == {(RECORDING, "25"), (RECORDERS, "6")}


def test_a_recording_found_with_an_officer_is_one_obligation_of_both():
    found = one(duties(INSPECTED, WORN, "2026-03-10 footage.kept_privately >v"), "footage.not_kept_by_officers")
    assert found.status == "breached"
    assert cited(found) >= {(RECORDING, "25"), (RECORDERS, "12")}


# -- keeping ------------------------------------------------------------------------------------------------------------
def refused(*records: str, at: str) -> set[str]:
    """Return the rules whose gates the last record does not pass."""
    example = told(*records, at=at, case="{action_type: penalty}")
    case, last = Case.of(example.records[:-1]), example.records[-1]
    return {g.rule.id for g in gates(stack(*ALL), case, last, example.at)}


@pytest.mark.parametrize(
    ("records", "day", "by"),
    [
        ((INSPECTED, WORN), "2026-09-09", {"kept-six-months"}),
        ((INSPECTED, WORN), "2026-09-10", set()),
        ((MEASURE, WORN), "2026-09-10", {"measure-kept-long-term"}),
        ((MEASURE, WORN, "2026-05-04 retention_review_record >a outcome=release @agency_head"), "2026-09-10", set()),
        (
            (MEASURE, WORN, "2026-05-04 litigation_record >a"),
            "2026-09-09",
            {"kept-six-months", "measure-kept-long-term", "kept-permanently"},
        ),
    ],
    ids=["on the last day", "on the day after", "of a measure", "of a measure, released", "after a suit"],
)
def test_the_door_keeps_footage_as_long_as_the_longest_of_its_times(records, day, by):
    assert refused(*records, f"{day} recording.disposed >v", at="2026-09-20T09:00+08:00") == by


def test_the_longest_keeping_is_the_one_that_shows():
    for records, due in (
        ((INSPECTED, WORN), "2026-09-10T00:00"),
        ((INSPECTED, WORN, "2026-05-04 scene_classification >a scene_kind=objection"), ""),
    ):
        kept = one(duties(*records, at="2026-06-01T09:00+08:00"), "recording.kept")
        assert kept.status == "met"
        assert (Calendar.load().local(kept.due).isoformat()[:16] if kept.due is not None else "") == due


# -- the special rule takes the general one's place ------------------------------------------------------------------------
def looked_at(applicant: str, material: str, approver: str = "") -> tuple[str, ...]:
    asked = f"2026-03-09 access_request #q applicant_type={applicant} material={material}"
    used = '{on: "2026-03-12", kind: access.used, id: u, links: {access: q}}'
    if not approver:
        return asked, used
    by = f"by: [{{role: {approver}, name: 示例丙}}]"
    return asked, f'{{on: "2026-03-11", kind: access_approval, links: {{access: q}}, {by}}}', used


@pytest.mark.parametrize(
    ("applicant", "material", "article"),
    [
        ("enforcement_officer", "footage", (RECORDERS, "13")),
        ("higher_department", "footage,case_file", (RECORDERS, "13")),
        ("party", "footage", (RECORDING, "27")),
        ("enforcement_officer", "case_file", (RECORDING, "27")),
    ],
)
def test_footage_looked_at_for_work_is_the_special_rule_and_everything_else_the_general_one(
    applicant, material, article
):
    found = one(duties(*looked_at(applicant, material), at="2026-03-13T09:00+08:00"), "access.approved")
    assert cited(found) == {article}
    assert found.status == "breached"


def test_the_head_in_charge_approves_by_the_special_rule_though_the_general_one_would_take_the_agency_head_alone():
    records, at = looked_at("enforcement_officer", "footage", "head_in_charge"), "2026-03-13T09:00+08:00"
    assert one(duties(*records, at=at, ids=(RECORDING,)), "access.approved").status == "breached"
    assert one(duties(*records, at=at), "access.approved").status == "met"


def test_the_special_rule_says_whose_place_it_takes():
    rule = stack(*ALL).rule(f"{RECORDERS}/approved-before-looking")
    assert rule is not None
    assert rule.takes_the_place_of == (f"{RECORDING}/approval-before-access",)


@pytest.mark.parametrize(("approver", "closed"), [("", [RECORDERS]), ("head_in_charge", []), ("agency_head", [])])
def test_the_door_asks_the_gate_of_the_special_rule_alone(approver, closed):
    example = told(*looked_at("enforcement_officer", "footage", approver), at="2026-03-13T09:00+08:00", case="{}")
    case, last = Case.of(example.records[:-1]), example.records[-1]
    assert [g.cite.rulebook for g in gates(stack(*ALL), case, last, example.at)] == closed


@pytest.mark.parametrize(
    ("action", "days"), [("penalty", "7"), ("permit", "7"), ("coercion", "20"), ("inspection", "20")]
)
def test_the_seven_days_of_publicity_take_the_place_of_the_twenty(action, days):
    case = f"{{action_type: {action}}}"
    found = one(
        duties("2026-03-09 decision.made outcome=imposed", at="2026-03-10T09:00+08:00", case=case), "decision.published"
    )
    assert found.rule.id == {"7": "published-in-seven-days", "20": "published-in-twenty-days"}[days]


# -- the other texts ----------------------------------------------------------------------------------------------------
def test_rights_told_before_the_decision_are_asked_by_two_texts_and_shown_once():
    found = one(duties("2026-03-09 decision.made outcome=imposed"), "rights.told_before_decision")
    assert found.status == "breached"
    assert cited(found) >= {(RECORDING, "12"), (PUBLICITY, "8")}


def test_a_major_decision_waits_for_its_review_whatever_the_other_texts_say_of_it():
    major = "{on: 2026-03-09, kind: decision_draft_record, content: {major_decision_ground: [major_rights]}}"
    found = one(duties(major, "2026-03-10 decision.made outcome=imposed"), "legal_review.passed")
    assert found.status == "breached"
    assert {c.rulebook for c in found.cites} == {REVIEW}


def test_a_permit_case_is_judged_by_the_texts_that_reach_it():
    found = duties(INSPECTED, case="{action_type: permit}")
    assert {c.rulebook for d in found for c in d.cites} >= {RECORDING}
    assert not [d for d in found if any(c.rulebook == RECORDERS for c in d.cites)]
