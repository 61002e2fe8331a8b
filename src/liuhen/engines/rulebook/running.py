"""Running the examples of a rulebook (跑示例): each rule's own cases, and those of carriers that are no rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from liuhen.engines.rulebook.carriers import read_carrier_example
from liuhen.engines.rulebook.duty import Duty, last_moment
from liuhen.engines.rulebook.examples import FLAGS, Example, Expected, read_example
from liuhen.engines.rulebook.held import Register
from liuhen.engines.rulebook.language import Entry, Rule, Rulebook
from liuhen.engines.rulebook.stack import Stack, build_stack
from liuhen.ground.calendar import Calendar
from liuhen.ground.case import Case
from liuhen.ground.vocabulary import Vocabulary
from liuhen.ground.words import Words


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """How one example went (示例结果).

    Attributes:
        expected, got: in the words of the rule language, for whoever writes rules and for programs.
        wanted, found: the duties expected and found, in order; empty where a carrier's example is about none.
        named: what is missing in those found, by its id.
    """

    rule: str
    name: str
    ok: bool
    expected: str
    got: str
    place: str
    side: str
    wanted: tuple[Expected, ...] = ()
    found: tuple[Expected, ...] = ()
    named: Mapping[str, Words] = field(default_factory=dict)


def run_examples(rulebook: Rulebook, vocabulary: Vocabulary, calendar: Calendar) -> list[ExampleResult]:
    """Run every example of a rulebook, judged by it alone and whatever its dates."""
    bench = _Bench(rulebook, vocabulary, calendar)
    out = [bench.example(read_example(e, rule, vocabulary), rule) for rule in rulebook.rules for e in rule.examples]
    for article in rulebook.articles.values():
        for entry in article.entries:
            out += [bench.of_carrier(entry, e) for e in entry.examples]
    return out


def example_result(stack: Stack, example: Example, rule: Rule) -> ExampleResult:
    """Judge one example of a rule by that rule; `stack` has the settings that the example asks for."""
    register = Register.of(r for r in example.records if r.kind in stack.shape.certificates)
    # Each rule by itself: what a person sees stacked would show the worst of several rules here.
    h = stack.hold(Case.of(example.records), example.at, register, captures=example.captures)
    order = {r.id: n for n, r in enumerate(example.records)}
    mine = sorted(stack.judge_one(rule, h), key=lambda d: (d.since, order.get(d.trigger, 0), d.note))
    found = tuple(_found(d, stack.calendar) for d in mine) or (Expected("none"),)
    wanted, got = (" + ".join(map(_said, duties)) for duties in (example.expect, found))
    ok = _same(example, mine, stack.calendar)
    named = {m.id: m.words for d in mine for m in d.missing}
    of = (rule.ref, example.name, ok, wanted, got, example.place, example.side)
    return ExampleResult(*of, example.expect, found, named)


class _Bench:
    def __init__(self, rulebook: Rulebook, vocabulary: Vocabulary, calendar: Calendar) -> None:
        self.rulebook = rulebook
        self.vocabulary = vocabulary
        self.calendar = calendar
        self.rules: Mapping[str, Rule] = {r.id: r for r in rulebook.rules}
        self._stacks: dict[str, Stack] = {}

    def stack(self, settings: Mapping[str, Any]) -> Stack:
        key = repr(sorted(settings.items()))
        if key not in self._stacks:
            self._stacks[key] = build_stack(
                [self.rulebook], self.vocabulary, self.calendar, settings=settings, regardless_of_dates=True
            )
        return self._stacks[key]

    def example(self, example: Example, rule: Rule) -> ExampleResult:
        return example_result(self.stack(example.settings), example, rule)

    def of_carrier(self, entry: Entry, value: Any) -> ExampleResult:
        found = read_carrier_example(entry, value, self.rules, self.vocabulary)
        if found.rule is not None and found.case is not None:
            return self.example(found.case, found.rule)
        got = found.got
        if found.case is not None:
            stack = self.stack(found.case.settings)
            register = Register.of(r for r in found.case.records if r.kind in stack.shape.certificates)
            judged = stack.judge(Case.of(found.case.records), found.case.at, register=register)
            got = f"lists {len(judged.faults)}"
        ref = f"{self.rulebook.id}/{entry.carrier}"
        return ExampleResult(ref, found.name, got == found.expect, found.expect, got, found.place, found.side)


def _same(example: Example, duties: Sequence[Duty], calendar: Calendar) -> bool:
    expected = example.expect
    if expected == (Expected("none"),):
        return not duties
    if not example.many:
        return bool(duties) and all(_fits(expected[0], d, calendar) for d in duties)
    return len(expected) == len(duties) and all(_fits(e, d, calendar) for e, d in zip(expected, duties, strict=True))


def _fits(e: Expected, d: Duty, calendar: Calendar) -> bool:
    if d.status != e.status:
        return False
    if (e.late is not None or d.late is not None) and (d.late is None or e.late != (d.late.amount, d.late.unit)):
        return False
    if e.missing is not None and {m.id for m in d.missing} != e.missing:
        return False
    if e.asks is not None and not e.asks <= set(d.asks):
        return False
    if e.due and (d.due is None or not _due_text(d, calendar).startswith(e.due)):
        return False
    return all(getattr(d, flag) for flag in e.flags)


def _due_text(d: Duty, calendar: Calendar) -> str:
    assert d.due is not None
    last = last_moment(d.due)
    if last == d.due:
        return date.fromordinal(calendar.day_at(d.due - 1)).isoformat()
    return calendar.local(last).isoformat()


def _found(d: Duty, calendar: Calendar) -> Expected:
    return Expected(
        d.status,
        (d.late.amount, d.late.unit) if d.late else None,
        frozenset(m.id for m in d.missing) if d.missing else None,
        frozenset(d.asks) if d.asks else None,
        _due_text(d, calendar) if d.due is not None and d.rule.form != "content" else "",
        tuple(f for f in FLAGS if getattr(d, f)),
        d.note,
    )


def _said(e: Expected) -> str:
    more = [
        f"late {e.late[0]} {e.late[1]}" if e.late else "",
        f"missing [{', '.join(sorted(e.missing))}]" if e.missing is not None else "",
        f"asks [{', '.join(sorted(e.asks))}]" if e.asks else "",
        f"due {e.due}" if e.due else "",
        *e.flags,
        e.note,
    ]
    return " ".join([e.status, *(m for m in more if m)])
