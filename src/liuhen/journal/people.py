"""People from their records (人员台账): who is enrolled, which roles each held from which day to which."""

from __future__ import annotations

from datetime import date

from liuhen.engines.rulebook import Held
from liuhen.ground.moments import read_date
from liuhen.journal.models import CaseRow, PersonRow, RoleRow

ENROLLED = "person.enrolled"


def project(row: CaseRow, held: Held) -> None:
    """Write the person and the roles that a person's file holds; a withdrawn enrolment leaves nobody."""
    RoleRow.objects.filter(person=row.root).delete()
    opening = next((r for r in held.current if r.kind == ENROLLED and held.root(r) == row.root), None)
    if opening is None:
        PersonRow.objects.filter(person=row.root).delete()
        return
    left = [r.day for r in held.of_kinds(frozenset({"person.left"}))]
    PersonRow.objects.update_or_create(
        person=row.root,
        defaults={
            "bureau": row.bureau,
            "name": str(opening.content.get("name", ""))[:100],
            "unit": str(opening.content.get("unit", ""))[:200],
            "certificate": str(opening.content.get("certificate", ""))[:60],
            "left_day": min(left, default=None),
        },
    )
    ends: dict[str, int] = {}
    for ended in held.of_kinds(frozenset({"role.ended"})):
        last = _day(ended.content.get("last_day"))
        for grant in ended.links.get("about", ()):
            if last is not None:
                ends[held.root_of.get(grant, grant)] = last.toordinal()
    RoleRow.objects.bulk_create(
        RoleRow(
            grant=held.root(granted),
            bureau=row.bureau,
            person=row.root,
            role=str(granted.content.get("role", ""))[:64],
            unit=str(granted.content.get("unit", ""))[:200],
            from_day=start.toordinal(),
            until_day=_earlier(ends.get(held.root(granted)), _day(granted.content.get("until"))),
        )
        for granted in held.of_kinds(frozenset({"role.granted"}))
        if (start := _day(granted.content.get("from"))) is not None
    )


def _day(value: object) -> date | None:
    return read_date(value) if isinstance(value, str) else None


def _earlier(ended: int | None, until: date | None) -> int | None:
    days = [d for d in (ended, until.toordinal() if until else None) if d is not None]
    return min(days, default=None)
