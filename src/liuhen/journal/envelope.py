"""The stored form of a Record (记录的存储形式): an open part whose digest goes into the Ledger, and a personal part under a key.

    open      canonical {"door": {…}, "personal": digest of the personal part or "", "record": the record without it}
    personal  canonical overlay of the same shape: names of persons and files, fields that the vocabulary calls personal
    digest    SHA-256(salt || open)                     the leaf's digest
    personal digest    SHA-256(its own salt || personal)    that salt lies encrypted beside the content it covers

While the key is there the whole record is rebuilt and every byte checked; once the key is destroyed the open part still gives
the same digest, and nobody can test a guess of the personal part. Source: docs/decisions/0002-the-record.md. No database here.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from liuhen.ground.canonical import SALT_BYTES, canonical, salted_digest
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Kind

DESTROYED = "（已依法销毁）"
_ACTOR_OPEN = frozenset({"role", "type"})
_SIGNATURE_OPEN = frozenset({"role", "how", "signed_at"})


@dataclass(frozen=True, slots=True)
class Envelope:
    """A record ready to be stored (待存记录): see the module; `personal` is not encrypted yet and begins with its salt."""

    open: bytes
    personal: bytes
    salt: bytes
    digest: str


def enclose(record: Record, kind: Kind, door: Mapping[str, Any]) -> Envelope:
    """Return the stored form of a record that the door has completed; `door` is what else the door says of it."""
    open_part, overlay = split(record.as_json(), kind)
    personal, held = b"", ""
    if overlay:
        own_salt = os.urandom(SALT_BYTES)
        text = canonical(overlay)
        held = salted_digest(own_salt, text)
        personal = own_salt + text
    salt = os.urandom(SALT_BYTES)
    whole = canonical({"door": dict(door), "personal": held, "record": open_part})
    return Envelope(whole, personal, salt, salted_digest(salt, whole))


def split(whole: Mapping[str, Any], kind: Kind) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the open part and the overlay of a record's JSON; `joined` puts them together again."""
    open_part = dict(whole)
    overlay: dict[str, Any] = {}
    for part, kept in (("by", _ACTOR_OPEN), ("signatures", _SIGNATURE_OPEN)):
        if part in whole:
            _split_list(part, whole[part], lambda item, kept=kept: _kept(item, kept), open_part, overlay)
    if "files" in whole:
        _split_list("files", whole["files"], lambda item: set(item) - {"name"}, open_part, overlay)
    if "entered_by" in whole:
        _split_list("entered_by", [whole["entered_by"]], lambda item: _kept(item, _ACTOR_OPEN), open_part, overlay)
    content = whole.get("content")
    if content:
        personal = {k: v for k, v in content.items() if _is_personal(kind, k)}
        if personal:
            overlay["content"] = personal
            open_part["content"] = {k: v for k, v in content.items() if k not in personal}
    return open_part, overlay


def joined(open_part: Mapping[str, Any], overlay: Mapping[str, Any]) -> dict[str, Any]:
    """Return the whole record's JSON from its two parts."""
    whole = dict(open_part)
    for part in ("by", "signatures", "files", "entered_by"):
        if part in whole and part in overlay:
            whole[part] = [{**seen, **more} for seen, more in zip(whole[part], overlay[part], strict=True)]
        if part == "entered_by" and part in whole:
            whole[part] = whole[part][0]
    if "content" in overlay:
        whole["content"] = {**whole.get("content", {}), **overlay["content"]}
    if whole.get("content") == {}:
        del whole["content"]
    return whole


def without_content(open_part: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record's JSON after its personal part was destroyed: a record still, its names replaced by 已依法销毁."""
    whole = joined(open_part, {})
    whole["files"] = [{**file, "name": DESTROYED} for file in whole.get("files", ())]
    if not whole["files"]:
        del whole["files"]
    return whole


def opened(open_bytes: bytes) -> dict[str, Any]:
    """Return `{"door", "personal", "record"}` as stored."""
    found: dict[str, Any] = json.loads(open_bytes)
    return found


def overlay_of(personal: bytes) -> dict[str, Any]:
    """Return the overlay from decrypted personal bytes."""
    found: dict[str, Any] = json.loads(personal[SALT_BYTES:])
    return found


def personal_digest(personal: bytes) -> str:
    """Return the digest of decrypted personal bytes, to be held against the one in the open part."""
    return salted_digest(personal[:SALT_BYTES], personal[SALT_BYTES:])


def _is_personal(kind: Kind, field: str) -> bool:
    known = kind.fields.get(field)
    # Lists of persons are names whatever the vocabulary says; a field that it does not know can't be judged and is held back.
    return known is None or known.personal or known.type == "persons"


def _kept(item: Mapping[str, Any], kept: frozenset[str]) -> set[str]:
    # A device and the system itself are nobody: their names stay open.
    return set(item) if item.get("type", "person") != "person" else set(item) & kept


def _split_list(
    part: str, items: list[dict[str, Any]], keep: Any, open_part: dict[str, Any], overlay: dict[str, Any]
) -> None:
    kept = [keep(item) for item in items]
    open_part[part] = [{k: v for k, v in item.items() if k in names} for item, names in zip(items, kept, strict=True)]
    rest = [{k: v for k, v in item.items() if k not in names} for item, names in zip(items, kept, strict=True)]
    if any(rest):
        overlay[part] = rest
