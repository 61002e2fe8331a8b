"""On which sides of its time limit the examples of a rule lie (界限两侧的示例)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from liuhen.engines.rulebook.clocks import FIXED_UNITS, due_apart, resolve
from liuhen.engines.rulebook.duty import Duty
from liuhen.engines.rulebook.examples import Example
from liuhen.engines.rulebook.explain import count_of
from liuhen.engines.rulebook.forms.response_clock import given
from liuhen.engines.rulebook.held import Held, Register
from liuhen.engines.rulebook.language import Limit, Rule
from liuhen.engines.rulebook.stack import Stack
from liuhen.ground.calendar import Calendar
from liuhen.ground.case import Case
from liuhen.ground.moments import Instant

# (name of the limit, the first instant that lies beyond it, the moment held against it, the unit)
Held_against = tuple[str, Instant, Instant, str]


@cache
def national() -> Calendar:
    """The calendar that the product ships, read once: examples are written against it."""
    return Calendar.load()


def limits_of(rule: Rule) -> frozenset[str]:
    """Return the time limits of a rule, by name; a limit has two sides, and its examples must stand on both."""
    found = set()
    if rule.within is not None or rule.by_field or rule.by_month_day or rule.by_end_of:
        found.add("within")
    if rule.trigger.every is not None:
        found.add("every")
    for n, part in enumerate(rule.need):
        for one in part.any or (part,):
            found |= {f"need {n} {name}" for name in ("at_least", "at_most") if _limit(one, name) is not None}
    if any(k.limit is not None for k in rule.keep):
        found.add("keep")
    return frozenset(found)


def lopsided(rule: Rule, examples: Iterable[Example], stack: Stack) -> frozenset[str]:
    """Return the limits of a rule that lack an example on the last unit in time, or on the first one beyond it."""
    wanted = {(name, side) for name in limits_of(rule) for side in ("within", "beyond")}
    for example in examples if wanted else ():
        register = Register.of(r for r in example.records if r.kind in stack.shape.certificates)
        h = stack.hold(Case.of(example.records), example.at, register)
        for duty in stack.judge_one(rule, h):
            for name, due, moment, unit in _against(rule, duty, h, stack):
                if _near(stack.calendar, due, moment, unit):
                    wanted.discard((name, "within" if moment < due else "beyond"))
    return frozenset(name for name, _ in wanted)


def _against(rule: Rule, duty: Duty, h: Held, stack: Stack) -> Iterator[Held_against]:
    by_id = {r.id: r for r in h.current}
    found = [by_id[i].instant for i in duty.met_by if i in by_id]
    if rule.trigger.every is not None:
        again = resolve(rule.trigger.every, *_of_settings(stack, rule, h))
        if duty.due is not None:
            yield "every", duty.due, max(found) if found else h.at, again.unit
    elif rule.form in ("response", "coverage"):
        count = count_of(stack, rule, duty, h)
        if count is not None and count.due.at is not None:
            moment = max(found) if duty.status == "met" and found and rule.form == "response" else h.at
            yield "within", count.due.at, moment, count.unit
    elif rule.form == "retention" and duty.due is not None and found:
        yield "keep", duty.due, found[0], "natural_days"
    elif rule.form == "order":
        k = by_id[duty.trigger]
        shop = stack.compiled(rule, h.action).shop
        for n, part in enumerate(rule.need):
            for one in part.any or (part,):
                for name in ("at_least", "at_most"):
                    limit = _limit(one, name)
                    if limit is None:
                        continue
                    limit = resolve(limit, shop.settings, shop.setting_units)
                    for r in h.of_kinds(one.kinds):
                        own = given(h, r, limit)
                        due = due_apart(stack.calendar, r.end, r.end_day, own).at if own is not None else None
                        if due is not None:
                            yield f"need {n} {name}", due, k.instant, limit.unit


def _of_settings(stack: Stack, rule: Rule, h: Held) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    shop = stack.compiled(rule, h.action).shop
    return shop.settings, shop.setting_units


def _limit(part: object, name: str) -> Limit | None:
    found = getattr(part, "wait" if name == "at_least" else "at_most")
    return found if isinstance(found, Limit) else None


def _near(calendar: Calendar, due: Instant, moment: Instant, unit: str) -> bool:
    """Whether a moment lies on the last unit in time or on the first one beyond it."""
    if unit in FIXED_UNITS:
        return due - FIXED_UNITS[unit] <= moment <= due + FIXED_UNITS[unit]
    last, day = calendar.day_at(due - 1), calendar.day_at(moment)
    if day <= last:
        return day == last
    return calendar.working_between(last, day) <= 1 if unit == "working_days" else day == last + 1
