"""What one more record can touch (一条新记录的影响): for each rule the kinds that bear on one trigger, and those on all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from liuhen.engines.rulebook.forms.frame import OF_THE_CASE
from liuhen.engines.rulebook.held import Shape
from liuhen.engines.rulebook.language import Condition, Part, Rule
from liuhen.engines.rulebook.predicates import Predicates


@dataclass(frozen=True, slots=True)
class Touch:
    """What can touch the duties of one rule (影响范围).

    Attributes:
        about: kinds of which a record bears only on the triggers that it names in `about`.
        all: kinds of which a record can bear on any trigger.
        beside: a record about an act bears also on the triggers that are about the same act.
        apart: each trigger stands by itself, so that a new one changes nothing for the others.
        taken: kinds of the records of which one meets one trigger only (part without `shared`, about the trigger).
    """

    about: frozenset[str]
    all: frozenset[str]
    beside: bool
    apart: bool
    taken: frozenset[str]


def touch_of(rule: Rule, predicates: Predicates, shape: Shape, specials: Iterable[tuple[Rule, Predicates]]) -> Touch:
    """Return what can touch a rule; the rules that take its place (`specials`) with the predicates of their texts.

    Left out is what touches every rule: corrections, withdrawals, what opens, closes or archives the case, certificates, and
    decisions to apply a text on.
    """
    seeking = _Seeking(shape)
    seeking.rule(rule, predicates)
    for special, its in specials:
        seeking.condition(special.trigger.where, its)
        seeking.condition(special.condition, its)
    about, wide = frozenset(seeking.about), frozenset(seeking.all)
    return Touch(
        about - wide,
        wide,
        rule.start == "last_segment_end",
        _apart(rule),
        frozenset(k for p in rule.then if not p.shared for k in _kinds(p)),
    )


def _kinds(part: Part) -> frozenset[str]:
    return frozenset().union(*(_kinds(p) for p in part.any)) if part.any else part.kinds


def _apart(rule: Rule) -> bool:
    """Whether the triggers of a rule are judged one by one, none by what another one has used up or was first to be."""
    if rule.trigger.type != "record" or rule.trigger.first or rule.second_of or rule.waits is not None:
        return False
    return all(p.shared or all(one.link == "it" for one in (p.any or (p,))) for p in rule.then)


class _Seeking:
    """Goes through a rule and collects kinds."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.about: set[str] = set()
        self.all: set[str] = set()
        self.marks: set[str] = set()

    def rule(self, rule: Rule, predicates: Predicates) -> None:
        has = rule.has
        for condition in (rule.trigger.where, rule.condition, rule.also_for.condition if rule.also_for else None):
            self.condition(condition, predicates)
        self.parts(rule.then, predicates)
        self.parts(rule.need, predicates)
        self.parts(has.parts, predicates)
        self.parts(rule.raised_by, predicates)
        self.parts(rule.ended_by, predicates)
        self.parts((rule.explained, rule.trigger.without, has.names), predicates)
        for excuse in rule.excused:
            self.parts((excuse.by, *excuse.beside), predicates)
        if rule.stand_in is not None:
            self.parts((rule.stand_in[0], *rule.stand_in[1]), predicates)
        self.parts((rule.extended.by if rule.extended else None, rule.instead.by if rule.instead else None), predicates)
        for stop in rule.stops:
            self.parts((stop.start, stop.until), predicates)
        self.parts((one.beside for one in has.apart), predicates)
        # What ends a hold is about what raised it, not about the thing.
        for part in rule.released_by:
            self.all |= _kinds(part)
        for _, compare in has.compares:
            self.all |= compare.kinds
        self._engine(rule)
        if rule.trigger.mark:
            self.mark(rule.trigger.mark, predicates)
        if rule.per not in OF_THE_CASE:
            self.subject(rule.per)
        for subject in {rule.trigger.each, rule.trigger.per} if rule.trigger.type != "record" else ():
            self.subject(subject)
        if rule.trigger.type != "record":
            # A state, a period, a lapse, a mark: asked as a whole.
            self.all |= self.about | rule.trigger.kinds

    def _engine(self, rule: Rule) -> None:
        """Add the kinds to which the engine itself gives a meaning."""
        shape, has = self.shape, rule.has
        if has.signatures or has.approvals or has.each_signs:
            self.about |= shape.added
        if rule.form == "coverage":
            self.about |= {*shape.recordings, "recording.none"}
            # An explanation may name the recording in place of the act (`CoverageJudge.unexplained`).
            self.all |= _kinds(rule.explained) if rule.explained is not None else frozenset()
        if rule.form == "retention" and not rule.ended_by:
            self.about |= shape.disposals
        if rule.start == "last_segment_end":
            self.about |= shape.recordings

    def parts(self, parts: Iterable[Part | None], predicates: Predicates) -> None:
        for part in parts:
            if part is None:
                continue
            for one in part.any or (part,):
                (self.about if one.link == "it" else self.all).update(one.kinds)
                self.condition(one.where, predicates)
                if one.of_each:
                    self.subject(one.of_each)
                for kind in one.kinds if one.open else ():
                    self.subject(self.shape.opens.get(kind, ""))

    def condition(self, condition: Condition | None, predicates: Predicates) -> None:
        for test in condition.tests if condition is not None else ():
            if isinstance(test, Condition):
                self.condition(test, predicates)
            elif test.part is not None:
                self.parts((test.part,), predicates)
            elif test.key == "mark" and test.compare is not None:
                self.mark(str(test.compare.value), predicates)
            else:
                subject, dot, _ = test.key.partition(".")
                if dot and subject not in ("case", "trigger"):
                    self.subject(subject)
                if test.compare is not None:
                    self.all |= test.compare.kinds

    def mark(self, name: str, predicates: Predicates) -> None:
        """Add what makes a mark true: it holds of the whole file."""
        if name in self.marks:
            return
        self.marks.add(name)
        inner = _Seeking(self.shape)
        inner.marks = self.marks
        for condition in predicates.marks[name].any:
            inner.condition(condition, predicates)
        self.all |= inner.about | inner.all

    def subject(self, subject: str) -> None:
        """Add what opens or closes a subject; what opens or closes the case asks everything anew."""
        self.all |= {k for k, s in self.shape.opens.items() if s == subject}
        self.all |= {k for k, s in self.shape.closes.items() if s == subject}
