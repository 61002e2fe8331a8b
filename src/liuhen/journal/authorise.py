"""Who may bring a record (登记权限): the page of permissions asked of the one at the door and of those the record names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from liuhen.ground.findings import Finding
from liuhen.ground.moments import Day
from liuhen.ground.permissions import acting_as, may_record, page, recorders
from liuhen.ground.record import Actor, Record
from liuhen.ground.vocabulary import Kind, Vocabulary
from liuhen.ground.words import Words, said_moment
from liuhen.journal.assigning import named
from liuhen.journal.models import CaseRow, PersonRow, RoleRow
from liuhen.journal.who import Who, on_day

OUTSIDE_APPROVAL = "late_entry.approved"
NOBODY = frozenset({"system", "device"})
HEADS = frozenset({"principal_head", "agency_head"})


def refusals(
    record: Record, kind: Kind, who: Who, near: str, vocabulary: Vocabulary, case: CaseRow | None = None
) -> Iterator[Finding]:
    """Yield why `who`, standing `near` to the case, may not bring this record; nothing when he may.

    What is entered for others (代录) is theirs to record: where one of them stands nearer to the case, that is how near it comes.

    A-001 the role does not record this kind, A-002 not named in the record, A-003 may not enter for others, A-004 a role named
    was not held, A-005 stands too far from the case, A-011 may not approve entering afterwards.
    """
    name = who.name or who.person
    if who.person:
        yield from _roles_held(record, vocabulary)
    if kind.id == OUTSIDE_APPROVAL and not who.may("approve_outside", "record"):
        yield Finding("A-011", {"who": name, "what": page().verbs["approve_outside"]}, "")
    own = [a.role for a in record.by if who.person and a.id == who.person]
    if own:
        for role in own:
            if role not in who.acting:
                yield _not_held(name, role, record, vocabulary, "/by")
        bringing = acting_as(own)
    elif record.entered_by is not None and who.person and record.entered_by.id == who.person:
        if not who.may("enter_for", "record", near):
            yield Finding("A-003", {"who": name}, "/entered_by")
        # The clerk types; what may be recorded depends on those who acted.
        bringing = acting_as([a.role for a in record.by]) or who.acting
        near = _nearest(record, near, case)
    elif not any(a.type == "person" for a in record.by) and record.entered_by is None:
        bringing = who.acting
    else:
        yield Finding("A-002", {"who": name}, "/by")
        return
    if not may_record(bringing, kind, near):
        if near != "handler" and may_record(bringing, kind, "handler"):
            yield Finding("A-005", {"who": name, "case": case.number if case is not None else ""}, "/links/case")
        else:
            yield not_their_kind(who, kind, vocabulary, "/kind")


def not_theirs_to_withdraw(kinds: Iterable[Kind], who: Who, near: str, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Yield A-001 for each kind about to be withdrawn that `who` may not record here: who could not enter it can't unsay it."""
    if not who.person:
        return
    for kind in kinds:
        if kind.case == "no" and HEADS & frozenset(who.acting):
            continue  # the head answers for the bureau's registers
        if not may_record(who.acting, kind, near):
            yield not_their_kind(who, kind, vocabulary, "/links/withdraws")


def not_their_kind(who: Who, kind: Kind, vocabulary: Vocabulary, place: str = "") -> Finding:
    """Return A-001: this kind is for others to record, and for whom."""
    roles = role_names(recorders(kind) - NOBODY, vocabulary)
    return Finding("A-001", {"who": who.name or who.person, "kind": kind.words, "roles": roles}, place)


def _nearest(record: Record, near: str, case: CaseRow | None) -> str:
    """Return how near the nearest stands: `near` the one at the door, and those named as having acted."""
    if near == "handler" or case is None:
        return near
    persons = {a.id for a in record.by if a.id and a.type == "person"}
    if not persons.isdisjoint(named(case.handlers)):
        return "handler"
    in_unit = (
        bool(case.unit) and PersonRow.objects.filter(bureau=record.bureau, person__in=persons, unit=case.unit).exists()
    )
    return "unit" if in_unit else near


def _roles_held(record: Record, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Yield A-004 for everybody of the bureau named among those who acted who did not hold the role that day."""
    claimed = {(a.id, a.role): a for a in record.by if a.id and a.type == "person"}
    if not claimed:
        return
    held = _held({id_ for id_, _ in claimed}, record.bureau, record.day)
    for (id_, role), actor in claimed.items():
        if id_ in held and role not in held[id_]:
            yield _not_held(actor.name or id_, role, record, vocabulary, "/by")


def _held(persons: set[str], bureau: str, day: Day) -> Mapping[str, frozenset[str]]:
    """Return the roles that each person ever granted one held on `day`; people not of the bureau are left out."""
    roles: dict[str, set[str]] = {}
    for person, role, from_day, until_day in RoleRow.objects.filter(bureau=bureau, person__in=persons).values_list(
        "person", "role", "from_day", "until_day"
    ):
        found = roles.setdefault(person, set())
        if on_day(day, from_day, until_day):
            found.add(role)
    return {person: acting_as(found) for person, found in roles.items()}


def _not_held(name: str, role: str, record: Record, vocabulary: Vocabulary, path: str) -> Finding:
    fields = {
        "name": name,
        "role": vocabulary.words("roles", role),
        "day": said_moment(record.done_at, precision="day"),
    }
    return Finding("A-004", fields, path)


def role_names(roles: frozenset[str], vocabulary: Vocabulary) -> Words:
    """Return the names of roles as a list, in the order of the vocabulary."""
    words = [w for role, w in vocabulary.terms["roles"].items() if role in roles]
    return Words("、".join(w.zh for w in words), ", ".join(w.en for w in words))


def actor_of(who: Who, role: str) -> Actor:
    """Return `who` as a record names somebody who acted in `role`."""
    return Actor(role=role, name=who.name, id=who.person, certificate=who.certificate)
