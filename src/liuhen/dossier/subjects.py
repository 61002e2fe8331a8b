"""What a dossier is about (卷宗的对象): its records parted into the files that are judged one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from liuhen.dossier.dossier import in_order_received
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class SubjectFile:
    """Records that are judged together (一并判断的记录): those of one case, or all that belong to no case.

    Attributes:
        case: root id of the case; "" for the devices, units, plans and whatever else lies in the dossier.
        records: in the order received; also records of the others that these are linked with, so that nothing looks missing.
        own: ids (and roots) of its own records: only what these trigger is told here, so that nothing is told twice.
    """

    case: str
    records: tuple[Record, ...]
    own: frozenset[str]


def subject_files(records: Sequence[Record], vocabulary: Vocabulary) -> tuple[SubjectFile, ...]:
    """Part the records of a dossier: one file a case, and one for everything outside cases; in the order of their opening.

    A record belongs to the case that it names; one that names none, and may have one, to the one case whose records
    it is linked to. `records` have their roots. Cost: linear in records and links.
    """
    chains: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        chains[record.root].append(record)
    root_of = {record.id: record.root for record in records}
    near = _linked(records, root_of)
    home = _homes(chains, root_of, vocabulary)
    cases = list(dict.fromkeys(root for root, where in home.items() if where == root))
    files = [_case_file(case, chains, near, home) for case in cases]
    outside = {root for root in chains if not home.get(root)}
    if outside:
        # A tip-off is answered by a record of the case that it led to: that record is looked at here as well.
        beside = {other for root in outside for other in near[root]} - outside - set(cases)
        files.append(_file("", chains, outside, beside))
    return tuple(files)


def _linked(records: Iterable[Record], root_of: Mapping[str, str]) -> dict[str, set[str]]:
    near: dict[str, set[str]] = defaultdict(set)
    for record in records:
        for ids in record.links.values():
            for id_ in ids:
                other = root_of.get(id_, id_)
                if other != record.root:
                    near[record.root].add(other)
                    near[other].add(record.root)
    return near


def _homes(chains: Mapping[str, list[Record]], root_of: Mapping[str, str], vocabulary: Vocabulary) -> dict[str, str]:
    """Map each chain to the root of its case; chains outside cases are left out."""
    opening = vocabulary.opening("case")
    home = {root: root for root, chain in chains.items() if chain[0].kind in opening}
    for root, chain in chains.items():
        named = [root_of.get(id_, id_) for record in chain for id_ in record.links.get("case", ())]
        if named and root not in home:
            home[root] = named[-1]
    waiting = [root for root, chain in chains.items() if root not in home and _may_belong(chain[0], vocabulary)]
    while waiting:
        # Round by round, because a record can reach its case over others: a correction's note, a recording's ingestion.
        found = {root: near for root in waiting if (near := _only_case(chains[root], root_of, home))}
        if not found:
            break
        home.update(found)
        waiting = [root for root in waiting if root not in found]
    return home


def _may_belong(record: Record, vocabulary: Vocabulary) -> bool:
    kind = vocabulary.kind(record.kind)
    return kind is not None and kind.case != "no"


def _only_case(chain: list[Record], root_of: Mapping[str, str], home: Mapping[str, str]) -> str:
    named = (root_of.get(id_, id_) for record in chain for ids in record.links.values() for id_ in ids)
    cases = {home[root] for root in named if root in home}
    return cases.pop() if len(cases) == 1 else ""


def _case_file(
    case: str, chains: Mapping[str, list[Record]], near: Mapping[str, set[str]], home: Mapping[str, str]
) -> SubjectFile:
    own = {root for root in chains if home.get(root) == case}
    beside: set[str] = set()
    looking = list(own)
    while looking:
        for other in near.get(looking.pop(), ()):
            if other not in home and other not in beside and other in chains:
                beside.add(other)
                looking.append(other)
    return _file(case, chains, own, beside)


def _file(case: str, chains: Mapping[str, list[Record]], own: set[str], beside: set[str]) -> SubjectFile:
    ids = frozenset(record.id for root in own for record in chains[root]) | own
    records = in_order_received(
        record for root, chain in chains.items() if root in own or root in beside for record in chain
    )
    return SubjectFile(case, records, ids)
