"""How a form begins (表单初始内容): the person's own name, now, the record that it is about; or the record to be corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from liuhen.faces.desk.forms.typed import Typed, from_record
from liuhen.ground.permissions import recorders
from liuhen.journal.access import APPROVAL, REQUEST
from liuhen.rooms.cases import people

if TYPE_CHECKING:
    from liuhen.faces.desk.cases.offers import Entry


def start(entry: Entry) -> Typed:
    """Return what stands in the form before anybody types."""
    visit, kind = entry.visit, entry.kind
    if entry.corrects is not None:
        return from_record(entry.corrects, kind, visit.basis.zone)
    held: dict[str, list[str]] = {}
    local = visit.speech.local(visit.now)
    held["done.date"] = [local.strftime("%Y-%m-%d")]
    if not kind.interval:
        held["done.time"] = [local.strftime("%H:%M")]
    _own_name(entry, held)
    if kind.id == REQUEST:
        held |= {
            "c.applicant": [visit.who.name],
            "c.applicant_type": ["enforcement_officer"],
            "c.copy_or_view": ["view"],
        }
    if kind.id == APPROVAL:
        last = visit.speech.today + int(settings.LIUHEN_ACCESS_DAYS)
        held["c.valid_until"] = [visit.speech.date_of(last)]
    if kind.opens == "case":
        _own_case(entry, held)
    ask = visit.request.GET
    about = ask.get("about", "")
    if about:
        for role in ("about", "document", *kind.links):
            if role in kind.links:
                held[f"l.{role}"] = [about]
                break
        _from_act(entry, about, held)
        _from_request(entry, about, held)
    _officers_named(entry, held)
    if role := ask.get("role", ""):
        held["sign.role"], held["sign.name"] = [role], [""]
    return Typed(held)


def _own_name(entry: Entry, held: dict[str, list[str]]) -> None:
    who = entry.visit.who
    near = entry.near
    own = people.roles_to_record(entry.kind, who.roles, near)
    if entry.unseen:
        # Whoever may not even look at the case does not handle it.
        own = [r for r in own if r != "case_handler"] or own
    if own:
        held["by.name"], held["by.role"], held["by.certificate"] = [who.name], [own[0]], [who.certificate]
        return
    if entry.opened is None:
        return
    # A clerk enters for those who handle the case, each in a role held today.
    handlers = [h for h in entry.opened.row.handlers if h.get("name") and h.get("person")]
    roles = people.roles_of(who.bureau, [h["person"] for h in handlers], entry.visit.speech.today)
    for h in handlers:
        fitting = people.roles_to_record(entry.kind, roles[h["person"]], "handler")
        if fitting:
            held.setdefault("by.name", []).append(h["name"])
            held.setdefault("by.role", []).append(fitting[0])
            held.setdefault("by.certificate", []).append(h.get("certificate", ""))


def _own_case(entry: Entry, held: dict[str, list[str]]) -> None:
    who = entry.visit.who
    if "unit" in entry.kind.fields and who.unit:
        held["c.unit"] = [who.unit]
    if "handlers" in entry.kind.fields and who.acting & {"case_handler", "enforcement_officer"}:
        held["c.handlers.name"], held["c.handlers.role"], held["c.handlers.certificate"] = (
            [who.name],
            [""],
            [who.certificate],
        )


def _from_act(entry: Entry, about: str, held: dict[str, list[str]]) -> None:
    """A document names those who did the act that it records, and begins when the act ended."""
    if entry.opened is None or entry.kind.family != "document":
        return
    found = entry.opened.filed.entry(about)
    if found is None or not found.record.by:
        return
    act = found.record
    allowed = recorders(entry.kind)
    fitting = [a for a in act.by if a.role in allowed and a.name]
    if fitting and any(a.id == entry.visit.who.person for a in fitting):
        held["by.name"] = [a.name for a in fitting]
        held["by.role"] = [a.role for a in fitting]
        held["by.certificate"] = [a.certificate for a in fitting]
    place = act.content.get("place")
    if place and "place" in entry.kind.fields:
        held["c.place"] = [str(place)]


def _from_request(entry: Entry, about: str, held: dict[str, list[str]]) -> None:
    """An approval begins with what was asked for: to view or to copy, and of what."""
    found = entry.opened.filed.entry(about) if entry.opened is not None and entry.kind.id == APPROVAL else None
    if found is None or found.record.kind != REQUEST:
        return
    for field in ("copy_or_view", "scope"):
        if said := found.record.content.get(field):
            held[f"c.{field}"] = [str(said)]


def _officers_named(entry: Entry, held: dict[str, list[str]]) -> None:
    """Names and certificates that the article wants written in the paper are those of the people named below: typed once."""
    fields = entry.kind.fields
    names = [
        n for n, r in zip(held.get("by.name", []), held.get("by.role", []), strict=False) if r == "enforcement_officer"
    ]
    numbers = [n for n in held.get("by.certificate", []) if n]
    if names and "officer_names" in fields:
        held["c.officer_names"] = ["\n".join(names)]
        if "officer_count" in fields:
            held["c.officer_count"] = [str(len(names))]
        if "certificate_numbers" in fields:
            held["c.certificate_numbers"] = ["\n".join(numbers)]
