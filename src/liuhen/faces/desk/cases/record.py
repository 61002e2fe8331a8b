"""The page of one record (记录页): what it says, who signed, its files, its proof, and what corrected it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase

from liuhen.faces.desk import frame, routes
from liuhen.faces.desk.cases import materials
from liuhen.faces.desk.cases.entitled import may_withdraw, recordable_kinds
from liuhen.faces.desk.cases.record_shown import actor_of, files_of, links_of, named_by_of, values_of, when_of
from liuhen.faces.desk.cases.unseen import closed, receipt
from liuhen.faces.desk.refusals import no_right, not_there
from liuhen.faces.desk.visit import Visit, signed_in
from liuhen.ground.moments import instant
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import CORRECTION_REASON
from liuhen.journal.filed import Entry as FiledEntry
from liuhen.journal.looks import looked
from liuhen.rooms.cases import reading


@signed_in
def record(visit: Visit, id: str) -> HttpResponseBase:
    """The page of a record."""
    found = find(visit, id)
    if not isinstance(found, tuple):
        return receipt(visit, id) or found
    opened, entry = found
    return visit.answer(
        "record", room="cases" if opened.row.subject == "case" else "registers", **_context(visit, opened, entry)
    )


def find(visit: Visit, id: str) -> tuple[reading.Opened, FiledEntry] | HttpResponseBase:
    """Return a record with its file, and note the look, whichever page shows it; or the page that says why not."""
    try:
        row = reading.row_of(visit.who, reading.home_of(visit.who, id))
    except reading.NotThere as refused:
        return not_there(visit, refused)
    if not reading.may_look(visit.who, row, visit.basis, visit.now):
        return closed(visit, row)
    opened = reading.open_case(visit.who, row, visit.basis, visit.now)
    entry = opened.filed.entry(id)
    if entry is None:
        return not_there(visit, reading.NotThere("U-209", id=id))
    if not reading.may_see(visit.who, opened.near, opened.filed, entry.record):
        return no_right(visit, reading.secrecy_of(opened.filed, entry.record))
    looked(visit.who, f"look {reading.class_of(row)}", home=row.root, detail={"record": id})
    return opened, entry


def withdrawal_of(opened: reading.Opened, id: str, visit: Visit) -> Record | None:
    """Return the record that withdrew this one, None while it stands."""
    withdrawing = visit.basis.vocabulary.with_role("withdrawal")
    return next(
        (
            e.record
            for e in opened.filed.entries
            if e.record.kind in withdrawing and id in e.record.links.get("withdraws", ())
        ),
        None,
    )


def _file_words(opened: reading.Opened, visit: Visit) -> str:
    """Return what a file is that bears neither number nor title: its subject, or the kind of the register's entry."""
    vocabulary, subject = visit.basis.vocabulary, opened.row.subject
    if subject in vocabulary.terms["subjects"]:
        return visit.speech.pick(vocabulary.words("subjects", subject))
    return (
        visit.speech.pick(vocabulary.kinds[subject].words)
        if subject in vocabulary.kinds
        else str(visit.words.workbench.file)
    )


def _context(visit: Visit, opened: reading.Opened, entry: FiledEntry) -> dict[str, Any]:
    r, speech, vocabulary = entry.record, visit.speech, visit.basis.vocabulary
    kind = vocabulary.kinds.get(r.kind)
    chain = [e for e in opened.filed.entries if e.record.root == r.root]
    before = next((e.record for e in chain if e.record.id == r.corrects), None)
    after = next((e.record for e in chain if e.record.corrects == r.id), None)
    withdrawn = withdrawal_of(opened, r.id, visit)
    places = reading.places([e.record.id for e in chain])
    done = visit.request.GET.get("done", "")
    may = recordable_kinds(visit, opened)
    roles = vocabulary.terms["roles"]
    return {
        "row": opened.row,
        "url": routes.case(opened.row.root),
        "r": r,
        "kind": kind,
        "file_name": speech.label(_file_words(opened, visit)),
        "name": speech.label(speech.pick(kind.words)) if kind else r.kind,
        "when": when_of(r, speech),
        "received": speech.moment(r.received),
        "outside": entry.outside,
        "values": values_of(r, before, kind, visit),
        "by": [actor_of(a, roles, speech) for a in r.by],
        "entered_by": r.entered_by.name if r.entered_by is not None else "",
        "signatures": [
            (
                speech.pick(vocabulary.words("roles", s.role)),
                s.name,
                getattr(visit.words.form, s.how),
                speech.moment(instant(s.signed_at)) if s.signed_at else "",
            )
            for s in r.signatures
        ],
        "unsigned": [
            speech.pick(vocabulary.words("roles", role))
            for role in (kind.signatures if kind else ())
            if role not in {s.role for s in r.signatures}
        ],
        "links": links_of(r, opened, visit),
        "named_by": named_by_of(r, opened, visit),
        "files": files_of(r, opened, visit),
        "place": places.get(r.id),
        "place_words": materials.place_words(places.get(r.id, -1), speech),
        "state": frame.state_of(opened.row.bureau),
        "chain": [
            (
                e.record,
                speech.moment(e.record.received),
                materials.makers(e.record, speech),
                materials.place_words(places.get(e.record.id, -1), speech),
                str(e.record.content.get(CORRECTION_REASON) or ""),
            )
            for e in chain
        ]
        if len(chain) > 1
        else [],
        "before": before,
        "after": after,
        "after_url": routes.record(after.id) if after else "",
        "withdrawn": withdrawn,
        "withdrawn_by": f"{materials.makers(withdrawn, speech)} {speech.moment(withdrawn.received)}"
        if withdrawn
        else "",
        "withdrawn_url": routes.record(withdrawn.id) if withdrawn else "",
        "correct_url": routes.correct(r.id) if r.kind in may and after is None and withdrawn is None else "",
        "withdraw_url": routes.withdraw(r.id)
        if may_withdraw(visit, opened, r)
        and after is None
        and withdrawn is None
        and not (kind and (kind.opens == "case" or kind.role == "withdrawal"))
        else "",
        "done": done,
    }
