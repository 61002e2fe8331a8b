"""Holding the two evaluators together (两种判断对照): one line for each duty, from either, in one order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from liuhen.engines.rulebook import Register, Stack
from liuhen.engines.rulebook.bulk.audit import one_by_one
from liuhen.engines.rulebook.bulk.parts import Engine
from liuhen.engines.rulebook.bulk.plan import Plan
from liuhen.engines.rulebook.bulk.rows import RowMaker, columns
from liuhen.engines.rulebook.duty import WORST_FIRST
from liuhen.ground.case import Case
from liuhen.ground.moments import Instant, instant
from liuhen.ground.record import Record
from tests.engines.rulebook.bulk.made import START, Maker

Line = tuple[str, str, str, str, int | None, tuple[str, ...], int | None, bool]
REGISTER = Register({"1": ((738000, 740000),), "2": ((738580, 738600),), "4": ((700000, 799999),)})
NAMES = {n: status for status, n in WORST_FIRST.items()}


@dataclass(frozen=True)
class Held:
    """What came of holding both forms together: how often asked and set aside, each difference, how often each status."""

    asked: int
    aside: int
    differences: list[tuple[str, list[Line], list[Line]]]
    mix: Counter[tuple[str, str]]


def different(plan: Plan, *, seed: int, files: int, days: int, db: Any = None) -> Held:
    """Hold both forms together over made-up files, so many days after they begin; a difference: rule, evaluator, relations.

    db: the engine of the relational form, a `Duck` when None.
    """
    rules = {r.rule.ref for r in plan.rules if not r.left}
    made = Maker(plan.stack, seed, only=rules).files(files)
    at = instant(START + timedelta(days=days))
    one = by_evaluator(plan.stack, made, at, REGISTER, (), rules)
    two, aside = by_relations(plan, made, at, REGISTER, (), db)
    out = []
    for c, (told, found) in enumerate(zip(one, two, strict=True)):
        if told != found:
            for ref in sorted({line[0] for line in {*told} ^ {*found} if (c, line[0]) not in aside}):
                out.append((ref, [x for x in told if x[0] == ref], [x for x in found if x[0] == ref]))
    return Held(files * len(rules), len(aside), out, mix(one))


def by_evaluator(
    stack: Stack,
    files: Sequence[Sequence[Record]],
    at: Instant,
    register: Register,
    applied: Iterable[Record],
    rules: set[str],
) -> list[list[Line]]:
    """Return the lines of each file as the per-case evaluator gives them."""
    out = []
    applied = list(applied)
    for records in files:
        h = stack.hold(Case.of(records), at, register, applied)
        lines: list[Line] = [
            (
                d.rule.ref,
                d.trigger,
                d.note,
                d.status,
                d.due,
                tuple(d.met_by),
                d.late.amount if d.late else None,
                d.weight != rule.weight,
            )
            for rule in stack.rules
            if rule.ref in rules
            for d in one_by_one(stack, rule, h)
        ]
        out.append(sorted(lines, key=repr))
    return out


def by_relations(
    plan: Plan,
    files: Sequence[Sequence[Record]],
    at: Instant,
    register: Register,
    applied: Iterable[Record],
    db: Any = None,
) -> tuple[list[list[Line]], set[tuple[int, str]]]:
    """Return the lines of each file as the relational form gives them, and the files set aside by rule."""
    engine = Engine(plan, at, register=register, applied=applied, db=db)
    maker = RowMaker(plan.stack.vocabulary)
    rows = [row for records in files for row in maker.rows(records)]
    types = columns(plan.stack.vocabulary)
    engine.db.empty("given_rec", types)
    engine.db.put("given_rec", types, [tuple(r[n] for n in types) for r in rows])
    engine.part("given_rec")
    ids = {r["k"]: r["id"] for r in rows}
    refs = {r.number: r.rule for r in plan.rules}
    out: list[list[Line]] = [[] for _ in files]
    for r, c, k, st, due, late, met, note, hint in engine.db.fetch(
        "SELECT r, c, k, st, due, late, met, note, hint FROM duty"
    ):
        rule = refs[r]
        trigger = "" if rule.trigger.type == "period" else ids[k]
        out[c].append(
            (rule.ref, trigger, note or "", NAMES[st], due, tuple(ids[x] for x in met or ()), late, hint is True)
        )
    aside = {(c, refs[r].ref) for c, r in engine.db.fetch("SELECT c, r FROM aside")}
    return [sorted(lines, key=repr) for lines in out], aside


def mix(lines: Iterable[Iterable[Line]]) -> Counter[tuple[str, str]]:
    """Count how often each form gave each status; a late `met` apart."""
    out: Counter[tuple[str, str]] = Counter()
    for file in lines:
        for ref, _, _, status, _, _, late, _ in file:
            out[ref, "late" if status == "met" and late else status] += 1
    return out


def statuses(counted: Counter[tuple[str, str]]) -> Counter[str]:
    """Count statuses whatever the rule."""
    out: Counter[str] = Counter()
    for (_, status), n in counted.items():
        out[status] += n
    return out
