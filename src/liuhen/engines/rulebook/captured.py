"""What a source never keeps (来源不记录的种类): that such a record is not there says nothing."""

from __future__ import annotations

from liuhen.engines.rulebook.duty import Duty


def as_captured(duty: Duty, captures: frozenset[str]) -> Duty:
    """Return a duty as a source shows it that keeps only these kinds.

    What lacks only records of kinds that the source never keeps is unknown (待查), and asks for these kinds.
    """
    if duty.status not in ("due", "overdue", "breached") or not duty.missing:
        return duty
    wanted = dict.fromkeys(kind for missing in duty.missing for kind in missing.kinds)
    if any(not missing.kinds for missing in duty.missing) or not captures.isdisjoint(wanted):
        return duty
    return duty._replace(status="unknown", asks=tuple(wanted), due=None, late=None, paused=False, provisional=False)
