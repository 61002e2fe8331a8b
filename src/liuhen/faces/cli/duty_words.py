"""An obligation in words (应办事项的文字): status, due moment, what is missing, what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from liuhen.engines.rulebook import Cite, Duty, last_moment, told_late
from liuhen.faces.cli.speech import filled, words
from liuhen.ground.calendar import Calendar
from liuhen.ground.moments import Instant
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Vocabulary
from liuhen.ground.words import Words

SHAPES = {"breached": "■", "overdue": "▲", "unknown": "□", "soon": "◐", "due": "○", "excused": "◇", "met": "●"}
ORDER = ("breached", "overdue", "late", "unknown", "soon", "due", "excused", "met")
SOON_WORKING_DAYS = 3


def shown_status(duty: Duty, at: Instant, calendar: Calendar) -> str:
    """Return the status as a person sees it: one of `ORDER`; `soon` is a view of due, `late` one of met."""
    status = duty.view(at)
    if status == "met" and duty.late is not None:
        return "late"
    if status == "due" and duty.due is not None and not duty.paused:
        left = calendar.working_between(calendar.day_at(at), calendar.day_at(duty.due - 1))
        return "soon" if left <= SOON_WORKING_DAYS else "due"
    return status


def status_words(duty: Duty, status: str, vocabulary: Vocabulary, records: Mapping[str, Record]) -> Words:
    """Return shape and word, such as ▲ 超期; a late one says by how much. What is no duty is never called breached."""
    said = words("check")
    word = said["not_so" if status == "breached" and duty.weight != "duty" else status]
    late = told_late(duty, records)
    if status == "late" and late is not None:
        word = filled(said["late_by"], amount=late.amount, unit=vocabulary.words("units", late.unit))
    shape = SHAPES["met" if status == "late" else status]
    return Words(f"{shape} {word.zh}", f"{shape} {word.en}")


def due_words(duty: Duty, calendar: Calendar) -> Words:
    """Return the due moment in local time: a day, or day and minute for limits in hours; or why there is none."""
    said = words("check")
    if duty.paused:
        return said["paused"]
    if duty.due is None:
        return Words("", "") if duty.rule.form in ("order", "absence", "content") else said["no_limit"]
    text = due_text(duty.due, calendar)
    return filled(said["provisional"], due=text) if duty.provisional else Words(text, text)


def due_text(due: Instant, calendar: Calendar) -> str:
    """Return the last moment in time for an exclusive due instant: `2026-03-17`, or `2026-03-17 09:30` within a day."""
    last = last_moment(due)
    if last == due and calendar.instant(calendar.day_at(due)) == due:
        return date.fromordinal(calendar.day_at(due - 1)).isoformat()
    return f"{calendar.local(last):%Y-%m-%d %H:%M}"


def article_words(duty: Duty) -> Words:
    """Return every article that asks, short: those of one text together, such as 霸州记录办法第10、16条."""
    said = words("check")
    by_text: dict[str, list[Cite]] = {}
    for cite in dict.fromkeys(duty.cites):
        by_text.setdefault(cite.rulebook, []).append(cite)
    parts: list[Words] = []
    for cites in by_text.values():
        if len(cites) > 1 and all(cite.article.isdigit() for cite in cites):
            numbers = _joined([Words(cite.article, cite.article) for cite in cites])
            parts.append(filled(said["articles"], short=cites[0].short, numbers=numbers))
        else:
            parts += [cite.words() for cite in cites]
    return _joined(parts)


def missing_words(duty: Duty) -> Words | None:
    """Return what is missing (of what must not be: that it is there), or None."""
    if not duty.missing:
        return None
    things = _joined([missing.words for missing in duty.missing])
    return things if duty.rule.form == "absence" else filled(words("check")["lacks"], things=things)


def because_words(duty: Duty, trigger: Record | None, vocabulary: Vocabulary) -> Words | None:
    """Return which record makes the rule apply, or the period."""
    said = words("check")
    if trigger is None:
        return filled(said["because_of_period"], period=duty.note) if duty.note else None
    kind = vocabulary.kind(trigger.kind)
    day = trigger.done_at.date().isoformat()
    return filled(said["because"], day=day, kind=kind.words if kind else trigger.kind)


def next_words(duty: Duty, trigger: Record | None, vocabulary: Vocabulary) -> Words | None:
    """Return the next step, one clause; None where nothing is left to do."""
    said = words("check")
    if duty.status == "breached":
        return said["next_breached"]
    if duty.status == "unknown":
        return filled(said["next_unknown"], things=_joined([_asked(ask, trigger, vocabulary) for ask in duty.asks]))
    if duty.status not in ("due", "overdue"):
        return None
    if duty.rule.cure is not None:
        return duty.rule.cure
    steps: dict[str, list[Words]] = {}
    for missing in duty.missing:
        step = missing.what if f"next_{missing.what}" in said else "other"
        steps.setdefault(step, []).append(missing.words)
    if not steps:
        return None
    parts = [filled(said[f"next_{step}"], things=_joined(things)) for step, things in steps.items()]
    return _joined(parts, "between")


def _asked(ask: str, trigger: Record | None, vocabulary: Vocabulary) -> Words:
    """Return the name of a field or kind that would settle an unknown."""
    if ask in vocabulary.kinds:
        return vocabulary.kinds[ask].words
    subject, _, field = ask.rpartition(".")
    kinds = [*vocabulary.opening(subject)] if subject else [trigger.kind] if trigger is not None else []
    for kind in kinds:
        known = vocabulary.kind(kind)
        if known is not None and field in known.fields:
            return known.fields[field].words
    return Words(ask, ask)


def _joined(parts: list[Words], by: str = "comma") -> Words:
    said = words("check")[by]
    distinct = list(dict.fromkeys(parts))
    return Words(said.zh.join(w.zh for w in distinct), said.en.join(w.en for w in distinct))
