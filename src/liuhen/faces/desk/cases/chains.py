"""Records with their corrections (更正链), and what a story is made of: acts, recordings, papers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Kind, Vocabulary

_QUIET_ROLES = frozenset({"withdrawal", "added_signature", "recording", "interruption"})


@dataclass(frozen=True, slots=True)
class Material:
    """What the story is made of: chains by sort, and who is about whom."""

    acts: tuple[Chain, ...]
    takes: tuple[Chain, ...]
    pauses: tuple[Chain, ...]
    papers: tuple[Chain, ...]
    about: Mapping[str, tuple[Chain, ...]]


def sort(held: Sequence[Chain], kinds: Mapping[str, Kind]) -> Material:
    """Return the chains by what the story makes of them. Cost: linear."""
    acts, takes, pauses, papers = [], [], [], []
    about: dict[str, list[Chain]] = {}
    for chain in held:
        r = chain.latest
        kind = kinds.get(r.kind)
        if kind is None:
            papers.append(chain)
            continue
        for target in r.links.get("about", ()):
            about.setdefault(target, []).append(chain)
        if chain.withdrawn and kind.role:
            continue
        if kind.role == "recording":
            takes.append(chain)
        elif kind.role in ("interruption", "av_exception"):
            pauses.append(chain)
        elif kind.family == "act" and r.until is not None and not chain.withdrawn:
            acts.append(chain)
        if kind.role not in _QUIET_ROLES and kind.family != "register":
            papers.append(chain)
    return Material(tuple(acts), tuple(takes), tuple(pauses), tuple(papers), {k: tuple(v) for k, v in about.items()})


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """A record with its corrections (更正链): the latest counts; `withdrawn` when a record withdrew it."""

    records: tuple[Record, ...]
    withdrawn: bool

    @property
    def latest(self) -> Record:
        """The record that counts."""
        return self.records[-1]


def chains(records: Iterable[Record], vocabulary: Vocabulary) -> list[Chain]:
    """Return the records by root, in the order of their first, with what was withdrawn marked. Cost: linear."""
    by_root: dict[str, list[Record]] = {}
    withdrawn: set[str] = set()
    withdrawing = vocabulary.with_role("withdrawal")
    for r in records:
        by_root.setdefault(r.root, []).append(r)
        if r.kind in withdrawing:
            withdrawn.update(r.links.get("withdraws", ()))
    return [Chain(tuple(rs), any(r.id in withdrawn for r in rs)) for rs in by_root.values()]


def held_by(held: Sequence[Chain]) -> Mapping[str, Record]:
    """Return every record by id."""
    return {r.id: r for c in held for r in c.records}
