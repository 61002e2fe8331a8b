"""Six triggers: a record, the first of its subject, a state, a period, a gap, a lapse and a mark."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from liuhen.engines.rulebook.forms.triggers import periods
from liuhen.ground.case import Case
from tests.engines.rulebook.small import calendar, due_of

AT = "2026-03-20T09:00"


def rule(when: str, then: str = "[{kind: trial.answer}]", more: str = "") -> str:
    return f"""
- id: triggered
  form: response
  when: {when}
  then: {then}
{more}"""


# -- record and first -------------------------------------------------------------------------------------------------


def test_a_record_of_a_group_of_kinds_is_a_trigger(book):
    rules = rule("{kind: {group: onsite_act}}", "[{kind: trial.paper}]")
    records = ["2026-03-02 09:00–10:00 trial.act", "2026-03-03 09:00–10:00 act.inspection"]
    assert book(rules).judge(*records, at=AT) == ["due missing trial.paper", "due missing trial.paper"]


def test_only_records_that_fit_are_triggers(book):
    rules = rule("{kind: trial.event, where: {size: big}}")
    said = {"size=big": ["due missing trial.answer"], "size=small": [], "": ["unknown asks size"]}
    for content, expected in said.items():
        assert book(rules).judge(f"2026-03-02 trial.event {content}", at=AT) == expected


def test_the_first_of_each_review_is_a_trigger(book):
    rules = rule("{first: {kind: trial.event}}", "[{kind: trial.answer}]", "  per: review\n")
    reviews = ["2026-03-01 legal_review_application #r", "2026-03-01 legal_review_application #s"]
    events = [
        f'{{on: "2026-03-0{n}", kind: trial.event, id: e{n}, links: {{review: {r}}}}}'
        for n, r in ((2, "r"), (3, "r"), (4, "s"))
    ]
    assert [d.trigger for d in book(rules).duties(*reviews, *events, at=AT)] == ["e2", "e4"]


# -- state ------------------------------------------------------------------------------------------------------------

STATE = rule("{each: device}", "[{kind: trial.answer, of: same device}]")
DEVICE = "2026-03-02 device_register #d device_number=1"
FITTING = '{on: "2026-03-03", kind: trial.answer, links: {device: d}}'


def test_a_state_must_hold_now_while_the_subject_is_open(book):
    assert book(STATE).judge(DEVICE, at=AT) == ["overdue missing trial.answer"]
    assert book(STATE).judge(DEVICE, FITTING, at=AT) == ["met"]
    scrapped = '{on: "2026-03-10", kind: device.scrapped, links: {device: d}}'
    assert book(STATE).judge(DEVICE, scrapped, at=AT) == []
    assert book(STATE).judge(DEVICE, scrapped, at="2026-03-09T09:00") == ["overdue missing trial.answer"]


def test_a_subject_that_opens_later_asks_for_nothing_yet(book):
    later = '{on: "2026-03-25", kind: device_register, received: "2026-03-10T09:00", content: {device_number: "1"}}'
    assert book(STATE).judge(later, at=AT) == []


def test_each_subject_needs_its_own_record(book):
    rules = rule("{each: device}", "[{kind: trial.answer, of: same case}]")
    two = [DEVICE, "2026-03-02 device_register #e device_number=2"]
    assert book(rules).judge(*two, "2026-03-03 trial.answer", at=AT) == ["met", "overdue missing trial.answer"]


def test_a_state_may_ask_only_of_some_subjects(book):
    rules = STATE.replace("{each: device}", '{each: device, if: {device_number: {is_not: "1"}}}')
    assert book(rules).judge(DEVICE, at=AT) == []
    assert book(rules).judge(DEVICE.replace("device_number=1", "device_number=2"), at=AT) == [
        "overdue missing trial.answer"
    ]


# -- period -----------------------------------------------------------------------------------------------------------

YEARLY = rule("{each: calendar_year, per: unit}", "[{kind: trial.answer, of: same unit, at_least: 2}]")
UNIT = "2025-01-01 unit.set_up #u name=示例"


def answer(day: str) -> str:
    return f'{{on: "{day}", kind: trial.answer, links: {{unit: u}}}}'


def yearly(book, *records: str, at: str, rules: str = YEARLY) -> list[str]:
    return [f"{d.note}: {d.status}" for d in book(rules).duties(UNIT, *records, at=at, case="none")]


def test_two_checks_a_year_both_sides_of_new_year(book):
    one = answer("2025-05-05")
    assert yearly(book, one, answer("2025-12-31"), at="2026-01-01T00:00") == ["2025: met", "2026: due"]
    assert yearly(book, one, answer("2026-01-01"), at="2026-01-01T00:00") == ["2025: breached", "2026: due"]
    assert yearly(book, one, at="2025-12-31T23:59") == ["2025: due"]


def test_a_check_after_new_year_counts_for_the_new_year(book):
    records = [answer("2025-05-05"), answer("2026-01-01"), answer("2026-02-01")]
    assert yearly(book, *records, at="2026-03-01T00:00") == ["2025: breached", "2026: met"]


def test_a_day_of_the_year_is_due_and_the_rest_of_the_year_overdue(book):
    rules = YEARLY + '  by: {month_day: "03-31"}\n'
    assert yearly(book, at="2025-03-31T23:59", rules=rules) == ["2025: due"]
    assert yearly(book, at="2025-04-01T00:00", rules=rules) == ["2025: overdue"]
    assert yearly(book, at="2026-01-01T00:00", rules=rules) == ["2025: breached", "2026: due"]
    late = book(rules).judge(UNIT, answer("2025-03-01"), answer("2025-04-02"), at="2025-05-01T00:00", case="none")
    assert late == ["met late 2 natural_days"]


def test_a_part_of_a_period_is_a_hint(book):
    unit = "2025-11-10 unit.set_up #u name=示例"
    assert book(YEARLY).judge(unit, at="2026-02-01T00:00", case="none") == [
        "breached missing trial.answer (hint)",
        "due missing trial.answer",
    ]
    dissolved = '{on: "2025-11-10", kind: unit.dissolved, links: {unit: u}}'
    assert book(YEARLY).judge(UNIT, dissolved, at="2026-02-01T00:00", case="none") == [
        "breached missing trial.answer (hint)"
    ]


def test_a_period_has_its_own_name_and_no_trigger_record(book):
    (duty,) = book(YEARLY).duties(UNIT, at="2025-06-01T00:00", case="none")
    assert (duty.note, duty.trigger, duty.root, duty.subject, due_of(duty)) == (
        "2025",
        "",
        "u@2025",
        "u",
        "2026-01-01 00:00",
    )


@pytest.mark.parametrize(
    ("every", "at", "names"),
    [
        ("quarter", "2025-07-01T00:00", ["2025-01-01", "2025-04-01", "2025-07-01"]),
        ("month", "2025-02-28T23:59", ["2025-01-01", "2025-02-01"]),
        # 1 January is a holiday, 4 and 5 a weekend.
        ("working_day", "2025-01-07T09:00", ["2025-01-02", "2025-01-03", "2025-01-06", "2025-01-07"]),
    ],
)
def test_quarters_months_and_working_days(book, every: str, at: str, names: list[str]):
    rules = YEARLY.replace("calendar_year", every)
    assert [d.note for d in book(rules).duties(UNIT, at=at, case="none")] == names


def test_a_working_day_of_a_year_not_announced_is_unknown_once_over(book):
    rules = YEARLY.replace("calendar_year", "working_day")
    last = book(rules).duties(UNIT, at="2028-03-01T12:00", case="none")[-2:]
    assert [(d.status, d.provisional) for d in last] == [("unknown", True), ("due", True)]


def test_of_very_many_periods_the_latest_are_judged():
    found = periods(calendar(), "working_day", 700_000, 730_000)
    assert len(found) == 400
    assert found[-1][0] == next(day for day in range(730_000, 0, -1) if calendar().is_working(day))
    years = periods(calendar(), "calendar_year", 1, 740_000)
    assert len(years) == 400
    assert years[-1][0] <= 740_000 < years[-1][1]


def test_periods_follow_each_other_without_a_hole():
    for every in ("calendar_year", "quarter", "month"):
        found = periods(calendar(), every, 739_000, 740_000)
        assert found[0][0] <= 739_000 < found[0][1]
        assert all(a[1] == b[0] for a, b in pairwise(found))


# -- gap --------------------------------------------------------------------------------------------------------------

GAP = """
- id: whole-act
  form: coverage
  act: {kind: trial.act}
  extent: whole
  gaps: {explained: {kind: trial.excuse}}
- id: gap-explained
  form: response
  when: {gap_in: whole-act}
  then: [{kind: trial.excuse}]
"""
ACT = "2026-03-02 09:00–10:00 trial.act #a"
PARTS = [f"2026-03-02 {span} recording.completed >a" for span in ("09:00–09:10", "09:20–09:30", "09:40–10:00")]


def gaps(book, *records: str) -> list[str]:
    duties = book(GAP).duties(ACT, *PARTS, *records, at=AT)
    return [f"{d.note} {d.status}" for d in duties if d.rule.id == "gap-explained"]


def test_each_hole_asks_for_its_own_explanation(book):
    assert gaps(book) == ["09:10–09:20 due", "09:30–09:40 due"]
    assert gaps(book, "2026-03-02 09:12 trial.excuse >a") == ["09:10–09:20 met", "09:30–09:40 due"]
    assert gaps(book, "2026-03-02 09:35 trial.excuse >a") == ["09:10–09:20 due", "09:30–09:40 met"]
    both = ["2026-03-02 09:12 trial.excuse >a", "2026-03-02 09:35 trial.excuse >a"]
    assert gaps(book, *both) == ["09:10–09:20 met", "09:30–09:40 met"]


def test_asked_by_itself_the_rule_of_a_hole_finds_the_same_holes(book):
    made = book(GAP)
    h = made.stack.hold(Case(made.records(ACT, *PARTS)), made.judgement(ACT, at=AT).at)
    (rule,) = [r for r in made.rulebook.rules if r.id == "gap-explained"]
    for _ in range(2):
        alone = made.stack.judge_one(rule, h)
        assert [(d.rule.id, d.note) for d in alone] == [
            ("gap-explained", "09:10–09:20"),
            ("gap-explained", "09:30–09:40"),
        ]


def test_an_explanation_beside_the_hole_explains_nothing(book):
    assert gaps(book, "2026-03-02 09:25 trial.excuse >a") == ["09:10–09:20 due", "09:30–09:40 due"]


def test_an_explanation_without_an_hour_is_accepted_for_its_day(book):
    assert gaps(book, "2026-03-02 trial.excuse >a") == ["09:10–09:20 met", "09:30–09:40 met"]


def test_holes_end_with_their_case(book):
    assert gaps(book, "2026-03-10 case.closed") == ["09:10–09:20 overdue", "09:30–09:40 overdue"]
    assert gaps(book, "2026-03-10 case.closed", "2026-03-11 case_file") == [
        "09:10–09:20 breached",
        "09:30–09:40 breached",
    ]


# -- lapse ------------------------------------------------------------------------------------------------------------

LAPSE = rule(
    "{lapse: {after: {kind: trial.event}, without: {kind: trial.second_answer}, within: {field: period, unit: natural_days}}}",
    more="  within: {amount: 2, unit: natural_days}\n",
)
DEMAND = "2026-03-02 09:00 trial.event period=3"


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-03-05T23:59", []),
        ("2026-03-06T00:00", ["due missing trial.answer"]),
        ("2026-03-08T23:59", ["due missing trial.answer"]),
        ("2026-03-09T00:00", ["overdue missing trial.answer"]),
    ],
)
def test_when_the_window_has_lapsed_the_duty_begins(book, at: str, said: list[str]):
    assert book(LAPSE).judge(DEMAND, at=at) == said


def test_what_was_done_in_the_window_lets_no_duty_arise(book):
    assert book(LAPSE).judge(DEMAND, "2026-03-05 trial.second_answer", at=AT) == []


def test_what_was_done_after_the_window_makes_the_duty_a_hint(book):
    assert book(LAPSE).judge(DEMAND, "2026-03-06 trial.second_answer", at=AT) == ["overdue missing trial.answer (hint)"]


def test_the_response_to_a_lapse_is_counted_from_its_end(book):
    assert book(LAPSE).judge(DEMAND, "2026-03-08 trial.answer", at=AT) == ["met"]
    assert book(LAPSE).judge(DEMAND, "2026-03-09 trial.answer", at=AT) == ["met late 1 natural_days"]


def test_a_window_that_nobody_can_measure_is_unknown(book):
    assert book(LAPSE).judge("2026-03-02 trial.event", at=AT) == ["unknown asks period"]
    assert book(LAPSE).judge("2026-03-02 trial.event period=-3", at=AT) == ["unknown asks period"]


def test_the_next_change_is_never_later_than_the_next_midnight_while_a_window_may_lapse(book):
    judged = book(LAPSE).judgement(DEMAND, at="2026-03-03T09:00")
    assert judged.next_change == calendar().instant(judged_day("2026-03-04"))


def judged_day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


# -- mark -------------------------------------------------------------------------------------------------------------

MARKED = rule("{mark: major}")
HEAD = """
marks:
  - id: major
    zh: 重大
    en: major
    any:
      - {record: {kind: trial.event, where: {size: big}}}
      - {record: {kind: trial.paper, at_least: 2}}
"""


def test_the_earliest_record_that_makes_a_mark_true_is_the_trigger(book):
    records = [
        "2026-03-02 trial.event #x size=small",
        "2026-03-03 trial.event #y size=big",
        "2026-03-04 trial.event #z size=big",
    ]
    (duty,) = book(MARKED, HEAD).duties(*records, at=AT)
    assert (duty.trigger, duty.status) == ("y", "due")
    assert book(MARKED, HEAD).judge(records[0], at=AT) == []


def test_a_number_of_records_makes_it_true_with_the_last_of_them(book):
    records = ["2026-03-02 trial.paper #p", "2026-03-03 trial.paper #q"]
    (duty,) = book(MARKED, HEAD).duties(*records, at=AT)
    assert duty.trigger == "q"
    assert book(MARKED, HEAD).judge(records[0], at=AT) == []


def test_a_mark_that_is_not_known_makes_the_duty_unknown_and_is_asked(book):
    assert book(MARKED, HEAD).judge("2026-03-02 trial.event", at=AT) == ["unknown asks size"]


def test_all_of_several_facts_hold_with_the_last_and_any_with_the_first(book):
    head = """
marks:
  - id: major
    zh: 重大
    en: major
    any: [{WHICH: [{record: {kind: trial.event}}, {record: {kind: trial.paper}}]}]
"""
    records = ["2026-03-02 trial.event #x", "2026-03-03 trial.paper #y"]
    for which, trigger in (("all", "y"), ("any", "x")):
        (duty,) = book(MARKED, head.replace("WHICH", which)).duties(*records, at=AT)
        assert duty.trigger == trigger
