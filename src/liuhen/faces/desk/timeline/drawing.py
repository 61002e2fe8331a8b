"""The whole picture (图): lanes under one axis, with every place worked out; the template writes it down as SVG."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from liuhen.faces.desk.timeline.axis import Axis, Month, lay_axis
from liuhen.faces.desk.timeline.bars import Bar, Bars, lay_bars
from liuhen.faces.desk.timeline.clocks import ROW, Clocks, lay_clocks
from liuhen.faces.desk.timeline.flags import Sheets, lay_sheets
from liuhen.faces.desk.timeline.lens import Lens, lay_lens
from liuhen.faces.desk.timeline.measure import width
from liuhen.faces.desk.timeline.story import Story

WIDTH = 868.0
LEFT, RIGHT = 62.0, 858.0
HEAD = 20.0
FLAG_ROW = 21.0
AHEAD_DAYS = 60
"""A clock that ends later than this after today does not stretch the axis; it runs off the edge with its date."""


@dataclass(frozen=True, slots=True)
class Band:
    """Days off on the axis: a weekend, light, or a named holiday, hatched; `name_x` None where the name finds no room."""

    x: float
    width: float
    name: str
    name_x: float | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything the template needs, in units of the picture; lanes by their top, baselines by name."""

    story: Story
    axis: Axis
    bands: tuple[Band, ...]
    months: tuple[Month, ...]
    clocks: Clocks
    sheets: Sheets
    bars: Bars
    lens: Lens | None
    lens_bar: Bar | None
    today_x: float
    today_box: float
    today_box_width: float
    clocks_top: float
    dots_y: float
    sheets_top: float
    sheets_y: float
    bars_top: float
    bottom: float
    height: float

    def row_y(self, row: int) -> float:
        """The baseline of a row of clocks."""
        return self.clocks_top + 26 + row * ROW

    def flag_y(self, level: int) -> float:
        """The baseline of the words of a flag on that level."""
        return self.sheets_top + 17 + level * FLAG_ROW

    @property
    def dates(self) -> tuple[date, date]:
        """First and last day of the axis."""
        return date.fromordinal(int(self.axis.first)), date.fromordinal(int(self.axis.last) - 1)


def draw(
    story: Story,
    *,
    label: str,
    alone: str,
    unexplained: str,
    explained: str,
    chosen: str = "",
    since: float | None = None,
) -> Drawing:
    """Return the drawing of a story.

    `label`, `alone`, `unexplained`, `explained` are the patterns of words on bars; `chosen` is the key of the act under the lens;
    `since` cuts off what lies earlier. Cost: linear in what the story holds.
    """
    axis = lay_axis(_events(story, since), left=LEFT, right=RIGHT)
    today_x = axis.x(story.today)
    clocks = lay_clocks(story.clocks, axis, story.today, left=LEFT, right=RIGHT)
    sheets = lay_sheets(story.sheets, axis, today_x, left=LEFT - 8, right=RIGHT)
    bars = lay_bars(story.acts, axis, label, alone, right=RIGHT)
    dots_y = HEAD + 18 + clocks.rows * ROW + (6 if clocks.rows else 0)
    sheets_top = dots_y + 16
    sheets_y = sheets_top + 3 * FLAG_ROW + 26
    bars_top = sheets_y + 18
    bottom = bars_top + bars.rows * 34 + 10
    lens_bar = next((b for b in bars.bars if b.act.key == chosen), None)
    act = lens_bar.act if lens_bar else next((a for a in story.acts if a.key == chosen), None)
    lens = lay_lens(act, left=LEFT, right=RIGHT, unexplained=unexplained, off_words=explained) if act else None
    height = bottom + 22 + (32 + 118 + 18 * (lens.sign_rows - 1) if lens else 0)
    box = width(story.today_label) + 14
    months = axis.months()
    return Drawing(
        story,
        axis,
        tuple(_named(_bands(story, axis), months)),
        tuple(months),
        clocks,
        sheets,
        bars,
        lens,
        lens_bar,
        today_x,
        min(max(2.0, today_x - box / 2), WIDTH - box - 2),
        box,
        HEAD,
        dots_y,
        sheets_top,
        sheets_y,
        bars_top,
        bottom,
        height,
    )


def _events(story: Story, since: float | None) -> list[float]:
    ahead = story.today + AHEAD_DAYS
    at = [story.today, *(s.at for s in story.sheets), *(a.at for a in story.acts)]
    for c in story.clocks:
        at.append(c.start)
        if c.ended is not None:
            at.append(c.ended)
        if c.due is not None and c.status in ("due", "soon", "overdue"):
            at.append(min(c.due, ahead))
    return [e for e in at if since is None or e >= since] + ([since] if since is not None else [])


MONTH_ROOM = {True: 66.0, False: 34.0}


def _named(bands: list[Band], months: list[Month]) -> list[Band]:
    """Put the names of holidays beside the months, moved a little where one is in the way, left out where it would be far."""
    taken = [(m.x, m.x + MONTH_ROOM[m.edge or m.day.month == 1]) for m in months]
    out = []
    for band in bands:
        at: float | None = None
        if band.name:
            wide = width(band.name) + 6
            at = band.x + band.width / 2 - wide / 2
            for a, b in taken:
                if at < b and a < at + wide:
                    at = b
            if at - (band.x + band.width) > 6 or at + wide > WIDTH or any(at < b and a < at + wide for a, b in taken):
                at = None
            else:
                taken.append((at, at + wide))
        out.append(Band(band.x, band.width, band.name, at))
    return out


def _bands(story: Story, axis: Axis) -> list[Band]:
    named = {d for h in story.holidays for d in range(h.first, h.last + 1)}
    out = [
        Band(axis.x(h.first), axis.x(h.last + 1) - axis.x(h.first), h.name)
        for h in story.holidays
        if h.last + 1 > axis.first and h.first < axis.last
    ]
    day, last = int(axis.first), int(axis.last)
    if last - day > 1500:  # weekends would only be a grey haze
        return out
    while day < last:
        if day in story.days_off and day not in named and not axis.folded(day):
            end = day
            while end + 1 in story.days_off and end + 1 not in named and end + 1 < last:
                end += 1
            out.append(Band(axis.x(day), axis.x(end + 1) - axis.x(day), ""))
            day = end
        day += 1
    return out
