"""What a form offers (可选项): roles, records to link, values that the bureau knows, approvals, and the gates as they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from uuid_utils import uuid7

from liuhen.faces.desk.cases.record_shown import value_words
from liuhen.faces.desk.cases.told import GateShown, Told, gates_shown
from liuhen.faces.desk.forms.fields import Choice
from liuhen.faces.desk.forms.reading import Person
from liuhen.faces.desk.visit import Visit
from liuhen.ground.findings import Finding
from liuhen.ground.permissions import recorders
from liuhen.ground.record import Record, read_record
from liuhen.ground.vocabulary import Kind
from liuhen.journal.access import REQUEST
from liuhen.journal.registers import registers
from liuhen.rooms.cases import actions, choosing, people, reading
from liuhen.rooms.cases.offering import offered_kinds
from liuhen.rooms.evidence.intake import Uploaded


@dataclass(slots=True)
class Entry:
    """One form being filled (登记表单): for which kind, in which file, by whom; and what came of it.

    Attributes:
        opened: the file it goes into; None for a record that opens one or stands in a register.
        links: what the page adds by itself (the case). corrects: the record that it corrects.
        unseen: number of the case that it goes into, where the person may not look at that; `opened` is None then.
    """

    visit: Visit
    kind: Kind
    opened: reading.Opened | None
    links: Mapping[str, Sequence[str]]
    corrects: Record | None = None
    people: list[Person] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    files: list[Uploaded] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    told: Told | None = None
    unseen: str = ""

    @property
    def action(self) -> str:
        """The action type of the case, empty outside a case."""
        return self.opened.row.action_type if self.opened is not None else ""

    @property
    def near(self) -> str:
        """How near the person stands to the file; one that is only being opened is his own."""
        if self.opened is None or self.opened.row.subject != "case":
            return "handler"
        return self.opened.near


def applied(visit: Visit) -> frozenset[str]:
    return frozenset(str(r.content.get("rulebook")) for r in registers(visit.basis).applied)


def by_roles(entry: Entry) -> list[str]:
    allowed = recorders(entry.kind)
    own = people.roles_to_record(entry.kind, entry.visit.who.roles, entry.near)
    return own + sorted(allowed - set(own) - {"system"})


def link_choices(entry: Entry) -> dict[str, list[Choice]]:
    visit = entry.visit
    vocabulary, speech = visit.basis.vocabulary, visit.speech
    out: dict[str, list[Choice]] = {}
    for link in entry.kind.links.values():
        choices: list[Choice] = []
        if entry.opened is not None:
            for r in choosing.records_for(link, entry.opened.filed, vocabulary):
                kind = vocabulary.kinds.get(r.kind)
                said = f"{speech.short_day(r.day)} {speech.pick(kind.words) if kind else r.kind}"
                # Two requests of one day are told apart by who asks, and for what.
                asked = request_named(entry, r.id)
                more = [str(asked.content.get(f) or "") for f in ("applicant", "purpose")] if asked is not None else []
                choices.append(Choice(r.id, " · ".join([said, *(x[:40] for x in more if x)])))
        for other in choosing.files_for(link, visit.who.bureau, vocabulary):
            choices.append(Choice(other.root, " ".join(x for x in (other.number, other.title) if x) or other.root[-8:]))
        out[link.role] = choices
    return out


def request_named(entry: Entry, id: str) -> Record | None:
    """Return the access request with this id in the file that the form goes into; None where it is not to be seen."""
    opened = entry.opened
    found = opened.filed.entry(id) if opened is not None and id else None
    if opened is None or found is None or found.record.kind != REQUEST or "access" not in entry.kind.links:
        return None
    return found.record if reading.may_see(entry.visit.who, opened.near, opened.filed, found.record) else None


def request_lines(entry: Entry, id: str) -> list[tuple[str, str]]:
    """Return what the request asks for that an approval or refusal is about, line by line; nothing on any other form."""
    request = request_named(entry, id)
    if request is None:
        return []
    speech, kind = entry.visit.speech, entry.visit.basis.vocabulary.kinds[REQUEST]
    lines = [
        (speech.pick(f.words), value_words(f, request.content.get(f.id), entry.visit)) for f in kind.fields.values()
    ]
    return [(str(entry.visit.words.tab.done), speech.short_day(request.day)), *((k, v) for k, v in lines if v)]


def text_choices(entry: Entry) -> dict[str, list[Choice]]:
    """Return the fields of text whose values are known to the bureau: a person, a role, a rulebook."""
    visit = entry.visit
    known: dict[tuple[str, str], list[Choice]] = {}
    if entry.kind.id == "late_entry.approved":
        known["late_entry.approved", "entered_by"] = [Choice(p.id, p.offered) for p in entry.people]
        listed, kinds = offered_kinds(visit.basis), choosing.kinds_afterwards(visit.basis.vocabulary)
        named = [Choice(k.id, visit.speech.pick(k.words)) for k in kinds if k.id in listed]
        known["late_entry.approved", "kinds"] = named
    if entry.kind.id == "role.granted":
        terms = visit.basis.vocabulary.terms["roles"]
        known["role.granted", "role"] = [Choice(r, visit.speech.pick(w)) for r, w in terms.items()]
    if entry.kind.id == "rulebook.applied_on":
        known["rulebook.applied_on", "rulebook"] = [
            Choice(b.id, visit.speech.pick(b.title)) for b in visit.basis.stack.rulebooks
        ]
    return {field: choices for (_, field), choices in known.items()}


def gates(entry: Entry) -> list[GateShown]:
    """Return the gates as they stand before anything is typed, for the list beside the form."""
    if entry.opened is None or entry.corrects is not None or not entry.visit.basis.stack.gates_of(entry.kind.id):
        return []
    visit = entry.visit
    at = visit.speech.local(visit.now).replace(microsecond=0).isoformat()
    value = {
        "id": str(uuid7()),
        "kind": entry.kind.id,
        "done_at": at,
        "links": {k: list(v) for k, v in entry.links.items()},
    }
    record = read_record(value, zone=visit.basis.zone, bureau=visit.who.bureau)
    return gates_shown(visit, entry.opened, actions.gates_ahead(entry.opened, record, visit.basis, visit.now))


def approvals(visit: Visit) -> list[Choice]:
    out = []
    kind = visit.basis.vocabulary.kinds["late_entry.approved"]
    for r in choosing.approvals_for(visit.who, visit.basis, visit.speech.today):
        source = kind.fields["source"].values.get(str(r.content.get("source")))
        until, speech = r.content.get("until", ""), visit.speech
        kinds = speech.bracketed(speech.listed(r.content["kinds"])) if r.content.get("kinds") else ""
        out.append(Choice(r.id, f"{speech.short_day(r.day)} {speech.pick(source) if source else ''} → {until}{kinds}"))
    return out
