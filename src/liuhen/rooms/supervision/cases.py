"""The cases behind a number of an audit (数字所指案件): line by line, the worst first, of the files that a reader may look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from liuhen.ground.permissions import class_of
from liuhen.journal.auditing.result import Result
from liuhen.journal.models import CaseRow
from liuhen.journal.who import Who
from liuhen.rooms.supervision.figures import Narrowed

_FIELDS = "root, subject, unit, rulebook, article, rule.id AS rule, zh, en, weight, st, due, late, trigger, note, name, month, n"
_BOTH = (
    "(SELECT r, c, who, month, office, st, due, late, trigger, note, 1 AS n FROM duty WHERE {duty} UNION ALL "
    "SELECT r, c, who, month, office, 5, NULL, NULL, NULL, '', n FROM met WHERE {met}) AS line "
    "JOIN rule USING (r) JOIN file USING (c) LEFT JOIN person USING (who)"
)
NOT_MET = "not_met"
"""Everything that was not simply met; what the command line writes out."""
_OF = {
    "missing": ("st IN (0, 1)", "0"),
    "late": ("st = 5", "0"),
    "unknown": ("st = 2", "0"),
    "due": ("st = 3", "0"),
    "excused": ("st = 4", "0"),
    "met": ("0", "1"),
    NOT_MET: ("1", "0"),
    "": ("1", "1"),
}
"""Which rows of `duty` and of `met` a status takes."""
_ORDER = "CASE WHEN st = 5 AND late IS NOT NULL THEN 1.5 ELSE st END, due IS NULL, due, line.c, line.r, trigger"


class Sight(NamedTuple):
    """Of which files a reader may see the lines (可见范围), as a condition on `file`; an empty one: of all."""

    sql: str = ""
    values: tuple[str, ...] = ()


def sight_of(who: Who, result: Result, unit: str, roots: Sequence[str], everywhere: bool) -> Sight:
    """Return which files of an audit a person may see: cases within reach, other files by their class.

    unit, roots, everywhere: the reach of the person among cases (`rooms.cases.reach`).
    """
    subjects = [r["subject"] for r in result.rows("SELECT DISTINCT subject FROM file")]
    others = [s for s in subjects if s != "case" and who.may("look", class_of(s))]
    if everywhere and len(others) == len([s for s in subjects if s != "case"]):
        return Sight()
    parts, values = [], [*others]
    parts.append(f"subject IN ({', '.join('?' * len(others))})" if others else "0")
    if everywhere:
        parts.append("subject = 'case'")
    else:
        parts.append(f"subject = 'case' AND (unit = ? AND unit <> '' OR root IN ({', '.join('?' * len(roots))}))")
        values += [unit, *roots]
    return Sight(f"({' OR '.join(parts)})", tuple(values))


class Counted(NamedTuple):
    """How much a list holds (清单数量): lines and duties that may be seen, files that may, files that may not."""

    lines: int
    duties: int
    files: int
    unseen: int


def _from(f: Narrowed, sight: Sight) -> tuple[str, list[Any]]:
    duty, met = _OF[f.status]
    where, values = f.where("line")
    if f.root:
        where, values = f"{where} AND root = ?", [*values, f.root]
    if sight.sql:
        where, values = f"{where} AND {sight.sql}", [*values, *sight.values]
    return f"FROM {_BOTH.format(duty=duty, met=met)} WHERE {where}", values


def counted(result: Result, f: Narrowed, sight: Sight) -> Counted:
    """Return how much the list holds."""
    sql, values = _from(f, sight)
    lines, duties, files = next(
        iter(result.db.execute(f"SELECT count(*), coalesce(sum(n), 0), count(DISTINCT line.c) {sql}", values))
    )
    unseen = 0
    if sight.sql:
        sql, values = _from(f, Sight())
        unseen = next(iter(result.db.execute(f"SELECT count(DISTINCT line.c) {sql}", values)))[0] - files
    return Counted(lines, duties, files, unseen)


def page(result: Result, f: Narrowed, sight: Sight, *, size: int, skip: int = 0) -> list[dict[str, Any]]:
    """Return one page of lines, the worst first."""
    sql, values = _from(f, sight)
    return result.rows(f"SELECT {_FIELDS} {sql} ORDER BY {_ORDER} LIMIT ? OFFSET ?", [*values, size, skip])


def lines(result: Result, f: Narrowed, sight: Sight) -> Iterator[dict[str, Any]]:
    """Yield every line of a list, the worst first."""
    sql, values = _from(f, sight)
    yield from result.each(f"SELECT {_FIELDS} {sql} ORDER BY {_ORDER}", values)


def called(bureau: str, roots: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return what files are called now, number and title, by id; both empty where the content was destroyed."""
    out: dict[str, tuple[str, str]] = {}
    listed = list(dict.fromkeys(roots))
    for first in range(0, len(listed), 1000):
        rows = CaseRow.objects.filter(bureau=bureau, root__in=listed[first : first + 1000])
        out.update((root, (number, title)) for root, number, title in rows.values_list("root", "number", "title"))
    return out
