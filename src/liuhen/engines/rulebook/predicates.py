"""Conditions at work (条件判断): three-valued, yes, no, or None when a field was never asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from liuhen.engines.rulebook.comparing import (
    Answer,
    after,
    against,
    compared,
    comparing,
    daily,
    empty,
    number_in,
    settled,
)
from liuhen.engines.rulebook.held import BY_ORDER, Held
from liuhen.engines.rulebook.language import Compare, Condition, Mark, Part, Test
from liuhen.ground.calendar import Calendar
from liuhen.ground.record import Record

__all__ = [
    "Answer", "Ask", "Fits", "Predicates", "both", "compared", "day_type", "empty", "number_in", "settled", "with_another",
]  # fmt: skip
Ask = Callable[[Held, Record], Answer]
# (held, record found, trigger) -> whether the record is one that the part asks for
Fits = Callable[[Held, Record, Record], bool]


def with_another(name: str, compare: Compare, calendar: Calendar) -> Ask:
    """Return what says how a field stands to another one: None where either was never answered.

    Where the other field is that of an earlier record and there is none, nothing stands against it: True.
    """
    other, op, times, plus, kinds = compare.field, compare.op, compare.times, compare.plus, compare.kinds

    def ask(h: Held, t: Record) -> Answer:
        beside = t
        if kinds:
            before = [r for r in h.of_kinds(kinds) if r.order < t.order]
            if not before:
                return True
            beside = before[-1]
        held, value = h.field(t, name), h.field(beside, other)
        if compare.percent:
            value = daily(value, compare.percent, [h.field(t, day) for day in compare.days], calendar)
        return after(calendar, held, op, value, plus) if plus is not None else against(held, op, value, times)

    return ask


class Predicates:
    """Compiles conditions of one rulebook into functions of (held, trigger)."""

    def __init__(
        self, settings: Mapping[str, Any], marks: Mapping[str, Mark], calendar: Calendar, rulebook: str
    ) -> None:
        self.settings = settings
        self.marks = marks
        self.calendar = calendar
        self.rulebook = rulebook
        self._keys = {name: f"{rulebook}/{name}" for name in marks}
        self._marks: dict[str, list[tuple[Ask, Condition]]] = {}

    def condition(self, condition: Condition | None) -> Ask | None:
        """Return the condition as a function, or None where there is none."""
        if condition is None:
            return None
        asks = [self._test(t) if isinstance(t, Test) else self.condition(t) for t in condition.tests]
        several = [a for a in asks if a is not None]
        if len(several) == 1:
            return several[0]
        return _any(several) if condition.any else _all(several)

    def asked_by_mark(self, name: str) -> tuple[str, ...]:
        """Return the fields that settle a mark: the one in which a person answers it, else all that its conditions read."""
        mark = self.marks[name]
        if mark.answered is not None:
            return (mark.answered.field,)
        return tuple(dict.fromkeys(field for c in mark.any for field in self.asked(c)))

    def asked(self, condition: Condition | None) -> tuple[str, ...]:
        """Return the fields that a condition reads: what would settle an unknown."""
        if condition is None:
            return ()
        out: list[str] = []
        for test in condition.tests:
            if isinstance(test, Condition):
                out += self.asked(test)
            elif test.part is not None:
                for part in test.part.any or (test.part,):
                    out += self.asked(part.where)
            elif test.key == "mark" and test.compare is not None:
                out += self.asked_by_mark(test.compare.value)
            else:
                out.append(test.key)
        return tuple(dict.fromkeys(out))

    def of_the_file(self, condition: Condition | None) -> bool:
        """Whether a condition asks of the file alone, so that it answers the same for each of its records."""
        if condition is None:
            return True
        for test in condition.tests:
            if isinstance(test, Condition):
                if not self.of_the_file(test):
                    return False
            elif test.part is not None:
                if any(part.link not in ("case", "") for part in _leaves(test.part)):
                    return False
            elif test.key != "mark" and not test.key.startswith("case."):
                return False
        return True

    def _test(self, test: Test) -> Ask:
        key = test.key
        if test.part is not None:
            exists = self.exists(test.part)
            if key == "has_not":
                return lambda h, r: _not(exists(h, r))
            return exists
        assert test.compare is not None
        if key == "mark":
            name = test.compare.value
            return lambda h, r: self.mark(name, h)[0]
        value = settled(None, test.compare, self.settings)
        op, other, times = test.compare.op, test.compare.field, test.compare.times
        if key == "hour":
            return lambda h, r: compared(_hour(r), op, value)
        if key == "day_type":
            return lambda h, r: day_type(self.calendar, r.day, value)
        if key == "trigger.precision":
            return lambda h, r: compared(r.precision, op, value)
        subject, dot, name = key.partition(".")
        if not dot:
            if other:
                if test.compare.plus is None and not test.compare.kinds and not test.compare.percent:
                    return lambda h, r: against(h.field(r, key), op, h.field(r, other), times)
                return with_another(key, test.compare, self.calendar)
            return _field_ask(key, op, value)
        if subject == "case":
            return _once_a_file(_case_ask(name, op, value), f"case.{name} {op} {value!r}")

        def ask(h: Held, r: Record) -> Answer:
            root = h.subject_of(subject, r)
            for opening, _ in h.subjects(subject):
                if h.root(opening) == root:
                    return compared(h.field(opening, name), op, value)
            return None

        return ask

    def fits(self, part: Part) -> Fits | None:
        """Return whether a record is one that the part asks for, its kind and link apart; None where nothing else is asked."""
        where = self.condition(part.where)
        by, approved = part.by, part.approved_by
        still_open = part.open
        if where is None and not by and not approved and not still_open:
            return None

        def fits(h: Held, r: Record, t: Record) -> bool:
            if still_open and not _is_open(h, r):
                return False
            return (where is None or where(h, r) is True) and _made_by(r, by, approved)

        return fits

    def exists(self, part: Part) -> Ask:
        """Return a function that says whether such a record stands in the same subject (any time)."""
        inner = [self.exists(p) for p in part.any]
        if inner:
            return _any(inner)
        matching = self._matching(part)

        def ask(h: Held, r: Record) -> Answer:
            unknown, found = matching(h, r)
            if len(found) >= part.at_least:
                return True
            if h.captures is not None and part.kinds.isdisjoint(h.captures):
                return None
            return None if unknown + len(found) >= part.at_least else False

        return ask

    def _matching(self, part: Part) -> Callable[[Held, Record], tuple[int, Sequence[Record]]]:
        """Return a function that gives the records that a part asks for, and how many more may be ones."""
        where = self.condition(part.where)
        kinds, link, other = part.kinds, part.link, part.other
        same = link not in ("it", "case", "")
        by, approved, still_open = part.by, part.approved_by, part.open
        if not same and not by and not approved and not still_open:
            return _where_alone(kinds, link == "it", where)

        def matching(h: Held, r: Record) -> tuple[int, list[Record]]:
            unknown, found = 0, []
            for one in h.about(h.root(r), kinds) if link == "it" else h.of_kinds(kinds):
                if same and (h.subject_of(link, one) == h.subject_of(link, r)) is other:
                    continue
                if not _made_by(one, by, approved) or (still_open and not _is_open(h, one)):
                    continue
                answer = True if where is None else where(h, one)
                if answer is None:
                    unknown += 1
                elif answer:
                    found.append(one)
            return unknown, found

        return matching

    def mark(self, name: str, h: Held) -> tuple[Answer, Record | None]:
        """Return whether a mark is true of this file, and the earliest record that makes it so; asked once a file."""
        key = self._keys[name]
        found: tuple[Answer, Record | None] | None = h.marks.get(key)
        if found is None:
            found = h.marks[key] = self._mark(name, h)
        return found

    def _mark(self, name: str, h: Held) -> tuple[Answer, Record | None]:
        if name not in self._marks:
            compiled = [self.condition(c) for c in self.marks[name].any]
            self._marks[name] = [(a, c) for a, c in zip(compiled, self.marks[name].any, strict=True) if a is not None]
        if h.opened is None and not h.current:
            return False, None
        here = h.opened if h.opened is not None else h.current[0]
        unknown, earliest = False, None
        for ask, condition in self._marks[name]:
            answer = ask(h, here)
            if answer is None:
                unknown = True
            elif answer:
                witness = self._witness(condition, h, here)
                if earliest is None or witness.order < earliest.order:
                    earliest = witness
        if earliest is not None:
            return True, earliest
        return (None if unknown else False), None

    def _witness(self, condition: Condition, h: Held, here: Record) -> Record:
        """Return the record with which a condition that holds began to hold: the last of all, the first of any."""
        found: list[Record] = []
        for test in condition.tests:
            if isinstance(test, Condition):
                ask = self.condition(test)
                if ask is None or ask(h, here) is True:
                    found.append(self._witness(test, h, here))
            elif test.part is not None and test.key != "has_not":
                firsts = [
                    listed[part.at_least - 1]
                    for part in test.part.any or (test.part,)
                    if len(listed := self._matching(part)(h, here)[1]) >= part.at_least
                ]
                if firsts:
                    found.append(min(firsts, key=BY_ORDER))
            elif not condition.any or self._test(test)(h, here) is True:
                found.append(here)
        if not found:
            return here
        return min(found, key=BY_ORDER) if condition.any else max(found, key=BY_ORDER)


def _where_alone(
    kinds: frozenset[str], about: bool, where: Ask | None
) -> Callable[[Held, Record], tuple[int, Sequence[Record]]]:
    """Return what gives the records of some kinds, about the trigger or in the file, on whose fields a condition holds."""
    only = next(iter(kinds)) if len(kinds) == 1 else ""

    def matching(h: Held, r: Record) -> tuple[int, Sequence[Record]]:
        listed: Sequence[Record] | None
        listed = h.about(h.root(r), kinds) if about else h.by_kind.get(only) if only else h.of_kinds(kinds)
        if not listed:
            return 0, ()
        if where is None:
            return 0, listed
        unknown, found = 0, []
        for one in listed:
            answer = where(h, one)
            if answer:
                found.append(one)
            elif answer is None:
                unknown += 1
        return unknown, found

    return matching


def _leaves(part: Part) -> list[Part]:
    return [leaf for one in part.any for leaf in _leaves(one)] if part.any else [part]


def _field_ask(key: str, op: str, value: Any) -> Ask:
    if op == "is":

        def same(h: Held, r: Record) -> Answer:
            held = r.content.get(key)
            if held is None:
                held = h.shape.absent.get((r.kind, key))
                if held is None:
                    return None
            answer: bool = value in held if type(held) is list else held == value
            return answer

        return same
    compare = comparing(op, value)

    def ask(h: Held, r: Record) -> Answer:
        held = r.content.get(key)
        if held is None:
            held = h.shape.absent.get((r.kind, key))
        return compare(held)

    return ask


def _case_ask(name: str, op: str, value: Any) -> Ask:
    compare = comparing(op, value)

    def ask(h: Held, r: Record) -> Answer:
        opened = h.opened
        if opened is None:
            return None
        held = opened.content.get(name)
        if held is None:
            held = h.shape.absent.get((opened.kind, name))
        return compare(held)

    return ask


def _made_by(r: Record, by: tuple[str, ...], approved: tuple[str, ...]) -> bool:
    if by and not any(a.role in by for a in r.by) and not any(s.role in by for s in r.signatures):
        return False
    return not approved or any(s.role in approved for s in r.signatures) or any(a.role in approved for a in r.by)


def _is_open(h: Held, r: Record) -> bool:
    """Whether the subject that a record opened is still open."""
    end = h.closing(h.shape.opens[r.kind], h.root(r))
    return end is None or end > h.at


def _hour(r: Record) -> int | None:
    return None if r.precision == "day" else r.done_at.hour


def day_type(calendar: Calendar, day: int, wanted: str) -> Answer:
    """Whether a local day is working, not_working, a weekend or a public holiday; None in a year not announced yet."""
    if not calendar.is_known(day):
        return None
    if wanted == "working":
        return calendar.is_working(day)
    if wanted == "not_working":
        return not calendar.is_working(day)
    if wanted == "holiday":
        return calendar.holiday(day) is not None
    return not calendar.is_working(day) and (day - 1) % 7 >= 5


def _not(answer: Answer) -> Answer:
    return None if answer is None else not answer


def both(first: Ask | None, second: Ask | None) -> Ask | None:
    """Return what says whether two conditions hold, the second not asked where the first does not; None where there is none."""
    if first is None or second is None:
        return first or second

    def ask(h: Held, r: Record) -> Answer:
        one = first(h, r)
        if one is False:
            return False
        two = second(h, r)
        return False if two is False else None if one is None or two is None else True

    return ask


def _once_a_file(ask: Ask, key: str) -> Ask:
    """Return a test of the case itself that is made once a file, in however many rules it stands; `key` says what is tested."""

    def asked(h: Held, r: Record) -> Answer:
        told = h.marks
        if key not in told:
            told[key] = ask(h, r)
        answer: Answer = told[key]
        return answer

    return asked


def _all(asks: Sequence[Ask]) -> Ask:
    if len(asks) == 2 and (two := both(*asks)) is not None:
        return two

    def ask(h: Held, r: Record) -> Answer:
        out: Answer = True
        for one in asks:
            answer = one(h, r)
            if answer is False:
                return False
            if answer is None:
                out = None
        return out

    return ask


def _any(asks: Sequence[Ask]) -> Ask:
    def ask(h: Held, r: Record) -> Answer:
        out: Answer = False
        for one in asks:
            answer = one(h, r)
            if answer:
                return True
            if answer is None:
                out = None
        return out

    return ask
