"""Comparing field values in relations (字段比较): the same answers as `predicates.compared`, on values written as JSON."""

from __future__ import annotations

import decimal
from typing import Any

import ibis
from ibis.expr.types import BooleanValue, Value

from liuhen.engines.rulebook.bulk.known import NotCarried
from liuhen.engines.rulebook.bulk.rows import text_of
from liuhen.engines.rulebook.predicates import number_in

NULL_BOOL = ibis.null("boolean")
_BLANK = (
    r'^"(\s|\\[tnrfv]|\\u00(0[9a-d]|1[c-f]|85|a0)|'
    "[\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000])*"
    r'"$'
)
_ASCII_NUMBER = r"^-?[0-9]{1,15}(\.[0-9]{1,6})?$"


# Declarations: Ibis reads name and types and writes a call; no body ever runs. Each engine has functions of these names
# (`duck.py`, the journal's `audit_engine.py`).


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def text_at(value: str, path: str) -> str:
    """The text that a JSON string writes at a path (`$`, `$.name`)."""
    raise NotImplementedError


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def fields_of(content: str, paths: list[str]) -> list[str]:
    """The values at several paths, each as JSON."""
    raise NotImplementedError


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def elements_of(value: str) -> list[str]:
    """The elements of a list, each as JSON."""
    raise NotImplementedError


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def day_read(value: str) -> int:
    """The days since 1970 of a date; null for one that does not exist."""
    raise NotImplementedError


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def moment_read(value: str) -> int:
    """The microseconds since 1970 of a moment with its offset; null for one that does not exist."""
    raise NotImplementedError


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def number_read(value: str) -> decimal.Decimal:
    """The number that a text writes."""
    raise NotImplementedError


def text(value: Value) -> Value:
    """Return the text of a JSON string; null for a value of another type."""
    return ibis.cases(
        (
            value[0:1] == '"',
            ibis.cases((value.contains("\\"), text_at(value, "$")), else_=value[1 : value.length() - 1]),
        )
    )


def empty(value: Value) -> BooleanValue:
    """Whether a field says nothing: never filled, or blank."""
    blank = value.isin(['""', "[]"]) | (
        (value[0:1] == '"') & (value[1:2].re_search(r"[^\w]")) & value.re_search(_BLANK)
    )
    return value.isnull() | ibis.coalesce(blank, False)


def number(value: Value) -> Value:
    """Return a number, or a text that writes one, as a decimal; null for anything else."""
    bare = ibis.cases((value[0:1] == '"', value[1 : value.length() - 1]), else_=value)
    fits = bare.re_search(_ASCII_NUMBER) | ((value[0:1] != '"') & value.re_search(r"^-?[0-9]{1,18}$"))
    return ibis.cases((fits, number_read(bare).cast("decimal(38, 6)")))


def compared(held: Value, op: str, value: Any) -> BooleanValue:
    """Compare a field with a plain value; null when the field was never answered."""
    if op == "filled":
        return ~empty(held) if value else empty(held)
    listed = held[0:1] == "["
    if op in ("is", "is_not", "one_of", "contains"):
        values = value if op == "one_of" else (value,)
        within = _any(_holds(held, v) for v in values)
        plain = held.isin([text_of(v) for v in values])
        if op == "contains":
            plain = ibis.cases((held[0:1] == '"', text(held).contains(str(value))))
        answer = ibis.cases((listed, within), else_=plain)
        if op == "is_not":
            answer = ~answer
    else:
        answer = _ordered(held, op, value)
    return ibis.cases((held.isnull() | (held == '""'), NULL_BOOL), else_=answer)


def against(held: Value, op: str, other: Value, times: int) -> BooleanValue:
    """Compare one field with another one, times a number; null when either was never answered."""
    if times != 1:
        a, b = number(held), number(other) * times
        answer = (
            ibis.cases(
                (b.isnull(), NULL_BOOL),
                else_=ibis.coalesce(a == b, False) if op == "is" else ~ibis.coalesce(a == b, False),
            )
            if op in ("is", "is_not")
            else _op(a, op, b)
        )
    elif op in ("is", "is_not"):
        answer = (held == other) if op == "is" else (held != other)
    else:
        raise NotCarried("two fields in their order")
    return ibis.cases((empty(held) | empty(other), NULL_BOOL), else_=answer)


def _any(answers: Any) -> BooleanValue:
    found = list(answers)
    out = found[0]
    for one in found[1:]:
        out = out | one
    return out


def _holds(listed: Value, value: Any) -> BooleanValue:
    """Whether a list, written as JSON, has an element: a quote inside a text is escaped, so nothing else reads like it."""
    one = text_of(value)
    if isinstance(value, str):
        return listed.contains("[" + one) | listed.contains("," + one)
    return (
        listed.isin([f"[{one}]"])
        | listed.startswith(f"[{one},")
        | listed.endswith(f",{one}]")
        | listed.contains(f",{one},")
    )


def _ordered(held: Value, op: str, value: Any) -> BooleanValue:
    plain = number_in(value)
    if plain is not None:
        return _op(number(held), op, ibis.literal(plain, "decimal(38, 6)"))
    raise NotCarried("dates and texts in their order")


def _op(a: Value, op: str, b: Value) -> BooleanValue:
    return {"at_least": a >= b, "at_most": a <= b, "more_than": a > b, "less_than": a < b}[op]
