"""Which of two conditions lets more through (条件宽窄): whether a rule with the second applies to more than with the first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from liuhen.engines.rulebook.language import Compare, Condition, Part, Rulebook, Test

# Whether any of the terms will do, and the terms: key, comparison, value.
_Terms = tuple[bool, frozenset[Any]]
# How the second stands to the first.
SAME, BROADER, NARROWER, OTHER = "same", "broader", "narrower", "other"
_OPPOSITE = {BROADER: NARROWER, NARROWER: BROADER}


def turned(found: str) -> str:
    """Return how the first stands to the second."""
    return _OPPOSITE.get(found, found)


def together(found: Iterable[str]) -> str:
    """Return what several comparisons come to: the direction that they share."""
    sorts = {one for one in found if one != SAME}
    return SAME if not sorts else sorts.pop() if len(sorts) == 1 else OTHER


def of_sets(first: frozenset[Any], second: frozenset[Any], *, empty_is_all: bool = False) -> str:
    """Return how a set of what is allowed stands to another; `empty_is_all`: nothing listed means everything."""
    if first == second:
        return SAME
    if empty_is_all and (not first or not second):
        return NARROWER if not first else BROADER
    return BROADER if first < second else NARROWER if second < first else OTHER


class Breadth:
    """Compares conditions and parts of two texts (宽窄); settings count with their values, marks by their names."""

    def __init__(self, first: Rulebook, second: Rulebook) -> None:
        self.books = (first, second)

    def conditions(self, first: Condition | None, second: Condition | None) -> str:
        """Return how the second condition stands to the first; none at all lets everything through."""
        if first is None or second is None:
            return SAME if first is second else NARROWER if first is None else BROADER
        return _of_terms((first.any, self._terms(first, 0)), (second.any, self._terms(second, 1)))

    def _terms(self, condition: Condition, book: int) -> frozenset[Any]:
        return frozenset(self._term(t, book) for t in condition.tests)

    def _term(self, test: Test | Condition, book: int) -> tuple[str, str, Any]:
        if isinstance(test, Condition) and len(test.tests) == 1:
            return self._term(test.tests[0], book)
        if isinstance(test, Condition):
            return ("any" if test.any else "all", "", self._terms(test, book))
        if test.part is not None:
            return (test.key, "part", self.part(test.part, book))
        assert test.compare is not None
        return (test.key, *self._compared(test.compare, book))

    def _compared(self, compare: Compare, book: int) -> tuple[str, Any]:
        if compare.setting:
            return compare.op, self.books[book].settings[compare.setting].value
        if compare.field:
            return compare.op, (
                compare.field,
                compare.times,
                compare.plus,
                compare.kinds,
                compare.percent,
                compare.days,
            )
        if compare.op in ("is", "one_of"):
            value = compare.value
            return "one_of", frozenset(value if isinstance(value, tuple) else (value,))
        return compare.op, compare.value

    def part(self, part: Part, book: int) -> tuple[Any, ...]:
        """Return what a part asks for as a value that is equal to another one's that asks for the same."""
        if part.any:
            return ("any", frozenset(self.part(p, book) for p in part.any))
        where = (part.where.any, self._terms(part.where, book)) if part.where is not None else None
        return (
            part.kinds,
            where,
            part.link,
            part.other,
            part.at_least,
            part.by,
            part.approved_by,
            part.same,
            part.latest,
            part.open,
        )

    def compare(self, compare: Compare, book: int) -> tuple[str, Any]:
        """Return a comparison as a value that is equal to another one's that says the same."""
        return self._compared(compare, book)


def _of_terms(first: _Terms, second: _Terms) -> str:
    (one_any, a), (other_any, b) = first, second
    if one_any != other_any and len(a) > 1 and len(b) > 1:
        return OTHER
    any = (one_any and len(a) > 1) or (other_any and len(b) > 1)
    left, right = a - b, b - a
    if left and right:
        by_key = {(t[0], t[1]): t[2] for t in right}
        if len(left) != len(right) or len(by_key) != len(right) or {(t[0], t[1]) for t in left} != set(by_key):
            return OTHER
        return together(_values(key, op, value, by_key[key, op]) for key, op, value in left)
    if not left and not right:
        return SAME
    return BROADER if bool(right) == any else NARROWER


def _values(key: str, op: str, first: Any, second: Any) -> str:
    if first == second:
        return SAME
    if op == "":
        return _of_terms((key == "any", first), (key == "any", second))
    if op == "part" and first[0] != "any" != second[0] and (first[0], *first[2:]) == (second[0], *second[2:]):
        # The same records, of which more or fewer will do.
        if first[1] is None or second[1] is None:
            how = NARROWER if first[1] is None else BROADER
        else:
            how = _of_terms(first[1], second[1])
        return turned(how) if key == "has_not" else how
    if op == "one_of":
        return of_sets(first, second)
    if type(first) is int and type(second) is int:
        if op in ("at_least", "more_than"):
            return BROADER if second < first else NARROWER
        if op in ("at_most", "less_than"):
            return BROADER if second > first else NARROWER
    return OTHER
