"""The same statements on PostgreSQL give the same obligations as the per-case evaluator, and the same counts as DuckDB."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from liuhen.engines.rulebook.bulk.audit import run_audit
from liuhen.engines.rulebook.bulk.outcome import by_article, write
from liuhen.engines.rulebook.bulk.plan import Plan
from liuhen.ground.moments import instant
from liuhen.journal.audit_engine import Postgres
from tests.engines.rulebook.bulk.chosen import chosen, stack
from tests.engines.rulebook.bulk.made import START, Maker
from tests.engines.rulebook.bulk.same import different, statuses
from tests.engines.rulebook.bulk.test_case_by_case import RULES, exported
from tests.engines.rulebook.small import Book, write_book

pytestmark = pytest.mark.postgres
STATUSES = ("met", "late", "due", "overdue", "breached", "unknown")


@pytest.fixture
def postgres(postgres_address: str) -> Iterator[Postgres]:
    made = Postgres(postgres_address)
    yield made
    made.close()


def test_postgres_gives_the_same_obligations(postgres: Postgres):
    plan = Plan(stack(), registered=True, only=chosen(), dialect="postgres")
    assert [r.rule.ref for r in plan.rules if r.left] == []
    found = different(plan, seed=3, files=400, days=75, db=postgres)
    assert found.differences == []
    assert found.aside * 100 <= found.asked
    counted: Counter[str] = statuses(found.mix)
    assert {s: counted[s] for s in STATUSES if counted[s] < 3} == {}, f"too rare to be held together: {counted}"


def test_an_audit_on_postgres_counts_and_lists_what_duckdb_does(postgres: Postgres, tmp_path: Path):
    made = Book(write_book(tmp_path / "trial", RULES)).stack
    folder = exported(tmp_path / "export", made, Maker(made, 1).files(60))
    at = instant(START + timedelta(days=75))
    one, two = run_audit(made, folder, at), run_audit(made, folder, at, db=postgres)
    assert by_article(one) == by_article(two)
    assert one.aside == two.aside
    lists = "SELECT r, c, k, st, due, late, met, id FROM duties ORDER BY r, c, k, note"
    assert one.engine.db.fetch(lists) == two.engine.db.fetch(lists)
    for name, audit in (("one", one), ("two", two)):
        write(audit, tmp_path / name)
    assert (tmp_path / "one" / "audit.json").read_bytes() == (tmp_path / "two" / "audit.json").read_bytes()


def test_what_an_audit_made_in_the_database_goes_with_it(postgres_address: str):
    made = Postgres(postgres_address)
    made.empty("given", {"c": "int64"})
    made.close()
    with psycopg.connect(postgres_address) as db:
        found = db.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [made.schema]).fetchone()
    assert found == (0,)
