"""What an audit says (审查结果): by article, office, officer and month, with the lists of cases; Parquet, CSV and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from liuhen.engines.rulebook.bulk.audit import NUMBERS, STATUSES, Audit

_SUMS = ", ".join(f"sum({n})::BIGINT AS {n}" for n in NUMBERS)
_STATUS = " ".join(f"WHEN {n} THEN '{status}'" for n, status in STATUSES.items())


def by_article(audit: Audit) -> list[dict[str, Any]]:
    """Return for each rule, in the order of the texts, its article and how often it was asked, met, late, missing.

    `hints`: of the late and missing those that are only hints, whatever the rule weighs.
    """
    return audit.rows(
        f"SELECT rulebook, article, rule, zh, en, weight, asks_from, {_SUMS} FROM counts JOIN rules USING (r) "
        "GROUP BY rulebook, article, rule, zh, en, weight, asks_from ORDER BY min(r)"
    )


def everywhere(audit: Audit) -> str:
    """Return the statement for the counts by article, office, officer and month."""
    return (
        f"SELECT rulebook, article, rule, people.office, people.name AS officer, month, {_SUMS} FROM counts JOIN rules USING (r) "
        "LEFT JOIN people USING (who) GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6"
    )


def lists(audit: Audit) -> str:
    """Return the statement for the list of everything that was not simply met, with its file and its trigger record."""
    return (
        f"SELECT names.name AS file, rulebook, article, rule, CASE st {_STATUS} END AS status, duties.id AS trigger, "
        "people.office, people.name AS officer, to_timestamp(due / 1000000.0) AS due, late, note, hint IS TRUE AS hint "
        "FROM duties JOIN rules USING (r) LEFT JOIN names USING (c) LEFT JOIN people USING (who) ORDER BY file, rulebook, r, k"
    )


def faults(articles: Iterable[Mapping[str, Any]]) -> int:
    """Return how many duties of the office are late, overdue or breached; hints, advice and the party's windows never count."""
    mine = [a for a in articles if a["weight"] == "duty" and a["asks_from"] != "party"]
    return sum(int(a["late"] or 0) + int(a["missing"] or 0) - int(a["hints"] or 0) for a in mine)


def write(audit: Audit, folder: Path) -> None:
    """Write counts and lists as Parquet and CSV, and the counts by article as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, statement in (("counts", everywhere(audit)), ("cases", lists(audit))):
        for end in ("parquet", "csv"):
            audit.engine.db.copy(statement, folder / f"{name}.{end}")
    head = {"at": audit.engine.at, "files": audit.files, "records": audit.records, "asked_one_by_one": audit.aside}
    head["rules_one_by_one"] = audit.left
    (folder / "audit.json").write_text(
        json.dumps({**head, "articles": by_article(audit)}, ensure_ascii=False, indent=1)
    )
