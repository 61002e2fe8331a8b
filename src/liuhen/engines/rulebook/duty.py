"""The Obligation (应办事项): what a rule asks of a case at a moment, whether it is there, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from liuhen.engines.rulebook.language import Cite, Rule
from liuhen.ground.moments import MINUTE, Instant
from liuhen.ground.record import Record
from liuhen.ground.words import Words

WORST_FIRST = {"breached": 0, "overdue": 1, "unknown": 2, "due": 3, "excused": 4, "met": 5}
FAULTS = frozenset({"overdue", "breached"})


class Missing(NamedTuple):
    """One thing that is missing (所缺).

    `what` is record, field, signature, approval, officer, recording, order, file, name, value or thing; `id` the kind,
    field or role; `kinds` the kinds whose form would meet it.
    """

    what: str
    id: str
    words: Words
    kinds: tuple[str, ...] = ()


class Late(NamedTuple):
    """By how much something was too late (迟): counted in the unit of its limit."""

    amount: int
    unit: str


class Duty(NamedTuple):
    """One obligation (应办事项).

    Attributes:
        rule: the rule that asks (of several texts: the one with the worst status).
        subject: root id of the subject; trigger: id of the record that made it apply ("" for periods).
        root: root of the trigger, the same through corrections.
        since: instant of the trigger. due: the first instant that is too late, or None where the text sets no number;
            a whole second for days (24:00 is the next day's start), one microsecond past the last moment for hours.
        status: met, due, overdue, breached, excused or unknown, as of the moment asked.
        missing, met_by, late, excused_by: what lacks, which records meet it, by how much too late, which record excuses.
        asks: fields (or questions) that would settle an unknown.
        paused: the clock stands. provisional: the due moment counts days not yet announced. recorded_after: done in time,
            received after the due moment. marked: accepted on the same day, which a day-precision record can't disprove.
        weight: duty, advice, measure or hint. cites: the articles that ask. rules: every rule stacked here.
        note: a gap's or a period's own name.
    """

    rule: Rule
    cites: tuple[Cite, ...]
    subject: str
    trigger: str
    root: str
    since: Instant
    status: str
    due: Instant | None = None
    missing: tuple[Missing, ...] = ()
    met_by: tuple[str, ...] = ()
    late: Late | None = None
    excused_by: str = ""
    asks: tuple[str, ...] = ()
    paused: bool = False
    provisional: bool = False
    recorded_after: bool = False
    marked: bool = False
    weight: str = "duty"
    note: str = ""
    rules: tuple[Rule, ...] = ()

    @property
    def duty(self) -> str:
        """The name of the duty, the same across texts."""
        return self.rule.duty

    @property
    def articles(self) -> tuple[Cite, ...]:
        """Every article that asks for it."""
        return self.cites

    @property
    def fault(self) -> bool:
        """Whether it counts against the office: a duty, not a hint, advice, measure or a window of the party."""
        if self.weight != "duty" or self.rule.asks_from == "party":
            return False
        return self.status in FAULTS or (self.status == "met" and self.late is not None)

    def view(self, at: Instant) -> str:
        """Return the status as seen at `at`: a duty that was due when judged is overdue once its moment has passed."""
        if self.status == "due" and self.due is not None and at >= self.due and not self.paused:
            return "unknown" if self.provisional else "overdue"
        return self.status


def told_late(duty: Duty, records: Mapping[str, Record]) -> Late | None:
    """Return by how much a duty was late, for people: less than an hour in minutes, else as counted.

    `records`: by id, those that meet it. A limit in hours counts begun hours, and one minute is none to a reader.
    """
    late = duty.late
    if late is None or late != Late(1, "hours") or duty.due is None:
        return late
    done = max((records[i].instant for i in duty.met_by if i in records), default=duty.due)
    over = -(-(done - last_moment(duty.due)) // MINUTE)
    return Late(over, "minutes") if 0 < over < 60 else late


def worst_first(duties: Iterable[Duty]) -> list[Duty]:
    """Return duties, the worst first, then by due moment, then by when they began."""
    far = 1 << 62
    return sorted(
        duties,
        key=lambda d: (
            WORST_FIRST[d.status] - (0.5 if d.late else 0),
            d.weight != "duty",
            d.due if d.due is not None else far,
            d.since,
            d.rule.ref,
            d.root,
        ),
    )


def last_moment(due: Instant) -> Instant:
    """Return the last moment in time for a due instant: 24:00 for days (the instant itself), the full hour for hours."""
    return due - 1 if due % 1_000_000 else due
