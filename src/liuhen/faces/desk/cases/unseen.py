"""A case that one may not look at (不能查阅的案件): what may be done there all the same, and the receipt for it.

Whoever may not look may ask to (bazhou 49), and a clerk may enter for the officers named. Of the case these pages say its number
and nothing else; of a record its maker is told what he brought himself.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse, HttpResponseBase

from liuhen.faces.desk import frame, routes
from liuhen.faces.desk.cases import materials
from liuhen.faces.desk.cases.entitled import may_enter
from liuhen.faces.desk.cases.record_shown import actor_of, value_words, when_of
from liuhen.faces.desk.refusals import Offer, no_right
from liuhen.faces.desk.visit import Visit
from liuhen.ground.vocabulary import Kind
from liuhen.journal.access import REQUEST
from liuhen.journal.filed import Entry
from liuhen.journal.looks import looked
from liuhen.journal.models import CaseRow
from liuhen.rooms.cases import reading


def closed(visit: Visit, row: CaseRow) -> HttpResponse:
    """403: the person may not look at this file; beside the reason the ways that are open to him."""
    return no_right(visit, reading.class_of(row), offers=_offers(visit, row))


def _offers(visit: Visit, row: CaseRow) -> Sequence[Offer]:
    say, may = visit.words.unseen, enterable(visit, row)
    out = []
    if REQUEST in may:
        out.append(Offer(routes.entry(row.root, REQUEST), str(say.ask)))
    if may - {REQUEST}:
        out.append(Offer(routes.kinds(row.root), str(say.enter_for)))
    return out


def enterable(visit: Visit, row: CaseRow) -> frozenset[str]:
    """Return the kinds that the person may enter in this case without looking at it; none in a file that is no case."""
    if row.subject != "case":
        return frozenset()
    kinds, near = visit.basis.vocabulary.kinds.values(), reading.near(visit.who, row)
    found = frozenset(k.id for k in kinds if _fits(k, row.action_type) and may_enter(visit, k, near))
    return found if _may_ask(visit, row) else found - {REQUEST}


def _fits(kind: Kind, action: str) -> bool:
    if kind.actions and action and action not in kind.actions:
        return False
    return kind.case != "no" and kind.opens != "case" and kind.role != "withdrawal"


def _may_ask(visit: Visit, row: CaseRow) -> bool:
    """Return whether an approval would open this file to the person."""
    return visit.who.may("look", reading.class_of(row), "bureau", approved=True)


def receipt(visit: Visit, id: str) -> HttpResponseBase | None:
    """Return the page that says to whoever brought a record that it is stored, and what it says; None for anybody else."""
    try:
        row = reading.row_of(visit.who, reading.home_of(visit.who, id))
    except reading.NotThere:
        return None
    entry = reading.brought_by(visit.who, row, visit.basis, id)
    if entry is None:
        return None
    looked(visit.who, f"look {reading.class_of(row)}", home=row.root, detail={"record": id, "receipt": True})
    return _receipt(visit, row, entry)


def _receipt(visit: Visit, row: CaseRow, entry: Entry) -> HttpResponse:
    r, speech, vocabulary = entry.record, visit.speech, visit.basis.vocabulary
    kind = vocabulary.kinds[r.kind]
    place = reading.places([r.id]).get(r.id)
    values = [(speech.pick(f.words), value_words(f, r.content.get(f.id), visit)) for f in kind.fields.values()]
    return visit.answer(
        "receipt",
        room="cases" if row.subject == "case" else "registers",
        done=visit.request.GET.get("done", ""),
        row=row,
        r=r,
        name=speech.label(speech.pick(kind.words)),
        when=when_of(r, speech),
        received=speech.moment(r.received),
        by=[actor_of(a, vocabulary.terms["roles"], speech) for a in r.by],
        entered_by=r.entered_by.name if r.entered_by is not None else "",
        values=[(label, text) for label, text in values if text],
        files=[f.name for f in r.files],
        place=place,
        place_words=materials.place_words(place, speech),
        asked=r.kind == REQUEST,
        case_url=routes.case(row.root),
        more_url=routes.kinds(row.root) if enterable(visit, row) - {REQUEST} else "",
        state=frame.state_of(row.bureau),
    )
