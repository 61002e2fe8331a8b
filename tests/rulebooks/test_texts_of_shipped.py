"""What is said of the shipped texts as wholes: held against themselves and each other, and every rule in a plain sentence."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import pytest

from liuhen.engines.rulebook import Rulebook, read_rulebook, shipped
from liuhen.engines.rulebook.texts.differing import differences
from liuhen.engines.rulebook.texts.sentences import Sentences
from liuhen.ground.vocabulary import default

IDS = sorted(shipped())
TURNED = {"stricter": "looser", "looser": "stricter", "only_first": "only_second", "only_second": "only_first"}


@cache
def book(id: str) -> Rulebook:
    return read_rulebook(shipped()[id], default())


@pytest.mark.parametrize("id", IDS)
def test_a_text_does_not_differ_from_itself(id: str):
    found = differences(book(id), book(id), default())
    assert len(found) == len(book(id).rules)
    assert [each for each in found if each.sorts] == []


@pytest.mark.parametrize(("first", "second"), list(pairwise(IDS)), ids=[f"{a} {b}" for a, b in pairwise(IDS)])
def test_seen_from_the_other_side_stricter_is_looser(first: str, second: str):
    there = differences(book(first), book(second), default())
    back = differences(book(second), book(first), default())
    told = {(e.before, e.after): sorted((c.aspect, TURNED.get(c.sort, c.sort)) for c in e.changes) for e in there}
    seen = {(e.after, e.before): sorted((c.aspect, c.sort) for c in e.changes) for e in back}
    assert told == seen


@pytest.mark.parametrize("id", IDS)
def test_every_rule_is_said_in_both_languages(id: str):
    sentences = Sentences(book(id), default())
    for rule in book(id).rules:
        said = sentences.said(rule)
        for words in (said.asks, *said.lines):
            assert words.zh
            assert words.en
            assert not set("{}") & set(words.zh + words.en), rule.place
            assert not any("\u4e00" <= c <= "\u9fff" for c in words.en), (rule.place, words.en)
        assert said.asks.zh.endswith("。")
