"""Text records on the axis (文书): sheets with flags on three levels, turned left before today, counted when they crowd."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from liuhen.faces.desk.timeline.axis import Axis
from liuhen.faces.desk.timeline.measure import shortened, width
from liuhen.faces.desk.timeline.story import Sheet

LEVELS = 3
SHEET = 9.0
GAP = 5.0
LONGEST = 118.0


class Flag(NamedTuple):
    """A sheet with its place, and its flag: the level (0 on top), to which side, and the words; level None: no flag."""

    sheet: Sheet
    x: float
    level: int | None = None
    to_left: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class More:
    """Sheets too close to be named here (＋n): where, and which."""

    x: float
    count: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheets:
    """The lane of text records."""

    flags: tuple[Flag, ...]
    more: tuple[More, ...]


def lay_sheets(sheets: Sequence[Sheet], axis: Axis, today_x: float, *, left: float, right: float) -> Sheets:
    """Return the lane, from left to right: every sheet on the axis, as many flags as can be read, the rest counted."""
    ends = [left] * LEVELS  # right end of the last flag on each level
    last_sheet = left - SHEET
    flags: list[Flag] = []
    hidden: list[Flag] = []
    for sheet in sorted((s for s in sheets if axis.shows(s.at)), key=lambda s: (s.at, s.key)):
        x = axis.x(sheet.at)
        if x < last_sheet + SHEET * 0.66:
            x = last_sheet + SHEET * 0.66
        x = min(x, right - SHEET / 2)
        words = shortened(sheet.label, LONGEST)
        wide = width(words) + GAP
        level, to_left = _level(ends, x, wide, today_x, right)
        if level is None:
            flag = Flag(sheet, x)
            hidden.append(flag)
        else:
            flag = Flag(sheet, x, level, to_left, words)
            ends[level] = max(ends[level], x + 2 if to_left else x + wide)
        flags.append(flag)
        last_sheet = x
    return Sheets(tuple(flags), tuple(_count(hidden)))


def _level(ends: list[float], x: float, wide: float, today_x: float, right: float) -> tuple[int | None, bool]:
    """Choose the highest level that is free; a stem that runs behind one lower flag is the last resort, never behind two."""
    to_left_first = x < today_x < x + wide or x + wide > right
    sides = (True, False) if to_left_first else (False,)
    for behind in (0, 1):
        for to_left in sides:
            if not to_left and x + wide > right:
                continue
            for level in range(LEVELS):
                begins = x - wide if to_left else x
                if ends[level] + 3 <= begins and sum(end > x for end in ends[level + 1 :]) <= behind:
                    return level, to_left
    return None, False


def _count(hidden: list[Flag]) -> list[More]:
    out: list[More] = []
    for flag in hidden:
        if out and flag.x - out[-1].x < 40:
            held = out[-1]
            out[-1] = More(held.x, held.count + 1, (*held.keys, flag.sheet.key))
        else:
            out.append(More(flag.x, 1, (flag.sheet.key,)))
    return out
