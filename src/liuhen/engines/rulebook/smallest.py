"""The smallest change that would have made a duty lawful (最小改动): looked for form by form, confirmed by judging again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from liuhen.engines.rulebook.duty import Duty
from liuhen.engines.rulebook.edits import Change, Edit, applied, sentence
from liuhen.engines.rulebook.held import Held, Register
from liuhen.engines.rulebook.imagined import IMAGINED
from liuhen.engines.rulebook.mending import mendings
from liuhen.engines.rulebook.stack import Stack
from liuhen.ground.case import Case
from liuhen.ground.moments import Instant
from liuhen.ground.record import Record

# A duty of many parts is mended part by part; what takes more than this is no small change.
MOST_STEPS = 8


def smallest_change(
    stack: Stack,
    duty: Duty,
    case: Case,
    at: Instant,
    *,
    register: Register = Register.EMPTY,
    applied: tuple[Record, ...] = (),
    captures: frozenset[str] | None = None,
) -> Change | None:
    """Return the smallest change of a file with which a late, overdue or breached duty would have been met.

    None for a duty that is none of these, and where no change that we know how to think of makes it lawful. Tried in this
    order: a moment or a link of a record that is there, what a record lacks, a record added, a record left out; the first
    with which the whole stack, asked again, calls the duty met or excused (or, of what must not be, no longer finds it).
    Cost: some judgings of one rule, and one of the whole file.
    """
    if lawful(duty) or duty.status in ("due", "unknown"):
        return None
    return _Search(stack, duty, register, applied, captures).run(case, at)


def lawful(duty: Duty) -> bool:
    """Whether a duty is met in time, or excused."""
    return duty.status in ("met", "excused") and duty.late is None


class _Search:
    def __init__(
        self,
        stack: Stack,
        duty: Duty,
        register: Register,
        known: Sequence[Record],
        captures: frozenset[str] | None,
    ) -> None:
        self.stack = stack
        self.duty = duty
        self.register = register
        self.known = tuple(known)
        self.captures = captures
        self.rules = duty.rules or (duty.rule,)
        # A hole is found by another rule, so the whole stack is asked.
        self.whole = any(rule.trigger.type == "gap" for rule in self.rules)

    def run(self, case: Case, at: Instant) -> Change | None:
        edits: tuple[Edit, ...] = ()
        h, rows = self._asked(case, at)
        for _ in range(MOST_STEPS):
            if self._fixed(rows):
                return Change(edits, at, sentence(edits)) if edits and self._confirmed(case, at) else None
            before, found = _badness(rows), None
            for option in self._options(h, rows):
                changed = applied(case, option)
                then = max([at, *(e.after.received for e in option if e.after is not None)])
                held, asked = self._asked(changed, then)
                if self._fixed(asked) or (found is None and asked and _badness(asked) < before):
                    found = (option, changed, then, held, asked)
                    if self._fixed(asked):
                        break
            if found is None:
                return None
            option, case, at, h, rows = found
            edits += option
        return None

    def _options(self, h: Held, rows: Sequence[Duty]) -> Iterator[tuple[Edit, ...]]:
        wrong = [d for d in rows if not lawful(d)]
        # Of stacked rules one may be unknown beside the one that is broken: first what is broken, then what is open.
        for row in sorted(wrong, key=lambda d: d.status == "unknown"):
            yield from mendings(self.stack, row, h)

    def _asked(self, case: Case, at: Instant) -> tuple[Held, list[Duty]]:
        h = self.stack.hold(case, at, self._register(case), self.known, self.captures)
        if self.whole:
            return h, [d for d in self.stack.judge_held(h).duties if self._same(d)]
        return h, [d for rule in self.rules for d in self.stack.judge_one(rule, h) if self._same(d)]

    def _register(self, case: Case) -> Register:
        """Return the register with the certificates that an edit has added."""
        added = [r for r in case.records if r.id.startswith(IMAGINED) and r.kind in self.stack.shape.certificates]
        return self.register.and_also(Register.of(added)) if added else self.register

    def _same(self, d: Duty) -> bool:
        return (d.duty, d.root, d.note) == (self.duty.duty, self.duty.root, self.duty.note)

    def _fixed(self, rows: Sequence[Duty]) -> bool:
        if not rows:
            return self.duty.rule.form == "absence"
        return all(lawful(d) for d in rows)

    def _confirmed(self, case: Case, at: Instant) -> bool:
        said = self.stack.judge(
            case, at, register=self._register(case), applied=self.known, captures=self.captures
        ).duties
        return self._fixed([d for d in said if self._same(d)])


def _badness(rows: Sequence[Duty]) -> tuple[int, int, int]:
    wrong = [d for d in rows if not lawful(d)]
    return len(wrong), sum(len(d.missing) for d in wrong), sum(d.late.amount for d in wrong if d.late)
