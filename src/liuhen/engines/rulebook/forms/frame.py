"""What every form shares (各形式共用): scope, excuses, statuses, and the row that comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from liuhen.engines.rulebook.duty import Duty, Late, Missing
from liuhen.engines.rulebook.held import BY_ORDER, Held
from liuhen.engines.rulebook.language import Cite, Excuse, Rule
from liuhen.engines.rulebook.parts import EVER as EVER
from liuhen.engines.rulebook.parts import Find, finder
from liuhen.engines.rulebook.predicates import Answer, Ask, Predicates, both
from liuhen.ground.calendar import Calendar
from liuhen.ground.moments import Day, Instant
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Vocabulary

Rows = list[Duty]
_NONE: tuple[Any, ...] = ()
Run = Callable[[Held, Sequence[Record], Rows], None]
new: Callable[..., Duty] = tuple.__new__  # builds the row without the cost of keyword handling; order as in `Duty`


@dataclass(frozen=True)
class Workshop:
    """What a rule is compiled with (编译所需); `of_the_file`: its condition answers the same for each record of a file."""

    vocabulary: Vocabulary
    calendar: Calendar
    settings: Mapping[str, Any]
    setting_units: Mapping[str, str]
    predicates: Predicates
    cites: tuple[Cite, ...]
    condition: Ask | None
    asks: tuple[str, ...]
    in_place: Callable[[Held, Record], bool] | None
    span: Callable[[Held, int], bool]
    of_the_file: bool


class Excuses:
    """The excuses of a rule at work (免予)."""

    def __init__(self, excuses: Sequence[Excuse], predicates: Predicates) -> None:
        self._known: list[tuple[Excuse, Find, list[Find]]] = [
            (e, finder(e.by, predicates), [finder(p, predicates) for p in e.beside]) for e in excuses
        ]

    def left(self, h: Held, t: Record, missing: Sequence[Missing]) -> tuple[tuple[Missing, ...], str]:
        """Return what is still missing after excuses, and the id of the record that excuses."""
        by = ""
        for excuse, find, beside in self._known:
            found = find(h, t, EVER, None)
            if not found or not all(also(h, t, EVER, None) for also in beside):
                continue
            rest = tuple(m for m in missing if not _covers(excuse, m))
            if len(rest) < len(missing):
                by = found[0].id
                missing = rest
        return tuple(missing), by


def _covers(excuse: Excuse, m: Missing) -> bool:
    if excuse.all:
        return True
    if m.what == "signature":
        return bool(excuse.signatures & set(m.id.split("|")))
    if m.what == "field":
        return bool(excuse.fields & set(m.id.split("|")))
    return bool(excuse.kinds & set(m.kinds))


def not_before(r: Record, since: Instant, day: Day) -> bool:
    """Whether a record does not lie before a moment; on the moment's own day a day-precision record can't be shown to."""
    return r.instant >= since or (r.precision == "day" and r.day >= day)


def at_moment(t: Record, moment: Instant, day: Day) -> Record:
    """Return the record as if it had been done at another moment: the start of what follows from a lapse."""
    moved = replace(t)
    for name, value in (("instant", moment), ("end", moment), ("day", day), ("end_day", day)):
        object.__setattr__(moved, name, value)
    return moved


class Ending(NamedTuple):
    """What ended for a trigger (办结与归档): the record that closed its subject, and the one that archived the file."""

    closed: Record | None
    archived: Record | None


_OPEN = Ending(None, None)
OF_THE_CASE = frozenset({"case", "act", "document", "service", "recording"})


def ending(h: Held, rule: Rule, t: Record, since: Instant) -> Ending:
    """Return what ended for this trigger; what was closed or archived before it came did not end it.

    A closing that is itself the trigger ends it at once: that is how a rule asks for what a case must have at all. A case file
    that is the trigger does not: what follows from it could never be met.
    """
    closers = [] if h.closed_by is None else [h.closed_by]
    if rule.per not in OF_THE_CASE:
        root = h.subject_of(rule.per, t)
        if root is not None and (own := h.closer(rule.per, root)) is not None:
            closers.append(own)
    elif not closers:
        return _OPEN
    ended = [c for c in closers if not_before(c, since, t.day)]
    archived = h.archived_by
    if archived is not None and (not not_before(archived, since, t.day) or archived.id == t.id):
        archived = None
    return Ending(min(ended, key=BY_ORDER) if ended else None, archived)


def follows_closing(rule: Rule, limited: bool, vocabulary: Vocabulary) -> bool:
    """Whether what a rule asks follows the record that closes its subject, and no limit says until when (decision 0048).

    It can't be there when that record comes in, so it is due until the end of that day, and overdue from the next.
    """
    if limited or rule.any_time or rule.trigger.type != "record" or rule.waits is not None:
        return False
    ends = {"case"} if rule.per in OF_THE_CASE else {"case", rule.per}
    kinds = [vocabulary.kinds[k] for k in rule.trigger.kinds]
    return any(kind.closes in ends or kind.archives == "case" for kind in kinds)


def closes_its_own(h: Held, rule: Rule, t: Record) -> bool:
    """Whether a trigger is itself the record that closed the case, or the subject that its rule is about."""
    if h.closed_by is not None and h.closed_by.id == t.id:
        return True
    if rule.per in OF_THE_CASE:
        return False
    root = h.subject_of(rule.per, t)
    own = h.closer(rule.per, root) if root is not None else None
    return own is not None and own.id == t.id


def unmet(h: Held, end: Ending, due: Instant | None) -> str:
    """Return the status of what is asked and not there (未履行时的状态).

    With a number: due, then overdue; without: due until its subject closes, then overdue. Breached once the file is archived.
    """
    if due is not None and h.at < due:
        return "due"
    if end.archived is not None:
        return "breached"
    return "overdue" if due is not None or end.closed is not None else "due"


def row(
    h: Held,
    shop: Workshop,
    rule: Rule,
    t: Record,
    status: str,
    *,
    due: Instant | None = None,
    missing: tuple[Missing, ...] = (),
    met_by: tuple[str, ...] = (),
    late: Late | None = None,
    excused_by: str = "",
    asks: tuple[str, ...] = (),
    paused: bool = False,
    provisional: bool = False,
    recorded_after: bool = False,
    marked: bool = False,
    weight: str = "",
    note: str = "",
    since: Instant | None = None,
) -> Duty:
    """Return one row; the subject is the rule's `per`."""
    root = t.id if t.corrects is None else h.root(t)
    subject = (h.case_root if rule.per == "case" else h.subject_of(rule.per, t)) or root
    if status == "due" and due is not None and (h.next_due is None or due < h.next_due):
        h.next_due = due
    return new(
        Duty,
        (
            rule, shop.cites, subject, t.id, root, t.instant if since is None else since, status, due, missing, met_by,
            late, excused_by, asks, paused, provisional, recorded_after, marked, weight or rule.weight, note, (rule,),
        ),
    )  # fmt: skip


# (held, trigger, due moment, the records that meet it) -> the row of a duty that is met in time
Met = Callable[[Held, Record, "Instant | None", "tuple[str, ...]"], Duty]


def met_rows(shop: Workshop, rule: Rule) -> Met:
    """Return what makes the rows of a rule's duties that are met in time: `row` with all that never changes settled before."""
    cites, per, weight, rules = shop.cites, rule.per, rule.weight, (rule,)

    def of_the_case(h: Held, t: Record, due: Instant | None, met_by: tuple[str, ...]) -> Duty:
        root = t.id if t.corrects is None else h.root(t)
        return new(
            Duty,
            (
                rule, cites, h.case_root or root, t.id, root, t.instant, "met",
                due, _NONE, met_by, None, "", _NONE, False, False, False, False, weight, "", rules,
            ),
        )  # fmt: skip

    if per == "case":
        return of_the_case

    def met(h: Held, t: Record, due: Instant | None, met_by: tuple[str, ...]) -> Duty:
        root = t.id if t.corrects is None else h.root(t)
        return new(
            Duty,
            (
                rule, cites, h.subject_of(per, t) or root, t.id, root, t.instant, "met",
                due, _NONE, met_by, None, "", _NONE, False, False, False, False, weight, "", rules,
            ),
        )  # fmt: skip

    return met


# (held, triggers, rows) -> the triggers that the rule applies to
Applying = Callable[[Held, Sequence[Record], Rows], Sequence[Record]]


def applying(rule: Rule, shop: Workshop, *, first: bool = False) -> Applying:
    """Return what gives the triggers of a file that a rule applies to, in their order (适用的触发).

    The row of one of which that is not known is added at once. `first`: of each subject only the first counts.
    """
    where, condition, per = shop.predicates.condition(rule.trigger.where), shop.condition, rule.per
    asks = tuple(dict.fromkeys(shop.predicates.asked(rule.trigger.where) + shop.asks))
    of_all = condition if shop.of_the_file else None
    replaceable = shop.in_place is not None

    def in_scope(h: Held, t: Record) -> Answer:
        return scoped(shop, h, t)

    # What is asked of each: where nothing but the condition can say no, and where the text or another rule in its place can.
    conditions, whole_scope = both(where, condition), both(where, in_scope)

    def applies_to(h: Held, triggers: Sequence[Record], out: Rows) -> Sequence[Record]:
        ask = conditions
        if replaceable or not h.everywhere:
            ask = whole_scope
        elif of_all is not None:
            answer = of_all(h, triggers[0])
            if answer is False:
                return _NONE
            if answer:
                ask = where
        if first:
            triggers = _firsts(h, per, triggers, where)
        if ask is None:
            return triggers
        found: list[Record] = []
        for t in triggers:
            answer = ask(h, t)
            if answer:
                found.append(t)
            elif answer is None:
                out.append(row(h, shop, rule, t, "unknown", asks=asks))
        return found

    if conditions is None and not first and not replaceable:
        return lambda h, triggers, out: triggers if h.everywhere else applies_to(h, triggers, out)
    return applies_to


def _firsts(h: Held, per: str, triggers: Sequence[Record], where: Ask | None) -> list[Record]:
    """Return the first trigger of each subject, and those of which is not known whether they are triggers."""
    found: list[Record] = []
    seen: set[str] = set()
    for t in triggers:
        fits = True if where is None else where(h, t)
        if fits is False:
            continue
        if fits:
            subject = h.subject_of(per, t) or ""
            if subject in seen:
                continue
            seen.add(subject)
        found.append(t)
    return found


def scoped(shop: Workshop, h: Held, t: Record) -> Answer:
    """Return whether the rule applies to this trigger: in force that day, condition true, no special rule in its place."""
    if not h.everywhere and not shop.span(h, t.day):
        return False
    if shop.in_place is not None and shop.in_place(h, t):
        return False
    return True if shop.condition is None else shop.condition(h, t)
