"""What the records of a file say at one moment (当时在案): known, current, indexed once and asked by every rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

from liuhen.ground.moments import Day, Instant, read_date
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Vocabulary

_NONE: tuple[Record, ...] = ()
_NOBODY: tuple[str, ...] = ()
BY_ORDER = attrgetter("order")


class Shape:
    """What the engine needs of a vocabulary (词表要点), looked up once a stack."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.opens = {k.id: k.opens for k in vocabulary.kinds.values() if k.opens}
        self.closes = {k.id: k.closes for k in vocabulary.kinds.values() if k.closes}
        self.archives = {k.id: k.archives for k in vocabulary.kinds.values() if k.archives}
        self.intervals = frozenset(k.id for k in vocabulary.kinds.values() if k.interval)
        self.replacing = vocabulary.with_role("withdrawal")
        self.added = vocabulary.with_role("added_signature")
        self.recordings = vocabulary.with_role("recording")
        self.interruptions = vocabulary.with_role("interruption")
        self.disposals = vocabulary.with_role("disposal")
        self.certificates = vocabulary.with_role("certificate")
        self.applied = vocabulary.with_role("applied_on")
        self.case_opening = vocabulary.opening("case")
        self.case_closing = vocabulary.closing("case")
        self.case_archiving = frozenset(k.id for k in vocabulary.kinds.values() if k.archives == "case")
        self.absent = {
            (k.id, f.id): f.absent for k in vocabulary.kinds.values() for f in k.fields.values() if f.has_absent
        }


class Register:
    """Certificates by number (证件登记): on which days each was valid. Later records about the same number add to it."""

    EMPTY: Register

    def __init__(self, spans: Mapping[str, tuple[tuple[Day, Day], ...]]) -> None:
        self.spans = spans

    @classmethod
    def of(cls, records: Iterable[Record]) -> Register:
        """Return the register that certificate records (`number`, `valid_from`, `valid_until`) make.

        What another record given with them corrects, or withdraws by its link `withdraws`, is left out.
        """
        records = list(records)
        gone = {r.corrects for r in records if r.corrects}
        gone.update(target for r in records for target in r.links.get("withdraws", ()))
        spans: dict[str, tuple[tuple[Day, Day], ...]] = {}
        for r in records:
            number = r.content.get("number")
            start, end = read_date(str(r.content.get("valid_from"))), read_date(str(r.content.get("valid_until")))
            if number and start and end and r.id not in gone:
                spans[number] = (*spans.get(number, ()), (start.toordinal(), end.toordinal()))
        return cls(spans)

    def and_also(self, other: Register) -> Register:
        """Return the register with the certificates of another one."""
        more = {n: (*self.spans.get(n, ()), *spans) for n, spans in other.spans.items()}
        return Register({**self.spans, **more})

    def valid(self, number: str, day: Day) -> bool | None:
        """Whether the certificate is valid that day; None when no register was supplied at all."""
        if not self.spans:
            return None
        for a, b in self.spans.get(number, ()):  # noqa: SIM110 (no generator on the way of every officer)
            if a <= day <= b:
                return True
        return False


Register.EMPTY = Register({})


class Held:
    """The records of one file as known at `at`.

    Attributes:
        current: records neither corrected nor withdrawn, in their order (`Record.order`), whatever the order they came in.
        by_kind: kind → its current records. linked: root id → current records whose `about` names it.
        root_of: id → root, only where they differ.
        opened, closed_by, archived_by: the case's opening record (as corrected), the last that closed and the first that
            archived it; None without. closed_at, archived_at: their instants.
        captures: the kinds that the source of the records keeps at all; None where it keeps whatever there is.
    """

    __slots__ = (
        "action",
        "applied",
        "applied_spans",
        "archived_at",
        "archived_by",
        "at",
        "by_kind",
        "captures",
        "case_root",
        "closed_at",
        "closed_by",
        "closers_cache",
        "current",
        "everywhere",
        "gaps",
        "groups",
        "known",
        "linked",
        "marks",
        "next_due",
        "opened",
        "register",
        "root_of",
        "scratch",
        "shape",
        "signed",
        "subjects_cache",
    )  # fmt: skip

    def __init__(
        self,
        records: Sequence[Record],
        at: Instant,
        shape: Shape,
        register: Register,
        applied: Iterable[Record] = (),
        captures: frozenset[str] | None = None,
    ) -> None:
        self.captures = captures
        self.at = at
        self.shape = shape
        self.register = register
        self.applied: Sequence[Record] = tuple(applied)
        known = [r for r in records if r.received <= at]
        replacing = shape.replacing
        changing = [r for r in known if r.corrects is not None or r.kind in replacing]
        root_of: dict[str, str] = {}
        current = known
        if changing:
            corrected = {r.id: r.corrects for r in changing if r.corrects is not None}
            root_of = chain_roots(corrected, known)
            gone = set(corrected.values())
            if withdrawals := [r for r in changing if r.corrects is None]:
                gone |= withdrawn(withdrawals, known, corrected)
            current = [r for r in known if r.id not in gone]
        current.sort(key=BY_ORDER)
        by_kind: dict[str, list[Record]] = {}
        linked: dict[str, list[Record]] = {}
        for r in current:
            kind = r.kind
            if kind in by_kind:
                by_kind[kind].append(r)
            else:
                by_kind[kind] = [r]
            if links := r.links:
                for target in links.get("about", _NOBODY):
                    if root_of:
                        target = root_of.get(target, target)
                    if target in linked:
                        linked[target].append(r)
                    else:
                        linked[target] = [r]
        self.known = known
        self.root_of = root_of
        self.current = current
        self.by_kind = by_kind
        self.linked = linked
        self.marks: dict[str, Any] = {}
        self.gaps: dict[str, list[Any]] = {}
        self.scratch: dict[Any, Any] = {}
        self.everywhere = False
        self.next_due: Instant | None = None
        self.groups: dict[frozenset[str], list[Record]] = {}
        self.signed: dict[str, set[str]] = {}
        self.applied_spans: dict[str, tuple[tuple[Day, Day], ...]] = {}
        self.subjects_cache: dict[str, list[tuple[Record, Instant | None]]] = {}
        self.closers_cache: dict[str, dict[str, Record]] = {}
        self.opened: Record | None = None
        self.closed_by: Record | None = None
        self.archived_by: Record | None = None
        for kind in shape.case_opening:
            if kind in by_kind and (self.opened is None or by_kind[kind][0].order < self.opened.order):
                self.opened = by_kind[kind][0]
        self.case_root = self.root(self.opened) if self.opened is not None else ""
        self.action: str | None = self.opened.content.get("action_type") if self.opened is not None else None
        if self.opened is not None:
            for kind in shape.case_closing:
                if kind in by_kind and (self.closed_by is None or by_kind[kind][-1].order > self.closed_by.order):
                    self.closed_by = by_kind[kind][-1]
            for kind in shape.case_archiving:
                if kind in by_kind and (self.archived_by is None or by_kind[kind][0].order < self.archived_by.order):
                    self.archived_by = by_kind[kind][0]
            if self.closed_by is None:
                self.closed_by = self.archived_by
        self.closed_at: Instant | None = self.closed_by.instant if self.closed_by is not None else None
        self.archived_at: Instant | None = self.archived_by.instant if self.archived_by is not None else None

    def root(self, r: Record) -> str:
        """Return the root of a record's chain of corrections."""
        if r.corrects is None:
            return r.id
        return self.root_of.get(r.id, r.root)

    def subject_of(self, subject: str, r: Record) -> str | None:
        """Return the root id of the subject that a record belongs to, or None."""
        if subject == "case":
            return self.case_root
        if subject == "act" and r.kind in self.shape.intervals:
            return self.root(r)
        if self.shape.opens.get(r.kind) == subject:
            return self.root(r)
        targets = r.links.get("about" if subject == "act" else subject)
        if not targets:
            return None
        return self.root_of.get(targets[0], targets[0])

    def subjects(self, subject: str) -> list[tuple[Record, Instant | None]]:
        """Return the subjects of a kind in this file: opening record and the instant of closing, None while open."""
        found = self.subjects_cache.get(subject)
        if found is None:
            opening = [r for r in self.current if self.shape.opens.get(r.kind) == subject]
            closers: dict[str, Record] = {}
            for r in self.current:
                if self.shape.closes.get(r.kind) == subject:
                    root = self.subject_of(subject, r) or self._about(r)
                    if root:
                        closers[root] = r
            self.closers_cache[subject] = closers
            found = []
            for r in opening:
                end = closers.get(self.root(r))
                found.append((r, end.instant if end is not None else None))
            self.subjects_cache[subject] = found
        return found

    def _about(self, r: Record) -> str | None:
        targets = r.links.get("about")
        return self.root_of.get(targets[0], targets[0]) if targets else None

    def closing(self, subject: str, root: str) -> Instant | None:
        """Return when the subject with this root closed, or None."""
        last = self.closer(subject, root)
        return last.instant if last is not None else None

    def closer(self, subject: str, root: str) -> Record | None:
        """Return the last record that closed the subject with this root, or None while it is open."""
        if subject == "case":
            return self.closed_by
        self.subjects(subject)
        return self.closers_cache[subject].get(root)

    def field(self, r: Record, name: str) -> Any:
        """Return a field's value, what the vocabulary takes its absence for, or None."""
        value = r.content.get(name)
        if value is None:
            return self.shape.absent.get((r.kind, name))
        return value

    def of_kinds(self, kinds: frozenset[str]) -> Sequence[Record]:
        """Return current records of these kinds, in their order; kept once asked for."""
        if len(kinds) == 1:
            (kind,) = kinds
            return self.by_kind.get(kind, _NONE)
        found = self.groups.get(kinds)
        if found is None:
            by_kind = self.by_kind
            several = [by_kind[k] for k in kinds if k in by_kind]
            found = self.groups[kinds] = sorted(chain.from_iterable(several), key=BY_ORDER)
        return found

    def about(self, root: str, kinds: frozenset[str]) -> list[Record]:
        """Return current records of these kinds whose `about` names the root, by instant."""
        listed = self.linked.get(root)
        return [r for r in listed if r.kind in kinds] if listed else []


def chain_roots(corrected: Mapping[str, str], known: Iterable[Record]) -> dict[str, str]:
    """Return id → root for every correction: the first record of its chain, the least id of a chain that runs in a circle."""
    given: dict[str, str] = {}
    here: set[str] = set()
    for r in known:
        here.add(r.id)
        if r.corrects is not None and r.root != r.id:
            given[r.id] = r.root
    roots: dict[str, str] = {}
    for id_ in corrected:
        chain = [id_]
        while (up := corrected.get(chain[-1])) is not None and up not in roots and up not in chain:
            chain.append(up)
        if up is None:
            # The chain may begin in a record that this file doesn't hold: then the root that the door gave it counts.
            root = chain[-1]
            if root not in here:
                root = next((given[c] for c in reversed(chain) if c in given), root)
        else:
            root = roots[up] if up in roots else min(chain[chain.index(up) :])
        roots.update(dict.fromkeys(chain, root))
    return {id_: root for id_, root in roots.items() if id_ != root}


def withdrawn(withdrawals: Iterable[Record], known: Iterable[Record], corrected: Mapping[str, str]) -> set[str]:
    """Return the ids that withdrawals take away: what they name, and its corrections received until then.

    A correction that came later states the thing anew, and stands.
    """
    taken: dict[str, Instant] = {}
    for w in withdrawals:
        for target in w.links.get("withdraws", ()):
            taken[target] = max(w.received, taken.get(target, w.received))
    out = set(taken)
    for r in known if corrected else ():
        up, seen = r.corrects, {r.id}
        while up is not None and up not in seen:
            if up in taken and r.received <= taken[up]:
                out.add(r.id)
                break
            seen.add(up)
            up = corrected.get(up)
    return out
