"""Reading clauses of a rule (读条款): conditions, parts and triggers, each refused with file and line."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from liuhen.engines.rulebook import keys
from liuhen.engines.rulebook.field_types import ORDERED, Types
from liuhen.engines.rulebook.language import WEIGHTS, Compare, Condition, InvalidRulebook, Limit, Part, Test, Trigger
from liuhen.engines.rulebook.reading import Reading
from liuhen.ground.located import Block

OPS = ("is", "is_not", "one_of", *ORDERED, "filled", "contains")
PERIODS = frozenset({"calendar_year", "quarter", "month", "working_day"})
DAY_TYPES = frozenset({"working", "weekend", "holiday", "not_working"})


class Clauses(Reading):
    """Reads the clauses of one rulebook against a vocabulary (读条款).

    Refused (InvalidRulebook): B-001 an unknown key, B-002 a key missing, B-003 a wrong value, B-004 an unknown term,
    B-005 a value without unit.
    """

    def part(self, value: Any, at: str, *, link: str = "") -> Part:
        """Read one part; `link` is the default (`it` or `case`)."""
        b = self.block(value, at, keys.PART)
        if "any" in b:
            b = self.block(value, at, keys.ANY_PART)
            inner = tuple(self.part(p, b.at("any"), link=link) for p in self.list_of(b["any"], b.at("any")))
            if not inner or any(p.any for p in inner):
                raise InvalidRulebook("B-003", at=b.at("any"), key="any", wanted="a list of parts, one level deep")
            return Part(
                kinds=frozenset().union(*(p.kinds for p in inner)),
                any=inner,
                shared=self.flag(b, "shared"),
                weight=self._weight(b),
                words=self.words(b, "title") if "title" in b else None,
            )
        if "kind" not in b:
            raise InvalidRulebook("B-002", at=b.at(), key="kind")
        kinds = self.kinds(b["kind"], b.at("kind"))
        other = False
        if "about" in b:
            if b["about"] != "it":
                raise InvalidRulebook("B-003", at=b.at("about"), key="about", wanted="it")
            link = "it"
        elif "of" in b:
            words = str(b["of"]).split()
            if len(words) != 2 or words[0] not in ("same", "another") or words == ["another", "case"]:
                wanted = "same <subject> or another <subject of the case>"
                raise InvalidRulebook("B-003", at=b.at("of"), key="of", wanted=wanted)
            other = words[0] == "another"
            link = self.term(words[1], self.subjects | self.link_roles, "subjects", b.at("of"))
        still_open = self.flag(b, "open")
        if still_open and not all(self.vocabulary.kinds[k].opens for k in kinds):
            raise InvalidRulebook("B-003", at=b.at("open"), key="open", wanted="beside kinds that open a subject")
        count, ratio, each, each_in, wait = 1, 0, "", "", None
        asked = b.get("at_least", 1)
        if isinstance(asked, Block) and not asked.keys() & {"one_for_every", "of"}:
            wait = self._apart_by(asked, b.at("at_least"))
        elif isinstance(asked, Block):
            r = self.block(asked, b.at("at_least"), keys.RATIO)
            ratio = self.whole(r["one_for_every"], r.at("one_for_every"), "one_for_every", 1)
            of = self.block(r["of"], r.at("of"), keys.OF_EACH)
            each = self.term(of["each"], self.subjects, "subjects", of.at("each"))
            each_in = self._same(of, self.opening(each, of.at("each")))
        else:
            count = self.whole(asked, b.at("at_least"), "at_least", 1)
        return Part(
            kinds=kinds,
            where=self.where(b["where"], b.at("where"), kinds) if "where" in b else None,
            link=link,
            other=other,
            at_least=count,
            one_for_every=ratio,
            of_each=each,
            of_each_in=each_in,
            by=self.terms(b, "by", self.roles, "roles"),
            approved_by=self.terms(b, "approved_by", self.roles, "roles"),
            shared=self.flag(b, "shared"),
            weight=self._weight(b),
            words=self.words(b, "title") if "title" in b else None,
            latest=self.flag(b, "latest"),
            same=self.field(b["same"], kinds, b.at("same")) if "same" in b else "",
            wait=wait,
            at_most=self._apart_by(b["at_most"], b.at("at_most")) if "at_most" in b else None,
            open=still_open,
        )

    def _apart_by(self, value: Any, at: str) -> Limit:
        """Read how far apart two records stand; a last day on a holiday may move it."""
        b = self.block(value, at, keys.APART_BY)
        bare = Block(b.source, b.line)
        bare.lines = b.lines
        bare.update({key: held for key, held in b.items() if key != "rolls"})
        limit, rolls = self.limit(bare, at), self.flag(b, "rolls")
        if rolls and limit.unit in ("hours", "minutes", "seconds"):
            raise InvalidRulebook("B-003", at=b.at("rolls"), key="rolls", wanted="beside days, months or years")
        return replace(limit, rolls=rolls)

    def _same(self, of: Block, kinds: frozenset[str]) -> str:
        """Read of which subject those are that are counted: `of: same unit`, by a link that their opening records have."""
        if "of" not in of:
            return ""
        link = str(of["of"]).removeprefix("same ")
        known = frozenset(role for k in kinds for role in self.vocabulary.kinds[k].links)
        return self.term(link, known, "links of " + ", ".join(sorted(kinds)[:3]), of.at("of"))

    def parts(self, value: Any, at: str, *, link: str = "") -> tuple[Part, ...]:
        """Read a part or a list of parts."""
        return tuple(self.part(p, at, link=link) for p in self.list_of(value, at))

    def _weight(self, b: Block) -> str:
        return self.term(b["weight"], WEIGHTS, "weights", b.at("weight")) if "weight" in b else ""

    def opening(self, subject: str, at: str) -> frozenset[str]:
        """Return the kinds that open a subject; there must be some."""
        kinds = self.vocabulary.opening(subject)
        if not kinds:
            raise InvalidRulebook("B-004", at=at, table="subjects that a kind opens", term=subject)
        return kinds

    def field(self, name: Any, kinds: frozenset[str], at: str) -> str:
        """Return a field that at least one of the kinds has."""
        if not isinstance(name, str) or not any(name in self.vocabulary.kinds[k].fields for k in kinds):
            raise InvalidRulebook("B-004", at=at, table="fields of " + ", ".join(sorted(kinds)[:3]), term=name)
        return name

    def where(self, value: Any, at: str, kinds: frozenset[str]) -> Condition:
        """Read what must hold for the fields of a record of these kinds."""
        b = self.block(value, at, " ".join(value) if isinstance(value, Block) else "fields")
        if not b:
            raise InvalidRulebook("B-003", at=at, key="where", wanted="a field with what it must be")
        return Condition(
            tuple(Test(self.field(k, kinds, b.at(k)), self.compare(v, b.at(k), k, kinds)) for k, v in b.items())
        )

    def compare(self, value: Any, at: str, field: str = "", kinds: frozenset[str] = frozenset()) -> Compare:
        """Read a comparison; values must be of the field's type, those of a choice stand in its list."""
        types = Types(self.vocabulary, field, kinds)
        if not isinstance(value, Block):
            types.check(value, at)
            return Compare("is", value)
        b = self.block(value, at, " ".join(OPS) + " times field setting equals")
        if "times" in b:
            # {times: 2, field: b, at_least: yes}: the other field, times a number.
            op = next((o for o in (*ORDERED, "is", "equals") if o in b), "is")
            b = self.block(b, at, f"times field {op}", needs="field")
            return self._other(op, b, types)
        if len(b) != 1:
            raise InvalidRulebook("B-003", at=b.at(), key=field, wanted="one comparison: " + " | ".join(OPS))
        op, held = next(iter(b.items()))
        if op in ("times", "field", "setting"):
            raise InvalidRulebook("B-003", at=b.at(op), key=op, wanted="inside a comparison: " + " | ".join(OPS))
        if isinstance(held, Block):
            inner = self.block(held, b.at(op), keys.OTHER_FIELD)
            if "setting" in inner:
                name = self.term(inner["setting"], frozenset(self.settings), "settings", inner.at("setting"))
                types.check_for(op, self.settings[name].value, inner.at("setting"))
                return Compare("is" if op == "equals" else op, setting=name)
            return self._other(op, inner, types)
        if op == "filled":
            if not isinstance(held, bool):
                raise InvalidRulebook("B-003", at=b.at(op), key=op, wanted="yes or no")
            return Compare(op, held)
        if op == "one_of":
            listed = tuple(self.list_of(held, b.at(op)))
            for one in listed:
                types.check(one, b.at(op))
            return Compare(op, listed)
        types.check_for(op, held, b.at(op))
        return Compare("is" if op == "equals" else op, held)

    def _other(self, op: str, b: Block, types: Types) -> Compare:
        """Read the other field of a comparison, times a number."""
        if op in ("filled", "one_of", "contains"):
            raise InvalidRulebook("B-003", at=b.at(), key=op, wanted="a value")
        kinds = self.kinds(b["in"], b.at("in")) if "in" in b else frozenset()
        other = self.field(b.get("field"), kinds or frozenset(self.vocabulary.kinds), b.at("field"))
        if op in ORDERED:
            types.check_ordered(op, b.at())
        times = self.whole(b.get("times", 1), b.at("times"), "times", 1)
        if b.keys() & {"percent", "from", "to"}:
            return self._daily(op, b, other, kinds, types)
        plus = self._plus(op, b, types, Types(self.vocabulary, other, kinds or types.kinds)) if "plus" in b else None
        return Compare("is" if op == "equals" else op, field=other, times=times, plus=plus, kinds=kinds)

    def _daily(self, op: str, b: Block, other: str, kinds: frozenset[str], types: Types) -> Compare:
        """Read per cent of another field for each day between two dates of the record."""
        days = tuple(self.field(b.get(key), types.kinds, b.at(key)) for key in ("from", "to"))
        if (
            op not in ORDERED
            or b.keys() & {"times", "plus"}
            or not all(Types(self.vocabulary, name, types.kinds).moments() for name in days)
        ):
            wanted = "at_least, at_most, more_than or less_than, with percent, and from and to that hold dates"
            raise InvalidRulebook("B-003", at=b.at("percent"), key="percent", wanted=wanted)
        percent = self.whole(b.get("percent"), b.at("percent"), "percent", 1)
        return Compare(op, field=other, kinds=kinds, percent=percent, days=days)

    def _plus(self, op: str, b: Block, types: Types, others: Types) -> Limit:
        """Read how long after another moment; both fields hold one."""
        if op not in ORDERED or "times" in b or not (types.moments() and others.moments()):
            wanted = "at_least, at_most, more_than or less_than, between fields with a date or a moment"
            raise InvalidRulebook("B-003", at=b.at("plus"), key="plus", wanted=wanted)
        plus = self.limit(b["plus"], b.at("plus"))
        if plus.setting or plus.field:
            raise InvalidRulebook("B-003", at=b.at("plus"), key="plus", wanted="an amount")
        return plus

    def condition(self, value: Any, at: str, kinds: frozenset[str]) -> Condition:
        """Read a condition of a rule whose trigger has these kinds."""
        if isinstance(value, Block) and set(value) in ({"all"}, {"any"}):
            key = next(iter(value))
            inner = tuple(self._flat(v, value.at(key), kinds) for v in self.list_of(value[key], value.at(key)))
            if not inner:
                raise InvalidRulebook("B-003", at=value.at(key), key=key, wanted="a list of conditions")
            return Condition(inner, any=key == "any")
        return self._flat(value, at, kinds)

    def _flat(self, value: Any, at: str, kinds: frozenset[str]) -> Condition:
        if not isinstance(value, Block) or not value:
            raise InvalidRulebook("B-003", at=at, key="if", wanted="a condition")
        return Condition(tuple(self._test(k, v, value, kinds) for k, v in value.items()))

    def _test(self, key: str, value: Any, b: Block, kinds: frozenset[str]) -> Test:
        at = b.at(key)
        if key in ("has", "has_not", "record"):
            return Test(key, part=self.part(value, at, link="case"))
        if key == "mark":
            return Test(key, Compare("is", self.term(value, self.marks, "marks", at)))
        if key == "hour":
            hour = self._plain(self.compare(value, at), at)
            for one in hour.value if isinstance(hour.value, tuple) else (hour.value,):
                self.whole(one, at, "hour", 0, 24)
            return Test(key, hour)
        if key == "day_type":
            return Test(key, Compare("is", self.term(value, DAY_TYPES, "day types", at)))
        head, dot, tail = key.partition(".")
        if dot and head in self.subjects:
            opening = self.opening(head, at)
            self.field(tail, opening, at)
            return Test(key, self._plain(self.compare(value, at, tail, opening), at))
        if dot and head == "trigger":
            if tail != "precision":
                raise InvalidRulebook("B-004", at=at, table="properties of the trigger", term=tail)
            precision = self.term(value, frozenset({"second", "minute", "day"}), "precisions", at)
            return Test(key, Compare("is", precision))
        return Test(self.field(key, kinds, at), self.compare(value, at, key, kinds))

    def _plain(self, compare: Compare, at: str) -> Compare:
        """Refuse a second field where there is none to compare with: of another record, or of the hour."""
        if compare.field:
            raise InvalidRulebook("B-003", at=at, key="field", wanted="a value or a setting")
        return compare

    def trigger(self, value: Any, at: str, rules: frozenset[str]) -> Trigger:
        """Read one of the six triggers."""
        b = self.block(value, at, keys.TRIGGER)
        sorts = b.keys() & {"kind", "first", "each", "end_of", "every", "gap_in", "lapse", "mark"}
        if len(sorts) != 1:
            wanted = "one of kind, first, each, end_of, every, gap_in, lapse, mark"
            raise InvalidRulebook("B-003", at=b.at(), key="when", wanted=wanted)
        (sort,) = sorts
        more = {"kind": " where", "each": " per if", "end_of": " per", "every": " per if"}.get(sort, "")
        b = self.block(value, at, sort + more)
        if "first" in b:
            inner = self.block(b["first"], b.at("first"), keys.KIND_WHERE)
            kinds = self.kinds(inner["kind"], inner.at("kind"))
            return Trigger(
                "record",
                kinds,
                self.where(inner["where"], inner.at("where"), kinds) if "where" in inner else None,
                first=True,
            )
        if "each" in b:
            if isinstance(b["each"], str) and b["each"] in PERIODS:
                b = self.block(value, at, "each per", needs="per")
                per = self.term(b["per"], self.subjects, "subjects", b.at("per"))
                return Trigger("period", each=b["each"], per=per, kinds=self.opening(per, b.at("per")))
            b = self.block(value, at, "each if")
            each = self.term(b["each"], self.subjects, "subjects", b.at("each"))
            kinds = self.opening(each, b.at("each"))
            where = self.condition(b["if"], b.at("if"), kinds) if "if" in b else None
            return Trigger("state", kinds, where, each=each)
        if "end_of" in b:
            b = self.block(value, at, "end_of per", needs="per")
            per = self.term(b["per"], self.subjects, "subjects", b.at("per"))
            each = self.term(b["end_of"], PERIODS, "periods", b.at("end_of"))
            return Trigger("period", each=each, per=per, at_end=True, kinds=self.opening(per, b.at("per")))
        if "every" in b:
            b = self.block(value, at, "every per if", needs="per")
            per = self.term(b["per"], self.subjects, "subjects", b.at("per"))
            kinds, every = self.opening(per, b.at("per")), self.limit(b["every"], b.at("every"))
            if every.field or (not every.setting and every.amount < 1):
                raise InvalidRulebook("B-003", at=b.at("every"), key="every", wanted="an amount from 1, or a setting")
            where = self.condition(b["if"], b.at("if"), kinds) if "if" in b else None
            return Trigger("every", kinds, where, per=per, every=every)
        if "gap_in" in b:
            return Trigger("gap", gap_in=self.term(b["gap_in"], rules, "rules", b.at("gap_in")))
        if "lapse" in b:
            inner = self.block(b["lapse"], b.at("lapse"), keys.LAPSE)
            after = self.part(inner["after"], inner.at("after"))
            return Trigger(
                "lapse",
                after.kinds,
                after.where,
                after=after,
                without=self.part(inner["without"], inner.at("without"), link="case"),
                within=self.limit(inner["within"], inner.at("within")),
            )
        if "mark" in b:
            return Trigger("mark", mark=self.term(b["mark"], self.marks, "marks", b.at("mark")))
        return self.record_trigger(b, at)

    def record_trigger(self, value: Any, at: str) -> Trigger:
        """Read `{kind, where}`."""
        b = self.block(value, at, keys.KIND_WHERE)
        kinds = self.kinds(b["kind"], b.at("kind"))
        return Trigger("record", kinds, self.where(b["where"], b.at("where"), kinds) if "where" in b else None)
