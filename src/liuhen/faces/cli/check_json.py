"""A report as JSON (核对结果的 JSON): everything that was found, for programs; docs/check.schema.json says its form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from liuhen import __version__
from liuhen.dossier.check import Judged, Report, TextUsed, explaining
from liuhen.engines.rulebook import Duty, Why, why_json
from liuhen.faces.cli.check_lines import needed_subject
from liuhen.faces.cli.duty_words import next_words, shown_status
from liuhen.ground.moments import Day, Instant
from liuhen.ground.record import Record


def report_json(report: Report, *, explain: bool = False) -> dict[str, Any]:
    """Return a whole report as JSON values; moments are ISO 8601 in the bureau's zone.

    `explain`: every obligation with why it stands as it does.
    """
    writer = _Writer(report, explaining(report) if explain else None)
    counted: dict[str, int] = {}
    for duty in report.duties:
        counted[duty.status] = counted.get(duty.status, 0) + 1
    bureau = report.dossier.bureau
    return {
        "liuhen": __version__,
        "bureau": {"id": bureau.id, "name": bureau.name, "zone": bureau.zone},
        "at": writer.moment(report.at),
        "faults": report.faults,
        "unknown": report.unknown,
        "counts": counted,
        "next_change": writer.moment(report.next_change),
        "hidden": report.hidden,
        "calendar": report.stack.calendar.version,
        "vocabulary": report.stack.vocabulary.digest,
        "by_default": report.by_default,
        "rulebooks": [_text(text) for text in report.texts],
        "subjects": [writer.judged(judged) for judged in report.files],
        "not_asked": [
            {"rule": r.ref, "article": r.article, "subject": needed_subject(r), **r.title.as_json()}
            for r in report.not_asked
        ],
    }


def _text(text: TextUsed) -> dict[str, Any]:
    book = text.rulebook
    return {
        "id": book.id,
        "title": book.title.as_json(),
        "version": book.version,
        "digest": book.digest,
        "in_force": {"from": _day(book.in_force_from), "to": _day(book.in_force_to)},
        "judges": text.how,
        "decisions": list(text.decisions),
    }


def _day(day: Day | None) -> str | None:
    return date.fromordinal(day).isoformat() if day is not None else None


class _Writer:
    def __init__(self, report: Report, explained: Callable[[Judged, Duty], Why] | None) -> None:
        self.report = report
        self.explained = explained
        self.by_id: dict[str, Record] = {record.id: record for record in report.dossier.records}

    def moment(self, at: Instant | None) -> str | None:
        return self.report.stack.calendar.local(at).isoformat() if at is not None else None

    def judged(self, judged: Judged) -> dict[str, Any]:
        out: dict[str, Any] = {"subject": "case" if judged.file.case else "others", "root": judged.file.case or None}
        if judged.summary is not None:
            opening = judged.summary.opening
            out |= {
                "case_number": opening.get("case_number"),
                "title": opening.get("title"),
                "action_type": opening.get("action_type"),
                "stage": judged.summary.stage,
            }
        out["duties"] = [self.duty(duty) for duty in judged.duties]
        if self.explained is not None:
            for duty, told in zip(judged.duties, out["duties"], strict=True):
                told["why"] = why_json(self.explained(judged, duty), self.report.stack)
        return out

    def duty(self, duty: Duty) -> dict[str, Any]:
        stack = self.report.stack
        trigger = self.by_id.get(duty.trigger)
        step = next_words(duty, trigger, stack.vocabulary)
        return {
            "duty": duty.duty,
            "title": duty.rule.title.as_json(),
            "rules": [rule.ref for rule in (duty.rules or (duty.rule,))],
            "articles": [{"rulebook": c.rulebook, "article": c.article, **c.words().as_json()} for c in duty.cites],
            "form": duty.rule.form,
            "weight": duty.weight,
            "asks_from": duty.rule.asks_from,
            "attested": duty.rule.attested,
            "status": duty.status,
            "shown": shown_status(duty, self.report.at, stack.calendar),
            "fault": duty.fault,
            "subject": duty.subject or None,
            "trigger": duty.trigger or None,
            "trigger_kind": trigger.kind if trigger is not None else None,
            "note": duty.note,
            "since": self.moment(duty.since),
            "due": self.moment(duty.due),
            "late": {"amount": duty.late.amount, "unit": duty.late.unit} if duty.late is not None else None,
            "missing": [
                {"what": m.what, "id": m.id, "kinds": list(m.kinds), **m.words.as_json()} for m in duty.missing
            ],
            "met_by": list(duty.met_by),
            "excused_by": duty.excused_by or None,
            "asks": list(duty.asks),
            "paused": duty.paused,
            "provisional": duty.provisional,
            "recorded_after": duty.recorded_after,
            "marked": duty.marked,
            "next": step.as_json() if step is not None else None,
        }
