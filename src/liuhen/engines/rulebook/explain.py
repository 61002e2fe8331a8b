"""Why this date (为什么是这一天): the start, the limit, what was not counted and why, the calendar that counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from liuhen.engines.rulebook.clocks import Span, plain_due, resolve
from liuhen.engines.rulebook.duty import Duty, last_moment
from liuhen.engines.rulebook.forms.coverage import FOOTAGE_IN
from liuhen.engines.rulebook.forms.frame import at_moment
from liuhen.engines.rulebook.forms.response_clock import Count, ResponseClock
from liuhen.engines.rulebook.held import Held, Register
from liuhen.engines.rulebook.language import Limit, Rule
from liuhen.engines.rulebook.stack import Stack
from liuhen.ground.calendar import Calendar
from liuhen.ground.case import Case
from liuhen.ground.moments import Day, Instant
from liuhen.ground.record import Record
from liuhen.ground.words import Words

STRIP_DAYS = 62
MOST_DAYS = 4_000


@dataclass(frozen=True, slots=True)
class DayMark:
    """One day of the strip (逐日计算): `label` is 起, 停, 休, 顺延, or the number counted, with 满 on the last."""

    day: Day
    label: Words
    counted: int


@dataclass(frozen=True, slots=True)
class Clock:
    """An explanation of a due moment (时限说明).

    Attributes:
        start: from when; started_by: id of the record. limit: its length in words.
        due: first instant too late; None while it stands.
        stops: days on which it stood, with the records. not_counted: days left out with the reason.
        days: the strip from start to end.
        extended_by: id of the record that granted more time; extension: what could still be granted, in words.
        calendar: version that counted. provisional: whether days not yet announced were counted.
    """

    start: Instant
    start_day: Day
    started_by: str
    limit: Words
    due: Instant | None
    last: Instant | None
    stops: tuple[Span, ...]
    stop_article: str
    not_counted: tuple[tuple[Day, Words], ...]
    days: tuple[DayMark, ...]
    extended_by: str
    extension: Words | None
    calendar: str
    provisional: bool
    paused: bool


def explain(
    stack: Stack,
    duty: Duty,
    case: Case,
    at: Instant,
    *,
    register: Register = Register.EMPTY,
    applied: tuple[Record, ...] = (),
) -> Clock | None:
    """Return how the due moment of a duty was counted; None where the text sets no number.

    Of stacked rules the one whose moment is shown is explained. Rendered only when somebody asks: costs about as much as
    judging the case once.
    """
    h = stack.hold(case, at, register, applied)
    for rule in duty.rules or (duty.rule,):
        count = count_of(stack, rule, duty, h)
        if count is not None and (count.due.at, count.due.paused) == (duty.due, duty.paused):
            return _told(stack, rule, count)
    return None


def count_of(stack: Stack, rule: Rule, duty: Duty, h: Held) -> Count | None:
    """Return how one rule counts for the trigger of a duty; None where it sets no number."""
    shop = stack.compiled(rule, h.action).shop
    period = rule.trigger.type in ("period", "every")
    root = duty.root.rpartition("@")[0] if period else duty.root
    t = next((r for r in h.current if r.id == duty.trigger or (period and h.root(r) == root)), None)
    if t is None:
        return None
    if rule.form == "coverage":
        limit = resolve(rule.within or FOOTAGE_IN, shop.settings, shop.setting_units)
        due = plain_due(stack.calendar, t.end, t.end_day, limit.amount, limit.unit)
        return Count(due, t, t.end, t.end_day, limit)
    if rule.form != "response":
        return None
    if rule.trigger.every is not None:
        limit, day = resolve(rule.trigger.every, shop.settings, shop.setting_units), stack.calendar.day_at(duty.since)
        return Count(plain_due(stack.calendar, duty.since, day, limit.amount, limit.unit), t, duty.since, day, limit)
    clock = ResponseClock(rule, shop)
    if not clock.limited:
        return None
    if period or rule.trigger.type == "lapse":
        start: tuple[Instant, Day] | None = (duty.since, stack.calendar.day_at(duty.since))
        t = at_moment(t, *start) if start and not period else t
    else:
        start = clock.start(h, t)
    count = clock.count(h, t, start)
    return count if isinstance(count, Count) else None


def _told(stack: Stack, rule: Rule, count: Count) -> Clock:
    units, calendar, due = stack.vocabulary.terms["units"], stack.calendar, count.due.at
    words = Words("条文所定日期", "the date that the text sets")
    if count.limit is not None:
        words = _length(count.limit, units)
    extension = None
    if rule.extended is not None and rule.extended.limit.amount and count.granted is None and count.first is None:
        more = _length(rule.extended.limit, units)
        extension = Words(f"经批准可再延长{more.zh}", f"{more.en} more if granted in time")
    not_counted, days = _strip(calendar, count, due)
    articles = "、".join(dict.fromkeys(s.article for s in count.stops if s.article))
    return Clock(
        count.start, count.day, count.started_by.id, words, due, last_moment(due) if due is not None else None, count.stops,
        articles, not_counted, days, count.granted.id if count.granted is not None else "",
        extension, calendar.version, count.due.provisional, count.due.paused,
    )  # fmt: skip


def _length(limit: Limit, units: Mapping[str, Words]) -> Words:
    return Words(f"{limit.amount}{units[limit.unit].zh}", f"{limit.amount} {units[limit.unit].en}")


def _strip(
    calendar: Calendar, count: Count, due: Instant | None
) -> tuple[tuple[tuple[Day, Words], ...], tuple[DayMark, ...]]:
    """Count the days again for the eye: at most 62 of them, hours and longer limits have no strip."""
    unit = count.unit
    if due is None or unit not in ("working_days", "natural_days"):
        return (), ()
    last = calendar.day_at(due - 1)
    if last - count.day > MOST_DAYS:
        return (), ()
    not_counted: list[tuple[Day, Words]] = []
    days = [DayMark(count.day, Words("起", "start"), 0)]
    reasons = dict(calendar.days_not_counted(count.day, last))
    counted = 0
    # A last day on a holiday moves on: what follows a full limit is not counted.
    full = count.limit.amount if count.limit is not None else last - count.day
    for day in range(count.day + 1, last + 1):
        if any(s.first <= day and (s.last is None or day <= s.last) for s in count.stops):
            not_counted.append((day, Words("停算", "stopped")))
            label = Words("停", "stop")
        elif day in reasons and (unit == "working_days" or counted >= full):
            not_counted.append((day, reasons[day].name))
            label = Words("休", "off")
        elif counted >= full:
            label = Words("顺延", "moved on")
        else:
            counted += 1
            label = Words(
                f"{counted}满" if day == last else str(counted), f"{counted} end" if day == last else str(counted)
            )
        days.append(DayMark(day, label, counted))
    return tuple(not_counted), tuple(days) if len(days) <= STRIP_DAYS else ()


def as_json(clock: Clock, stack: Stack) -> dict[str, object]:
    """Return an explanation as JSON values: days as dates, instants in local time."""
    calendar = stack.calendar

    def on(day: Day) -> str:
        return date.fromordinal(day).isoformat()

    return {
        "start": calendar.local(clock.start).isoformat(),
        "started_by": clock.started_by,
        "limit": clock.limit.as_json(),
        "last_moment": calendar.local(clock.last).isoformat() if clock.last is not None else None,
        "stops": [{"from": on(s.first), "until": on(s.last) if s.last else None, "by": s.by} for s in clock.stops],
        "not_counted": [{"day": on(d), "reason": w.as_json()} for d, w in clock.not_counted],
        "extended_by": clock.extended_by or None,
        "calendar": clock.calendar,
        "provisional": clock.provisional,
        "paused": clock.paused,
    }
