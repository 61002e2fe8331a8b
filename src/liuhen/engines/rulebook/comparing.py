"""Comparing two moments of records (时刻比较): whether one lies so long after the other."""

from __future__ import annotations

from typing import Any

from liuhen.engines.rulebook.clocks import FIXED_UNITS, moment_in, plain_due
from liuhen.engines.rulebook.language import Limit
from liuhen.ground.calendar import Calendar


def after(calendar: Calendar, held: Any, op: str, other: Any, plus: Limit) -> bool | None:
    """Return how a date or moment stands to so long after another; None where either is none.

    `at_most`: in time, had the length been a limit. `at_least`: not before its last day, or its last moment.
    """
    mine, start = moment_in(held, calendar), moment_in(other, calendar)
    if mine is None or start is None:
        return None
    due = plain_due(calendar, start[0], start[1], plus.amount, plus.unit).at
    if due is None:
        return None
    if op in ("at_most", "more_than"):
        return (mine[0] < due) is (op == "at_most")
    early = mine[0] < due - 1 if plus.unit in FIXED_UNITS else mine[1] < calendar.day_at(due - 1)
    return early is (op == "less_than")
