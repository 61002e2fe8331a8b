"""A clock that stands, and one that is lengthened: days used stay used, stopped days do not count, late grants change nothing."""

from __future__ import annotations

import pytest

from tests.engines.rulebook.small import due_of

# Monday 2 March 2026 is the day of the trigger; the fifth working day is Monday the 9th.
RULES = """
- id: answered
  form: response
  when: {first: {kind: trial.event}}
  then: [{kind: trial.answer}]
  within: {amount: 5, unit: working_days}
  stops: {from: {kind: trial.pause}, until: {kind: trial.resume}, article: "6"}
  extended: {by: {kind: trial.extension}, amount: 2, unit: working_days}
"""
EVENT = "2026-03-02 09:00 trial.event"
AT = "2026-04-30T09:00"


def due(book, *records: str, rules: str = RULES, at: str = AT) -> str:
    return due_of(book(rules).duties(EVENT, *records, at=at)[0])


def test_without_a_stop_the_fifth_working_day_is_the_last(book):
    assert due(book) == "2026-03-10 00:00"


@pytest.mark.parametrize(
    ("stop", "resume", "last"),
    [
        # A day on which the clock stood at any moment is not counted.
        ("2026-03-04 10:00", "2026-03-04 11:00", "2026-03-11 00:00"),
        ("2026-03-04 23:59", "2026-03-05 00:01", "2026-03-12 00:00"),
        ("2026-03-04 10:00", "2026-03-06 11:00", "2026-03-13 00:00"),
        # A weekend that stood would not have counted anyway.
        ("2026-03-07 10:00", "2026-03-08 11:00", "2026-03-10 00:00"),
        # On the day of the trigger nothing is lost.
        ("2026-03-02 10:00", "2026-03-02 11:00", "2026-03-10 00:00"),
        # On the last day, and after it.
        ("2026-03-09 10:00", "2026-03-09 11:00", "2026-03-11 00:00"),
        ("2026-03-10 10:00", "2026-03-10 11:00", "2026-03-10 00:00"),
    ],
)
def test_days_on_which_it_stood_are_not_counted_and_days_used_stay_used(book, stop: str, resume: str, last: str):
    assert due(book, f"{stop} trial.pause", f"{resume} trial.resume", at="2026-03-11T12:00") == last


def test_an_open_stop_before_the_last_day_pauses_the_duty(book):
    records = [EVENT, "2026-03-04 trial.pause"]
    assert book(RULES).judge(*records, at=AT) == ["due missing trial.answer paused"]


def test_an_open_stop_after_the_last_day_pauses_nothing(book):
    records = [EVENT, "2026-03-10 trial.pause"]
    assert book(RULES).judge(*records, at="2026-03-10T09:00") == ["overdue missing trial.answer"]


def test_a_clock_that_stands_when_the_file_is_archived_is_breached(book):
    records = [EVENT, "2026-03-04 trial.pause", "2026-03-05 case.closed", "2026-03-06 case_file"]
    assert book(RULES).judge(*records, at=AT) == ["breached missing trial.answer"]


def test_what_comes_while_the_clock_stands_is_in_time(book):
    records = [EVENT, "2026-03-04 trial.pause", "2026-04-20 trial.answer"]
    assert book(RULES).judge(*records, at=AT) == ["met"]


def test_stops_that_overlap_are_not_counted_twice(book):
    once = due(book, "2026-03-04 10:00 trial.pause", "2026-03-06 10:00 trial.resume")
    twice = due(book, "2026-03-04 10:00 trial.pause", "2026-03-05 10:00 trial.pause", "2026-03-06 10:00 trial.resume")
    assert once == twice == "2026-03-13 00:00"


def test_stopped_again_on_the_day_on_which_it_was_started_again(book):
    records = [
        "2026-03-04 10:00 trial.pause",
        "2026-03-05 09:00 trial.resume",
        "2026-03-05 15:00 trial.pause",
        "2026-03-10 09:00 trial.resume",
    ]
    # Used: 3. Stopped: 4 to 10. Counted on: 11, 12, 13, 16.
    assert due(book, *records, at="2026-03-11T09:00") == "2026-03-17 00:00"


def test_records_of_one_day_without_an_hour_start_a_standing_clock_before_they_stop_it(book):
    records = ["2026-03-04 trial.pause", "2026-03-05 trial.pause", "2026-03-05 trial.resume", "2026-03-10 trial.resume"]
    assert due(book, *records, at="2026-03-11T09:00") == "2026-03-17 00:00"


def test_stopped_and_started_on_one_day_without_hours_costs_that_day(book):
    assert due(book, "2026-03-04 trial.pause", "2026-03-04 trial.resume") == "2026-03-11 00:00"


def test_a_start_that_follows_no_stop_changes_nothing(book):
    assert due(book, "2026-03-03 trial.resume") == "2026-03-10 00:00"


def test_a_stop_before_the_trigger_changes_nothing(book):
    assert due(book, "2026-02-27 trial.pause", "2026-02-28 trial.resume") == "2026-03-10 00:00"


def test_stops_leave_out_natural_days_too(book):
    rules = RULES.replace("working_days", "natural_days")
    records = ["2026-03-04 10:00 trial.pause", "2026-03-06 11:00 trial.resume"]
    # Counted: 3, 7, 8, 9, 10.
    assert due(book, *records, rules=rules) == "2026-03-11 00:00"


def test_a_stop_of_another_review_does_not_stop_this_one(book):
    rules = RULES.replace("form: response", "form: response\n  per: review")
    reviews = ["2026-03-01 legal_review_application #r", "2026-03-01 legal_review_application #s"]

    def of(review: str, day: str, kind: str) -> str:
        return f'{{on: "2026-03-{day}", kind: {kind}, links: {{review: {review}}}}}'

    records = [*reviews, of("r", "02", "trial.event"), of("s", "03", "trial.pause")]
    assert book(rules).judge(*records, at="2026-03-04T09:00") == ["due missing trial.answer"]
    records[-1] = of("r", "03", "trial.pause")
    assert book(rules).judge(*records, at="2026-03-04T09:00") == ["due missing trial.answer paused"]


def test_of_several_complete_files_only_the_first_starts_the_clock(book):
    records = [EVENT, "2026-03-06 trial.event"]
    duties = book(RULES).duties(*records, at="2026-03-07T09:00")
    assert [due_of(d) for d in duties] == ["2026-03-10 00:00"]


# -- extension --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("granted", "last"),
    [
        ("2026-03-03 10:00", "2026-03-12 00:00"),
        ("2026-03-09 17:00", "2026-03-12 00:00"),
        ("2026-03-09 23:59", "2026-03-12 00:00"),
        ("2026-03-10 00:00", "2026-03-10 00:00"),
    ],
)
def test_an_extension_counts_if_granted_by_the_last_day(book, granted: str, last: str):
    assert due(book, f"{granted} trial.extension", at="2026-03-11T09:00") == last


def test_an_extension_on_the_sixth_day_counts_after_a_stopped_day(book):
    stopped = ["2026-03-04 10:00 trial.pause", "2026-03-04 11:00 trial.resume"]
    assert due(book, *stopped, "2026-03-10 17:00 trial.extension", at="2026-03-11T09:00") == "2026-03-13 00:00"
    assert due(book, *stopped, "2026-03-11 00:00 trial.extension", at="2026-03-11T09:00") == "2026-03-11 00:00"


def test_days_of_an_extension_that_stood_are_not_counted_either(book):
    records = ["2026-03-09 trial.extension", "2026-03-10 10:00 trial.pause", "2026-03-10 11:00 trial.resume"]
    assert due(book, *records, at="2026-03-11T09:00") == "2026-03-13 00:00"


def test_only_one_extension_counts(book):
    assert due(book, "2026-03-05 trial.extension", "2026-03-06 trial.extension") == "2026-03-12 00:00"


def test_an_extension_in_another_unit_follows_the_plain_limit(book):
    rules = RULES.replace("amount: 2, unit: working_days", "amount: 1, unit: months")
    assert due(book, "2026-03-05 trial.extension", rules=rules) == "2026-04-10 00:00"


def test_late_after_an_extension_is_counted_from_its_end(book):
    records = [EVENT, "2026-03-09 trial.extension", "2026-03-12 trial.answer"]
    assert book(RULES).judge(*records, at=AT) == ["met late 1 working_days"]


def test_an_extension_received_later_lengthens_only_what_is_judged_from_then_on(book):
    granted = '{on: "2026-03-09", kind: trial.extension, received: "2026-03-11T09:00"}'
    assert book(RULES).judge(EVENT, granted, at="2026-03-10T09:00") == ["overdue missing trial.answer"]
    assert book(RULES).judge(EVENT, granted, at="2026-03-11T09:00") == ["due missing trial.answer"]


# -- dates in the records that stop and lengthen ---------------------------------------------------------------------
DATED = RULES.replace('article: "6"}', 'article: "6", expected: stated_until}').replace(
    "amount: 2, unit: working_days}", "amount: 2, unit: working_days, not_after: runs_to}"
)


@pytest.mark.parametrize(
    ("stated", "resume", "last"),
    [
        ("2026-03-04", (), "2026-03-11 00:00"),
        ("2026-03-05", (), "2026-03-12 00:00"),
        # A date before the stop itself leaves the day of the stop out, and no more.
        ("2026-03-01", (), "2026-03-11 00:00"),
        # What was said to be over counts, whatever had been stated.
        ("2026-03-04", ("2026-03-05 trial.resume",), "2026-03-12 00:00"),
    ],
)
def test_a_stop_that_was_never_over_ends_on_the_day_that_was_stated(book, stated: str, resume, last: str):
    assert due(book, f"2026-03-04 trial.pause stated_until={stated}", *resume, rules=DATED) == last


def test_a_stop_that_states_no_day_stands(book):
    records = [EVENT, "2026-03-04 trial.pause"]
    assert book(DATED).judge(*records, at=AT) == ["due missing trial.answer paused"]


@pytest.mark.parametrize(
    ("says", "last"),
    [
        ("runs_to=2026-03-10", "2026-03-11 00:00"),
        ("runs_to=2026-03-11", "2026-03-12 00:00"),
        # Never longer than the text allows, never shorter than without it.
        ("runs_to=2026-03-20", "2026-03-12 00:00"),
        ("runs_to=2026-03-05", "2026-03-10 00:00"),
        ("", "2026-03-12 00:00"),
    ],
)
def test_an_extension_ends_on_the_day_that_it_names(book, says: str, last: str):
    assert due(book, f"2026-03-06 trial.extension {says}", rules=DATED) == last
