"""The national laws beneath the bureaus' texts: each article accounted for, and what was not read said."""

from __future__ import annotations

import re

import pytest

from liuhen.engines.rulebook import coverage, shipped
from tests.rulebooks.read import book

# What each law's rulebook says of it: articles, entries, automatic, attested, undecided.
COUNTS = {
    "cn-coercion-2011": (71, 106, 50, 1, 55),
    "cn-land-2019": (1, 3, 2, 0, 1),
    "cn-land-regulation-2021": (2, 2, 2, 0, 0),
    "cn-litigation-2017": (9, 10, 5, 2, 3),
    "cn-natural-resources-penalty-2024": (6, 16, 11, 1, 4),
    "cn-penalty-2021": (86, 132, 46, 8, 78),
    "cn-permit-2019": (83, 105, 27, 0, 78),
    "cn-reconsideration-2023": (90, 100, 13, 2, 85),
    "cn-supervision-2025": (6, 8, 2, 0, 6),
}


def test_every_national_rulebook_is_counted():
    assert {id for id in shipped() if id.startswith("cn-")} == set(COUNTS)


@pytest.mark.parametrize("id", COUNTS)
def test_every_article_is_accounted_for(id: str):
    found = coverage(book(id))
    assert (found.articles, found.entries, found.automatic, found.attested, found.undecided) == COUNTS[id]
    assert found.missing == 0


@pytest.mark.parametrize("id", ["cn-penalty-2021", "cn-coercion-2011", "cn-permit-2019", "cn-reconsideration-2023"])
def test_a_law_that_was_read_whole_has_every_article(id: str):
    assert [int(no) for no in book(id).articles] == list(range(1, COUNTS[id][0] + 1))


@pytest.mark.parametrize("id", [id for id in COUNTS if COUNTS[id][0] < 60])
def test_a_text_read_in_part_says_so(id: str):
    note = book(id).in_force_note
    assert note is not None
    assert "只" in note.zh


@pytest.mark.parametrize("id", COUNTS)
def test_every_article_and_rule_has_words_in_both_languages(id: str):
    for words in [a.asks for a in book(id).articles.values()] + [r.title for r in book(id).rules]:
        assert re.search("[\u4e00-\u9fff]", words.zh)
        assert not re.search("[\u4e00-\u9fff]", words.en)


@pytest.mark.parametrize("id", COUNTS)
def test_what_the_law_leaves_open_is_a_setting_that_states_the_doubt(id: str):
    for setting in book(id).settings.values():
        assert re.search("[\u4e00-\u9fff]", setting.decided.get("why", "")), setting.id
