"""Plain words for what a rule says (规则用语): kinds, conditions, parts, limits, in zh and en, from vocabulary and rulebook."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any

from liuhen.engines.rulebook.language import Compare, Condition, Limit, Part, Rulebook, Test
from liuhen.ground.vocabulary import FieldKind, Vocabulary
from liuhen.ground.words import Words


@cache
def phrases() -> Mapping[str, Words]:
    """Return the sentences of `saying.toml`, by name; read once."""
    text = resources.files(__package__).joinpath("saying.toml").read_text(encoding="utf-8")
    return {name: Words(entry["zh"], entry["en"]) for name, entry in tomllib.loads(text).items()}


def say(phrase: str, /, **parts: Words | str | int) -> Words:
    """Return a phrase with its places filled; words go in their own language."""
    found = phrases()[phrase]
    return Words(
        found.zh.format(**{k: v.zh if isinstance(v, Words) else v for k, v in parts.items()}),
        found.en.format(**{k: v.en if isinstance(v, Words) else v for k, v in parts.items()}),
    )


def joined(words: Iterable[Words], by: str = "and") -> Words:
    """Return several words as one, the same ones once: `and`, `or`, `both`, `either` as the phrases say."""
    listed, sign = list(dict.fromkeys(words)), phrases()[by]
    return Words(sign.zh.join(w.zh for w in listed), sign.en.join(w.en for w in listed))


class Saying:
    """Says in plain words what a rulebook's clauses mean (用语); settings with the value that the rulebook gives them."""

    def __init__(self, rulebook: Rulebook, vocabulary: Vocabulary) -> None:
        self.rulebook = rulebook
        self.vocabulary = vocabulary
        self._families: dict[str, frozenset[str]] = {
            family: frozenset(k.id for k in vocabulary.kinds.values() if k.family == family)
            for family in ("document", "act")
        }

    def kinds(self, kinds: frozenset[str]) -> Words:
        """Return the names of kinds; those of a whole family or group by its name."""
        left, said = set(kinds), []
        for family in ("document", "act"):
            if (members := self._families[family]) <= left:
                said.append(phrases()[f"family_{family}"])
                left -= members
        groups = sorted(self.vocabulary.groups.items(), key=lambda g: (-len(g[1]), g[0]))
        for name, members in groups:
            if len(members) > 1 and members <= left:
                said.append(self.vocabulary.words("groups", name))
                left -= members
        said += [self.vocabulary.kinds[k].words for k in sorted(left) if k in self.vocabulary.kinds]
        return joined(said, "or")

    def roles(self, roles: Iterable[str], by: str = "or") -> Words:
        """Return the names of roles."""
        return joined((self.vocabulary.words("roles", r) for r in roles), by)

    def subject(self, subject: str) -> Words:
        """Return the name of a sort of subject; what is none (a document, an act) goes as a case."""
        known = self.vocabulary.terms["subjects"]
        return known.get(subject) or known["case"]

    def actions(self, actions: Iterable[str]) -> Words:
        """Return the names of action types."""
        return joined(self.vocabulary.words("action_types", a) for a in sorted(actions))

    def limit(self, limit: Limit, kinds: frozenset[str] = frozenset()) -> Words:
        """Return a length of time; `kinds`: whose field may say it."""
        if limit.rolls:
            return say("length_rolls", length=self.limit(replace(limit, rolls=False), kinds))
        if limit.field:
            return say("length_in", field=self.field_name(limit.field, kinds))
        if limit.setting:
            setting = self.rulebook.settings[limit.setting]
            unit = self.vocabulary.words("units", setting.unit)
            return say("length_set", amount=str(setting.value), unit=unit)
        return say("length", amount=limit.amount, unit=self.vocabulary.words("units", limit.unit))

    def field(self, name: str, kinds: Iterable[str]) -> FieldKind | None:
        """Return the field of that name among kinds, or of any kind at all."""
        known = self.vocabulary.kinds
        for kind in sorted(kinds) or sorted(known):
            if kind in known and name in known[kind].fields:
                return known[kind].fields[name]
        return None

    def field_name(self, name: str, kinds: Iterable[str] = ()) -> Words:
        """Return the words of a field; its identifier where no kind has it."""
        found = self.field(name, kinds)
        return found.words if found is not None else Words(name, name)

    def part(self, part: Part) -> Words:
        """Return what a part asks for."""
        if part.words is not None:
            said = part.words
        elif part.any:
            said = joined((self.part(p) for p in part.any), "either")
        else:
            said = self._plain_part(part)
        return self._weighed(said, part)

    @staticmethod
    def _weighed(said: Words, part: Part) -> Words:
        weight = f"weight_{part.weight}"
        return say("part_weight", part=said, weight=phrases()[weight]) if part.weight not in ("", "duty") else said

    def spelled(self, part: Part) -> Words:
        """Return what a part asks for in full, also where the rulebook has a shorter name for it."""
        said = joined((self.spelled(p) for p in part.any), "either") if part.any else self._plain_part(part)
        return self._weighed(said, part)

    def parts(self, parts: Sequence[Part], by: str = "and") -> Words:
        """Return several parts."""
        return joined((self.part(p) for p in parts), by)

    def _plain_part(self, part: Part) -> Words:
        said = self.kinds(part.kinds)
        if part.where is not None:
            said = say("part_where", kinds=said, where=self.condition(part.where, part.kinds))
        if part.by:
            said = say("part_by", roles=self.roles(part.by), part=said)
        if part.approved_by:
            said = say("part_approved", roles=self.roles(part.approved_by), part=said)
        if part.link not in ("", "it", "case") and part.link in self.vocabulary.terms["subjects"]:
            said = say("part_other" if part.other else "part_same", subject=self.subject(part.link), part=said)
        if part.open:
            said = say("part_open", part=said)
        if part.latest:
            said = say("part_latest", part=said)
        if part.at_least > 1:
            said = say("part_count", part=said, n=part.at_least)
        if part.one_for_every:
            said = say("part_ratio", part=said, n=part.one_for_every, subject=self.subject(part.of_each))
        if part.same:
            said = say("part_matching", part=said, field=self.field_name(part.same, part.kinds))
        if part.wait is not None:
            said = say("part_wait", part=said, limit=self.limit(part.wait, part.kinds))
        if part.at_most is not None:
            said = say("part_at_most", part=said, limit=self.limit(part.at_most, part.kinds))
        return said

    def condition(self, condition: Condition, kinds: frozenset[str]) -> Words:
        """Return a condition of a record of these kinds."""
        said = [self.condition(t, kinds) if isinstance(t, Condition) else self.test(t, kinds) for t in condition.tests]
        return joined(said, "either" if condition.any else "both")

    def test(self, test: Test, kinds: frozenset[str]) -> Words:
        """Return one test of a condition."""
        if test.part is not None:
            return say("has_not" if test.key == "has_not" else "has", part=self.part(test.part))
        assert test.compare is not None
        if test.key == "mark":
            mark = self.rulebook.marks.get(test.compare.value)
            return say("mark", name=mark.words if mark is not None else str(test.compare.value))
        if test.key == "day_type":
            return phrases()[f"day_{test.compare.value}"]
        if test.key in ("hour", "trigger.precision"):
            said = phrases()["hour" if test.key == "hour" else "precision"]
            return self.compare(said, test.compare, None, kinds)
        subject, dot, key = test.key.partition(".")
        if not dot:
            return self.compare(self.field_name(test.key, kinds), test.compare, self.field(test.key, kinds), kinds)
        opening = self.vocabulary.opening(subject)
        field = say("of_subject", subject=self.subject(subject), field=self.field_name(key, opening))
        return self.compare(field, test.compare, self.field(key, opening), frozenset())

    def compare(self, name: Words, compare: Compare, field: FieldKind | None, kinds: frozenset[str]) -> Words:
        """Return one comparison of what has that name."""
        if compare.op == "filled":
            return say("filled" if compare.value else "not_filled", field=name)
        if isinstance(compare.value, bool) and compare.op in ("is", "is_not"):
            return say("is_yes" if compare.value is (compare.op == "is") else "is_no", field=name)
        return say(compare.op, field=name, value=self._value(compare, field, kinds))

    def _value(self, compare: Compare, field: FieldKind | None, kinds: frozenset[str]) -> Words:
        if compare.setting:
            setting = self.rulebook.settings[compare.setting]
            return say("value_set", value=self.amount(setting.value, setting.unit))
        if compare.field:
            words = self.field_name(compare.field, compare.kinds or kinds)
            said = say("value_field", field=words)
            if compare.times != 1:
                said = say("value_times", field=words, times=compare.times)
            if compare.percent:
                first, last = (self.field_name(day, kinds) for day in compare.days)
                said = say("value_daily", field=words, percent=compare.percent, first=first, last=last)
            if compare.plus is not None:
                said = say("value_plus", field=words, limit=self.limit(compare.plus))
            return say("value_in", kinds=self.kinds(compare.kinds), value=said) if compare.kinds else said
        values = compare.value if isinstance(compare.value, tuple) else (compare.value,)
        return joined((self._one(v, field) for v in values), "or")

    def _one(self, value: Any, field: FieldKind | None) -> Words:
        if isinstance(value, bool):
            return phrases()["value_yes" if value else "value_no"]
        if field is not None and field.values and value in field.values:
            return field.values[value]
        if field is not None and field.unit:
            return self.amount(value, field.unit)
        return Words(str(value), str(value))

    def amount(self, value: Any, unit: str) -> Words:
        """Return a value with its unit; money, kept in fen, as yuan."""
        if isinstance(value, bool):
            return phrases()["value_yes" if value else "value_no"]
        words = self.vocabulary.words("units", unit)
        shown = str(value)
        if unit == "fen" and type(value) is int:
            shown = str(value // 100) if value % 100 == 0 else f"{value / 100:.2f}"
        return Words(shown + words.zh, f"{shown} {words.en}".rstrip())
