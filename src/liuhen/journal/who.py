"""Who stands at the door (来者): a person with the roles held today, or the system itself; and how near to a case."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from liuhen.ground.errors import Refused
from liuhen.ground.moments import Day
from liuhen.ground.permissions import acting_as, may
from liuhen.journal.models import BureauRow, PersonRow, RoleRow


class NotAllowed(Refused):
    """The person may not do this (无权办理). A-…"""


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who brings a record or looks at one (办理人).

    Attributes:
        person: id of the person (root of `person.enrolled`); empty for the system. bureau, name, unit: as enrolled.
        roles: those held on the day asked, by dated records. acting: these and the ones they also act as.
    """

    person: str
    bureau: str
    name: str = ""
    unit: str = ""
    roles: frozenset[str] = frozenset()
    certificate: str = ""
    acting: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "acting", acting_as(self.roles))

    def may(self, verb: str, of: str, near: str = "bureau", *, approved: bool = False) -> bool:
        """Return whether the page of permissions lets this person do `verb` to things of class `of`."""
        return may(self.acting, verb, of, near, approved=approved)

    def near(self, unit: str, handlers: frozenset[str]) -> str:
        """Return how near the person stands to a case of this unit with these handlers: handler, unit or bureau."""
        if self.person and self.person in handlers:
            return "handler"
        return "unit" if self.unit and self.unit == unit else "bureau"


def system(bureau: str) -> Who:
    """Return the system itself, which draws, counts and checks, and brings nothing else."""
    return Who("", bureau, "系统", roles=frozenset({"system"}))


def who_is(bureau: str, person: str, day: Day) -> Who:
    """Return a person with the roles held on `day` (local ordinal); refused (A-010): not enrolled, or left. Two queries."""
    row = PersonRow.objects.filter(bureau=bureau, person=person).first()
    if row is None or (row.left_day is not None and row.left_day < day):
        raise NotAllowed("A-010", person=person)
    held = RoleRow.objects.filter(_on(day), bureau=bureau, person=person).values_list("role", flat=True)
    return Who(person, bureau, row.name, row.unit, frozenset(held), row.certificate)


def holders(bureau: str, role: str, day: Day) -> list[str]:
    """Return the ids of the persons who hold exactly this role on `day`, in the order of their grants."""
    held = RoleRow.objects.filter(_on(day), bureau=bureau, role=role)
    return list(held.order_by("from_day", "grant").values_list("person", flat=True))


def today(bureau: str, now: datetime) -> Day:
    """Return the local day of `now` (aware) in the bureau, as an ordinal."""
    zone = BureauRow.objects.filter(id=bureau).values_list("zone", flat=True).first() or "Asia/Shanghai"
    return now.astimezone(ZoneInfo(zone)).toordinal()


def on_day(day: Day, from_day: Day, until_day: Day | None) -> bool:
    """Return whether a role held from one day to another, both inclusive, is held on `day`."""
    return from_day <= day and (until_day is None or day <= until_day)


def _on(day: Day) -> Q:
    return Q(from_day__lte=day) & (Q(until_day__isnull=True) | Q(until_day__gte=day))
