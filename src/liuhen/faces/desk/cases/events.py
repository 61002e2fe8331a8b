"""The timeline as a list (时间轴列表): the same story for narrow screens and for the table, newest first."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from liuhen.faces.desk.speech import Speech
from liuhen.faces.desk.timeline.bars import cut
from liuhen.faces.desk.timeline.story import Act, Clock, Share, Sheet, Story
from liuhen.faces.desk.words import words

BAR = 300.0
MOST = 80
"""The list beside the picture shows the newest of them; the table shows all."""


class Event(NamedTuple):
    """One line of the list (事件): its day, lane, words and state."""

    at: float
    day: str
    lane: str
    title: str
    url: str = ""
    status: str = ""
    note: str = ""
    late: str = ""
    pieces: tuple[tuple[float, float, Share], ...] = ()
    today: bool = False


def events(
    story: Story, speech: Speech, jump: Callable[[str], str], *, most: int | None = None
) -> tuple[list[Event], int]:
    """Return the newest `most` events of a story (None: every one), newest first, and how many earlier ones there are.

    Clocks stand on the day that counts: when met, when due, else when they began. `jump`: key of a duty → its address.
    """
    say = words(speech.language).timeline
    marks: list[tuple[float, str, Sheet | Act | Clock | None]] = [(-story.today, str(say.today_word), None)]
    marks += [(-s.at, s.label, s) for s in story.sheets]
    marks += [(-a.at, a.label, a) for a in story.acts]
    marks += [
        (-_stands(c), c.label, c) for c in story.clocks if not (c.momentary or (c.status == "met" and not c.late))
    ]
    marks.sort(key=lambda m: (m[0], m[1]))
    # Only those that are shown are put in words.
    return [_event(-at, title, what, speech, jump) for at, title, what in marks[:most]], len(marks) - len(marks[:most])


def _event(
    at: float, title: str, what: Sheet | Act | Clock | None, speech: Speech, jump: Callable[[str], str]
) -> Event:
    say = words(speech.language).timeline
    day = speech.short_day(int(at))
    if what is None:
        return Event(at, day, "", title, today=True)
    if isinstance(what, Sheet):
        return Event(at, day, str(say.lane_sheet), title, what.url, note="" if what.sealed else str(say.waiting))
    if isinstance(what, Clock):
        return Event(at, day, str(say.lane_clock), title, jump(what.key), what.status, late=what.late)
    return _act(what, speech)


def _stands(c: Clock) -> float:
    if c.ended is not None:
        return c.ended
    if c.due is not None:
        return c.due - 0.00001
    return c.start


def _act(a: Act, speech: Speech) -> Event:
    say = words(speech.language).timeline
    if a.alone:
        note = say.bar_alone.format(owed=round(a.owed))
    else:
        note = say.accounted.format(owed=round(a.owed), rec=round(a.minutes("rec")))
        if a.minutes("off"):
            note += say.accounted_off.format(n=round(a.minutes("off")))
        if a.minutes("gap"):
            note += say.accounted_gap.format(n=round(a.minutes("gap")))
    return Event(
        a.at,
        speech.short_day(int(a.at)),
        str(say.lane_take),
        a.label,
        a.url,
        note=f"{a.when}　{note}",
        pieces=cut(a, 0.0, BAR),
    )
