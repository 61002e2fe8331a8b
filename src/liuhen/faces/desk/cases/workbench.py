"""The workbench (工作台): the counts are the filters of the list below, the strip has fourteen days, each line one button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase

from liuhen.engines.rulebook import STAGES
from liuhen.engines.rulebook.language import Cite
from liuhen.faces.desk import routes
from liuhen.faces.desk.cases.duties import CiteShown, cite_shown, unit_of
from liuhen.faces.desk.cases.entitled import may_enter, may_open
from liuhen.faces.desk.cases.page import key_of
from liuhen.faces.desk.speech import NO_END, Speech
from liuhen.faces.desk.visit import Visit, signed_in
from liuhen.ground.moments import Instant
from liuhen.journal.assigning import named
from liuhen.journal.looks import looked
from liuhen.rooms.cases import workbench
from liuhen.rooms.cases.searching import MOST

SHOWS = ("todo", "soon", "overdue")
STRIP_DAYS = 14
PER_DAY = 3
SIZE = 20


@dataclass(frozen=True, slots=True)
class TaskShown:
    """One line (待办行): status, act, article, case, when, and the button."""

    status: str
    title: str
    cites: tuple[CiteShown, ...]
    case: str
    case_url: str
    about: str
    left: str
    day: str
    url: str
    button: str
    primary: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one stretch of time (分组): 超期, 今天到期, 本周, 以后, 条文未定期限."""

    name: str
    note: str
    lines: list[TaskShown]


@dataclass(frozen=True, slots=True)
class StripDay:
    """One of the fourteen days."""

    figure: str
    name: str
    off: bool
    now: bool
    lines: tuple[tuple[str, str, str, str], ...]
    more: int
    day: str


@signed_in
def desk(visit: Visit) -> HttpResponseBase:
    """The workbench of the person who is signed in."""
    ask = visit.request.GET
    show = ask.get("show", "todo")
    show = show if show in SHOWS else "todo"
    after = _after(ask.get("after", ""))
    phase = ask.get("phase", "") if ask.get("phase") in STAGES else ""
    action = ask.get("action", "") if ask.get("action") in visit.basis.vocabulary.terms["action_types"] else ""
    text = ask.get("q", "").strip()[:60]
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
    lines = [_line(visit, t) for t in found]
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
        today=visit.speech.long_day(visit.speech.today),
        phase=phase,
        action=action,
        text=text,
        phases=[(p, getattr(visit.words.stage, p)) for p in STAGES],
        actions=_actions(visit),
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


def _after(text: str) -> tuple[Instant, int] | None:
    due, _, id_ = text.partition("-")
    return (int(due), int(id_)) if due.isdigit() and id_.isdigit() and len(text) < 60 else None


def _actions(visit: Visit) -> list[tuple[str, str]]:
    return [(k, visit.speech.pick(w)) for k, w in visit.basis.vocabulary.terms["action_types"].items()]


def _line(visit: Visit, task: workbench.Task) -> TaskShown:
    speech = visit.speech
    duty, case = task.duty, task.case
    status = _status(duty, speech, visit.soon_until)
    stack = visit.basis.stack
    rule = stack.rule(duty.rule)
    shorts = {b.id: b.short for b in stack.rulebooks}
    cites = tuple(
        cite_shown(Cite(b, a, shorts[b]), speech) for b, a in workbench.read(duty.articles)[:2] if b in shorts
    )
    unit = unit_of(rule) if rule is not None else "natural_days"
    say = visit.words.workbench
    if duty.paused:
        left, day = str(visit.words.status.paused), ""
    elif task.due != NO_END:
        left, day = speech.left(task.due, unit), speech.due(task.due)
    elif status == "unknown":
        left, day = str(visit.words.status.unknown), str(visit.words.legend.unknown)
    else:
        left, day = speech.waited(duty.since), str(visit.words.left.no_number)
    page = f"{routes.case(task.root)}#d-{key_of(duty.rule, duty.trigger or str(duty.since))}"
    url, button = _button(visit, task, page)
    about = speech.comma.join(x for x in (case.party, case.title) if x)
    return TaskShown(
        status,
        duty.title_zh if speech.language == "zh" else duty.title_en,
        cites,
        case.number or case.title or str(say.file),
        routes.case(task.root),
        about or _subject(case.subject, visit),
        left,
        day,
        url,
        button,
        status == "overdue",
    )


def _subject(subject: str, visit: Visit) -> str:
    return visit.speech.pick(visit.basis.vocabulary.words("subjects", subject))


def _status(duty: Any, speech: Speech, soon: Instant) -> str:
    if duty.status == "due" and duty.due != NO_END and not duty.paused:
        if duty.due <= speech.now:
            return "unknown" if duty.provisional else "overdue"
        return "soon" if duty.due <= soon else "due"
    return str(duty.status)


def _button(visit: Visit, task: workbench.Task, page: str) -> tuple[str, str]:
    """Return where the line's one button leads: the form that would meet the duty, else the case."""
    vocabulary, who, say = visit.basis.vocabulary, visit.who, visit.words
    near = who.near(task.case.unit, frozenset(named(workbench.read(task.case.handlers))))
    trigger = task.duty.trigger
    if task.duty.status == "unknown" and trigger and workbench.read(task.duty.asks):
        return routes.correct(trigger), str(say.duty.fill_in)
    for m in workbench.read(task.duty.missing):
        for k in m.get("kinds", ()):
            kind = vocabulary.kinds.get(k)
            if kind is not None and may_enter(visit, kind, near):
                label = say.duty.enter.format(kind=visit.speech.pick(kind.words))
                short = len(label) <= (10 if visit.language == "zh" else 22)
                return routes.entry(task.root, k, about=trigger), label if short else str(say.workbench.enter)
        if m.get("what") == "signature" and trigger:
            return routes.entry(task.root, "signature.added", about=trigger, role=m.get("id", "")), str(
                say.duty.add_signature
            )
        if trigger:
            return routes.correct(trigger), str(say.duty.complete)
    return page, str(say.workbench.open)


def _groups(visit: Visit, lines: list[TaskShown], found: list[workbench.Task]) -> list[Group]:
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
    groups: dict[str, Group] = {}
    for line, task in zip(lines, found, strict=True):
        if line.status == "unknown":
            key = "unknown"
        elif task.due == NO_END:
            key = "none"
        elif task.due <= speech.now:
            key = "over"
        else:
            day = speech.last_day(task.due)
            key = "today" if day == today else "week" if day <= week_end else "later"
        if key not in groups:
            groups[key] = Group(str(names[key]), "", [])
        groups[key].lines.append(line)
    return [groups[k] for k in ("over", "today", "week", "later", "none", "unknown") if k in groups]


def _strip(visit: Visit, keys: Sequence[str]) -> list[StripDay]:
    speech, calendar = visit.speech, visit.basis.calendar
    today = speech.today
    bounds = [visit.now, *(calendar.instant(today + n + 1) for n in range(STRIP_DAYS))]
    out = []
    for day, falls in enumerate(workbench.strip(visit.who, keys, bounds, PER_DAY), today):
        lines = [
            (
                "soon" if due <= visit.soon_until else "due",
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
            StripDay(figure, name, off, day == today, tuple(shown), falls.number - len(shown), speech.long_day(day))
        )
    return out
