"""One thing in which a duty differs between two texts (差异), and how a wider or narrower clause makes it stricter or looser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from liuhen.engines.rulebook.texts.breadth import BROADER, NARROWER, SAME
from liuhen.ground.words import Words

SORTS = ("only_second", "only_first", "stricter", "looser", "person", "clock", "cases", "other")
NONE = Words("无", "none")
_MORE = {BROADER: "stricter", NARROWER: "looser"}
_EASIER = {BROADER: "looser", NARROWER: "stricter"}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing in which a duty differs (差异).

    Attributes:
        aspect: weight, gate, for, of, if, asked, contents, who, clock, exceptions, recording or keeping.
        sort: how the second text stands to the first: stricter, looser, person, clock, cases (of other action types) or other.
        before, after: what the first and the second text say, in plain words.
    """

    aspect: str
    sort: str
    before: Words
    after: Words


def applies_to(aspect: str, how: str, before: Words, after: Words) -> Iterator[Change]:
    """Yield the change where what a rule applies to is wider: that rule is stricter."""
    if how != SAME:
        yield Change(aspect, _MORE.get(how, "other"), before, after)


def will_do(aspect: str, how: str, before: Words, after: Words, *, otherwise: str = "other") -> Iterator[Change]:
    """Yield the change where what will do for a rule is wider: that rule is looser."""
    if how != SAME:
        yield Change(aspect, _EASIER.get(how, otherwise), before, after)


def demands(aspect: str, left: frozenset[Any], right: frozenset[Any], before: Words, after: Words) -> Iterator[Change]:
    """Yield the changes where more is asked, or less; what was exchanged is both."""
    if right - left:
        yield Change(aspect, "stricter", before, after)
    if left - right:
        yield Change(aspect, "looser", before, after)
