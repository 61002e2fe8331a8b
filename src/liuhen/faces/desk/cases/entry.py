"""Entering a record (登记): the form of a kind, what the door says to it, and the way back when it refuses."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from uuid_utils import uuid7

from liuhen.faces.desk import routes
from liuhen.faces.desk.cases import late, offers
from liuhen.faces.desk.cases.approving import settle
from liuhen.faces.desk.cases.doubts import doubts
from liuhen.faces.desk.cases.entitled import OWN, may_enter, not_to_enter, recordable_kinds
from liuhen.faces.desk.cases.offers import Entry
from liuhen.faces.desk.cases.told import Told, told
from liuhen.faces.desk.cases.unseen import closed, enterable
from liuhen.faces.desk.entering import to_correct, to_enter
from liuhen.faces.desk.forms.form import build_form
from liuhen.faces.desk.forms.law import asked_of
from liuhen.faces.desk.forms.reading import Draft, Person, read_form
from liuhen.faces.desk.forms.starting import start
from liuhen.faces.desk.forms.typed import Typed
from liuhen.faces.desk.refusals import no_entry, not_there
from liuhen.faces.desk.visit import Visit, signed_in
from liuhen.ground.errors import Refused
from liuhen.ground.findings import Finding
from liuhen.ground.record import Record, read_record
from liuhen.ground.vocabulary import CORRECTION_REASON
from liuhen.ground.vocabulary.attached import unfit_type
from liuhen.journal import chain
from liuhen.journal.looks import looked
from liuhen.journal.models import CaseRow
from liuhen.journal.refusing import NotTaken
from liuhen.rooms.cases import actions, people, reading
from liuhen.rooms.evidence.intake import already_there, from_token, take_in


@signed_in
def new(visit: Visit, root: str, kind: str) -> HttpResponseBase:
    """The form for a new record in a case or in another file."""
    try:
        row = reading.row_of(visit.who, root)
    except reading.NotThere as refused:
        return not_there(visit, refused)
    if not reading.may_look(visit.who, row, visit.basis, visit.now):
        return _unseen(visit, row, kind)
    found = visit.basis.vocabulary.kinds.get(kind)
    if found is None or (row.subject == "case" and (found.case == "no" or found.opens == "case")):
        return not_there(visit, reading.NotThere("U-211", kind=kind), back=routes.kinds(root), back_words=_way(visit))
    opened = reading.open_case(visit.who, row, visit.basis, visit.now)
    if kind not in recordable_kinds(visit, opened):
        named = row.number or row.title or str(visit.words.workbench.file)
        return no_entry(visit, not_to_enter(visit, found, opened), back=routes.case(root), back_words=named)
    links: dict[str, Sequence[str]] = {"case": [root]} if row.subject == "case" and found.case != "no" else {}
    entry = Entry(visit, found, opened, links)
    detail = {"entering": kind}
    about = visit.request.POST.get("l.access") or visit.request.GET.get("about", "")
    if offers.request_named(entry, about) is not None:
        detail["record"] = about
    looked(visit.who, f"look {reading.class_of(row)}", home=row.root, detail=detail)
    return serve(entry)


def _unseen(visit: Visit, row: CaseRow, kind: str) -> HttpResponseBase:
    """The form for what may be entered without looking at the case: to ask for access, or for the officers named."""
    found = visit.basis.vocabulary.kinds.get(kind)
    if found is None or kind not in enterable(visit, row):
        return closed(visit, row)
    return serve(Entry(visit, found, None, {"case": [row.root]}, unseen=row.number or row.root))


@signed_in
def new_case(visit: Visit) -> HttpResponseBase:
    """The form that opens a case."""
    kind = visit.basis.vocabulary.kinds[sorted(visit.basis.vocabulary.opening("case"))[0]]
    if not may_enter(visit, kind, OWN):
        return no_entry(visit, not_to_enter(visit, kind))
    return serve(Entry(visit, kind, None, {}))


@signed_in
def new_register(visit: Visit, kind: str) -> HttpResponseBase:
    """The form for a record that belongs to no case."""
    found = visit.basis.vocabulary.kinds.get(kind)
    if found is None or found.case == "yes" or found.opens == "case":
        registers = str(visit.words.register.title)
        return not_there(visit, reading.NotThere("U-211", kind=kind), back=routes.REGISTERS, back_words=registers)
    if not may_enter(visit, found, OWN):
        return no_entry(visit, not_to_enter(visit, found))
    return serve(Entry(visit, found, None, {}))


def _way(visit: Visit) -> str:
    return str(visit.words.case.new_record)


def serve(entry: Entry) -> HttpResponseBase:
    """Show the form, or take what it sent."""
    visit = entry.visit
    entry.people = [
        Person(p.person, p.name, p.certificate, p.unit) for p in people.present(visit.who.bureau, visit.speech.today)
    ]
    if visit.request.method == "POST":
        return _submitted(entry)
    typed = start(entry)
    if entry.corrects is not None:
        entry.files = [already_there(f, visit.who) for f in entry.corrects.files]
        entry.roles = [f.role for f in entry.corrects.files]
    return _page(entry, typed, str(uuid7()))


def _submitted(entry: Entry) -> HttpResponseBase:
    visit = entry.visit
    post = visit.request.POST
    typed = Typed({k: post.getlist(k) for k in post})
    id = typed.one("id") or str(uuid7())
    _collect_files(entry, typed)
    if typed.one("only") == "file":
        return _page(entry, typed, id)
    draft = _draft(entry, typed, id)
    entry.findings += draft.findings
    if not draft.json.get("by"):
        entry.findings.append(Finding("U-210", {}, "/by"))
    name_who_enters(draft, visit)
    record = _record(entry, draft)
    again = entry.opened is not None and entry.opened.filed.entry(id) is not None
    if record is not None and entry.corrects is not None and entry.opened is not None and not again:
        entry.findings += chain.clashes(record, [entry.opened.filed], visit.basis.vocabulary)
    asked = [] if again else late.unanswered(entry, typed, record)
    if asked and not entry.findings:
        # What there is to confirm is shown beside the question: one look at the form answers both.
        entry.told = _ahead(entry, record, typed)
    entry.findings += asked
    if entry.findings:
        # What can be read already is checked too, so that nobody is refused twice for one form.
        entry.findings += _also_wrong(entry, draft)
        return _page(entry, typed, id)
    outside = late.outside_of(entry, typed)
    if outside is None:
        entry.told = _ahead(entry, record, typed)
        if entry.told is not None:
            return _page(entry, typed, id)
    try:
        receipt = actions.enter(visit.who, draft.json, outside)
    except NotTaken as refused:
        entry.findings += refused.findings
        entry.told = told(visit, entry.opened, refused=refused, record=record)
        return _page(entry, typed, id)
    except Refused as refused:
        entry.findings += refused.findings
        return _page(entry, typed, id)
    return HttpResponseRedirect(routes.query(routes.record(receipt.id), done="again" if receipt.again else "yes"))


def _draft(entry: Entry, typed: Typed, id: str) -> Draft:
    visit = entry.visit
    draft = read_form(
        typed,
        entry.kind,
        id=id,
        bureau=visit.who.bureau,
        zone=visit.basis.zone,
        people=entry.people,
        files=[{**f.as_json(), "role": role} for f, role in zip(entry.files, _file_roles(entry, typed), strict=True)],
        links=entry.links,
        corrects=entry.corrects,
    )
    settle(entry, draft)
    return draft


def name_who_enters(draft: Draft, visit: Visit) -> None:
    """Say who entered the record when that person is not among those who acted (代录)."""
    who = visit.who
    if not any(a.get("id") == who.person for a in draft.json.get("by", ())):
        role = "clerk" if "clerk" in who.roles else next(iter(sorted(who.roles)), "clerk")
        draft.json["entered_by"] = {"role": role, "name": who.name, "id": who.person}


def _collect_files(entry: Entry, typed: Typed) -> None:
    person = entry.visit.who.person
    for token in typed.all("file"):
        try:
            entry.files.append(from_token(token, person))
        except Refused as refused:
            entry.findings += [Finding(f.code, f.fields, "/files") for f in refused.findings]
    for upload in entry.visit.request.FILES.getlist("upload"):
        try:
            found = take_in(upload, upload.name or "", entry.visit.who, length=upload.size)
            vocabulary = entry.visit.basis.vocabulary
            wrong = unfit_type(found.name, found.media_type, entry.kind, vocabulary, "/files") if found.bytes else None
            if wrong is None:
                entry.files.append(found)
            else:
                entry.findings.append(wrong)
        except Refused as refused:
            entry.findings += [Finding(f.code, f.fields, "/files") for f in refused.findings]


def _file_roles(entry: Entry, typed: Typed) -> list[str]:
    default = (entry.kind.file_roles or ("attachment",))[0]
    given = typed.all("file.role") or entry.roles
    return [given[n] if n < len(given) and given[n] else default for n in range(len(entry.files))]


def _also_wrong(entry: Entry, draft: Draft) -> list[Finding]:
    json = dict(draft.json)
    json.setdefault("done_at", entry.visit.speech.date_of(entry.visit.speech.today))
    try:
        record = read_record(json, zone=entry.visit.basis.zone, bureau=entry.visit.who.bureau)
    except Refused as refused:
        return list(refused.findings)
    said = {f.place for f in entry.findings}
    return [f for f in entry.visit.basis.vocabulary.check(record) if f.place not in said]


def _record(entry: Entry, draft: Draft) -> Record | None:
    try:
        return read_record(draft.json, zone=entry.visit.basis.zone, bureau=entry.visit.who.bureau)
    except Refused:
        return None


def _ahead(entry: Entry, record: Record | None, typed: Typed) -> Told | None:
    """Ask what storing this would leave wrong; None when nothing, or when the same was confirmed already."""
    if record is None or record.instant > entry.visit.now or entry.visit.basis.vocabulary.check(record):
        return None  # the door will say what is wrong; warnings of a record that can't be stored help nobody
    visit, opened = entry.visit, entry.opened
    found = told(
        visit,
        opened,
        ahead=actions.ahead(opened, record, visit.basis, visit.now) if opened is not None else None,
        record=record,
        doubts=doubts(entry, record, _draft(entry, start(entry), record.id)),
    )
    if found.closed or not (found.warnings or found.doubts) or typed.one("confirmed") == found.digest:
        return None
    return found


def _page(entry: Entry, typed: Typed, id: str) -> HttpResponse:
    visit, kind = entry.visit, entry.kind
    applied = (
        frozenset(str(r.content.get("rulebook")) for r in entry.opened.registers.applied)
        if entry.opened is not None
        else offers.applied(visit)
    )
    asked = asked_of(visit.basis.stack.rulebooks, kind.id, entry.action, visit.speech.today, applied)
    form = build_form(
        kind,
        typed,
        entry.findings,
        speech=visit.speech,
        vocabulary=visit.basis.vocabulary,
        asked=asked,
        link_choices=offers.link_choices(entry),
        by_roles=offers.by_roles(entry),
        text_choices=offers.text_choices(entry),
    )
    gates = offers.gates(entry) if entry.told is None else entry.told.gates
    return visit.answer(
        "entry",
        200 if not entry.findings and entry.told is None else 422,
        room="cases" if _in_case(entry) else "registers",
        csrf=True,
        form=form,
        id=id,
        entry=entry,
        row=entry.opened.row if entry.opened is not None else None,
        people=entry.people,
        told=entry.told,
        gates=gates,
        findings=entry.findings,
        files=list(zip(entry.files, _file_roles(entry, typed), strict=True)),
        sentences=[
            (f.sentence(visit.language), f.next_step(visit.language), f.code, f)
            for f in entry.findings
            if f.code != "G-011"
        ],
        late=late.shown(entry, typed),
        request=offers.request_lines(entry, typed.one("l.access")),
        reason=typed.one("reason"),
        reason_wrong=[f.sentence(visit.language) for f in entry.findings if f.place == f"/content/{CORRECTION_REASON}"],
        title=_title(entry),
        again=typed.has("id"),
        url=routes.case(entry.opened.row.root) if entry.opened is not None else "",
    )


def _in_case(entry: Entry) -> bool:
    if entry.opened is None:
        return bool(entry.unseen) or entry.kind.opens == "case"
    return entry.opened.row.subject == "case"


def _title(entry: Entry) -> str:
    kind, speech = entry.kind, entry.visit.speech
    return to_correct(kind, speech) if entry.corrects is not None else to_enter(kind, speech)
