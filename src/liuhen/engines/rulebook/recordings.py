"""What recordings really hold (音像内容): their segments, and where the last of an act ends."""

from __future__ import annotations

from typing import Any

from liuhen.engines.rulebook.held import Held
from liuhen.ground.calendar import Calendar
from liuhen.ground.moments import Day, Instant, instant, read_moment
from liuhen.ground.record import Record


def segments(r: Record) -> list[tuple[Instant, Instant]]:
    """Return the stretches that a recording really holds: its `segments`, or its whole interval."""
    held: Any = r.content.get("segments")
    if not held:
        return [(r.instant, r.end)]
    out = []
    for s in held:
        a, b = read_moment(str(s.get("from"))), read_moment(str(s.get("until")))
        if a is not None and b is not None and a.tzinfo and b.tzinfo and a <= b:
            out.append((instant(a), instant(b)))
    return out or [(r.instant, r.end)]


def last_segment_end(h: Held, t: Record, calendar: Calendar) -> tuple[Instant, Day]:
    """Return the end of the last segment of the act that a recording belongs to; of the recording itself without an act."""
    end, kinds = _end(t), h.shape.recordings
    for target in t.links.get("about", ()):
        for r in h.linked.get(h.root_of.get(target, target), ()):
            if r.kind in kinds:
                end = max(end, _end(r))
    return end, calendar.day_at(end)


def _end(r: Record) -> Instant:
    return max([b for _, b in segments(r)]) if r.content.get("segments") else r.end
