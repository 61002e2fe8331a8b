"""Recordings on the day axis (音像): bars of accounted time, in at most two rows, the rest counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from liuhen.faces.desk.timeline.axis import Axis
from liuhen.faces.desk.timeline.measure import width
from liuhen.faces.desk.timeline.story import Act, Share

PER_MINUTE = 0.42
LEAST, MOST = 8.0, 84.0
ROWS = 2
LIMIT_PIECES = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """One act's accounted time: where it begins, its width, its pieces as (x, width, share), its row and label.

    The day axis is far too coarse for minutes, so the width is the owed time on a scale of its own (PER_MINUTE).
    """

    act: Act
    x: float
    width: float
    row: int
    pieces: tuple[tuple[float, float, Share], ...]
    label: str


@dataclass(frozen=True, slots=True)
class Bars:
    """The lane of recordings, and how many found no room (＋n) where."""

    bars: tuple[Bar, ...]
    more: tuple[tuple[float, int], ...]
    rows: int


def lay_bars(acts: Sequence[Act], axis: Axis, words: str, alone: str, *, right: float) -> Bars:
    """Return the lane. `words` is the label's pattern with {rec} and {owed}, `alone` that of a recording on its own."""
    ends = [0.0] * ROWS
    out: list[Bar] = []
    more: list[tuple[float, int]] = []
    for act in sorted((a for a in acts if axis.shows(a.at)), key=lambda a: (a.at, a.key)):
        wide = min(MOST, max(LEAST, act.owed * PER_MINUTE))
        label = (alone if act.alone else words).format(rec=round(act.minutes("rec")), owed=round(act.owed))
        x = min(axis.x(act.at), right - max(wide, width(label)))
        row = next((i for i, end in enumerate(ends) if end + 6 <= x), None)
        if row is None:
            if more and x - more[-1][0] < 40:
                more[-1] = (more[-1][0], more[-1][1] + 1)
            else:
                more.append((x, 1))
            continue
        ends[row] = x + max(wide, width(label))
        out.append(Bar(act, x, wide, row, cut(act, x, wide), label))
    return Bars(tuple(out), tuple(more), max((b.row for b in out), default=0) + 1)


def cut(act: Act, x: float, wide: float) -> tuple[tuple[float, float, Share], ...]:
    """Return the pieces of an act on a bar that begins at `x` and is `wide`; a piece that would vanish gets two units."""
    if act.owed <= 0 or len(act.pieces) > LIMIT_PIECES:
        return ((x, wide, "rec"),)
    widths = [max(2.0, p.minutes / act.owed * wide) for p in act.pieces]
    scale = wide / sum(widths)
    out: list[tuple[float, float, Share]] = []
    at = x
    for piece, w in zip(act.pieces, widths, strict=True):
        out.append((at, w * scale, piece.share))
        at += w * scale
    return tuple(out)
