"""Conditions: yes, no, or not known; each comparison on both sides, and what a field's absence means."""

from __future__ import annotations

import pytest

AT = "2026-03-20T09:00"


def if_(condition: str) -> str:
    return f"""
- id: asked
  form: response
  when: {{kind: trial.paper}}
  if: {condition}
  then: [{{kind: trial.answer}}]
"""


def asked(book, condition: str, *records: str, case: dict | None = None) -> str:
    """Return yes, no or unknown: whether the rule is asked of the paper."""
    said = book(if_(condition)).judge(*records, at=AT, case=case)
    return {"due missing trial.answer": "yes"}.get(said[0], "unknown") if said else "no"


@pytest.mark.parametrize(
    ("condition", "yes", "no"),
    [
        ("{reason: rain}", "reason=rain", "reason=other"),
        ("{reason: {is: rain}}", "reason=rain", "reason=other"),
        ("{reason: {is_not: rain}}", "reason=other", "reason=rain"),
        ("{reason: {one_of: [rain, battery]}}", "reason=battery", "reason=other"),
        ("{agreed: yes}", "agreed=yes", "agreed=no"),
        ("{drawn: {at_least: 3}}", "drawn=3", "drawn=2"),
        ("{drawn: {at_most: 3}}", "drawn=3", "drawn=4"),
        ("{drawn: {more_than: 3}}", "drawn=4", "drawn=3"),
        ("{drawn: {less_than: 3}}", "drawn=2", "drawn=3"),
        ("{fine: {at_least: 10000000}}", "fine=10000000", "fine=9999999"),
        # As text 9.50 would be more than 12.50.
        ('{area: {at_least: "9.50"}}', "area=12.50", "area=9.49"),
        ("{day: {at_least: \"2026-03-02\"}}", "day=2026-03-02", "day=2026-03-01"),
        ('{until: {at_most: "2026-03-02T09:00:00+08:00"}}', "until=2026-03-02T09:00", "until=2026-03-02T09:01"),
        # The same moment in another zone.
        ('{until: {at_most: "2026-03-02T01:00:00Z"}}', "until=2026-03-02T09:00", "until=2026-03-02T09:01"),
        ('{clock: {less_than: "09:30"}}', "clock=09:29", "clock=09:30"),
        ("{grounds: {contains: law}}", "grounds=law,custom", "grounds=custom"),
        ("{grounds: law}", "grounds=law", "grounds=order"),
        ("{grounds: {is_not: law}}", "grounds=order", "grounds=law,order"),
        ("{grounds: {one_of: [law, custom]}}", "grounds=order,custom", "grounds=order"),
        ("{drawn: {at_least: {times: 2, field: needed}}}", "drawn=4 needed=2", "drawn=3 needed=2"),
        ("{drawn: {times: 2, field: needed, at_least: yes}}", "drawn=4 needed=2", "drawn=3 needed=2"),
        ("{drawn: {equals: {field: needed}}}", "drawn=2 needed=2", "drawn=3 needed=2"),
        ("{day: {more_than: {field: other_day}}}", "day=2026-03-03 other_day=2026-03-02", "day=2026-03-02 other_day=2026-03-02"),
        ("{reason: rain, agreed: yes}", "reason=rain agreed=yes", "reason=rain agreed=no"),
        ("{all: [{reason: rain}, {agreed: yes}]}", "reason=rain agreed=yes", "reason=other agreed=yes"),
        ("{any: [{reason: rain}, {agreed: yes}]}", "reason=other agreed=yes", "reason=other agreed=no"),
    ],
)  # fmt: skip
def test_each_comparison_answers_yes_and_no_and_is_unknown_when_nothing_was_answered(book, condition, yes, no):
    assert asked(book, condition, f"2026-03-02 trial.paper {yes}") == "yes"
    assert asked(book, condition, f"2026-03-02 trial.paper {no}") == "no"
    assert asked(book, condition, "2026-03-02 trial.paper") == "unknown"


def test_filled_is_always_known(book):
    assert asked(book, "{title: {filled: yes}}", "2026-03-02 trial.paper title=题") == "yes"
    assert asked(book, "{title: {filled: yes}}", "2026-03-02 trial.paper") == "no"
    assert asked(book, "{title: {filled: no}}", "2026-03-02 trial.paper") == "yes"
    assert asked(book, "{agreed: {filled: yes}}", "2026-03-02 trial.paper agreed=no") == "yes"


def test_where_the_vocabulary_says_what_absence_means_it_is_known(book):
    assert asked(book, "{hasty: no}", "2026-03-02 trial.paper") == "yes"
    assert asked(book, "{hasty: yes}", "2026-03-02 trial.paper") == "no"
    assert asked(book, "{hasty: yes}", "2026-03-02 trial.paper hasty=yes") == "yes"


@pytest.mark.parametrize(
    ("condition", "content", "said"),
    [
        ("{reason: rain, agreed: yes}", "agreed=no", "no"),
        ("{reason: rain, agreed: yes}", "agreed=yes", "unknown"),
        ("{any: [{reason: rain}, {agreed: yes}]}", "agreed=yes", "yes"),
        ("{any: [{reason: rain}, {agreed: yes}]}", "agreed=no", "unknown"),
    ],
)
def test_what_is_decided_without_the_unanswered_is_decided(book, condition: str, content: str, said: str):
    assert asked(book, condition, f"2026-03-02 trial.paper {content}") == said


def test_an_unknown_says_which_fields_would_settle_it(book):
    rules = if_("{any: [{reason: rain}, {agreed: yes}]}")
    (duty,) = book(rules).duties("2026-03-02 trial.paper", at=AT)
    assert duty.asks == ("reason", "agreed")


def test_a_field_of_the_opening_record_follows_its_corrections(book):
    condition = "{case.procedure: summary}"
    first = '{on: "2026-03-01", kind: case.opened, id: c, content: {case_number: 例, title: 例, action_type: penalty}}'
    second = first.replace("id: c,", "id: d, corrects: c,").replace("action_type", "procedure: summary, action_type")
    assert asked(book, condition, first, "2026-03-02 trial.paper") == "no"
    assert asked(book, condition, first, second, "2026-03-02 trial.paper") == "yes"
    assert asked(book, "{case.party_type: organisation}", first, "2026-03-02 trial.paper") == "unknown"


def test_a_field_of_another_subjects_opening(book):
    condition = "{review.major_decision_ground: {contains: complex}}"
    paper = '{on: "2026-03-02", kind: trial.paper, links: {review: r}}'
    review = "2026-03-01 legal_review_application #r major_decision_ground="
    assert asked(book, condition, review + "complex", paper) == "yes"
    assert asked(book, condition, review + "major_rights", paper) == "no"
    assert asked(book, condition, "2026-03-01 legal_review_application #r", paper) == "unknown"
    assert asked(book, condition, "2026-03-02 trial.paper") == "unknown"


def test_whether_such_a_record_stands_in_the_case(book):
    paper, event = "2026-03-02 trial.paper", "2026-03-09 trial.event"
    assert asked(book, "{has: {kind: trial.event}}", paper, event) == "yes"
    assert asked(book, "{has: {kind: trial.event}}", paper) == "no"
    assert asked(book, "{has_not: {kind: trial.event}}", paper) == "yes"
    assert asked(book, "{has_not: {kind: trial.event}}", paper, event) == "no"
    assert asked(book, "{has: {kind: trial.event, at_least: 2}}", paper, event) == "no"
    assert asked(book, "{has: {kind: trial.event, at_least: 2}}", paper, event, event) == "yes"
    assert asked(book, "{has: {any: [{kind: trial.event}, {kind: trial.pause}]}}", paper, event) == "yes"


def test_whether_such_a_record_stands_can_be_unknown(book):
    paper, has = "2026-03-02 trial.paper", "{has: {kind: trial.event, where: {size: big}}}"
    assert asked(book, has, paper, "2026-03-02 trial.event") == "unknown"
    assert asked(book, has.replace("has:", "has_not:"), paper, "2026-03-02 trial.event") == "unknown"
    assert asked(book, has, paper, "2026-03-02 trial.event", "2026-03-02 trial.event size=big") == "yes"
    assert asked(book, has, paper, "2026-03-02 trial.event size=small") == "no"


def test_who_made_it_counts_in_a_condition_too(book):
    paper, has = "2026-03-02 trial.paper", "{has: {kind: trial.event, by: agency_head}}"
    assert asked(book, has, paper, "2026-03-02 trial.event @agency_head") == "yes"
    assert asked(book, has, paper, "2026-03-02 trial.event @clerk") == "no"


def test_a_record_about_the_paper(book):
    has = "{has: {kind: trial.event, about: it}}"
    assert asked(book, has, "2026-03-02 trial.paper #p", "2026-03-02 trial.event >p") == "yes"
    assert asked(book, has, "2026-03-02 trial.paper #p", "2026-03-02 trial.event") == "no"


@pytest.mark.parametrize(
    ("condition", "on", "said"),
    [
        ("{hour: {at_least: 18}}", "2026-03-02 18:00", "yes"),
        ("{hour: {at_least: 18}}", "2026-03-02 17:59", "no"),
        ("{hour: {at_least: 18}}", "2026-03-02", "unknown"),
        ("{trigger.precision: day}", "2026-03-02", "yes"),
        ("{trigger.precision: day}", "2026-03-02 09:00", "no"),
        # A plain Monday; a Saturday; Spring Festival; a Saturday made up for it.
        ("{day_type: working}", "2026-03-02", "yes"),
        ("{day_type: working}", "2026-03-07", "no"),
        ("{day_type: not_working}", "2026-02-17", "yes"),
        ("{day_type: weekend}", "2026-03-07", "yes"),
        ("{day_type: weekend}", "2026-02-14", "no"),
        ("{day_type: working}", "2026-02-14", "yes"),
        ("{day_type: holiday}", "2026-02-17", "yes"),
        ("{day_type: holiday}", "2026-03-07", "no"),
    ],
)
def test_properties_of_the_trigger(book, condition: str, on: str, said: str):
    assert asked(book, condition, f"{on} trial.paper") == said


def test_a_day_of_a_year_not_announced_has_no_known_type(book):
    said = book(if_("{day_type: working}")).judge("2028-03-01 trial.paper", at="2028-03-02T09:00")
    assert said == ["unknown asks day_type"]


MARKS = """
marks:
  - {id: grave, zh: 严重, en: grave, any: [{case.procedure: summary}, {record: {kind: trial.event, where: {size: big}}}]}
"""


def test_a_mark_in_a_condition(book):
    rules, paper = if_("{mark: grave}"), "2026-03-02 trial.paper"
    assert book(rules, MARKS).judge(paper, at=AT) == []
    assert book(rules, MARKS).judge(paper, "2026-03-09 trial.event size=big", at=AT) == ["due missing trial.answer"]
    assert book(rules, MARKS).judge(paper, "2026-03-09 trial.event", at=AT) == ["unknown asks case.procedure, size"]
    assert book(rules, MARKS).judge(paper, at=AT, case={"procedure": "summary"}) == ["due missing trial.answer"]


def test_a_setting_in_a_condition(book):
    head = "settings: [{id: much, value: 100, unit: fen, zh: 数额, en: much, decided: {by: 示例, on: 2026-01-01}}]"
    rules = if_("{fine: {at_least: {setting: much}}}")
    paper = "2026-03-02 trial.paper fine=100"
    assert book(rules, head).judge(paper, at=AT) == ["due missing trial.answer"]
    assert book(rules, head, much=101).judge(paper, at=AT) == []
