"""The same statements on Spark give the same obligations as the per-case evaluator, and the same counts and lists as DuckDB."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from liuhen.engines.rulebook.bulk.java import find_java
from tests.engines.rulebook.bulk.chosen import chosen, stack
from tests.engines.rulebook.bulk.other_engine import gives_the_same_obligations, tells_what_duckdb_does
from tests.engines.rulebook.bulk.test_case_by_case import holed

pytestmark = pytest.mark.spark
STATUSES = ("met", "due", "overdue", "breached", "excused", "unknown")
# A few hundred rows are asked sooner than the statement that asks them is compiled; what comes out is the same.
INTERPRETED = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
}


@pytest.fixture
def spark(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    from liuhen.engines.rulebook.bulk.spark import Spark

    monkeypatch.setenv("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
    made = Spark(java=find_java(), settings=INTERPRETED)
    yield made
    made.close()


def one_of_each() -> list[str]:
    """Refs of the rules that say most, one of each form and trigger."""
    rules = {rule.ref: rule for rule in stack().rules}
    found: dict[tuple[str, str], str] = {}
    for ref in chosen():
        found.setdefault((rules[ref].form, rules[ref].trigger.type), ref)
    return sorted(found.values())


def test_spark_gives_the_same_obligations(spark: Any):
    gives_the_same_obligations(spark, "pyspark", rules=one_of_each(), seed=5, files=150, occur=STATUSES)


def test_an_audit_on_spark_counts_and_lists_what_duckdb_does(spark: Any, tmp_path: Path):
    tells_what_duckdb_does(spark, tmp_path, [holed()])
