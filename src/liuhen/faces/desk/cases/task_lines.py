"""A line of the workbench (待办行): status, act, article, case, when, and the one button; and a day of its strip."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from markupsafe import Markup

from liuhen.engines.rulebook.language import Cite
from liuhen.faces.desk import routes
from liuhen.faces.desk.cases.duties import cite_shown, unit_of, without_number
from liuhen.faces.desk.cases.entitled import may_enter
from liuhen.faces.desk.cases.standing import key_of
from liuhen.faces.desk.entering import to_enter
from liuhen.faces.desk.environment import environment
from liuhen.faces.desk.once import Once
from liuhen.faces.desk.speech import NO_END
from liuhen.faces.desk.visit import Visit
from liuhen.ground.moments import Instant
from liuhen.journal.assigning import named
from liuhen.rooms.cases.offering import offered_kinds
from liuhen.rooms.cases.workbench import DutyRead, Task, read


class TaskShown(NamedTuple):
    """One line (待办行): status, act, articles, case, when, and the button."""

    status: str
    word: str
    title: str
    cites: Markup
    case: str
    case_url: str
    about: str
    left: str
    day: str
    url: str
    button: str
    primary: bool


class StripDay(NamedTuple):
    """One of the fourteen days; of each line status, its word, case number, title and address."""

    figure: str
    name: str
    off: bool
    now: bool
    lines: tuple[tuple[str, str, str, str, str], ...]
    more: int
    day: str


class _Way(NamedTuple):
    """Where a button leads (去处): `enter` a kind, `sign` as a role, `correct` the trigger, `open` the case; and its label."""

    sort: str
    id: str
    label: str


_cites: Once[Markup] = Once(2_000)
_ways: Once[_Way] = Once(5_000)
_days: Once[str] = Once(5_000)
_strip_days: Once[Markup] = Once(4_000)
_rows: Once[Markup] = Once(4_000)
_handlers: Once[frozenset[str]] = Once(5_000)


def lines(visit: Visit, tasks: Iterable[Task]) -> list[TaskShown]:
    """Return the lines of one visit's tasks."""
    return [_line(visit, task) for task in tasks]


def written(shown: TaskShown) -> Markup:
    """Return a line as it stands in the table."""

    def make() -> Markup:
        module: Any = environment().get_template("desk/workbench_parts.html.jinja").module
        return Markup(module.task(shown))  # noqa: S704 (the macro escapes)

    return _rows.get(shown, make)


def day_written(shown: StripDay) -> Markup:
    """Return a day as it stands in the strip."""

    def make() -> Markup:
        module: Any = environment().get_template("desk/workbench_parts.html.jinja").module
        return Markup(module.day(shown))  # noqa: S704 (the macro escapes)

    return _strip_days.get(shown, make)


def status_of(duty: DutyRead, now: Instant, soon_until: Instant) -> str:
    """Return the status that a line shows at `now`; `soon` is a view of `due`."""
    if duty.status == "due" and duty.due != NO_END and not duty.paused:
        if duty.due <= now:
            return "unknown" if duty.provisional else "overdue"
        return "soon" if duty.due <= soon_until else "due"
    return duty.status


def _line(visit: Visit, task: Task) -> TaskShown:
    speech, words = visit.speech, visit.words
    _, _, root, duty, case = task
    status = status_of(duty, speech.now, visit.soon_until)
    zh = speech.language == "zh"
    if duty.paused:
        left, day = str(words.status.paused), ""
    elif status == "unknown":
        left, day = str(words.status.unknown), str(words.legend.unknown)
    elif duty.due != NO_END:
        rule = visit.basis.stack.rule(duty.rule)
        left, day = speech.left(duty.due, unit_of(rule) if rule is not None else "natural_days"), _day(visit, duty.due)
    elif status == "overdue":
        left, day = str(words.status.overdue), without_number(visit.basis.stack.rule(duty.rule), speech)
    else:
        left, day = speech.waited(duty.since), str(words.left.no_number)
    case_url = routes.case(root)
    url, button = _button(visit, task)
    about = speech.comma.join([x for x in (case.party, case.title) if x])
    return TaskShown(
        status,
        str(getattr(words.status, status)),
        duty.title_zh if zh else duty.title_en,
        _articles(visit, duty.articles),
        case.number or case.title or str(words.workbench.file),
        case_url,
        about or speech.pick(visit.basis.vocabulary.words("subjects", case.subject)),
        left,
        day,
        url or routes.duty(root, key_of(duty.rule, duty.trigger or str(duty.since))),
        button,
        status == "overdue",
    )


def _day(visit: Visit, due: Instant) -> str:
    speech = visit.speech
    return _days.get((speech.language, speech.calendar.version, speech.year, due), lambda: speech.due(due))


def _articles(visit: Visit, listed: str) -> Markup:
    """Return the first two articles of a duty as links."""
    speech = visit.speech

    def make() -> Markup:
        shorts = {b.id: b.short for b in visit.basis.stack.rulebooks}
        shown = [cite_shown(Cite(b, a, shorts[b]), speech) for b, a in read(listed)[:2] if b in shorts]
        module: Any = environment().get_template("desk/parts.html.jinja").module
        return Markup(module.cites(shown))  # noqa: S704 (the macro escapes)

    return _cites.get((visit.basis.digest, speech.language, listed), make)


def _button(visit: Visit, task: Task) -> tuple[str, str]:
    """Return where the line's one button leads, and its label: the form that would meet the duty, else the case (no address)."""
    duty, case, who = task.duty, task.case, visit.who
    handlers = _handlers.get(case.handlers, lambda: frozenset(named(read(case.handlers))))
    near = who.near(case.unit, handlers)
    trigger = duty.trigger
    key = (
        visit.basis.digest, visit.language, who.roles, near, duty.rule, duty.status == "unknown", bool(trigger),
        duty.asks, duty.missing,
    )  # fmt: skip
    way = _ways.get(key, lambda: _way(visit, duty, near))
    if way.sort == "enter":
        return routes.entry(task.root, way.id, about=trigger), way.label
    if way.sort == "sign":
        return routes.entry(task.root, "signature.added", about=trigger, role=way.id), way.label
    return routes.correct(trigger) if way.sort == "correct" else "", way.label


def _makes(visit: Visit, duty: DutyRead, near: str) -> bool:
    """Return whether the person may record what set the duty off: who makes a paper also gathers its signatures."""
    rule, kinds = visit.basis.stack.rule(duty.rule), visit.basis.vocabulary.kinds
    return rule is None or any(k in kinds and may_enter(visit, kinds[k], near) for k in rule.trigger.kinds)


def _way(visit: Visit, duty: DutyRead, near: str) -> _Way:
    """Return what a button leads to; it follows from the texts, the duty, the person's roles and how near he stands."""
    vocabulary, say = visit.basis.vocabulary, visit.words
    if duty.status == "unknown" and duty.trigger and read(duty.asks):
        return _Way("correct", "", str(say.duty.fill_in))
    for m in read(duty.missing):
        for k in m.get("kinds", ()):
            kind = vocabulary.kinds.get(k)
            if kind is not None and k in offered_kinds(visit.basis) and may_enter(visit, kind, near):
                label = to_enter(kind, visit.speech)
                short = len(label) <= (10 if visit.language == "zh" else 22)
                return _Way("enter", k, label if short else str(say.workbench.enter))
        if m.get("what") == "signature" and duty.trigger:
            if m.get("id") not in visit.who.acting and not _makes(visit, duty, near):
                continue  # to be signed by others, on a paper of others
            return _Way("sign", m.get("id", ""), str(say.duty.add_signature))
        if duty.trigger:
            return _Way("correct", "", str(say.duty.complete))
    return _Way("open", "", str(say.workbench.open))
