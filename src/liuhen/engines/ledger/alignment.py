"""Rows held against sealed entries (行与条目比对): which were edited, are missing, stand elsewhere, never sealed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping

from liuhen.engines.ledger.leaf import EntrySubject, subject_of
from liuhen.engines.ledger.refusals import EntryRefused
from liuhen.ground.findings import Finding
from liuhen.ground.words import Said


def subject_said(entry: bytes) -> Said:
    """Return what an entry is about as a sentence names it, or a dash where it can't be read."""
    subject = _subject(entry)
    return subject.said() if subject is not None else Said("—", "–", "-")


def misplaced_rows(sealed: Mapping[int, bytes], rows: Mapping[int, bytes]) -> Iterator[Finding]:
    """Yield what is wrong with the rows, from the places where row and sealed entry differ.

    `sealed` has the true entry of each such place, `rows` the entry made from the row that claims it; a missing row
    is left out, an unreadable one is empty. A row that stands elsewhere only because rows before it are missing is
    not reported again.

    Findings: L-201 edited, L-202 missing, L-203 stands at another place than it was sealed at, L-204 never sealed.
    """
    place_sealed = {entry: place for place, entry in sealed.items()}
    place_row = {entry: place for place, entry in rows.items() if entry}
    lost = {place: entry for place, entry in sealed.items() if entry not in place_row}
    strange = {place: entry for place, entry in rows.items() if entry not in place_sealed}
    by_subject = {subject: place for place, entry in lost.items() if (subject := _subject(entry)) is not None}
    for place, entry in sorted(strange.items()):
        subject = _subject(entry)
        origin = (
            place if subject is None and place in lost else by_subject.get(subject) if subject is not None else None
        )
        if origin is not None and origin in lost:
            yield Finding("L-201", {"subject": subject_said(lost.pop(origin)), "index": origin})
        else:
            yield Finding("L-204", {"subject": subject_said(entry), "index": place})
    for place, entry in sorted(lost.items()):
        yield Finding("L-202", {"subject": subject_said(entry), "index": place})
    standing = sorted(
        (place, place_sealed[entry], entry) for entry, place in place_row.items() if entry in place_sealed
    )
    for place, belongs, entry in _out_of_order(standing):
        yield Finding("L-203", {"subject": subject_said(entry), "index": place, "belongs": belongs})


def _out_of_order(standing: list[tuple[int, int, bytes]]) -> Iterator[tuple[int, int, bytes]]:
    # Two rows that changed places are both named. Of the others only those outside the longest run that is still in
    # order: when one row was moved far, it is that row which is out of place, not the thousand between.
    swap = {place: belongs for place, belongs, _ in standing}
    rest = []
    for row in standing:
        place, belongs, _ = row
        if place != belongs and swap.get(belongs) == place:
            yield row
        else:
            rest.append(row)
    in_order = _longest_rising([belongs for _, belongs, _ in rest])
    yield from (row for number, row in enumerate(rest) if number not in in_order)


def _longest_rising(values: list[int]) -> set[int]:
    """Return the positions of one longest strictly rising subsequence. Costs n log n."""
    ends: list[int] = []
    tails: list[int] = []
    before: list[int] = []
    for position, value in enumerate(values):
        length = bisect_left(ends, value)
        before.append(tails[length - 1] if length else -1)
        if length == len(ends):
            ends.append(value)
            tails.append(position)
        else:
            ends[length] = value
            tails[length] = position
    chosen: set[int] = set()
    at = tails[-1] if tails else -1
    while at >= 0:
        chosen.add(at)
        at = before[at]
    return chosen


def _subject(entry: bytes) -> EntrySubject | None:
    try:
        return subject_of(entry)
    except EntryRefused:
        return None
