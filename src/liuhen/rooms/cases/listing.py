"""What the case list reads (案件列表): filters, pages by key, counts that stop at 1,000.

The queries are written by hand, as those of the workbench are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from liuhen.ground.moments import Instant
from liuhen.journal import counters
from liuhen.journal.who import Who
from liuhen.rooms.cases.reach import Reach
from liuhen.rooms.cases.searching import MOST, fetched, like, marks

COLUMNS = (
    "root",
    "number",
    "title",
    "party",
    "action_type",
    "phase",
    "state",
    "handlers",
    "last_received",
    "n_open",
    "n_breached",
    "n_unknown",
    "next_due",
)


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is narrowed to (筛选); empty: everything of that subject."""

    phase: str = ""
    action: str = ""
    state: str = ""
    handler: str = ""
    status: str = ""
    text: str = ""
    subject: str = "case"

    @property
    def named(self) -> dict[str, str]:
        """The parts that narrow, by name: what the log of looks keeps."""
        return {k: v for k in self.__slots__ if k != "subject" and (v := getattr(self, k))}


def cases(
    who: Who, f: Filter, now: Instant, reach: Reach, *, after: tuple[Instant, str] | None = None, size: int = 30
) -> tuple[list[dict[str, Any]], bool]:
    """Return one page, latest first, and whether there is more; `after` is (last_received, root) of the last line before.

    `reach` narrows to what the person may look at. One query, by index, whatever the number of rows.
    """
    sql, values = _narrowed(who.bureau, f, now, reach)
    if after is not None:
        received, root = after
        sql += " AND (c.last_received < %s OR c.last_received = %s AND c.root < %s)"
        values += [received, received, root]
    columns = ", ".join(f"c.{c}" for c in COLUMNS)
    rows = fetched(f"SELECT {columns} {sql} ORDER BY c.last_received DESC, c.root DESC LIMIT {int(size) + 1}", values)
    found = [dict(zip(COLUMNS, row, strict=True)) for row in rows[:size]]
    for row in found:
        if isinstance(row["handlers"], str):
            row["handlers"] = json.loads(row["handlers"])
    return found, len(rows) > size


def overdue(roots: Sequence[str], now: Instant) -> dict[str, int]:
    """Return how many duties of each of these files are overdue at `now`, as their pages count them. One query."""
    if not roots:
        return {}
    sql = (
        f"SELECT root, COUNT(*) FROM journal_duty WHERE root IN ({marks(roots)}) AND weight = 'duty' AND "  # noqa: S608 (placeholders only)
        "(status = 'overdue' OR status = 'due' AND due <= %s AND NOT paused AND NOT provisional) GROUP BY root"
    )
    return {root: int(n) for root, n in fetched(sql, [*roots, now])}


def _narrowed(bureau: str, f: Filter, now: Instant, reach: Reach) -> tuple[str, list[Any]]:
    sql, values = "FROM journal_case c", []
    if f.handler:
        sql += " JOIN journal_handler h ON h.root = c.root AND h.bureau = %s AND h.person = %s"
        values += [bureau, f.handler]
    sql += " WHERE c.bureau = %s AND c.subject = %s"
    values += [bureau, f.subject]
    for column, value in (("state", f.state), ("phase", f.phase), ("action_type", f.action)):
        if value:
            sql += f" AND c.{column} = %s"
            values.append(value)
    if f.status == "overdue":
        sql += " AND c.next_due <= %s"
        values.append(now)
    elif f.status in ("faults", "unknown"):
        sql += f" AND c.n_{f.status} > 0"
    for word in f.text.split()[:4]:
        sql += " AND (c.number LIKE %s ESCAPE '!' OR c.party LIKE %s ESCAPE '!' OR c.title LIKE %s ESCAPE '!')"
        values += [like(word)] * 3
    if not reach.all:
        condition, given = reach.condition("c")
        sql += f" AND {condition}"
        values += given
    return sql, values


def number_of(who: Who, f: Filter, now: Instant, reach: Reach) -> tuple[int, bool]:
    """Return how many cases the filter leaves, and whether that is only 1,000+; without one the door's own counter."""
    if reach.all and not f.named:
        return counters.number(who.bureau, "files", f.subject), False
    if reach.all and list(f.named) == ["state"]:
        return counters.number(who.bureau, "files", f"{f.subject}/{f.state}"), False
    if reach.all and list(f.named) == ["phase"]:
        return counters.number(who.bureau, "phase", f"{f.subject}/{f.phase}"), False
    sql, values = _narrowed(who.bureau, f, now, reach)
    n = int(fetched(f"SELECT COUNT(*) FROM (SELECT c.root {sql} LIMIT {MOST + 1}) counted", values)[0][0])  # noqa: S608 (placeholders only)
    return min(n, MOST), n > MOST


def brought(who: Who, size: int = 10) -> list[tuple[str, str, Instant]]:
    """Return id, kind and moment of receipt of the records that the person brought last, latest first. One query, by index."""
    sql = "SELECT id, kind, received FROM journal_record WHERE bureau = %s AND actor = %s ORDER BY seq DESC LIMIT %s"
    return [(id_, kind, received) for id_, kind, received in fetched(sql, [who.bureau, who.person, size])]


def by_subject(bureau: str, subjects: list[str]) -> Mapping[str, int]:
    """Return how many files there are of each subject, from the door's counters. One query."""
    return counters.numbers(bureau, "files", subjects)
