"""Lists for an engine that keeps no order when it collects: sorted afterwards, and only where the order ascends."""

from __future__ import annotations

import duckdb
import ibis
import pytest

from liuhen.engines.rulebook.bulk.collected import sorted_after

ROWS = ibis.table({"c": "int64", "k": "int64", "n": "string"}, name="rows")


def test_a_list_in_ascending_order_is_collected_and_then_sorted():
    one = sorted_after(ROWS.group_by("c").agg(names=ROWS.n.collect(order_by=ROWS.k)))
    made = duckdb.connect()
    made.execute("CREATE TABLE rows AS SELECT * FROM (VALUES (1, 9, 'b'), (1, 3, 'a'), (2, 5, 'c')) AS given (c, k, n)")
    assert dict(made.execute(str(ibis.to_sql(one, dialect="duckdb"))).fetchall()) == {1: ["a", "b"], 2: ["c"]}
    assert "ORDER BY" not in str(ibis.to_sql(one, dialect="pyspark")).upper()


def test_a_list_in_descending_order_is_refused_rather_than_asked_wrongly():
    with pytest.raises(ValueError, match="descending"):
        sorted_after(ROWS.group_by("c").agg(names=ROWS.n.collect(order_by=ROWS.k.desc())))
