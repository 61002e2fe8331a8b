"""What the workbench reads (工作台): the open duties of one person, by when they are due, page by page; and its counts.

The queries are written by hand: at a hundred thousand cases the database answers them in a fraction of a millisecond, and
putting them together anew for every page took longer than that.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from liuhen.ground.moments import Instant
from liuhen.journal.assigning import keys_for
from liuhen.journal.who import Who
from liuhen.rooms.cases.searching import MOST, fetched, like, marks

Show = Literal["todo", "soon", "overdue"]


class DutyRead(NamedTuple):
    """The columns of a duty that its line needs (待办行所需); `articles`, `missing` and `asks` are JSON, to be `read`."""

    key: str
    rule: str
    articles: str
    title_zh: str
    title_en: str
    status: str
    due: Instant
    since: Instant
    trigger: str
    paused: bool
    provisional: bool
    missing: str
    asks: str


class CaseRead(NamedTuple):
    """The columns of its case (案件栏目); `handlers` is JSON, to be `read`."""

    number: str
    title: str
    party: str
    unit: str
    handlers: str
    subject: str


# As text whatever the database: what a line says of them is kept by it, and most are never read.
_JSON = frozenset({"articles", "missing", "asks", "handlers"})


def _columns(table: str, names: Sequence[str]) -> list[str]:
    return [f'CAST({table}."{c}" AS TEXT)' if c in _JSON else f'{table}."{c}"' for c in names]


_COLUMNS = ", ".join(["t.id", "t.due", "t.root", *_columns("d", DutyRead._fields), *_columns("c", CaseRead._fields)])
_CUT = 3 + len(DutyRead._fields)


class Task(NamedTuple):
    """One line of the workbench (待办事项): where it stands in the list, the duty's columns and those of its case.

    `due` is the moment by which it is listed, as `TaskRow` has it.
    """

    id: int
    due: Instant
    root: str
    duty: DutyRead
    case: CaseRead


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts that are the filters (计数): all open, due soon, overdue, with the earliest overdue moment; and cases handled.

    `keys`: those of the person's assignee keys under which anything stands. `soon` and `overdue` stop at MOST + 1, which is
    shown as 1,000+.
    """

    keys: tuple[str, ...]
    todo: int
    soon: int
    overdue: int
    oldest: Instant | None
    handled: int


@dataclass(frozen=True, slots=True)
class BureauNumbers:
    """Numbers of the whole bureau (全局计数): open cases, and cases with a breach."""

    open: int
    faults: int


def counts(who: Who, now: Instant, soon_until: Instant) -> Counts:
    """Return the counts of one person's workbench. Two queries, neither of which grows with the rows counted beyond MOST."""
    keys = keys_for(who)
    kept = fetched(
        "SELECT name, key, SUM(number) FROM journal_counter WHERE bureau = %s AND (name = 'tasks'"  # noqa: S608 (placeholders only)
        f" AND key IN ({marks(keys)}) OR name = 'handled' AND key = %s) GROUP BY name, key",
        [who.bureau, *keys, who.person],
    )
    numbers = {(name, key): int(n) for name, key, n in kept if n}
    handled = numbers.pop(("handled", who.person), 0)
    standing = tuple(key for _, key in numbers)
    if not standing:
        return Counts((), 0, 0, 0, None, handled)
    mine = f"FROM journal_task WHERE bureau = %s AND assignee IN ({marks(standing)})"
    spans = fetched(
        f"SELECT 0, COUNT(*), MIN(due) FROM (SELECT due {mine} AND due <= %s LIMIT {MOST + 1}) a UNION ALL "  # noqa: S608
        f"SELECT 1, COUNT(*), 0 FROM (SELECT due {mine} AND due > %s AND due <= %s LIMIT {MOST + 1}) b",
        [who.bureau, *standing, now, who.bureau, *standing, now, soon_until],
    )
    found = {n: (count, oldest) for n, count, oldest in spans}
    return Counts(standing, sum(numbers.values()), found[1][0], found[0][0], found[0][1], handled)


def bureau_numbers(who: Who) -> BureauNumbers:
    """Return the bureau's numbers from the door's counters. One query."""
    rows = fetched(
        "SELECT name, SUM(number) FROM journal_counter WHERE bureau = %s AND (name = 'files' AND key = 'case/open'"
        " OR name = 'faults' AND key = 'case') GROUP BY name",
        [who.bureau],
    )
    numbers = {name: int(n) for name, n in rows}
    return BureauNumbers(numbers.get("files", 0), numbers.get("faults", 0))


def tasks(
    who: Who,
    keys: Sequence[str],
    now: Instant,
    soon_until: Instant,
    show: Show,
    *,
    after: tuple[Instant, int] | None = None,
    size: int = 20,
    phase: str = "",
    action: str = "",
    text: str = "",
) -> tuple[list[Task], bool]:
    """Return one page of the list, earliest first, and whether there is more; `after` is (due, id) of the last line before.

    `keys` are those of `Counts`. One query; each key's lines come by index, so it costs the same however many stand there.
    A duty that stands on two of a person's keys is one line.
    """
    if not keys:
        return [], False
    narrowed, values = _narrowed(now, soon_until, show, after, phase, action, text)
    joined = " JOIN journal_case c ON c.root = t.root" if phase or action or text else ""
    each = (
        f"SELECT * FROM (SELECT t.id, t.due FROM journal_task t{joined} WHERE t.bureau = %s AND t.assignee = %s{narrowed}"  # noqa: S608
        f" ORDER BY t.due, t.id LIMIT {int(size) + 1}) x"
    )
    rows = fetched(
        f"SELECT {_COLUMNS} FROM (SELECT id, due FROM ({' UNION ALL '.join([each] * len(keys))}) y ORDER BY due, id"  # noqa: S608
        f" LIMIT {int(size) + 1}) l JOIN journal_task t ON t.id = l.id JOIN journal_duty d ON d.id = t.duty_id"
        " JOIN journal_case c ON c.root = t.root ORDER BY l.due, l.id",
        [value for key in keys for value in (who.bureau, key, *values)],
    )
    seen: set[tuple[str, str]] = set()
    out: list[Task] = []
    for row in rows[:size]:
        if (row[2], row[3]) in seen:
            continue
        seen.add((row[2], row[3]))
        out.append(Task(row[0], row[1], row[2], DutyRead._make(row[3:_CUT]), CaseRead._make(row[_CUT:])))
    return out, len(rows) > size


def _narrowed(
    now: Instant, soon_until: Instant, show: Show, after: tuple[Instant, int] | None, phase: str, action: str, text: str
) -> tuple[str, list[Any]]:
    """Return the conditions of a list beyond whose it is, and their values."""
    sql, values = "", []

    def narrow(condition: str, *given: Any) -> None:
        nonlocal sql
        sql += f" AND {condition}"
        values.extend(given)

    if show == "overdue":
        narrow("t.due <= %s", now)
    elif show == "soon":
        narrow("t.due > %s AND t.due <= %s", now, soon_until)
    if phase:
        narrow("c.phase = %s", phase)
    if action:
        narrow("c.action_type = %s", action)
    for word in text.split()[:4]:
        named = "(c.number LIKE %s ESCAPE '!' OR c.party LIKE %s ESCAPE '!' OR c.title LIKE %s ESCAPE '!')"
        narrow(named, *[like(word)] * 3)
    if after is not None:
        # The first condition is for the index, the second for lines of one moment.
        narrow("t.due >= %s AND (t.due > %s OR t.id > %s)", after[0], after[0], after[1])
    return sql, values


@dataclass(frozen=True, slots=True)
class DueDay:
    """What falls due on one day (当日到期): how many, and of the first ones moment, case, case number, title zh, title en."""

    number: int
    first: tuple[tuple[Instant, str, str, str, str], ...]


def strip(who: Who, keys: Sequence[str], bounds: Sequence[Instant], each: int = 3) -> list[DueDay]:
    """Return what falls due between each two neighbours of `bounds` (after the one, up to the other). Two queries.

    The number of a day stops at MOST + 1.
    """
    if not keys:
        return [DueDay(0, ())] * (len(bounds) - 1)
    mine = f"FROM journal_task WHERE bureau = %s AND assignee IN ({marks(keys)}) AND due > %s AND due <= %s"
    values = [v for a, b in pairwise(bounds) for v in (who.bureau, *keys, a, b)]
    days = range(len(bounds) - 1)
    numbers = fetched(
        "SELECT " + ", ".join([f"(SELECT COUNT(*) FROM (SELECT id {mine} LIMIT {MOST + 1}) a)"] * len(days)),  # noqa: S608
        values,
    )[0]
    picked = " UNION ALL ".join(
        f"SELECT * FROM (SELECT {n} AS day, id {mine} ORDER BY due, id LIMIT {int(each)}) d{n}"  # noqa: S608
        for n in days
        if numbers[n]
    )
    if not picked:
        return [DueDay(0, ())] * len(days)
    values = [v for n, (a, b) in enumerate(pairwise(bounds)) if numbers[n] for v in (who.bureau, *keys, a, b)]
    found: list[dict[int, tuple[Instant, str, str, str, str]]] = [{} for _ in days]
    for day, duty, *line in fetched(
        f"SELECT l.day, t.duty_id, t.due, t.root, c.number, d.title_zh, d.title_en FROM ({picked}) l"  # noqa: S608
        " JOIN journal_task t ON t.id = l.id JOIN journal_duty d ON d.id = t.duty_id JOIN journal_case c ON c.root = t.root"
        " ORDER BY t.due, t.id",
        values,
    ):
        found[day].setdefault(duty, tuple(line))
    return [DueDay(numbers[n], tuple(found[n].values())) for n in days]


@lru_cache(maxsize=4096)
def read(text: str) -> Any:
    """Return what a JSON column of a line says; kept by its text, so what comes back is not to be changed."""
    return json.loads(text)
