"""What the page of one case reads (案件页): its row, its records, what the texts say of them now, and who may look at it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from time import monotonic
from typing import NamedTuple

from liuhen.engines.rulebook import Held, Judgement
from liuhen.ground import permissions
from liuhen.ground.errors import Refused
from liuhen.ground.moments import Instant
from liuhen.ground.permissions import SECRECY
from liuhen.ground.record import Record
from liuhen.ground.words import Words
from liuhen.journal.access import approved
from liuhen.journal.assigning import named
from liuhen.journal.filed import Entry, Filed, filed
from liuhen.journal.judging import Basis
from liuhen.journal.models import CaseRow, LeafRow, RecordRow
from liuhen.journal.recent import Recent
from liuhen.journal.registers import Registers, registers
from liuhen.journal.told import told_here
from liuhen.journal.who import Who


class NotThere(Refused):
    """No such file in this bureau, or none that the person may know of (没有此案). U-209."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as opened for reading (已调取).

    Attributes:
        row, filed: the row and the records. judgement: what the texts say now. marks: names of the facts that hold.
        near: how near the reader stands. registers: certificates, and decisions to apply a text on.
    """

    row: CaseRow
    filed: Filed
    judgement: Judgement
    marks: tuple[Words, ...]
    near: str
    registers: Registers


class _Kept(NamedTuple):
    """A judgement as kept (已判断): by which record, texts and registers."""

    last: int
    version: str
    registers: Registers
    judgement: Judgement
    marks: tuple[Words, ...]


_judged: Recent[str, _Kept] = Recent(2_000)


def row_of(who: Who, root: str) -> CaseRow:
    """Return the row of a file of the person's bureau; refused: U-209. One query."""
    row = CaseRow.objects.filter(root=root, bureau=who.bureau).first()
    if row is None:
        raise NotThere("U-209", id=root)
    return row


def closed_by_number(who: Who, number: str) -> str:
    """Return the root of the case with exactly this number that the person may not look at by role; empty for none. One query."""
    row = CaseRow.objects.filter(bureau=who.bureau, subject="case", number=number).first() if number else None
    return row.root if row is not None and not who.may("look", class_of(row), near(who, row)) else ""


def near(who: Who, row: CaseRow) -> str:
    """Return how near the person stands to the case: handler, unit or bureau."""
    return who.near(row.unit, frozenset(named(row.handlers)))


def class_of(row: CaseRow) -> str:
    """Return the class of the permissions page that a file belongs to."""
    return permissions.class_of(row.subject)


def may_look(who: Who, row: CaseRow, basis: Basis, now: Instant) -> bool:
    """Return whether the person may look at this file at `now`: by role and place, or by the head's approval."""
    return may(who, "look", row, basis, now)


def may(who: Who, verb: str, row: CaseRow, basis: Basis, now: Instant) -> bool:
    """Return whether the person may `look` at this file or `copy` from it at `now`, by role and place or by an approval.

    An approval (bazhou 49) is looked for only where the page of permissions says that one would open the file; it lasts to the
    end of its last day in the bureau's zone. Costs then a walk over the file.
    """
    of = class_of(row)
    if who.may(verb, of, near(who, row)):
        return True
    if not who.may(verb, of, "bureau", approved=True):
        return False
    return approved(who, filed(row, basis.zone), basis.calendar.day_at(now), copy=verb == "copy")


def brought_by(who: Who, row: CaseRow, basis: Basis, id: str) -> Entry | None:
    """Return a record of this file that the person brought to the door; None for anybody else's, whoever is named in it.

    Whoever brought a record knows what it says. It opens nothing else of the file, and not what was classified since.
    """
    held = filed(row, basis.zone)
    entry = held.entry(id)
    if (
        entry is None
        or not who.person
        or entry.actor != who.person
        or not may_see(who, near(who, row), held, entry.record)
    ):
        return None
    return entry


def open_case(who: Who, row: CaseRow, basis: Basis, now: Instant) -> Opened:
    """Return everything that the page of a file shows. Costs a judging once after each change, then two or three queries."""
    held = filed(row, basis.zone)
    known = _registers_of(basis)
    kept = _judge(row, held, basis, known, now)
    return Opened(row, held, kept.judgement, kept.marks, near(who, row), known)


REGISTERS_SECONDS = 2.0
_registers: dict[str, tuple[float, Registers]] = {}


def _registers_of(basis: Basis) -> Registers:
    """Return the bureau's registers as of at most REGISTERS_SECONDS ago: the door asks each time, a page need not."""
    kept = _registers.get(basis.digest + basis.bureau)
    if kept is not None and monotonic() - kept[0] < REGISTERS_SECONDS:
        return kept[1]
    found = registers(basis)
    _registers[basis.digest + basis.bureau] = (monotonic(), found)
    return found


def _judge(row: CaseRow, held: Filed, basis: Basis, known: Registers, now: Instant) -> _Kept:
    """Return the judgement as of `now`: kept until a record comes in, texts or registers change, or time changes it."""
    kept = _judged.get(row.root)
    version = f"{basis.digest} {row.destroyed}"
    if kept is not None and (kept.last, kept.version) == (held.last, version) and kept.registers is known:
        change = kept.judgement.next_change
        if kept.judgement.at <= now and (change is None or now < change):
            return kept
    stack = basis.stack
    indexed = stack.hold(held.case, now, known.register, known.applied)
    judgement = told_here(stack.judge_held(indexed), held)
    kept = _Kept(held.last, version, known, judgement, _marks(basis, indexed))
    _judged.put(row.root, kept)
    return kept


def _marks(basis: Basis, held: Held) -> tuple[Words, ...]:
    out: dict[Words, None] = {}
    for book in basis.stack.rulebooks:
        if not book.marks or not book.rules:
            continue
        predicates = basis.stack.compiled(book.rules[0], held.action).shop.predicates
        for mark in book.marks.values():
            if predicates.mark(mark.id, held)[0] is True:
                out[mark.words] = None
    return tuple(out)


def secrecy_of(held: Filed, record: Record) -> str:
    """Return the class of secrecy that a record bears (密级), empty for none: by the latest `content.classified`."""
    chain = {e.record.id for e in held.entries if e.record.root == record.root}
    found = ""
    for e in held.entries:
        if e.record.kind == "content.classified" and not chain.isdisjoint(e.record.links.get("about", ())):
            found = str(e.record.content.get("class") or "")
    return found if found in SECRECY else ""


def may_see(who: Who, opened_near: str, held: Filed, record: Record) -> bool:
    """Return whether the person may see what a record says, given that he may look at its file."""
    secrecy = secrecy_of(held, record)
    return not secrecy or who.may("look", secrecy, opened_near)


def sealed(row: CaseRow) -> dict[str, int | None]:
    """Return record id → place in the Ledger, None while it waits, for the records whose home this file is. One query."""
    homes = RecordRow.objects.filter(home=row.root).values("id")
    return dict(LeafRow.objects.filter(sort="record", ref__in=homes).values_list("ref", "place"))


def entry_of(who: Who, row: CaseRow, basis: Basis, id: str) -> Entry | None:
    """Return a record of a file as the journal holds it; None when it does not lie there, or is secret to this person."""
    held = filed(row, basis.zone)
    entry = held.entry(id)
    return entry if entry is not None and may_see(who, near(who, row), held, entry.record) else None


def may_copy(who: Who, row: CaseRow, basis: Basis, now: Instant, record: Record) -> bool:
    """Return whether the person may take a copy at `now` of the files of a record in `row` that may be looked at.

    By role and place or by an approval to copy. Where no line of the page speaks of copying a class, such as the registers,
    looking is enough.
    """
    if permissions.those_who_may("copy", class_of(row)) and not may(who, "copy", row, basis, now):
        return False
    secrecy = secrecy_of(filed(row, basis.zone), record)
    return not secrecy or who.may("copy", secrecy, near(who, row))


def home_of(who: Who, id: str) -> str:
    """Return the file in which a record lies; refused: U-209. One query."""
    home = RecordRow.objects.filter(id=id, bureau=who.bureau).values_list("home", flat=True).first()
    if home is None:
        raise NotThere("U-209", id=id)
    return home


def places(ids: Iterable[str]) -> dict[str, int | None]:
    """Return record id → place in the Ledger for these records."""
    return dict(LeafRow.objects.filter(sort="record", ref__in=list(ids)).values_list("ref", "place"))
