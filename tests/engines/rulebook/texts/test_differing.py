# ruff: noqa: E501 (each case on one line)
"""Two texts held against each other, duty by duty: each pair differs in one thing, and it is told which way."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from liuhen.engines.rulebook import read_rulebook
from liuhen.engines.rulebook.language import Limit
from liuhen.engines.rulebook.texts.differing import Difference, differences
from liuhen.engines.rulebook.texts.lengths import longer
from liuhen.ground.vocabulary import Vocabulary, default
from tests.engines.rulebook.small import KINDS, write_book

RESPONSE = """
- id: one
  form: response
  when: {kind: act.inspection}
  then: [{kind: onsite_inspection_transcript}]
  within: {amount: 3, unit: working_days}
  asks_from: enforcement_officer
"""
CONTENT = """
- id: one
  form: content
  when: {kind: onsite_inspection_transcript}
  has: {fields: [findings], signatures: [party], officers: {at_least: 2}}
"""
COVERAGE = """
- id: one
  form: coverage
  act: {kind: act.inspection}
  extent: whole
  gaps: {explained: {kind: recording_interruption_record}}
  media: [video]
"""
ORDER = """
- id: one
  form: order
  before: {kind: court_enforcement_application}
  need: [{kind: demand_notice, of: same case, at_least: {amount: 10, unit: natural_days}}]
"""
RETENTION = """
- id: one
  form: retention
  per: recording
  thing: {kind: recording.completed}
  keep: {at_least: {amount: 6, unit: months}}
"""
ABSENCE = """
- id: one
  form: absence
  never: {kind: act.inspection}
  day_type: holiday
"""
HEAD = """
settings:
  - {id: days, value: 5, unit: working_days, zh: 天数, en: days, decided: {by: 示例局, on: 2026-01-01}}
marks:
  - {id: big, zh: 大案, en: big case, any: [{record: {kind: penalty_decision, where: {fine: {at_least: 100}}}}]}
"""


@cache
def vocabulary() -> Vocabulary:
    return default().extended([KINDS])


def compared(
    tmp_path: Path,
    first: str,
    second: str,
    names: tuple[str, str] = ("draft", "draft"),
    heads: tuple[str, str] = (HEAD, HEAD),
) -> list[Difference]:
    books = []
    for n, (rules, name, head) in enumerate(zip((first, second), names, heads, strict=True)):
        folder = write_book(tmp_path / str(n) / name, rules, head)
        books.append(read_rulebook(folder, vocabulary()))
    return differences(*books, vocabulary())


CHANGES = [
    (RESPONSE, "amount: 3, unit: working_days", "amount: 2, unit: working_days", "clock", "stricter"),
    (RESPONSE, "amount: 3, unit: working_days", "amount: 4, unit: working_days", "clock", "looser"),
    (RESPONSE, "amount: 3, unit: working_days", "amount: 24, unit: hours", "clock", "stricter"),
    (RESPONSE, "amount: 3, unit: working_days", "amount: 3, unit: months", "clock", "looser"),
    (RESPONSE, "amount: 3, unit: working_days", "amount: 5, unit: natural_days", "clock", "clock"),
    (RESPONSE, "amount: 3, unit: working_days", "setting: days", "clock", "looser"),
    (RESPONSE, "  within: {amount: 3, unit: working_days}\n", "", "clock", "looser"),
    (RESPONSE, "  within: {amount: 3, unit: working_days}", "  by: {end_of: month}", "clock", "clock"),
    (RESPONSE, "  asks_from", "  from: until\n  asks_from", "clock", "clock"),
    (RESPONSE, "  asks_from", "  rolls: yes\n  asks_from", "clock", "looser"),
    (RESPONSE, "  asks_from", "  waits: {amount: 2, unit: natural_days}\n  asks_from", "clock", "looser"),
    (RESPONSE, "  asks_from", "  extended: {by: {kind: review.extension_granted, of: same case}, amount: 2, unit: working_days}\n  asks_from", "clock", "looser"),
    (RESPONSE, "  asks_from", "  stops: {during: {kind: act.appraisal, of: same case}}\n  asks_from", "clock", "looser"),
    (RESPONSE, "asks_from: enforcement_officer", "asks_from: handling_unit", "who", "person"),
    (RESPONSE, "  asks_from", "  weight: hint\n  asks_from", "weight", "looser"),
    (RESPONSE, "when: {kind: act.inspection}", "when: {kind: [act.inspection, act.questioning]}", "of", "stricter"),
    (RESPONSE, "when: {kind: act.inspection}", "when: {first: {kind: act.inspection}}", "of", "looser"),
    (RESPONSE, "  asks_from", "  if: {nature: survey}\n  asks_from", "if", "looser"),
    (RESPONSE, "when: {kind: act.inspection}", "when: {kind: act.inspection, where: {nature: survey}}", "if", "looser"),
    (RESPONSE, "  asks_from", "  actions: [penalty]\n  asks_from", "for", "looser"),
    (RESPONSE, "  asks_from", "  excused: {by: {kind: refusal_record}}\n  asks_from", "exceptions", "looser"),
    (RESPONSE, "then: [{kind: onsite_inspection_transcript}]", "then: [{kind: onsite_inspection_transcript, at_least: 2}]", "asked", "stricter"),
    (RESPONSE, "then: [{kind: onsite_inspection_transcript}]", "then: [{kind: onsite_inspection_transcript}, {kind: inspection_findings_record}]", "asked", "stricter"),
    (RESPONSE, "then: [{kind: onsite_inspection_transcript}]", "then: [{kind: [onsite_inspection_transcript, inspection_findings_record]}]", "asked", "looser"),
    (RESPONSE, "then: [{kind: onsite_inspection_transcript}]", "then: [{kind: onsite_inspection_transcript, by: legal_reviewer}]", "asked", "stricter"),
    (CONTENT, "fields: [findings]", "fields: [findings, signing_date]", "contents", "stricter"),
    (CONTENT, "at_least: 2", "at_least: 1", "contents", "looser"),
    (CONTENT, "signatures: [party]", "signatures: [party, witness]", "who", "stricter"),
    (CONTENT, "signatures: [party]", "signatures: [{any: [party, witness]}]", "who", "looser"),
    (CONTENT, "signatures: [party]", "signatures: [witness]", "who", "person"),
    (COVERAGE, "extent: whole", "extent: arrival", "recording", "looser"),
    (COVERAGE, "gaps: {explained: {kind: recording_interruption_record}}", "gaps: none", "recording", "stricter"),
    (COVERAGE, "media: [video]", "media: [video, audio]", "recording", "looser"),
    (COVERAGE, "  media: [video]", "  media: [video]\n  device: body_worn", "recording", "stricter"),
    (COVERAGE, "  media: [video]", "  media: [video]\n  tolerance: {amount: 120, unit: seconds}", "recording", "looser"),
    (COVERAGE, "  media: [video]", "  media: [video]\n  within: {amount: 48, unit: hours}", "clock", "looser"),
    (ORDER, "amount: 10", "amount: 15", "asked", "stricter"),
    (ORDER, "amount: 10, unit: natural_days}", "amount: 10, unit: natural_days}, at_most: {amount: 3, unit: months}", "asked", "stricter"),
    (ORDER, "  need", "  gate: yes\n  cure: {zh: 先催告, en: demand first}\n  need", "gate", "stricter"),
    (RETENTION, "amount: 6", "amount: 12", "keeping", "stricter"),
    (RETENTION, "amount: 6, unit: months", "amount: 90, unit: natural_days", "keeping", "looser"),
    (RETENTION, "keep: {at_least: {amount: 6, unit: months}}", "keep: [{at_least: {amount: 6, unit: months}}, {class: permanent}]", "keeping", "stricter"),
    (ABSENCE, "  day_type: holiday\n", "", "of", "stricter"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "said", "says", "aspect", "sort"), CHANGES, ids=[f"{n}-{c[3]}-{c[4]}" for n, c in enumerate(CHANGES)]
)
def test_one_thing_that_differs_is_told_with_its_direction(
    tmp_path: Path, rule: str, said: str, says: str, aspect: str, sort: str
):
    assert said in rule
    (found,) = compared(tmp_path, rule, rule.replace(said, says))
    assert [(c.aspect, c.sort) for c in found.changes] == [(aspect, sort)]
    (change,) = found.changes
    assert change.before != change.after
    (back,) = compared(tmp_path / "back", rule.replace(said, says), rule)
    opposite = {"stricter": "looser", "looser": "stricter"}.get(sort, sort)
    assert [(c.aspect, c.sort) for c in back.changes] == [(aspect, opposite)]


@pytest.mark.parametrize(
    "rule",
    [RESPONSE, CONTENT, COVERAGE, ORDER, RETENTION, ABSENCE],
    ids="response content coverage order retention absence".split(),
)
def test_a_text_does_not_differ_from_its_copy(tmp_path: Path, rule: str):
    (found,) = compared(tmp_path, rule, rule)
    assert found.changes == ()
    assert found.sorts == ()


@pytest.mark.parametrize(
    "rule",
    [RESPONSE, CONTENT, COVERAGE, ORDER, RETENTION, ABSENCE],
    ids="response content coverage order retention absence".split(),
)
def test_the_same_duty_of_another_text_is_found_by_what_is_asked(tmp_path: Path, rule: str):
    (found,) = compared(tmp_path, rule, rule.replace("id: one", "id: another"), ("mine", "yours"))
    assert found.before is not None
    assert found.after is not None
    assert found.after.ref == "yours/another"


def test_two_duties_that_the_texts_name_differently_are_two(tmp_path: Path):
    named = [RESPONSE + f"  duty: {name}\n" for name in ("a.b", "c.d")]
    assert len(compared(tmp_path, named[0], named[1], ("mine", "yours"))) == 2
    assert len(compared(tmp_path / "same", named[0], named[0], ("mine", "yours"))) == 1
    assert len(compared(tmp_path / "one", named[0], RESPONSE, ("mine", "yours"))) == 1
    assert len(compared(tmp_path / "versions", named[0], named[1])) == 1


def test_what_only_one_text_asks_stands_alone(tmp_path: Path):
    second = RESPONSE.replace("id: one", "id: new").replace("onsite_inspection_transcript", "refusal_record")
    new, gone = compared(tmp_path, RESPONSE, second, ("mine", "yours"))
    assert (new.before, new.sorts) == (None, ("only_second",))
    assert (gone.after, gone.sorts) == (None, ("only_first",))


def test_rules_that_no_record_can_meet_together_are_not_the_same_duty(tmp_path: Path):
    survey = RESPONSE.replace("kind: act.inspection}", "kind: act.inspection, where: {nature: survey}}")
    visit = survey.replace("survey", "inspection").replace("id: one", "id: two")
    assert len(compared(tmp_path, survey, visit, ("mine", "yours"))) == 2


def test_a_mark_that_holds_sooner_makes_its_rules_stricter(tmp_path: Path):
    rule = RESPONSE + "  if: {mark: big}\n"
    (found,) = compared(tmp_path, rule, rule, heads=(HEAD, HEAD.replace("at_least: 100", "at_least: 50")))
    assert [(c.aspect, c.sort) for c in found.changes] == [("if", "stricter")]


def test_for_which_cases_a_duty_is_says_nothing_of_two_texts(tmp_path: Path):
    other = RESPONSE + "  actions: [penalty]\n"
    (found,) = compared(tmp_path, RESPONSE, other, ("mine", "yours"))
    assert found.sorts == ("cases",)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (Limit(24, "hours"), Limit(1, "natural_days"), 1),
        (Limit(1, "natural_days"), Limit(24, "hours"), -1),
        (Limit(7, "working_days"), Limit(8, "working_days"), 1),
        (Limit(7, "working_days"), Limit(7, "natural_days"), None),
        (Limit(30, "natural_days"), Limit(1, "months"), None),
        (Limit(60, "natural_days"), Limit(1, "years"), 1),
        (Limit(60, "seconds"), Limit(1, "minutes"), 0),
        (Limit(field="days"), Limit(field="days"), 0),
        (Limit(field="days"), Limit(1, "natural_days"), None),
    ],
    ids=lambda v: f"{v.amount} {v.unit}{v.field}" if isinstance(v, Limit) else str(v),
)
def test_lengths_are_ordered_where_that_holds_on_any_day(first: Limit, second: Limit, expected: int | None):
    assert longer(first, second) == expected
