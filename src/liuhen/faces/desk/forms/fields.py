"""The fields of a form (表单字段): what is asked for a kind of record, as the template draws it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from liuhen.faces.desk.cases.duties import CiteShown
from liuhen.faces.desk.forms.amount import fen_of, in_capitals
from liuhen.faces.desk.forms.typed import Typed
from liuhen.ground.vocabulary import FieldKind
from liuhen.ground.words import Language, Words

_WIDE = frozenset({"long_text", "persons", "texts", "segments", "choices", "digest"})
_SPARE_ROWS = 1


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose (选项)."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a field that repeats (行): its parts by name."""

    parts: Mapping[str, str]
    options: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """One field of the form (字段).

    Attributes:
        name: of the input. type: which widget. label, hint, unit: words. width: columns of six.
        values: what was typed, by part. laws: the articles that ask for it. wrong: what is wrong with it.
    """

    name: str
    type: str
    label: str
    width: int
    values: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    rows: tuple[Row, ...] = ()
    unit: str = ""
    hint: str = ""
    required: bool = False
    max: int = 0
    laws: tuple[CiteShown, ...] = ()
    wrong: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        """The id of its input."""
        return "f-" + self.name.partition(".")[2].replace(".", "-")


def field_shown(kind: FieldKind, typed: Typed, language: Language, unit: str, records: Sequence[Choice] = ()) -> Shown:
    """Return a field of a kind as the form shows it, with what was typed."""
    name = f"c.{kind.id}"
    label = kind.words.in_(language)
    shown = Shown(
        name, kind.type, label, 6 if kind.type in _WIDE else 2, unit=unit, required=kind.required, max=kind.max
    )
    match kind.type:
        case "text":
            # What may be long gets room: the vocabulary says how long.
            return replace(shown, width=2 if kind.max <= 60 else 3, values={"": typed.one(name)})
        case "choice":
            return replace(shown, choices=_choices(kind.values, {typed.one(name)}, language), width=2)
        case "choices":
            return replace(shown, choices=_choices(kind.values, set(typed.all(name)), language))
        case "boolean":
            return replace(shown, values={"": typed.one(name)})
        case "amount":
            fen = fen_of(typed.one(name))
            return replace(
                shown, values={"": typed.one(name), "capitals": in_capitals(fen) if fen is not None else ""}, width=3
            )
        case "moment":
            return replace(
                shown, values={"date": typed.one(f"{name}.date"), "time": typed.one(f"{name}.time")}, width=3
            )
        case "persons":
            return replace(shown, rows=_rows(typed, name, ("name", "role", "certificate")))
        case "segments":
            return replace(shown, rows=_rows(typed, name, ("from", "until")))
        case "record":
            chosen = typed.one(name)
            return replace(shown, choices=tuple(replace(c, chosen=c.value == chosen) for c in records), width=3)
    return replace(shown, values={"": typed.one(name)})


def _choices(values: Mapping[str, Words], chosen: set[str], language: Language) -> tuple[Choice, ...]:
    return tuple(Choice(v, w.in_(language), v in chosen) for v, w in values.items())


def _rows(typed: Typed, name: str, parts: Iterable[str]) -> tuple[Row, ...]:
    listed = list(parts)
    held = typed.rows(name, listed)
    empty: dict[str, str] = dict.fromkeys(listed, "")
    return tuple(Row(r) for r in [*held, *([empty] * (_SPARE_ROWS if held else 2))])


def plain(value: Any) -> str:
    """Return a value as a person reads it in a table cell; for lists the parts with 、 between."""
    if isinstance(value, list):
        return "、".join(plain(v) for v in value)
    if isinstance(value, dict):
        return " ".join(str(v) for v in value.values() if v)
    return "" if value is None else str(value)
