"""Whose task a duty is (任务归属): the case's handlers, or whoever holds the role that the article names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from liuhen.engines.rulebook import Duty
from liuhen.journal.who import Who

# Roles that an article gives to those who work on the case: the duty is the handlers' own.
OF_HANDLERS = frozenset(
    {"", "case_handler", "enforcement_officer", "server", "onsite_lead", "camera_operator", "inspection_team_leader"}
)
OF_UNIT = frozenset({"handling_unit", "handling_unit_head", "department_head", "section"})
OUTSIDE = frozenset(
    {"party", "payer", "administered_party", "interested_party", "third_party", "informant", "others_concerned"}
)
OPEN = frozenset({"due", "overdue", "unknown"})


def assignees(duty: Duty, handlers: Sequence[str], unit: str) -> tuple[str, ...]:
    """Return the keys under which a duty stands on workbenches; none for what is settled, past doing, or not the office's."""
    role = duty.rule.asks_from
    if duty.status not in OPEN or role in OUTSIDE or duty.weight == "hint":
        return ()
    if role in OF_HANDLERS:
        if handlers:
            return tuple(f"person:{person}" for person in handlers)
        role = role or "case_handler"
    if unit and (role in OF_UNIT or role in OF_HANDLERS):
        return (f"role:{role}@{unit}",)
    return (f"role:{role}",)


def keys_for(who: Who) -> list[str]:
    """Return the keys under which a person's tasks stand: his own, and those of each role held, in the bureau and in the unit."""
    out = [f"person:{who.person}"]
    for role in sorted(who.acting):
        out.append(f"role:{role}")
        if who.unit:
            out.append(f"role:{role}@{who.unit}")
    return out


def office_duty(duty: Duty) -> bool:
    """Whether it is a duty of the office, and neither advice, a measure, a hint nor a window of the party."""
    return duty.weight == "duty" and duty.rule.asks_from not in OUTSIDE


def named(handlers: Iterable[dict[str, str]]) -> list[str]:
    """Return the person ids of handlers as a case row lists them; those without one can't sign in."""
    return [h["person"] for h in handlers if h.get("person")]
