"""Another engine than DuckDB held to the per-case evaluator and to DuckDB (其他引擎对照): the same for each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from liuhen.engines.rulebook.bulk.audit import run_audit
from liuhen.engines.rulebook.bulk.outcome import by_article, write
from liuhen.engines.rulebook.bulk.plan import Plan
from liuhen.ground.moments import instant
from liuhen.ground.record import Record
from tests.engines.rulebook.bulk.chosen import stack
from tests.engines.rulebook.bulk.made import START, Maker
from tests.engines.rulebook.bulk.same import different, statuses
from tests.engines.rulebook.bulk.test_case_by_case import RULES, exported
from tests.engines.rulebook.small import Book, write_book

LISTS = "SELECT r, c, k, st, due, late, met, id FROM duties ORDER BY r, c, k, note"


def gives_the_same_obligations(
    db: Any, dialect: str, *, rules: Sequence[str], seed: int, files: int, occur: Sequence[str]
) -> None:
    """Hold the engine's obligations under these rules to the evaluator's, over made-up files in which these statuses occur."""
    plan = Plan(stack(), registered=True, only=rules, dialect=dialect)
    assert [r.rule.ref for r in plan.rules if r.left] == []
    found = different(plan, seed=seed, files=files, days=75, db=db)
    assert found.differences == []
    assert found.aside * 100 <= found.asked
    counted: Counter[str] = statuses(found.mix)
    assert {s: counted[s] for s in occur if counted[s] < 3} == {}, f"too rare to be held together: {counted}"


def tells_what_duckdb_does(db: Any, folder: Path, beside: Sequence[tuple[Record, ...]] = ()) -> None:
    """Hold an audit's counts, lists and written outcome to DuckDB's; beside the made-up files, those of `beside`."""
    made = Book(write_book(folder / "trial", RULES)).stack
    export = exported(folder / "导出 [1]", made, [*Maker(made, 1).files(60), *beside])
    at = instant(START + timedelta(days=75))
    one, two = run_audit(made, export, at), run_audit(made, export, at, db=db)
    assert by_article(one) == by_article(two)
    assert one.aside == two.aside
    assert one.engine.db.fetch(LISTS) == two.engine.db.fetch(LISTS)
    for name, audit in (("one", one), ("two", two)):
        write(audit, folder / name)
    assert (folder / "one" / "audit.json").read_bytes() == (folder / "two" / "audit.json").read_bytes()
