"""Every shipped text is planned: the rule of each that names most kinds of record becomes a statement, or says what it lacks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

import ibis
import pytest

from liuhen.engines.rulebook import Rule, build_stack, read_rulebook, shipped
from liuhen.engines.rulebook.bulk import plan
from liuhen.engines.rulebook.bulk.plan import Plan
from liuhen.engines.rulebook.bulk.tables import union
from liuhen.ground.vocabulary import default
from tests.engines.rulebook.bulk.chosen import left
from tests.engines.rulebook.small import Book, calendar


def kinds_named(value: Any) -> int:
    """How many kinds a rule names, each as often as it does."""
    if isinstance(value, (tuple, list)):
        return sum(map(kinds_named, value))
    if not is_dataclass(value) or isinstance(value, type):
        return 0
    own = len(value.kinds) if hasattr(value, "kinds") else 0
    return own + sum(kinds_named(getattr(value, f.name)) for f in fields(value) if f.name not in ("kinds", "examples"))


def widest(rules: tuple[Rule, ...]) -> Rule:
    return max((r for r in rules if not left(r)), key=kinds_named)


@pytest.mark.parametrize("name", sorted(shipped()))
def test_the_widest_rule_of_each_text_is_planned(name: str):
    book = read_rulebook(shipped()[name], default())
    stack = build_stack([book], default(), calendar(), regardless_of_dates=True)
    rule = widest(stack.rules)
    (planned,) = Plan(stack, registered=True, only=[rule.ref]).rules
    assert planned.left == ""


def test_a_union_of_hundreds_of_tables_is_written():
    tables = [ibis.table({"c": "int64"}, name=f"k_{n}") for n in range(400)]
    assert plan.sql(union(tables), "duckdb").count("UNION ALL") == len(tables) - 1


def test_a_rule_too_deep_to_write_is_asked_case_by_case(book: Callable[[str], Book], monkeypatch: pytest.MonkeyPatch):
    def too_deep(*_: object) -> str:
        raise RecursionError

    made = book("- id: trial\n  form: response\n  when: {kind: trial.event}\n  then: [{kind: trial.answer}]")
    monkeypatch.setattr(plan, "sql", too_deep)
    assert [r.left for r in Plan(made.stack, registered=True).rules] == ["RecursionError"]
