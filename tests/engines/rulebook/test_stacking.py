"""Several texts at once: every one is asked, the stricter shows, every article is cited; each text only in its time."""

from __future__ import annotations

from datetime import datetime

import pytest

from liuhen.engines.rulebook import InvalidRulebook, Judgement, build_stack
from liuhen.ground.case import Case
from liuhen.ground.record import ZONE, Record
from tests.engines.rulebook.small import Book, calendar, due_of, line, ordered, read, write_book

AT = "2026-03-20T09:00"
RULE = """
- id: answered
  form: response
  duty: answer.given
  when: {kind: trial.event}
  then: [{kind: trial.answer}]
"""


@pytest.fixture
def texts(tmp_path):
    """Stack texts, each a rulebook of its own: name → rules."""

    def stack(head: dict[str, str] | None = None, regardless: bool = True, **rules: str):
        books = [Book(write_book(tmp_path / name, text, (head or {}).get(name, ""))) for name, text in rules.items()]
        made = build_stack([b.rulebook for b in books], books[0].vocabulary, calendar(), regardless_of_dates=regardless)

        def judge(*records: str, at: str = AT, applied: tuple[Record, ...] = ()) -> Judgement:
            found, moment = read(books[0].rulebook, books[0].vocabulary, records, None, at)
            return made.judge(Case.of(found), moment, applied=applied)

        return judge

    return stack


def test_the_same_duty_of_two_texts_is_one_line_with_both_articles(texts):
    judge = texts(one=RULE, two=RULE)
    (duty,) = judge("2026-03-02 trial.event").duties
    assert [c.words().en for c in duty.cites] == ["Trial measures, art. 1", "Trial measures, art. 1"]
    assert [c.rulebook for c in duty.cites] == ["one", "two"]
    assert [r.ref for r in duty.rules] == ["one/answered", "two/answered"]


def test_duties_with_other_names_stay_apart(texts):
    judge = texts(one=RULE, two=RULE.replace("answer.given", "answer.sent"))
    assert len(judge("2026-03-02 trial.event").duties) == 2


def test_the_earlier_moment_shows_while_both_are_due(texts):
    judge = texts(
        one=RULE + "  within: {amount: 5, unit: natural_days}\n",
        two=RULE + "  within: {amount: 3, unit: natural_days}\n",
    )
    (duty,) = judge("2026-03-02 trial.event", at="2026-03-03T09:00").duties
    assert due_of(duty) == "2026-03-06 00:00"
    (duty,) = judge("2026-03-02 trial.event", at="2026-03-06T09:00").duties
    assert (line(duty), duty.rule.ref, due_of(duty)) == (
        "overdue missing trial.answer",
        "two/answered",
        "2026-03-06 00:00",
    )


def test_in_time_for_one_text_and_late_for_the_other_is_late(texts):
    judge = texts(
        one=RULE + "  within: {amount: 5, unit: natural_days}\n",
        two=RULE + "  within: {amount: 3, unit: natural_days}\n",
    )
    (duty,) = judge("2026-03-02 trial.event", "2026-03-06 trial.answer").duties
    assert (line(duty), duty.fault) == ("met late 1 natural_days", True)


@pytest.mark.parametrize(
    ("records", "status"),
    [
        (["2026-03-05 case.closed"], "overdue"),
        (["2026-03-05 case.closed", "2026-03-06 case_file"], "breached"),
        ([], "unknown"),
        (["2026-03-03 trial.answer"], "unknown"),
    ],
)
def test_the_worst_status_shows(texts, records: list[str], status: str):
    asking = RULE + "  if: {size: big}\n"
    (duty,) = texts(one=RULE, two=asking)("2026-03-02 trial.event", *records).duties
    assert duty.status == status


def test_an_excuse_of_one_text_does_not_excuse_the_other(texts):
    judge = texts(one=RULE + "  excused: {by: {kind: trial.excuse}}\n", two=RULE)
    (duty,) = judge("2026-03-02 trial.event #e", "2026-03-03 trial.excuse >e").duties
    assert (line(duty), duty.rule.ref) == ("due missing trial.answer", "two/answered")


def test_what_either_text_misses_is_named(texts):
    carries = "\n- id: carries\n  form: content\n  duty: paper.carries\n  when: {{kind: trial.paper}}\n  has: {{fields: [{0}]}}\n"
    (duty,) = texts(one=carries.format("title"), two=carries.format("summary"))("2026-03-02 trial.paper").duties
    assert {m.id for m in duty.missing} == {"title", "summary"}


def test_a_hint_never_hides_a_duty_nor_makes_one_of_it(texts):
    judge = texts(one=RULE + "  weight: hint\n  within: {amount: 1, unit: natural_days}\n", two=RULE)
    (duty,) = judge("2026-03-02 trial.event").duties
    assert (duty.status, duty.weight, duty.fault) == ("due", "duty", False)


# -- dates in force -----------------------------------------------------------------------------------------------------

DATES = {"one": "in_force: {from: 2026-03-02, to: 2026-03-10}\n"}


@pytest.mark.parametrize(("day", "asked"), [("01", 0), ("02", 1), ("10", 1), ("11", 0)])
def test_the_text_in_force_on_the_day_of_the_trigger_judges(texts, day: str, asked: int):
    judge = texts(DATES, regardless=False, one=RULE)
    assert len(judge(f"2026-03-{day} trial.event").duties) == asked


def test_an_explicit_rulebook_judges_whatever_its_dates(texts):
    assert len(texts(DATES, one=RULE)("2026-03-01 trial.event").duties) == 1


def decision(**content: str) -> Record:
    done = datetime(2026, 3, 12, 9, tzinfo=ZONE)
    held = {"rulebook": "one", "from": "2026-03-11", "decided_by": "示例", **content}
    return Record(id="d", bureau="示例", kind="rulebook.applied_on", done_at=done, content=held)


@pytest.mark.parametrize(("day", "asked"), [("11", 1), ("15", 1), ("16", 0)])
def test_a_recorded_decision_applies_an_expired_text_on_from_its_day_to_its_last(texts, day: str, asked: int):
    judge = texts(DATES, regardless=False, one=RULE)
    applied = (decision(until="2026-03-15"),)
    assert len(judge(f"2026-03-{day} trial.event", applied=applied).duties) == asked


def test_a_decision_without_an_end_applies_it_on_for_good(texts):
    judge = texts(DATES, regardless=False, one=RULE)
    assert len(judge("2026-03-19 trial.event", applied=(decision(),)).duties) == 1


def test_a_decision_about_another_text_or_not_known_yet_or_corrected_does_not_count(texts):
    judge = texts(DATES, regardless=False, one=RULE)
    assert judge("2026-03-12 trial.event", applied=(decision(rulebook="two"),)).duties == ()
    assert judge("2026-03-11 trial.event", applied=(decision(),), at="2026-03-12T08:59").duties == ()
    corrected = Record(
        id="e", bureau="示例", kind="rulebook.applied_on", done_at=decision().done_at, corrects="d",
        content={"rulebook": "two", "from": "2026-03-11", "decided_by": "示例"},
    )  # fmt: skip
    assert judge("2026-03-12 trial.event", applied=(decision(), corrected)).duties == ()


def test_a_decision_among_the_records_of_the_file_counts_too(texts):
    judge = texts(DATES, regardless=False, one=RULE)
    on = '{on: "2026-03-11", kind: rulebook.applied_on, content: {rulebook: one, from: "2026-03-11", decided_by: 示例}}'
    assert len(judge("2026-03-12 trial.event", on).duties) == 1


def test_a_case_that_straddles_two_texts_is_judged_act_by_act(texts):
    dates = {"one": "in_force: {from: 2020-01-01, to: 2026-03-05}\n", "two": "in_force: {from: 2026-03-06}\n"}
    judge = texts(dates, regardless=False, one=RULE, two=RULE)
    duties = ordered(judge("2026-03-05 trial.event", "2026-03-06 trial.event").duties)
    assert [d.rule.rulebook for d in duties] == ["one", "two"]


def test_a_period_is_judged_by_the_text_of_its_first_day(texts):
    rules = RULE.replace("{kind: trial.event}", "{each: quarter, per: unit}").replace(
        "trial.answer}", "trial.answer, of: same unit}"
    )
    dates = {"one": "in_force: {from: 2020-01-01, to: 2026-03-31}\n", "two": "in_force: {from: 2026-04-01}\n"}
    judge = texts(dates, regardless=False, one=rules, two=rules)
    duties = ordered(judge("2026-01-01 unit.set_up name=例", at="2026-05-01T09:00").duties)
    assert [(d.note, d.rule.rulebook) for d in duties] == [("2026-01-01", "one"), ("2026-04-01", "two")]


# -- reach of a rule: action types --------------------------------------------------------------------------------------


def test_a_rule_is_asked_in_cases_of_its_action_types(book):
    rules = RULE + "  actions: [permit]\n"
    for action, asked in (("permit", 1), ("penalty", 0)):
        assert len(book(rules).duties("2026-03-02 trial.event", at=AT, case={"action_type": action})) == asked


def test_also_for_asks_the_same_of_other_cases_and_cites_both_articles(book):
    rules = RULE + '  actions: [penalty]\n  also_for: {actions: [inspection], article: "33", if: {size: big}}\n'
    event = "2026-03-02 trial.event size="
    (plain,) = book(rules).duties(event + "small", at=AT, case={"action_type": "penalty"})
    (also,) = book(rules).duties(event + "big", at=AT, case={"action_type": "inspection"})
    assert [c.article for c in plain.cites] == ["1"]
    assert [c.article for c in also.cites] == ["1", "33"]
    assert book(rules).duties(event + "small", at=AT, case={"action_type": "inspection"}) == []
    assert book(rules).judge("2026-03-02 trial.event", at=AT, case={"action_type": "inspection"}) == [
        "unknown asks size"
    ]
    assert book(rules).duties(event + "big", at=AT, case={"action_type": "permit"}) == []


def test_further_articles_are_cited_beside_the_rules_own(book):
    (duty,) = book(RULE + '  cites: ["6", "7.2"]\n').duties("2026-03-02 trial.event", at=AT)
    assert [c.words().zh for c in duty.cites] == ["试验办法第1条", "试验办法第6条", "试验办法第7条第2项"]


# -- settings ---------------------------------------------------------------------------------------------------------

SETTING = "settings: [{id: days, value: 5, unit: natural_days, zh: 日, en: days, decided: {by: 示例, on: 2026-01-01}}]"


def test_a_setting_can_be_given_by_its_name_or_with_its_rulebook(tmp_path):
    path = write_book(tmp_path / "trial", RULE + "  within: {setting: days}\n", SETTING)
    made = Book(path)
    for given in ({"days": 3}, {"trial/days": 3}, {"other/days": 9, "days": 3}):
        stack = build_stack([made.rulebook], made.vocabulary, calendar(), settings=given)
        records, at = read(made.rulebook, made.vocabulary, ["2026-03-02 trial.event"], None, "2026-03-03T09:00")
        (duty,) = stack.judge(Case.of(records), at).duties
        assert due_of(duty) == "2026-03-06 00:00"


def test_a_setting_that_the_rulebook_does_not_declare_is_refused(tmp_path):
    made = Book(write_book(tmp_path / "trial", RULE, SETTING))
    with pytest.raises(InvalidRulebook) as refused:
        build_stack([made.rulebook], made.vocabulary, calendar(), settings={"trial/weeks": 3})
    assert refused.value.finding.code == "B-022"


@pytest.mark.parametrize("value", ["three", -1, None, True, 3.5, [3]])
def test_a_value_that_its_unit_does_not_take_is_refused(tmp_path, value: object):
    made = Book(write_book(tmp_path / "trial", RULE, SETTING))
    with pytest.raises(InvalidRulebook) as refused:
        build_stack([made.rulebook], made.vocabulary, calendar(), settings={"days": value})
    assert refused.value.finding.code == "B-023"


# -- next change ------------------------------------------------------------------------------------------------------


def test_the_next_change_is_the_earliest_moment_that_is_still_to_come(book):
    rules = RULE + "  within: {amount: 3, unit: natural_days}\n"
    events = ["2026-03-02 trial.event", "2026-03-04 trial.event"]
    judged = book(rules).judgement(*events, at="2026-03-04T09:00")
    assert judged.next_change == min(d.due for d in judged.duties)
    later = book(rules).judgement(*events, at="2026-03-06T09:00")
    assert later.next_change == max(d.due for d in later.duties)
    assert book(rules).judgement(*events, at="2026-03-09T09:00").next_change is None


def test_between_two_changes_nothing_changes_by_itself(book):
    made = book(RULE + "  within: {amount: 3, unit: natural_days}\n")
    records = ["2026-03-02 trial.event", "2026-03-04 09:30 trial.event"]
    judged = made.judgement(*records, at="2026-03-04T10:00")
    shortly = calendar().local(judged.next_change - 1)
    same = made.judgement(*records, at=shortly.isoformat())
    after = made.judgement(*records, at=calendar().local(judged.next_change).isoformat())
    assert [d.status for d in same.duties] == [d.status for d in judged.duties]
    assert [d.status for d in after.duties] != [d.status for d in judged.duties]
