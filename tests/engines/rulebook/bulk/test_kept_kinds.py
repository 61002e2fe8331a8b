"""A source that keeps only some kinds: a rule asked of all at once answers as the evaluator does that knows what is kept."""

from __future__ import annotations

from functools import cache
from random import Random

import pytest

from liuhen.engines.rulebook import Rule, Stack, build_stack, load_rulebook, shipped
from liuhen.engines.rulebook.bulk.kept import Unmoved
from liuhen.engines.rulebook.examples import Example, read_example
from liuhen.ground.calendar import Calendar
from liuhen.ground.case import Case
from liuhen.ground.vocabulary import default

BOOKS = tuple(shipped())


@cache
def stack(id: str) -> Stack:
    return build_stack([load_rulebook(shipped()[id], default())], default(), Calendar.load(), regardless_of_dates=True)


def examples(rule: Rule) -> list[Example]:
    return [read_example(one, rule, default()) for one in rule.examples]


@pytest.mark.parametrize("id", BOOKS)
def test_a_rule_that_is_said_to_be_unmoved_answers_as_if_everything_were_kept(id: str):
    """Over the examples of each shipped text, with kinds left out at random that no record of the example has."""
    one, draw, held = stack(id), Random(7), 0
    unmoved = Unmoved(one)
    kinds = sorted(default().kinds)
    for rule in one.rules:
        for example in examples(rule):
            there = {r.kind for r in example.records}
            for share in (0.3, 0.8):
                captures = frozenset(k for k in kinds if k in there or draw.random() < share)
                if not unmoved(rule, captures):
                    continue
                held += 1
                case = Case.of(example.records)
                known, all_kept = (
                    one.judge_one(rule, one.hold(case, example.at, captures=kept)) for kept in (captures, None)
                )
                assert known == all_kept, rule.ref
    assert held > 0 or not one.rules


def test_a_rule_whose_answer_may_depend_on_what_is_kept_is_not_said_to_be_unmoved():
    one = stack("bazhou")
    unmoved = Unmoved(one)
    moved: list[Rule] = []
    for rule in one.rules:
        for example in examples(rule):
            captures = frozenset(r.kind for r in example.records)
            case = Case.of(example.records)
            known = one.judge_one(rule, one.hold(case, example.at, captures=captures))
            if known != one.judge_one(rule, one.hold(case, example.at)):
                moved.append(rule)
                assert not unmoved(rule, captures), rule.ref
    assert len(moved) > 20
