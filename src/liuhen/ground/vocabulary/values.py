"""Values of fields (字段取值): which JSON value each field type takes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from liuhen.ground.moments import read_date, read_moment

if TYPE_CHECKING:
    from liuhen.ground.vocabulary import FieldKind

_DECIMAL = re.compile(r"-?\d{1,15}(\.\d{1,6})?\Z")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d\Z")
_HEX64 = re.compile(r"[0-9a-f]{64}\Z")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a value: a code of the vocabulary's findings and its fields."""

    code: str
    fields: dict[str, object] = field(default_factory=dict)


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _whole(value: Any) -> bool:
    return type(value) is int and -(2**53) < value < 2**53


def _moment(value: Any) -> bool:
    found = read_moment(value) if isinstance(value, str) else None
    return found is not None and found.tzinfo is not None


def _persons(value: Any) -> bool:
    known = {"name", "role", "certificate", "id", "present"}
    return isinstance(value, list) and all(
        isinstance(p, dict) and set(p) <= known and p.get("name") and all(isinstance(v, str) for v in p.values())
        for p in value
    )


def _segments(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(s, dict) and set(s) == {"from", "until"} and _moment(s["from"]) and _moment(s["until"])
        for s in value
    )


FIELD_TYPES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "text": (_text, "文字 text"),
    "long_text": (_text, "文字 text"),
    "integer": (_whole, "整数 a whole number"),
    "amount": (lambda v: _whole(v) and v >= 0, "不小于零、以分计的整数 whole fen, not below zero"),
    "decimal": (lambda v: isinstance(v, str) and bool(_DECIMAL.match(v)), '小数 such as "12.50"'),
    "boolean": (lambda v: isinstance(v, bool), "是或否 true or false"),
    "date": (lambda v: isinstance(v, str) and read_date(v) is not None, "2026-03-06"),
    "moment": (_moment, "2026-03-06T09:00:00+08:00"),
    "time": (lambda v: isinstance(v, str) and bool(_TIME.match(v)), "09:30"),
    "choice": (_text, "所列各项之一 one of the list"),
    "choices": (lambda v: isinstance(v, list) and all(map(_text, v)), "所列各项 some of the list"),
    "texts": (lambda v: isinstance(v, list) and all(map(_text, v)), "文字列表 a list of text"),
    "persons": (_persons, "人员列表 a list of persons"),
    "digest": (lambda v: isinstance(v, str) and bool(_HEX64.match(v)), "64 位十六进制 64 hex digits"),
    "record": (lambda v: isinstance(v, str) and bool(_UUID.match(v)), "记录编号 a record's id"),
    "segments": (_segments, "分段 a list of {from, until}"),
}


def check_value(kind: FieldKind, value: Any) -> Wrong | None:
    """Return what is wrong with `value` for this field, or None. V-005 wrong type, V-006 not in the list, V-012 too long."""
    fits, wanted = FIELD_TYPES[kind.type]
    if not fits(value):
        return Wrong("V-005", {"wanted": wanted})
    if kind.values:
        for item in value if isinstance(value, list) else [value]:
            if item not in kind.values:
                return Wrong("V-006", {"value": item})
    if isinstance(value, str) and len(value) > kind.max:
        return Wrong("V-012", {"length": len(value), "max": kind.max})
    return None
