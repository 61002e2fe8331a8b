"""Which kinds a text names: its own words count, groups and examples do not; and which texts judge where none is named."""

from __future__ import annotations

import re
from pathlib import Path

from liuhen.engines.rulebook import by_default, load_rulebook, shipped
from liuhen.engines.rulebook.named import kinds_named
from liuhen.ground.vocabulary import default

ROOT = Path(__file__).parents[3]


def named(*trees: object) -> set[str]:
    return set(kinds_named(trees, default()))


def test_a_rule_names_what_it_waits_for_and_what_it_asks():
    rule = {"when": {"kind": "demand_notice"}, "then": [{"any": [{"kind": ["demand.served", "court.applied"]}]}]}
    assert named({"rules": [rule]}) == {"demand_notice", "demand.served", "court.applied"}


def test_a_value_list_names_the_kind_before_its_field():
    assert named({"entries": [{"carried": {"values": ["penalty_decision.fine"]}}]}) == {"penalty_decision"}


def test_a_group_is_no_name_of_the_kinds_in_it():
    assert "act.coercive_measure" in default().groups["onsite_act"]
    assert named({"rules": [{"act": {"kind": {"group": "onsite_act"}}}]}) == set()


def test_what_stands_in_an_example_or_in_words_is_not_named():
    rule = {
        "when": {"kind": "case.closed"},
        "title": {"en": "case_file"},
        "examples": [{"records": [{"kind": "case_file"}]}],
    }
    assert named({"rules": [rule]}) == {"case.closed"}


def test_every_kind_is_core_or_named_by_a_text_that_is_shipped():
    found = {k.id for k in default().kinds.values() if k.core}
    for path in shipped().values():
        found |= load_rulebook(path, default()).named
    assert found == set(default().kinds)


def test_the_default_texts_are_shipped_and_the_page_on_dossiers_names_them():
    assert set(by_default()) < set(shipped())
    page = (ROOT / "docs/dossier.md").read_text(encoding="utf-8")
    (line,) = [line for line in page.splitlines() if line.startswith("| `rulebooks` |")]
    absent = line.partition("absent: ")[2].partition(",")[0]
    assert re.findall("`([^`]+)`", absent) == list(by_default())
