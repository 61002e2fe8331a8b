"""Holding the two evaluators together (两种判断对照): one line for each duty, from either, in one order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import pyarrow as pa

from liuhen.engines.rulebook import Register, Stack
from liuhen.engines.rulebook.bulk.parts import Engine, type_of
from liuhen.engines.rulebook.bulk.plan import Plan
from liuhen.engines.rulebook.bulk.rows import RowMaker, columns
from liuhen.engines.rulebook.duty import WORST_FIRST
from liuhen.ground.case import Case
from liuhen.ground.moments import Instant
from liuhen.ground.record import Record

Line = tuple[str, str, str, str, int | None, tuple[str, ...], int | None]
NAMES = {n: status for status, n in WORST_FIRST.items()}


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
            (d.rule.ref, d.trigger, d.note, d.status, d.due, tuple(d.met_by), d.late.amount if d.late else None)
            for d in stack.judge_held(h, stacked=False).duties
            if d.rule.ref in rules
        ]
        out.append(sorted(lines, key=repr))
    return out


def by_relations(
    plan: Plan, files: Sequence[Sequence[Record]], at: Instant, register: Register, applied: Iterable[Record]
) -> tuple[list[list[Line]], set[tuple[int, str]]]:
    """Return the lines of each file as the relational form gives them, and the files set aside by rule."""
    engine = Engine(plan, at, register=register, applied=applied)
    maker = RowMaker(plan.stack.vocabulary)
    rows = [row for records in files for row in maker.rows(records)]
    types = columns(plan.stack.vocabulary)
    inside = ", ".join(f"{n} {type_of(t)}" for n, t in types.items())
    engine.db.execute(f"CREATE TABLE given_rec ({inside})")
    held = pa.table({n: pa.array([r[n] for r in rows], _arrow(t)) for n, t in types.items()})
    engine.db.register("held", held)
    engine.db.execute("INSERT INTO given_rec SELECT * FROM held")
    engine.part("given_rec")
    ids = {r["k"]: r["id"] for r in rows}
    refs = {r.number: r.rule for r in plan.rules}
    out: list[list[Line]] = [[] for _ in files]
    for r, c, k, st, due, late, met, note in engine.db.execute(
        "SELECT r, c, k, st, due, late, met, note FROM duty"
    ).fetchall():
        rule = refs[r]
        trigger = "" if rule.trigger.type == "period" else ids[k]
        out[c].append((rule.ref, trigger, note or "", NAMES[st], due, tuple(ids[x] for x in met or ()), late))
    aside = {(c, refs[r].ref) for c, r in engine.db.execute("SELECT c, r FROM aside").fetchall()}
    return [sorted(lines, key=repr) for lines in out], aside


def _arrow(name: str) -> pa.DataType:
    kinds = {
        "int8": pa.int8(),
        "int16": pa.int16(),
        "int32": pa.int32(),
        "int64": pa.int64(),
        "string": pa.string(),
        "boolean": pa.bool_(),
    }
    return pa.list_(kinds[name[6:-1]]) if name.startswith("array<") else kinds[name]


def mix(lines: Iterable[Iterable[Line]]) -> Counter[tuple[str, str]]:
    """Count how often each form gave each status; a late `met` apart."""
    out: Counter[tuple[str, str]] = Counter()
    for file in lines:
        for ref, _, _, status, _, _, late in file:
            out[ref, "late" if status == "met" and late else status] += 1
    return out
