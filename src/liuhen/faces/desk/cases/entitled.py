"""What a person is offered to enter (可登记范围): by the page of permissions, the same lines that the door asks."""

from __future__ import annotations

from liuhen.faces.desk.visit import Visit
from liuhen.ground.findings import Finding
from liuhen.ground.permissions import may_record, recorders
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Kind
from liuhen.journal.authorise import OUTSIDE_APPROVAL, not_their_kind, not_theirs_to_withdraw
from liuhen.rooms.cases import reading
from liuhen.rooms.cases.offering import offered_kinds

OWN = "handler"
"""How near everybody stands to what is no case, or to a case that is only being opened."""


def may_enter(visit: Visit, kind: Kind, near: str) -> bool:
    """Return whether the person may enter a record of `kind` standing `near` to the case, for himself or for those who acted."""
    who = visit.who
    if kind.id == OUTSIDE_APPROVAL and not who.may("approve_outside", "record"):
        return False
    # What is entered for others comes as near to the case as they stand; the door asks who they are.
    return may_record(who.roles, kind, near) or (
        who.may("enter_for", "record", near) and may_record(recorders(kind), kind, OWN)
    )


def may_open(visit: Visit) -> bool:
    """Return whether the person may open a case."""
    vocabulary = visit.basis.vocabulary
    return any(may_enter(visit, vocabulary.kinds[k], OWN) for k in vocabulary.opening("case"))


def recordable_kinds(visit: Visit, opened: reading.Opened) -> frozenset[str]:
    """Return the kinds that this person may record in this file, by role and by how near he stands."""
    row, vocabulary = opened.row, visit.basis.vocabulary
    near = opened.near if row.subject == "case" else OWN
    key = (vocabulary.digest, visit.who.roles, near, row.action_type)
    if key not in _recordable:
        if len(_recordable) > 1_000:
            _recordable.clear()
        _recordable[key] = frozenset(
            k.id
            for k in vocabulary.kinds.values()
            if not (k.actions and row.action_type and row.action_type not in k.actions) and may_enter(visit, k, near)
        )
    return _recordable[key]


_recordable: dict[tuple[str, frozenset[str], str, str], frozenset[str]] = {}


def offered_here(visit: Visit, opened: reading.Opened) -> frozenset[str]:
    """Return the kinds to propose in this file: what the person may record of those that the bureau uses, or the file has."""
    held = frozenset(e.record.kind for e in opened.filed.entries)
    return recordable_kinds(visit, opened) & (offered_kinds(visit.basis) | held)


def may_withdraw(visit: Visit, opened: reading.Opened, target: Record) -> bool:
    """Return whether the person may withdraw this record: whoever may not record its kind here can't unsay it."""
    if "record.withdrawn" not in recordable_kinds(visit, opened):
        return False
    kind = visit.basis.vocabulary.kinds.get(target.kind)
    near = opened.near if opened.row.subject == "case" else OWN
    return kind is not None and not any(not_theirs_to_withdraw([kind], visit.who, near, visit.basis.vocabulary))


def not_to_enter(visit: Visit, kind: Kind, opened: reading.Opened | None = None) -> Finding:
    """Return why the person may not enter `kind`, in words: A-005 too far from the case, A-001 for other roles."""
    if opened is not None and opened.row.subject == "case" and may_enter(visit, kind, OWN):
        return Finding("A-005", {"who": visit.who.name, "case": opened.row.number})
    return not_their_kind(visit.who, kind, visit.basis.vocabulary)
