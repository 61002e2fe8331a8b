"""Lists for Spark (列表改写): collected in no order, so the keys are collected too and sorted away; a place in one is 32 bits."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.operations as ops
from ibis.common.patterns import replace
from ibis.expr.rewrites import p
from ibis.expr.types import Table


@replace(p.ArrayCollect)  # type: ignore[untyped-decorator]
def _sorted(_: Any) -> Any:
    if not _.order_by:
        return _
    value, where = _.arg.to_expr(), _.where.to_expr() if _.where is not None else None
    if [key.arg for key in _.order_by] == [_.arg]:
        return value.collect(where=where).sort().op()
    kept = value.notnull() if where is None else where & value.notnull()
    keys = {f"o{n}": key.arg.to_expr() for n, key in enumerate(_.order_by)}
    return ibis.struct({**keys, "v": value}).collect(where=kept).sort().map(lambda one: one.v).op()


@replace(p.ArrayIndex)  # type: ignore[untyped-decorator]
def _narrow(_: Any) -> Any:
    if isinstance(_.index, ops.Literal) or _.index.dtype.is_int32():
        return _
    return ops.ArrayIndex(_.arg, ops.Cast(_.index, "int32"))


def sorted_after(table: Table) -> Table:
    """Return a relation in which every list is sorted after it is collected, and read by small numbers.

    Every order ascends: all that the compiler writes does, and another one is refused (ValueError) before it is asked wrongly.
    """
    if any(not key.ascending for one in table.op().find(ops.ArrayCollect) for key in one.order_by):
        raise ValueError("a list in descending order")
    return table.op().replace(_sorted | _narrow).to_expr()
