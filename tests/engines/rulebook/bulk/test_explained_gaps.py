"""Gaps and their explanations, asked of all cases at once: as the evaluator, over the examples of one shipped rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from liuhen.engines.rulebook import build_stack, load_rulebook, shipped
from liuhen.engines.rulebook.bulk.plan import Plan
from liuhen.engines.rulebook.examples import read_example
from liuhen.ground.moments import HOUR
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import default
from tests.engines.rulebook.bulk.same import REGISTER, by_evaluator, by_relations
from tests.engines.rulebook.small import calendar


def _with_real_ids(records: Sequence[Record]) -> list[Record]:
    """Return the records of an example with ids of the form that records have outside examples."""
    ids = {r.id: f"0197f000-0000-7000-8000-{n:012x}" for n, r in enumerate(records, 1)}
    return [
        replace(
            r, id=ids[r.id], root=ids.get(r.root, ""), links={k: tuple(ids[t] for t in v) for k, v in r.links.items()}
        )
        for r in records
    ]


def test_an_explanation_at_the_act_or_at_its_recording_is_found_for_all_cases_at_once():
    book = load_rulebook(shipped()["anshan-recording"], default())
    stack = build_stack([book], default(), calendar(), regardless_of_dates=True)
    (rule,) = [r for r in book.rules if r.id == "onsite-recorded-throughout"]
    examples = [read_example(one, rule, default()) for one in rule.examples]
    files = [_with_real_ids(e.records) for e in examples]
    at = max(e.at for e in examples) + 720 * HOUR
    plan = Plan(stack, registered=True, only=[rule.ref])
    assert [r.rule.ref for r in plan.rules if r.left] == []
    told, aside = by_relations(plan, files, at, REGISTER, ())
    assert aside == set()
    assert told == by_evaluator(stack, files, at, REGISTER, (), {rule.ref})
    assert {line[3] for lines in told for line in lines} >= {"met", "overdue"}
