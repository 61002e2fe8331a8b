"""All cases at once gives the same obligations as the per-case evaluator: status, due moment, what meets it, by how much late."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

pytest.importorskip("duckdb")
pytest.importorskip("ibis")

from liuhen.engines.rulebook import Register, Stack, build_stack, load_rulebook, shipped
from liuhen.engines.rulebook.bulk.plan import Plan
from liuhen.ground.moments import instant
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import default
from tests.engines.rulebook.bulk.made import START, Maker
from tests.engines.rulebook.bulk.same import by_evaluator, by_relations, mix
from tests.engines.rulebook.small import calendar

REGISTER = Register({"1": ((738000, 740000),), "2": ((738580, 738600),), "4": ((700000, 799999),)})


@cache
def stack() -> Stack:
    """Every shipped text together, each by its dates."""
    return build_stack([load_rulebook(p, default()) for p in shipped().values()], default(), calendar())


@cache
def plan() -> Plan:
    """The same in relations; compiled statements are kept beside the other products of the tests."""
    kept = Path(__file__).parents[4] / "var" / "kept-plans"
    return Plan(stack(), registered=True, folder=kept)


def both(files: list[tuple[Record, ...]], days: int, **how: object) -> Counter[tuple[str, str]]:
    """Hold both forms to each other over files and return how often each rule gave each status."""
    at = instant(START + timedelta(days=days))
    refs = {r.rule.ref for r in plan().rules if not r.left}
    one = by_evaluator(stack(), files, at, REGISTER, (), refs)
    two, aside = by_relations(plan(), files, at, REGISTER, ())
    plan().keep()
    for c, (a, b) in enumerate(zip(one, two, strict=True)):
        told = [line for line in a if (c, line[0]) not in aside]
        found = [line for line in b if (c, line[0]) not in aside]
        assert found == told, files[c]
    assert len(aside) * 100 <= len(files), "more than one file in a hundred had to be asked by itself"
    return mix(one)


def test_no_shipped_rule_has_to_be_asked_case_by_case():
    assert [(r.rule.ref, r.left) for r in plan().rules if r.left] == []


def test_both_forms_give_the_same_obligations_and_every_status_comes_up():
    counted: Counter[str] = Counter()
    for seed, days in ((1, 30), (2, 75), (3, 400)):
        for (_, status), n in both(Maker(stack(), seed).files(1500), days).items():
            counted[status] += n
    rare = {
        s: counted[s] for s in ("met", "late", "due", "overdue", "breached", "excused", "unknown") if counted[s] < 20
    }
    assert rare == {}, f"too rare to be held together: {rare} of {counted}"
