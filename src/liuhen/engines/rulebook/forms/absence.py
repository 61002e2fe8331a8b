"""The absence form (不得): this never happens; never a second one, never at such an hour or on such a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from liuhen.engines.rulebook.duty import Missing
from liuhen.engines.rulebook.forms.frame import Excuses, Rows, Run, Workshop, row, scoped
from liuhen.engines.rulebook.held import Held
from liuhen.engines.rulebook.language import Rule
from liuhen.engines.rulebook.predicates import day_type
from liuhen.ground.record import Record
from liuhen.ground.words import Words


def forbidden(rule: Rule, shop: Workshop, t: Record) -> bool | None:
    """Whether the hour and the day make this record forbidden; None when the hour or the kind of day is not known.

    An act is forbidden when any part of it falls into the hours, or on such a day.
    """
    answer: bool | None = True
    if rule.hours is not None:
        answer = None if t.precision == "day" else _in_hours(t, *rule.hours)
    if rule.day_type and answer is not False:
        last = min(t.end_day, t.day + 366)
        days = [day_type(shop.calendar, day, rule.day_type) for day in range(t.day, last + 1)]
        on_such = True if True in days else (None if None in days else False)
        answer = on_such if on_such is not True else answer
    return answer


def _in_hours(t: Record, start: int, end: int) -> bool:
    """Whether any minute of a record lies from the hour `start` to before the hour `end`; `end` may lie past midnight."""
    length = (end - start) % 24 or 24
    into = timedelta(hours=(t.done_at.hour - start) % 24, minutes=t.done_at.minute, seconds=t.done_at.second)
    if into < timedelta(hours=length):
        return True
    return t.until is not None and t.until - t.done_at > timedelta(hours=24) - into


def second(rule: Rule, h: Held, t: Record, earlier: Sequence[Record]) -> bool | None:
    """Whether `t` is a further one of its subject beside `earlier`; None when either does not say to which it belongs."""
    if not earlier:
        return False
    mine = h.subject_of(rule.second_of, t)
    others = [h.subject_of(rule.second_of, r) for r in earlier]
    if mine is not None and mine in others:
        return True
    return None if mine is None or None in others else False


def compile_absence(rule: Rule, shop: Workshop) -> Run:
    """Compile an absence rule: a row only for each record that must not be."""
    where = shop.predicates.condition(rule.trigger.where)
    excuses = Excuses(rule.excused, shop.predicates) if rule.excused else None
    asks = tuple(
        dict.fromkeys(
            (
                *shop.predicates.asked(rule.trigger.where),
                *shop.asks,
                *(("hour",) if rule.hours else ()),
                *(("calendar",) if rule.day_type else ()),
                *((rule.second_of,) if rule.second_of not in ("", "case") else ()),
            )
        )
    )

    def run(h: Held, triggers: Sequence[Record], out: Rows) -> None:
        earlier: list[Record] = []
        for t in triggers:
            fits = True if where is None else where(h, t)
            if fits is False:
                continue
            applies = scoped(shop, h, t)
            if applies is False:
                continue
            wrong = forbidden(rule, shop, t)
            if rule.second_of:
                further = second(rule, h, t, earlier)
                earlier.append(t)
                wrong = False if wrong is False or further is False else (None if wrong is None else further)
            if wrong is False:
                continue
            if fits is None or applies is None or wrong is None:
                out.append(row(h, shop, rule, t, "unknown", asks=asks))
                continue
            kind = shop.vocabulary.kinds[t.kind].words
            missing: tuple[Missing, ...] = (
                Missing("forbidden", t.kind, Words(f"不得有：{kind.zh}", f"must not be: {kind.en}"), (t.kind,)),
            )
            if excuses is not None:
                missing, by = excuses.left(h, t, missing)
                if not missing:
                    out.append(row(h, shop, rule, t, "excused", excused_by=by))
                    continue
            out.append(row(h, shop, rule, t, "breached", missing=missing))

    return run
