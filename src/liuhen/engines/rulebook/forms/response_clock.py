"""The clock of a response (应有的时限): where it starts, what stops and what lengthens it, and another clock in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from liuhen.engines.rulebook.clocks import Due, Span, due_after, due_with_stops, end_of, moment_in, plain_due, resolve
from liuhen.engines.rulebook.forms.frame import EVER, Workshop, not_before
from liuhen.engines.rulebook.held import Held
from liuhen.engines.rulebook.language import Limit, Rule
from liuhen.engines.rulebook.parts import finder
from liuhen.engines.rulebook.recordings import last_segment_end
from liuhen.ground.calendar import Calendar
from liuhen.ground.moments import MINUTE, Day, Instant
from liuhen.ground.record import Record

# A number in a field that is no length of time (a slip, a hostile file) asks again instead of counting for ever.
MOST_UNITS = 100_000


class Count(NamedTuple):
    """How a limit was counted (计时): from which record and moment, how much, what stopped and what lengthened it.

    `first` is the due moment before another clock took its place; `limit` is None where the text sets a date.
    """

    due: Due
    started_by: Record
    start: Instant
    day: Day
    limit: Limit | None
    stops: tuple[Span, ...] = ()
    granted: Record | None = None
    first: Instant | None = None

    @property
    def unit(self) -> str:
        """The unit that lateness is told in."""
        return self.limit.unit if self.limit is not None else "natural_days"


class ResponseClock:
    """The clock of a response rule (应有的时限): start, plain limit, extension, stops, another clock in its place."""

    def __init__(self, rule: Rule, shop: Workshop) -> None:
        self.rule = rule
        self.calendar = shop.calendar
        self.limit = resolve(rule.within, shop.settings, shop.setting_units) if rule.within is not None else None
        find = shop.predicates
        plain = (
            self.limit is not None and not self.limit.field and not rule.rolls and not rule.extended and not rule.stops
        )
        self.due_after = due_after(self.calendar, self.limit) if plain and self.limit is not None else None
        self.extension = finder(rule.extended.by, find) if rule.extended else None
        more = rule.extended.limit if rule.extended else Limit()
        self.longer = resolve(more, shop.settings, shop.setting_units)
        self.stops = [
            (finder(s.start, find), finder(s.until, find) if s.until is not None else None, s) for s in rule.stops
        ]
        self.waits = resolve(rule.waits, shop.settings, shop.setting_units) if rule.waits is not None else None
        self.hour = _minutes(shop.settings[rule.by_hour_setting] if rule.by_hour_setting else rule.by_hour)
        self.instead = finder(rule.instead.by, find) if rule.instead else None
        self.instead_limit = resolve(rule.instead.limit, shop.settings, shop.setting_units) if rule.instead else None
        self.limited = self.limit is not None or bool(rule.by_field or rule.by_month_day or rule.by_end_of)

    def start(self, h: Held, t: Record) -> tuple[Instant, Day] | None:
        """Return instant and day from which the limit runs; None when the field that says so is not filled."""
        start = self._moment(h, t)
        if start is None or self.waits is None:
            return start
        over = plain_due(self.calendar, start[0], start[1], self.waits.amount, self.waits.unit).at
        return (over, self.calendar.day_at(over - 1)) if over is not None else None

    def _moment(self, h: Held, t: Record) -> tuple[Instant, Day] | None:
        key = self.rule.start
        if key == "done_at":
            return t.instant, t.day
        if key == "until":
            return t.end, t.end_day
        if key == "last_segment_end":
            return last_segment_end(h, t, self.calendar)
        return moment_in(h.field(t, key), self.calendar)

    def count(self, h: Held, t: Record, start: tuple[Instant, Day] | None) -> Count | str:
        """Return how the limit of a trigger is counted, or the field that would have to say so and does not."""
        plain = self.rule.start if start is None else self._plain(h, t, start)
        other = self._instead(h, t, start) if self.instead is not None else None
        if other is None or isinstance(other, str):
            return other or plain
        return other._replace(first=plain.due.at) if isinstance(plain, Count) else other

    def _plain(self, h: Held, t: Record, start: tuple[Instant, Day]) -> Count | str:
        """Return how the rule's own limit is counted."""
        if self.limit is None:
            due = self.fixed(h, t, start)
            return Count(due, t, start[0], start[1], None) if due is not None else self.rule.by_field
        if self.due_after is not None:
            return Count(self.due_after(start[0], start[1]), t, start[0], start[1], self.limit)
        limit = given(h, t, self.limit)
        if limit is None:
            return self.limit.field
        if not self.stops and self.extension is None:
            due = plain_due(self.calendar, start[0], start[1], limit.amount, limit.unit, self.rule.rolls)
            return Count(due, t, start[0], start[1], limit)
        stops = tuple(self.spans(h, t, start))
        due = self._with_stops(start, limit, stops)
        granted = self.granted(h, t, due)
        if granted is not None and self.rule.extended is not None:
            before = due
            extra = given(h, granted, self.longer)
            if extra is None:
                return self.longer.field
            if extra.unit == limit.unit:
                limit = Limit(limit.amount + extra.amount, limit.unit)
                due = self._with_stops(start, limit, stops)
            elif due.at is not None:
                last = self.calendar.day_at(due.at - 1)
                due = plain_due(self.calendar, due.at, last, extra.amount, extra.unit, self.rule.rolls)
            if not stops:
                due = self._not_after(h, granted, before, due)
        return Count(due, t, start[0], start[1], limit, stops, granted)

    def _not_after(self, h: Held, granted: Record, plain: Due, due: Due) -> Due:
        """Return the end of an extension, which its own record may set sooner, never before the plain limit ends."""
        name = self.rule.extended.not_after if self.rule.extended is not None else ""
        said = moment_in(h.field(granted, name), self.calendar) if name else None
        if said is None or due.at is None or plain.at is None:
            return due
        own = self.calendar.instant(said[1] + 1)
        return due if own >= due.at else Due(max(own, plain.at), plain.provisional)

    def _instead(self, h: Held, t: Record, own: tuple[Instant, Day] | None) -> Count | str | None:
        """Return the other clock, from the first record that gives one; the field that should say how long and does not."""
        assert self.instead is not None
        assert self.instead_limit is not None
        assert self.rule.instead is not None
        key = self.rule.instead.start
        asks = ""
        for r in self.instead(h, t, EVER, None):
            ends = {"done_at": (r.instant, r.day), "until": (r.end, r.end_day), "trigger": own}
            start = ends[key] if key in ends else moment_in(h.field(r, key), self.calendar)
            limit = given(h, r, self.instead_limit)
            if limit is None:
                asks = asks or self.instead_limit.field
            elif start is not None and key not in ends and limit.amount and own is not None and start[0] < own[0]:
                # A moment before the rule's own start (a return before the recording) would shorten what it lengthens.
                continue
            elif start is not None:
                due = plain_due(self.calendar, start[0], start[1], limit.amount, limit.unit, self.rule.rolls)
                return Count(due, r, start[0], start[1], limit)
        # A record that gives another clock and leaves its length open: the plain one is not known to count.
        return asks or None

    def _with_stops(self, start: tuple[Instant, Day], limit: Limit, stops: Sequence[Span]) -> Due:
        return due_with_stops(self.calendar, start[0], start[1], limit.amount, limit.unit, stops, self.rule.rolls)

    def granted(self, h: Held, t: Record, plain: Due) -> Record | None:
        """Return the extension granted by the last day of the plain limit, if any; a late one changes nothing."""
        if self.extension is None:
            return None
        for r in self.extension(h, t, EVER, None):
            if plain.at is None or r.instant < plain.at:
                return r
        return None

    def spans(self, h: Held, t: Record, start: tuple[Instant, Day]) -> list[Span]:
        """Return when the clock stood: from each stopping record until the next that starts it again.

        Stopping what stands already changes nothing. Of records of one day without an hour, the one that can take effect is
        taken first: a clock that stands is started again before it is stopped anew.
        """
        out: list[Span] = []
        for begins, until, said in self.stops:
            stopping = [s for s in begins(h, t, EVER, None) if s.end_day >= start[1]]
            if until is None:
                # A step whose own time does not count: every day that it touches.
                out += [Span(s.day, s.end_day, s.id, said.article) for s in stopping]
            else:
                ends = [e for e in until(h, t, EVER, None) if e.end_day >= start[1]]
                spans = self._between(stopping, ends, t, said.article)
                if spans and spans[-1].last is None and said.expected:
                    # What was never said to be over stands no longer than it was said to last.
                    own = next(s for s in stopping if s.id == spans[-1].by)
                    if (last := moment_in(h.field(own, said.expected), self.calendar)) is not None:
                        spans[-1] = spans[-1]._replace(last=max(last[1], own.day))
                out += spans
        return out

    def _between(self, stopping: Sequence[Record], ends: Sequence[Record], t: Record, article: str) -> list[Span]:
        out: list[Span] = []
        standing: Record | None = None
        n = 0
        for stop in stopping:
            if standing is not None:
                n = _next_end(ends, n, standing, t)
                if n == len(ends) or not not_before(stop, ends[n].instant, ends[n].day):
                    continue
                out.append(Span(standing.day, ends[n].day, standing.id, article))
                n += 1
            standing = stop
        if standing is not None:
            n = _next_end(ends, n, standing, t)
            out.append(Span(standing.day, ends[n].day if n < len(ends) else None, standing.id, article))
        return out

    def fixed(self, h: Held, t: Record, start: tuple[Instant, Day]) -> Due | None:
        """Return the moment that the text sets: a field's, a day of the year, the end of a period; None for an empty field."""
        calendar, rule = self.calendar, self.rule
        if rule.by_field:
            held = moment_in(h.field(t, rule.by_field), calendar)
            if held is None:
                return None
            # A date lasts until 24:00; a moment is in time to the microsecond.
            whole_day = held[0] == calendar.instant(held[1]) and len(str(h.field(t, rule.by_field))) == 10
            return end_of(calendar, held[1], rule.rolls) if whole_day else Due(held[0] + 1)
        on = date.fromordinal(start[1])
        if rule.by_month_day:
            days = (_in_year(calendar, year, *rule.by_month_day) for year in (on.year, on.year + 1))
            return end_of(calendar, next(d for d in days if d >= start[1]), rule.rolls)
        if rule.by_end_of in ("day", "working_day"):
            end = end_of(calendar, start[1], rule.rolls or rule.by_end_of == "working_day")
            if self.hour is None or end.at is None:
                return end
            # One microsecond past the hour, as for a limit in hours: done at that hour is in time.
            return end._replace(at=calendar.instant(calendar.day_at(end.at - 1)) + self.hour * MINUTE + 1)
        months = {"month": 1, "quarter": 3, "year": 12}[rule.by_end_of]
        first = date(on.year, (on.month - 1) // months * months + 1, 1).toordinal()
        return end_of(calendar, calendar.add_months(first, months) - 1, rule.rolls)


def _minutes(hour: str) -> int | None:
    """Return how many minutes of a day lie before an hour written `17:30`; None for none."""
    return int(hour[:2]) * 60 + int(hour[3:]) if hour else None


def given(h: Held, r: Record, limit: Limit) -> Limit | None:
    """Return a limit with its amount, which may stand in a field of the record; None where that field gives none."""
    if not limit.field:
        return limit
    held = h.field(r, limit.field)
    return replace(limit, amount=held, field="") if type(held) is int and 0 <= held <= MOST_UNITS else None


def _in_year(calendar: Calendar, year: int, month: int, day: int) -> Day:
    """Return a day of a year; the last of the month where the month is shorter."""
    first = date(year, month, 1).toordinal()
    return min(first + day, calendar.add_months(first, 1)) - 1


def _next_end(ends: Sequence[Record], n: int, stop: Record, t: Record) -> int:
    """Return the place of the first record from `n` on that can start again a clock stopped by `stop`."""
    while n < len(ends):
        e = ends[n]
        same_day = e.day == stop.day and "day" in (e.precision, stop.precision)
        if e.instant > stop.instant or (same_day and e.id != t.id):
            break
        n += 1
    return n
