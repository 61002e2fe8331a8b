"""The timeline as a list (时间轴列表): the same story for narrow screens and for the table, newest first."""

from __future__ import annotations

from dataclasses import dataclass

from liuhen.faces.desk.speech import Speech
from liuhen.faces.desk.timeline.bars import cut
from liuhen.faces.desk.timeline.story import Act, Clock, Share, Story
from liuhen.faces.desk.words import words

BAR = 300.0
MOST = 80
"""The list beside the picture shows the newest of them; the table shows all."""


@dataclass(frozen=True, slots=True)
class Event:
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


def events(story: Story, speech: Speech) -> list[Event]:
    """Return every event of a story, newest first.

    Clocks stand on the day that counts: when met, when due, else when they began.
    """
    say = words(speech.language).timeline
    out = [Event(story.today, speech.short_day(int(story.today)), "", str(say.today_word), today=True)]
    for s in story.sheets:
        note = "" if s.sealed else str(say.waiting)
        out.append(Event(s.at, speech.short_day(int(s.at)), str(say.lane_sheet), s.label, s.url, note=note))
    out += [_act(a, speech) for a in story.acts]
    for c in story.clocks:
        if c.momentary or (c.status == "met" and not c.late):
            continue
        at = _stands(c)
        out.append(
            Event(at, speech.short_day(int(at)), str(say.lane_clock), c.label, f"#d-{c.key}", c.status, late=c.late)
        )
    return sorted(out, key=lambda e: (-e.at, e.title))


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
