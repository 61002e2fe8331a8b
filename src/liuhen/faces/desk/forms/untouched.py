"""What a correction leaves alone (未改动的部分): taken over as the record has it, not as a form would write it anew.

A form shows less than a record holds: the id of a person, the seconds of a signature, a device among those who acted. Whoever
corrects one field says nothing about the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from liuhen.faces.desk.forms.typed import Typed, from_record
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Kind

_ACTOR = ("name", "role", "certificate")
_SIGNATURE = ("role", "name", "how", "date", "time")


def keep_untouched(json: dict[str, Any], typed: Typed, target: Record, kind: Kind, zone: ZoneInfo) -> None:
    """Put into `json`, the record as typed, every part of `target` that its form shows and nobody changed."""
    before, said = from_record(target, kind, zone), target.maker_json()

    def same(*names: str) -> bool:
        return all([v for v in typed.all(n) if v] == [v for v in before.all(n) if v] for n in names)

    if same("done.date", "done.time"):
        _take(json, said, "done_at", "precision")
        if same("until.time") and typed.one("until.date") == (before.one("until.date") or typed.one("done.date")):
            _take(json, said, "until")
    _rows(json, said, "by", typed, before, _ACTOR)
    _rows(json, said, "signatures", typed, before, _SIGNATURE, "sign")
    links = {**json.get("links", {})}
    for role, ids in said.get("links", {}).items():
        if role not in links and same(f"l.{role}"):
            links[role] = ids
    if links:
        json["links"] = links
    content, old = {**json.get("content", {})}, said.get("content", {})
    for field in kind.fields.values():
        name = f"c.{field.id}"
        parts = {
            "moment": ("date", "time"),
            "persons": _ACTOR[:1] + ("role", "certificate"),
            "segments": ("from", "until"),
        }
        if same(*(f"{name}.{p}" for p in parts[field.type]) if field.type in parts else (name,)):
            _take(content, old, field.id)
    if content:
        json["content"] = content
    if [(f["sha256"], f.get("role")) for f in json.get("files", ())] == [(f.sha256, f.role) for f in target.files]:
        _take(json, said, "files")


def _take(into: dict[str, Any], said: dict[str, Any], *parts: str) -> None:
    for part in parts:
        if part in said:
            into[part] = said[part]
        else:
            into.pop(part, None)


def _rows(
    json: dict[str, Any],
    said: dict[str, Any],
    part: str,
    typed: Typed,
    before: Typed,
    columns: Sequence[str],
    name: str = "",
) -> None:
    """Take over each row that stands as it stood; those without a name show no row, and stay."""
    held = said.get(part, [])
    was = [(before.row(name or part, columns, n), n) for n in range(len(held))]
    shown = [r for r in typed.rows(name or part, columns) if r["name"] or r.get("date")]
    made = json.get(part, [])
    if len(made) != len(shown):
        return  # what could not be read is said by its own finding
    out = []
    for row, new in zip(shown, made, strict=True):
        n = next((n for old, n in was if old == row), None)
        out.append(held[n] if n is not None else new)
    unnamed = [held[n] for old, n in was if not (old["name"] or old.get("date"))]
    if out or unnamed:
        json[part] = out + unnamed
