"""What the audit is narrowed to, in words (筛选所限): the same above the numbers and above the list behind one of them."""

from __future__ import annotations

from liuhen.engines.rulebook.language import Cite
from liuhen.faces.desk import routes
from liuhen.faces.desk.visit import Visit
from liuhen.ground.words import Words
from liuhen.journal.auditing.result import Result
from liuhen.rooms.supervision.figures import NO_UNIT, Narrowed


def narrowed_to(visit: Visit, result: Result, f: Narrowed) -> list[tuple[str, str]]:
    """Return in words what the audit was narrowed to, part by part: name and value."""
    say, out = visit.words.audit, []
    if f.status:
        out.append((str(say.head_status), str(getattr(say, f.status))))
    if f.rule:
        found = result.rows("SELECT rulebook, article, zh, en FROM rule WHERE rulebook || '/' || id = ?", [f.rule])[0]
        named = found["zh"] if visit.language == "zh" else found["en"]
        out.append((str(say.head_rule), f"{cited(visit, found['rulebook'], found['article'])[0]} {named}"))
    elif f.rulebook:
        book = next(
            (b for b in result.about["rulebooks"] if b["id"] == f.rulebook), {"zh": f.rulebook, "en": f.rulebook}
        )
        out.append((str(say.head_rule), book["zh"] if visit.language == "zh" else book["en"]))
    if f.unit:
        out.append((str(say.head_unit), str(say.no_unit) if f.unit == NO_UNIT else f.unit))
    if f.officer:
        people = result.rows("SELECT name FROM person WHERE person = ? OR name = ? LIMIT 1", [f.officer, f.officer])
        out.append((str(say.head_officer), people[0]["name"] if people else f.officer))
    if f.since or f.until:
        ends = [month_said(m) if m else "…" for m in (f.since, f.until)]
        out.append((str(say.head_month), ends[0] if f.since == f.until else "–".join(ends)))
    return out


def cited(visit: Visit, rulebook: str, article: str) -> tuple[str, str]:
    """Return an article as it is cited, and its page; without one where the bureau is judged by that text no more."""
    book = next((b for b in visit.basis.stack.rulebooks if b.id == rulebook), None)
    if book is None:
        return f"{rulebook} {article}", ""
    words: Words = Cite(rulebook, article, book.short).words()
    return visit.speech.pick(words), routes.article(rulebook, article)


def month_said(month: int) -> str:
    """2026-03."""
    return f"{month // 100}-{month % 100:02}"
