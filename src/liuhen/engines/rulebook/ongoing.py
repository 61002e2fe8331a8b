"""A file under way (办理中的卷): judged once as a whole, then after each further record only where that record can touch it.

What cannot be told from the record alone asks everything anew: a correction or a withdrawal, what opens, closes or archives the
case, a certificate, a decision to apply a text on, a moment at or past the next change, a record received before it was done.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from weakref import WeakKeyDictionary

from liuhen.engines.rulebook.duty import Duty
from liuhen.engines.rulebook.forms.frame import Rows
from liuhen.engines.rulebook.held import BY_ORDER, Held, Register
from liuhen.engines.rulebook.in_force import everywhere
from liuhen.engines.rulebook.stack import Compiled, Judgement, Stack
from liuhen.engines.rulebook.stacking import stricter
from liuhen.engines.rulebook.touching import Touch, touch_of
from liuhen.ground.case import Case
from liuhen.ground.moments import Instant
from liuhen.ground.record import Record

_NONE: tuple[Duty, ...] = ()
# (unit, id of the trigger) -> its rows; "" for what is asked of the file as a whole
_Place = tuple[int, str]


class Unit(NamedTuple):
    """One rule as compiled for the cases of an action type (规则单元), in the order in which a stack asks them.

    `shared`: another rule has the same duty, so that its rows are stacked with that one's.
    """

    number: int
    compiled: Compiled
    kinds: frozenset[str]
    shared: bool
    touch: Touch


class Units:
    """The rules for one action type (规则清单), and for each kind which of them a new record of it can touch."""

    def __init__(self, units: Sequence[Unit], gaps: frozenset[int]) -> None:
        self.units = tuple(units)
        self.gaps = gaps
        self._by_kind: dict[str, tuple[Unit, ...]] = {}

    def touched(self, kind: str) -> tuple[Unit, ...]:
        """Return the rules that a new record of this kind can touch."""
        found = self._by_kind.get(kind)
        if found is None:
            found = tuple(u for u in self.units if kind in u.kinds or kind in u.touch.about or kind in u.touch.all)
            # A rule about the holes in a recording follows the rule that finds them.
            found_by = {u.compiled.rule.ref for u in found}
            more = [
                u
                for u in self.units
                if u.number in self.gaps
                and u not in found
                and f"{u.compiled.rule.rulebook}/{u.compiled.rule.trigger.gap_in}" in found_by
            ]
            found = self._by_kind[kind] = (*found, *more)
        return found


_known: WeakKeyDictionary[Stack, dict[str | None, Units]] = WeakKeyDictionary()


def units_of(stack: Stack, action: str | None) -> Units:
    """Return the rules for an action type, in the order in which the stack asks them; made ready once."""
    known = _known.setdefault(stack, {})
    found = known.get(action)
    if found is None:
        listed = list(stack.asked_in(action))
        groups: dict[frozenset[str], int] = {}
        order: list[tuple[int, int, int]] = []
        for n, (c, _, _) in enumerate(listed):
            # As a stack asks: what has one kind, what has several, what is triggered by no record.
            sort = 2 if c.run_all is not None else 1 if len(c.kinds) > 1 else 0
            order.append((sort, groups.setdefault(c.kinds, len(groups)) if sort < 2 else 0, n))
        units = []
        for number, (_, _, n) in enumerate(sorted(order)):
            c, shared, specials = listed[n]
            others = [(s, stack.predicates(s.rulebook)) for s in specials]
            touch = touch_of(c.rule, c.shop.predicates, stack.shape, others)
            kinds = c.rule.trigger.kinds if c.run is None else c.kinds
            units.append(Unit(number, c, kinds, shared, touch))
        gaps = frozenset(u.number for u in units if u.compiled.rule.trigger.type == "gap")
        found = known[action] = Units(units, gaps)
    return found


class Ongoing:
    """A file under way (办理中的卷): `take` gives the obligations after one more record; not for several threads at once."""

    def __init__(
        self,
        stack: Stack,
        case: Case,
        at: Instant,
        register: Register = Register.EMPTY,
        applied: Iterable[Record] = (),
    ) -> None:
        self.stack = stack
        self.register = register
        self.applied = tuple(applied)
        shape = stack.shape
        self._for_all = frozenset().union(
            shape.replacing,
            shape.case_opening,
            shape.case_closing,
            shape.case_archiving,
            shape.certificates,
            shape.applied,
        )
        self._records = list(case.records)
        self.judgement = self._anew(at)

    @property
    def case(self) -> Case:
        """Every record taken so far."""
        return Case.of(self._records)

    def take(self, record: Record, at: Instant, *, register: Register | None = None) -> Judgement:
        """Return the obligations with one more record, as of `at`; the same as judging the whole file anew.

        `register`: the certificates, where they are others than before. Cost: see script/bench; some ten microseconds, and what
        the record touches.
        """
        self._records.append(record)
        same = register is None or register is self.register
        if register is not None:
            self.register = register
        if same and self._plain(record, at):
            self.judgement = self._further(record, at)
        else:
            self.judgement = self._anew(at)
        return self.judgement

    # -- everything anew ---------------------------------------------------------------------------------------------------
    def _anew(self, at: Instant) -> Judgement:
        stack = self.stack
        h = self._h = stack.hold(Case.of(self._records), at, self.register, self.applied)
        h.everywhere = stack.regardless or everywhere(h, stack.rulebooks)
        self._units = units_of(stack, h.action)
        self._rows: dict[_Place, tuple[Duty, ...]] = {}
        self._places: dict[int, set[str]] = {}
        self._said: dict[object, Duty] = {}
        self._groups: dict[tuple[str, str], dict[_Place, tuple[Duty, ...]]] = {}
        self._waiting: dict[_Place, Instant] = {}
        self._ids = {r.id for r in self._records}
        self._gone = {r.corrects for r in h.known if r.corrects}
        self._gone.update(target for r in h.known for target in r.links.get("withdraws", ()))
        self._later = min((r.received for r in self._records if r.received > at), default=None)
        days = [r.day for r in h.current]
        self._days = (min(days), max(days)) if days else None
        self._by_root = {h.root(r): r for r in h.current}
        # Two that stand for one record: which of them comes first follows from the kinds of all.
        # What was received before it was done takes effect when only time has passed.
        self._in_turn = len(self._by_root) == len(h.current) and all(r.end <= r.received for r in h.known)
        present = h.by_kind.keys()
        for unit in self._units.units:
            if not unit.kinds or not unit.kinds.isdisjoint(present):
                self._whole(unit)
        return self._judged(at)

    def _plain(self, r: Record, at: Instant) -> bool:
        """Whether a record can be taken in where it stands, and time alone has changed nothing."""
        h, before = self._h, self.judgement
        if r.corrects is not None or r.kind in self._for_all or not self._in_turn or r.end > r.received:
            return False
        if r.received > at or at < before.at or r.id in self._ids or r.id in self._gone:
            return False
        if before.next_change is not None and at >= before.next_change:
            return False
        if self._later is not None and self._later <= at:
            return False
        # Without an opening record the first one stands for the file.
        return bool(h.current) and (h.opened is not None or r.order > h.current[0].order)

    # -- one more ----------------------------------------------------------------------------------------------------------
    def _further(self, r: Record, at: Instant) -> Judgement:
        h, stack = self._h, self.stack
        h.at = at
        _put_in(h, r)
        self._ids.add(r.id)
        self._by_root[r.id] = r
        if self._days is None or not self._days[0] <= r.day <= self._days[1]:
            low, high = self._days or (r.day, r.day)
            self._days = (min(low, r.day), max(high, r.day))
            if not stack.regardless and everywhere(h, stack.rulebooks) is not h.everywhere:
                return self._anew(at)
        targets = [h.root_of.get(i, i) for i in r.links.get("about", ())]
        for unit in self._units.touched(r.kind):
            touch = unit.touch
            if (
                r.kind in touch.all
                or unit.compiled.run is None
                or not touch.apart
                or (unit.compiled.rule.form == "coverage" and not targets and r.kind in h.shape.recordings)
            ):
                self._whole(unit)
                continue
            triggers = self._triggers(unit, r, targets)
            if touch.taken and self._contended(unit, triggers):
                self._whole(unit)
            else:
                self._some(unit, triggers)
        return self._judged(at)

    def _triggers(self, unit: Unit, r: Record, targets: Sequence[str]) -> list[Record]:
        """Return the triggers that a record can bear on: itself, those it is about, those about the same."""
        h, found = self._h, []
        if r.kind in unit.kinds:
            found.append(r)
        if r.kind in unit.touch.about:
            for target in targets:
                t = self._by_root.get(target)
                if t is not None and t.kind in unit.kinds and t is not r:
                    found.append(t)
                if unit.touch.beside:
                    found += [x for x in h.linked.get(target, ()) if x.kind in unit.kinds and x is not r]
        if len(found) > 1:
            found = sorted({t.id: t for t in found}.values(), key=BY_ORDER)
        return found

    def _contended(self, unit: Unit, triggers: Sequence[Record]) -> bool:
        """Whether a record that meets one trigger could have met another: then which one it meets depends on all of them."""
        h = self._h
        for t in triggers:
            for x in h.linked.get(h.root(t), ()):
                if x.kind in unit.touch.taken and len(x.links.get("about", ())) > 1:
                    return True
        return False

    # -- rows --------------------------------------------------------------------------------------------------------------
    def _whole(self, unit: Unit) -> None:
        h, c = self._h, unit.compiled
        rows: Rows = []
        h.next_due = None
        h.gaps.pop(c.rule.ref, None)
        if c.run_all is not None:
            c.run_all(h, rows)
        elif c.run is not None and (triggers := h.of_kinds(unit.kinds)):
            c.run(h, triggers, rows)
        by_trigger: dict[str, list[Duty]] = {}
        for d in rows:
            by_trigger.setdefault(d.trigger, []).append(d)
        gone = self._places.get(unit.number)
        if gone is not None:
            for trigger in gone.difference(by_trigger):
                self._set(unit, trigger, _NONE)
        for trigger, mine in by_trigger.items():
            self._set(unit, trigger, tuple(mine))
        # A duty that is not asked for yet has no row: its moment is known of the rule as a whole.
        waits = (unit.number, "*")
        self._waiting.pop(waits, None)
        begins = _next_due(h)
        if c.rule.waits is not None and begins is not None:
            self._waiting[waits] = begins

    def _some(self, unit: Unit, triggers: Sequence[Record]) -> None:
        h, c = self._h, unit.compiled
        if not triggers or c.run is None:
            return
        ids = {t.id for t in triggers}
        known = h.gaps.get(c.rule.ref)
        if known:
            h.gaps[c.rule.ref] = [g for g in known if g[0].id not in ids]
        rows: list[Duty] = []
        c.run(h, triggers, rows)
        if len(triggers) == 1:
            self._set(unit, triggers[0].id, tuple(rows))
            return
        for t in triggers:
            self._set(unit, t.id, tuple([d for d in rows if d.trigger == t.id]))

    def _set(self, unit: Unit, trigger: str, rows: tuple[Duty, ...]) -> None:
        """Put the rows of one trigger in the place of those that stood there."""
        place = (unit.number, trigger)
        before = self._rows.get(place, _NONE)
        if before == rows:
            return
        if rows:
            self._rows[place] = rows
            self._places.setdefault(unit.number, set()).add(trigger)
            due = min([d.due for d in rows if d.status == "due" and d.due is not None], default=None)
            if due is None:
                self._waiting.pop(place, None)
            else:
                self._waiting[place] = due
        else:
            self._rows.pop(place, None)
            self._places.get(unit.number, set()).discard(trigger)
            self._waiting.pop(place, None)
        if unit.shared:
            self._stack(place, before, rows)
            return
        for n in range(max(len(before), len(rows))):
            if n < len(rows):
                self._said[place, n] = rows[n]
            else:
                del self._said[place, n]

    def _stack(self, place: _Place, before: Sequence[Duty], rows: Sequence[Duty]) -> None:
        """Stack the rows of one trigger with those of the rules that have the same duty."""
        new: dict[tuple[str, str], tuple[Duty, ...]] = {}
        for d in before:
            new[d.rule.duty, d.root + d.note] = _NONE
        for d in rows:
            key = (d.rule.duty, d.root + d.note)
            new[key] = (*new.get(key, _NONE), d)
        for key, mine in new.items():
            group = self._groups.setdefault(key, {})
            if mine:
                group[place] = mine
            else:
                group.pop(place, None)
            same = [d for p in sorted(group) for d in group[p]]
            if same:
                self._said[key] = same[0] if len(same) == 1 else stricter(same)
            else:
                del self._said[key], self._groups[key]

    def _judged(self, at: Instant) -> Judgement:
        h, stack = self._h, self.stack
        nxt = min(self._waiting.values(), default=None)
        return Judgement(
            tuple(self._said.values()), at, stack.next_period(h, nxt), stack.not_asked(h), stack.calendar.version
        )


def _next_due(h: Held) -> Instant | None:
    return h.next_due


def _put_in(h: Held, r: Record) -> None:
    """Add one record to a file as held: what was found for the file as a whole is forgotten."""
    h.known.append(r)
    if h.current is not h.known:
        insort(h.current, r, key=BY_ORDER)
    else:
        h.current.pop()
        insort(h.current, r, key=BY_ORDER)
    kind = r.kind
    insort(h.by_kind.setdefault(kind, []), r, key=BY_ORDER)
    for target in r.links.get("about", ()):
        insort(h.linked.setdefault(h.root_of.get(target, target), []), r, key=BY_ORDER)
    for kinds, listed in h.groups.items():
        if kind in kinds:
            insort(listed, r, key=BY_ORDER)
    h.marks.clear()
    h.scratch.clear()
    h.signed.clear()
    for subject in (h.shape.opens.get(kind), h.shape.closes.get(kind)):
        if subject is not None:
            h.subjects_cache.pop(subject, None)
            h.closers_cache.pop(subject, None)
