"""The people of the sample bureau (示例人员): who they are, which roles they hold, how stories name them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from liuhen.ground.permissions import acting_as, recorders
from liuhen.ground.vocabulary import Kind


@dataclass(slots=True)
class Person:
    """One invented person (示例人员).

    Attributes:
        handle: how stories name the person, and how the person signs in. roles: those granted.
        certificate: number of the enforcement certificate, empty without one. recorder: number of the body-worn recorder.
        id: of the `person.enrolled` record.
    """

    handle: str
    name: str
    unit: str
    position: str
    roles: tuple[str, ...]
    certificate: str = ""
    recorder: str = ""
    id: str = ""
    acting: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.acting = acting_as(self.roles)

    def role_for(self, kind: Kind) -> str:
        """Return the role in which the person records this kind: the first that the kind names and the person acts in."""
        fitting = [role for role in kind.by if role in self.acting] or sorted(recorders(kind) & self.acting)
        if not fitting:
            raise ValueError(f"{self.name} records no {kind.id}")
        return fitting[0]

    def as_actor(self, role: str) -> dict[str, str]:
        """Return the person as a record names somebody who acted."""
        out = {"role": role, "name": self.name, "id": self.id}
        return {**out, "certificate": self.certificate} if self.certificate else out


def read_people(listed: Mapping[str, Any]) -> dict[str, Person]:
    """Return the people of `bureau.yaml` by handle; each gets an id when it is enrolled."""
    return {
        handle: Person(
            handle,
            p["name"],
            p["unit"],
            p["position"],
            tuple(p["roles"]),
            str(p.get("certificate", "")),
            str(p.get("recorder", "")),
        )
        for handle, p in listed.items()
    }
