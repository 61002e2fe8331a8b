"""The workbench (工作台): the counts are the filters of the list below, the strip has fourteen days, each line one button."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import HttpResponseBase
from markupsafe import Markup

from liuhen.engines.rulebook import STAGES
from liuhen.faces.desk import asked, routes
from liuhen.faces.desk.cases import options, task_lines
from liuhen.faces.desk.cases.entitled import may_open
from liuhen.faces.desk.speech import NO_END
from liuhen.faces.desk.visit import Visit, signed_in
from liuhen.journal.looks import looked
from liuhen.rooms.cases import workbench
from liuhen.rooms.cases.searching import MOST

SHOWS = ("todo", "soon", "overdue")
STRIP_DAYS = 14
PER_DAY = 3
SIZE = 20


class Group(NamedTuple):
    """Lines of one stretch of time (分组): 超期, 今天到期, 本周, 以后, 条文未定期限."""

    name: str
    number: int
    text: Markup


@signed_in
def desk(visit: Visit) -> HttpResponseBase:
    """The workbench of the person who is signed in."""
    ask = visit.request.GET
    show = ask.get("show", "todo")
    show = show if show in SHOWS else "todo"
    after = asked.after_number(ask.get("after", ""))
    phase = ask.get("phase", "") if ask.get("phase") in STAGES else ""
    action = ask.get("action", "") if ask.get("action") in visit.basis.vocabulary.terms["action_types"] else ""
    text = asked.sought(ask.get("q", ""))
    counts = workbench.counts(visit.who, visit.now, visit.soon_until)
    found, more = workbench.tasks(
        visit.who,
        counts.keys,
        visit.now,
        visit.soon_until,
        show,
        after=after,
        size=SIZE,
        phase=phase,
        action=action,
        text=text,  # type: ignore[arg-type]
    )
    lines = task_lines.lines(visit, found)
    seen = {k: v for k, v in (("show", show), ("phase", phase), ("action", action), ("q", text)) if v}
    looked(visit.who, "look case", detail=seen, number=len(lines))
    last = found[-1] if found else None
    keep: dict[str, Any] = {"show": show if show != "todo" else "", "phase": phase, "action": action, "q": text}
    return visit.answer(
        "workbench",
        room="workbench",
        counts=counts,
        most=MOST,
        show=show,
        groups=_groups(visit, lines, found),
        strip=_strip(visit, counts.keys),
        within=visit.words.workbench.within.said(visit.basis.soon),
        today=visit.speech.long_day(visit.speech.today),
        phase=phase,
        action=action,
        text=text,
        phases=options.phases(visit, phase),
        actions=options.actions(visit, action),
        shown=len(lines),
        next_url=routes.query(routes.WORKBENCH, **keep, after=f"{last.due}-{last.id}") if more and last else "",
        first_url=routes.query(routes.WORKBENCH, **keep) if after else "",
        oldest=visit.speech.today - visit.speech.last_day(counts.oldest) if counts.oldest is not None else 0,
        minis=_minis(visit),
        new_case=may_open(visit),
    )


def _minis(visit: Visit) -> list[tuple[int, str, str]]:
    """Return the bureau's own numbers, for those who may look at all of its cases: kept by the door, never counted here."""
    if not visit.who.may("look", "case", "bureau"):
        return []
    say = visit.words.workbench
    found = workbench.bureau_numbers(visit.who)
    return [
        (found.open, str(say.all_open), routes.query(routes.CASES, state="open")),
        (found.faults, str(say.all_faults), routes.query(routes.CASES, status="faults")),
    ]


def _groups(visit: Visit, lines: list[task_lines.TaskShown], found: list[workbench.Task]) -> list[Group]:
    speech, say = visit.speech, visit.words.workbench
    today = speech.today
    week_end = today + (6 - (today - 1) % 7)
    names = {
        "over": say.overdue,
        "today": say.due_today,
        "week": say.this_week,
        "later": say.later,
        "none": say.no_limit,
        "unknown": say.unknown,
    }
    groups: dict[str, list[Markup]] = {}
    for line, task in zip(lines, found, strict=True):
        if line.status == "unknown":
            key = "unknown"
        elif line.status == "overdue":
            key = "over"
        elif task.due == NO_END:
            key = "none"
        else:
            day = speech.last_day(task.due)
            key = "today" if day == today else "week" if day <= week_end else "later"
        groups.setdefault(key, []).append(task_lines.written(line))
    return [
        Group(str(names[k]), len(groups[k]), Markup("\n").join(groups[k]))
        for k in ("over", "today", "week", "later", "none", "unknown")
        if k in groups
    ]


def _strip(visit: Visit, keys: Sequence[str]) -> Markup:
    return Markup("\n").join([task_lines.day_written(day) for day in _days(visit, keys)])


def _days(visit: Visit, keys: Sequence[str]) -> list[task_lines.StripDay]:
    speech, calendar = visit.speech, visit.basis.calendar
    today = speech.today
    bounds = [visit.now, *(calendar.instant(today + n + 1) for n in range(STRIP_DAYS))]
    soon, later = ("soon", str(visit.words.status.soon)), ("due", str(visit.words.status.due))
    out = []
    for day, falls in enumerate(workbench.strip(visit.who, keys, bounds, PER_DAY), today):
        lines = [
            (
                *(soon if due <= visit.soon_until else later),
                number,
                zh if speech.language == "zh" else en,
                routes.case(root),
            )
            for due, root, number, zh, en in falls.first
        ]
        off = not calendar.is_working(day)
        holiday = calendar.holiday(day) if off else None
        name = (
            str(visit.words.left.today)
            if day == today
            else speech.pick(holiday.name)
            if holiday
            else str(visit.words.workbench.off)
            if off
            else speech.weekday(day)
        )
        month, _, figure = speech.slashed(day).partition("/")
        if figure == "1":
            figure = f"{month}/1"
        shown = lines if falls.number <= PER_DAY else lines[: PER_DAY - 1]
        out.append(
            task_lines.StripDay(
                figure, name, off, day == today, tuple(shown), falls.number - len(shown), speech.long_day(day)
            )
        )
    return out
