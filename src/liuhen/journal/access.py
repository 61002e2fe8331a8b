"""Access to what is not one's own work (查阅审批): whether the head approved it for this person, and until when.

Officers, departments and units consult or copy after the agency head's approval (bazhou 49). The approval is a record like any
other: asked (`access_request`), approved (`access_approval`), refused, ended. It opens the file that it lies in, to the person
who asked, for what it says, until its last day.
"""

from __future__ import annotations

from django.conf import settings

from liuhen.ground.moments import Day, read_date
from liuhen.ground.record import Record
from liuhen.journal.filed import Entry, Filed
from liuhen.journal.who import Who

REQUEST, APPROVAL, WITHDRAWAL = "access_request", "access_approval", "record.withdrawn"
USUAL_DAYS = 30
ENDS = frozenset({"access_refused", "access.ended"})


def approved(who: Who, file: Filed, today: Day, *, copy: bool = False) -> bool:
    """Return whether `who` asked for access to this file and has it on `today` (local ordinal); for a copy with `copy`.

    An approval to view is none to copy. A request counts for who brought it or stands in it as acting. Costs one walk over the
    file; ask it only where the page of permissions says no.
    """
    entries = _current(file)
    asked = {e.record.root for e in entries if e.record.kind == REQUEST and is_of(e, who)}
    ended = {t for e in entries if e.record.kind in ENDS for t in _access(e.record, file)}
    return any(
        asked.difference(ended).intersection(_access(e.record, file))
        for e in entries
        if e.record.kind == APPROVAL and _covers(e.record, today, copy)
    )


def _current(file: Filed) -> list[Entry]:
    gone = {e.record.corrects for e in file.entries}
    gone |= {t for e in file.entries if e.record.kind == WITHDRAWAL for t in e.record.links.get("withdraws", ())}
    return [e for e in file.entries if e.record.id not in gone]


def is_of(entry: Entry, who: Who) -> bool:
    """Return whether a request is this person's: brought by him, or he stands in it as acting."""
    return bool(who.person) and (entry.actor == who.person or any(a.id == who.person for a in entry.record.by))


def _access(record: Record, file: Filed) -> set[str]:
    named = (file.entry(id_) for id_ in record.links.get("access", ()))
    return {entry.record.root for entry in named if entry is not None}


def last_day(approval: Record) -> Day:
    """Return the last day on which an approval opens the file: the one it names, else so many days after its own.

    No text says how long an approval lasts that names no end. Open for ever is not what a head means who approves one purpose;
    so it is LIUHEN_ACCESS_DAYS (docs/running.md), a month by default, and whoever needs longer asks for the day to be written.
    """
    until = read_date(str(approval.content.get("valid_until") or ""))
    if until is not None:
        return until.toordinal()
    return approval.day + int(getattr(settings, "LIUHEN_ACCESS_DAYS", USUAL_DAYS))


def _covers(record: Record, today: Day, copy: bool) -> bool:
    if last_day(record) < today:
        return False
    return not copy or record.content.get("copy_or_view") == "copy"
