"""The day axis (日轴): which place of the picture a day has; long quiet spans are folded and say how many days."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from liuhen.faces.desk.timeline.story import Place

QUIET_DAYS = 45
"""A span without any event that is longer than this is folded, once the whole is longer than LONG_DAYS."""
LONG_DAYS = 170
FOLD_WIDTH = 44.0
EDGE_DAYS = 4


@dataclass(frozen=True, slots=True)
class Fold:
    """A quiet span drawn short (折叠): its place in the picture, and the days it stands for."""

    x: float
    width: float
    days: int


@dataclass(frozen=True, slots=True)
class Month:
    """The first day of a month on the axis, or the left edge: where, and the date."""

    x: float
    day: date
    edge: bool


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale from days to units of the picture, straight between its knots.

    Attributes:
        knots: (day, x), both rising. folds: the quiet spans drawn short.
    """

    knots: tuple[tuple[float, float], ...]
    folds: tuple[Fold, ...] = ()

    @property
    def first(self) -> float:
        """The day at the left edge."""
        return self.knots[0][0]

    @property
    def last(self) -> float:
        """The day at the right edge."""
        return self.knots[-1][0]

    def x(self, at: Place) -> float:
        """Return where `at` stands; what lies outside stands on the edge."""
        knots = self.knots
        if at <= knots[0][0]:
            return knots[0][1]
        if at >= knots[-1][0]:
            return knots[-1][1]
        i = bisect_right(knots, (at, float("inf"))) - 1
        (d0, x0), (d1, x1) = knots[i], knots[i + 1]
        return x0 + (at - d0) * (x1 - x0) / (d1 - d0)

    def shows(self, at: Place) -> bool:
        """Tell whether `at` lies on the axis."""
        return self.first <= at <= self.last

    def folded(self, at: Place) -> bool:
        """Tell whether `at` lies within a fold."""
        x = self.x(at)
        return any(f.x < x < f.x + f.width for f in self.folds)

    def months(self) -> list[Month]:
        """Return the month starts on the axis, and the left edge when the first of them is far enough away."""
        first = date.fromordinal(int(self.first))
        out = [Month(self.x(self.first), first, True)]
        year, month = first.year, first.month
        while True:
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
            day = date(year, month, 1)
            if day.toordinal() > self.last:
                break
            if not self.folded(day.toordinal()) and self.x(day.toordinal()) < self.knots[-1][1] - 30:
                out.append(Month(self.x(day.toordinal()), day, False))
        kept = [out[0]] if len(out) < 2 or out[1].x - out[0].x > 64 else []
        for m in out[1:]:
            if not kept or m.x - kept[-1].x > (64 if m.day.month == 1 else 34):
                kept.append(m)
        return kept


def lay_axis(events: Iterable[Place], *, left: float, right: float) -> Axis:
    """Return the axis that shows all of `events` between `left` and `right` of the picture.

    Spans of more than QUIET_DAYS without an event are folded when the whole covers more than LONG_DAYS. No event: one week.
    """
    at = sorted(events)
    if not at:
        return Axis(((0.0, left), (7.0, right)))
    first, last = int(at[0]) - 1.0, int(at[-1]) + 2.0
    if last - first < 14:
        last = first + 14
    total = last - first
    quiet = []
    if total > LONG_DAYS:
        for a, b in pairwise(at):
            if b - a > QUIET_DAYS:
                quiet.append((int(a) + EDGE_DAYS, int(b) - EDGE_DAYS))
    days = total - sum(b - a for a, b in quiet)
    width = right - left - FOLD_WIDTH * len(quiet)
    if width < (right - left) / 2:  # too many folds leave no room for what happened
        return Axis(((first, left), (last, right)))
    unit = width / days
    knots, folds, x, d = [(first, left)], [], left, first
    for a, b in quiet:
        x += (a - d) * unit
        knots.append((float(a), x))
        folds.append(Fold(x, FOLD_WIDTH, b - a))
        x += FOLD_WIDTH
        knots.append((float(b), x))
        d = b
    knots.append((last, right))
    return Axis(tuple(knots), tuple(folds))
