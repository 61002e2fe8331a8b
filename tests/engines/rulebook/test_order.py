"""The order form: before K stands, R stands, and so many days between."""

from __future__ import annotations

import pytest

AT = "2026-06-20T09:00"


def needs(part: str = "{kind: trial.answer}", more: str = "") -> str:
    return f"""
- id: first
  form: order
  before: {{kind: trial.event}}
  need: [{part}]
{more}"""


def test_what_was_needed_stands_before(book):
    assert book(needs()).judge("2026-03-01 trial.answer", "2026-03-02 trial.event", at=AT) == ["met"]


def test_it_is_breached_as_soon_as_k_stands_without_it(book):
    records = ["2026-03-02 09:00 trial.event"]
    assert book(needs()).judge(*records, at="2026-03-02T09:00") == ["breached missing trial.answer"]


def test_before_k_there_is_no_duty(book):
    assert book(needs()).judge("2026-03-01 trial.paper", at=AT) == []


def test_what_came_a_minute_later_does_not_count_and_at_the_same_minute_it_does(book):
    event = "2026-03-02 09:00 trial.event"
    assert book(needs()).judge(event, "2026-03-02 09:01 trial.answer", at=AT) == ["breached missing trial.answer"]
    assert book(needs()).judge(event, "2026-03-02 09:00 trial.answer", at=AT) == ["met"]


@pytest.mark.parametrize(
    ("answer", "event"),
    [
        ("2026-03-02", "2026-03-02 09:00"),
        ("2026-03-02 09:30", "2026-03-02"),
        ("2026-03-02", "2026-03-02"),
    ],
)
def test_on_the_same_day_without_an_hour_it_is_accepted_and_marked(book, answer: str, event: str):
    assert book(needs()).judge(f"{answer} trial.answer", f"{event} trial.event", at=AT) == ["met marked"]


def test_what_is_shown_to_stand_before_needs_no_mark(book):
    records = ["2026-03-01 trial.answer", "2026-03-02 trial.answer", "2026-03-02 09:00 trial.event"]
    assert book(needs()).judge(*records, at=AT) == ["met"]


def test_a_day_later_without_an_hour_is_no_longer_before(book):
    records = ["2026-03-03 trial.answer", "2026-03-02 trial.event"]
    assert book(needs()).judge(*records, at=AT) == ["breached missing trial.answer"]


def test_each_need_must_stand_and_either_of_any_will_do(book):
    both = needs("{kind: trial.answer}, {kind: trial.second_answer}")
    either = needs("{any: [{kind: trial.answer}, {kind: trial.second_answer}]}")
    records = ["2026-03-01 trial.second_answer", "2026-03-02 trial.event"]
    assert book(both).judge(*records, at=AT) == ["breached missing trial.answer"]
    assert book(either).judge(*records, at=AT) == ["met"]
    assert book(either).judge(records[1], at=AT) == ["breached missing trial.answer, trial.second_answer"]


def test_a_need_can_be_a_number_of_records(book):
    rules, event = needs("{kind: trial.answer, at_least: 2}"), "2026-03-02 trial.event"
    assert book(rules).judge("2026-03-01 trial.answer", event, at=AT) == ["breached missing trial.answer"]
    assert book(rules).judge("2026-02-28 trial.answer", "2026-03-01 trial.answer", event, at=AT) == ["met"]


def test_only_the_latest_counts_where_the_rule_says_so(book):
    big, small = "trial.answer size=big", "trial.answer size=small"
    latest = needs("{kind: trial.answer, latest: yes, where: {size: big}}")
    plain = needs("{kind: trial.answer, where: {size: big}}")
    event = "2026-03-05 trial.event"
    changed = [f"2026-03-01 {big}", f"2026-03-02 {small}", event]
    assert book(latest).judge(*changed, at=AT) == ["breached missing trial.answer"]
    assert book(plain).judge(*changed, at=AT) == ["met"]
    back = [f"2026-03-01 {small}", f"2026-03-02 {big}", event]
    assert book(latest).judge(*back, at=AT) == ["met"]
    after = [f"2026-03-01 {big}", event, f"2026-03-06 {small}"]
    assert book(latest).judge(*after, at=AT) == ["met"]


def test_both_records_carry_the_same_value(book):
    rules = needs("{kind: trial.answer, same: text_digest}")
    a, b = "a" * 64, "b" * 64
    answer, event = f"2026-03-01 trial.answer text_digest={a}", "2026-03-02 trial.event text_digest="
    assert book(rules).judge(answer, event + a, at=AT) == ["met"]
    assert book(rules).judge(answer, event + b, at=AT) == ["breached missing trial.answer"]
    assert book(rules).judge(answer, "2026-03-02 trial.event", at=AT) == ["breached missing trial.answer"]


# Service on Monday 2 March 2026: the tenth working day is Monday the 16th, so Tuesday the 17th is the first day after.
@pytest.mark.parametrize(
    ("wait", "too_early", "first"),
    [
        ("{amount: 10, unit: working_days}", "2026-03-16 23:59", "2026-03-17 00:00"),
        ("{amount: 10, unit: natural_days}", "2026-03-12 23:59", "2026-03-13 00:00"),
        ("{amount: 1, unit: months}", "2026-04-02 23:59", "2026-04-03 00:00"),
        ("{amount: 24, unit: hours}", "2026-03-03 08:59", "2026-03-03 09:00"),
    ],
)
def test_waiting_time_both_sides(book, wait: str, too_early: str, first: str):
    rules = needs(f"{{kind: trial.answer, at_least: {wait}}}")
    answer = "2026-03-02 09:00 trial.answer"
    early = book(rules).duties(answer, f"{too_early} trial.event", at=AT)[0]
    assert (early.status, early.missing[0].what) == ("breached", "wait")
    assert book(rules).judge(answer, f"{first} trial.event", at=AT) == ["met"]


def test_of_several_one_that_is_far_enough_back_will_do(book):
    rules = needs("{kind: trial.answer, at_least: {amount: 10, unit: natural_days}}")
    records = ["2026-02-02 trial.answer", "2026-03-01 trial.answer", "2026-03-02 trial.event"]
    assert book(rules).judge(*records, at=AT) == ["met"]


@pytest.mark.parametrize(("day", "said"), [("2026-06-02", "met"), ("2026-06-03", "breached missing trial.answer")])
def test_a_latest_distance_both_sides(book, day: str, said: str):
    rules = needs("{kind: trial.answer, at_most: {amount: 3, unit: months}}")
    assert book(rules).judge("2026-03-02 trial.answer", f"{day} trial.event", at=AT) == [said]


@pytest.mark.parametrize(
    ("rolls", "day", "said"),
    [
        ("no", "2026-03-02", "met"),  # Sunday 1 March is the last day
        ("yes", "2026-03-02", "breached missing trial.answer"),
        ("yes", "2026-03-03", "met"),
    ],
)
def test_a_waiting_time_that_ends_on_a_holiday_moves_where_the_rule_says_so(book, rolls: str, day: str, said: str):
    rules = needs(f"{{kind: trial.answer, at_least: {{amount: 10, unit: natural_days, rolls: {rolls}}}}}")
    assert book(rules).judge("2026-02-19 trial.answer", f"{day} trial.event", at=AT) == [said]


@pytest.mark.parametrize(("day", "said"), [("2026-03-02", "met"), ("2026-03-03", "breached missing trial.answer")])
def test_a_latest_distance_that_ends_on_a_holiday_moves_too(book, day: str, said: str):
    rules = needs("{kind: trial.answer, at_most: {amount: 10, unit: natural_days, rolls: yes}}")
    assert book(rules).judge("2026-02-19 trial.answer", f"{day} trial.event", at=AT) == [said]


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("period=5", "met"),
        ("period=6", "breached missing trial.event"),
        ("period=0", "met"),
        ("", "unknown missing trial.event asks period"),
    ],
)
def test_a_waiting_time_may_stand_in_the_record_before(book, period: str, said: str):
    rules = needs("{kind: trial.event, at_least: {field: period, unit: natural_days}}").replace(
        "before: {kind: trial.event}", "before: {kind: trial.execution}"
    )
    assert book(rules).judge(f"2026-03-02 trial.event {period}", "2026-03-08 trial.execution", at=AT) == [said]


def test_the_waiting_time_runs_from_the_end_of_an_act(book):
    rules = needs("{kind: trial.act, at_least: {amount: 1, unit: natural_days}}")
    act = '{on: "2026-03-02T09:00", until: "2026-03-04T09:00", kind: trial.act}'
    assert book(rules).judge(act, "2026-03-05 trial.event", at=AT) == ["breached missing trial.act"]
    assert book(rules).judge(act, "2026-03-06 trial.event", at=AT) == ["met"]


def test_waiting_days_not_announced_leave_it_open(book):
    rules = needs("{kind: trial.answer, at_least: {amount: 10, unit: working_days}}")
    answer = "2027-12-20 trial.answer"
    early = book(rules).judge(answer, "2027-12-30 trial.event", at="2028-06-01T09:00")
    assert early == ["unknown missing trial.answer asks calendar provisional"]
    later = book(rules).judge(answer, "2028-02-01 trial.event", at="2028-06-01T09:00")
    assert later == ["met provisional"]


def test_an_excuse_about_k_excuses_it(book):
    rules = needs(more="  excused: {by: {kind: trial.excuse}}\n")
    assert book(rules).judge("2026-03-02 trial.event #k", "2026-03-03 trial.excuse >k", at=AT) == ["excused"]


def test_what_is_needed_of_the_same_review_is_not_taken_from_another(book):
    rules = needs("{kind: trial.answer, of: same review}", "  per: review\n")
    reviews = ["2026-03-01 legal_review_application #r", "2026-03-01 legal_review_application #s"]
    event = '{on: "2026-03-03", kind: trial.event, links: {review: r}}'
    for review, said in (("r", "met"), ("s", "breached missing trial.answer")):
        answer = f'{{on: "2026-03-02", kind: trial.answer, links: {{review: {review}}}}}'
        assert book(rules).judge(*reviews, answer, event, at=AT) == [said]


def test_a_condition_never_answered_is_unknown(book):
    rules = needs(more="  if: {size: big}\n")
    assert book(rules).judge("2026-03-02 trial.event", at=AT) == ["unknown asks size"]
    assert book(rules).judge("2026-03-02 trial.event size=small", at=AT) == []
