"""Holding a rule of one text against one of another (规则对照): in what they differ, aspect by aspect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from liuhen.engines.rulebook.forms.coverage import TOLERANCE
from liuhen.engines.rulebook.language import Condition, Part, Rule, Rulebook
from liuhen.engines.rulebook.marks import marks_of
from liuhen.engines.rulebook.texts import breadth
from liuhen.engines.rulebook.texts.breadth import BROADER, NARROWER, SAME, Breadth, of_sets, turned
from liuhen.engines.rulebook.texts.changes import NONE, Change, applies_to, demands, will_do
from liuhen.engines.rulebook.texts.lengths import settled
from liuhen.engines.rulebook.texts.saying import joined, phrases, say
from liuhen.engines.rulebook.texts.sentences import Sentences
from liuhen.engines.rulebook.texts.times import Times
from liuhen.ground.vocabulary import Vocabulary
from liuhen.ground.words import Words

_WEIGHTS = {"hint": 0, "advice": 1, "measure": 2, "duty": 3}
_EXTENTS = {"some": 0, "arrival": 1, "whole": 2}
_GAPS = {"any": 0, "explained": 1, "none": 2}


class Against:
    """Holds rules of one text against those of another (对照)."""

    def __init__(self, first: Rulebook, second: Rulebook, vocabulary: Vocabulary, other: Vocabulary) -> None:
        self.first, self.second = first, second
        self.breadth = Breadth(first, second)
        self.said = (Sentences(first, vocabulary), Sentences(second, other))
        self.times = Times((first, second), self.said, self.breadth)

    def changes(self, a: Rule, b: Rule) -> tuple[Change, ...]:
        """Return in what the second rule differs from the first."""
        found: list[Change] = []
        for aspect in (
            self._weight, self._scope, self._condition, self._asked, self._contents, self._who, self.times.clock,
            self._exceptions, self._recording, self._keeping, self._bounds,
        ):  # fmt: skip
            found += [c for c in aspect(a, b) if c.before != c.after or c.sort in ("stricter", "looser")]
        return tuple(dict.fromkeys(found))

    # -- what it weighs, and for which cases -----------------------------------------------------------------------
    def _weight(self, a: Rule, b: Rule) -> Iterator[Change]:
        said = phrases()

        def weight(r: Rule) -> Words:
            return said[f"weight_{r.weight}"] if r.weight != "duty" else said["weight_duty"]

        if a.weight != b.weight:
            sort = "stricter" if _WEIGHTS[b.weight] > _WEIGHTS[a.weight] else "looser"
            yield Change("weight", sort, weight(a), weight(b))
        if a.gate != b.gate:
            yield Change(
                "gate", "stricter" if b.gate else "looser", *((said["gate"] if r.gate else NONE) for r in (a, b))
            )
        if a.attested != b.attested:
            yield Change("weight", "other", *((said["attested"] if r.attested else NONE) for r in (a, b)))

    def _scope(self, a: Rule, b: Rule) -> Iterator[Change]:
        all_of = Words("各类案件", "cases of every type")

        def shown(i: int, r: Rule) -> Words:
            actions = actions_of(r)
            return self.said[i].saying.actions(actions) if actions else all_of

        how = of_sets(actions_of(a), actions_of(b), empty_is_all=True)
        if how != SAME and self.first.id != self.second.id:
            # Each text has cases of its own: that says nothing of how much it asks in them.
            yield Change("for", "cases", shown(0, a), shown(1, b))
        else:
            yield from applies_to("for", how, shown(0, a), shown(1, b))

    def _condition(self, a: Rule, b: Rule) -> Iterator[Change]:
        before, after = self.said[0].when(a), self.said[1].when(b)
        t, u = a.trigger, b.trigger
        if (t.type, t.each, t.per, t.at_end, t.gap_in) != (u.type, u.each, u.per, u.at_end, u.gap_in):
            yield Change("of", "other", before, after)
            return
        if t.every is not None and u.every is not None:
            yield from self.times.every(a, b)
        found = [of_sets(t.kinds, u.kinds)]
        if t.first != u.first:
            found.append(NARROWER if u.first else BROADER)
        yield from applies_to("of", breadth.together(found), before, after)
        yield from applies_to("if", self.breadth.conditions(limited(a), limited(b)), before, after)
        for name in sorted({*marks_of(a)} & {*marks_of(b)}):
            yield from self._mark(name)

    def _mark(self, name: str) -> Iterator[Change]:
        marks = self.first.marks.get(name), self.second.marks.get(name)
        if None in marks:
            return
        both = [Condition(m.any, any=True) for m in marks if m is not None]
        how = self.breadth.conditions(*both)
        shown = [
            say("mark_is", name=m.words, any=joined((s.saying.condition(c, frozenset()) for c in m.any), "either"))
            for m, s in zip(marks, self.said, strict=True)
            if m is not None
        ]
        yield from applies_to("if", how, *shown)

    # -- what is asked ---------------------------------------------------------------------------------------------
    def _asked(self, a: Rule, b: Rule) -> Iterator[Change]:
        for x, y in ((a.then, b.then), (a.need, b.need), (a.has.parts, b.has.parts)):
            yield from self._parts("asked", x, y)
        if (a.for_each is None) != (b.for_each is None):
            sort = "stricter" if b.for_each is not None else "looser"
            yield Change("asked", sort, self.said[0].asks(a), self.said[1].asks(b))

    def _parts(
        self, aspect: str, left: tuple[Part, ...], right: tuple[Part, ...], *, stricter_with_more: bool = True
    ) -> Iterator[Change]:
        more, less = ("stricter", "looser") if stricter_with_more else ("looser", "stricter")
        rest = list(right)
        for part in left:
            same = next((p for p in rest if self._part(p, 1) == self._part(part, 0)), None)
            same = same or max(
                (p for p in rest if p.kinds & part.kinds), key=lambda p: len(p.kinds & part.kinds), default=None
            )
            shown = self.said[0].saying.spelled(part)
            if same is None:
                yield Change(aspect, less, shown, NONE)
                continue
            rest.remove(same)
            yield from self._one_part(aspect, part, same, shown, more, less)
        for part in rest:
            yield Change(aspect, more, NONE, self.said[1].saying.spelled(part))

    def _part(self, part: Part, book: int) -> tuple[Any, ...]:
        book_settings = (self.first, self.second)[book].settings
        limits = tuple(settled(limit, book_settings) for limit in (part.wait, part.at_most))
        return (self.breadth.part(part, book), limits, part.weight, part.one_for_every)

    def _one_part(self, aspect: str, a: Part, b: Part, before: Words, more: str, less: str) -> Iterator[Change]:
        after = self.said[1].saying.spelled(b)
        if self._part(a, 0) == self._part(b, 1):
            return
        # What will do for it: the more kinds, or the wider its condition, the easier it is to have.
        found = [of_sets(a.kinds, b.kinds), self.breadth.conditions(a.where, b.where)]
        if a.any or b.any:
            found = [of_sets(*(frozenset(self._part(p, i) for p in (x.any or (x,))) for i, x in enumerate((a, b))))]
        found.append({True: NARROWER, False: BROADER}[b.at_least > a.at_least] if a.at_least != b.at_least else SAME)
        for name, easier in (("wait", "shorter"), ("at_most", "longer")):
            found.append(self.times.of_limits(getattr(a, name), getattr(b, name), easier=easier))
        for name in ("latest", "same"):
            x, y = getattr(a, name), getattr(b, name)
            found.append(SAME if x == y else NARROWER if not x else BROADER if not y else breadth.OTHER)
        for name in ("by", "approved_by"):
            x, y = frozenset(getattr(a, name)), frozenset(getattr(b, name))
            how = of_sets(x, y, empty_is_all=True)
            if how == breadth.OTHER:
                yield Change("who", "person", before, after)
            else:
                found.append(how)
        if a.weight != b.weight:
            found.append(NARROWER if _WEIGHTS[b.weight or "duty"] > _WEIGHTS[a.weight or "duty"] else BROADER)
        how = breadth.together(found)
        if how != SAME:
            yield Change(aspect, {BROADER: less, NARROWER: more}.get(how, "other"), before, after)
        elif (a.link, a.other) != (b.link, b.other):
            yield Change(aspect, "other", before, after)

    def _contents(self, a: Rule, b: Rule) -> Iterator[Change]:
        if a.form != "content":
            return
        x, y = a.has, b.has
        shown = self.said[0].contents(a), self.said[1].contents(b)
        for before, after in ((x.fields, y.fields), (x.links, y.links)):
            yield from demands("contents", frozenset(map(frozenset, before)), frozenset(map(frozenset, after)), *shown)
        yield from demands("contents", frozenset(x.each_signs), frozenset(y.each_signs), *shown)
        yield from demands("contents", self._compares(x.compares, 0), self._compares(y.compares, 1), *shown)
        for name in ("officers", "officers_valid", "files"):
            before, after = getattr(x, name), getattr(y, name)
            if before != after:
                yield Change("contents", "stricter" if after > before else "looser", *shown)
        if (x.apart, x.names) != (y.apart, y.names):
            more = len(y.apart) - len(x.apart) + (y.names is not None) - (x.names is not None)
            yield Change("contents", "stricter" if more > 0 else "looser" if more < 0 else "other", *shown)

    def _compares(self, compares: Any, book: int) -> frozenset[Any]:
        return frozenset((name, *self.breadth.compare(c, book)) for name, c in compares)

    # -- of whom, and by when --------------------------------------------------------------------------------------
    def _who(self, a: Rule, b: Rule) -> Iterator[Change]:
        if a.asks_from != b.asks_from:
            yield Change(
                "who", "person", *(s.saying.roles((r.asks_from,)) for s, r in zip(self.said, (a, b), strict=True))
            )
        for x, y in ((a.has.signatures, b.has.signatures), (a.has.approvals, b.has.approvals)):
            before, after = frozenset(map(frozenset, x)), frozenset(map(frozenset, y))
            if before == after and x == y:
                continue
            shown = [
                joined(s.saying.roles(names) for names in listed) if listed else NONE
                for s, listed in zip(self.said, (x, y), strict=True)
            ]
            how = of_sets(before, after)
            if len(before) == len(after) == 1 and how == breadth.OTHER:
                # One signature, of more roles or of fewer: whoever of them will do.
                (one,), (other,) = before, after
                how = turned(of_sets(one, other))
            sort = {BROADER: "stricter", NARROWER: "looser"}.get(how, "person")
            yield Change("who", sort, *shown)

    # -- what excuses, and the other forms -------------------------------------------------------------------------
    def _exceptions(self, a: Rule, b: Rule) -> Iterator[Change]:
        left, right = ([(self.breadth.part(e.by, i), e.all, e.kinds, e.fields, e.signatures, e.beside) for e in r.excused]
                       for i, r in enumerate((a, b)))  # fmt: skip
        for i, (rule, mine, others, sort) in enumerate(((a, left, right, "stricter"), (b, right, left, "looser"))):
            for excuse, value in zip(rule.excused, mine, strict=True):
                if value not in others:
                    shown = self.said[i].excuse(excuse, rule)
                    yield Change("exceptions", sort, *((NONE, shown) if i else (shown, NONE)))
        stands = [r.stand_in and (self.breadth.part(r.stand_in[0], i), r.stand_in[1]) for i, r in enumerate((a, b))]
        if stands[0] != stands[1]:
            sort = "looser" if stands[0] is None else "stricter" if stands[1] is None else "other"
            yield Change("exceptions", sort, self._exceptions_of(a, 0), self._exceptions_of(b, 1))

    def _exceptions_of(self, rule: Rule, i: int) -> Words:
        return joined(self.said[i].said(rule).exceptions) if self.said[i].said(rule).exceptions else NONE

    def _recording(self, a: Rule, b: Rule) -> Iterator[Change]:
        if a.form != "coverage":
            return
        shown = self.said[0].asks(a), self.said[1].asks(b)
        for before, after in (
            (_EXTENTS[a.extent], _EXTENTS[b.extent]),
            (_GAPS[a.gaps], _GAPS[b.gaps]),
            (bool(a.who), bool(b.who)),
        ):
            if before != after:
                yield Change("recording", "stricter" if after > before else "looser", *shown)
        device = of_sets(*(frozenset(filter(None, (r.device,))) for r in (a, b)), empty_is_all=True)
        for how in (device, of_sets(a.media, b.media, empty_is_all=True)):
            yield from will_do("recording", how, *shown)
        how = self.times.of_limits(a.tolerance or TOLERANCE, b.tolerance or TOLERANCE, easier="longer")
        yield from will_do("recording", how, *shown)
        how = self._explained(a, b)
        yield from will_do("recording", how, *shown)

    def _explained(self, a: Rule, b: Rule) -> str:
        x, y = a.explained, b.explained
        if x is None or y is None:
            return SAME
        return breadth.together([of_sets(x.kinds, y.kinds), self.breadth.conditions(x.where, y.where)])

    def _keeping(self, a: Rule, b: Rule) -> Iterator[Change]:
        if a.form != "retention":
            return
        yield from self.times.keeping(a, b)
        yield from self._parts("keeping", a.raised_by, b.raised_by)
        yield from self._parts("keeping", a.released_by, b.released_by, stricter_with_more=False)

    def _bounds(self, a: Rule, b: Rule) -> Iterator[Change]:
        if a.form != "absence":
            return
        for before, after in ((a.hours, b.hours), (a.day_type, b.day_type), (a.second_of, b.second_of)):
            if before != after:
                # What is forbidden at certain hours or a second time only is forbidden altogether without them.
                sort = "stricter" if not after else "looser" if not before else "other"
                yield Change("of", sort, self.said[0].asks(a), self.said[1].asks(b))


def limited(rule: Rule) -> Condition | None:
    """Return all that limits a rule to some of its triggers: a text may say it of the record, or beside it."""
    both = [c for c in (rule.trigger.where, rule.condition) if c is not None]
    if len(both) < 2:
        return both[0] if both else None
    return Condition(tuple(t for c in both for t in ((c,) if c.any else c.tests)))


def actions_of(rule: Rule) -> frozenset[str]:
    """Return the action types in whose cases a rule is asked, also by reference; empty: all."""
    if not rule.actions:
        return rule.actions
    return rule.actions | (rule.also_for.actions if rule.also_for is not None else frozenset())
