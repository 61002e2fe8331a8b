"""Accounted time (应录时间的去向): the time of an act cut into 已录, 依法未录 and 无说明, which always add up."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from liuhen.faces.desk.timeline.story import Piece, Share

Span = tuple[float, float]


def account(
    owed: float, recorded: Iterable[Span], excused: Iterable[Span], *, tolerance: float = 1.0
) -> tuple[Piece, ...]:
    """Return the pieces of an act of `owed` minutes, in order, without holes.

    `recorded` and `excused` are spans in minutes from the act's start, in any order; they may overlap and reach beyond the act.
    What is recorded counts as recorded even where it was excused. A hole of at most `tolerance` minutes without a word is
    the clocks' doing and counts as recorded where a recording touches it.
    """
    if owed <= 0:
        return ()
    cuts = {0.0, float(owed)}
    rec = _clipped(recorded, owed)
    off = _clipped(excused, owed)
    for a, b in (*rec, *off):
        cuts.update((a, b))
    edges = sorted(cuts)
    pieces: list[Piece] = []
    for a, b in pairwise(edges):
        middle = (a + b) / 2
        share: Share = "rec" if _within(middle, rec) else "off" if _within(middle, off) else "gap"
        if pieces and pieces[-1].share == share:
            pieces[-1] = Piece(pieces[-1].start, b, share)
        else:
            pieces.append(Piece(a, b, share))
    return _without_slivers(pieces, tolerance)


def _clipped(spans: Iterable[Span], owed: float) -> list[Span]:
    return [(max(0.0, a), min(float(owed), b)) for a, b in spans if a < owed and b > 0 and b > a]


def _within(at: float, spans: list[Span]) -> bool:
    return any(a <= at < b for a, b in spans)


def _without_slivers(pieces: list[Piece], tolerance: float) -> tuple[Piece, ...]:
    out: list[Piece] = []
    for i, piece in enumerate(pieces):
        beside = {p.share for p in pieces[max(0, i - 1) : i + 2]} - {"gap"}
        share = "rec" if piece.share == "gap" and piece.minutes <= tolerance and "rec" in beside else piece.share
        if out and out[-1].share == share:
            out[-1] = Piece(out[-1].start, piece.end, share)
        else:
            out.append(Piece(piece.start, piece.end, share))
    return tuple(out)
