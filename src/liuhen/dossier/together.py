"""Records held against each other (记录之间的核对): ids, corrections, links and times of one dossier."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from liuhen.ground.findings import Finding
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Kind, Vocabulary
from liuhen.ground.words import said_moment


@dataclass(frozen=True, slots=True)
class Placed:
    """A record and where it stands in the file (JSON pointer)."""

    place: str
    record: Record


@dataclass(frozen=True, slots=True)
class Settled:
    """What `settle` gives: the records, each once and with its root, and every finding."""

    records: tuple[Record, ...]
    findings: tuple[Finding, ...]


def settle(
    placed: Sequence[Placed],
    vocabulary: Vocabulary,
    *,
    unread: frozenset[str] = frozenset(),
    now: datetime | None = None,
) -> Settled:
    """Hold the records of one dossier against each other and give each the root of its chain of corrections.

    `unread` are ids of records that stand in the dossier and could not be read: naming one is no further finding.
    A record that stands twice with the same bytes is taken once. Findings: D-020 one id with two contents; D-030 to
    D-034 corrections; V-011 a link to a record that is not there, V-013 to one of the wrong kind; R-013 done later
    than received; D-036 later than `now` (not asked when `now` is None). Cost: linear in records and links.
    """
    found: list[Finding] = []
    by_id: dict[str, Placed] = {}
    for item in placed:
        first = by_id.setdefault(item.record.id, item)
        if first is not item and first.record.maker_json() != item.record.maker_json():
            found.append(Finding("D-020", {"record": item.record.id}, f"{item.place}/id"))
    roots = _roots(by_id)
    for item in by_id.values():
        found.extend(_correction(item, by_id, roots, unread, vocabulary))
        found.extend(_links(item, by_id, unread, vocabulary))
        found.extend(_times(item, now))
    found.extend(_corrected_twice(by_id, vocabulary))
    found.extend(_circles(by_id, roots))
    records = tuple(replace(i.record, root=roots.get(i.record.id) or i.record.id) for i in by_id.values())
    return Settled(records, tuple(found))


def _roots(by_id: Mapping[str, Placed]) -> dict[str, str]:
    """Map each id to the first record of its chain; to "" where the chain runs in a circle."""
    roots: dict[str, str] = {}
    for start in by_id:
        chain: list[str] = []
        at = start
        while at not in roots and at in by_id:
            if at in chain:
                roots.update(dict.fromkeys(chain, ""))
                break
            chain.append(at)
            at = by_id[at].record.corrects or ""
        # A chain that leaves the dossier begins, as far as it can be known, with the last record that is here.
        end = roots.get(at, chain[-1] if chain else at)
        for id_ in chain:
            roots.setdefault(id_, end)
    return roots


def _correction(
    item: Placed, by_id: Mapping[str, Placed], roots: Mapping[str, str], unread: frozenset[str], vocabulary: Vocabulary
) -> Iterator[Finding]:
    record = item.record
    if record.corrects:
        target = by_id.get(record.corrects)
        if target is None:
            if record.corrects not in unread:
                yield Finding("D-030", {"record": record.id, "corrects": record.corrects}, f"{item.place}/corrects")
            return
        if target.record.kind != record.kind:
            kinds = {"kind": _name(record.kind, vocabulary), "corrected_kind": _name(target.record.kind, vocabulary)}
            yield Finding("D-033", {"record": record.id, **kinds}, f"{item.place}/corrects")
    root = roots[record.id]
    if root and record.root not in (record.id, root):
        yield Finding("D-034", {"record": record.id, "stated": record.root, "found": root}, f"{item.place}/root")


def _corrected_twice(by_id: Mapping[str, Placed], vocabulary: Vocabulary) -> Iterator[Finding]:
    withdrawing = vocabulary.with_role("withdrawal")
    taking_back = [i.record for i in by_id.values() if i.record.kind in withdrawing]
    withdrawn = {id_ for record in taking_back for id_ in record.links.get("withdraws", ())}
    first: dict[str, str] = {}
    for item in by_id.values():
        record = item.record
        if not record.corrects or record.id in withdrawn:
            continue
        earlier = first.setdefault(record.corrects, record.id)
        if earlier != record.id:
            fields = {"record": record.corrects, "first": earlier, "second": record.id}
            yield Finding("D-031", fields, f"{item.place}/corrects")


def _circles(by_id: Mapping[str, Placed], roots: Mapping[str, str]) -> Iterator[Finding]:
    told: set[str] = set()
    for item in by_id.values():
        if roots[item.record.id] or item.record.id in told:
            continue
        at = item.record.id
        while at not in told:
            told.add(at)
            at = by_id[at].record.corrects or ""
        yield Finding("D-032", {"record": item.record.id}, f"{item.place}/corrects")


def _links(
    item: Placed, by_id: Mapping[str, Placed], unread: frozenset[str], vocabulary: Vocabulary
) -> Iterator[Finding]:
    record = item.record
    kind = vocabulary.kind(record.kind)
    for role, ids in record.links.items():
        allowed = _allowed(kind, role, vocabulary)
        for i, id_ in enumerate(ids):
            target = by_id.get(id_)
            place = f"{item.place}/links/{role}/{i}"
            if target is None:
                if id_ not in unread:
                    yield Finding("V-011", {"record": record.id, "role": role, "target": id_}, place)
            elif allowed and target.record.kind not in allowed:
                kinds = {"kind": _name(record.kind, vocabulary), "target_kind": _name(target.record.kind, vocabulary)}
                yield Finding("V-013", {"record": record.id, "role": role, **kinds}, place)


def _allowed(kind: Kind | None, role: str, vocabulary: Vocabulary) -> frozenset[str]:
    if role == "case":
        return vocabulary.opening("case")
    link = kind.links.get(role) if kind else None
    named = link.kinds if link else frozenset()
    return named.union(*(vocabulary.groups[name] for name in named if name in vocabulary.groups))


def _times(item: Placed, now: datetime | None) -> Iterator[Finding]:
    record = item.record
    last = record.until if record.until is not None else record.done_at
    if record.received_at is not None and last > record.received_at:
        close = f"{last:%Y-%m-%d %H:%M}" == f"{record.received_at:%Y-%m-%d %H:%M}"
        to = "second" if close else "minute"
        fields = {
            "done_at": said_moment(last, precision=to),
            "received_at": said_moment(record.received_at, precision=to),
        }
        yield Finding("R-013", fields, f"{item.place}/{'done_at' if record.until is None else 'until'}")
    if now is None:
        return
    for part in ("done_at", "until", "received_at"):
        moment = getattr(record, part)
        if moment is not None and moment > now:
            there = said_moment(now.astimezone(moment.tzinfo).replace(microsecond=0))
            yield Finding("D-036", {"part": part, "moment": said_moment(moment), "now": there}, f"{item.place}/{part}")


def _name(kind: str, vocabulary: Vocabulary) -> object:
    known = vocabulary.kind(kind)
    return known.words if known else kind
