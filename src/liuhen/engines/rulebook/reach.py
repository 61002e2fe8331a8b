"""Reach (触及范围): which rules a file can't be asked, because what triggers them never lies in such a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from liuhen.engines.rulebook.held import Shape
from liuhen.engines.rulebook.language import Rule


class Reach:
    """Says of a file which rules could not be asked (未触及的规则); kept by the subjects that the file holds."""

    def __init__(self, rules: Iterable[Rule], shape: Shape) -> None:
        self.rules = tuple(rules)
        self.by_ref: Mapping[str, Rule] = {r.ref: r for r in self.rules}
        self.shape = shape
        self._known: dict[tuple[frozenset[str], frozenset[str] | None], tuple[Rule, ...]] = {}

    def not_asked(self, present: frozenset[str], captures: frozenset[str] | None) -> tuple[Rule, ...]:
        """Return the rules whose subject does not lie in a file with these kinds, or whose triggers its source never keeps."""
        opens = self.shape.opens
        subjects = frozenset([opens[k] for k in present if k in opens])
        found = self._known.get((subjects, captures))
        if found is None:
            kinds = self._may_lie(subjects)
            kinds = kinds if captures is None else kinds & captures
            found = self._known[subjects, captures] = tuple(
                r for r in self.rules if not self._reached(r, subjects, kinds)
            )
        return found

    def _may_lie(self, subjects: frozenset[str]) -> frozenset[str]:
        """Return the kinds of which records may lie in a file that holds these subjects."""
        found = set()
        for kind in self.shape.vocabulary.kinds.values():
            of = {kind.opens, kind.closes, *kind.links} & subjects
            if of or (kind.case != "no" and "case" in subjects):
                found.add(kind.id)
        return frozenset(found)

    def _reached(self, rule: Rule, subjects: frozenset[str], kinds: frozenset[str]) -> bool:
        trigger = rule.trigger
        if trigger.type in ("state", "period", "every"):
            return (trigger.each if trigger.type == "state" else trigger.per) in subjects
        if trigger.type == "mark":
            return "case" in subjects
        if trigger.type == "gap":
            source = self.by_ref.get(f"{rule.rulebook}/{trigger.gap_in}")
            return source is not None and not source.trigger.kinds.isdisjoint(kinds)
        return not trigger.kinds.isdisjoint(kinds)
