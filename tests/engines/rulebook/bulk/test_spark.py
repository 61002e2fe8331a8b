"""The same statements on Spark give the same obligations as the per-case evaluator, and the same counts and lists as DuckDB."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from liuhen.engines.rulebook.bulk.audit import run_audit
from liuhen.engines.rulebook.bulk.java import find_java
from liuhen.engines.rulebook.bulk.outcome import by_article, write
from liuhen.engines.rulebook.bulk.plan import Plan
from liuhen.ground.moments import instant
from tests.engines.rulebook.bulk.chosen import chosen, stack
from tests.engines.rulebook.bulk.made import START, Maker
from tests.engines.rulebook.bulk.same import different, statuses
from tests.engines.rulebook.bulk.test_case_by_case import RULES, exported, holed
from tests.engines.rulebook.small import Book, write_book

pytestmark = pytest.mark.spark
STATUSES = ("met", "due", "overdue", "breached", "unknown")
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
    plan = Plan(stack(), registered=True, only=one_of_each(), dialect="pyspark")
    assert [r.rule.ref for r in plan.rules if r.left] == []
    found = different(plan, seed=3, files=150, days=75, db=spark)
    assert found.differences == []
    assert found.aside * 100 <= found.asked
    counted: Counter[str] = statuses(found.mix)
    assert {s: counted[s] for s in STATUSES if counted[s] < 3} == {}, f"too rare to be held together: {counted}"


def test_an_audit_on_spark_counts_and_lists_what_duckdb_does(spark: Any, tmp_path: Path):
    made = Book(write_book(tmp_path / "trial", RULES)).stack
    folder = exported(tmp_path / "导出 [1]", made, [*Maker(made, 1).files(60), holed()])
    at = instant(START + timedelta(days=75))
    one, two = run_audit(made, folder, at), run_audit(made, folder, at, db=spark)
    assert by_article(one) == by_article(two)
    assert one.aside == two.aside
    lists = "SELECT r, c, k, st, due, late, met, id FROM duties ORDER BY r, c, k, note"
    assert one.engine.db.fetch(lists) == two.engine.db.fetch(lists)
    for name, audit in (("one", one), ("two", two)):
        write(audit, tmp_path / name)
    assert (tmp_path / "one" / "audit.json").read_bytes() == (tmp_path / "two" / "audit.json").read_bytes()
