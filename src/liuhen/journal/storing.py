"""Writing what the door takes in (入库): the record's row, its files, its entries for the Ledger; in the door's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from liuhen.engines.ledger.leaf import FileLeaf, RecordLeaf
from liuhen.ground.moments import instant
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Kind
from liuhen.journal import envelope, keys
from liuhen.journal.filed import Entry
from liuhen.journal.models import AlsoInRow, FileRow, LeafRow, RecordRow


@dataclass(frozen=True, slots=True)
class Taking:
    """One record on its way in (待登记录).

    Attributes:
        record: completed by the door. homes: its files, home first. actor: person id of who brings it.
        door: what the door says beside the record. sm3: of each file, as the vault holds it.
    """

    record: Record
    kind: Kind
    homes: tuple[str, ...]
    actor: str
    outside: bool
    door: Mapping[str, Any]
    sm3: tuple[str, ...] = ()


def completed(record: Record, root: str, now: datetime) -> Record:
    """Return the record with what the door gives: `received_at` in the bureau's zone, the root of its chain of corrections."""
    return replace(record, received_at=now, root=root)


def store(taking: Taking, known_keys: dict[str, AESGCM]) -> Entry:
    """Write one record; `known_keys` are those of the files of this transaction, and grow by the key of a new file."""
    record, home = taking.record, taking.homes[0]
    stored = envelope.enclose(record, taking.kind, taking.door)
    sealed = b""
    if stored.personal:
        if home not in known_keys:
            known_keys[home] = keys.key_of(home) or keys.make_key(home, record.bureau)
        sealed = keys.encrypt(known_keys[home], record.id, stored.personal)
    row = RecordRow.objects.create(
        id=record.id,
        bureau=record.bureau,
        kind=record.kind,
        kind_version=record.kind_version,
        home=home,
        root=record.root,
        corrects=record.corrects,
        done=record.instant,
        until=None if record.until is None else instant(record.until),
        day=record.day,
        received=record.received,
        outside=taking.outside,
        actor=taking.actor,
        open=stored.open,
        personal=sealed,
        salt=stored.salt,
        digest=stored.digest,
    )
    if len(taking.homes) > 1:
        also = [AlsoInRow(bureau=record.bureau, home=h, seq=row.seq) for h in taking.homes[1:]]
        AlsoInRow.objects.bulk_create(also)
    if record.files:
        FileRow.objects.bulk_create(_file_rows(taking))
    LeafRow.objects.bulk_create(_leaves(taking, stored))
    return Entry(row.seq, home, taking.actor, taking.outside, record)


def _file_rows(taking: Taking) -> Sequence[FileRow]:
    record = taking.record
    return [
        FileRow(
            bureau=record.bureau,
            record=record.id,
            home=taking.homes[0],
            position=n,
            sha256=file.sha256,
            sm3=taking.sm3[n],
            bytes=file.bytes,
            role=file.role,
            media_type=file.media_type,
        )
        for n, file in enumerate(record.files)
    ]


def _leaves(taking: Taking, stored: envelope.Envelope) -> Sequence[LeafRow]:
    record = taking.record
    entries = [("record", record.id, RecordLeaf(record.id, stored.open, stored.salt).entry())]
    for n, file in enumerate(record.files):
        leaf = FileLeaf(record.id, n, file.sha256, taking.sm3[n], file.bytes, stored.salt)
        entries.append(("file", f"{record.id}/{n}", leaf.entry()))
    return [
        LeafRow(bureau=record.bureau, sort=sort, ref=ref, entry=entry.decode("ascii"), queued=record.received)
        for sort, ref, entry in entries
    ]
