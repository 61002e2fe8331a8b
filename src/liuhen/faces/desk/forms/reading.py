"""From what was typed to a record (读表单): what can't be read is refused by the name of its field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from liuhen.faces.desk.forms.amount import fen_of, number_of
from liuhen.faces.desk.forms.typed import Typed
from liuhen.faces.desk.forms.untouched import keep_untouched
from liuhen.ground.findings import Finding
from liuhen.ground.moments import read_date
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import CORRECTION_REASON, LATE_REASON, FieldKind, Kind
from liuhen.ground.words import said_day

_TRUTH = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the bureau as the form offers them (在册人员)."""

    id: str
    name: str
    certificate: str = ""
    unit: str = ""

    @property
    def offered(self) -> str:
        """How the list offers the person: the name, and the certificate to tell two of one name apart."""
        return f"{self.name} {self.certificate}".strip()


@dataclass(slots=True)
class Draft:
    """A record on its way from the form to the door (待登记内容): its JSON, and what could not be read."""

    json: dict[str, Any]
    findings: list[Finding] = field(default_factory=list)


def read_form(
    typed: Typed,
    kind: Kind,
    *,
    id: str,
    bureau: str,
    zone: ZoneInfo,
    people: Sequence[Person],
    files: Sequence[Mapping[str, Any]],
    links: Mapping[str, Sequence[str]],
    corrects: Record | None = None,
) -> Draft:
    """Return the record's JSON as typed. `links` are those that the page adds (the case); `files` those already in the vault.

    A correction leaves alone what nobody changed of the record that it `corrects`. Findings: U-201 no date, U-202 a time that is
    none, U-203 an amount that is none, U-204 a number that is none, U-214 a time of the end where the beginning has none.
    Everything else that is wrong is said by the reader of records and by the vocabulary, each with the
    place of its field.
    """
    draft = Draft({"id": id, "bureau": bureau, "kind": kind.id, "kind_version": kind.version})
    json = draft.json
    start, precision = _moment(draft, typed, "done", zone, needed=True)
    json["precision"] = precision
    if start is not None:
        json["done_at"] = start
    if kind.interval or typed.one("until.date") or typed.one("until.time"):
        end, _ = _moment(draft, typed, "until", zone, needed=False, fallback=typed.one("done.date"))
        if precision == "day":
            draft.findings += _end_of_days(typed)
            if last := _last_day(typed):
                json["until"] = datetime.combine(last, time(0), zone).isoformat()
        elif end is not None:
            json["until"] = end
    if by := [_actor(row, people) for row in typed.rows("by", ("name", "role", "certificate")) if row["name"]]:
        json["by"] = by
    held = {role: list(ids) for role, ids in links.items() if ids}
    for role in kind.links:
        if chosen := [i for i in typed.all(f"l.{role}") if i]:
            held[role] = chosen
    if held:
        json["links"] = held
    if signatures := [
        s
        for row in typed.rows("sign", ("role", "name", "how", "date", "time"))
        if (s := _signature(draft, row, zone, people))
    ]:
        json["signatures"] = signatures
    content = {
        id: value for id, f in kind.fields.items() if (value := _value(draft, typed, f, zone, people)) is not None
    }
    for f in kind.fields.values():
        # A digest is the server's to compute: that of the file beside it.
        if f.type == "digest" and files and f.id not in content:
            content[f.id] = files[0]["sha256"]
    if content:
        json["content"] = content
    if files:
        json["files"] = list(files)
    entering = {CORRECTION_REASON: typed.one("reason"), LATE_REASON: typed.one("late.reason")}
    if corrects is not None:
        json["corrects"] = corrects.id
        entering[LATE_REASON] = str(corrects.content.get(LATE_REASON) or "")
        keep_untouched(json, typed, corrects, kind, zone)
    elif typed.one("late") != "within":
        entering = {}
    if entering := {k: v for k, v in entering.items() if v}:
        json["content"] = {**json.get("content", {}), **entering}
    return draft


def _end_of_days(typed: Typed) -> list[Finding]:
    """Return what is wrong with the end of something of which only the day is known: nothing typed may be dropped in silence."""
    began, ended = read_date(typed.one("done.date")), read_date(typed.one("until.date") or typed.one("done.date"))
    if began is None or ended is None:
        return []
    if ended < began:
        return [Finding("R-014", {"done_at": said_day(began), "until": said_day(ended)}, "/until")]
    if typed.one("until.time"):
        return [Finding("U-214", {"until": typed.one("until.time")}, "/done_at")]
    return []


def _last_day(typed: Typed) -> date | None:
    """Return the last day of what lasted several and is known by its days alone: a record says it by that day's beginning."""
    began, ended = read_date(typed.one("done.date")), read_date(typed.one("until.date"))
    return ended if began is not None and ended is not None and ended > began else None


def _moment(
    draft: Draft, typed: Typed, name: str, zone: ZoneInfo, *, needed: bool, fallback: str = ""
) -> tuple[str | None, str]:
    day, time = typed.one(f"{name}.date"), typed.one(f"{name}.time")
    if not day and (time or needed):
        day = fallback if not needed else ""
    if not day:
        if needed:
            draft.findings.append(Finding("U-201", {}, "/done_at"))
        return None, "day"
    if read_date(day) is None:
        draft.findings.append(
            Finding("U-202", {"value": f"{day} {time}".strip()}, "/done_at" if name == "done" else f"/{name}")
        )
        return None, "day"
    if not time:
        return (day if name == "done" else None), "day"
    try:
        at = datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=zone)
    except ValueError:
        draft.findings.append(
            Finding("U-202", {"value": f"{day} {time}"}, "/done_at" if name == "done" else f"/{name}")
        )
        return None, "day"
    return at.isoformat(), "second" if time.count(":") == 2 else "minute"


def _actor(row: Mapping[str, str], people: Sequence[Person]) -> dict[str, str]:
    person = known(row["name"], row["certificate"], people)
    out = {"role": row["role"], "name": person.name if person else row["name"]}
    certificate = row["certificate"] or (person.certificate if person else "")
    if certificate:
        out["certificate"] = certificate
    if person is not None:
        out["id"] = person.id
    return out


def known(name: str, certificate: str, people: Sequence[Person]) -> Person | None:
    """Return the person of the register that was meant: as offered, or by a name that only one bears."""
    for p in people:
        if name in (p.offered, p.id) or (p.name == name and certificate and p.certificate == certificate):
            return p
    same = [p for p in people if p.name == name]
    return same[0] if len(same) == 1 and (not certificate or certificate == same[0].certificate) else None


def _signature(draft: Draft, row: Mapping[str, str], zone: ZoneInfo, people: Sequence[Person]) -> dict[str, str] | None:
    if not row["role"] or (not row["name"] and not row["date"]):
        return None  # a place for a signature that nobody used
    out = {"role": row["role"]}
    if row["name"]:
        person = known(row["name"], "", people)
        out["name"] = person.name if person else row["name"]
        if person is not None:
            out["id"] = person.id
    if row["how"] and row["how"] != "signature":
        out["how"] = row["how"]
    if row["date"]:
        try:
            at = datetime.fromisoformat(f"{row['date']}T{row['time'] or '00:00'}").replace(tzinfo=zone)
            out["signed_at"] = at.isoformat()
        except ValueError:
            draft.findings.append(Finding("U-202", {"value": f"{row['date']} {row['time']}".strip()}, "/signatures"))
    return out


def _value(draft: Draft, typed: Typed, f: FieldKind, zone: ZoneInfo, people: Sequence[Person]) -> Any:
    name = f"c.{f.id}"
    one = typed.one(name)
    place = f"/content/{f.id}"
    match f.type:
        case "boolean":
            return _TRUTH.get(one)
        case "integer":
            number = number_of(one) if one else None
            if one and number is None:
                draft.findings.append(Finding("U-204", {"field": f.words, "value": one}, place))
            return number
        case "amount":
            fen = fen_of(one) if one else None
            if one and fen is None:
                draft.findings.append(Finding("U-203", {"field": f.words, "value": one}, place))
            return fen
        case "choices":
            return [v for v in typed.all(name) if v] or None
        case "texts":
            return [line.strip() for line in one.splitlines() if line.strip()] or None
        case "moment":
            return _field_moment(draft, typed, name, f, zone)
        case "persons":
            return [
                _person(row, people) for row in typed.rows(name, ("name", "role", "certificate")) if row["name"]
            ] or None
        case "segments":
            return _segments(draft, typed, name, f, zone)
    return one or None


def _field_moment(draft: Draft, typed: Typed, name: str, f: FieldKind, zone: ZoneInfo) -> str | None:
    day, time = typed.one(f"{name}.date"), typed.one(f"{name}.time")
    if not day and not time:
        return None
    try:
        return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=zone).isoformat()
    except ValueError:
        draft.findings.append(
            Finding("U-205", {"field": f.words, "value": f"{day} {time}".strip()}, f"/content/{f.id}")
        )
        return None


def _person(row: Mapping[str, str], people: Sequence[Person]) -> dict[str, str]:
    person = known(row["name"], row["certificate"], people)
    out = {"name": person.name if person else row["name"]}
    if row["role"]:
        out["role"] = row["role"]
    if certificate := row["certificate"] or (person.certificate if person else ""):
        out["certificate"] = certificate
    if person is not None:
        out["id"] = person.id
    return out


def _segments(draft: Draft, typed: Typed, name: str, f: FieldKind, zone: ZoneInfo) -> list[dict[str, str]] | None:
    out = []
    for row in typed.rows(name, ("from", "until")):
        try:
            a, b = (datetime.fromisoformat(row[part]).replace(tzinfo=zone) for part in ("from", "until"))
        except ValueError:
            draft.findings.append(
                Finding(
                    "U-205", {"field": f.words, "value": f"{row['from']} {row['until']}".strip()}, f"/content/{f.id}"
                )
            )
            continue
        out.append({"from": a.isoformat(), "until": b.isoformat()})
    return out or None
