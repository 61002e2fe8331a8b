"""What a sample story promises, held against what the two texts make of its records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from liuhen.engines.rulebook import Duty, Register, Stack
from liuhen.ground.calendar import Calendar
from liuhen.ground.case import Case
from liuhen.ground.moments import instant
from liuhen.ground.record import Record
from liuhen.rooms.samples.stories import Story

SOON_WORKING_DAYS = 3


def judged(stack: Stack, told: Mapping[str, Iterable[Record]], story: str, now: datetime) -> tuple[Duty, ...]:
    """The duties of one story's records; the bureau's registers stand among those of `founding`."""
    founding = list(told["founding"])
    register = Register.of(r for r in founding if r.kind == "officer.certificate")
    applied = tuple(r for r in founding if r.kind == "rulebook.applied_on")
    return stack.judge(Case.of(told[story]), instant(now), register=register, applied=applied).duties


def broken(story: Story, duties: Iterable[Duty], calendar: Calendar, now: datetime) -> Iterator[str]:
    """Every promise of a story that its duties do not keep, in words; nothing when all are kept."""
    promised = story.promises
    listed = [d for d in duties if d.weight == "duty"]
    by_duty: dict[str, list[Duty]] = defaultdict(list)
    for duty in listed:
        by_duty[duty.rule.duty].append(duty)
    faults = {name: [d for d in found if d.fault] for name, found in by_duty.items() if any(d.fault for d in found)}
    if faults.keys() != promised["faults"].keys():
        yield f"faults {sorted(faults)} instead of {sorted(promised['faults'])}"
    for name, wanted in promised["faults"].items():
        yield from (f"{name}: {d.status} {d.late}" for d in faults.get(name, ()) if not _as_promised(d, wanted))
    for name, wanted in (promised.get("statuses") or {}).items():
        if wanted not in [d.status for d in by_duty[name]]:
            yield f"{name}: {[d.status for d in by_duty[name]]}, not {wanted}"
    last = calendar.instant(calendar.add_working_days(calendar.day_of(now), SOON_WORKING_DAYS)[0] + 1)
    for name in promised.get("soon") or ():
        if not any(d.status == "due" and d.due is not None and d.due <= last for d in by_duty[name]):
            yield f"{name}: not due within {SOON_WORKING_DAYS} working days"
    unknown = [d.rule.ref for d in listed if d.status == "unknown"]
    if len(unknown) != promised.get("unknown", 0):
        yield f"unknown: {unknown}"
    if "open" in promised and (still := [d.rule.ref for d in listed if d.status in ("due", "overdue")]):
        yield f"still open: {still}"


def _as_promised(duty: Duty, wanted: Any) -> bool:
    if isinstance(wanted, str):
        return duty.status == wanted
    if duty.late is None or duty.late.unit != wanted["unit"]:
        return False
    return duty.late.amount == wanted["late"] if "late" in wanted else duty.late.amount >= wanted["late_at_least"]
