"""What is done in a case (案件操作): every one builds a record and hands it to the door; nothing is ever edited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from liuhen.engines.rulebook import Duty, warnings
from liuhen.engines.rulebook.gates import Asked, asked
from liuhen.ground.moments import Instant, moment_of
from liuhen.ground.record import Record
from liuhen.journal.door import Receipt, take
from liuhen.journal.intake import moment_of_judging
from liuhen.journal.judging import Basis
from liuhen.journal.outside import Outside
from liuhen.journal.who import Who
from liuhen.rooms.cases.reading import Opened


@dataclass(frozen=True, slots=True)
class Ahead:
    """What storing a record would meet (登记前检查): the gates that apply, passed or closed, and what it would leave wrong."""

    gates: tuple[Asked, ...]
    warnings: tuple[Duty, ...]


def enter(who: Who, value: Mapping[str, Any], outside: Outside | None = None) -> Receipt:
    """Hand a record to the door (登记): a new one, a correction, or a case's opening; refused (NotTaken) as `door.take` says."""
    return take(dict(value), actor=who, outside=outside)


def withdraw(
    who: Who, target: Record, *, id: str, home: str, reason: str, by: Mapping[str, Any], at: datetime
) -> Receipt:
    """Withdraw a record (撤回): a further record that names it, with the reason; the withdrawn one stays readable."""
    links = {"withdraws": [target.id]}
    if target.links.get("case"):
        links["case"] = list(target.links["case"])
    return enter(
        who,
        {
            "id": id,
            "bureau": who.bureau,
            "kind": "record.withdrawn",
            "done_at": at.isoformat(),
            "by": [dict(by)],
            "links": links,
            "content": {"reason": reason},
        },
    )


def ahead(opened: Opened, record: Record, basis: Basis, now: Instant) -> Ahead:
    """Return what storing `record` now would meet; stores nothing. Costs about two judgings."""
    at = moment_of_judging(opened.filed, now)
    given = received(record, at, basis)
    known = {"register": opened.registers.register, "applied": opened.registers.applied}
    return Ahead(
        asked(basis.stack, opened.filed.case, given, at, **known),  # type: ignore[arg-type]
        tuple(d for d in warnings(basis.stack, opened.filed.case, given, at, **known) if _told(d)),  # type: ignore[arg-type]
    )


def gates_ahead(opened: Opened, record: Record, basis: Basis, now: Instant) -> tuple[Asked, ...]:
    """Return only the gates that apply to `record` now, passed or closed."""
    at = moment_of_judging(opened.filed, now)
    return asked(
        basis.stack,
        opened.filed.case,
        received(record, at, basis),
        at,
        register=opened.registers.register,
        applied=opened.registers.applied,
    )


def received(record: Record, at: Instant, basis: Basis) -> Record:
    """Return the record as if the door had just taken it in at `at`."""
    from dataclasses import replace

    return replace(record, received_at=moment_of(at).astimezone(basis.zone))


def _told(duty: Duty) -> bool:
    return (duty.weight == "duty" and duty.status in ("breached", "overdue")) or duty.late is not None
