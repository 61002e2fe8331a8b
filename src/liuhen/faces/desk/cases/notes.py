"""What a case page says beside its duties (附注): texts applied on by decision, and the log of what came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from liuhen.faces.desk import routes
from liuhen.faces.desk.cases.materials import place_words
from liuhen.faces.desk.visit import Visit
from liuhen.ground.moments import read_date
from liuhen.rooms.cases.reading import Opened


@dataclass(frozen=True, slots=True)
class Note:
    """One line above the page (附注)."""

    title: str
    text: str
    url: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class LogRow:
    """One record as the door took it in (登记日志)."""

    when: str
    what: str
    url: str
    who: str
    done: str
    place: str
    notes: tuple[str, ...]


def applied_notes(visit: Visit, opened: Opened) -> list[Note]:
    """Return a line for each text that has run out and judges this case by a recorded decision."""
    speech, say = visit.speech, visit.words.frame
    out = []
    for book in visit.basis.stack.rulebooks:
        if book.in_force_to is None or speech.today <= book.in_force_to:
            continue
        if not any(cite.rulebook == book.id for d in opened.judgement.duties for cite in d.cites):
            continue
        for decision in opened.registers.applied:
            if decision.content.get("rulebook") != book.id:
                continue
            until = read_date(str(decision.content.get("until") or ""))
            start = read_date(str(decision.content.get("from")))
            text = say.applied_on_long.format(
                title=speech.pick(book.title),
                expired=speech.date_of(book.in_force_to),
                decided_by=decision.content.get("decided_by", ""),
                from_day=start.isoformat() if start else "",
                until=say.applied_until.format(day=until.isoformat()) if until else "",
            )
            out.append(Note(str(say.applied_on), text, routes.record(decision.id), str(say.decision)))
    return out


def log_rows(visit: Visit, opened: Opened, places: Mapping[str, int | None]) -> list[LogRow]:
    """Return every record in the order received, latest first: by whom, when, and its place in the Ledger."""
    speech, say = visit.speech, visit.words.record
    kinds = visit.basis.vocabulary.kinds
    out = []
    for e in reversed(opened.filed.entries):
        r = e.record
        kind = kinds.get(r.kind)
        notes = [str(say.correction)] if r.corrects else []
        if e.outside:
            notes.append(str(say.outside))
        entered = (
            r.entered_by.name
            if r.entered_by is not None
            else next((a.name for a in r.by if a.id == e.actor and a.name), "")
        )
        out.append(
            LogRow(
                speech.moment(r.received),
                speech.pick(kind.words) if kind else r.kind,
                routes.record(r.id),
                entered or (str(say.by_system) if not e.actor else ""),
                speech.day(r.instant) if r.precision == "day" else speech.moment(r.instant),
                place_words(places.get(r.id, -1), speech),
                tuple(notes),
            )
        )
    return out
