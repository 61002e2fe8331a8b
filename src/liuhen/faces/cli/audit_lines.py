"""What an audit says on the screen (审查结果的一屏): a row a rule in even columns, and what was asked case by case, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from liuhen.engines.rulebook import Stack
from liuhen.engines.rulebook.language import Cite
from liuhen.faces.cli.speech import filled, words
from liuhen.faces.cli.terminal import Terminal, columns, pad
from liuhen.ground.moments import instant
from liuhen.ground.words import Words

COUNTS = ("asked", "met", "late", "missing", "due", "excused", "unknown")
_GAP = 2
_NARROWEST = 12
_REASONS = "clause_"


def say_audit(
    terminal: Terminal, stack: Stack, found: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], at: datetime
) -> None:
    """Say counts by article as of `at`, in the zone of the records, then what was asked case by case.

    `found`: `files`, `records`, `aside` and `left`, as in `bulk.audit.Audit`.
    """
    said = words("audit")
    moment = f"{stack.calendar.local(instant(at)):%Y-%m-%d %H:%M}"
    terminal.say(filled(said["head"], files=found["files"], records=found["records"], at=moment), "bold")
    _table(terminal, stack, rows)
    for why, n in sorted(found["aside"].items()):
        terminal.say(filled(said["aside"], why=said[f"why_{why}"], n=n), "dim")
    for ref, form in found["left"].items():
        terminal.say(filled(said["left"], rule=rule_words(stack, ref), form=reason(form)), "dim")


def rule_words(stack: Stack, ref: str) -> Words:
    """Return a rule as its text's short title, its article and its own title."""
    rule = stack.rule(ref)
    assert rule is not None
    cite = _article(stack, rule.rulebook, rule.article)
    return Words(f"{cite.zh} {rule.title.zh}", f"{cite.en} {rule.title.en}")


def reason(form: str) -> Words:
    """Return which clause of a rule makes it be asked case by case, for people; the form itself is in the JSON."""
    said = words("audit")
    clause = form.replace(":", ".").replace(" ", ".").partition(".")[0]
    return said.get(_REASONS + clause, said[_REASONS + "other"])


def _article(stack: Stack, rulebook: str, article: str) -> Words:
    short = next(book.short for book in stack.rulebooks if book.id == rulebook)
    return Cite(rulebook, article, short).words()


def _table(terminal: Terminal, stack: Stack, rows: Sequence[Mapping[str, Any]]) -> None:
    article, title, *heads = terminal.of(words("audit")["columns"]).split("|")
    named = [(terminal.of(_article(stack, r["rulebook"], r["article"])), str(r[terminal.language])) for r in rows]
    cells = [[str(r[c]) for c in COUNTS] for r in rows]
    widths = [max(map(columns, (head, *(row[n] for row in cells)))) for n, head in enumerate(heads)]
    first = max(map(columns, (article, *(a for a, _ in named))))
    room = terminal.width - first - sum(widths) - _GAP * (len(widths) + 1)
    second = max(_NARROWEST, min(room, max(map(columns, (title, *(t for _, t in named))))))
    gap = " " * _GAP
    for (a, t), counts in [((article, title), heads), *zip(named, cells, strict=True)]:
        numbers = (" " * (w - columns(c)) + c for c, w in zip(counts, widths, strict=True))
        terminal.say(gap.join([pad(a, first), pad(t, second), *numbers]))
