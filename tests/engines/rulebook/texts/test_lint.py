# ruff: noqa: E501 (rules on one line)
"""A text looked through: each fault is found where it stands, and the same text without it has none of that sort."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from liuhen.engines.rulebook import read_rulebook, vocabulary_for
from liuhen.engines.rulebook.texts.lint import lint
from liuhen.ground.findings import Finding
from liuhen.ground.vocabulary import Vocabulary, default
from tests.engines.rulebook.small import KINDS, write_book

TODAY = date(2026, 6, 1).toordinal()
RESPONSE = "- id: {id}\n  form: response\n  when: {when}\n  then: [{then}]\n"


@cache
def vocabulary() -> Vocabulary:
    return default().extended([KINDS])


def linted(
    folder: Path,
    rules: str,
    head: str = "",
    *,
    name: str = "draft",
    stack: Sequence[tuple[str, str]] = (),
    today: int = TODAY,
) -> list[Finding]:
    """Return what is found in a text; `stack`: id and rules of further ones. That every small text lacks examples is left out."""
    book = read_rulebook(write_book(folder / name, rules, head), vocabulary())
    others = [
        (read_rulebook(write_book(folder / "stack" / id, text), vocabulary()), vocabulary()) for id, text in stack
    ]
    return [
        f
        for f in lint(book, vocabulary(), others, today)
        if f.code not in ("B-010", "B-012", "B-013", "B-019", "B-109")
    ]


def response(
    when: str = "{kind: act.inspection}",
    then: str = "{kind: onsite_inspection_transcript}",
    id: str = "one",
    more: str = "",
) -> str:
    return RESPONSE.format(id=id, when=when, then=then) + more


def codes(found: Sequence[Finding]) -> list[str]:
    return [f.code for f in found]


def test_a_text_without_fault_has_no_finding(tmp_path: Path):
    assert linted(tmp_path, response(more="  within: {amount: 3, unit: working_days}\n")) == []


# -- looser than the law above ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "expected"), [(3, []), (2, []), (4, ["B-101"])], ids=["same", "stricter", "looser"])
def test_a_longer_clock_than_the_law_is_looser(tmp_path: Path, days: int, expected: list[str]):
    law, text = (response(more=f"  within: {{amount: {n}, unit: working_days}}\n") for n in (3, days))
    found = linted(tmp_path, text, stack=[("cn-law", law)])
    assert codes(found) == expected
    assert all(f.place.startswith("draft/articles/001.yaml:") and f.fields["rule"] == "one" for f in found)


def test_what_is_looser_than_a_text_beside_it_is_no_fault(tmp_path: Path):
    law, text = (response(more=f"  within: {{amount: {n}, unit: working_days}}\n") for n in (3, 4))
    assert linted(tmp_path, text, stack=[("another", law)]) == []
    assert linted(tmp_path / "law", text, name="cn-text", stack=[("cn-law", law)]) == []


def test_what_the_law_only_advises_binds_no_text(tmp_path: Path):
    law, text = (response(more=f"  within: {{amount: {n}, unit: working_days}}\n") for n in (3, 4))
    assert linted(tmp_path, text, stack=[("cn-law", law + "  weight: advice\n")]) == []


# -- contradictory ----------------------------------------------------------------------------------------------------

NEVER = "- id: never\n  form: absence\n  never: {kind: onsite_inspection_transcript}\n"
ORDER = "- id: {id}\n  form: order\n  before: {{kind: {before}}}\n  need: [{{kind: {need}, of: same case{more}}}]\n"
KEEP = "- id: keep\n  form: retention\n  per: recording\n  thing: {kind: recording.completed}\n  keep: {at_least: {amount: 6, unit: months}}\n"


def test_what_is_forbidden_is_asked_for_by_no_other(tmp_path: Path):
    (found,) = linted(tmp_path, response() + NEVER)
    assert (found.code, found.fields["rule"], found.fields["other"]) == ("B-102", "never", "one")
    limited = NEVER + "  day_type: holiday\n"
    assert linted(tmp_path / "limited", response() + limited) == []


def test_what_another_text_forbids_is_told_with_its_name(tmp_path: Path):
    (found,) = linted(tmp_path, response(), stack=[("other", NEVER)])
    assert (found.code, found.fields["rule"], found.fields["other"]) == ("B-102", "other/never", "one")


def test_duties_of_different_cases_contradict_nothing(tmp_path: Path):
    assert linted(tmp_path, response(more="  actions: [permit]\n") + NEVER + "  actions: [penalty]\n") == []


def test_two_acts_can_not_each_come_first(tmp_path: Path):
    there = ORDER.format(id="there", before="decision.made", need="decision_draft_record", more="")
    back = ORDER.format(id="back", before="decision_draft_record", need="decision.made", more="")
    (found,) = linted(tmp_path, there + back)
    assert (found.code, found.fields["rule"], found.fields["other"]) == ("B-103", "back", "there")
    only_some = back.replace("of: same case", "of: same case, where: {outcome: dropped}")
    assert linted(tmp_path / "some", there + only_some) == []


@pytest.mark.parametrize(("most", "expected"), [(10, []), (9, ["B-104"])])
def test_what_is_wanted_later_can_not_be_wanted_sooner(tmp_path: Path, most: int, expected: list[str]):
    order = ORDER.format(
        id="later",
        before="court_enforcement_application",
        need="demand_notice",
        more=", at_least: {amount: 10, unit: natural_days}",
    )
    sooner = response(
        "{kind: demand_notice}",
        "{kind: court_enforcement_application}",
        "sooner",
        f"  within: {{amount: {most}, unit: natural_days}}\n",
    )
    assert codes(linted(tmp_path, order + sooner)) == expected


@pytest.mark.parametrize(("most", "expected"), [(10, []), (9, ["B-104"])])
def test_at_least_is_no_more_than_at_most(tmp_path: Path, most: int, expected: list[str]):
    apart = f", at_least: {{amount: 10, unit: natural_days}}, at_most: {{amount: {most}, unit: natural_days}}"
    assert (
        codes(
            linted(
                tmp_path,
                ORDER.format(id="apart", before="court_enforcement_application", need="demand_notice", more=apart),
            )
        )
        == expected
    )


@pytest.mark.parametrize(("months", "expected"), [(6, []), (5, ["B-105"])])
def test_what_is_kept_is_not_to_be_gone_before(tmp_path: Path, months: int, expected: list[str]):
    gone = response(
        "{kind: recording.completed}",
        "{kind: recording.disposed, about: it}",
        "gone",
        f"  within: {{amount: {months}, unit: months}}\n",
    )
    assert codes(linted(tmp_path, KEEP + gone)) == expected


# -- expired ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2019-12-31", ["B-107"]), ("2020-01-01", []), ("2023-09-30", []), ("2023-10-01", ["B-106"])],
)
def test_a_text_is_in_force_from_its_first_day_to_its_last(tmp_path: Path, day: str, expected: list[str]):
    head = "in_force: {from: 2020-01-01, to: 2023-09-30}\n"
    found = linted(tmp_path, response(), head, today=date.fromisoformat(day).toordinal())
    assert codes(found) == expected
    assert all(f.place == "draft/rulebook.yaml" for f in found)


# -- missing ----------------------------------------------------------------------------------------------------------


def test_an_article_without_a_file_is_named(tmp_path: Path):
    found = linted(tmp_path, response(), "articles: 3\n")
    assert [(f.code, f.fields.get("no")) for f in found] == [("B-008", None), ("B-108", 2), ("B-108", 3)]


def test_everything_that_the_loader_would_refuse_one_by_one_is_found_at_once(tmp_path: Path):
    book = read_rulebook(write_book(tmp_path / "draft", response() + response(id="two")), vocabulary())
    found = lint(book, vocabulary(), [], TODAY)
    assert {(f.code, f.fields.get("rule")) for f in found if f.code in ("B-012", "B-019")} == {
        (code, rule) for code in ("B-012", "B-019") for rule in ("one", "two")
    }


def test_a_kind_that_a_text_brings_is_used_in_it(tmp_path: Path):
    kinds = "- kind: own.{}\n  version: 1\n  zh: 自带{}\n  en: own {}\n  family: event\n  phase: investigation\n"
    text = response("{kind: own.used}")
    folder = write_book(tmp_path / "draft", text, kinds="".join(kinds.format(n, n, n) for n in ("used", "idle")))
    known = vocabulary_for([folder], default())
    found = [f for f in lint(read_rulebook(folder, known), known, [], TODAY) if f.code == "B-109"]
    assert [f.fields["kind"].en for f in found] == ["own idle"]


SETTING = "settings:\n  - {id: days, value: 5, unit: working_days, zh: 天数, en: days, decided: {by: 示例局, on: 2026-01-01}}\n"
MARK = "marks:\n  - {id: big, zh: 大案, en: big case, any: [{has: {kind: act.hearing}}]}\n"


def test_a_setting_is_read_by_a_rule(tmp_path: Path):
    assert codes(linted(tmp_path, response(), SETTING)) == ["B-110"]
    assert linted(tmp_path / "used", response(more="  within: {setting: days}\n"), SETTING) == []


def test_a_mark_is_asked_for(tmp_path: Path):
    assert codes(linted(tmp_path, response(), MARK)) == ["B-111"]
    assert linted(tmp_path / "used", response(more="  if: {mark: big}\n"), MARK) == []


def test_a_rule_takes_the_place_of_one_that_is_there(tmp_path: Path):
    text = response(more="  takes_the_place_of: [other/general]\n")
    assert codes(linted(tmp_path, text, stack=[("other", response(id="general"))])) == []
    assert codes(linted(tmp_path / "gone", text, stack=[("other", response(id="else"))])) == ["B-117"]


# -- never asked ------------------------------------------------------------------------------------------------------


def test_a_trigger_is_recorded_in_the_cases_of_its_rule(tmp_path: Path):
    assert codes(linted(tmp_path, response(more="  actions: [fee]\n"))) == ["B-112"]
    assert linted(tmp_path / "both", response(more="  actions: [fee, penalty]\n")) == []


IMPOSSIBLE = [
    ("{kind: act.inspection, where: {nature: survey}}", "{nature: inspection}", True),
    ("{kind: act.inspection, where: {nature: survey}}", "{nature: {one_of: [inspection, survey]}}", False),
    ("{kind: act.inspection, where: {nature: survey}}", "{nature: {is_not: survey}}", True),
    ("{kind: act.inspection, where: {nature: survey}}", "{nature: {filled: no}}", True),
    ("{kind: act.inspection, where: {nature: {filled: yes}}}", "{nature: {filled: no}}", True),
    ("{kind: act.inspection}", "{all: [{hour: {at_least: 22}}, {hour: {at_most: 6}}]}", True),
    ("{kind: act.inspection}", "{any: [{hour: {at_least: 22}}, {hour: {at_most: 6}}]}", False),
    ("{kind: act.inspection}", "{all: [{hour: {at_least: 6}}, {hour: {at_most: 6}}]}", False),
    ("{kind: act.inspection}", "{all: [{hour: {at_least: 6}}, {hour: {less_than: 6}}]}", True),
    ("{kind: act.inspection}", "{has: {kind: act.hearing}, has_not: {kind: act.hearing}}", True),
    ("{kind: act.inspection}", "{has: {kind: act.hearing}, has_not: {kind: act.questioning}}", False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("when", "condition", "never"), IMPOSSIBLE, ids=[f"{n}-{c[2]}" for n, c in enumerate(IMPOSSIBLE)]
)
def test_a_condition_can_be_true(tmp_path: Path, when: str, condition: str, never: bool):
    assert codes(linted(tmp_path, response(when, more=f"  if: {condition}\n"))) == (["B-113"] if never else [])


@pytest.mark.parametrize(("action", "expected"), [("penalty", []), ("permit", ["B-113"])])
def test_a_condition_does_not_ask_for_cases_that_the_rule_leaves_out(tmp_path: Path, action: str, expected: list[str]):
    assert (
        codes(linted(tmp_path, response(more=f"  actions: [penalty]\n  if: {{case.action_type: {action}}}\n")))
        == expected
    )


def test_a_mark_that_can_not_be_true_makes_its_rules_idle(tmp_path: Path):
    head = MARK.replace("{has: {kind: act.hearing}}", "{has: {kind: act.hearing}, has_not: {kind: act.hearing}}")
    assert codes(linted(tmp_path, response(more="  if: {mark: big}\n"), head)) == ["B-113"]


ALWAYS = [
    ("", "{kind: act.inspection, of: same case}", True),
    ("", "{kind: act.inspection, of: same case, where: {nature: survey}}", False),
    ("", "{kind: act.inspection, about: it}", False),
    ("  if: {has: {kind: act.hearing, of: same case}}\n", "{kind: act.hearing, of: same case}", True),
    ("  if: {has: {kind: act.hearing, of: same case}}\n", "{kind: act.questioning, of: same case}", False),
]


@pytest.mark.parametrize(("condition", "by", "always"), ALWAYS, ids=[f"{n}-{c[2]}" for n, c in enumerate(ALWAYS)])
def test_an_exception_does_not_always_apply(tmp_path: Path, condition: str, by: str, always: bool):
    text = response(more=f"{condition}  excused: {{by: {by}}}\n")
    assert codes(linted(tmp_path, text)) == (["B-114"] if always else [])


def test_a_special_rule_leaves_something_to_the_general_one(tmp_path: Path):
    general, special = response(id="general"), response(id="special", more="  takes_the_place_of: [general]\n")
    (found,) = linted(tmp_path, general + special)
    assert (found.code, found.fields["rule"], found.fields["other"]) == ("B-115", "general", "special")
    assert linted(tmp_path / "some", general + special + "  if: {nature: survey}\n") == []


def test_gaps_are_waited_for_where_some_are_found(tmp_path: Path):
    coverage = "- id: filmed\n  form: coverage\n  act: {kind: act.inspection}\n"
    waiting = response("{gap_in: filmed}", "{kind: recording_interruption_record}")
    assert codes(linted(tmp_path, coverage + waiting)) == ["B-116"]
    assert linted(tmp_path / "whole", coverage + "  extent: whole\n" + waiting) == []


def test_a_duty_that_the_text_calls_otherwise_is_held_against_the_law_too(tmp_path: Path):
    law, text = (
        response(more=f"  duty: {name}\n  within: {{amount: {n}, unit: working_days}}\n")
        for name, n in (("a.b", 3), ("c.d", 4))
    )
    assert codes(linted(tmp_path, text, stack=[("cn-law", law)])) == ["B-101"]
