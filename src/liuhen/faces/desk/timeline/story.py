"""The story of a case (案情经过) as the timeline takes it in: clocks, text records and recordings on one axis.

Places on the axis are days as numbers: the ordinal of the local calendar date, and the part of the day that has passed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from liuhen.ground.moments import Day

Place = float
"""A local date as its proleptic ordinal plus the part of the day passed: noon of day 738000 is 738000.5."""

Status = Literal["breached", "overdue", "unknown", "soon", "due", "excused", "met"]
WORST_FIRST: tuple[Status, ...] = ("breached", "overdue", "unknown", "soon", "due", "excused", "met")
Share = Literal["rec", "off", "gap"]
"""Accounted time: rec 已录, off 依法未录, gap 无说明."""


def place(moment: datetime) -> Place:
    """Return where an aware local moment stands on the axis."""
    return moment.toordinal() + (moment.hour * 3600 + moment.minute * 60 + moment.second) / 86_400


class Clock(NamedTuple):
    """A time limit as it ran or runs (时限).

    Attributes:
        key: what the page calls it, so that the list of duties can light it.
        start: when it began. due: its last moment (exclusive), None where the text sets no number.
        ended: when it was met. late: the words for how late, empty when in time.
        stops: spans in which it stood.
        lights: ids of the records it belongs to, parted by spaces. momentary: owed at once, so that it has no length and
            stays a dot.
    """

    key: str
    label: str
    status: Status
    start: Place
    due: Place | None = None
    ended: Place | None = None
    late: str = ""
    due_label: str = ""
    stops: tuple[tuple[Place, Place], ...] = ()
    lights: str = ""
    momentary: bool = False


class Sheet(NamedTuple):
    """A text record (文书): filled when sealed, with a second sheet behind when corrected."""

    key: str
    at: Place
    label: str
    url: str = ""
    sealed: bool = True
    corrected: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an act's time and what became of it, in minutes from the act's own start."""

    start: float
    end: float
    share: Share

    @property
    def minutes(self) -> float:
        """Its length in minutes."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Take:
    """One recording (音像) in the lens: minutes from the act's start (it may begin before), its name, where it plays."""

    start: float
    end: float
    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A mark below the recordings in the lens: told at the start, an explained interruption, an explanation missing."""

    at: float
    status: Status
    label: str


@dataclass(frozen=True, slots=True)
class Act:
    """An act that should have been recorded, or a recording that belongs to none (音像).

    Attributes:
        owed: minutes that should have been recorded; for a recording that stands alone, its own length.
        pieces: the owed time, cut into 已录, 依法未录 and 无说明; they always add up to `owed`.
        papers: what was written of it: (words, from, until) in minutes from the start.
    """

    key: str
    at: Place
    label: str
    when: str
    owed: float
    pieces: tuple[Piece, ...]
    start_minute: int = 0
    url: str = ""
    alone: bool = False
    takes: tuple[Take, ...] = ()
    papers: tuple[tuple[str, float, float], ...] = ()
    notes: tuple[Note, ...] = ()

    def minutes(self, share: Share) -> float:
        """Minutes of that kind."""
        return sum(p.minutes for p in self.pieces if p.share == share)


@dataclass(frozen=True, slots=True)
class Holiday:
    """A run of days off with a name (法定节假日); weekends have none."""

    first: Day
    last: Day
    name: str


@dataclass(frozen=True, slots=True)
class Story:
    """Everything the timeline of one subject shows, in no particular order."""

    today: Place
    today_label: str
    clocks: tuple[Clock, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    acts: tuple[Act, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    days_off: frozenset[Day] = field(default_factory=frozenset)
    workdays: frozenset[Day] = field(default_factory=frozenset)

    @property
    def owed(self) -> int:
        """Whole minutes that should have been recorded."""
        return round(sum(a.owed for a in self.acts if not a.alone))
