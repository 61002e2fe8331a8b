"""A stack of rulebooks (规则组), compiled once and asked for every case: obligations, gates, warnings, what is not asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from liuhen.engines.rulebook.captured import as_captured
from liuhen.engines.rulebook.circles import in_a_circle
from liuhen.engines.rulebook.duty import Duty
from liuhen.engines.rulebook.forms.absence import compile_absence
from liuhen.engines.rulebook.forms.content import compile_content
from liuhen.engines.rulebook.forms.coverage import compile_coverage
from liuhen.engines.rulebook.forms.frame import Rows, Run, Workshop
from liuhen.engines.rulebook.forms.order import compile_order
from liuhen.engines.rulebook.forms.response import compile_response
from liuhen.engines.rulebook.forms.retention import compile_retention
from liuhen.engines.rulebook.forms.triggers import RunAll, compile_other
from liuhen.engines.rulebook.held import Held, Register, Shape
from liuhen.engines.rulebook.in_force import Span, everywhere, span_of
from liuhen.engines.rulebook.language import Cite, InvalidRulebook, Rule, Rulebook
from liuhen.engines.rulebook.predicates import Ask, Predicates, both
from liuhen.engines.rulebook.reach import Reach
from liuhen.engines.rulebook.settings import settled_settings
from liuhen.engines.rulebook.stacking import stacked
from liuhen.ground.calendar import Calendar
from liuhen.ground.case import Case
from liuhen.ground.moments import Instant
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Vocabulary

_NO_KINDS: frozenset[str] = frozenset()
MOST_PRESENT = 2_000
_FORMS: dict[str, Callable[[Rule, Workshop], Run]] = {
    "response": compile_response,
    "content": compile_content,
    "order": compile_order,
    "coverage": compile_coverage,
    "retention": compile_retention,
    "absence": compile_absence,
}


class Compiled(NamedTuple):
    """A rule made ready for one group of action types (已编译规则)."""

    rule: Rule
    kinds: frozenset[str]
    run: Run | None
    run_all: RunAll | None
    shop: Workshop


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a stack says of a file at a moment (判断结果).

    Attributes:
        duties: every obligation, unsorted. at: the moment. next_change: the next instant at which anything changes by itself.
        not_asked: rules whose subject does not lie in this file, so that they could not be asked.
        calendar: version of the calendar that counted.
    """

    duties: tuple[Duty, ...]
    at: Instant
    next_change: Instant | None
    not_asked: tuple[Rule, ...]
    calendar: str

    @property
    def faults(self) -> tuple[Duty, ...]:
        """The duties that count against the office (清单：未履行、迟、违反); BZ 51.1, the read model `faults`."""
        return tuple(d for d in self.duties if d.fault)


class _Runs(NamedTuple):
    """What runs for records of some kinds: rules that have their duty alone, and those that share it with another rule."""

    alone: tuple[Run, ...]
    shared: tuple[Run, ...]


class _Asked(NamedTuple):
    """What is asked of files that hold the same kinds: of the records of one kind or of several, and of no record.

    The rules of several kinds that have their duty alone are `alone_of_several`; `shared` are those that share it, each with its
    one kind, or with none and several: which of them comes first counts. not_asked: where the source keeps all.
    """

    alone: tuple[tuple[str, Run], ...]
    alone_of_several: tuple[tuple[frozenset[str], Run], ...]
    shared: tuple[tuple[str, frozenset[str], Run], ...]
    others: tuple[tuple[RunAll, bool], ...]
    not_asked: tuple[Rule, ...]


class _Plan(NamedTuple):
    by_kind: Mapping[str, _Runs]
    several: tuple[tuple[frozenset[str], _Runs], ...]
    others: tuple[tuple[frozenset[str], RunAll, bool], ...]


class Stack:
    """Rulebooks held together (规则组); see `build_stack`."""

    def __init__(
        self,
        rulebooks: Sequence[Rulebook],
        vocabulary: Vocabulary,
        calendar: Calendar,
        settings: Mapping[str, Any],
        regardless: bool,
    ) -> None:
        self.rulebooks = tuple(rulebooks)
        self.vocabulary = vocabulary
        self.calendar = calendar
        self.regardless = regardless
        self.shape = Shape(vocabulary)
        self._plans: dict[str | None, _Plan] = {}
        self._present: dict[tuple[str | None, frozenset[str]], _Asked] = {}
        self.settings = {rb.id: settled_settings(rb, settings) for rb in rulebooks}
        self._predicates = {rb.id: Predicates(self.settings[rb.id], rb.marks, calendar, rb.id) for rb in rulebooks}
        self._compiled: dict[str, list[tuple[frozenset[str], Compiled]]] = {}
        self._by_ref = {r.ref: r for rb in rulebooks for r in rb.rules}
        self._special = self._places()
        self._no_circle()
        for rb in self.rulebooks:
            for rule in rb.rules:
                self._compiled[rule.ref] = self._compile(rb, rule)
        self._by_day = frozenset(
            k for r in self._by_ref.values() if r.trigger.type in ("period", "lapse") for k in r.trigger.kinds
        )
        self._gated: dict[str, tuple[Rule, ...]] = {}
        for rule in self._by_ref.values():
            for kind in self._stands_before(rule) if rule.gate else ():
                self._gated[kind] = (*self._gated.get(kind, ()), rule)
        self._reach = Reach(self._by_ref.values(), self.shape)
        shared = Counter(rule.duty for rule in self._by_ref.values())
        self._shared = frozenset(ref for ref, rule in self._by_ref.items() if shared[rule.duty] > 1)

    def _stands_before(self, rule: Rule) -> frozenset[str]:
        """Return the kinds whose records a gate is asked of: what triggers the rule; what ends the keeping of a thing."""
        if rule.form != "retention":
            return rule.trigger.kinds
        return frozenset(k for part in rule.ended_by for k in part.kinds) or self.shape.disposals

    # -- compiling -------------------------------------------------------------------------------------------------
    def _places(self) -> dict[str, list[Rule]]:
        out: dict[str, list[Rule]] = {}
        for rule in self._by_ref.values():
            for name in rule.takes_the_place_of:
                ref = name if "/" in name else f"{rule.rulebook}/{name}"
                out.setdefault(ref, []).append(rule)
        return out

    def _no_circle(self) -> None:
        """Refuse rules of several texts that take each other's place: together they would ask for nothing."""
        found = in_a_circle({ref: [s.ref for s in specials] for ref, specials in self._special.items()})
        if found:
            rule = self._by_ref[found]
            raise InvalidRulebook("B-017", at=rule.place, rule=rule.id)

    def _span(self, rulebook: Rulebook) -> Span:
        return (lambda h, day: True) if self.regardless else span_of(rulebook)

    def _compile(self, rb: Rulebook, rule: Rule) -> list[tuple[frozenset[str], Compiled]]:
        out = [(rule.actions, self._one(rb, rule, rule.article, rule.cites, None))]
        if rule.also_for is not None and rule.actions:
            extra = rule.also_for
            out.append(
                (
                    extra.actions - rule.actions,
                    self._one(rb, rule, rule.article, (*rule.cites, extra.article), extra.condition),
                )
            )
        return out

    def _one(self, rb: Rulebook, rule: Rule, article: str, cites: Sequence[str], extra: Any) -> Compiled:
        predicates = self._predicates[rb.id]
        condition, asks = predicates.condition(rule.condition), predicates.asked(rule.condition)
        of_the_file = predicates.of_the_file(rule.condition) and predicates.of_the_file(extra)
        if extra is not None:
            second = predicates.condition(extra)
            asks += predicates.asked(extra)
            condition = both(condition, second)
        shop = Workshop(
            self.vocabulary,
            self.calendar,
            self.settings[rb.id],
            {s.id: s.unit for s in rb.settings.values()},
            predicates,
            (Cite(rb.id, article, rb.short), *(Cite(rb.id, c, rb.short) for c in cites)),
            condition,
            asks,
            self._in_place(rule),
            self._span(rb),
            of_the_file,
        )
        if rule.form == "response" and rule.trigger.type != "record":
            return Compiled(rule, frozenset(), None, compile_other(rule, shop), shop)
        return Compiled(rule, rule.trigger.kinds, _FORMS[rule.form](rule, shop), None, shop)

    def _in_place(self, rule: Rule) -> Callable[[Held, Record], bool] | None:
        specials = self._special.get(rule.ref)
        if not specials:
            return None
        asks: list[tuple[frozenset[str], frozenset[str], Ask | None, Ask | None, Callable[[Held, int], bool]]] = []
        for s in specials:
            predicates = self._predicates[s.rulebook]
            rb = next(r for r in self.rulebooks if r.id == s.rulebook)
            asks.append(
                (
                    s.trigger.kinds,
                    s.actions,
                    predicates.condition(s.trigger.where),
                    predicates.condition(s.condition),
                    self._span(rb),
                )
            )

        def taken(h: Held, t: Record) -> bool:
            for kinds, actions, where, condition, span in asks:
                if (
                    t.kind not in kinds
                    or (actions and h.action is not None and h.action not in actions)
                    or not span(h, t.day)
                ):
                    continue
                if (where is None or where(h, t) is True) and (condition is None or condition(h, t) is True):
                    return True
            return False

        return taken

    def _plan(self, action: str | None) -> _Plan:
        plan = self._plans.get(action)
        if plan is None:
            by_kinds: dict[frozenset[str], tuple[list[Run], list[Run]]] = {}
            others: list[tuple[frozenset[str], RunAll, bool]] = []
            for ref in self._compiled:
                shared = ref in self._shared
                for c in self._for_action(ref, action):
                    if c.run_all is not None:
                        others.append((c.rule.trigger.kinds, c.run_all, shared))
                    elif c.run is not None:
                        by_kinds.setdefault(c.kinds, ([], []))[shared].append(c.run)
            ready = {kinds: _Runs(tuple(alone), tuple(shared)) for kinds, (alone, shared) in by_kinds.items()}
            plan = self._plans[action] = _Plan(
                {next(iter(kinds)): runs for kinds, runs in ready.items() if len(kinds) == 1},
                tuple((kinds, runs) for kinds, runs in ready.items() if len(kinds) > 1),
                tuple(others),
            )
        return plan

    def _asked_of(self, action: str | None, present: frozenset[str]) -> _Asked:
        """Return what is asked of a file that holds these kinds; files of one course of things hold the same ones."""
        found = self._present.get((action, present))
        if found is None:
            if len(self._present) >= MOST_PRESENT:
                self._present.clear()
            found = self._present[action, present] = self._asked(self._plan(action), present)
        return found

    def _asked(self, plan: _Plan, present: frozenset[str]) -> _Asked:
        # In the order of their names: the same in every process.
        asked = [(kind, _NO_KINDS, plan.by_kind[kind]) for kind in sorted(present) if kind in plan.by_kind]
        for kinds, runs in plan.several:
            # Of the several kinds of a rule, a file often holds one.
            if here := kinds & present:
                asked.append((min(here), _NO_KINDS, runs) if len(here) == 1 else ("", here, runs))
        return _Asked(
            tuple((kind, run) for kind, _, runs in asked if kind for run in runs.alone),
            tuple((kinds, run) for _, kinds, runs in asked if kinds for run in runs.alone),
            tuple((kind, kinds, run) for kind, kinds, runs in asked for run in runs.shared),
            tuple((run, shared) for kinds, run, shared in plan.others if not kinds or not kinds.isdisjoint(present)),
            self._reach.not_asked(present, None),
        )

    def _for_action(self, ref: str, action: str | None) -> Iterator[Compiled]:
        """Yield a rule as compiled for the cases of an action type; nothing where it does not reach them."""
        for n, (actions, c) in enumerate(self._compiled[ref]):
            if not n if action is None else action in actions or not (actions or n):
                yield c

    # -- asking ----------------------------------------------------------------------------------------------------
    def hold(
        self,
        case: Case,
        at: Instant,
        register: Register = Register.EMPTY,
        applied: Iterable[Record] = (),
        captures: frozenset[str] | None = None,
    ) -> Held:
        """Return the records of a case as known at `at`, indexed."""
        return Held(case.records, at, self.shape, register, applied, captures)

    def judge(
        self,
        case: Case,
        at: Instant,
        *,
        register: Register = Register.EMPTY,
        applied: Iterable[Record] = (),
        captures: frozenset[str] | None = None,
    ) -> Judgement:
        """Return the obligations of a file at a moment (应办事项).

        Args:
            case: the records of one case, or of another subject. at: instant; later received records are not seen.
            register: certificates of officers. applied: recorded decisions to keep applying an expired text.
            captures: the kinds that the source keeps at all; that a record of another kind is not there says nothing.

        Cost: some hundred microseconds for 25 records; see script/bench.
        """
        h = self.hold(case, at, register, applied, captures)
        return self.judge_held(h)

    def judge_held(self, h: Held) -> Judgement:
        """Return the obligations of records already indexed."""
        alone: Rows = []
        shared: Rows = []
        h.everywhere = self.regardless or everywhere(h, self.rulebooks)
        by_kind = h.by_kind
        asked = self._asked_of(h.action, frozenset(by_kind))
        for kind, run in asked.alone:
            run(h, by_kind[kind], alone)
        for kinds, run in asked.alone_of_several:
            run(h, h.of_kinds(kinds), alone)
        for kind, kinds, run in asked.shared:
            run(h, by_kind[kind] if kind else h.of_kinds(kinds), shared)
        for run_all, is_shared in asked.others:
            run_all(h, shared if is_shared else alone)
        # Before stacking: an unknown duty may stand before a due one, and the worst changes when that one's moment comes.
        nxt = self.next_period(h, h.next_due)
        duties = (*alone, *stacked(shared))
        if h.captures is not None:
            duties = tuple(as_captured(d, h.captures) for d in duties)
        not_asked = asked.not_asked if h.captures is None else self.not_asked(h)
        return Judgement(duties, h.at, nxt, not_asked, self.calendar.version)

    def judge_one(self, rule: Rule, h: Held) -> tuple[Duty, ...]:
        """Return the obligations of one rule, unstacked; what it costs does not grow with the other rules of the stack."""
        rows: Rows = []
        h.everywhere = self.regardless or everywhere(h, self.rulebooks)
        source = f"{rule.rulebook}/{rule.trigger.gap_in}"
        if rule.trigger.type == "gap" and source in self._by_ref and source not in h.gaps:
            # The holes are found by the coverage rule that they are in; its own rows are not asked for.
            self.judge_one(self._by_ref[source], h)
        for c in self._for_action(rule.ref, h.action):
            kinds = c.rule.trigger.kinds if c.run is None else c.kinds
            if kinds and kinds.isdisjoint(h.by_kind.keys()):
                continue
            if c.run_all is not None:
                c.run_all(h, rows)
            elif c.run is not None:
                c.run(h, h.of_kinds(kinds), rows)
        return tuple(rows if h.captures is None else (as_captured(d, h.captures) for d in rows))

    def next_period(self, h: Held, nxt: Instant | None) -> Instant | None:
        """Return the next change of a file whose earliest open moment is `nxt`: that, or the next midnight.

        A period or a window that lapses can begin at any midnight.
        """
        if not self._by_day.isdisjoint(h.by_kind.keys()):
            tomorrow = self.calendar.instant(self.calendar.day_at(h.at) + 1)
            return tomorrow if nxt is None else min(nxt, tomorrow)
        return nxt

    def not_asked(self, h: Held) -> tuple[Rule, ...]:
        """Return the rules whose subject does not lie in a file, or whose triggers its source never keeps."""
        return self._reach.not_asked(frozenset(h.by_kind), h.captures)

    def asked_in(self, action: str | None) -> Iterator[tuple[Compiled, bool, tuple[Rule, ...]]]:
        """Yield the rules for an action type: as compiled, whether another rule has the same duty, what takes their place."""
        for ref in self._compiled:
            for c in self._for_action(ref, action):
                yield c, ref in self._shared, tuple(self._special.get(ref, ()))

    def predicates(self, rulebook: str) -> Predicates:
        """Return the conditions of one rulebook at work."""
        return self._predicates[rulebook]

    def compiled(self, rule: Rule, action: str | None) -> Compiled:
        """Return a rule as compiled for an action type."""
        variants = self._compiled[rule.ref]
        for actions, c in variants:
            if action is None or not actions or action in actions:
                return c
        return variants[0][1]

    def replaceable(self, rule: Rule) -> bool:
        """Whether another rule of the stack can take the place of this one."""
        return rule.ref in self._special

    def gates_of(self, kind: str) -> tuple[Rule, ...]:
        """Return the gates that a record of this kind has to pass."""
        return self._gated.get(kind, ())

    def rule(self, ref: str) -> Rule | None:
        """Return a rule by `rulebook/id`."""
        return self._by_ref.get(ref)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule of the stack."""
        return tuple(self._by_ref.values())


def build_stack(
    rulebooks: Iterable[Rulebook],
    vocabulary: Vocabulary,
    calendar: Calendar,
    *,
    settings: Mapping[str, Any] = {},
    regardless_of_dates: bool = False,
) -> Stack:
    """Compile rulebooks into a stack (叠加规则): bureau over province over nation, all asked, the stricter shown.

    Args:
        settings: `setting` or `rulebook/setting` → value, where the office decided another than the rulebook's own.
        regardless_of_dates: judge whatever the dates of the texts (an explicit `--rulebook`).

    Refused: B-017 texts that take each other's place, B-022 an unknown setting, B-023 a value that its unit does not take.
    Cost: some 10 ms a rulebook; keep the stack.
    """
    return Stack(tuple(rulebooks), vocabulary, calendar, settings, regardless_of_dates)
