"""What of a regulation is carried (覆盖情况): every entry of every article with its carrier, counted from the data."""

from __future__ import annotations

from dataclasses import dataclass

from liuhen.engines.rulebook.language import Entry, Rulebook


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts of a rulebook (覆盖统计): entries = automatic + attested + undecided; missing = without either."""

    rulebook: str
    articles: int
    entries: int
    automatic: int
    attested: int
    undecided: int
    missing: int
    rows: tuple[tuple[str, Entry], ...]


def coverage(rulebook: Rulebook) -> Coverage:
    """Return the coverage of a rulebook; `rows` are (article, entry) in the order of the text."""
    rows = tuple((a.no, e) for a in rulebook.articles.values() for e in a.entries)
    entries = [e for _, e in rows]
    return Coverage(
        rulebook.id,
        rulebook.article_count,
        len(entries),
        sum(1 for e in entries if e.checkable == "automatic"),
        sum(1 for e in entries if e.checkable == "attested"),
        sum(1 for e in entries if e.why),
        sum(1 for e in entries if not e.carrier and not e.why)
        + max(0, rulebook.article_count - sum(1 for no in rulebook.articles if no.isdigit())),
        rows,
    )
