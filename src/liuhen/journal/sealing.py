"""Sealing (封存): entries that wait in the outbox become leaves of the bureau's tree, in the order in which they came.

The log on disk is written first, the places in the database after it. A crash in between leaves entries in the log that the
database still calls 待封; the next sealing sees them there and only notes their places. Nothing is ever sealed twice.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Max, Min

from liuhen.engines.ledger.checkpoint import claimed_checkpoint
from liuhen.engines.ledger.keys import Signer, load_key
from liuhen.engines.ledger.leaf import subject_of
from liuhen.engines.ledger.log import Log
from liuhen.engines.ledger.store import CHECKPOINT, DiskTiles
from liuhen.ground.errors import Refused
from liuhen.ground.moments import Instant
from liuhen.journal import folders
from liuhen.journal.models import CheckpointRow, LeafRow

AT_ONCE = 50_000


class LedgerApart(Refused):
    """The log on disk and the database no longer fit together (存证记录与数据库不一致). G-021, G-022."""


class Waiting(NamedTuple):
    """What waits for its seal (待封): how many entries, at most `AT_ONCE` counted, and since when the oldest (instant)."""

    number: int
    since: Instant | None


def waiting(bureau: str) -> Waiting:
    """Return what waits; costs as much as there is."""
    rows = LeafRow.objects.filter(bureau=bureau, place__isnull=True)
    oldest = rows.aggregate(since=Min("queued"))["since"]
    return Waiting(rows[:AT_ONCE].count() if oldest is not None else 0, oldest)


def seal(bureau: str, now: Instant) -> int:
    """Seal everything that waits; return how many entries.

    Refused: G-021 the log is shorter than the database says (it was rolled back), G-022 it holds an entry that the database
    does not know (the database was), L-… as `Log` says.
    """
    signer = load_key(folders.ledger_key(bureau))
    with Log(folders.ledger(bureau), signer) as log:
        _note_what_is_there(log, bureau, now)
        count = 0
        while rows := _next(bureau):
            sealed = log.append([entry.encode("ascii") for _, entry in rows], at=log.size)
            with transaction.atomic():
                _set_places([(seq, sealed.first + n) for n, (seq, _) in enumerate(rows)], now)
                _keep_checkpoint(bureau, sealed.note, now)
            count += len(rows)
        return count


def open_log(bureau: str) -> None:
    """Make the empty log of a new bureau, unless there is one."""
    folder = folders.ledger(bureau)
    if not (folder / CHECKPOINT).exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        Log.create(folder, load_key(folders.ledger_key(bureau)))


def signer_of(bureau: str) -> Signer:
    """Return the signer of a bureau's checkpoints; its `verifier` is what others are given. Refused: L-021, L-022."""
    return load_key(folders.ledger_key(bureau))


def _next(bureau: str) -> Sequence[tuple[int, str]]:
    rows = LeafRow.objects.filter(bureau=bureau, place__isnull=True).order_by("seq")
    return list(rows.values_list("seq", "entry")[:AT_ONCE])


def _note_what_is_there(log: Log, bureau: str, now: Instant) -> None:
    last = LeafRow.objects.filter(bureau=bureau).aggregate(last=Max("place"))["last"]
    known = 0 if last is None else last + 1
    if log.size < known:
        raise LedgerApart("G-021", size=log.size, known=known)
    if log.size == known:
        return
    places = []
    for place, entry in enumerate(log.entries(known, log.size), known):
        subject = subject_of(entry)
        ref = {"file": "/", "looks": "-"}.get(subject.kind, "").join(subject.names)
        row = LeafRow.objects.filter(bureau=bureau, sort=subject.kind, ref=ref, place__isnull=True).first()
        if row is None or row.entry.encode("ascii") != entry:
            raise LedgerApart("G-022", number=place, subject=subject.said())
        places.append((row.seq, place))
    with transaction.atomic():
        _set_places(places, now)
        _keep_checkpoint(bureau, DiskTiles(log.folder).get(CHECKPOINT) or b"", now)


def _set_places(places: Sequence[tuple[int, int]], now: Instant) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE journal_leaf SET place = %s, sealed = %s WHERE seq = %s",
            [(place, now, seq) for seq, place in places],
        )


def _keep_checkpoint(bureau: str, note: bytes, now: Instant) -> None:
    head = claimed_checkpoint(note)
    CheckpointRow.objects.get_or_create(
        bureau=bureau,
        size=head.size,
        defaults={"root": base64.b64encode(head.root).decode(), "note": note.decode(), "made": now},
    )
