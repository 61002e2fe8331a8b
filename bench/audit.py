"""How long does an audit of a million cases take, beside a bare scan of the columns that it touches?

LIUHEN_BENCH_CASES   how many cases of 25 records; default 1,000,000 (the rate is held to that at a tenth of them)
LIUHEN_BENCH_HOME    a folder that keeps the data from one run to the next; default: made anew
"""

from __future__ import annotations

import os
import resource
import shutil
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, NamedTuple

import duckdb

from bench.audit_data import VARIATIONS, write
from bench.figures import Sheet
from liuhen.engines.rulebook import Stack, build_stack, load_rulebook, shipped
from liuhen.engines.rulebook.bulk.audit import run_audit
from liuhen.engines.rulebook.bulk.outcome import write as write_outcome
from liuhen.engines.rulebook.bulk.plan import Plan
from liuhen.engines.rulebook.bulk.rows import columns
from liuhen.ground.calendar import Calendar
from liuhen.ground.moments import instant
from liuhen.ground.vocabulary import default

MANY = -(-int(os.environ.get("LIUHEN_BENCH_CASES", "1000000")) // VARIATIONS) * VARIATIONS
FEW = max(VARIATIONS, MANY // 10 // VARIATIONS * VARIATIONS)
AT = instant(datetime(2030, 1, 1, tzinfo=UTC))
# Overlap; 24 hours; review before decision; 30 days to archive; two officers with valid certificates; seven working days;
# notice before decision; 90 days; 7 days to serve. That the reviewer is not the handler has no relational form.
REFERENCE = (
    "bazhou/act-filmed",
    "bazhou/footage-stored-in-24-hours",
    "bazhou/review-before-decision",
    "bazhou/case-file-in-thirty-days",
    "bazhou/transcript-officers-certified",
    "anshan-legal-review/opinion-in-time",
    "bazhou/rights-told-before-decision",
    "cn-penalty-2021/decided-in-ninety-days",
    "cn-penalty-2021/decision-served-in-seven-days",
)
# What Declare can state too: a step is followed, or preceded, by another one somewhere in the case.
BOTH = {
    "bazhou/investigation-report": ("response", "investigation.ended", "investigation_report"),
    "bazhou/sign-off-recorded": ("response", "decision.made", "decision_approval_record"),
    "bazhou/review-after-draft": ("response", "decision_draft", "legal_review_opinion"),
    "bazhou/review-before-decision": ("precedence", "legal_review_opinion", "decision.made"),
}
ALWAYS = ("c", "k", "key", "kind", "rcv", "own", "id", "corrects", "root_id", "lists")


class Cost(NamedTuple):
    """What a piece of work took: seconds on the clock, seconds of all processors, most memory of its process in GB."""

    wall: float
    cpu: float
    memory: float


def main() -> int:
    """Print the ratio of the whole of bazhou and of ten rules to the scan, the rate at both sizes, the memory, and pm4py's."""
    sheet = Sheet(f"All cases at once, DuckDB: {MANY:,} cases of 25 records")
    home = os.environ.get("LIUHEN_BENCH_HOME")
    folder = Path(home) if home else Path(tempfile.mkdtemp(prefix="bench-audit-"))
    try:
        return _measure(folder, sheet)
    finally:
        if not home:
            shutil.rmtree(folder, ignore_errors=True)


def _measure(folder: Path, sheet: Sheet) -> int:
    few, many, kept = folder / f"cases-{FEW}", folder / f"cases-{MANY}", folder / "kept"
    for where, count in ((few, FEW), (many, MANY)):
        if not (where / "about.json").is_file():
            write(where, count)
    all_, ten, both = ("bazhou",), ("bazhou", "anshan-legal-review", "cn-penalty-2021"), ("bazhou",)
    first = alone(audited, all_, few, kept, ())
    sheet.note(f"the first run of a rulebook puts it into statements, once: {first.cpu:.0f} s of processor time")
    touched, some = alone(touches, all_, few, kept, ()), alone(touches, ten, few, kept, REFERENCE)
    for what, names in (("the whole of bazhou", touched), (f"{len(REFERENCE)} rules", some)):
        sheet.note(f"columns that {what} touches: {', '.join(names)}")
    small, bare = alone(audited, all_, few, kept, ()), alone(scanned, many, touched)
    whole = alone(audited, all_, many, kept, ())
    _beside(sheet, "the whole of bazhou, written", whole, bare, 20)
    alone(audited, ten, few, kept, REFERENCE)
    bare, less = alone(scanned, many, some), alone(audited, ten, many, kept, REFERENCE)
    _beside(sheet, f"{len(REFERENCE)} rules of reference, written", less, bare, 4)
    rate = ("at a tenth", FEW / small.cpu)
    sheet.figure("cases a second of CPU", MANY / whole.cpu, "cases", yardstick=rate, at_least=0.7, of="ratio")
    sheet.figure("most memory", whole.memory, "GB", at_most=6.0)
    alone(audited, both, few, kept, tuple(BOTH))
    mine, theirs = alone(audited, both, few, kept, tuple(BOTH)), alone(declared, few)
    if theirs is None:
        sheet.note("pm4py is not installed: not compared (script/setup bench)")
    else:
        rate = ("pm4py, Declare", FEW / theirs.cpu)
        sheet.note(
            "pm4py is given its events in memory; counted of ours is all: Parquet read, tables made, the outcome written"
        )
        what = f"{len(BOTH)} rules that both state, of {FEW:,} cases"
        sheet.figure(what, FEW / mine.cpu, "cases", yardstick=rate, at_least=20, of="ratio")
    return sheet.status()


def _beside(sheet: Sheet, what: str, cost: Cost, bare: Cost, most: float) -> None:
    # Held to the seconds of the processors: other programs share the machine.
    sheet.figure(what, cost.cpu, "s of CPU", yardstick=("a bare scan", bare.cpu), at_most=most, of="ratio")
    sheet.figure("  on the clock", cost.wall, "s", yardstick=("a bare scan", bare.wall))


def alone(work: Callable[..., Any], *arguments: Any) -> Any:
    """Return what a piece of work gives in a process of its own: no cache and no memory of another one's."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def cost_of(work: Callable[[], object]) -> Cost:
    """Return what a piece of work costs in this process."""
    wall, cpu = perf_counter(), process_time()
    work()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return Cost(perf_counter() - wall, process_time() - cpu, memory)


def stack_of(books: Iterable[str]) -> Stack:
    """Return a stack of shipped texts; several of them whatever their dates."""
    loaded = [load_rulebook(shipped()[name], default()) for name in books]
    return build_stack(loaded, default(), Calendar.load(), regardless_of_dates=len(loaded) > 1)


def audited(books: tuple[str, ...], folder: Path, kept: Path, only: tuple[str, ...]) -> Cost:
    """Audit an export and write the outcome."""
    stack = stack_of(books)

    def work() -> None:
        with tempfile.TemporaryDirectory() as out:
            write_outcome(run_audit(stack, folder, AT, only=only, kept=kept), Path(out))

    return cost_of(work)


def touches(books: tuple[str, ...], folder: Path, kept: Path, only: tuple[str, ...]) -> tuple[str, ...]:
    """Return the columns of an export that an audit reads."""
    parts = f"read_parquet('{folder}/part-*.parquet')"
    here = {k for (k,) in duckdb.sql(f"SELECT DISTINCT kind FROM {parts}").fetchall()}
    plan = Plan(stack_of(books), registered=True, only=only, here=here, folder=kept)
    named = {"root": "key", "cor": "corrects"}
    read = {named.get(n, "content" if n[:2] in ("f_", "r_") else n) for of in plan.columns().values() for n in of}
    return tuple(n for n in columns(default()) if n in read or n in ALWAYS)


def scanned(folder: Path, names: tuple[str, ...]) -> Cost:
    """Scan these columns with nothing but an aggregate of each; the best of three."""
    types = columns(default())
    how = {n: "sum(len({}))" if types[n].startswith("array") else "max({})" for n in names}
    asked = ", ".join(f"sum(strlen({n}))" if types[n] == "string" else how[n].format(n) for n in names)
    statement = f"SELECT {asked} FROM read_parquet('{folder}/part-*.parquet')"
    return min(cost_of(lambda: duckdb.connect().execute(statement).fetchall()) for _ in range(3))


def declared(folder: Path) -> Cost | None:
    """Hold the same cases to the same rules with pm4py; the reading of the records is not counted."""
    try:
        import pm4py
    except ImportError:
        return None
    kinds = ", ".join(f"'{k}'" for k in sorted({k for _, *pair in BOTH.values() for k in pair}))
    log = duckdb.sql(
        'SELECT c::VARCHAR AS "case:concept:name", kind AS "concept:name", make_timestamptz(i) AS "time:timestamp" '
        f"FROM read_parquet('{folder}/part-*.parquet') WHERE kind IN ({kinds}) ORDER BY k"
    ).df()
    model: dict[str, dict[tuple[str, str], dict[str, int]]] = {}
    for template, one, other in BOTH.values():
        model.setdefault(template, {})[one, other] = {"support": 1, "confidence": 1}
    return cost_of(lambda: pm4py.conformance_declare(log, model))
