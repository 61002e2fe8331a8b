"""The response form: after T there is an R; until when it is due, and what late, overdue and breached mean."""

from __future__ import annotations

import pytest

PLAIN = """
- id: answered
  form: response
  when: {kind: trial.event}
  then: [{kind: trial.answer}]
"""


def within(limit: str, more: str = "") -> str:
    return PLAIN + f"  within: {limit}\n" + more


# -- without a number: the end is the subject's ------------------------------------------------------------------------


def test_without_a_limit_it_is_due_while_the_case_is_open(book):
    assert book(PLAIN).judge("2026-03-02 trial.event", at="2026-12-31T09:00") == ["due missing trial.answer"]


def test_it_is_overdue_from_the_moment_the_case_is_closed(book):
    records = ["2026-03-02 09:00 trial.event", "2026-03-10 10:00 case.closed"]
    assert book(PLAIN).judge(*records, at="2026-03-10T10:00") == ["overdue missing trial.answer"]


def test_it_is_breached_once_the_file_is_archived(book):
    records = ["2026-03-02 trial.event", "2026-03-10 case.closed", "2026-03-20 case_file"]
    assert book(PLAIN).judge(*records, at="2026-03-21T09:00") == ["breached missing trial.answer"]


def test_a_file_archived_without_a_closing_is_closed_too(book):
    records = ["2026-03-02 trial.event", "2026-03-20 case_file"]
    assert book(PLAIN).judge(*records, at="2026-03-21T09:00") == ["breached missing trial.answer"]


def test_what_is_found_before_the_closing_is_met(book):
    records = ["2026-03-02 trial.event", "2026-03-09 trial.answer", "2026-03-10 case.closed"]
    assert book(PLAIN).judge(*records, at="2026-03-21T09:00") == ["met"]


def test_without_a_limit_what_meets_it_may_stand_before(book):
    assert book(PLAIN).judge("2026-03-01 trial.answer", "2026-03-02 trial.event", at="2026-03-03T09:00") == ["met"]


def test_any_time_no_wants_it_after(book):
    rules = PLAIN + "  any_time: no\n"
    early, later = "2026-03-01 trial.answer", "2026-03-02 trial.answer"
    assert book(rules).judge(early, "2026-03-02 trial.event", at="2026-03-03T09:00") == ["due missing trial.answer"]
    assert book(rules).judge(early, later, "2026-03-02 trial.event", at="2026-03-03T09:00") == ["met"]


def test_cured_after_the_closing_it_is_met_and_late(book):
    records = ["2026-03-02 trial.event", "2026-03-10 case.closed", "2026-03-12 trial.answer"]
    assert book(PLAIN).judge(*records, at="2026-03-13T09:00") == ["met late 2 natural_days"]


def test_cured_an_hour_after_the_closing_it_is_late_all_the_same(book):
    records = ["2026-03-02 trial.event", "2026-03-10 10:00 case.closed", "2026-03-10 11:00 trial.answer"]
    assert book(PLAIN).judge(*records, at="2026-03-13T09:00") == ["met late 1 natural_days"]


def test_on_the_day_of_a_closing_without_an_hour_it_is_in_time(book):
    records = ["2026-03-02 trial.event", "2026-03-10 case.closed", "2026-03-10 11:00 trial.answer"]
    assert book(PLAIN).judge(*records, at="2026-03-13T09:00") == ["met"]


def test_what_is_dated_after_the_archiving_cures_nothing(book):
    records = ["2026-03-02 trial.event", "2026-03-10 case.closed", "2026-03-20 case_file"]
    assert book(PLAIN).judge(*records, "2026-03-20 trial.answer", at="2026-04-01T09:00") == ["met late 10 natural_days"]
    later = book(PLAIN).judge(*records, "2026-03-21 trial.answer", at="2026-04-01T09:00")
    assert later == ["breached missing trial.answer"]


def test_what_begins_after_the_closing_is_due_until_the_file_is_archived(book):
    records = ["2026-03-10 case.closed", "2026-03-12 trial.event"]
    assert book(PLAIN).judge(*records, at="2026-03-13T09:00") == ["due missing trial.answer"]
    archived = book(PLAIN).judge(*records, "2026-03-20 case_file", at="2026-03-21T09:00")
    assert archived == ["breached missing trial.answer"]


def test_what_begins_after_the_archiving_is_due(book):
    records = ["2026-03-10 case.closed", "2026-03-20 case_file", "2026-04-12 trial.event"]
    assert book(PLAIN).judge(*records, at="2026-04-13T09:00") == ["due missing trial.answer"]


def test_what_the_closing_itself_asks_for_is_overdue_at_once(book):
    rules = PLAIN.replace("trial.event", "case.closed")
    assert book(rules).judge("2026-03-10 case.closed", at="2026-03-10T09:00") == ["overdue missing trial.answer"]


def test_received_after_the_closing_it_is_met_and_recorded_after(book):
    answer = '{on: "2026-03-09", kind: trial.answer, received: "2026-03-15T09:00"}'
    records = ["2026-03-02 trial.event", "2026-03-10 case.closed", answer]
    assert book(PLAIN).judge(*records, at="2026-03-14T09:00") == ["overdue missing trial.answer"]
    assert book(PLAIN).judge(*records, at="2026-03-16T09:00") == ["met recorded_after"]


def test_a_duty_of_a_review_ends_with_the_review(book):
    rules = PLAIN.replace("form: response", "form: response\n  per: review")
    records = [
        "2026-03-01 legal_review_application #r",
        '{on: "2026-03-02", kind: trial.event, links: {review: r}}',
        '{on: "2026-03-05", kind: legal_review_opinion, links: {review: r}}',
    ]
    assert book(rules).judge(*records[:2], at="2026-03-06T09:00") == ["due missing trial.answer"]
    assert book(rules).judge(*records, at="2026-03-06T09:00") == ["overdue missing trial.answer"]


# -- limits, both sides of each boundary ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "last", "first_late", "unit"),
    [
        ("{amount: 2, unit: hours}", "2026-03-06 11:30", "2026-03-06 11:31", "hours"),
        ("{amount: 30, unit: minutes}", "2026-03-06 10:00", "2026-03-06 10:01", "minutes"),
        # Friday 6 March; days run to 24:00 and the day of the start is not counted.
        ("{amount: 2, unit: natural_days}", "2026-03-08 23:59", "2026-03-09 00:00", "natural_days"),
        ("{amount: 2, unit: working_days}", "2026-03-10 23:59", "2026-03-11 00:00", "working_days"),
        ("{amount: 1, unit: months}", "2026-04-06 23:59", "2026-04-07 00:00", "natural_days"),
        ("{amount: 1, unit: years}", "2027-03-06 23:59", "2027-03-07 00:00", "natural_days"),
        ("{amount: 0, unit: natural_days}", "2026-03-06 23:59", "2026-03-07 00:00", "natural_days"),
    ],
)
def test_the_last_moment_is_in_time_and_the_next_is_late(book, limit: str, last: str, first_late: str, unit: str):
    rules, at = within(limit), "2027-06-01T09:00"
    event = "2026-03-06 09:30 trial.event"
    assert book(rules).judge(event, f"{last} trial.answer", at=at) == ["met"]
    assert book(rules).judge(event, f"{first_late} trial.answer", at=at) == [f"met late 1 {unit}"]
    assert book(rules).judge(event, at=last.replace(" ", "T")) == ["due missing trial.answer"]
    late = book(rules).judge(event, at=first_late.replace(" ", "T"))
    assert late == ["overdue missing trial.answer"]


def test_31_august_and_six_months_end_with_february(book):
    rules = within("{amount: 6, unit: months}")
    assert book(rules).judge("2025-08-31 trial.event", "2026-02-28 trial.answer", at="2026-03-09T09:00") == ["met"]
    late = book(rules).judge("2025-08-31 trial.event", "2026-03-01 trial.answer", at="2026-03-09T09:00")
    assert late == ["met late 1 natural_days"]


def test_a_limit_of_the_office_does_not_roll_over_a_holiday_and_one_of_the_party_does(book):
    # The fifth day is Saturday 7 March.
    for rolls, day, said in (("no", "09", ["met late 2 natural_days"]), ("yes", "09", ["met"])):
        rules = within("{amount: 5, unit: natural_days}", f"  rolls: {rolls}\n")
        records = ["2026-03-02 trial.event", f"2026-03-{day} trial.answer"]
        assert book(rules).judge(*records, at="2026-03-20T09:00") == said
    rules = within("{amount: 5, unit: natural_days}", "  rolls: yes\n")
    records = ["2026-03-02 trial.event", "2026-03-10 trial.answer"]
    assert book(rules).judge(*records, at="2026-03-20T09:00") == ["met late 1 natural_days"]


def test_a_limit_set_by_the_office_counts_as_it_decided(book):
    head = "settings: [{id: days, value: 5, unit: natural_days, zh: 日, en: days, decided: {by: 示例, on: 2026-01-01}}]"
    rules, records = within("{setting: days}"), ["2026-03-02 trial.event", "2026-03-07 trial.answer"]
    assert book(rules, head).judge(*records, at="2026-03-20T09:00") == ["met"]
    assert book(rules, head, days=4).judge(*records, at="2026-03-20T09:00") == ["met late 1 natural_days"]


def test_a_limit_in_a_field_of_the_trigger(book):
    rules = within("{field: period, unit: natural_days}")
    records = ["2026-03-02 trial.event period=3", "2026-03-05 trial.answer"]
    assert book(rules).judge(*records, at="2026-03-20T09:00") == ["met"]
    records[1] = "2026-03-06 trial.answer"
    assert book(rules).judge(*records, at="2026-03-20T09:00") == ["met late 1 natural_days"]


@pytest.mark.parametrize("period", ["", " period=-1", " period=100001"])
def test_a_limit_that_was_never_answered_or_is_no_length_of_time_is_unknown(book, period: str):
    rules = within("{field: period, unit: natural_days}")
    assert book(rules).judge(f"2026-03-02 trial.event{period}", at="2026-03-03T09:00") == ["unknown asks period"]


@pytest.mark.parametrize(("day", "said"), [("03", "met"), ("04", "met late 1 natural_days")])
def test_due_by_the_date_in_a_field(book, day: str, said: str):
    rules = PLAIN + "  by: {field: last_day}\n"
    records = ["2026-03-01 trial.event last_day=2026-03-03", f"2026-03-{day} 23:59 trial.answer"]
    assert book(rules).judge(*records, at="2026-04-01T09:00") == [said]


@pytest.mark.parametrize(("minute", "said"), [("30", "met"), ("31", "met late 1 natural_days")])
def test_due_by_the_moment_in_a_field_to_the_minute(book, minute: str, said: str):
    rules = PLAIN + "  by: {field: at}\n"
    records = ["2026-03-01 trial.event at=2026-03-03T10:30", f"2026-03-03 10:{minute} trial.answer"]
    assert book(rules).judge(*records, at="2026-04-01T09:00") == [said]


def test_due_by_an_empty_field_is_unknown(book):
    rules = PLAIN + "  by: {field: last_day}\n"
    assert book(rules).judge("2026-03-01 trial.event", at="2026-03-03T09:00") == ["unknown asks last_day"]


@pytest.mark.parametrize(
    ("end", "start", "last"),
    [
        ("day", "2026-03-07", "2026-03-07"),
        ("working_day", "2026-03-06", "2026-03-06"),
        ("working_day", "2026-03-07", "2026-03-09"),
        ("month", "2026-02-10", "2026-02-28"),
        ("quarter", "2026-02-10", "2026-03-31"),
        ("quarter", "2026-03-31", "2026-03-31"),
        ("year", "2026-02-10", "2026-12-31"),
    ],
)
def test_due_by_the_end_of(book, end: str, start: str, last: str):
    rules = PLAIN + f"  by: {{end_of: {end}}}\n"
    event, after = f"{start} 10:00 trial.event", "2027-02-01T09:00"
    assert book(rules).judge(event, f"{last} 23:59 trial.answer", at=after) == ["met"]
    assert book(rules).judge(event, at=f"{last}T23:59") == ["due missing trial.answer"]
    following = f"{last[:8]}{int(last[8:]) + 1:02}" if last[5:] not in ("02-28", "03-31", "12-31") else {
        "02-28": "2026-03-01", "03-31": "2026-04-01", "12-31": "2027-01-01"}[last[5:]]  # fmt: skip
    assert book(rules).judge(event, at=f"{following}T00:00") == ["overdue missing trial.answer"]


@pytest.mark.parametrize(
    ("start", "last"), [("2026-03-31", "2026-03-31"), ("2026-04-01", "2027-03-31"), ("2026-01-05", "2026-03-31")]
)
def test_due_by_a_day_of_the_year_is_the_next_such_day(book, start: str, last: str):
    rules = PLAIN + '  by: {month_day: "03-31"}\n'
    assert book(rules).judge(f"{start} trial.event", at=f"{last}T23:59") == ["due missing trial.answer"]
    records = [f"{start} trial.event", f"{last[:4]}-04-01 trial.answer"]
    assert book(rules).judge(*records, at="2027-06-01T09:00") == ["met late 1 natural_days"]


def test_the_29th_of_february_is_the_28th_in_a_short_year(book):
    rules = PLAIN + '  by: {month_day: "02-29"}\n'
    records = ["2026-02-01 trial.event", "2026-02-28 trial.answer"]
    assert book(rules).judge(*records, at="2026-06-01T09:00") == ["met"]


@pytest.mark.parametrize(("start", "said"), [("done_at", "met late 1 hours"), ("until", "met")])
def test_a_limit_runs_from_the_moment_that_the_rule_names(book, start: str, said: str):
    rules = within("{amount: 1, unit: hours}", f"  from: {start}\n").replace("trial.event", "trial.act")
    records = ["2026-03-02 09:00–10:00 trial.act #a", "2026-03-02 10:30 trial.answer >a"]
    assert book(rules).judge(*records, at="2026-03-03T09:00") == [said]


def test_a_limit_that_runs_from_an_empty_field_is_unknown(book):
    rules = within("{amount: 1, unit: natural_days}", "  from: last_day\n")
    assert book(rules).judge("2026-03-02 trial.event", at="2026-03-03T09:00") == ["unknown asks last_day"]
    records = ["2026-03-02 trial.event last_day=2026-03-10", "2026-03-11 trial.answer"]
    assert book(rules).judge(*records, at="2026-04-03T09:00") == ["met"]


def test_24_hours_run_from_the_last_segment_of_the_act(book):
    rules = within("{amount: 24, unit: hours}", "  from: last_segment_end\n").replace(
        "trial.event", "recording.completed"
    )

    def footage(name: str, start: str, end: str) -> str:
        segment = f'{{from: "2026-03-02T{start}", until: "2026-03-02T{end}"}}'
        what = f"kind: recording.completed, about: a, id: {name}, content: {{segments: [{segment}]}}"
        return f'{{on: "2026-03-02T09:00", until: "12:00", {what}}}'

    first, second = footage("v", "09:00", "09:30"), footage("w", "11:00", "11:20")
    for minute, said in ((20, ["met", "met"]), (21, ["met late 1 hours", "met late 1 hours"])):
        records = ["2026-03-02 09:00–12:00 trial.act #a", first, second]
        records += [f"2026-03-03 11:{minute} trial.answer >v", f"2026-03-03 11:{minute} trial.answer >w"]
        assert book(rules).judge(*records, at="2026-03-04T09:00") == said


def test_what_was_received_after_the_due_moment_is_met_and_recorded_after(book):
    rules = within("{amount: 2, unit: natural_days}")
    for received, said in (("2026-03-04T23:59", "met"), ("2026-03-05T00:00", "met recorded_after")):
        answer = f'{{on: "2026-03-04", kind: trial.answer, received: "{received}"}}'
        assert book(rules).judge("2026-03-02 trial.event", answer, at="2026-03-06T09:00") == [said]


# -- parts ------------------------------------------------------------------------------------------------------------


def test_every_part_of_a_list_is_asked_for_and_the_missing_are_named(book):
    rules = PLAIN.replace("[{kind: trial.answer}]", "[{kind: trial.answer}, {kind: trial.second_answer}]")
    records = ["2026-03-02 trial.event", "2026-03-03 trial.answer"]
    assert book(rules).judge(*records, at="2026-03-04T09:00") == ["due missing trial.second_answer"]
    assert book(rules).judge(*records, "2026-03-03 trial.second_answer", at="2026-03-04T09:00") == ["met"]


@pytest.mark.parametrize("kind", ["trial.answer", "trial.second_answer"])
def test_either_part_of_any_will_do(book, kind: str):
    rules = PLAIN.replace("[{kind: trial.answer}]", "[{any: [{kind: trial.answer}, {kind: trial.second_answer}]}]")
    assert book(rules).judge("2026-03-02 trial.event", f"2026-03-03 {kind}", at="2026-03-04T09:00") == ["met"]
    missing = book(rules).duties("2026-03-02 trial.event", at="2026-03-04T09:00")[0].missing
    assert missing[0].kinds == ("trial.answer", "trial.second_answer")
    assert missing[0].words.en == "trial answer or second answer"


def test_a_part_asks_for_a_number_of_records(book):
    rules = PLAIN.replace("{kind: trial.answer}", "{kind: trial.answer, at_least: 2}")
    records = ["2026-03-02 trial.event", "2026-03-03 trial.answer", "2026-03-04 trial.answer"]
    assert book(rules).judge(*records[:2], at="2026-03-05T09:00") == ["due missing trial.answer"]
    two = book(rules).duties(*records, at="2026-03-05T09:00")[0]
    assert (two.status, two.met_by) == ("met", ("r1", "r2"))


def test_with_a_number_the_last_of_them_decides_whether_it_is_late(book):
    rules = within("{amount: 1, unit: natural_days}").replace("trial.answer}", "trial.answer, at_least: 2}")
    records = ["2026-03-02 trial.event", "2026-03-03 trial.answer", "2026-03-04 trial.answer"]
    assert book(rules).judge(*records, at="2026-03-05T09:00") == ["met late 1 natural_days"]


def test_a_ratio_counts_the_open_subjects(book):
    rules = PLAIN.replace("trial.answer}", "trial.answer, at_least: {one_for_every: 3, of: {each: device}}}")
    devices = [f"2026-03-01 device_register #d{n} device_number={n}" for n in range(4)]
    records = ["2026-03-02 trial.event", "2026-03-03 trial.answer"]
    assert book(rules).judge(*devices[:3], *records, at="2026-03-05T09:00") == ["met"]
    assert book(rules).judge(*devices, *records, at="2026-03-05T09:00") == ["due missing trial.answer"]


def test_a_record_meets_only_one_trigger_unless_it_is_shared(book):
    records = ["2026-03-02 trial.event", "2026-03-03 trial.event", "2026-03-04 trial.answer"]
    assert book(PLAIN).judge(*records, at="2026-03-05T09:00") == ["met", "due missing trial.answer"]
    shared = PLAIN.replace("trial.answer}", "trial.answer, shared: yes}")
    assert book(shared).judge(*records, at="2026-03-05T09:00") == ["met", "met"]


def test_the_paper_of_an_act_names_it(book):
    rules = PLAIN.replace("trial.event", "trial.act").replace("trial.answer", "trial.paper")
    acts = ["2026-03-02 09:00–10:00 trial.act #a", "2026-03-02 11:00–12:00 trial.act #b"]
    assert book(rules).judge(*acts, "2026-03-02 trial.paper >b", at="2026-03-05T09:00") == [
        "due missing trial.paper",
        "met",
    ]


def test_who_made_it_and_who_approved_it(book):
    signed = PLAIN.replace("trial.answer}", "trial.answer, by: legal_reviewer}")
    approved = PLAIN.replace("trial.answer}", "trial.answer, approved_by: agency_head}")
    event = "2026-03-02 trial.event"
    for rules, role in ((signed, "legal_reviewer"), (approved, "agency_head")):
        by = f'{{on: "2026-03-03", kind: trial.answer, by: [{role}]}}'
        made = book(rules)
        assert made.judge(event, f"2026-03-03 trial.answer @{role}", at="2026-03-04T09:00") == ["met"]
        assert made.judge(event, by, at="2026-03-04T09:00") == ["met"]
        assert made.judge(event, "2026-03-03 trial.answer @clerk", at="2026-03-04T09:00") == [
            "due missing trial.answer"
        ]


def test_a_part_asks_for_what_stands_in_a_field(book):
    rules = PLAIN.replace("trial.answer}", "trial.answer, where: {size: big}}")
    for size, said in (("big", "met"), ("small", "due missing trial.answer")):
        records = ["2026-03-02 trial.event", f"2026-03-03 trial.answer size={size}"]
        assert book(rules).judge(*records, at="2026-03-04T09:00") == [said]


def test_a_part_of_less_weight_is_named_and_leaves_the_duty_met(book):
    rules = PLAIN.replace("[{kind: trial.answer}]", "[{kind: trial.answer}, {kind: trial.second_answer, weight: hint}]")
    records = ["2026-03-02 trial.event", "2026-03-03 trial.answer"]
    duty = book(rules).duties(*records, at="2026-03-04T09:00")[0]
    assert (duty.status, [m.id for m in duty.missing], duty.fault) == ("met", ["trial.second_answer"], False)


def test_a_part_can_have_its_own_words(book):
    rules = PLAIN.replace("trial.answer}", "trial.answer, title: {zh: 回音, en: an echo}}")
    missing = book(rules).duties("2026-03-02 trial.event", at="2026-03-04T09:00")[0].missing
    assert (missing[0].words.zh, missing[0].words.en) == ("回音", "an echo")


def test_what_asks_for_its_own_kind_is_not_met_by_itself(book):
    rules = PLAIN.replace("trial.answer", "trial.event")
    assert book(rules).judge("2026-03-02 trial.event", at="2026-03-04T09:00") == ["due missing trial.event"]


@pytest.mark.parametrize(("weight", "fault"), [("duty", True), ("advice", False), ("measure", False), ("hint", False)])
def test_only_a_duty_can_be_a_fault(book, weight: str, fault: bool):
    records = ["2026-03-02 trial.event", "2026-03-04 case.closed"]
    duty = book(PLAIN + f"  weight: {weight}\n").duties(*records, at="2026-03-05T09:00")[0]
    assert (duty.status, duty.fault) == ("overdue", fault)


def test_a_window_of_the_party_is_never_the_offices_fault(book):
    records = ["2026-03-02 trial.event", "2026-03-04 case.closed"]
    duty = book(PLAIN + "  asks_from: party\n").duties(*records, at="2026-03-05T09:00")[0]
    assert (duty.status, duty.fault) == ("overdue", False)


def test_late_counts_as_a_fault_and_met_in_time_does_not(book):
    rules = within("{amount: 1, unit: natural_days}")
    for day, fault in (("03", False), ("04", True)):
        duty = book(rules).duties("2026-03-02 trial.event", f"2026-03-{day} trial.answer", at="2026-03-05T09:00")[0]
        assert (duty.status, duty.fault) == ("met", fault)


# -- a calendar that ends ---------------------------------------------------------------------------------------------


def test_days_not_announced_are_provisional_while_they_run_and_unknown_once_passed(book):
    rules = within("{amount: 10, unit: working_days}")
    event = "2027-12-24 trial.event"
    assert book(rules).judge(event, at="2027-12-31T09:00") == ["due missing trial.answer provisional"]
    passed = book(rules).judge(event, at="2028-02-01T09:00")
    assert passed == ["unknown missing trial.answer asks calendar provisional"]


def test_what_came_before_a_provisional_moment_is_met_and_after_it_nothing_is_called_late(book):
    rules = within("{amount: 10, unit: working_days}")
    event = "2027-12-24 trial.event"
    early = book(rules).judge(event, "2027-12-28 trial.answer", at="2028-02-01T09:00")
    assert early == ["met"]
    later = book(rules).judge(event, "2028-01-30 trial.answer", at="2028-02-01T09:00")
    assert later == ["met provisional"]


def test_a_due_duty_seen_later_is_overdue_or_unknown_by_the_clock(book):
    rules = within("{amount: 10, unit: working_days}")
    sure = book(rules).duties("2026-03-02 trial.event", at="2026-03-03T09:00")[0]
    open_ = book(rules).duties("2027-12-24 trial.event", at="2027-12-31T09:00")[0]
    assert (sure.view(sure.due - 1), sure.view(sure.due)) == ("due", "overdue")
    assert (open_.view(open_.due - 1), open_.view(open_.due)) == ("due", "unknown")


# -- asked by the record that closes its own subject (decision 0048) ------------------------------------------------------

AT_CLOSING = """
- id: compiled
  form: response
  when: {kind: case.closed}
  then: [{kind: trial.answer}]
"""
AFTER_CLOSING = AT_CLOSING + "  any_time: no\n"
CLOSED = "2026-03-10 10:00 case.closed"


def test_what_must_stand_by_the_closing_is_overdue_with_it(book):
    assert book(AT_CLOSING).judge(CLOSED, at="2026-03-10T10:00") == ["overdue missing trial.answer"]


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-03-10T10:00", "due missing trial.answer"),
        ("2026-03-10T23:59:59", "due missing trial.answer"),
        ("2026-03-11T00:00", "overdue missing trial.answer"),
    ],
)
def test_what_follows_the_closing_is_due_until_the_end_of_that_day(book, at, said):
    assert book(AFTER_CLOSING).judge(CLOSED, at=at) == [said]


@pytest.mark.parametrize(
    ("answered", "said"),
    [
        ("2026-03-10 10:05", "met"),
        ("2026-03-10 23:59", "met"),
        ("2026-03-11 00:00", "met late 1 natural_days"),
        ("2026-03-13 09:00", "met late 3 natural_days"),
    ],
)
def test_what_follows_the_closing_is_late_from_the_next_day(book, answered, said):
    assert book(AFTER_CLOSING).judge(CLOSED, f"{answered} trial.answer", at="2026-03-14T09:00") == [said]


def test_what_stood_before_the_closing_does_not_follow_it(book):
    before = "2026-03-10 09:55 trial.answer"
    assert book(AFTER_CLOSING).judge(before, CLOSED, at="2026-03-11T09:00") == ["overdue missing trial.answer"]
    assert book(AT_CLOSING).judge(before, CLOSED, at="2026-03-11T09:00") == ["met"]


def test_what_follows_the_closing_is_breached_once_the_file_is_archived(book):
    records = [CLOSED, "2026-03-20 case_file"]
    assert book(AFTER_CLOSING).judge(*records, at="2026-03-21T09:00") == ["breached missing trial.answer"]


def test_a_later_closing_is_no_close_of_its_own_for_the_earlier_one(book):
    """The case was opened again: what followed the first close was open until the second, which alone has its day."""
    records = [CLOSED, "2026-03-12 10:00 case.closed"]
    assert book(AFTER_CLOSING).judge(*records, at="2026-03-12T11:00") == [
        "overdue missing trial.answer",
        "due missing trial.answer",
    ]


def test_the_day_of_the_closing_ends_it_for_another_subject_too(book):
    rules = """
- id: told
  form: response
  per: tipoff
  when: {kind: acceptance_decision_record}
  then: [{kind: non_initiation_notice, of: same tipoff}]
  any_time: no
"""
    records = [
        "2026-03-09 09:00–09:30 act.tipoff_reception #t",
        "{on: '2026-03-11T10:00', kind: acceptance_decision_record, links: {tipoff: t}, content: {accepted_or_not: accepted}}",
    ]
    made = book(rules)
    assert made.judge(*records, at="2026-03-11T23:00", case="none") == ["due missing non_initiation_notice"]
    assert made.judge(*records, at="2026-03-12T00:00", case="none") == ["overdue missing non_initiation_notice"]
    assert (
        made.judgement(*records, at="2026-03-11T23:00", case="none").next_change
        == made.duties(*records, at="2026-03-11T23:00", case="none")[0].due
    )
