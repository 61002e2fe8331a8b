"""The numbers of an audit (核查数字): sums by rule, unit, officer and month, read from its result alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from liuhen.journal.auditing.result import NUMBERS, Result

By = Literal["rule", "unit", "officer", "month"]
NO_UNIT = "-"
STATUSES = ("missing", "late", "unknown", "due", "excused", "met")
"""What a list can be narrowed to, worst first; `missing` is overdue or breached."""
_SUMS = ", ".join(f"sum({n}) AS {n}" for n in NUMBERS)
_GROUPS = {
    "rule": "rulebook, article, rule.id AS rule, zh, en, weight, asks_from",
    "unit": "unit",
    "officer": "person, name",
    "month": "month",
}
_WORST = "missing DESC, late DESC, unknown DESC, due DESC, asked DESC"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the audit is narrowed to (筛选); empty: all of it.

    Attributes:
        rulebook: id. rule: `<rulebook>/<id>`. unit: as the case names it, NO_UNIT: of none. officer: person id, else name.
        since, until: months yyyymm, inclusive. status: one of STATUSES. all: with advice, hints and windows of the party.
        root: one file.
    """

    rulebook: str = ""
    rule: str = ""
    unit: str = ""
    officer: str = ""
    since: int = 0
    until: int = 0
    status: str = ""
    all: bool = False
    root: str = ""

    @property
    def named(self) -> dict[str, str]:
        """The parts that narrow, by name, as an address and the log of looks say them."""
        held = {
            k: getattr(self, k) for k in ("rulebook", "rule", "unit", "officer", "since", "until", "status", "root")
        }
        return {k: str(v) for k, v in held.items() if v} | ({"all": "1"} if self.all else {})

    def with_(self, **parts: Any) -> Narrowed:
        """Return it narrowed further, or otherwise."""
        return replace(self, **parts)

    def where(self, table: str) -> tuple[str, list[Any]]:
        """Return the condition on rows of `duty`, `met` or `number`, and its values; `rule`, `person` and `unit` are joined."""
        sql, values = ["1"], []
        if not self.all:
            sql.append(f"{table}.office")
        for column, value in (("rule.rulebook", self.rulebook), ("rule.rulebook || '/' || rule.id", self.rule)):
            if value:
                sql.append(f"{column} = ?")
                values.append(value)
        if self.unit:
            sql.append("unit = ?")
            values.append("" if self.unit == NO_UNIT else self.unit)
        if self.officer:
            sql.append("(person.person = ? OR person.person = '' AND person.name = ?)")
            values += [self.officer, self.officer]
        for condition, month in ((f"{table}.month >= ?", self.since), (f"{table}.month <= ?", self.until)):
            if month:
                sql.append(condition)
                values.append(month)
        return " AND ".join(sql), values


def sums(result: Result, by: By, f: Narrowed) -> list[dict[str, Any]]:
    """Return the sums by rule, unit, officer or month: months latest first, the others the worst first.

    With a status only what has any of it.
    """
    where, values = f.where("number")
    having = f" HAVING sum({f.status}) > 0" if f.status else ""
    order = "month DESC" if by == "month" else f"{_WORST}, min(number.r)"
    group = ", ".join(part.partition(" AS ")[2] or part for part in _GROUPS[by].split(", "))
    return result.rows(
        f"SELECT {_GROUPS[by]}, {_SUMS} FROM number JOIN rule USING (r) LEFT JOIN person USING (who) "  # noqa: S608 (words of our own)
        f"WHERE {where} GROUP BY {group}{having} ORDER BY {order}",
        values,
    )


def total(result: Result, f: Narrowed) -> dict[str, int]:
    """Return the sums of everything that is left."""
    where, values = f.where("number")
    row = result.rows(
        f"SELECT {_SUMS} FROM number JOIN rule USING (r) LEFT JOIN person USING (who) WHERE {where}",  # noqa: S608
        values,
    )[0]
    return {name: int(n or 0) for name, n in row.items()}


def by_article(result: Result) -> list[dict[str, Any]]:
    """Return for each rule that was asked, in the order of the texts, its article and its sums, hints and advice among them.

    `hints`: of the late and missing those that are no duty of the office. The shape is that of `bulk.outcome.by_article`.
    """
    hints = "sum(CASE WHEN number.office THEN 0 ELSE late + missing END) AS hints"
    return result.rows(
        f"SELECT {_GROUPS['rule']}, {_SUMS}, {hints} FROM number JOIN rule USING (r) GROUP BY r ORDER BY r"  # noqa: S608
    )


def months(result: Result, every: bool = True) -> list[int]:
    """Return the months that anything belongs to, latest first; not `every`: only duties of the office."""
    asked = "SELECT DISTINCT month FROM number WHERE office OR ? ORDER BY month DESC"
    return [r["month"] for r in result.rows(asked, [every])]


def units(result: Result) -> list[str]:
    """Return the units of the files asked."""
    return [r["unit"] for r in result.rows("SELECT DISTINCT unit FROM number ORDER BY unit")]


def share(row: dict[str, Any]) -> float | None:
    """Return how much of what had to be done by now was done in time, 0 to 1; None of fewer than five, which says nothing."""
    done: Sequence[int] = (row["met"], row["late"], row["missing"])
    return row["met"] / sum(done) if sum(done) >= 5 else None
