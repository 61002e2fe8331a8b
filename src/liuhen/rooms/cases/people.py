"""Who can be chosen on a form or in a filter (可选人员): the bureau's people with the certificates they bear."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from liuhen.ground.moments import Day
from liuhen.ground.permissions import acting_as, page, recorders
from liuhen.ground.vocabulary import Kind
from liuhen.journal.models import PersonRow, RoleRow
from liuhen.journal.who import on_day

HANDLING = ("case_handler", "enforcement_officer")


def roles_to_record(kind: Kind, roles: Iterable[str], near: str) -> list[str]:
    """Return in which of the roles (and those acted as) a person who stands `near` may record a kind; the usual ones first."""
    known = page()
    reach = known.relations.index(near)
    allowed = recorders(kind)
    fitting = [
        r
        for r in acting_as(roles)
        if r in allowed and reach <= known.relations.index(known.near_to_record.get(r, "bureau"))
    ]
    return sorted(fitting, key=lambda r: (HANDLING.index(r) if r in HANDLING else len(HANDLING), r))


def roles_of(bureau: str, persons: Iterable[str], day: Day) -> dict[str, frozenset[str]]:
    """Return person → roles held on `day`. One query."""
    held: dict[str, set[str]] = {p: set() for p in persons}
    rows = RoleRow.objects.filter(bureau=bureau, person__in=list(held)).values_list(
        "person", "role", "from_day", "until_day"
    )
    for person, role, from_day, until_day in rows:
        if on_day(day, from_day, until_day):
            held[person].add(role)
    return {p: frozenset(roles) for p, roles in held.items()}


def present(bureau: str, day: Day) -> list[PersonRow]:
    """Return the people of the bureau who have not left by `day`, by name. One query."""
    return list(
        PersonRow.objects.filter(Q(left_day__isnull=True) | Q(left_day__gte=day), bureau=bureau).order_by(
            "name", "person"
        )
    )


def name_of(bureau: str, person: str) -> str:
    """Return the name of a person of the bureau, who may have left; empty for nobody. One query."""
    return PersonRow.objects.filter(bureau=bureau, person=person).values_list("name", flat=True).first() or ""


def handlers(bureau: str) -> list[tuple[str, str]]:
    """Return (person, name) of those who handle cases, by name. One query."""
    holders = RoleRow.objects.filter(bureau=bureau, role__in=HANDLING).values("person")
    return list(
        PersonRow.objects.filter(bureau=bureau, person__in=holders)
        .order_by("name", "person")
        .values_list("person", "name")
    )


def holders(bureau: str, day: Day) -> dict[str, list[str]]:
    """Return role → names of the people who hold exactly that role on `day`, by name. Two queries."""
    names = dict(
        PersonRow.objects.filter(Q(left_day__isnull=True) | Q(left_day__gte=day), bureau=bureau)
        .order_by("name")
        .values_list("person", "name")
    )
    out: dict[str, list[str]] = {}
    rows = RoleRow.objects.filter(bureau=bureau).values_list("person", "role", "from_day", "until_day")
    for person, role, from_day, until_day in rows:
        if person in names and on_day(day, from_day, until_day):
            out.setdefault(role, []).append(names[person])
    return {role: sorted(set(held)) for role, held in out.items()}
