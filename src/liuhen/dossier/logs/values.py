"""Texts of a log as values of fields (取值换算): by the field's own type and unit, or refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from liuhen.dossier.logs.events import InvalidLog
from liuhen.ground.vocabulary import FieldKind, check_value

Convert = Callable[[str], Any]
"""Turns a text into the field's value; ValueError, saying what is wanted, for one that it can't be."""

_TRUE = frozenset({"true", "yes", "1", "是", "有"})
_FALSE = frozenset({"false", "no", "0", "否", "无"})
_UNTOLD = frozenset({"persons", "digest", "record", "segments"})


def converter(kind: FieldKind, unit: str, values: Mapping[str, Any], split: str, at: str) -> Convert:
    """Return how the texts of a log become values of this field.

    Args:
        unit: that of the log's numbers: the field's own, or `yuan` where the field is kept in fen. values: text of the log → text
            that stands for it. split: what separates the items of a list.

    Refused: E-025 a number without its unit or in one that is not converted, E-027 a type that no text can say.
    """
    if kind.type in _UNTOLD:
        raise InvalidLog("E-027", at, field=kind.words, type=kind.type)
    kept = "fen" if kind.type == "amount" else kind.unit
    if kept not in ("", "none") or unit:
        taken = {kept, "yuan"} if kept == "fen" else {kept}
        if unit not in taken:
            raise InvalidLog("E-025", at, field=kind.words, unit=unit or "–", wanted=kept or "–")
    bare = _bare(kind, 100 if unit == "yuan" else 1)
    meant = {text: "yes" if v is True else "no" if v is False else str(v) for text, v in values.items()}

    @lru_cache(maxsize=2048)
    def read(text: str) -> Any:
        if kind.type in ("choices", "texts"):
            parts = [p.strip() for p in text.split(split)] if split else [text]
            value: Any = [meant.get(p, p) for p in parts if p]
        else:
            value = bare(meant.get(text, text))
        if wrong := check_value(kind, value):
            raise ValueError(str(wrong.fields.get("wanted") or " | ".join(kind.values) or wrong.fields.get("max")))
        return value

    return read


def _bare(kind: FieldKind, times: int) -> Convert:
    if kind.type in ("integer", "amount"):
        return lambda text: _whole(text, times)
    if kind.type == "decimal":
        return lambda text: format(_number(text), "f")
    if kind.type == "boolean":
        return _truth
    if kind.type == "date":
        return lambda text: text[:10] if text[10:11] in ("T", " ") else text
    return lambda text: text


def _number(text: str) -> Decimal:
    try:
        found = Decimal(text.strip())
    except InvalidOperation as error:
        raise ValueError("a number 12.50") from error
    if not found.is_finite() or abs(found) > 10**15:
        raise ValueError("a number 12.50")
    return found


def _whole(text: str, times: int) -> int:
    found = _number(text) * times
    if found != int(found):
        # Nothing is rounded: a third of a fen is a mistake of the source.
        raise ValueError("a whole number of its unit")
    return int(found)


def _truth(text: str) -> bool:
    told = text.strip().lower()
    if told in _TRUE or told in _FALSE:
        return told in _TRUE
    raise ValueError("yes | no")
