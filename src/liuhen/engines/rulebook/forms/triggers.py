"""The triggers that are no record (其他触发): a state, a period, a gap, a lapse and a mark; each ends in a response."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from liuhen.engines.rulebook.clocks import late_by, plain_due, resolve
from liuhen.engines.rulebook.duty import Duty, Missing
from liuhen.engines.rulebook.forms.frame import EVER, Rows, Workshop, at_moment, row, scoped
from liuhen.engines.rulebook.forms.response import Judge, how_many, open_subjects
from liuhen.engines.rulebook.forms.response_clock import MOST_UNITS
from liuhen.engines.rulebook.held import Held
from liuhen.engines.rulebook.language import Rule
from liuhen.engines.rulebook.parts import finder
from liuhen.ground.calendar import Calendar
from liuhen.ground.moments import Day, Instant
from liuhen.ground.record import Record

RunAll = Callable[[Held, Rows], None]
# A register of periods can't grow without end: a unit that is older than this has its early periods in the archive.
MOST_PERIODS = 400
# What a subject owes as long as it is open, whatever is recorded: told in its own file.
STANDING = frozenset({"state", "period", "every"})


def compile_other(rule: Rule, shop: Workshop) -> RunAll:
    """Compile a response rule whose trigger is no record."""
    kinds = {"state": _state, "period": _period, "every": _every, "gap": _gap, "lapse": _lapse, "mark": _mark}
    return kinds[rule.trigger.type](rule, shop, Judge(rule, shop))


def _state(rule: Rule, shop: Workshop, judge: Judge) -> RunAll:
    where = shop.predicates.condition(rule.trigger.where)
    asks = tuple(dict.fromkeys(shop.predicates.asked(rule.trigger.where) + shop.asks))

    def run(h: Held, out: Rows) -> None:
        used: set[str] = set()
        for t in open_subjects(h, rule.trigger.each):
            fits = True if where is None else where(h, t)
            applies = scoped(shop, h, t) if fits is not False else False
            if applies is False or fits is False:
                continue
            if applies is None or fits is None:
                out.append(row(h, shop, rule, t, "unknown", asks=asks))
                continue
            before = len(out)
            judge(h, t, out, used)
            # A state must hold all the time: what is missing is missing now, not one day.
            if not judge.clock.limited and out[before].status == "due":
                out[before] = out[before]._replace(status="overdue")

    return run


def periods(calendar: Calendar, every: str, first: Day, last: Day) -> list[tuple[Day, Day]]:
    """Return the periods (first day, day after the last) from the one that holds `first` to the one that holds `last`.

    Of very many only the latest `MOST_PERIODS`.
    """
    out: list[tuple[Day, Day]] = []
    if every == "working_day":
        day = last
        while day >= first and len(out) < MOST_PERIODS:
            if calendar.is_working(day):
                out.append((day, day + 1))
            day -= 1
        return out[::-1]
    months = {"calendar_year": 12, "quarter": 3, "month": 1}[every]
    on = date.fromordinal(last)
    start = date(on.year, (on.month - 1) // months * months + 1, 1).toordinal()
    while first <= last and len(out) < MOST_PERIODS:
        after = calendar.add_months(start, months)
        out.append((start, after))
        if start <= first:
            break
        start = calendar.add_months(start, -months)
    return out[::-1]


def _period(rule: Rule, shop: Workshop, judge: Judge) -> RunAll:
    return PeriodJudge(rule, shop, judge)


class PeriodJudge:
    """Judges a response asked once in every period while a subject is open (逐期判断)."""

    def __init__(self, rule: Rule, shop: Workshop, judge: Judge) -> None:
        self.rule = rule
        self.shop = shop
        self.judge = judge

    def __call__(self, h: Held, out: Rows) -> None:
        rule, shop, calendar = self.rule, self.shop, self.shop.calendar
        today = calendar.day_at(h.at)
        for t, end in h.subjects(rule.trigger.per):
            last = min(today, calendar.day_at(end)) if end is not None else today
            for first, after in periods(calendar, rule.trigger.each, t.day, last):
                # A period is judged by the text in force on its first day.
                if not shop.span(h, max(first, t.day)) or (rule.trigger.at_end and today < after):
                    continue
                applies = True if shop.condition is None else shop.condition(h, t)
                if applies is False:
                    continue
                duty = self._one(h, t, first, after, applies)
                # A unit set up (or dissolved) within the period owes nothing for a part of it: a hint.
                part = t.day > first or (end is not None and calendar.day_at(end) < after)
                out.append(duty._replace(weight="hint") if part and duty.weight == "duty" else duty)

    def _one(self, h: Held, t: Record, first: Day, after: Day, applies: bool | None) -> Duty:
        rule, judge, calendar = self.rule, self.judge, self.shop.calendar
        note = period_name(rule.trigger.each, first)
        started = first
        if rule.trigger.at_end:
            # What follows when the period is over, is asked within the next one; the last day is not counted.
            started = after - 1
            first, after = after, following(calendar, rule.trigger.each, after)
        since = calendar.instant(first)
        base = row(h, self.shop, rule, t, "unknown", asks=self.shop.asks, since=since, note=note)._replace(
            trigger="", root=f"{h.root(t)}@{note}"
        )
        if applies is None:
            return base
        over = calendar.instant(after)
        due, unit = over, "natural_days"
        # Whether a day is a working day at all is open while its year is not announced.
        provisional = rule.trigger.each == "working_day" and not calendar.is_known(first)
        if judge.clock.limited:
            count = judge.clock.count(h, t, (since, started))
            if isinstance(count, str):
                return base._replace(asks=(count,))
            if count.due.at is not None:
                due, unit, provisional = count.due.at, count.unit, provisional or count.due.provisional
        met_by: tuple[str, ...] = ()
        missing: tuple[Missing, ...] = ()
        found_at = received = EVER
        for part in judge.asked:
            many = how_many(h, part, t)
            found = [r for r in part.find(h, t, EVER, None) if first <= r.day < after]
            if len(found) >= many:
                for r in found[:many]:
                    met_by += (r.id,)
                    found_at, received = max(found_at, r.instant), max(received, r.received)
            else:
                missing += part.missing
        base = base._replace(due=due, met_by=met_by, asks=(), provisional=provisional)
        if not missing:
            late = None if found_at < due or provisional else late_by(calendar, due, found_at, unit)
            return base._replace(status="met", late=late, recorded_after=late is None and received >= due)
        if judge.excuses is not None:
            missing, by = judge.excuses.left(h, t, missing)
            if not missing:
                return base._replace(status="excused", excused_by=by)
        status = "due" if h.at < due else ("breached" if h.at >= over else "overdue")
        if status == "due" and (h.next_due is None or due < h.next_due):
            h.next_due = due
        if provisional and status != "due":
            return base._replace(status="unknown", missing=missing, asks=("calendar",))
        return base._replace(status=status, missing=missing)


def following(calendar: Calendar, every: str, day: Day) -> Day:
    """Return the day after the period that begins on `day`, or on the next working day."""
    start = calendar.next_working(day) if every == "working_day" else day
    return periods(calendar, every, start, start)[0][1]


def _every(rule: Rule, shop: Workshop, judge: Judge) -> RunAll:
    """Compile a response that comes again and again, each time so long after the last (每隔一段时间)."""
    assert rule.trigger.every is not None
    where = shop.predicates.condition(rule.trigger.where)
    limit = resolve(rule.trigger.every, shop.settings, shop.setting_units)
    asks = tuple(dict.fromkeys(shop.predicates.asked(rule.trigger.where) + shop.asks))
    (part,) = judge.asked

    def run(h: Held, out: Rows) -> None:
        for t, end in h.subjects(rule.trigger.per):
            fits = True if where is None else where(h, t)
            applies = scoped(shop, h, t) if fits is not False else False
            if applies is False or fits is False:
                continue
            if applies is None or fits is None:
                out.append(row(h, shop, rule, t, "unknown", asks=asks))
                continue
            last, day = t.instant, t.day
            rows = []
            for r in part.find(h, t, t.instant, None)[-MOST_PERIODS:]:
                rows.append(_interval(h, t, last, day, r))
                last, day = r.end, r.end_day
            over = plain_due(shop.calendar, last, day, limit.amount, limit.unit).at
            # Who is gone before the next time comes owes no more.
            if end is None or (over is not None and over <= end):
                rows.append(_interval(h, t, last, day, None))
            out += rows

    def _interval(h: Held, t: Record, last: Instant, day: Day, r: Record | None) -> Duty:
        due = plain_due(shop.calendar, last, day, limit.amount, limit.unit)
        note = date.fromordinal(day).isoformat()
        assert due.at is not None
        base = row(h, shop, rule, t, "met", due=due.at, since=last, note=note, provisional=due.provisional)
        base = base._replace(trigger="", root=f"{h.root(t)}@{note}")
        if r is not None:
            in_time = r.instant < due.at
            late = None if in_time or due.provisional else late_by(shop.calendar, due.at, r.instant, limit.unit)
            return base._replace(met_by=(r.id,), late=late, recorded_after=in_time and r.received >= due.at)
        missing = part.missing
        if judge.excuses is not None:
            missing, by = judge.excuses.left(h, t, missing)
            if not missing:
                return base._replace(status="excused", excused_by=by)
        if h.at < due.at:
            h.next_due = due.at if h.next_due is None else min(h.next_due, due.at)
            return base._replace(status="due", missing=missing)
        if due.provisional:
            return base._replace(status="unknown", missing=missing, asks=("calendar",))
        return base._replace(status="overdue", missing=missing)

    return run


def period_name(every: str, first: Day) -> str:
    """Return the name of a period: its year, else its first day."""
    on = date.fromordinal(first)
    return str(on.year) if every == "calendar_year" else on.isoformat()


def _gap(rule: Rule, shop: Workshop, judge: Judge) -> RunAll:
    source = f"{rule.rulebook}/{rule.trigger.gap_in}"

    def run(h: Held, out: Rows) -> None:
        # Two officers can have the same hole: it is explained once.
        for act, a, b in {(act.id, a, b): (act, a, b) for act, a, b in h.gaps.get(source, ())}.values():
            start, end = shop.calendar.local(a), shop.calendar.local(b)
            note = f"{start:%H:%M}–{end:%H:%M}"
            applies = scoped(shop, h, act)
            if applies is False:
                continue
            if applies is None:
                out.append(row(h, shop, rule, act, "unknown", asks=shop.asks, since=a, note=note))
                continue
            judge(h, act, out, None, since=a, note=note, among=_overlapping(a, b))

    return run


def _overlapping(a: Instant, b: Instant) -> Callable[[Record], bool]:
    return lambda r: r.instant <= b and (a <= r.end or r.precision == "day")


def _lapse(rule: Rule, shop: Workshop, judge: Judge) -> RunAll:
    trigger = rule.trigger
    assert trigger.without is not None
    assert trigger.within is not None
    where = shop.predicates.condition(trigger.where)
    without = finder(trigger.without, shop.predicates)
    limit = resolve(trigger.within, shop.settings, shop.setting_units)

    def run(h: Held, out: Rows) -> None:
        for t in h.of_kinds(trigger.kinds):
            fits = True if where is None else where(h, t)
            amount: int | None = limit.amount
            if limit.field:
                held = h.field(t, limit.field)
                amount = held if type(held) is int and 0 <= held <= MOST_UNITS else None
            applies = scoped(shop, h, t) if fits is not False else False
            if applies is False:
                continue
            if amount is None or applies is None or fits is None:
                asks = (limit.field,) if amount is None else (*shop.predicates.asked(trigger.where), *shop.asks)
                out.append(row(h, shop, rule, t, "unknown", asks=asks))
                continue
            end = plain_due(shop.calendar, t.end, t.end_day, amount, limit.unit).at
            if end is None or h.at < end or any(r.instant < end for r in without(h, t, EVER, None)):
                continue
            # The clock of the response starts when the window has lapsed.
            day = shop.calendar.day_at(end)
            moved = at_moment(t, end, day)
            before = len(out)
            judge(h, moved, out, None, since=end)
            if (
                len(out) > before
                and any(r.instant >= end for r in without(h, t, EVER, None))
                and out[before].status in ("due", "overdue")
            ):
                out[before] = out[before]._replace(weight="hint")

    return run


def _mark(rule: Rule, shop: Workshop, judge: Judge) -> RunAll:
    asks = tuple(dict.fromkeys((*shop.predicates.asked_by_mark(rule.trigger.mark), *shop.asks)))

    def run(h: Held, out: Rows) -> None:
        answer, t = shop.predicates.mark(rule.trigger.mark, h)
        if answer is False or (t is None and h.opened is None):
            return
        if answer is None or t is None:
            assert h.opened is not None
            if scoped(shop, h, h.opened) is not False:
                out.append(row(h, shop, rule, h.opened, "unknown", asks=asks))
            return
        applies = scoped(shop, h, t)
        if applies is None:
            out.append(row(h, shop, rule, t, "unknown", asks=shop.asks))
        elif applies:
            judge(h, t, out, None)

    return run
