"""What rules read (所读栏目): for each kind of record the fields and links that any of them asks of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from liuhen.engines.rulebook.language import Condition, Mark, Part, Rule, Test
from liuhen.engines.rulebook.stack import Stack

CLOCK_STARTS = frozenset({"done_at", "until", "last_segment_end"})


def parts_of(part: Part) -> tuple[Part, ...]:
    """Return a part's alternatives, or the part itself."""
    return part.any or (part,)


def tests_of(condition: Condition | None) -> Iterator[Test]:
    """Return every test of a condition, nested ones too."""
    for t in condition.tests if condition is not None else ():
        if isinstance(t, Condition):
            yield from tests_of(t)
        else:
            yield t


def fields_of(condition: Condition | None) -> set[str]:
    """Return the fields of the record itself that a condition compares."""
    out: set[str] = set()
    for t in tests_of(condition):
        if t.part is None and t.key not in ("mark", "hour", "day_type") and "." not in t.key:
            out.add(t.key)
            if t.compare is not None and t.compare.field:
                out.add(t.compare.field)
    return out


class Reading:
    """Which kinds some rules of a stack read, and which fields of each (所读): found by walking them once."""

    def __init__(self, stack: Stack, rules: Iterable[Rule]) -> None:
        self.stack = stack
        shape = stack.shape
        self.fields: dict[str, set[str]] = {}
        self.case_fields: set[str] = {"action_type"}
        for kinds in (shape.opens, shape.closes, shape.archives, shape.recordings, shape.interruptions, shape.added):
            self._of(kinds, ())
        self._of(shape.disposals | {"recording.none"} & set(stack.vocabulary.kinds), ())
        self._of(shape.recordings, ("device_type", "media", "holder"))
        for rulebook in stack.rulebooks:
            for mark in rulebook.marks.values():
                self._mark(mark)
        for rule in rules:
            self._rule(rule)
        self._of(shape.case_opening, self.case_fields)
        self.kinds = tuple(sorted(k for k in self.fields if k in stack.vocabulary.kinds))

    def _of(self, kinds: Iterable[str], fields: Iterable[str]) -> None:
        for kind in kinds:
            self.fields.setdefault(kind, set()).update(fields)

    def _mark(self, mark: Mark) -> None:
        for condition in mark.any:
            self._condition(self.stack.shape.case_opening, condition)

    def _condition(self, kinds: Iterable[str], condition: Condition | None) -> None:
        self._of(kinds, fields_of(condition))
        for t in tests_of(condition):
            if t.part is not None:
                self._part(t.part)
            elif "." in t.key and t.key != "trigger.precision":
                subject, _, name = t.key.partition(".")
                if subject == "case":
                    self.case_fields.add(name)
                else:
                    self._of((k for k, s in self.stack.shape.opens.items() if s == subject), (name,))

    def _part(self, part: Part | None) -> None:
        for p in parts_of(part) if part is not None else ():
            self._condition(p.kinds, p.where)
            if p.same:
                self._of(p.kinds, (p.same,))

    def _rule(self, rule: Rule) -> None:
        trigger, kinds = rule.trigger, rule.trigger.kinds
        if trigger.type in ("state", "period"):
            subject = trigger.each if trigger.type == "state" else trigger.per
            kinds = frozenset(k for k, s in self.stack.shape.opens.items() if s == subject)
        for condition in (trigger.where, rule.condition, rule.also_for.condition if rule.also_for else None):
            self._condition(kinds, condition)
        read = {x for x in (rule.by_field, rule.within.field if rule.within else "") if x}
        if rule.start not in CLOCK_STARTS:
            read.add(rule.start)
        read.update(k.start for k in rule.keep if k.start not in ("until", "done_at"))
        read.update(n for names in rule.has.fields for n in names)
        for name, compare in rule.has.compares:
            read.update(x for x in (name, compare.field) if x)
        read.update(p.same for part in rule.need for p in parts_of(part) if p.same)
        if rule.extent == "arrival":
            read.add("arrived_at")
        if rule.who:
            read.add("recorder_holders")
        self._of(kinds, read)
        asked = [*rule.then, *rule.need, *rule.has.parts, *rule.raised_by, rule.has.names, rule.explained]
        asked += [e.by for e in rule.excused]
        if rule.extended:
            asked.append(rule.extended.by)
        asked += [p for s in rule.stops for p in (s.start, s.until) if p is not None]
        if rule.instead:
            asked.append(rule.instead.by)
            if rule.instead.start not in ("done_at", "until"):
                self._of((k for p in parts_of(rule.instead.by) for k in p.kinds), (rule.instead.start,))
        if rule.stand_in:
            asked += [rule.stand_in[0], *rule.stand_in[1]]
        for part in asked:
            self._part(part)
