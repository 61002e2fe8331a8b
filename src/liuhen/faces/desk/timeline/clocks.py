"""Clocks on the axis (时限): which of them are lines, in which row, and which shrink to dots on the last row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from liuhen.faces.desk.timeline.axis import Axis
from liuhen.faces.desk.timeline.measure import shortened, width
from liuhen.faces.desk.timeline.story import WORST_FIRST, Clock, Status

ROW = 28.0
LIMIT_ROWS = 6
DOT = 10.5
APART = 10.0
LEAST_LATE = 10.0
"""A late stretch shorter than this on the axis is drawn this long: it must be seen."""


@dataclass(frozen=True, slots=True)
class Line:
    """A clock drawn as a line; every place in units of the picture.

    Attributes:
        start, elapsed, left: where it begins, where the solid part ends, where the dotted part ends (== elapsed: none).
        late_from, late_to: the thick part, or None. stops: boxes. mark, mark_x: the shape at the due mark.
        words: (x, anchor, text) of the label; date: the same for the due date. open_end: runs on beyond the picture.
    """

    clock: Clock
    row: int
    start: float
    elapsed: float
    left: float
    late_from: float | None
    late_to: float | None
    stops: tuple[tuple[float, float], ...]
    mark: Status
    mark_x: float
    words: tuple[float, str, str]
    above: bool
    date: tuple[float, str, str] | None
    open_end: bool


class Dot(NamedTuple):
    """A clock that needs no line: met in time, excused, without a number, or no room; `more` counts those it stands for."""

    clock: Clock
    x: float
    status: Status
    more: int = 0


@dataclass(frozen=True, slots=True)
class Clocks:
    """The lane of clocks: lines with their rows, dots, and how many rows the lines take."""

    lines: tuple[Line, ...]
    dots: tuple[Dot, ...]
    rows: int


def lay_clocks(clocks: Sequence[Clock], axis: Axis, today: float, *, left: float, right: float) -> Clocks:
    """Return the lane: lines sorted by start and packed into at most LIMIT_ROWS rows, the rest as dots."""
    lined = [c for c in clocks if _is_line(c)]
    # The worst get their line first, so that what does not fit is what matters least.
    lined.sort(key=lambda c: (WORST_FIRST.index(c.status), c.start))
    placed: list[tuple[Clock, Line, tuple[float, float]]] = []
    spilled: list[Clock] = []
    rows: list[list[tuple[float, float]]] = []
    drafts = [(c, _draft(c, axis, today, left, right)) for c in lined[:LIMIT_ROWS]]
    spilled += lined[LIMIT_ROWS:]
    for clock, (line, extent) in sorted(drafts, key=lambda d: (d[1][0].start, d[0].key)):
        row = next((i for i, held in enumerate(rows) if all(_apart(extent, e) for e in held)), len(rows))
        if row == len(rows):
            rows.append([])
        rows[row].append(extent)
        placed.append((clock, _in_row(line, row), extent))
    dots = _lay_dots([c for c in clocks if not _is_line(c)] + spilled, axis, left, right)
    return Clocks(tuple(p[1] for p in placed), tuple(dots), len(rows))


def _is_line(c: Clock) -> bool:
    if c.momentary:
        return False
    if c.status in ("due", "soon", "overdue"):
        return c.due is not None
    return c.status == "breached" or (c.status == "met" and bool(c.late) and c.due is not None)


def _apart(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return a[1] + APART <= b[0] or b[1] + APART <= a[0]


def _in_row(line: Line, row: int) -> Line:
    return Line(*(row if name == "row" else getattr(line, name) for name in Line.__slots__))


def _draft(c: Clock, axis: Axis, today: float, left: float, right: float) -> tuple[Line, tuple[float, float]]:
    start = axis.x(c.start)
    due = axis.x(c.due) if c.due is not None else start
    now = axis.x(today)
    open_end = c.due is not None and c.due > axis.last
    late_from = late_to = None
    if c.status == "breached":
        elapsed = dotted = due
        mark_x = due
    elif c.status == "met":
        ended = axis.x(c.ended if c.ended is not None else c.due or c.start)
        elapsed = dotted = due
        late_from, late_to = due, max(ended, due + LEAST_LATE)
        mark_x = late_to
    elif c.status == "overdue":
        elapsed = dotted = due
        late_from, late_to = due, max(now, due + LEAST_LATE)
        mark_x = due
    else:
        elapsed, dotted = min(now, due), due
        mark_x = due
    stops = tuple((axis.x(a), max(axis.x(b), axis.x(a) + 8)) for a, b in c.stops)
    words, above, date, extent = _words(c, start, max(dotted, late_to or 0), mark_x, left, right, open_end)
    line = Line(c, 0, start, elapsed, dotted, late_from, late_to, stops, c.status, mark_x, words, above, date, open_end)
    return line, extent


def _words(
    c: Clock, start: float, end: float, mark_x: float, left: float, right: float, open_end: bool
) -> tuple[tuple[float, str, str], bool, tuple[float, str, str] | None, tuple[float, float]]:
    """Place the label: over the line when it fits there, else left of it, else right of the mark."""
    text = f"{c.label}　{c.late}" if c.late else c.label
    wide = width(text)
    date_wide = width(c.due_label) if c.due_label else 0.0
    after = 9.0 + (date_wide + 8 if c.due_label else 0.0)
    date: tuple[float, str, str] | None = None
    if c.due_label and c.status in ("due", "soon"):
        fits = end + 11 + date_wide <= right and not open_end
        date = (end + 11, "start", c.due_label) if fits else (end, "end", c.due_label)
    line_end = end + (after if date and date[1] == "start" else 9.0)
    # A due mark near the start of a late line stands where the words would begin.
    begin = mark_x + 11 if c.status == "overdue" and mark_x - 11 < start + 6 + wide else start + 6
    if end - begin >= wide + 8 + (date_wide + 6 if date and date[1] == "end" else 0) and c.status != "breached":
        if date and date[1] == "end":
            date = (right, "end", c.due_label)
        return (begin, "start", text), True, date, (start - 2, line_end)
    if date and date[1] == "end":
        date = None
    if c.status not in ("met", "breached") and start - 8 - wide >= left:
        return (start - 8, "end", text), False, date, (start - 8 - wide, line_end)
    if line_end + 4 + wide <= right:
        return (line_end + 4, "start", text), False, date, (start - 2, line_end + 4 + wide)
    text = shortened(text, max(60.0, start - 8 - left))
    return (start - 10, "end", text), False, date, (start - 10 - width(text), line_end)


def _lay_dots(clocks: Sequence[Clock], axis: Axis, left: float, right: float) -> list[Dot]:
    def stands(c: Clock) -> float:
        return axis.x(
            c.ended if c.ended is not None else c.due if c.status == "overdue" and c.due is not None else c.start
        )

    shown = [(stands(c), c.key, n, c) for n, c in enumerate(clocks) if c.ended is None or axis.shows(c.ended)]
    out: list[Dot] = []
    for at, _, _, c in sorted(shown):
        x = max(at, left + 4)
        room = DOT + (width(f"＋{out[-1].more}") + 4 if out and out[-1].more else 0.0)
        if out and x < out[-1].x + room:
            pushed = out[-1].x + room
            if pushed - x > 3.5 * DOT or pushed > right - 6:
                held = out[-1]
                worse = min(held.clock, c, key=lambda k: WORST_FIRST.index(k.status))
                out[-1] = Dot(worse, held.x, worse.status, held.more + 1)
                continue
            x = pushed
        out.append(Dot(c, min(x, right - 6), c.status))
    return out
