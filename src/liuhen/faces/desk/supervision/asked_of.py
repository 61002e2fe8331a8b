"""What an address asks of the audit (核查筛选): every value that means nothing is named, and the page is shown without it."""

from __future__ import annotations

from typing import NamedTuple

from django.http import QueryDict

from liuhen.ground.digits import whole_number
from liuhen.journal.auditing.result import Result
from liuhen.rooms.supervision import figures
from liuhen.rooms.supervision.figures import NO_UNIT, STATUSES, Narrowed


class Asked(NamedTuple):
    """What an address asks (所求), and what in it means nothing here."""

    narrowed: Narrowed
    ignored: tuple[str, ...]
    turned: bool
    """Whether the months end before they begin: nothing lies between."""


def asked_of(ask: QueryDict, result: Result) -> Asked:
    """Return what an address narrows an audit to."""
    books = {r["rulebook"] for r in result.rows("SELECT DISTINCT rulebook FROM rule")}
    rules = {r["rule"] for r in result.rows("SELECT rulebook || '/' || id AS rule FROM rule")}
    officers = {
        r["who"] for r in result.rows("SELECT CASE person WHEN '' THEN name ELSE person END AS who FROM person")
    }
    months = {value for value in (ask.get("since", ""), ask.get("until", "")) if _is_month(value)}
    units = {u or NO_UNIT for u in figures.units(result)}
    roots = {r["root"] for r in result.rows("SELECT root FROM file WHERE root = ?", [ask.get("root", "")])}
    known = {
        "rulebook": books,
        "rule": rules,
        "unit": units,
        "officer": officers,
        "since": months,
        "until": months,
        "status": set(STATUSES),
        "all": {"1"},
        "root": roots,
    }
    held = {name: ask.get(name, "") for name in known}
    fit = {name: value for name, value in held.items() if value and value in known[name]}
    ignored = tuple(value[:40] for name, value in held.items() if value and name not in fit)
    narrowed = Narrowed(
        rulebook=fit.get("rulebook", ""),
        rule=fit.get("rule", ""),
        unit=fit.get("unit", ""),
        officer=fit.get("officer", ""),
        since=whole_number(fit.get("since", "")) or 0,
        until=whole_number(fit.get("until", "")) or 0,
        status=fit.get("status", ""),
        all="all" in fit,
        root=fit.get("root", ""),
    )
    return Asked(narrowed, ignored, bool(narrowed.until) and narrowed.since > narrowed.until)


def _is_month(value: str) -> bool:
    """Whether it is a month as yyyymm, whether or not anything belongs to it."""
    return len(value) == 6 and value.isascii() and value.isdigit() and value >= "1000" and 1 <= int(value[4:]) <= 12
