"""The one door (登记入口): every Record enters here, whoever brings it, one at a time or as a batch, in one transaction.

    authorise → read and check against its kind → links, correction, files → gates → store → read models and duties → outbox

What it keeps (docs/decisions/0005-the-door.md):
- A refusal stores nothing, and says everything that is wrong at once.
- The same id with the same bytes gets the first answer again; with other bytes it is refused.
- Everything that decides is asked while the files concerned are locked: of two writers only one passes a gate that only one may.
- An outside act (补登) is never refused by a gate; it needs its own permission and another person's approval, and stays marked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction

from liuhen.journal.incoming import read_all
from liuhen.journal.intake import Intake, Preview
from liuhen.journal.judging import Basis, basis
from liuhen.journal.outside import Outside
from liuhen.journal.refusing import NotTaken
from liuhen.journal.vaulted import look_up
from liuhen.journal.who import Who

MOST_IN_A_BATCH = 10_000
TRIES = 3
_turn = Lock()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the door answers (回执).

    Attributes:
        id: of the record. root: first of its chain of corrections. home: root of the file that it lies in.
        seq: number in the journal. received_at: when it was taken in, in the bureau's zone.
        again: the record was there already, with the same bytes; nothing was stored this time.
    """

    id: str
    root: str
    home: str
    seq: int
    received_at: datetime
    again: bool = field(default=False, compare=False)


def take(value: Any, *, actor: Who, now: datetime | None = None, outside: Outside | None = None) -> Receipt:
    """Take one record (登记): JSON values as its maker states them, or a Record; return the receipt.

    `now` is the door's clock (aware; the server's when not given); only a sample bureau may be told the time (G-027). Refused
    (NotTaken): R-…, V-… (what it says), A-… (who brings it), G-001 to G-006 (identity, correction, withdrawal), G-009 (too busy),
    G-011 (gates), G-012 and G-013 (files), G-014 and G-015 (outside acts); then nothing was stored. Cost: script/bench door.
    """
    return take_batch([value], actor=actor, now=now, outside=outside)[0]


def take_batch(
    values: Sequence[Any], *, actor: Who, now: datetime | None = None, outside: Outside | None = None
) -> list[Receipt]:
    """Take several records in order, all or none: the same checks, one transaction; a later one may name an earlier one.

    Refused as `take`, with the place of each finding beginning `/records/<n>`; G-018 for more than 10,000.
    """
    if len(values) > MOST_IN_A_BATCH:
        raise NotTaken("G-018", count=len(values), limit=MOST_IN_A_BATCH)
    judged_by = basis(actor.bureau)
    now = _clock(judged_by, now)
    records, findings = read_all(values, judged_by, now)
    if findings:
        raise NotTaken.because(findings)
    held = look_up(actor.bureau, records)
    for left in reversed(range(TRIES)):
        try:
            with _in_turn(), transaction.atomic():
                entries = Intake(judged_by, actor, now.astimezone(judged_by.zone), outside, held).take(records)
            return [
                Receipt(e.record.id, e.record.root, e.home, e.seq, _received(e.record.received_at), again)
                for e, again in entries
            ]
        except (IntegrityError, OperationalError) as error:
            # Two sent the same new record at once, or PostgreSQL saw two writers wait for each other: the second look decides.
            if connection.in_atomic_block or not (left and _worth_trying_again(error)):
                raise _refusal(error) from error
    raise AssertionError("unreachable")


def preview(value: Any, *, actor: Who, now: datetime | None = None) -> Preview:
    """Say what `take` would say of one record, and what it would be warned of (登记前提示). Locks nothing, stores nothing."""
    now = now or datetime.now(UTC)
    judged_by = basis(actor.bureau)
    records, findings = read_all([value], judged_by, now)
    if findings:
        return Preview(tuple(findings))
    return Intake(judged_by, actor, now.astimezone(judged_by.zone), None, look_up(actor.bureau, records)).preview(
        records[0]
    )


def _clock(judged_by: Basis, stated: datetime | None) -> datetime:
    """Return the moment of receipt: the server's, or the one stated for a sample bureau. A real bureau's is never told."""
    if stated is None:
        return datetime.now(UTC)
    if not judged_by.sample:
        raise NotTaken("G-027", bureau=judged_by.bureau)
    return stated


def _received(moment: datetime | None) -> datetime:
    assert moment is not None
    return moment


@contextmanager
def _in_turn() -> Iterator[None]:
    """Let the threads of this process write to SQLite one after the other.

    SQLite lets one write anyway; those that wait sleep and look again, and sleep longer each time. PostgreSQL queues by itself.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    seconds = connection.settings_dict["OPTIONS"].get("timeout", 30)
    if not _turn.acquire(timeout=seconds):
        raise NotTaken("G-009", seconds=seconds)
    try:
        yield
    finally:
        _turn.release()


def _worth_trying_again(error: Exception) -> bool:
    return isinstance(error, IntegrityError) or getattr(error.__cause__, "sqlstate", "") in ("40001", "40P01")


def _refusal(error: Exception) -> Exception:
    busy = "locked" in str(error) or getattr(error.__cause__, "sqlstate", "") in ("55P03", "40001", "40P01")
    return NotTaken("G-009", seconds=connection.settings_dict["OPTIONS"].get("timeout", 30)) if busy else error
