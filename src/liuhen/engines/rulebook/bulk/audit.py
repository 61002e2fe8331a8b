"""An audit (全量审查): every part of an export asked, counted by article, office, officer and month, with the case lists."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq

from liuhen.engines.rulebook.bulk.duck import Duck
from liuhen.engines.rulebook.bulk.frame import DUTY
from liuhen.engines.rulebook.bulk.kept import Unmoved
from liuhen.engines.rulebook.bulk.parts import ASIDE, Engine
from liuhen.engines.rulebook.bulk.plan import Plan
from liuhen.engines.rulebook.duty import WORST_FIRST, Duty
from liuhen.engines.rulebook.forms.triggers import STANDING
from liuhen.engines.rulebook.held import Held, Register
from liuhen.engines.rulebook.language import Rule
from liuhen.engines.rulebook.stack import Stack
from liuhen.ground.case import Case
from liuhen.ground.moments import Instant
from liuhen.ground.record import Record, read_record

STATUSES = {n: status for status, n in WORST_FIRST.items()}
NUMBERS = ("asked", "met", "late", "missing", "due", "excused", "unknown", "hints")
COUNTS = {"r": "int16", "who": "int32", "month": "int32", **dict.fromkeys(NUMBERS, "int64")}
_FAULT = "st IN (0, 1) OR st = 5 AND late IS NOT NULL"
_COUNTED = "count(*) AS asked, " + ", ".join(
    f"count(*) FILTER (WHERE {which}) AS {name}"
    for name, which in {
        "met": "st = 5 AND late IS NULL",
        "late": "st = 5 AND late IS NOT NULL",
        "missing": "st IN (0, 1)",
        "due": "st = 3",
        "excused": "st = 4",
        "unknown": "st = 2",
        "hints": f"hint AND ({_FAULT})",
    }.items()
)


@dataclass
class Audit:
    """What an audit found (审查结果). `counts` and `duties` are tables in `engine.db`.

    Attributes:
        files, records: how many were asked. left: rules asked case by case, with what of them has no relational form. aside: how
            often a file was asked case by case for a rule, by reason: `form` the rule's own; `captures` its source keeps only
            some kinds; `stops`, `officers`, `turns` what only the evaluator tells apart.
    """

    engine: Engine
    files: int = 0
    records: int = 0
    left: dict[str, str] = field(default_factory=dict)
    aside: dict[str, int] = field(default_factory=dict)

    def rows(self, statement: str) -> list[dict[str, Any]]:
        """Return the rows of a question to the tables `counts`, `duties`, `rules`, `people` and `names`."""
        rows: list[dict[str, Any]] = self.engine.db.named_rows(statement)
        return rows


def run_audit(
    stack: Stack,
    folder: Path,
    at: Instant,
    *,
    only: Iterable[str] = (),
    kept: Path | None = None,
    db: Any = None,
    told: Callable[[float], None] = lambda share: None,
    each: Callable[[Engine], None] = lambda engine: None,
) -> Audit:
    """Ask every rule of a stack of all files in an export, as of `at`.

    Args:
        only: refs of rules; empty: all. kept: folder in which compiled statements are kept. db: the engine, a `Duck` or a
            `Postgres`; None: a `Duck`.
        told: called with the share that is done, 0 to 1. each: called when a part was asked, its answers in the table `duty`.

    Cost: linear in the records; bounded by the largest part.
    """
    about = json.loads((folder / "about.json").read_text())
    zone = ZoneInfo(stack.calendar.zone)
    general = [read_record(r, zone=zone) for r in about["general"]]
    known = [r for r in general if r.received <= at]
    register = Register.of(r for r in known if r.kind in stack.vocabulary.with_role("certificate"))
    applied = tuple(r for r in known if r.kind in stack.vocabulary.with_role("applied_on"))
    parts = sorted(folder.glob("part-*.parquet"))
    db = db if db is not None else Duck()
    here = db.kinds(parts)
    plan = Plan(stack, registered=bool(register.spans), only=only, here=here, dialect=db.dialect, folder=kept)
    plan.prepare()
    engine = Engine(plan, at, register=register, applied=applied, db=db)
    audit = Audit(engine, about["files"], about["records"], {r.rule.ref: r.left for r in plan.rules if r.left})
    captures, unmoved = _captures(folder), Unmoved(stack)
    standing = ", ".join(str(r.number) for r in plan.rules if r.rule.trigger.type in STANDING)
    db.empty("counts", COUNTS)
    db.empty("duties", {**DUTY, "id": "string"})
    for n, part in enumerate(parts):
        engine.part(db.source_of(part), lambda done, of, n=n: told((n + done / of) / len(parts)))  # type: ignore[misc]
        _ask_by_itself(audit, plan, at, Beside(register, applied, captures, unmoved))
        db.run("DELETE FROM duty WHERE k IN (SELECT k FROM rec WHERE NOT own)")
        if standing:
            db.run(f"DELETE FROM duty WHERE r IN ({standing}) AND k IN (SELECT k FROM rec WHERE guest)")
        _count(engine)
        each(engine)
    plan.keep()
    _names(audit, folder, plan)
    return audit


def _count(engine: Engine) -> None:
    """Add what a part gave: counts of all, and the rows that are not simply met."""
    db = engine.db
    day = "(DATE '1970-01-01' + (d - 719163))"
    month = f"CAST(extract(year FROM {day}) * 100 + extract(month FROM {day}) AS INTEGER)"
    db.run(
        "INSERT INTO duties SELECT duty.*, rec.id FROM duty LEFT JOIN rec ON rec.c = duty.c AND rec.k = duty.k "
        "WHERE st <> 5 OR late IS NOT NULL"
    )
    # Counted by day first: far fewer dates are then taken apart.
    db.run(
        f"INSERT INTO counts SELECT r, who, {month} AS m, sum(asked), sum(met), sum(late), sum(missing), sum(due), sum(excused), "
        f"sum(unknown), sum(hints) FROM (SELECT r, who, d, {_COUNTED} FROM duty GROUP BY r, who, d) AS daily GROUP BY r, who, m"
    )


class Beside(NamedTuple):
    """What speaks for all files, and the kinds that some keep at all, with the rules for which that matters (一并考虑的)."""

    register: Register
    applied: tuple[Record, ...]
    captures: Mapping[int, frozenset[str]]
    unmoved: Unmoved


def _captures(folder: Path) -> dict[int, frozenset[str]]:
    held = pq.read_table(folder / "files.parquet", columns=["c", "captures"]).to_pydict()
    return {c: frozenset(kinds) for c, kinds in zip(held["c"], held["captures"], strict=True) if kinds is not None}


def _ask_by_itself(audit: Audit, plan: Plan, at: Instant, beside: Beside) -> None:
    """Ask by the per-case evaluator what the relational form does not carry, rule by rule and file by file; each is counted."""
    db = audit.engine.db
    here = [c for (c,) in db.fetch("SELECT c FROM numbers") if c in beside.captures] if beside.captures else []
    if here:
        unmoved, own = beside.unmoved, beside.captures
        rows = [
            (c, n.number, "captures") for c in here for n in plan.rules if not n.left and not unmoved(n.rule, own[c])
        ]
        db.put("aside", ASIDE, rows)
    for n in (r for r in plan.rules if r.left):
        kinds = ", ".join(f"'{k}'" for k in sorted(n.rule.trigger.kinds)) or "''"
        where = f"WHERE kind IN ({kinds})" if n.rule.trigger.kinds else ""
        db.run(f"INSERT INTO aside SELECT DISTINCT c, {n.number}, 'form' FROM rec {where}")
    for why, n in db.fetch("SELECT why, count(DISTINCT (c, r)) FROM aside GROUP BY why"):
        audit.aside[why] = audit.aside.get(why, 0) + n
    wanted: dict[int, list[int]] = {}
    for c, r in db.fetch("SELECT DISTINCT c, r FROM aside ORDER BY c, r"):
        wanted.setdefault(c, []).append(r)
    if not wanted:
        return
    db.run("DELETE FROM duty WHERE (c, r) IN (SELECT c, r FROM aside)")
    held: dict[int, list[tuple[int, int, Record]]] = {}
    zone = ZoneInfo(plan.stack.calendar.zone)  # its days are those of the records as they were written
    for c, k, who, content, rest in db.fetch(
        "SELECT c, k, who, content, rest FROM rec WHERE c IN (SELECT c FROM aside) ORDER BY k"
    ):
        record = read_record({**json.loads(rest), "content": json.loads(content)}, zone=zone)
        held.setdefault(c, []).append((k, who, record))
    rules = {r.number: r.rule for r in plan.rules}
    found = []
    for c, asked in wanted.items():
        listed = held.get(c, [])
        places = {r.id: (k, who, r.day) for k, who, r in listed}
        first = next(iter(places.values()))
        h = plan.stack.hold(
            Case.of(r for _, _, r in listed), at, beside.register, beside.applied, beside.captures.get(c)
        )
        for number in asked:
            for d in one_by_one(plan.stack, rules[number], h):
                # A period has no trigger record: the one that opened its subject stands for it.
                k, who, day = places.get(d.trigger or d.root.partition("@")[0], first)
                late = d.late.amount if d.late is not None else None
                met = [places[i][0] for i in d.met_by]
                excuse = places[d.excused_by][0] if d.excused_by in places else None
                hint = True if d.weight != rules[number].weight else None
                found.append(
                    (
                        number,
                        c,
                        k,
                        who,
                        day,
                        WORST_FIRST[d.status],
                        d.due,
                        late,
                        met,
                        1 if d.missing else 0,
                        excuse,
                        d.note or None,
                        hint,
                    )
                )
    db.put("duty", DUTY, found)


def one_by_one(stack: Stack, rule: Rule, h: Held) -> tuple[Duty, ...]:
    """Return what the per-case evaluator says of one rule; a gap is found by the rule whose gap it is."""
    if rule.trigger.gap_in:
        whole = stack.rule(f"{rule.rulebook}/{rule.trigger.gap_in}")
        if whole is not None:
            stack.judge_one(whole, h)
    return stack.judge_one(rule, h)


def _names(audit: Audit, folder: Path, plan: Plan) -> None:
    """Add the tables that name numbers: rules with their articles, people and files."""
    db = audit.engine.db
    rules = [
        (
            r.number,
            r.rule.rulebook,
            r.rule.article,
            r.rule.id,
            r.rule.title.zh,
            r.rule.title.en,
            r.rule.weight,
            r.rule.asks_from,
        )
        for r in plan.rules
    ]
    words = ("rulebook", "article", "rule", "zh", "en", "weight", "asks_from")
    types = {"r": "int16", **dict.fromkeys(words, "string")}
    db.empty("rules", types)
    db.put("rules", types, rows_or(rules))
    db.beside("people", folder / "people.parquet")
    db.beside("names", folder / "files.parquet")


def rows_or(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return rows; an audit of no rule has none, and says so by an empty list of columns."""
    if not rows:
        raise ValueError("no rule to ask")
    return rows
