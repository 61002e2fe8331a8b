"""Events in traces (轨迹与事件): what both sorts of log give, case by case, before anything is known of kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from liuhen.ground.errors import Refused
from liuhen.ground.findings import Finding

MOST_EVENTS = 20_000
"""A case with more events than this is set aside (E-035): nobody's file is that long, and memory stays that of one case."""


class InvalidLog(Refused):
    """A log, or its mapping, that can't be used as a whole (日志无效)."""


@dataclass(slots=True)
class Event:
    """One event (事件): its attributes as texts, as far as the mapping reads them, and the line where it begins."""

    line: int
    values: dict[str, str]


@dataclass(slots=True)
class Trace:
    """The events of one case in the order of the file (轨迹).

    Attributes:
        id: what the log calls the case; "" where it says nothing.
        values: attributes of the case itself; in CSV those of its first line.
        events: at most `MOST_EVENTS`; none of a case that has more. seen: how many there are.
        wrong: what is wrong with it as it was read; such a case is set aside.
    """

    line: int
    id: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    seen: int = 0
    wrong: list[Finding] = field(default_factory=list)
