"""Which text judges which day (适用时间): the dates of a text, and recorded decisions to apply it on after its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import attrgetter

from liuhen.engines.rulebook.held import Held
from liuhen.engines.rulebook.language import Rulebook
from liuhen.ground.moments import Day, read_date

Span = Callable[[Held, Day], bool]
FOR_GOOD = 1 << 30
_day = attrgetter("day")


def span_of(rulebook: Rulebook) -> Span:
    """Return the function that says whether a text judges what was done on a day."""
    first, last, name = rulebook.in_force_from, rulebook.in_force_to or FOR_GOOD, rulebook.id

    def span(h: Held, day: Day) -> bool:
        if first <= day <= last:
            return True
        for since, until in _applied(h, name):  # noqa: SIM110 (no generator on the way of every rule)
            if since <= day <= until:
                return True
        return False

    return span


def everywhere(h: Held, rulebooks: Sequence[Rulebook]) -> bool:
    """Whether every text judges every day of a file without a hole: then nothing has to ask again, record by record."""
    if not h.current:
        return True
    first, last = h.current[0].day, max(map(_day, h.current))
    for rulebook in rulebooks:
        day = first
        spans = [(rulebook.in_force_from, rulebook.in_force_to or FOR_GOOD)]
        if not spans[0][0] <= day <= last <= spans[0][1]:
            spans += _applied(h, rulebook.id)
            for since, until in sorted(spans):
                if since <= day <= until:
                    day = until + 1
            if day <= last:
                return False
    return True


def _applied(h: Held, rulebook: str) -> tuple[tuple[Day, Day], ...]:
    """Return from when until when recorded decisions apply a text on; read once a file."""
    found = h.applied_spans.get(rulebook)
    if found is None:
        known = [r for r in h.applied if r.received <= h.at]
        gone = {r.corrects for r in known}
        for kind in h.shape.applied:
            known += h.by_kind.get(kind, ())
        spans = []
        for r in known:
            content = r.content
            if content.get("rulebook") == rulebook and r.id not in gone:
                span = _days(str(content.get("from")), str(content.get("until") or ""))
                if span is not None:
                    spans.append(span)
        found = h.applied_spans[rulebook] = tuple(spans)
    return found


@lru_cache(maxsize=1_000)
def _days(since: str, until: str) -> tuple[Day, Day] | None:
    """Return the days from and until which a decision applies a text on; the same few decisions are read for every file."""
    start, end = read_date(since), read_date(until)
    return (start.toordinal(), end.toordinal() if end is not None else FOR_GOOD) if start is not None else None
