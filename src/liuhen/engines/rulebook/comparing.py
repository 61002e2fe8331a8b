"""Comparing what fields hold (比较): with a value, with another field, or whether one moment lies so long after another."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from liuhen.engines.rulebook.clocks import FIXED_UNITS, moment_in, plain_due
from liuhen.engines.rulebook.language import Compare, Limit
from liuhen.ground.calendar import Calendar
from liuhen.ground.moments import instant, read_moment

Answer = bool | None
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?\Z", re.ASCII)
_NOTHING: tuple[Any, ...] = (None, "", [], ())


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


def settled(value: Any, compare: Compare, settings: Mapping[str, Any]) -> Any:
    """Return the value to compare with: a setting's value, or the plain one."""
    return settings[compare.setting] if compare.setting else compare.value


def empty(value: Any) -> bool:
    """Whether a field says nothing: never filled, or blank."""
    return (type(value) is str and value.isspace()) if value else value in _NOTHING


def number_in(value: Any) -> Decimal | None:
    if type(value) is int or (isinstance(value, str) and _NUMBER.match(value)):
        return Decimal(value)
    return None


def _pair(a: Any, b: Any) -> tuple[Any, Any] | None:
    """Return two values as numbers, as moments, or as dates and times of day; None where they can't be held side by side."""
    if type(a) is int and type(b) is int:
        return a, b
    x, y = number_in(a), number_in(b)
    if x is not None and y is not None:
        return x, y
    if not isinstance(a, str) or not isinstance(b, str):
        return None
    p, q = read_moment(a), read_moment(b)
    if p is not None and q is not None and p.tzinfo is not None and q.tzinfo is not None:
        return instant(p), instant(q)
    # A date with a moment: by the date. Dates, and times of day, are ordered as text.
    return (a[:10], b[:10]) if p is not None or q is not None else (a, b)


def _ordered(held: Any, value: Any, op: str) -> Answer:
    pair = _pair(held, value)
    if pair is None:
        return None
    a, b = pair
    if op == "at_least":
        return bool(a >= b)
    if op == "at_most":
        return bool(a <= b)
    return bool(a > b) if op == "more_than" else bool(a < b)


def compared(held: Any, op: str, value: Any) -> Answer:
    """Compare a field's value; None when the field was never answered."""
    if op == "filled":
        return (not empty(held)) is value
    if held is None or held == "":
        return None
    if op == "is":
        return bool(held == value) if not isinstance(held, list) else bool(value in held)
    if op == "is_not":
        return bool(held != value) if not isinstance(held, list) else bool(value not in held)
    if op == "one_of":
        return any(h in value for h in held) if isinstance(held, list) else held in value
    if op == "contains":
        return value in held if isinstance(held, list) else (str(value) in held if isinstance(held, str) else None)
    return _ordered(held, value, op)


def against(held: Any, op: str, other: Any, times: int) -> Answer:
    """Compare one field with another one, times a number; None when either was never answered."""
    if empty(held) or empty(other):
        return None
    if times != 1:
        factor = number_in(other)
        if factor is None:
            return None
        other = str(factor * times)
    if op in ("is", "is_not"):
        a, b = (number_in(held), number_in(other)) if times != 1 else (held, other)
        return bool(a == b) is (op == "is")
    return _ordered(held, other, op)


def daily(amount: Any, percent: int, days: Sequence[Any], calendar: Calendar) -> str | None:
    """Return so many per cent of an amount for each day from one date to another, both counted; None where one is not said."""
    base, first, last = number_in(amount), moment_in(days[0], calendar), moment_in(days[1], calendar)
    if base is None or first is None or last is None:
        return None
    return f"{base * percent * max(0, last[1] - first[1] + 1) / 100:f}"


def comparing(op: str, value: Any) -> Callable[[Any], Answer]:
    """Return `compared` for one comparison; what is asked of nearly every record has nothing left to choose."""
    if op == "is":

        def same(held: Any) -> Answer:
            if held is None or held == "":
                return None
            answer: bool = value in held if type(held) is list else held == value
            return answer

        return same
    if op == "is_not":

        def other(held: Any) -> Answer:
            if held is None or held == "":
                return None
            answer: bool = value not in held if type(held) is list else held != value
            return answer

        return other
    if op == "one_of":

        def among(held: Any) -> Answer:
            if held is None or held == "":
                return None
            return any(h in value for h in held) if isinstance(held, list) else held in value

        return among
    if op == "filled":
        return lambda held: (not empty(held)) is value
    return lambda held: compared(held, op, value)
