"""An audit by relations (批量核查): records out of the journal as Parquet, judged part by part, the answers written down.

Needs the extra `bulk`. The Parquet holds personal content in the open: it lies in the folder of work and goes with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from liuhen.engines.rulebook.bulk.audit import run_audit
from liuhen.engines.rulebook.bulk.export import Export
from liuhen.engines.rulebook.bulk.parts import Engine
from liuhen.ground.moments import Instant
from liuhen.journal.auditing.one_by_one import month_of
from liuhen.journal.auditing.result import Writing, office_rule
from liuhen.journal.auditing.streaming import how_many, taken
from liuhen.journal.judging import Basis
from liuhen.journal.registers import register_records

_READING = 0.5
"""The share of the work that is reading the journal; for a progress bar."""


def run(
    basis: Basis,
    at: Instant,
    out: Writing,
    told: Callable[[float], None],
    *,
    work: Path,
    db: Any,
    kept: Path | None = None,
) -> dict[str, Any]:
    """Judge every file of a bureau at `at` and write what comes of it; return how many files and records, and what stood aside.

    work: folder for the records as Parquet. db: the engine, a `Duck` or a `Postgres`. kept: where compiled statements are kept.
    """
    total, records = how_many(basis.bureau), 0
    with Export(work, basis.vocabulary, zone=basis.zone.key) as export:
        export.speak(register_records(basis, at))
        for file in taken(basis, at):
            guests = frozenset(e.record.id for e in file.filed.entries if e.home != file.filed.root)
            records += len(file.filed.entries) - len(guests)
            export.add(file.filed.root, (e.record for e in file.filed.entries), guests=guests)
            out.files([(file.c, file.filed.root, file.subject, file.unit)])
            told(_READING * (file.c + 1) / max(total, file.c + 1))
    if not export.names:
        out.rules(enumerate(basis.stack.rules))
        return {"files": 0, "records": 0, "aside": {}, "left": {}}
    found = run_audit(
        basis.stack,
        work,
        at,
        kept=kept,
        db=db,
        told=lambda share: told(_READING + (1 - _READING) * share),
        each=lambda engine: _write(engine, out),
    )
    out.rules((r.number, r.rule) for r in found.engine.plan.rules)
    out.people((who, name, person) for (_, name, person), who in export.maker.people.items())
    return {"files": found.files, "records": records, "aside": found.aside, "left": found.left}


def _write(engine: Engine, out: Writing) -> None:
    """Write what a part gave."""
    office = {r.number: office_rule(r.rule) for r in engine.plan.rules}

    def duties() -> Iterator[tuple[Any, ...]]:
        for r, c, who, d, st, due, late, trigger, note, hint in engine.db.stream(
            "SELECT duty.r, duty.c, duty.who, duty.d, duty.st, duty.due, duty.late, rec.id, duty.note, duty.hint IS TRUE "
            "FROM duty LEFT JOIN rec ON rec.c = duty.c AND rec.k = duty.k WHERE duty.st <> 5 OR duty.late IS NOT NULL"
        ):
            yield r, c, who, month_of(d), st, due, late, trigger, note or "", office[r] and not hint

    def met() -> Iterator[tuple[Any, ...]]:
        daily = (
            "SELECT r, c, who, d, hint IS TRUE AS h, count(*) AS n FROM duty "
            "WHERE st = 5 AND late IS NULL GROUP BY r, c, who, d, h"
        )
        # By day in the engine and in the order of files: the days of one are then added up to months here.
        held: Counter[tuple[int, int, int, int, bool]] = Counter()
        last = None
        for r, c, who, d, hint, n in engine.db.stream(f"{daily} ORDER BY c"):
            if c != last:
                yield from ((*key, times) for key, times in held.items())
                held.clear()
                last = c
            held[r, c, who, month_of(d), office[r] and not hint] += n
        yield from ((*key, times) for key, times in held.items())

    out.duties(duties())
    out.met(met())
