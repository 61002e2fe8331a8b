"""Finding the parts of a rule (找组成部分): which records meet what is asked, and naming what is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from liuhen.engines.rulebook.duty import Missing
from liuhen.engines.rulebook.held import BY_ORDER, Held
from liuhen.engines.rulebook.language import Part
from liuhen.engines.rulebook.predicates import Fits, Predicates
from liuhen.ground.moments import Instant
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Vocabulary
from liuhen.ground.words import Words

# Before every record.
EVER: Instant = -(1 << 62)
# (held, trigger, not before, already used) -> found records in order of time
Find = Callable[[Held, Record, Instant, "set[str] | None"], "Sequence[Record]"]


class Wanted(NamedTuple):
    """A part made ready (组成部分): how to find it, how many, and the word for it when it is missing."""

    find: Find
    many: int
    missing: tuple[Missing, ...]
    weight: str
    ratio: int
    of_each: str
    of_each_in: str
    kinds: frozenset[str]
    simple: bool


def wanted(
    part: Part, predicates: Predicates, vocabulary: Vocabulary, *, but_itself: frozenset[str] = frozenset()
) -> Wanted:
    """Make a part ready; `but_itself` as in `finder`."""
    words = part.words or _names(part, vocabulary)
    # What is written first of several that will do is what a person is offered first.
    kinds = tuple(dict.fromkeys(k for one in part.any or (part,) for k in sorted(one.kinds)))
    missing = (Missing("record", "|".join(sorted(kinds)), words, kinds),)
    return Wanted(
        finder(part, predicates, but_itself=but_itself), part.at_least, missing, part.weight, part.one_for_every,
        part.of_each, part.of_each_in, part.kinds, part.at_least == 1 and not part.one_for_every,
    )  # fmt: skip


def _names(part: Part, vocabulary: Vocabulary) -> Words:
    kinds = dict.fromkeys(k for one in part.any or (part,) for k in sorted(one.kinds))
    named = [vocabulary.kinds[k].words for k in kinds][:4]
    return Words("或者".join(w.zh for w in named), " or ".join(w.en for w in named))


def finder(part: Part, predicates: Predicates, *, but_itself: frozenset[str] = frozenset()) -> Find:
    """Return the function that finds the records of a part for a trigger, in their order.

    `but_itself`: kinds of the trigger. Where a part asks for the same kind, the trigger is not what it asks for.
    """
    if part.any:
        several = [finder(p, predicates, but_itself=but_itself) for p in part.any]

        def either(h: Held, t: Record, since: Instant, used: set[str] | None) -> Sequence[Record]:
            found = {r.id: r for f in several for r in f(h, t, since, used)}
            return sorted(found.values(), key=BY_ORDER)

        return either
    fits = predicates.fits(part)
    if not part.kinds.isdisjoint(but_itself):
        return _checked(part, _but_itself(fits))
    only = next(iter(part.kinds)) if len(part.kinds) == 1 else ""
    if fits is None and part.link in ("it", "case", "") and (part.link == "it" or only):
        return _simple(part.kinds, only, part.link)
    return _checked(part, fits)


def _but_itself(fits: Fits | None) -> Fits:
    return lambda h, r, t: r.id != t.id and (fits is None or fits(h, r, t))


def _checked(part: Part, fits: Fits | None) -> Find:
    """Return the finder of a part with all that it can ask."""
    kinds, link = part.kinds, part.link
    about, subject_counts, other = link == "it", link not in ("it", "case", ""), part.other
    only = next(iter(kinds)) if len(kinds) == 1 else ""

    def find(h: Held, t: Record, since: Instant, used: set[str] | None) -> Sequence[Record]:
        listed: Sequence[Record] | None
        if about:
            listed = h.linked.get(t.id if t.corrects is None else h.root(t))
        else:
            listed = h.by_kind.get(only) if only else h.of_kinds(kinds)
        if not listed:
            return ()
        subject = h.subject_of(link, t) if subject_counts else None
        if subject_counts and subject is None and not other:
            return ()
        found: list[Record] = []
        for r in listed:
            if about and r.kind not in kinds:
                continue
            # A day-precision record can't be shown to lie before a moment of its own day.
            if r.end < since and not (r.precision == "day" and r.end_day >= t.day):
                continue
            if used is not None and r.id in used:
                continue
            if subject is not None and (h.subject_of(link, r) == subject) is other:
                continue
            if fits is None or fits(h, r, t):
                found.append(r)
        return found

    return find


def _simple(kinds: frozenset[str], only: str, link: str) -> Find:
    """Return the finder of the commonest part: kinds alone, about the trigger or of the same case."""
    about = link == "it"

    def find(h: Held, t: Record, since: Instant, used: set[str] | None) -> Sequence[Record]:
        listed = h.linked.get(t.id if t.corrects is None else h.root(t)) if about else h.by_kind.get(only)
        if not listed:
            return ()
        if since == EVER and used is None:
            # At any time: all of them.
            return [r for r in listed if r.kind in kinds] if about else listed
        found = []
        for r in listed:
            if about and r.kind not in kinds:
                continue
            # A day-precision record can't be shown to lie before a moment of its own day.
            if r.end < since and not (r.precision == "day" and r.end_day >= t.day):
                continue
            if used is None or r.id not in used:
                found.append(r)
        return found

    return find
