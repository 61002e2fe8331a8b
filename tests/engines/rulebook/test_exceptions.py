"""Four exceptions and no more: an excuse, another clock, a stand-in, and the special rule in the general one's place."""

from __future__ import annotations

import pytest

from liuhen.engines.rulebook import InvalidRulebook, build_stack
from liuhen.ground.case import Case
from tests.engines.rulebook.small import Book, calendar, lines, read, write_book

AT = "2026-03-20T09:00"
ACT = "2026-03-02 09:00–10:00 trial.act #a"
PAPER = """
- id: paper
  form: response
  when: {kind: trial.act}
  then: [{kind: trial.paper}, {kind: trial.notice}]
"""


def excused(parts: str = "", where: str = "") -> str:
    return PAPER + f"  excused: {{by: {{kind: trial.excuse{where}}}{parts}}}\n"


# -- excused ----------------------------------------------------------------------------------------------------------


def test_an_excuse_about_the_trigger_excuses_everything(book):
    assert book(excused()).judge(ACT, "2026-03-02 trial.excuse >a", at=AT) == ["excused"]


def test_an_excuse_about_another_act_excuses_nothing(book):
    records = [ACT, "2026-03-03 09:00–10:00 trial.act #b", "2026-03-03 trial.excuse >b"]
    assert book(excused()).judge(*records, at=AT) == ["due missing trial.paper, trial.notice", "excused"]


def test_an_excuse_can_cover_some_parts_and_the_others_stay(book):
    rules = excused(", parts: [trial.notice]")
    assert book(rules).judge(ACT, "2026-03-02 trial.excuse >a", at=AT) == ["due missing trial.paper"]
    duty = book(rules).duties(ACT, "2026-03-02 trial.excuse #e >a", "2026-03-02 trial.paper >a", at=AT)[0]
    assert (duty.status, duty.excused_by) == ("excused", "e")


def test_an_excuse_must_be_the_one_that_the_rule_names(book):
    rules = excused(where=", where: {why: {filled: yes}}")
    assert book(rules).judge(ACT, "2026-03-02 trial.excuse >a why=雨", at=AT) == ["excused"]
    assert book(rules).judge(ACT, "2026-03-02 trial.excuse >a", at=AT) == ["due missing trial.paper, trial.notice"]


def test_what_is_there_needs_no_excuse(book):
    records = [ACT, "2026-03-02 trial.excuse >a", "2026-03-02 trial.paper >a", "2026-03-02 trial.notice >a"]
    assert book(excused()).judge(*records, at=AT) == ["met"]


def test_several_excuses_each_cover_their_part(book):
    rules = (
        PAPER
        + """  excused:
    - {by: {kind: trial.excuse}, parts: [trial.notice]}
    - {by: {kind: trial.pause}, parts: [trial.paper]}
"""
    )
    assert book(rules).judge(ACT, "2026-03-02 trial.excuse >a", "2026-03-02 trial.pause >a", at=AT) == ["excused"]
    assert book(rules).judge(ACT, "2026-03-02 trial.pause >a", at=AT) == ["due missing trial.notice"]


# -- instead ----------------------------------------------------------------------------------------------------------

ANSWER = """
- id: answered
  form: response
  when: {kind: trial.event}
  then: [{kind: trial.answer}]
  within: {amount: 24, unit: hours}
  instead: {by: {kind: trial.excuse}, within: {amount: 24, unit: hours}, from: back_at}
"""


def other_clock(received: str = "2026-03-02T10:00") -> str:
    content = 'content: {back_at: "2026-03-04T20:00"}'
    return f'{{on: "2026-03-02T10:00", kind: trial.excuse, received: "{received}", {content}}}'


@pytest.mark.parametrize(("minute", "said"), [("00", "met"), ("01", "met late 1 hours")])
def test_another_clock_runs_from_its_own_moment(book, minute: str, said: str):
    records = ["2026-03-02 09:00 trial.event", other_clock(), f"2026-03-05 20:{minute} trial.answer"]
    assert book(ANSWER).judge(*records, at=AT) == [said]


def test_without_the_record_the_rules_own_clock_counts(book):
    records = ["2026-03-02 09:00 trial.event", "2026-03-03 10:00 trial.answer"]
    assert book(ANSWER).judge(*records, at=AT) == ["met late 1 hours"]


def test_a_record_without_its_moment_gives_no_other_clock(book):
    records = ["2026-03-02 09:00 trial.event", "2026-03-02 10:00 trial.excuse", "2026-03-03 10:00 trial.answer"]
    assert book(ANSWER).judge(*records, at=AT) == ["met late 1 hours"]


def test_another_clock_made_after_the_due_moment_is_shown_as_recorded_after(book):
    records = ["2026-03-02 09:00 trial.event", other_clock("2026-03-04T09:00"), "2026-03-05 19:00 trial.answer"]
    assert book(ANSWER).judge(*records, at=AT) == ["met recorded_after"]
    records[1] = other_clock()
    assert book(ANSWER).judge(*records, at=AT) == ["met"]


# -- stand_in ---------------------------------------------------------------------------------------------------------

STAND_IN = """
- id: answered
  form: response
  when: {kind: trial.event}
  then: [{kind: trial.answer}]
  stand_in: {by: {kind: trial.excuse, where: {why: {filled: yes}}}, then: [{kind: trial.second_answer, at_least: 2}]}
"""


def test_other_parts_stand_in_when_a_record_gives_the_reason(book):
    event, reason = "2026-03-02 trial.event", "2026-03-02 trial.excuse why=雨"
    others = ["2026-03-03 trial.second_answer", "2026-03-04 trial.second_answer"]
    assert book(STAND_IN).judge(event, reason, *others, at=AT) == ["met"]
    assert book(STAND_IN).judge(event, reason, others[0], at=AT) == ["due missing trial.answer"]
    assert book(STAND_IN).judge(event, *others, at=AT) == ["due missing trial.answer"]


# -- takes_the_place_of -----------------------------------------------------------------------------------------------

SPECIAL = """
- id: general
  form: response
  when: {kind: trial.event}
  then: [{kind: trial.answer}]
- id: special
  form: response
  when: {kind: trial.event}
  if: {size: big}
  then: [{kind: trial.second_answer}]
  takes_the_place_of: [general]
"""


@pytest.mark.parametrize(("size", "missing"), [("big", ["trial.second_answer"]), ("small", ["trial.answer"])])
def test_the_special_rule_takes_the_place_of_the_general_one_where_it_applies(book, size: str, missing: list[str]):
    duties = book(SPECIAL).duties(f"2026-03-02 trial.event size={size}", at=AT)
    assert [m.id for d in duties for m in d.missing] == missing


def test_where_it_is_not_known_whether_the_special_rule_applies_both_are_shown(book):
    assert book(SPECIAL).judge("2026-03-02 trial.event", at=AT) == ["due missing trial.answer", "unknown asks size"]


def two_books(tmp_path, general: str, special: str):
    one, two = Book(write_book(tmp_path / "one", general)), Book(write_book(tmp_path / "two", special))
    return one, two


def test_a_rule_of_another_text_can_take_the_place_while_it_is_in_force(tmp_path):
    general, _, special = SPECIAL.partition("- id: special")
    special = "- id: special" + special.replace("[general]", "[one/general]")
    one, two = two_books(tmp_path, general, special)
    stack = build_stack([one.rulebook, two.rulebook], one.vocabulary, calendar())
    for day, refs in (("2026-03-02", {"two/special"}), ("2019-03-02", set())):
        records, at = read(one.rulebook, one.vocabulary, [f"{day} trial.event size=big"], None, AT)
        judged = stack.judge_held(stack.hold(_case(records), at))
        assert {d.rule.ref for d in judged.duties} == refs
    assert lines(judged.duties) == []


def test_texts_that_take_each_others_place_are_refused(tmp_path):
    general, _, special = SPECIAL.partition("- id: special")
    one, two = two_books(
        tmp_path,
        general + "  takes_the_place_of: [two/special]\n",
        "- id: special" + special.replace("[general]", "[one/general]"),
    )
    with pytest.raises(InvalidRulebook) as refused:
        build_stack([one.rulebook, two.rulebook], one.vocabulary, calendar())
    assert refused.value.finding.code == "B-017"


def _case(records):

    return Case.of(records)
