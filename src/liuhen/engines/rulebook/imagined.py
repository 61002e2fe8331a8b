"""A record as a rule would have had it (设想的记录): of the kind, links, fields and signatures that a part asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from liuhen.engines.rulebook.comparing import daily
from liuhen.engines.rulebook.held import Held
from liuhen.engines.rulebook.language import Compare, Condition, Part, Test
from liuhen.engines.rulebook.predicates import number_in, settled
from liuhen.ground.calendar import Calendar
from liuhen.ground.moments import Instant
from liuhen.ground.record import Actor, Record, Signature
from liuhen.ground.vocabulary import FieldKind, Kind, Vocabulary
from liuhen.ground.words import Words

IMAGINED = "00000000-0000-4000-8000-"
SOMEBODY = "（某人）"
SOMETHING = "（已填写）"
ANOTHER = Words("或者同样可以的其他文书、记录", "or another record that will do as well")


SO_LONG = 10
"""The length that an imagined record gives where its own field says how long."""


@dataclass
class Imagining:
    """Makes records for a file (设想记录); ids are made up, and the same in every process."""

    h: Held
    vocabulary: Vocabulary
    calendar: Calendar
    settings: Mapping[str, Any]
    made: int = field(default=0)

    def id(self) -> str:
        self.made += 1
        return f"{IMAGINED}{self.made:012x}"

    def record(self, part: Part, t: Record, at: Instant, *, length: Instant = 0, names: str = "") -> Record | None:
        """Return a record that meets a part for the trigger `t`, done at an instant; None where no such one can be thought of.

        `length`: how long an interval lasts; `names`: who is named in the field of that name, as `field=name`.
        """
        if part.any:
            return self.record(part.any[0], t, at, length=length, names=names)
        h, kind = self.h, self.kind(part)
        done = self.calendar.local(at)
        links: dict[str, tuple[str, ...]] = {}
        if h.case_root and kind.case != "no":
            links["case"] = (h.case_root,)
        id_ = self.id()
        if part.link == "it":
            links["about"] = (h.root(t),)
        elif part.link not in ("case", ""):
            own = h.subject_of(part.link, t)
            role = "about" if part.link == "act" else part.link
            if part.other:
                links[role] = (id_,)
            elif own is not None:
                links[role] = (own,)
        content: dict[str, Any] = {}
        if part.where is not None and not self.fill(content, part.where, t, done, kind.fields):
            return None
        for limit in (part.wait, part.at_most):
            if limit is not None and limit.field in kind.fields:
                content.setdefault(limit.field, SO_LONG)
        if part.same:
            content[part.same] = h.field(t, part.same)
        key, _, name = names.partition("=")
        if key in kind.fields:
            content[key] = [{"name": name}] if kind.fields[key].type == "persons" else [name]
        # A class that acts and signs in every role that the part asks for.
        by = tuple(Actor(role, name or SOMEBODY) for role in part.by[:1])
        signatures = tuple(Signature(role, SOMEBODY) for role in part.approved_by[:1])
        until = done + timedelta(microseconds=length) if kind.interval else None
        return Record(id_, "", kind.id, done, until=until, by=by, links=links, content=content, signatures=signatures)

    def kind(self, part: Part) -> Kind:
        """Return the kind offered of those that will do: one that such cases have, and one that most texts know, first."""
        kinds, action = self.vocabulary.kinds, self.h.action

        def order(name: str) -> tuple[bool, bool, str]:
            kind = kinds[name]
            return bool(kind.actions) and action not in kind.actions, not kind.core, name

        return kinds[min(part.kinds, key=order)]

    def fill(
        self, content: dict[str, Any], where: Condition, t: Record, day: datetime, fields: Mapping[str, FieldKind]
    ) -> bool:
        """Fill in fields so that a condition on them holds; False where this is not known how."""
        tests = where.tests[:1] if where.any else where.tests
        for test in tests:
            if isinstance(test, Condition):
                if not self.fill(content, test, t, day, fields):
                    return False
            elif test.compare is None or test.key not in fields:
                return False
            else:
                value = self.value(test.compare, fields[test.key], content.get(test.key), day, content, t)
                if value is NotImplemented:
                    return False
                content[test.key] = value
        return True

    def value(
        self, compare: Compare, kind: FieldKind, held: Any, day: datetime, content: Mapping[str, Any], t: Record
    ) -> Any:
        """Return a value with which a comparison holds; NotImplemented where none is known."""
        op, wanted = compare.op, settled(None, compare, self.settings)
        if compare.field:
            beside: Mapping[str, Any] = content
            if compare.kinds:
                before = [r for r in self.h.of_kinds(compare.kinds) if r.order < t.order]
                beside = before[-1].content if before else {}
            wanted = beside.get(compare.field)
            if compare.percent:
                said = daily(wanted, compare.percent, [content.get(d) for d in compare.days], self.calendar)
                wanted = _plain(Decimal(said), kind) if said is not None else None
            if wanted is None or compare.plus is not None:
                return NotImplemented
            if compare.times != 1:
                number = number_in(wanted)
                if number is None:
                    return NotImplemented
                wanted = _plain(number * compare.times, kind)
        listed = kind.type in ("choices", "texts")
        if op == "filled":
            return self.sample(kind, day, t) if wanted else None
        if op in ("is", "at_least", "at_most"):
            return [wanted] if listed else wanted
        if op == "one_of":
            return [wanted[0]] if listed else wanted[0]
        if op == "contains":
            return [*(held or []), wanted] if listed else wanted
        if op == "is_not":
            other: Any = next((v for v in kind.values if v != wanted), NotImplemented)
            if kind.type == "boolean":
                other = not wanted
            elif other is NotImplemented and kind.type in ("text", "long_text"):
                other = SOMETHING
            return [other] if listed and other is not NotImplemented else other
        number = number_in(wanted)
        step = 1 if op == "more_than" else -1
        if number is not None:
            return _plain(number + step, kind)
        try:
            return (date.fromisoformat(str(wanted)) + timedelta(days=step)).isoformat()
        except ValueError:
            return NotImplemented

    def sample(self, kind: FieldKind, day: datetime, t: Record) -> Any:
        """Return something that a field takes: that it is filled is all that is asked."""
        choice = next(iter(kind.values), SOMETHING)
        return {
            "integer": 1, "amount": 1, "decimal": "1", "boolean": True, "date": day.date().isoformat(),
            "moment": day.isoformat(), "time": "09:00", "choice": choice, "choices": [choice], "texts": [SOMETHING],
            "persons": [{"name": SOMEBODY}], "digest": "0" * 64, "record": t.id,
            "segments": [{"from": day.isoformat(), "until": day.isoformat()}],
        }.get(kind.type, SOMETHING)  # fmt: skip

    def told(self, part: Part) -> Words | None:
        """Return what the record must say beside its kind: fields with values, and in which role somebody stands behind it."""
        one = part.any[0] if part.any else part
        kind = self.kind(one)
        said = [ANOTHER] if len(one.kinds) > 1 else []
        said += _tests(one.where, kind.fields) if one.where is not None else []
        said += [self.vocabulary.words("roles", r) for r in (*one.by[:1], *one.approved_by[:1])]
        return joined(said) if said else None


def joined(words: Sequence[Words]) -> Words:
    """Return words in a row."""
    return Words("、".join(w.zh for w in words), ", ".join(w.en for w in words))


def actual(field: Words) -> Words:
    """Return that a field says what was really so, where any of several values would do."""
    return Words(f"写明实际的{field.zh}", f"the actual {field.en} stated")


def value_words(kind: FieldKind, value: Any) -> Words | None:
    """Return a value as people say it: a choice by its name, a short text or number itself; None where that says little."""
    if isinstance(value, list):
        inner = [w for v in value if (w := value_words(kind, v))]
        return joined(inner) if inner else None
    if isinstance(value, bool):
        return Words("是", "yes") if value else Words("否", "no")
    if isinstance(value, str) and value in kind.values:
        return kind.values[value]
    if value in (SOMETHING, SOMEBODY) or not isinstance(value, (str, int)) or len(str(value)) > 40:
        return None
    return Words(str(value), str(value))


def field_words(kind: FieldKind, value: Any) -> Words:
    """Return a field with its value."""
    said = value_words(kind, value)
    if said is None:
        return Words(f"写明{kind.words.zh}", f"{kind.words.en} stated")
    return Words(f"{kind.words.zh}：{said.zh}", f"{kind.words.en}: {said.en}")


def _tests(where: Condition, fields: Mapping[str, FieldKind]) -> list[Words]:
    out = []
    for test in where.tests[:1] if where.any else where.tests:
        if isinstance(test, Test) and test.compare is not None and test.key in fields:
            value = test.compare.value
            if test.compare.op == "one_of":
                if len(value) > 1:
                    # Any of several would do: which one it was is for who was there to say.
                    out.append(actual(fields[test.key].words))
                    continue
                value = value[0] if value else value
            plain = (
                test.compare.op in ("is", "one_of", "contains") and not test.compare.field and not test.compare.setting
            )
            out.append(field_words(fields[test.key], value if plain else SOMETHING))
    return out


def _plain(number: Decimal, kind: FieldKind) -> Any:
    return int(number) if kind.type in ("integer", "amount") else str(number)
