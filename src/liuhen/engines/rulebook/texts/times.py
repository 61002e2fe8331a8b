"""In what the clocks of a duty differ (时限差异): length, start, what lengthens or stops it, how long a thing is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from liuhen.engines.rulebook.forms.coverage import FOOTAGE_IN
from liuhen.engines.rulebook.language import Keep, Limit, Rule, Rulebook
from liuhen.engines.rulebook.texts import breadth
from liuhen.engines.rulebook.texts.breadth import BROADER, NARROWER, SAME, Breadth, of_sets, turned
from liuhen.engines.rulebook.texts.changes import Change, applies_to, will_do
from liuhen.engines.rulebook.texts.lengths import longer, settled
from liuhen.engines.rulebook.texts.sentences import Sentences


class Times:
    """Holds the clocks of one text's rules against those of another (时限对照)."""

    def __init__(self, books: tuple[Rulebook, Rulebook], said: tuple[Sentences, Sentences], held: Breadth) -> None:
        self.books, self.said, self.breadth = books, said, held

    def of_limits(self, x: Limit | None, y: Limit | None, *, easier: str) -> str:
        """Return how the second limit stands to the first one; one that is there at all is narrower than none."""
        a, b = settled(x, self.books[0].settings), settled(y, self.books[1].settings)
        if a is None or b is None:
            return SAME if a is b else NARROWER if a is None else BROADER
        how = longer(a, b)
        if how is None:
            return breadth.OTHER
        return SAME if how == 0 else BROADER if (how > 0) == (easier == "longer") else NARROWER

    def every(self, a: Rule, b: Rule) -> Iterator[Change]:
        """Yield whether it comes round sooner."""
        x, y = a.trigger.every, b.trigger.every
        how = self.of_limits(x, y, easier="longer")
        yield from will_do("clock", how, self.said[0].when(a), self.said[1].when(b), otherwise="clock")

    def clock(self, a: Rule, b: Rule) -> Iterator[Change]:
        """Yield in what the time differs within which it is asked."""
        if a.form not in ("response", "coverage"):
            return
        shown = self.said[0].clock(a), self.said[1].clock(b)
        has = self._has_number(a), self._has_number(b)
        if has[0] != has[1]:
            yield Change("clock", "stricter" if has[1] else "looser", *shown)
        elif has[0]:
            limits = self._within(a), self._within(b)
            if None not in limits:
                yield from will_do("clock", self.of_limits(*limits, easier="longer"), *shown, otherwise="clock")
            if _measured(a) != _measured(b) or (limits[0] is None) != (limits[1] is None):
                yield Change("clock", "clock", *shown)
        yield from self._longer(a, b)

    def _longer(self, a: Rule, b: Rule) -> Iterator[Change]:
        shown = self.said[0].clock(a), self.said[1].clock(b)
        granted = [r.extended.limit if r.extended is not None else None for r in (a, b)]
        for x, y in ((a.waits, b.waits), (granted[0], granted[1])):
            how = self.of_limits(x, y, easier="longer")
            # Nothing to wait for, and nothing to be granted, is the strictest of all.
            how = turned(how) if (x is None) != (y is None) else how
            yield from will_do("clock", how, *shown, otherwise="clock")
        if a.rolls != b.rolls:
            yield Change("clock", "looser" if b.rolls else "stricter", *shown)
        yield from will_do("clock", of_sets(self._stops(a, 0), self._stops(b, 1)), *shown, otherwise="clock")
        instead = [(r.instead.limit, r.instead.start, self.breadth.part(r.instead.by, i)) if r.instead else None
                   for i, r in enumerate((a, b))]  # fmt: skip
        if instead[0] != instead[1]:
            yield Change("clock", "clock", *shown)

    def _stops(self, rule: Rule, book: int) -> frozenset[Any]:
        part = self.breadth.part
        return frozenset((part(s.start, book), part(s.until, book) if s.until else None) for s in rule.stops)

    def _has_number(self, rule: Rule) -> bool:
        return self._within(rule) is not None or bool(rule.by_field or rule.by_month_day or rule.by_end_of)

    @staticmethod
    def _within(rule: Rule) -> Limit | None:
        return rule.within or (FOOTAGE_IN if rule.form == "coverage" else None)

    def keeping(self, a: Rule, b: Rule) -> Iterator[Change]:
        """Yield in what the time differs for which a thing is kept."""
        if a.form == "retention":
            how = breadth.together(self._kept(a.keep, b.keep))
            yield from applies_to("keeping", how, self.said[0].asks(a), self.said[1].asks(b))

    def _kept(self, left: tuple[Keep, ...], right: tuple[Keep, ...]) -> Iterator[str]:
        limits = [{k.start: k.limit for k in keeps if k.limit is not None} for keeps in (left, right)]
        for start in limits[0].keys() | limits[1].keys():
            x, y = limits[0].get(start), limits[1].get(start)
            how = self.of_limits(x, y, easier="longer")
            yield turned(how) if (x is None) != (y is None) else how
        yield of_sets(*(frozenset((k.case_file, k.klass) for k in keeps if k.limit is None) for keeps in (left, right)))


def _measured(rule: Rule) -> tuple[Any, ...]:
    """Return from where, and to what end, a clock runs."""
    return (
        rule.by_field,
        rule.by_month_day,
        rule.by_end_of,
        rule.by_hour,
        rule.by_hour_setting,
        rule.start,
        rule.trigger.within,
    )
