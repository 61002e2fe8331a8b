"""How the sample bureau begins (示例单位设立): people, roles, certificates, the text that it keeps applying, its registers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from liuhen.ground.located import read
from liuhen.ground.words import Words
from liuhen.rooms.samples.people import Person
from liuhen.rooms.samples.stories import HERE, Step, Story
from liuhen.rooms.samples.unfolding import Told, Unfolding

_CERTIFIED_FOR = 6


def found(house: Unfolding, bureau: Mapping[str, Any]) -> list[Told]:
    """Return the records with which the bureau begins; gives every person an id. The system itself brings most of them."""
    begins = datetime.fromisoformat(bureau["begins"])
    out: list[Told] = []

    def tell(name: str, kind: str, content: Mapping[str, Any], at: datetime = begins, **parts: Any) -> str:
        id_ = house.new_id(at)
        record = {
            "id": id_,
            "bureau": house.bureau,
            "kind": kind,
            "done_at": at.isoformat(),
            "precision": "minute",
            "content": dict(content),
            **parts,
        }
        house.ids[f"founding:{name}"] = id_
        actor = parts.pop("actor", None)
        record.pop("actor", None)
        out.append(Told("founding", name, record, actor or SYSTEM, at, None, (), None, {}))
        return id_

    for handle, person in house.people.items():
        enrolled = {"name": person.name, "unit": person.unit, "position": person.position}
        person.id = tell(handle, "person.enrolled", {**enrolled, **_certificate(person)})
        for role in person.roles:
            content = {"role": role, "from": begins.date().isoformat(), "basis": "示例任职文件"}
            tell(f"{handle}.{role}", "role.granted", content, links={"person": [person.id]})
    for handle, person in house.people.items():
        if person.certificate:
            content = {
                "number": person.certificate,
                "holder": person.name,
                "valid_from": begins.date().isoformat(),
                "valid_until": date(house.time.now.year + _CERTIFIED_FOR, 12, 31).isoformat(),
            }
            tell(f"certificate.{handle}", "officer.certificate", content)
    tell("unit", "unit.set_up", {"name": bureau["facts"]["bureau"]})
    head = house.people["he"]
    decided = begins + timedelta(days=8)
    tell(
        "applied_on",
        "rulebook.applied_on",
        {
            "rulebook": "bazhou",
            "from": "2023-10-01",
            "decided_by": head.name,
            "reason": "新的记录办法印发之前，继续按原办法记录，避免执法记录中断。",
        },
        decided,
        by=[head.as_actor("agency_head")],
        actor=head,
    )
    return out


SYSTEM = Person("system", "系统", "", "", ("system",))
"""The system itself, which enrols people before there is anybody who could."""


def register(now: datetime, bureau: Mapping[str, Any]) -> Story:
    """Return the story of the bureau's own registers: its devices, and every year's plan, training and check until `now`."""
    steps: Mapping[str, Any] = read(Path(HERE / "steps" / "register.yaml"), "register.yaml")
    begins = datetime.fromisoformat(bureau["begins"])
    told = [_step("devices", steps, f"{begins.date()} d+14 > 10:00", {})]
    for year in range(begins.year + 1, now.year + 1):
        # What a year brings takes two weeks of March; a year in which these have not passed yet still owes it.
        if now.date() > date(year, 3, 31):
            told.append(_step("year", steps, f"{year}-03-05 > 09:30", {"year": year}))
    return Story(
        "bureau", Words("本单位台账", "the bureau’s own registers"), "", "", (), "", {}, {}, tuple(told), {}, None
    )


def _step(name: str, steps: Mapping[str, Any], on: str, facts: Mapping[str, Any]) -> Step:
    return Step(name, on, tuple(steps[name]["records"]), facts, "", None)


def _certificate(person: Person) -> dict[str, str]:
    return {"certificate": person.certificate} if person.certificate else {}
