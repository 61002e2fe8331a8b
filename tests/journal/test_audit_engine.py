"""The same statements on PostgreSQL give the same obligations as the per-case evaluator, and the same counts as DuckDB."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from liuhen.journal.audit_engine import Postgres
from tests.engines.rulebook.bulk.chosen import chosen
from tests.engines.rulebook.bulk.other_engine import gives_the_same_obligations, tells_what_duckdb_does
from tests.engines.rulebook.bulk.test_case_by_case import holed

pytestmark = pytest.mark.postgres
STATUSES = ("met", "late", "due", "overdue", "breached", "unknown")


@pytest.fixture
def postgres(postgres_address: str) -> Iterator[Postgres]:
    made = Postgres(postgres_address)
    yield made
    made.close()


def test_postgres_gives_the_same_obligations(postgres: Postgres):
    gives_the_same_obligations(postgres, "postgres", rules=chosen(), seed=3, files=400, occur=STATUSES)


def test_an_audit_on_postgres_counts_and_lists_what_duckdb_does(postgres: Postgres, tmp_path: Path):
    tells_what_duckdb_does(postgres, tmp_path, [holed()])


def test_what_an_audit_made_in_the_database_goes_with_it(postgres_address: str):
    made = Postgres(postgres_address)
    made.empty("given", {"c": "int64"})
    made.close()
    with psycopg.connect(postgres_address) as db:
        found = db.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [made.schema]).fetchone()
    assert found == (0,)
