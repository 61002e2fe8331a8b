"""What was typed into a form (所填内容): names and texts, kept as they came so that nothing typed is ever lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from liuhen.faces.desk.forms.amount import yuan_of
from liuhen.ground.moments import read_moment
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Kind


class Typed:
    """Texts by input name (所填内容); several where an input repeats."""

    __slots__ = ("_held",)

    def __init__(self, held: Mapping[str, Sequence[str]]) -> None:
        self._held = {name: [v.replace("\r\n", "\n").strip() for v in values] for name, values in held.items()}

    def one(self, name: str) -> str:
        """The last text of an input, empty when there is none."""
        values = self._held.get(name)
        return values[-1] if values else ""

    def all(self, name: str) -> list[str]:
        """Every text of an input, in order."""
        return self._held.get(name, [])

    def has(self, name: str) -> bool:
        """Whether the form sent that input at all."""
        return name in self._held

    def row(self, name: str, parts: Iterable[str], n: int) -> dict[str, str]:
        """The `n`th row of a field that repeats, empty parts included."""
        return {part: column[n] if n < len(column) else "" for part in parts for column in [self.all(f"{name}.{part}")]}

    def rows(self, name: str, parts: Iterable[str]) -> list[dict[str, str]]:
        """The rows of a field that repeats: `name.part` lists put side by side, empty rows left out."""
        columns = {part: self.all(f"{name}.{part}") for part in parts}
        count = max((len(c) for c in columns.values()), default=0)
        out = []
        for i in range(count):
            row = {part: column[i] if i < len(column) else "" for part, column in columns.items()}
            if any(row.values()):
                out.append(row)
        return out


def from_record(record: Record, kind: Kind, zone: ZoneInfo) -> Typed:
    """Return a record as if it had been typed: the start of a correction."""
    held: dict[str, list[str]] = {}
    _put_moment(held, "done", record.done_at, record.precision)
    if record.until is not None:
        _put_moment(held, "until", record.until, record.precision)
    for role, ids in record.links.items():
        held[f"l.{role}"] = list(ids)
    for actor in record.by:
        _row(held, "by", {"name": actor.name, "role": actor.role, "certificate": actor.certificate})
    for s in record.signatures:
        local = s.signed_at.astimezone(zone) if s.signed_at else None
        _row(
            held,
            "sign",
            {
                "role": s.role,
                "name": s.name,
                "how": s.how,
                "date": local.strftime("%Y-%m-%d") if local else "",
                "time": local.strftime("%H:%M") if local else "",
            },
        )
    for id, value in record.content.items():
        field = kind.fields.get(id)
        if field is not None and value is not None:
            _put_value(held, f"c.{id}", field.type, value, zone)
    return Typed(held)


def _put_moment(held: dict[str, list[str]], name: str, moment: datetime, precision: str) -> None:
    held[f"{name}.date"] = [moment.strftime("%Y-%m-%d")]
    if precision != "day":
        held[f"{name}.time"] = [moment.strftime("%H:%M:%S" if moment.second else "%H:%M")]


def _row(held: dict[str, list[str]], name: str, parts: Mapping[str, str]) -> None:
    for part, value in parts.items():
        held.setdefault(f"{name}.{part}", []).append(value)


def _put_value(held: dict[str, list[str]], name: str, type_: str, value: Any, zone: ZoneInfo) -> None:
    match type_:
        case "boolean":
            held[name] = ["yes" if value else "no"]
        case "amount":
            held[name] = [yuan_of(value) if isinstance(value, int) else str(value)]
        case "choices":
            held[name] = [str(v) for v in value]
        case "texts":
            held[name] = ["\n".join(map(str, value))]
        case "moment":
            moment = read_moment(str(value))
            if moment is not None and moment.tzinfo is not None:
                _put_moment(held, name, moment.astimezone(zone), "second")
        case "persons":
            for person in value:
                _row(held, name, {k: str(person.get(k, "")) for k in ("name", "role", "certificate")})
        case "segments":
            for segment in value:
                parts = {}
                for part in ("from", "until"):
                    moment = read_moment(str(segment.get(part)))
                    parts[part] = (
                        moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S") if moment and moment.tzinfo else ""
                    )
                _row(held, name, parts)
        case _:
            held[name] = [str(value)]
