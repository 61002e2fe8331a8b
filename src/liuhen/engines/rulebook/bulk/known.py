"""What the relational form knows of the rule language (已知写法): a rule that says anything else is asked case by case.

An allow-list: whatever a rule, a clause of it or a mark that it looks at says beyond its default has to stand in the list of
its form, else the per-case evaluator asks the rule. A word added to the language later is unknown here without anybody
thinking of it. The list holds no more than what the rules say that the tests hold against the evaluator.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any

from liuhen.engines.rulebook.language import AlsoFor, Compare, Condition, Mark, Part, Rule, Test, Trigger
from liuhen.ground.words import Words

# What says nothing about whom a rule asks for what: names, places, words, weights, examples, and what gates alone look at.
_SILENT: Mapping[type, frozenset[str]] = {
    Rule: frozenset(
        "id rulebook article form title place duty weight attested asks_from gate cure steps reading takes_the_place_of cites "
        "examples".split()
    ),
    Trigger: frozenset({"type"}),
    Part: frozenset({"words"}),
    AlsoFor: frozenset({"article", "entry"}),
    Mark: frozenset({"id", "words", "place", "entries", "answered"}),
}
# Of these the value itself has to be known, not only that there is one.
_TOLD = frozenset("unit extent gaps who start by_end_of each second_of".split())
_LINKS = frozenset({"it", "case"})

_ASKED = "per actions trigger.kinds condition"
_REACHING = "also_for also_for.actions also_for.condition"
CONDITIONS = frozenset(
    """
    part.kinds part.link:it part.link:case part.link:subject part.any part.where part.where.key:field
    condition condition.any condition.key:field condition.key:case condition.key:mark condition.key:has condition.key:has_not
    condition.part trigger.where.key:field trigger.where.key:has_not trigger.where.part
    mark mark.key:record mark.part compare.value compare.setting
    compare.op:filled compare.op:is compare.op:is_not compare.op:one_of compare.op:contains compare.op:at_least compare.op:at_most
    """.split()
)
"""Conditions, and parts that are asked for or looked for: the same in every form."""

FORMS: Mapping[str, frozenset[str]] = {
    "response record": frozenset(
        f"""{_ASKED} trigger.where {_REACHING} then then.shared within within.amount within.unit:hours within.unit:natural_days
        within.unit:working_days within.unit:months within.setting rolls by_field start:last_segment_end start:field any_time
        trigger.first excused excused.by
        extended extended.by extended.by.by extended.limit extended.limit.amount extended.limit.unit:working_days
        stops stops.start stops.until stops.article
        instead instead.by instead.limit instead.limit.unit:natural_days instead.start:field""".split()
    ),
    "response state": frozenset(
        "per actions trigger.kinds trigger.each:subject trigger.where then then.shared any_time".split()
    ),
    "response period": frozenset(
        "per actions trigger.kinds trigger.each:calendar_year trigger.per then by_month_day".split()
    ),
    "response mark": frozenset("trigger.mark then any_time".split()),
    "content record": frozenset(
        f"""{_ASKED} trigger.where {_REACHING} has has.fields has.signatures has.approvals has.officers has.officers_valid
        has.files has.file_role has.names
        has.compares has.compares.field has.compares.times excused excused.by excused.signatures excused.all""".split()
    ),
    "order record": frozenset(f"{_ASKED} trigger.where need need.by need.latest need.same".split()),
    "coverage record": frozenset(
        f"""{_ASKED} {_REACHING} extent:whole gaps:none gaps:explained explained device who:each_officer_with_device
        excused excused.by""".split()
    ),
    "absence record": frozenset(f"{_ASKED} trigger.where second_of:subject".split()),
}
"""Form and trigger → what a rule of them may say besides its conditions and parts."""


class NotCarried(Exception):
    """What the relational form has no expression for: such a rule is asked case by case, and that is counted."""


def unknown(rule: Rule, marks: Mapping[str, Mark]) -> str:
    """Return the first thing that a rule says and relations do not know, such as `then.other`; "" when they know all."""
    form = f"{rule.form} {rule.trigger.type}"
    if form not in FORMS:
        return form
    known = FORMS[form] | CONDITIONS
    if len(rule.stops) > 1 or any(stop.until is None for stop in rule.stops):
        return "stops"  # several, or one that lasts as long as a record
    if rule.instead is not None and rule.within is not None:
        units = {rule.instead.limit.unit, rule.within.unit}
        if len(units) > 1 and "working_days" in units:
            return "instead.limit.unit"  # how late is told in one unit by the one clock, in another by the other
    if found := next((said for said in said_by(rule, marks) if said not in known), ""):
        return found
    if any(c.field and c.times == 1 and c.op not in ("is", "is_not") for _, c in rule.has.compares):
        return "has.compares.field"  # two fields in their order: dates or numbers, as the fields have it
    return ""


def said_by(rule: Rule, marks: Mapping[str, Mark]) -> Iterator[str]:
    """Yield everything that a rule says, and the marks that it looks at: `within`, `within.unit:hours`, `part.link:it`, …"""
    yield from _of(rule, "")
    names = {rule.trigger.mark} | {
        str(t.compare.value) for t in _tests(rule) if t.key == "mark" and t.compare is not None
    }
    for name in sorted(names - {""}):
        yield from _of(marks[name], "mark")


def _of(value: Any, path: str) -> Iterator[str]:
    """Yield what a clause says; conditions and parts by their own names, wherever they stand."""
    if isinstance(value, Words) or not is_dataclass(value):
        if isinstance(value, (tuple, list)):
            for one in value:
                yield from _of(one, path)
        return
    if isinstance(value, Condition) and path not in ("condition", "trigger.where", "part.where", "mark"):
        path = "condition" if path == "also_for.condition" else "part.where"
    for field in fields(value):
        held = getattr(value, field.name)
        if field.name in _SILENT.get(type(value), ()) or _is_default(field, held):
            continue
        yield from _said(value, field.name, held, path)


def _said(value: Any, name: str, held: Any, path: str) -> Iterator[str]:
    if isinstance(value, Condition):
        # A condition is its tests; that any of them will do is said of it, and so is one inside another.
        yield path if name == "tests" else f"{path}.any"
        yield from _of(held, path)
        return
    if isinstance(value, Mark):
        yield path
        yield from _of(held, path)
        return
    inside = f"{path}.{name}".lstrip(".")
    if isinstance(value, Compare) and (name == "op" or name in ("value", "setting")):
        yield f"compare.op:{held}" if name == "op" else f"compare.{name}"
        return
    if isinstance(value, Test):
        if name == "key":
            yield f"{path}.key:{_sort_of_key(value)}"
        elif name == "part":
            yield f"{path}.part"
            yield from _of(held, "part")
        else:
            yield from _of(held, path)
        return
    if isinstance(value, Part):
        yield from _of_part(name, held, path)
        return
    if name in _TOLD and isinstance(held, str):
        yield f"{inside}:{_sort(name, held)}"
        return
    if name != "trigger":
        yield inside
    yield from _of(held, inside)


def _of_part(name: str, held: Any, path: str) -> Iterator[str]:
    if name == "link":
        yield f"part.link:{held if held in _LINKS else 'subject'}"
    elif name in ("kinds", "any", "where"):
        yield f"part.{name}"
        yield from _of(held, "part.where" if name == "where" else path)
    else:
        # Which of these a form knows differs from place to place.
        yield f"{path}.{name}"
        yield from _of(held, f"{path}.{name}")


def _sort_of_key(test: Test) -> str:
    if test.part is not None or test.key in ("mark", "hour", "day_type"):
        return test.key
    subject, dot, _ = test.key.partition(".")
    if not dot:
        return "field"
    return subject if subject in ("case", "trigger") else "subject"


def _sort(name: str, held: str) -> str:
    """Return a value that is a name of the language; of fields and subjects, which are the vocabulary's, only that it is one."""
    named = {
        "start": ("done_at", "until", "last_segment_end", "trigger"),
        "each": ("calendar_year", "quarter", "month", "working_day"),
        "second_of": ("case",),
    }
    if name not in named or held in named[name]:
        return held
    return "field" if name == "start" else "subject"


def _is_default(field: Any, held: Any) -> bool:
    if field.default is not MISSING:
        return bool(held == field.default)
    if field.default_factory is not MISSING:
        return bool(held == field.default_factory())
    return False


def _tests(rule: Rule) -> Iterator[Test]:
    found: list[Any] = [rule]
    while found:
        value = found.pop()
        if isinstance(value, Test):
            yield value
        if isinstance(value, (tuple, list)):
            found += value
        elif is_dataclass(value) and not isinstance(value, (type, Words)):
            found += [getattr(value, f.name) for f in fields(value) if f.name not in _SILENT.get(type(value), ())]
