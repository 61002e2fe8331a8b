"""Choosing what to enter, and the registers (选择登记种类、登记簿): kinds by stage, and the files that are not cases."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase

from liuhen.faces.desk import asked, routes
from liuhen.faces.desk.cases.entitled import OWN, may_enter, offered_here
from liuhen.faces.desk.cases.unseen import closed, enterable
from liuhen.faces.desk.refusals import no_right, not_there
from liuhen.faces.desk.visit import Visit, signed_in
from liuhen.ground.permissions import class_of
from liuhen.ground.vocabulary import Kind
from liuhen.journal.looks import looked
from liuhen.journal.models import CaseRow
from liuhen.rooms.cases import listing, reading
from liuhen.rooms.cases.offering import offered_kinds
from liuhen.rooms.cases.reach import Reach

_HIDDEN = frozenset({"record.withdrawn"})
SIZE = 40


@signed_in
def kinds(visit: Visit, root: str) -> HttpResponseBase:
    """Which record to enter in a file: what is owed first, then every kind that this person may record, by stage."""
    try:
        row = reading.row_of(visit.who, root)
    except reading.NotThere as refused:
        return not_there(visit, refused)
    if not reading.may_look(visit.who, row, visit.basis, visit.now):
        return _unseen(visit, row)
    opened = reading.open_case(visit.who, row, visit.basis, visit.now)
    looked(visit.who, f"look {reading.class_of(row)}", home=row.root)
    may = offered_here(visit, opened)
    known = visit.basis.vocabulary.kinds
    fitting = [known[k] for k in known if k in may and _fits(known[k], row.subject)]
    owed: dict[str, int] = {}
    for d in opened.judgement.duties:
        if d.status in ("due", "overdue"):
            for m in d.missing:
                for k in m.kinds[:1]:
                    if k in may and k in known:
                        owed[k] = owed.get(k, 0) + 1
    first = [
        (routes.entry(root, k), visit.speech.label(visit.speech.pick(known[k].words)), n)
        for k, n in sorted(owed.items(), key=lambda x: -x[1])
    ]
    return visit.answer(
        "kinds",
        room="cases" if row.subject == "case" else "registers",
        row=row,
        url=routes.case(root),
        owed=first,
        groups=_by_phase(visit, fitting, lambda k: routes.entry(root, k.id)),
        title=visit.words.case.new_record,
    )


def _unseen(visit: Visit, row: CaseRow) -> HttpResponseBase:
    """What the person may enter in a case without looking at it: no word of what is owed there, nor of what it is about."""
    may = enterable(visit, row) & offered_kinds(visit.basis)
    if not may:
        return closed(visit, row)
    known = visit.basis.vocabulary.kinds
    return visit.answer(
        "kinds",
        room="cases",
        row=CaseRow(root=row.root, number=row.number, subject=row.subject),
        url=routes.case(row.root),
        owed=[],
        groups=_by_phase(visit, [known[k] for k in known if k in may], lambda k: routes.entry(row.root, k.id)),
        title=visit.words.case.new_record,
    )


def _fits(kind: Kind, subject: str) -> bool:
    if kind.id in _HIDDEN:
        return False
    if subject == "case":
        return kind.case != "no" and kind.opens != "case"
    return subject in kind.links or kind.closes == subject


def _by_phase(visit: Visit, kinds: list[Kind], address: Any) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    phases = visit.basis.vocabulary.terms["phases"]
    out: dict[str, list[tuple[str, str, bool]]] = {}
    for k in kinds:
        out.setdefault(k.phase, []).append((address(k), visit.speech.label(visit.speech.pick(k.words)), k.interval))
    return [
        (visit.speech.label(visit.speech.pick(words)), out[phase]) for phase, words in phases.items() if phase in out
    ]


@signed_in
def registers(visit: Visit) -> HttpResponseBase:
    """The registers: people, certificates, devices, plans and what else is no case, with what may be entered there."""
    if not visit.who.may("look", "register") and not visit.who.may("look", "accounts"):
        return no_right(visit, "register")
    vocabulary, speech = visit.basis.vocabulary, visit.speech
    subject = visit.request.GET.get("of", "")
    named = _subjects(visit)
    rows: list[dict[str, Any]] = []
    more = False
    if subject in named:
        start = asked.after(visit.request.GET.get("after", ""))
        rows, more = listing.cases(
            visit.who, listing.Filter(subject=subject), visit.now, Reach(all=True), size=SIZE, after=start
        )
        looked(visit.who, "look register", detail={"of": subject}, number=len(rows))
    counts = listing.by_subject(visit.who.bureau, list(named))
    offered = offered_kinds(visit.basis)
    new = [
        k
        for k in vocabulary.kinds.values()
        if k.id in offered
        and k.case != "yes"
        and k.opens != "case"
        and k.id not in _HIDDEN
        and may_enter(visit, k, OWN)
    ]
    shown = [
        (
            routes.case(r["root"]),
            r["number"] or r["title"] or named[subject],
            r["title"] if r["number"] else "",
            speech.stamp(r["last_received"]),
            r["n_open"],
            getattr(visit.words.state, r["state"]),
        )
        for r in rows
    ]
    last = rows[-1] if rows else None
    return visit.answer(
        "registers",
        room="registers",
        of=subject if subject in named else "",
        ignored=subject[:40] if subject and subject not in named else "",
        rows=shown,
        name=named.get(subject, ""),
        subjects=[(s, n, counts[s]) for s, n in named.items() if counts[s]],
        groups=_by_phase(visit, new, lambda k: routes.register_entry(k.id)),
        next_url=routes.query(routes.REGISTERS, of=subject, after=f"{last['last_received']}-{last['root']}")
        if more and last
        else "",
    )


def _subjects(visit: Visit) -> dict[str, str]:
    """Return what a file that is no case can be and the person may look at, with its name: a subject, or the kind of an entry."""
    vocabulary, speech = visit.basis.vocabulary, visit.speech
    out = {s: speech.label(speech.pick(w)) for s, w in vocabulary.terms["subjects"].items() if s != "case"}
    for k in vocabulary.kinds.values():
        if k.case != "yes" and not k.opens:
            out[k.id] = speech.label(speech.pick(k.words))
    return {subject: name for subject, name in out.items() if visit.who.may("look", class_of(subject))}
