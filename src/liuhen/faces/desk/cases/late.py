"""Entered after the fact (事后登记): the one question a form asks of an act that lies clearly before its entry.

It has two honest answers. The act was done here in order and only its entry is late: the reason is stored with the record, and
every condition is asked as always. Or it was done outside, on paper: an outside act (补登), with its own approval and its mark.
"""

from __future__ import annotations

from dataclasses import dataclass

from liuhen.faces.desk.cases import offers
from liuhen.faces.desk.cases.offers import Entry
from liuhen.faces.desk.forms.fields import Choice
from liuhen.faces.desk.forms.typed import Typed
from liuhen.ground.findings import Finding
from liuhen.ground.permissions import page
from liuhen.ground.record import Record
from liuhen.ground.words import said_day
from liuhen.journal.authorise import role_names
from liuhen.journal.outside import Outside, working_days_late

WITHIN, OUTSIDE = "within", "yes"


@dataclass(frozen=True, slots=True)
class LateShown:
    """The part of the form that asks (事后登记一栏).

    Attributes:
        asked: the question must be answered. answer: within, yes (outside) or nothing. may_enter: an outside act may be chosen.
        approvals: those that name the person. approvers: who could give one. wrong: what is wrong with the answer.
    """

    asked: bool
    answer: str
    reason: str
    source: str
    approval: str
    may_enter: bool
    approvals: tuple[Choice, ...]
    approvers: str
    wrong: tuple[str, ...]


def applies(entry: Entry) -> bool:
    """Whether the question can arise at all: for what belongs to a case, and not for a correction, which says why by itself."""
    kind = entry.kind
    in_case = entry.opened is not None and entry.opened.row.subject == "case"
    return entry.corrects is None and (in_case or kind.opens == "case") and kind.role != "withdrawal"


def unanswered(entry: Entry, typed: Typed, record: Record | None) -> list[Finding]:
    """Return U-215 where the question is not answered, U-216 where the reason for a late entry is missing."""
    if record is None or not applies(entry) or typed.one("late") == OUTSIDE:
        return []
    speech = entry.visit.speech
    days = working_days_late(record, speech.today, speech.calendar)
    if not days:
        return []
    if typed.one("late") != WITHIN:
        return [Finding("U-215", {"done": said_day(record.done_at.date(), speech.year), "days": days}, "/late")]
    return [] if typed.one("late.reason") else [Finding("U-216", {}, "/late")]


def outside_of(entry: Entry, typed: Typed) -> Outside | None:
    """Return what an outside act says of itself; None for one that is entered as always, or is none by its nature."""
    if typed.one("late") != OUTSIDE or not applies(entry):
        return None
    return Outside(typed.one("late.source"), typed.one("late.reason"), typed.one("late.approval"))


def shown(entry: Entry, typed: Typed) -> LateShown | None:
    """Return the part as the form shows it; None where it has no place."""
    visit = entry.visit
    if not applies(entry):
        return None
    wrong = tuple(f.sentence(visit.language) for f in entry.findings if f.place.startswith(("/late", "/outside")))
    may_enter = visit.who.may("enter_outside", "record")
    asked = typed.one("late") != "" or bool(wrong)
    if not (asked or may_enter):
        return None
    approvers = {role for line in page().lines if "approve_outside" in line.may for role in line.who}
    return LateShown(
        asked,
        typed.one("late"),
        typed.one("late.reason"),
        typed.one("late.source"),
        typed.one("late.approval"),
        may_enter,
        tuple(offers.approvals(visit)) if may_enter else (),
        visit.speech.pick(role_names(frozenset(approvers), visit.basis.vocabulary)),
        wrong,
    )
