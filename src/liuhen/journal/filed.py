"""A file as the journal holds it (卷): its records decoded, kept between requests, and read on from where it was left.

Whoever writes holds the lock of the `CaseRow`, so the records of one file are committed in the order of their numbers: what was
read up to a number stays right, and only later ones are fetched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction
from django.db.models import Q

from liuhen.ground.case import Case
from liuhen.ground.record import Record, read_record
from liuhen.journal import envelope, keys
from liuhen.journal.models import AlsoInRow, CaseRow, RecordRow
from liuhen.journal.recent import Recent

COLUMNS = ("seq", "id", "home", "actor", "outside", "open", "personal")


@dataclass(frozen=True, slots=True)
class Entry:
    """One record as the journal holds it (在卷记录): its number, its home, who brought it, whether it is an outside act."""

    seq: int
    home: str
    actor: str
    outside: bool
    record: Record


@dataclass(frozen=True, slots=True)
class Filed:
    """The records of one file (卷内记录), in the order received; `last` is the number of the last one, 0 when empty."""

    root: str
    entries: tuple[Entry, ...] = ()
    last: int = 0
    destroyed: bool = False
    _by_id: dict[str, Entry] = field(default_factory=dict)

    @property
    def case(self) -> Case:
        """The records as the engines take them."""
        return Case(tuple(entry.record for entry in self.entries))

    def entry(self, id: str) -> Entry | None:
        """Return the entry with this record id, or None."""
        if len(self._by_id) != len(self.entries):
            self._by_id.update({e.record.id: e for e in self.entries})
        return self._by_id.get(id)

    def and_also(self, entries: Sequence[Entry]) -> Filed:
        """Return the file with further entries at its end."""
        if not entries:
            return self
        return Filed(self.root, (*self.entries, *entries), entries[-1].seq, self.destroyed)


_recent: Recent[str, Filed] = Recent(40_000)


def filed(row: CaseRow, zone: ZoneInfo) -> Filed:
    """Return the file of a case row that was just read, times in the bureau's `zone`.

    Costs a query only when something came in since it was last asked.
    """
    held = _recent.get(row.root)
    if held is None or held.destroyed != row.destroyed or held.last > row.last_seq:
        held = Filed(row.root, destroyed=row.destroyed)
    if held.last < row.last_seq:
        held = held.and_also(decode(_rows(row, held.last), zone))
        remember(held)
    return held


def remember(held: Filed) -> None:
    """Keep a file for the next request, once what it holds is committed."""
    transaction.on_commit(partial(_recent.put, held.root, held, len(held.entries) + 1))


def forget(root: str) -> None:
    """Forget a file, such as one whose personal content was destroyed."""
    _recent.drop(root)


def _rows(row: CaseRow, after: int) -> list[tuple[Any, ...]]:
    which = Q(home=row.root, seq__gt=after)
    if row.shared:
        which |= Q(seq__in=list(AlsoInRow.objects.filter(home=row.root, seq__gt=after).values_list("seq", flat=True)))
    return list(RecordRow.objects.filter(which).order_by("seq").values_list(*COLUMNS))


def decode(rows: Iterable[tuple[Any, ...]], zone: ZoneInfo, known: Mapping[str, AESGCM] | None = None) -> list[Entry]:
    """Return entries from rows of `COLUMNS`; those whose key was destroyed come without their personal content.

    `known` are the keys of all files concerned, where the caller has fetched them together.

    InvalidTag (cryptography) and ValueError mean that a row was altered behind our back: `liuhen ledger verify` says which.
    """
    listed = list(rows)
    found: dict[str, AESGCM | None] = dict(known or {})
    out: list[Entry] = []
    for seq, id_, home, actor, outside, open_part, personal in listed:
        if personal and home not in found and known is None:
            found[home] = keys.key_of(home)
        out.append(
            Entry(seq, home, actor, outside, _record(id_, bytes(open_part), bytes(personal), found.get(home), zone))
        )
    return out


def _record(id_: str, open_part: bytes, personal: bytes, key: AESGCM | None, zone: ZoneInfo) -> Record:
    stored = envelope.opened(open_part)
    if not personal:
        whole = stored["record"]
    elif key is None:
        whole = envelope.without_content(stored["record"])
    else:
        whole = envelope.joined(stored["record"], envelope.overlay_of(keys.decrypt(key, id_, personal)))
    return read_record(whole, zone=zone)
