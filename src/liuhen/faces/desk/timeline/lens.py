"""The lens (放大): one act at minute scale, with what was written, what was recorded and the marks below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from liuhen.faces.desk.timeline.measure import shortened, width
from liuhen.faces.desk.timeline.story import Act, Share, Status

STEPS = (1, 2, 5, 10, 20, 30, 60, 120, 240, 720, 1440)
LEAST_TICK = 66.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the lens with words in it, as far as they fit."""

    x: float
    width: float
    share: Share
    words: str
    url: str
    minutes: int

    @property
    def word_width(self) -> float:
        """How much room the words take, with a little air."""
        return min(width(self.words) + 10, self.width)


@dataclass(frozen=True, slots=True)
class Span:
    """What a text record covers: from x to x2, its words in the middle."""

    x: float
    x2: float
    words: str

    @property
    def word_width(self) -> float:
        """How much room the words take, with a little air."""
        return width(self.words) + 14

    @property
    def word_x(self) -> float:
        """Where the words begin."""
        return (self.x + self.x2 - self.word_width) / 2


@dataclass(frozen=True, slots=True)
class Sign:
    """A mark below the recordings with its words to one side."""

    x: float
    status: Status
    words: str
    to_left: bool
    row: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick of the minute axis; `words` is the clock time, empty for the small ticks between."""

    x: float
    words: str


@dataclass(frozen=True, slots=True)
class Lens:
    """An act at minute scale."""

    act: Act
    spans: tuple[Span, ...]
    pieces: tuple[Stretch, ...]
    takes: tuple[Stretch, ...]
    signs: tuple[Sign, ...]
    ticks: tuple[Tick, ...]
    sign_rows: int


def lay_lens(act: Act, *, left: float, right: float, unexplained: str, off_words: str) -> Lens:
    """Return the lens of `act` between `left` and `right`. `unexplained` and `off_words` carry {n} for minutes."""
    begin = min([0.0, *(t.start for t in act.takes), *(n.at for n in act.notes)])
    end = max([act.owed, 1.0, *(t.end for t in act.takes), *(n.at for n in act.notes)])
    step = next((s for s in STEPS if (end - begin) / s * LEAST_TICK <= right - left), STEPS[-1])
    begin = (act.start_minute + begin) // step * step - act.start_minute
    end = -((-(act.start_minute + end)) // step) * step - act.start_minute
    unit = (right - left) / (end - begin)

    def x(minute: float) -> float:
        return left + (minute - begin) * unit

    pieces = []
    for p in act.pieces:
        wide = p.minutes * unit
        words = {"gap": unexplained, "off": off_words}.get(p.share, "").format(n=round(p.minutes))
        pieces.append(
            Stretch(x(p.start), wide, p.share, words if width(words) + 8 <= wide else "", "", round(p.minutes))
        )
    takes = tuple(
        Stretch(
            x(t.start),
            (t.end - t.start) * unit,
            "rec",
            _fit(t.label, (t.end - t.start) * unit - 12),
            t.url,
            round(t.end - t.start),
        )
        for t in act.takes
    )
    spans = tuple(Span(x(a), x(b), shortened(words, max(40.0, (b - a) * unit - 16))) for words, a, b in act.papers)
    ticks = []
    minute = begin
    while minute <= end + 0.01:
        clock = int(act.start_minute + minute) % 1440
        ticks.append(Tick(x(minute), f"{clock // 60:02d}:{clock % 60:02d}"))
        minute += step
    signs = _lay_signs(act, x, left, right)
    return Lens(act, spans, tuple(pieces), takes, signs, tuple(ticks), max((s.row for s in signs), default=0) + 1)


def _fit(words: str, room: float) -> str:
    return words if width(words) <= room else ""


def _lay_signs(act: Act, place: Callable[[float], float], left: float, right: float) -> tuple[Sign, ...]:
    rows = [left - 20.0] * 3
    out: list[Sign] = []
    for note in sorted(act.notes, key=lambda n: n.at):
        at = place(note.at)
        wide = width(note.label) + 18
        row, to_left = 0, False
        for i, end in enumerate(rows):
            row = i
            if end + 10 <= at - 6 and at + wide <= right:
                to_left = False
                break
            if end + 10 <= at - wide:
                to_left = True
                break
        rows[row] = at + 8 if to_left else at + wide
        out.append(Sign(at, note.status, note.label, to_left, row))
    return tuple(out)
