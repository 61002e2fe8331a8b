"""Open questions (待答): which fact was never answered, in which record it is answered, and by whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from liuhen.engines.rulebook.duty import Duty
from liuhen.engines.rulebook.held import Held, Register
from liuhen.engines.rulebook.language import Condition, Rule, Test
from liuhen.engines.rulebook.stack import Compiled, Stack
from liuhen.ground.case import Case
from liuhen.ground.moments import Instant
from liuhen.ground.record import Record
from liuhen.ground.words import Words

# Tests whose answer no field holds: the calendar or the hour of a record would have to say it.
_NO_FIELD = frozenset({"hour", "day_type", "trigger.precision"})


class Question(NamedTuple):
    """One open question (待答事项).

    Attributes:
        words: what is asked, as the field or the mark is called. mark: the mark that stays open with it, "" without one.
        kind: the kind of record that answers it, field: its field. record: id of the record that left it open and is to be
            corrected, "" where none has been made. roles: who answers.
    """

    words: Words
    mark: str
    kind: str
    field: str
    record: str
    roles: tuple[str, ...]


def questions(
    stack: Stack,
    duty: Duty,
    case: Case,
    at: Instant,
    *,
    register: Register = Register.EMPTY,
    applied: tuple[Record, ...] = (),
) -> tuple[Question, ...]:
    """Return what would settle an unknown duty: every open question of its condition; empty for any other duty."""
    if duty.status != "unknown":
        return ()
    h = stack.hold(case, at, register, applied)
    trigger = next((r for r in h.current if r.id == duty.trigger), h.opened)
    found = (q for rule in duty.rules or (duty.rule,) for q in open_questions(stack, rule, h, trigger))
    return tuple(dict.fromkeys(found))


def open_questions(stack: Stack, rule: Rule, h: Held, trigger: Record | None) -> tuple[Question, ...]:
    """Return the open questions of one rule about a trigger: of its trigger's condition, its own, and its mark."""
    if trigger is None:
        return ()
    asking = _Asking(stack, stack.compiled(rule, h.action), h)
    found = [*asking.of(rule.trigger.where, trigger), *asking.of(rule.condition, trigger)]
    if rule.also_for is not None:
        found += asking.of(rule.also_for.condition, trigger)
    if rule.trigger.mark:
        found += asking.of_mark(rule.trigger.mark)
    return tuple(dict.fromkeys(found))


class _Asking:
    def __init__(self, stack: Stack, compiled: Compiled, h: Held) -> None:
        self.kinds = stack.vocabulary.kinds
        self.predicates = compiled.shop.predicates
        self.h = h

    def of(self, condition: Condition | None, trigger: Record, mark: str = "") -> Iterator[Question]:
        """Give the questions that a condition leaves open; none where the rest of it has settled the answer."""
        ask = self.predicates.condition(condition)
        if condition is None or ask is None or ask(self.h, trigger) is not None:
            return
        for test in condition.tests:
            if isinstance(test, Condition):
                yield from self.of(test, trigger, mark)
            else:
                yield from self._test(test, trigger, mark)

    def of_mark(self, name: str) -> Iterator[Question]:
        """Give the questions that leave a mark open: where its rulebook says a person answers it, else of its conditions."""
        if self.predicates.mark(name, self.h)[0] is not None:
            return
        mark = self.predicates.marks[name]
        if mark.answered is not None:
            kind, field, role = mark.answered.kind, mark.answered.field, mark.answered.role
            left_open = [r for r in self.h.by_kind.get(kind, ()) if self.h.field(r, field) is None]
            yield Question(mark.words, name, kind, field, left_open[-1].id if left_open else "", (role,))
            return
        here = self.h.opened if self.h.opened is not None else self.h.current[0]
        for condition in mark.any:
            yield from self.of(condition, here, name)

    def _test(self, test: Test, trigger: Record, mark: str) -> Iterator[Question]:
        ask = self.predicates.condition(Condition((test,)))
        if ask is None or ask(self.h, trigger) is not None or test.key in _NO_FIELD:
            return
        if test.key == "mark" and test.compare is not None:
            yield from self.of_mark(str(test.compare.value))
        elif test.part is not None:
            for part in test.part.any or (test.part,):
                for r in self.h.of_kinds(part.kinds):
                    yield from self.of(part.where, r, mark)
        else:
            subject, dot, field = test.key.rpartition(".")
            yield from self._field(self._opening(subject, trigger) if dot else trigger, field, mark)

    def _opening(self, subject: str, trigger: Record) -> Record | None:
        if subject == "case":
            return self.h.opened
        root = self.h.subject_of(subject, trigger)
        return next((r for r, _ in self.h.subjects(subject) if self.h.root(r) == root), None)

    def _field(self, r: Record | None, field: str, mark: str) -> Iterator[Question]:
        if r is not None and field in self.kinds[r.kind].fields:
            kind = self.kinds[r.kind]
            yield Question(kind.fields[field].words, mark, r.kind, field, r.id, kind.by)
