"""Where a record belongs (归卷): what its links and its correction name, and in which files it lies.

A record lies in the case that it names. A correction lies where the corrected record does. A record that opens a subject of its
own (a device, a recording without a case) opens a file; one that names such a subject lies in that file; anything else is an
entry of a register and a file of its own. The first of its files is its `home`, whose key its personal content is under.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

from liuhen.ground.findings import Finding
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Kind, Vocabulary

IDS_AT_ONCE = 5000
BEAR_ON_ANOTHER = frozenset({"withdrawal", "added_signature"})
"""Roles of kinds that change what another record counts for: they lie where it lies, or nobody who reads it would see them."""


class Target(NamedTuple):
    """A record that another one names (所指记录); `case`: whether its home is a case's file."""

    id: str
    bureau: str
    kind: str
    root: str
    home: str
    case: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """A record with its place (已归卷): root of its chain of corrections, its files (home first), and why it can't stay."""

    record: Record
    root: str
    homes: tuple[str, ...]
    findings: tuple[Finding, ...]


def targets_of(records: Iterable[Record]) -> dict[str, Target]:
    """Return every stored record that one of `records` names, corrects or is, by id. One query."""
    ids: set[str] = set()
    for r in records:
        ids.add(r.id)
        ids.update(target for listed in r.links.values() for target in listed)
        if r.corrects:
            ids.add(r.corrects)
    listed = sorted(ids)
    found: dict[str, Target] = {}
    for first in range(0, len(listed), IDS_AT_ONCE):
        found.update((target.id, target) for target in _look_up(listed[first : first + IDS_AT_ONCE]))
    return found


def _look_up(ids: list[str]) -> Iterator[Target]:
    # By hand: on the path of every record, and the query builder took ten times as long as the query.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.id, r.bureau, r.kind, r.root, r.home, "  # noqa: S608 (placeholders only)
            "EXISTS (SELECT 1 FROM journal_case c WHERE c.root = r.home AND c.subject = 'case') "
            f"FROM journal_record r WHERE r.id IN ({', '.join(['%s'] * len(ids))})",
            ids,
        )
        for id_, bureau, kind, root, home, case in cursor.fetchall():
            yield Target(id_, bureau, kind, root, home, bool(case))


def place(records: Sequence[Record], known: Mapping[str, Target], vocabulary: Vocabulary) -> list[Placed]:
    """Return each record with its place; a later record of a batch may name an earlier one.

    Findings: V-011 a link to nothing, V-013 to the wrong kind, G-002 the corrected record is unknown, G-003 of another kind,
    G-004 something of another bureau is named, G-025 a correction that would move a record to another case, G-033 a withdrawal
    or an added signature that names a case in which what it names does not lie.
    """
    seen = dict(known)
    out = []
    for record in records:
        kind = vocabulary.kinds[record.kind]
        findings = tuple(_findings(record, kind, seen, vocabulary))
        corrected = seen.get(record.corrects) if record.corrects else None
        root = corrected.root if corrected else record.id
        homes = _homes(record, kind, seen, vocabulary, corrected) if not findings else (record.id,)
        out.append(Placed(record, root, homes, findings))
        in_case = bool(record.links.get("case")) or kind.opens == "case"
        seen.setdefault(record.id, Target(record.id, record.bureau, record.kind, root, homes[0], in_case))
    return out


def _findings(record: Record, kind: Kind, known: Mapping[str, Target], vocabulary: Vocabulary) -> Iterator[Finding]:
    for role, ids in record.links.items():
        allowed = _allowed(role, kind, vocabulary)
        for id_ in ids:
            found = known.get(id_)
            path = f"/links/{role}"
            if found is None:
                yield Finding("V-011", {"record": kind.words, "role": role, "target": id_}, path)
            elif found.bureau != record.bureau:
                yield Finding("G-004", {"target": id_}, path)
            elif allowed is not None and found.kind not in allowed:
                words = vocabulary.kinds[found.kind].words if found.kind in vocabulary.kinds else found.kind
                fields = {"record": record.id, "role": role, "kind": kind.words, "target_kind": words}
                yield Finding("V-013", fields, path)
    if kind.role in BEAR_ON_ANOTHER:
        yield from _in_another_case(record, known)
    if record.corrects:
        corrected = known.get(record.corrects)
        if corrected is None:
            yield Finding("G-002", {"target": record.corrects}, "/corrects")
        elif corrected.bureau != record.bureau:
            yield Finding("G-004", {"target": record.corrects}, "/corrects")
        elif _moves(record, corrected, known):
            yield Finding("G-025", {"target": record.corrects}, "/links/case")
        elif corrected.kind != record.kind:
            words = vocabulary.kinds[corrected.kind].words if corrected.kind in vocabulary.kinds else corrected.kind
            yield Finding("G-003", {"kind": kind.words, "target_kind": words}, "/corrects")


def _moves(record: Record, corrected: Target, known: Mapping[str, Target]) -> bool:
    """Return whether a correction names another case than the one in which the corrected record lies.

    It would be asked about in both. A record that lay in no case may be corrected into one: so footage finds its case.
    """
    cases = {known[id_].home for id_ in record.links.get("case", ()) if id_ in known}
    return bool(cases) and corrected.case and corrected.home not in cases


def _in_another_case(record: Record, known: Mapping[str, Target]) -> Iterator[Finding]:
    """Yield G-033 for each record named that lies in none of the cases that this one names: it would be stored to no effect."""
    cases = {known[id_].home for id_ in record.links.get("case", ()) if id_ in known}
    for role, ids in record.links.items():
        for id_ in ids if cases and role != "case" else ():
            found = known.get(id_)
            if found is not None and found.bureau == record.bureau and found.home not in cases:
                yield Finding("G-033", {"target": id_}, f"/links/{role}")


def _allowed(role: str, kind: Kind, vocabulary: Vocabulary) -> frozenset[str] | None:
    """Return the kinds that a link may name; None for any."""
    link = kind.links.get(role)
    if link is not None and link.kinds:
        return frozenset(k for name in link.kinds for k in vocabulary.groups.get(name, (name,)))
    # A link that bears the name of a subject names what opened one.
    return vocabulary.opening(role) if role in vocabulary.terms["subjects"] else None


def _homes(
    record: Record, kind: Kind, known: Mapping[str, Target], vocabulary: Vocabulary, corrected: Target | None
) -> tuple[str, ...]:
    cases = [known[id_].home for id_ in record.links.get("case", ())]
    out = [corrected.home] if corrected and not cases else []
    out += cases
    if corrected:
        out.append(corrected.home)
    elif kind.opens and not cases:
        out.append(record.id)
    # A device's own file shows its failures and who had it; its recordings lie in their cases, or it would grow without end.
    if kind.role != "recording" or not out:
        subjects = vocabulary.terms["subjects"]
        out += [
            known[id_].home for role, ids in record.links.items() if role in subjects and role != "case" for id_ in ids
        ]
    if not out:
        out = [known[id_].home for ids in record.links.values() for id_ in ids] or [record.id]
    return tuple(dict.fromkeys(out))
