"""How long does an audit of many cases take, beside a bare scan of the columns that it touches?"""

from __future__ import annotations

import resource
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import duckdb

from bench.audit_data import write
from bench.figures import Sheet
from liuhen.engines.rulebook import Stack, build_stack, load_rulebook, shipped
from liuhen.engines.rulebook.bulk.audit import run_audit
from liuhen.engines.rulebook.bulk.rows import columns
from liuhen.ground.calendar import Calendar
from liuhen.ground.moments import instant
from liuhen.ground.vocabulary import default

FEW, MANY = 100_000, 1_000_000
AT = instant(datetime(2029, 1, 1, tzinfo=UTC))
NOT_TOUCHED = ("id", "rest", "root_id", "corrects")
# Overlap, 24 hours, review before decision, 30 days, two officers, 7/20 working days, notice before decision, 90 days, service.
REFERENCE = (
    "bazhou/inspected-transcript",
    "bazhou/footage-stored-in-24-hours",
    "bazhou/case-file-in-thirty-days",
    "bazhou/transcript-officers-certified",
    "bazhou/rights-told-before-decision",
    "bazhou/approval-before-evidence",
    "bazhou/officers-sign-and-date",
    "bazhou/act-filmed",
    "bazhou/act-filmed-whole",
    "bazhou/questioned-transcript",
)


def main() -> int:
    """Print the ratio of the whole of bazhou and of ten rules to the scan, the rate at both sizes, and the memory."""
    sheet = Sheet("All cases at once, DuckDB")
    rules = build_stack([load_rulebook(shipped()["bazhou"], default())], default(), Calendar.load())
    known = {r.ref for r in rules.rules}
    ten = [ref for ref in REFERENCE if ref in known]
    with tempfile.TemporaryDirectory() as folder:
        few, many, kept = Path(folder) / "few", Path(folder) / "many", Path(folder) / "kept"
        write(few, FEW)
        write(many, MANY)
        _audited(rules, few, kept)  # compiles once; what is measured is a run
        small = _audited(rules, few, kept)
        bare = _scanned(many)
        whole = _audited(rules, many, kept)
        _audited(rules, few, kept, ten)
        some = _audited(rules, many, kept, ten)
    sheet.note(f"columns touched: {', '.join(n for n in columns(default()) if n not in NOT_TOUCHED)}")
    sheet.figure("the whole of bazhou, 1,000,000 cases", whole, "s", yardstick=("a bare scan", bare), at_most=20 * bare)
    sheet.figure(f"{len(ten)} rules, 1,000,000 cases", some, "s", yardstick=("a bare scan", bare), at_most=4 * bare)
    sheet.figure(
        "cases a second", MANY / whole, "cases/s", yardstick=("at 100,000", FEW / small), at_least=0.7 * FEW / small
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    sheet.figure("most memory", peak, "GB", yardstick=("allowed", 6.0), at_most=6.0)
    return sheet.status()


def _audited(stack: Stack, folder: Path, kept: Path, only: list[str] | None = None) -> float:
    start = perf_counter()
    run_audit(stack, folder, AT, only=only or (), kept=kept)
    return perf_counter() - start


def _scanned(folder: Path) -> float:
    parts = []
    for name, type_ in columns(default()).items():
        if name not in NOT_TOUCHED:
            whole = f"sum(len({name}))" if type_.startswith("array") else f"sum(strlen({name}))"
            parts.append(whole if type_.startswith("array") or type_ == "string" else f"max({name})")
    start = perf_counter()
    duckdb.connect().execute(f"SELECT {', '.join(parts)} FROM read_parquet('{folder}/part-*.parquet')").fetchall()
    return perf_counter() - start
