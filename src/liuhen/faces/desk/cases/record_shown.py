"""How the parts of a record are shown (记录的呈现): values in words, links by name, files with how they open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from liuhen.faces.desk import routes
from liuhen.faces.desk.forms.amount import in_capitals, yuan_of
from liuhen.faces.desk.speech import Speech
from liuhen.faces.desk.visit import Visit
from liuhen.ground.errors import Refused
from liuhen.ground.moments import instant, read_moment
from liuhen.ground.record import Actor, Record
from liuhen.ground.vocabulary import FieldKind, Kind
from liuhen.rooms.cases import people, reading
from liuhen.rooms.evidence import serving, showing


@dataclass(frozen=True, slots=True)
class ValueShown:
    """One field as a person reads it, beside what it said before a correction."""

    label: str
    value: str
    was: str
    changed: bool


@dataclass(frozen=True, slots=True)
class FileShown:
    """One file of a record: where it opens, how it is shown, its digests."""

    url: str
    name: str
    role: str
    bytes: int
    shown_as: str
    media_type: str
    sha256: str
    sm3: str
    missing: bool
    copy_url: str


def when_of(r: Record, speech: Speech) -> str:
    if r.precision == "day":
        return speech.day(r.instant) + (f"–{speech.day(r.end)}" if r.end_day > r.day else "")
    if r.until is None:
        return speech.moment(r.instant)
    end = speech.clock(r.end) if r.day == r.end_day else speech.moment(r.end)
    return f"{speech.moment(r.instant)}–{end}"


def actor_of(a: Actor, roles: Any, speech: Speech) -> tuple[str, str, str]:
    return (speech.pick(roles[a.role]) if a.role in roles else a.role, a.name or a.id, a.certificate)


def value_words(f: FieldKind, value: Any, visit: Visit) -> str:
    """Return a value as a person reads it: chosen words, yuan and capitals, local times, units."""
    speech, say = visit.speech, visit.words.form
    if value is None:
        return ""
    match f.type:
        case "boolean":
            return str(say.yes if value else say.no)
        case "choice":
            return speech.pick(f.values[value]) if value in f.values else str(value)
        case "choices":
            return speech.listed(speech.pick(f.values[v]) if v in f.values else str(v) for v in value)
        case "amount":
            return (
                f"{yuan_of(value)} {visit.words.form.yuan}　{in_capitals(value)}"
                if isinstance(value, int)
                else str(value)
            )
        case "texts":
            return "\n".join(map(str, value))
        case "persons":
            return "\n".join(
                " ".join(
                    x for x in (str(p.get("name", "")), str(p.get("role", "")), str(p.get("certificate", ""))) if x
                )
                for p in value
            )
        case "moment":
            moment = read_moment(str(value))
            return speech.moment(instant(moment)) if moment is not None and moment.tzinfo is not None else str(value)
        case "segments":
            return "\n".join(_span(s, speech) for s in value)
    unit = speech.pick(visit.basis.vocabulary.words("units", f.unit)) if f.unit else ""
    return f"{value} {unit}".strip()


def _span(segment: Any, speech: Speech) -> str:
    a, b = read_moment(str(segment.get("from"))), read_moment(str(segment.get("until")))
    if a is None or b is None or a.tzinfo is None or b.tzinfo is None:
        return f"{segment.get('from')} – {segment.get('until')}"
    return f"{speech.local(instant(a)):%Y-%m-%d %H:%M:%S}–{speech.local(instant(b)):%H:%M:%S}"


def values_of(r: Record, before: Record | None, kind: Kind | None, visit: Visit) -> list[ValueShown]:
    if kind is None:
        return [ValueShown(k, str(v), "", False) for k, v in r.content.items()]
    out = []
    # Why it was corrected, or entered late, comes first: it says how the rest is to be read.
    for id, text in r.content.items():
        if id not in kind.fields and (said := visit.basis.vocabulary.of_entering(id)) is not None:
            out.append(ValueShown(visit.speech.pick(said.words), str(text), "", False))
    for f in kind.fields.values():
        now = _known(r.kind, f.id, r.content.get(f.id), visit) or value_words(f, r.content.get(f.id), visit)
        was = value_words(f, before.content.get(f.id), visit) if before is not None else ""
        was = (_known(r.kind, f.id, before.content.get(f.id), visit) or was) if before is not None else ""
        if now or was:
            out.append(ValueShown(visit.speech.pick(f.words), now, was, before is not None and now != was))
    known = {*kind.fields, *visit.basis.vocabulary.terms.get("entering", {})}
    return out + [ValueShown(k, str(v), "", False) for k, v in r.content.items() if k not in known]


def _known(kind: str, field: str, value: Any, visit: Visit) -> str:
    """Return the words of a text that stands for something the bureau knows: a person, a role, a rulebook; else nothing.

    These are the fields that a form offers as a choice.
    """
    text, speech = str(value or ""), visit.speech
    match kind, field:
        case "late_entry.approved", "entered_by":
            return people.name_of(visit.who.bureau, text)
        case "role.granted", "role":
            roles = visit.basis.vocabulary.terms["roles"]
            return speech.pick(roles[text]) if text in roles else ""
        case "rulebook.applied_on", "rulebook":
            return next((speech.pick(b.title) for b in visit.basis.stack.rulebooks if b.id == text), "")
    return ""


def title_of(r: Record, visit: Visit) -> str:
    kind = visit.basis.vocabulary.kinds.get(r.kind)
    return f"{visit.speech.short_day(r.day)} {visit.speech.pick(kind.words) if kind else r.kind}"


def links_of(r: Record, opened: reading.Opened, visit: Visit) -> list[tuple[str, list[tuple[str, str]]]]:
    say = visit.words.form.link
    subjects = visit.basis.vocabulary.terms["subjects"]
    out = []
    for role, ids in r.links.items():
        if role == "case":
            continue
        label = visit.speech.pick(subjects[role]) if role in subjects else str(getattr(say, role, role))
        named = []
        for id in ids:
            entry = opened.filed.entry(id)
            named.append((routes.record(id), title_of(entry.record, visit) if entry is not None else f"…{id[-8:]}"))
        out.append((label, named))
    return out


def named_by_of(r: Record, opened: reading.Opened, visit: Visit) -> list[tuple[str, str]]:
    ids = {e.record.id for e in opened.filed.entries if e.record.root == r.root}
    return [
        (routes.record(e.record.id), title_of(e.record, visit))
        for e in opened.filed.entries
        if e.record.corrects is None
        and any(role != "case" and not ids.isdisjoint(held) for role, held in e.record.links.items())
    ]


def files_of(r: Record, opened: reading.Opened, visit: Visit) -> list[FileShown]:
    copied = reading.may_copy(visit.who, opened.row, visit.basis, visit.now, r)
    say = visit.words.form.file_role
    out = []
    for n, f in enumerate(r.files):
        try:
            kind = serving.type_of(f.sha256)
            missing = False
        except Refused:
            kind, missing = f.media_type, True
        out.append(
            FileShown(
                routes.file(r.id, n),
                f.name,
                str(getattr(say, f.role, f.role)),
                f.bytes,
                "" if missing else showing.shown_as(kind),
                visit.speech.pick(visit.basis.vocabulary.words("media", kind)) if kind else "",
                f.sha256,
                f.sm3,
                missing,
                f"{routes.file(r.id, n)}?download=1" if copied else "",
            )
        )
    return out
