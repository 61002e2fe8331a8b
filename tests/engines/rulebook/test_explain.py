"""Why a duty is due on that day: start, length, stops, what was not counted, extension, calendar, and the strip of days."""

from __future__ import annotations

from datetime import date
from typing import Any

from liuhen.engines.rulebook import Clock, explain
from liuhen.engines.rulebook.explain import as_json
from liuhen.ground.case import Case
from tests.engines.rulebook.small import Book, calendar, read

AT = "2026-03-04T09:00"
RULES = """
- id: answered
  form: response
  when: {kind: trial.event}
  then: [{kind: trial.answer}]
"""
REVIEW = (
    RULES
    + """
  within: {amount: 5, unit: working_days}
  stops: {from: {kind: trial.pause}, until: {kind: trial.resume}, article: "6"}
  extended: {by: {kind: trial.extension}, amount: 2, unit: working_days}
"""
)
EVENT = "2026-03-02 09:00 trial.event #e"


def told(made: Book, *records: Any, at: str = AT, n: int = 0, case: Any = None) -> Clock | None:
    found, moment = read(made.rulebook, made.vocabulary, records, case, at)
    case_ = Case.of(found)
    duties = sorted(made.stack.judge(case_, moment).duties, key=lambda d: d.since)
    return explain(made.stack, duties[n], case_, moment)


def day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


def strip(clock: Clock) -> str:
    return " ".join(m.label.zh for m in clock.days)


def test_working_days_are_counted_one_by_one_and_weekends_named(book):
    clock = told(book(REVIEW), EVENT)
    assert (clock.started_by, day(clock.start_day), clock.limit.zh) == ("e", "2026-03-02", "5个工作日")
    assert strip(clock) == "起 1 2 3 4 休 休 5满"
    assert [(day(d), w.zh) for d, w in clock.not_counted] == [("2026-03-07", "周末"), ("2026-03-08", "周末")]
    assert (clock.due, clock.last) == (calendar().instant(date(2026, 3, 10).toordinal()),) * 2
    assert clock.calendar == calendar().version
    assert (clock.extension.en, clock.extended_by) == ("2 working days more if granted in time", "")


def test_stops_are_shown_with_their_records_and_the_article(book):
    clock = told(
        book(REVIEW), EVENT, "2026-03-03 10:00 trial.pause #p", "2026-03-04 09:00 trial.resume", at="2026-03-05T09:00"
    )
    assert [(day(s.first), day(s.last), s.by) for s in clock.stops] == [("2026-03-03", "2026-03-04", "p")]
    assert clock.stop_article == "6"
    assert strip(clock) == "起 停 停 1 2 休 休 3 4 5满"


def test_a_clock_that_stands_has_no_end(book):
    clock = told(book(REVIEW), EVENT, "2026-03-03 10:00 trial.pause #p")
    assert (clock.paused, clock.due, clock.last, clock.days) == (True, None, None, ())
    assert [s.last for s in clock.stops] == [None]


def test_an_extension_is_named_and_lengthens_the_count(book):
    clock = told(book(REVIEW), EVENT, "2026-03-03 trial.extension #x")
    assert (clock.extended_by, clock.limit.zh, clock.extension) == ("x", "7个工作日", None)
    assert strip(clock) == "起 1 2 3 4 休 休 5 6 7满"


def test_a_holiday_is_named(book):
    clock = told(book(REVIEW), "2026-04-29 trial.event", at="2026-04-29T10:00")
    assert [(day(d), w.zh) for d, w in clock.not_counted] == [(f"2026-05-0{n}", "劳动节") for n in range(1, 6)]


def test_hours_have_no_strip(book):
    clock = told(book(RULES + "  within: {amount: 24, unit: hours}\n"), EVENT)
    assert (clock.limit.en, clock.days, clock.not_counted) == ("24 hours", (), ())
    assert calendar().local(clock.last).isoformat() == "2026-03-03T09:00:00+08:00"


def test_natural_days_count_the_weekend(book):
    clock = told(book(RULES + "  within: {amount: 6, unit: natural_days}\n"), EVENT)
    assert strip(clock) == "起 1 2 3 4 5 6满"
    assert clock.not_counted == ()


def test_a_last_day_that_rolls_shows_the_days_off(book):
    clock = told(book(RULES + "  within: {amount: 5, unit: natural_days}\n  rolls: yes\n"), EVENT)
    assert strip(clock) == "起 1 2 3 4 5 休 顺延"


def test_a_long_limit_has_its_end_and_no_strip(book):
    clock = told(book(RULES + "  within: {amount: 100, unit: working_days}\n"), EVENT)
    assert clock.days == ()
    assert clock.due is not None


def test_without_a_number_there_is_nothing_to_explain(book):
    assert told(book(RULES), EVENT) is None


def test_another_clock_explains_itself(book):
    rules = (
        RULES
        + "  within: {amount: 24, unit: hours}\n  instead: {by: {kind: trial.excuse}, within: {amount: 2, unit: natural_days}}\n"
    )
    clock = told(book(rules), EVENT, "2026-03-03 trial.excuse #x")
    assert (clock.started_by, clock.limit.en, strip(clock)) == ("x", "2 days", "起 1 2满")


def test_a_date_that_the_text_sets_is_said_to_be_set(book):
    clock = told(book(RULES + "  by: {field: last_day}\n"), EVENT + " last_day=2026-03-06")
    assert (clock.limit.en, strip(clock)) == ("the date that the text sets", "起 1 2 3 4满")


def test_a_lapse_is_explained_from_the_end_of_its_window(book):
    rules = """
- id: answered
  form: response
  when: {lapse: {after: {kind: trial.event}, without: {kind: trial.second_answer}, within: {amount: 1, unit: natural_days}}}
  then: [{kind: trial.answer}]
  within: {amount: 2, unit: natural_days}
"""
    clock = told(book(rules), EVENT)
    assert (day(clock.start_day), strip(clock)) == ("2026-03-04", "起 1 2满")


def test_a_period_is_explained_from_its_first_day(book):
    rules = """
- id: yearly
  form: response
  when: {each: calendar_year, per: unit}
  then: [{kind: trial.answer, of: same unit}]
  by: {month_day: "01-03"}
"""
    clock = told(book(rules), "2026-01-01 unit.set_up #u name=例", at="2026-01-02T09:00", case="none")
    assert (clock.started_by, day(clock.start_day), strip(clock)) == ("u", "2026-01-01", "起 1 2满")


def test_footage_is_explained_from_the_end_of_the_act(book):
    rules = "\n- id: filmed\n  form: coverage\n  act: {kind: trial.act}\n"
    clock = told(book(rules), "2026-03-03 09:00–10:00 trial.act #a")
    assert (clock.started_by, clock.limit.en) == ("a", "24 hours")
    assert calendar().local(clock.last).isoformat() == "2026-03-04T10:00:00+08:00"


def test_a_provisional_end_says_so(book):
    clock = told(
        book(RULES + "  within: {amount: 10, unit: working_days}\n"), "2027-12-24 trial.event", at="2027-12-25T09:00"
    )
    assert clock.provisional


def test_of_stacked_rules_the_one_whose_moment_shows_is_explained(book):
    more = RULES.replace("id: answered", "id: sooner")
    rules = (
        RULES
        + "  duty: d\n  within: {amount: 6, unit: natural_days}\n"
        + more
        + "  duty: d\n  within: {amount: 2, unit: natural_days}\n"
    )
    assert told(book(rules), EVENT, at="2026-03-03T09:00").limit.en == "2 days"


def test_a_clock_as_json_has_dates_and_moments(book):
    made = book(REVIEW)
    clock = told(made, EVENT, "2026-03-03 10:00 trial.pause #p", "2026-03-04 09:00 trial.resume", at="2026-03-05T09:00")
    assert as_json(clock, made.stack) == {
        "start": "2026-03-02T09:00:00+08:00",
        "started_by": "e",
        "limit": {"zh": "5个工作日", "en": "5 working days"},
        "last_moment": "2026-03-12T00:00:00+08:00",
        "stops": [{"from": "2026-03-03", "until": "2026-03-04", "by": "p"}],
        "not_counted": [
            {"day": "2026-03-03", "reason": {"zh": "停算", "en": "stopped"}},
            {"day": "2026-03-04", "reason": {"zh": "停算", "en": "stopped"}},
            {"day": "2026-03-07", "reason": {"zh": "周末", "en": "weekend"}},
            {"day": "2026-03-08", "reason": {"zh": "周末", "en": "weekend"}},
        ],
        "extended_by": None,
        "calendar": calendar().version,
        "provisional": False,
        "paused": False,
    }
