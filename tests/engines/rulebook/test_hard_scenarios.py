"""Fifteen hard cases of the rule forms, told with small rulebooks; each a story that once broke an evaluator on paper."""

from __future__ import annotations

from datetime import datetime

import pytest

from liuhen.engines.rulebook import build_stack, gates, load_rulebook, shipped
from liuhen.ground.case import Case
from liuhen.ground.moments import instant
from liuhen.ground.record import ZONE, Record
from liuhen.ground.vocabulary import default
from tests.engines.rulebook.small import Book, calendar, due_of, line, ordered, read, write_book

REVIEW = """
- id: opinion
  form: response
  per: review
  when: {first: {kind: review.file_complete}}
  then: [{kind: legal_review_opinion, of: same review}]
  within: {amount: 7, unit: working_days}
  stops: {from: {kind: review_return_record}, until: {kind: review.file_complete}, article: "6"}
  extended: {by: {kind: review.extension_granted}, amount: 3, unit: working_days}
"""


def of(review: str, on: str, kind: str, more: str = "") -> str:
    return f'{{on: "{on}", kind: {kind}, links: {{review: {review}}}{more}}}'


REQUEST = "2026-01-20 legal_review_application #r"


# -- 1 to 4: the legal review -------------------------------------------------------------------------------------------


def test_1_returned_twice_and_resubmitted_over_the_spring_festival(book):
    """Days used stay used, the overlap is not counted twice, and there is one obligation only."""
    records = [
        REQUEST,
        of("r", "2026-02-09T09:00", "review.file_complete"),  # Monday
        of("r", "2026-02-12T10:00", "review_return_record"),  # working day 3
        of("r", "2026-02-14T09:00", "review.file_complete"),  # a Saturday made up for the festival
        of("r", "2026-02-14T15:00", "review_return_record"),  # again on the day of resubmission
        of("r", "2026-02-25T09:00", "review.file_complete"),  # after the festival (15 to 23 February)
    ]
    duties = book(REVIEW).duties(*records, at="2026-02-25T12:00")
    # Used: 10 and 11 February. Not counted: 12 to 25. Five more: 26, 27, 28 (made up), 2 and 3 March.
    assert [due_of(d) for d in duties] == ["2026-03-04 00:00"]


@pytest.mark.parametrize(
    ("granted", "stopped", "opinion", "said"),
    [
        ("2026-03-17T17:00", False, "2026-03-20", "met"),  # day 7, opinion on day 10
        ("2026-03-18T09:00", False, "2026-03-20", "met late 3 working_days"),  # day 8 is too late
        ("2026-03-18T09:00", True, "2026-03-24", "met"),  # day 8, of which two did not count
        ("2026-03-17T17:00", False, "2026-03-23", "met late 1 working_days"),  # day 11 of ten
    ],
)
def test_2_an_extension_counts_if_granted_in_time(book, granted: str, stopped: bool, opinion: str, said: str):
    records = [
        REQUEST,
        of("r", "2026-03-06T09:00", "review.file_complete"),
        of("r", granted, "review.extension_granted"),
        of("r", opinion, "legal_review_opinion"),
    ]
    if stopped:
        records += [
            of("r", "2026-03-09T09:00", "review_return_record"),
            of("r", "2026-03-10T09:00", "review.file_complete"),
        ]
    assert book(REVIEW).judge(*records, at="2026-04-01T09:00") == [said]


def test_3_the_trigger_is_corrected_to_an_earlier_day_after_the_opinion(book):
    """Met turns into met, late; the view as known then stays met."""
    records = [
        REQUEST,
        of("r", "2026-03-06", "review.file_complete", ", id: a"),
        of("r", "2026-03-17", "legal_review_opinion"),
        of("r", "2026-03-05", "review.file_complete", ', id: b, corrects: a, received: "2026-03-25T09:00"'),
    ]
    made = book(REVIEW)
    assert made.judge(*records, at="2026-03-24T09:00") == ["met"]
    assert made.judge(*records, at="2026-03-25T09:00") == ["met late 1 working_days"]
    assert made.judge(*records, at="2026-03-24T09:00") == ["met"]


A, B = "a" * 64, "b" * 64
PASSED = """
- id: passed
  form: order
  gate: yes
  cure: {zh: 请先送审, en: Send it to review first.}
  before: {kind: decision.made}
  if: {mark: major}
  need: [{kind: legal_review_opinion, latest: yes, where: {review_opinion: agree}, same: draft_digest}]
"""
MAJOR = """
marks:
  - id: major
    zh: 重大决定
    en: major decision
    any: [{record: {kind: act.hearing}}, {record: {kind: decision.made, where: {fine: {at_least: 10000000}}}}]
"""
HEARING = "2026-03-02 09:00–11:00 act.hearing"


def opinion(day: str, value: str, digest: str, more: str = "") -> str:
    content = f"content: {{review_opinion: {value}, draft_digest: {digest}}}"
    return f'{{on: "2026-03-{day}", kind: legal_review_opinion{more}, {content}}}'


def decided(day: str, digest: str, more: str = "", content: str = "") -> str:
    return f'{{on: "2026-03-{day}", kind: decision.made{more}, content: {{draft_digest: {digest}{content}}}}}'


def test_4_a_draft_changed_by_one_character_or_an_opinion_corrected_closes_the_gate(book):
    made = book(PASSED, MAJOR)

    def closed(*records: str) -> int:
        found, at = read(made.rulebook, made.vocabulary, records, None, "2026-03-20T09:00")
        return len(gates(made.stack, Case.of(found[:-1]), found[-1], at))

    agreed = opinion("10", "agree", A, ", id: o")
    assert closed(HEARING, agreed, decided("16", A)) == 0
    assert closed(HEARING, agreed, decided("16", B)) == 1
    assert closed(HEARING, agreed, opinion("10", "correct", A, ", corrects: o"), decided("16", A)) == 1


# -- 5 and 6: footage ---------------------------------------------------------------------------------------------------

ACT = '{on: "2026-03-02T09:00", until: "10:00", kind: trial.act, id: a, content: {recorder_holders: [{name: 甲}, {name: 乙}]}}'


def footage(holder: str, *spans: str) -> list[str]:
    return [
        f'{{on: "2026-03-02T{s[:5]}", until: "{s[6:]}", kind: recording.completed, about: a, '
        f"content: {{device_type: body_worn, holder: {holder}}}}}"
        for s in spans
    ]


def test_5_two_recorders_with_a_hole_each_cover_the_act_together_and_neither_officer_alone(book):
    whole = "\n- id: whole\n  form: coverage\n  act: {kind: trial.act}\n  extent: whole\n  gaps: none\n"
    each = whole.replace("whole\n  form", "each\n  form") + "  who: each_officer_with_device\n  device: body_worn\n"
    records = [ACT, *footage("甲", "09:00–09:10", "09:14–10:00"), *footage("乙", "09:00–09:40", "09:44–10:00")]
    duties = book(whole + each).duties(*records, at="2026-03-05T09:00")
    assert [(d.rule.id, d.note, d.status) for d in duties] == [
        ("each", "乙", "overdue"),
        ("each", "甲", "overdue"),
        ("whole", "", "met"),
    ]


def test_6_the_explained_gap_is_accepted_under_one_text_and_a_finding_under_the_other(book):
    explained = """
- id: explained
  form: coverage
  act: {kind: trial.act}
  extent: whole
  gaps:
    explained:
      kind: recording_interruption_record
      where: {cause: {one_of: [obstruction, weather, failure, storage, battery]}}
"""
    unbroken = """
- id: unbroken
  form: coverage
  act: {kind: trial.act}
  extent: whole
  gaps: none
  excused: {by: {kind: trial.excuse, where: {why: {filled: yes}}}}
"""

    def gap(start: str, end: str, cause: str) -> str:
        what = f"kind: recording_interruption_record, about: a, content: {{cause: {cause}}}"
        return f'{{on: "2026-03-02T{start}", until: "{end}", {what}}}'

    act = "2026-03-02 09:00–10:00 trial.act #a"
    two_holes = footage("甲", "09:00–09:10", "09:20–09:30", "09:40–10:00")
    (duty,) = book(explained).duties(act, *two_holes, gap("09:10", "09:20", "battery"), at="2026-03-05T09:00")
    assert [m.words.en[:11] for m in duty.missing] == ["09:30–09:40"]
    weather = [act, *footage("甲", "09:00–09:10", "09:20–10:00"), gap("09:10", "09:20", "weather")]
    said = {d.rule.id: d.status for d in book(explained + unbroken).duties(*weather, at="2026-03-05T09:00")}
    assert said == {"explained": "met", "unbroken": "overdue"}
    agreed = book(unbroken).judge(*weather, "2026-03-02 trial.excuse >a why=已同意", at="2026-03-05T09:00")
    assert agreed == ["excused"]


# -- 7: remote duty -----------------------------------------------------------------------------------------------------

STORED = """
- id: stored
  form: response
  per: recording
  when: {kind: recording.completed}
  then: [{kind: ingest_record, about: it}]
  within: {amount: 24, unit: hours}
  from: last_segment_end
  instead: {by: {kind: trial.excuse, about: it}, within: {amount: 24, unit: hours}, from: back_at}
"""


def test_7_footage_of_remote_duty_is_due_24_hours_after_the_return(book):
    friday = "2026-03-06 16:00–17:00 recording.completed #v"
    stored = "2026-03-09 19:00 ingest_record >v"

    def returned(received: str) -> str:
        return (
            f'{{on: "2026-03-06T18:00", kind: trial.excuse, about: v, received: "{received}", '
            f'content: {{back_at: "2026-03-08T20:00"}}}}'
        )

    made = book(STORED)
    assert made.judge(friday, returned("2026-03-06T18:00"), stored, at="2026-03-10T09:00") == ["met"]
    assert made.judge(friday, at="2026-03-07T17:01") == ["overdue missing ingest_record"]
    assert made.judge(friday, returned("2026-03-08T21:00"), stored, at="2026-03-10T09:00") == ["met recorded_after"]


# -- 8: links and corrections -------------------------------------------------------------------------------------------


def test_8_two_inspections_one_transcript_and_a_transcript_corrected_twice(book):
    rules = "\n- id: paper\n  form: response\n  when: {kind: trial.act}\n  then: [{kind: trial.paper}]\n"
    acts = ["2026-03-02 09:00–10:00 trial.act #a", "2026-03-02 11:00–12:00 trial.act #b"]
    papers = [
        "{on: 2026-03-02, kind: trial.paper, id: p, about: a}",
        "{on: 2026-03-02, kind: trial.paper, id: q, about: a, corrects: p}",
        "{on: 2026-03-02, kind: trial.paper, id: s, about: a, corrects: q}",
    ]
    duties = book(rules).duties(*acts, *papers, at="2026-03-05T09:00")
    assert [(line(d), d.met_by) for d in duties] == [("met", ("s",)), ("due missing trial.paper", ())]


# -- 9: three names -----------------------------------------------------------------------------------------------------


def test_9_three_names_and_one_valid_officer_and_a_refusal_that_excuses_one_signature(book):
    rules = """
- id: two-officers
  form: content
  when: {kind: trial.paper}
  has: {officers: {at_least: 2, certificate: valid}}
- id: signed
  form: content
  when: {kind: trial.paper}
  has: {signatures: [enforcement_officer, party]}
  excused: {by: {kind: trial.excuse}, parts: {signatures: [party]}}
"""
    names = (("甲", 1), ("甲", 1), ("乙", 2))
    by = "[" + ", ".join(f"{{role: enforcement_officer, name: {n}, certificate: '{c}'}}" for n, c in names) + "]"
    paper = f"{{on: 2026-03-02, kind: trial.paper, id: p, by: {by}}}"
    done = datetime(2026, 1, 1, tzinfo=ZONE)
    known = [
        Record(
            id=n, bureau="示例", kind="officer.certificate", done_at=done,
            content={"number": n, "holder": "示例", "valid_from": "2026-01-01", "valid_until": until},
        )
        for n, until in (("1", "2026-12-31"), ("2", "2026-03-01"))
    ]  # fmt: skip
    judged = book(rules).judgement(paper, "2026-03-02 trial.excuse >p", at="2026-03-05T09:00", register=known)
    signed, two = ordered(judged.duties)
    assert (two.missing[0].words.en, two.status) == ("1 of 2 officers with a valid certificate", "overdue")
    assert line(signed) == "overdue missing enforcement_officer"


# -- 10: other ways first -----------------------------------------------------------------------------------------------

OTHER_WAYS = """
- id: other-ways-first
  form: order
  before: {kind: trial.notice}
  need: [{kind: trial.event, of: same document}]
"""


@pytest.mark.parametrize(
    ("failed", "said"),
    [
        (("2026-03-01", "x"), "met"),
        (("2026-03-01", "y"), "breached missing trial.event"),
        (("2026-03-02", "x"), "met marked"),
    ],
)
def test_10_public_notice_after_a_failed_attempt_for_this_document(book, failed: tuple[str, str], said: str):
    day, document = failed
    attempt = f'{{on: "{day}", kind: trial.event, links: {{document: {document}}}}}'
    notice = '{on: "2026-03-02T09:00", kind: trial.notice, links: {document: x}}'
    assert book(OTHER_WAYS).judge(attempt, notice, at="2026-03-05T09:00") == [said]


# -- 11: retention ------------------------------------------------------------------------------------------------------


def test_11_footage_of_31_august_and_a_complaint_of_27_february(book):
    rules = """
- id: kept
  form: retention
  thing: {kind: recording.completed}
  keep: [{at_least: {amount: 6, unit: months}}, {class: permanent}]
  raised_by: [{kind: trial.event}]
"""
    footage_, complaint = "2025-08-31 09:00–10:00 recording.completed #v", "2026-02-27 trial.event"

    def disposed(day: str) -> str:
        return f'{{on: "{day}", kind: recording.disposed, about: v, received: "{day}T12:00"}}'

    made, at = book(rules), "2026-04-01T09:00"
    assert made.judge(footage_, complaint, disposed("2026-02-28"), at=at) == ["breached missing disposed"]
    assert made.judge(footage_, disposed("2026-02-28"), at=at) == ["breached missing disposed"]
    assert made.judge(footage_, disposed("2026-03-01"), at=at) == ["met"]
    assert made.judge(footage_, complaint, disposed("2026-03-01"), at=at) == ["breached missing disposed"]
    later = '{on: "2026-02-27", kind: trial.event, received: "2026-03-10T09:00"}'
    assert made.judge(footage_, later, disposed("2026-03-01"), at=at) == ["met recorded_after"]


# -- 12: major only afterwards ------------------------------------------------------------------------------------------


def test_12_a_case_that_becomes_major_by_a_correction_of_the_fine_after_the_decision(book):
    """The review was not asked for then, and is breached now as of the decision's moment; both views explain it."""
    small = decided("16", A, ", id: d", ", fine: 9999999")
    large = decided("16", A, ', id: e, corrects: d, received: "2026-03-25T09:00"', ", fine: 10000000")
    made = book(PASSED, MAJOR)
    assert made.judge(small, large, at="2026-03-24T09:00") == []
    (duty,) = made.duties(small, large, at="2026-03-25T09:00")
    assert (duty.status, duty.trigger, duty.root) == ("breached", "e", "d")
    assert duty.since == instant(datetime(2026, 3, 16, tzinfo=ZONE))


# -- 13: a text that ran out --------------------------------------------------------------------------------------------


def test_13_a_case_of_november_2023_is_not_judged_by_bazhou_unless_the_bureau_applies_it_on():
    vocabulary = default()
    bazhou = load_rulebook(shipped()["bazhou"], vocabulary)
    stack = build_stack([bazhou], vocabulary, calendar())
    records, at = read(
        bazhou, vocabulary, ["2023-11-07 09:00–10:00 act.questioning"], {"action_type": "penalty"}, "2023-12-01T09:00"
    )
    on = Record(
        id="d", bureau="示例", kind="rulebook.applied_on", done_at=datetime(2023, 10, 8, tzinfo=ZONE),
        content={"rulebook": "bazhou", "from": "2023-10-01", "decided_by": "示例"},
    )  # fmt: skip
    assert stack.judge(Case.of(records), at).duties == ()
    asked = {d.rule.id for d in stack.judge(Case.of(records), at, applied=(on,)).duties}
    assert "questioned-transcript" in asked


def test_13_a_case_that_straddles_the_change_is_judged_act_by_act():
    vocabulary = default()
    bazhou = load_rulebook(shipped()["bazhou"], vocabulary)
    stack = build_stack([bazhou], vocabulary, calendar())
    acts = ["2023-09-30 09:00–10:00 act.questioning #a", "2023-10-08 09:00–10:00 act.questioning #b"]
    records, at = read(bazhou, vocabulary, acts, {"action_type": "penalty"}, "2023-12-01T09:00")
    asked = [d.trigger for d in stack.judge(Case.of(records), at).duties if d.rule.id == "questioned-transcript"]
    assert asked == ["a"]


# -- 14: two texts and a special one ------------------------------------------------------------------------------------


def test_14_a_saturday_operation_is_due_on_sunday_with_two_articles_and_the_special_rule_stands_alone(tmp_path):
    saturday = "2026-03-07 10:00–11:00 recording.completed #v"
    hours = STORED.partition("  instead")[0] + "  duty: footage.stored\n"
    evening = hours.replace(
        "  within: {amount: 24, unit: hours}\n  from: last_segment_end\n", "  by: {end_of: working_day}\n"
    )
    one, two = Book(write_book(tmp_path / "one", hours)), Book(write_book(tmp_path / "two", evening))
    stack = build_stack([one.rulebook, two.rulebook], one.vocabulary, calendar())
    records, at = read(one.rulebook, one.vocabulary, [saturday], None, "2026-03-07T12:00")
    (duty,) = stack.judge(Case.of(records), at).duties
    assert (due_of(duty), len(duty.cites)) == ("2026-03-08 11:00", 2)
    records, at = read(one.rulebook, one.vocabulary, [saturday], None, "2026-03-09T12:00")
    (duty,) = stack.judge(Case.of(records), at).duties
    assert (line(duty), due_of(duty)) == ("overdue missing ingest_record", "2026-03-08 11:00")


def test_14_a_permit_case_has_the_special_line_and_no_second_one(book):
    rules = """
- id: published
  form: response
  when: {kind: decision.made}
  then: [{kind: trial.notice}]
  within: {amount: 20, unit: working_days}
- id: published-permit
  form: response
  when: {kind: decision.made}
  if: {case.action_type: permit}
  then: [{kind: trial.notice}]
  within: {amount: 7, unit: working_days}
  takes_the_place_of: [published]
"""
    for action, asked in (("permit", ["published-permit"]), ("penalty", ["published"])):
        duties = book(rules).duties("2026-03-02 decision.made", at="2026-03-03T09:00", case={"action_type": action})
        assert [d.rule.id for d in duties] == asked


# -- 15: periods, parts of periods, and a calendar that ends --------------------------------------------------------------


def test_15_the_second_check_of_a_year_on_new_years_day_comes_too_late_and_counts_for_the_new_one(book):
    rules = """
- id: two-checks
  form: response
  when: {each: calendar_year, per: unit}
  then: [{kind: supervision_check_record, of: same unit, at_least: 2}]
"""

    def check(day: str) -> str:
        return f'{{on: "{day}", kind: supervision_check_record, links: {{unit: u}}}}'

    unit = "2026-01-01 unit.set_up #u name=例"
    checks = [check("2026-05-05"), check("2027-01-01"), check("2027-03-01")]
    assert book(rules).judge(unit, *checks, at="2027-04-01T09:00", case="none") == [
        "breached missing supervision_check_record",
        "met",
    ]
    november = "2026-11-02 unit.set_up #u name=例"
    assert book(rules).judge(november, at="2027-01-01T00:00", case="none") == [
        "breached missing supervision_check_record (hint)",
        "due missing supervision_check_record",
    ]


def test_15_ten_working_days_after_christmas_2027_are_provisional_and_then_unknown(book):
    rules = """
- id: answered
  form: response
  when: {kind: trial.event}
  then: [{kind: trial.answer}]
  within: {amount: 10, unit: working_days}
"""
    event = "2027-12-25 trial.event"
    assert book(rules).judge(event, at="2027-12-31T09:00") == ["due missing trial.answer provisional"]
    assert book(rules).judge(event, at="2028-03-01T09:00") == ["unknown missing trial.answer asks calendar provisional"]


def test_15_a_dispute_question_that_was_never_answered_is_unknown_and_not_silent(book):
    rules = """
- id: mediated
  form: response
  when: {kind: trial.paper}
  if: {agreed: no}
  then: [{kind: trial.answer}]
"""
    assert book(rules).judge("2026-03-02 trial.paper", at="2026-03-03T09:00") == ["unknown asks agreed"]
