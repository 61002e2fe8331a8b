"""Making the files of the sample records (附件制作): papers set, clips encoded, put into the vault, digests filled in."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

from liuhen.engines.vault.local import StoredFile
from liuhen.ground.vocabulary import Kind, Vocabulary
from liuhen.journal.vaulted import take_in
from liuhen.rooms.samples.clips import Clip, made
from liuhen.rooms.samples.filling import DigestOf
from liuhen.rooms.samples.papers import layout, printed
from liuhen.rooms.samples.unfolding import Told

_AT_ONCE = 2
_PAPER_ROLES = ("scan", "document", "draft")


def attach(records: Sequence[Told], vocabulary: Vocabulary, typeface: Path) -> dict[str, list[dict[str, Any]]]:
    """Make every file that `records` name and put it into the vault; return what each record (by id) says of its files.

    Cost: most of what the sample data cost, some twenty seconds; encoding releases the interpreter, so two run at once.
    """
    films = [(told, n, _clip(told, n, said)) for told in records for n, said in enumerate(told.clips)]
    out: dict[str, list[dict[str, Any]]] = {}
    with ThreadPoolExecutor(_AT_ONCE) as hands:
        # Handed on in order; the vault's own table is written by this thread alone.
        for (told, n, clip), data in zip(films, hands.map(lambda film: made(film[2], typeface), films), strict=True):
            name = f"{clip.device}_{clip.taken:%Y%m%d_%H%M}_{n + 1}.{clip.suffix}"
            said = _file(_stored(told, data), name, "recording", clip.media_type)
            out.setdefault(told.json["id"], []).append(said)
    for told in records:
        if told.paper is not None:
            kind = vocabulary.kinds[told.json["kind"]]
            data = printed(layout(told.json, kind, vocabulary, told.paper, told.facts), typeface, told.received)
            name = f"{told.paper.get('title', kind.words.zh)}.pdf"
            said = _file(_stored(told, data), name, _role(kind), "application/pdf")
            out.setdefault(told.json["id"], []).append(said)
    return out


def completed(told: Told, files: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Return a record with its files, and with the digests of files that it names in its content."""
    record: dict[str, Any] = _known(told.json, files)
    if told.json["id"] in files:
        record["files"] = files[told.json["id"]]
    return record


def _known(value: Any, files: Mapping[str, list[dict[str, Any]]]) -> Any:
    if isinstance(value, DigestOf):
        return files[value.record][0]["sha256"]
    if isinstance(value, Mapping):
        return {key: _known(item, files) for key, item in value.items()}
    if isinstance(value, list):
        return [_known(item, files) for item in value]
    return value


def _clip(told: Told, n: int, said: Mapping[str, Any]) -> Clip:
    sort = "photo" if said.get("photo") else "audio" if said.get("audio") else "video"
    number = str(told.facts.get("number", told.story))
    seed = f"{number} {told.facts.get('place', '')} {n + 1}".strip()
    taken = datetime.fromisoformat(told.json["done_at"])
    device = str(told.json["content"]["device"])
    return Clip(sort, said.get("scene", ""), seed, taken, device, int(said.get("seconds", 6)))


def _stored(told: Told, data: bytes) -> StoredFile:
    return take_in(told.json["bureau"], io.BytesIO(data), expect_bytes=len(data))


def _file(stored: StoredFile, name: str, role: str, media_type: str) -> dict[str, Any]:
    return {
        "sha256": stored.sha256,
        "sm3": stored.sm3,
        "bytes": stored.bytes,
        "name": name,
        "role": role,
        "media_type": media_type,
    }


def _role(kind: Kind) -> str:
    return next((role for role in _PAPER_ROLES if role in kind.file_roles), "attachment")
