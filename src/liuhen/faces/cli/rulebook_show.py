"""`liuhen rulebook show` (查看规则): what a regulation asks, article by article, and what carries each demand."""

from __future__ import annotations

import argparse
from typing import Any

from liuhen.engines.rulebook import Article, Entry, Rule, Rulebook
from liuhen.faces.cli.parser import Parser, WrongUsage
from liuhen.faces.cli.rulebook_choice import Chosen, article_name, chosen, span_words
from liuhen.faces.cli.rulebook_list import head_json
from liuhen.faces.cli.speech import filled, words
from liuhen.faces.cli.terminal import Terminal, columns, folded, pad
from liuhen.ground.words import Words


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of `liuhen rulebook show`."""
    parser.takes("id", metavar="ID")
    parser.takes("article", metavar="ARTICLE", nargs="?")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Show a rulebook, or one of its articles; refused: U-007 no such article."""
    (one,) = chosen(arguments.id)
    if arguments.article is None:
        return _whole(one.rulebook, terminal)
    no = arguments.article.strip().removeprefix("第").removesuffix("条").lstrip("0") or "0"
    article = one.rulebook.articles.get(no)
    if article is None:
        raise WrongUsage("U-007", rulebook=one.rulebook.id, article=no)
    if arguments.json:
        terminal.value(article_json(article, one))
    else:
        _article(article, one, terminal)
    return 0


def _whole(book: Rulebook, terminal: Terminal) -> int:
    said = words("rulebook")
    if terminal.as_json:
        articles = [{"article": a.no, "asks": a.asks.as_json(), "rules": len(a.rules)} for a in book.articles.values()]
        terminal.value(head_json(book) | {"articles": articles})
        return 0
    terminal.say(book.title, "bold")
    terminal.say(filled(said["issuer"], issuer=book.issuer))
    count = {"version": book.version, "articles": book.article_count, "rules": len(book.rules)}
    terminal.say(filled(said["list_line"], span=span_words(book), **count))
    if book.in_force_note is not None:
        _fold(terminal, book.in_force_note)
    terminal.say(filled(said["digest"], digest=book.digest))
    if book.settings:
        terminal.say("")
        terminal.say(said["settings"], "bold")
        for setting in book.settings.values():
            decided = {"by": setting.decided.get("by", "–"), "on": setting.decided.get("on", "–")}
            _fold(terminal, filled(said["setting"], name=setting.words, value=setting.value, **decided), "  ")
    terminal.say("")
    terminal.say(said["articles"], "bold")
    width = max(columns(terminal.of(article_name(no))) for no in book.articles) + 2
    for article in book.articles.values():
        _fold(terminal, article.asks, pad(terminal.of(article_name(article.no)), width), " " * width)
    return 0


def _article(article: Article, one: Chosen, terminal: Terminal) -> None:
    said = words("rulebook")
    terminal.say(f"{terminal.of(one.rulebook.title)}  {terminal.of(article_name(article.no))}", "bold")
    _fold(terminal, article.asks)
    for reading in article.readings.values():
        terminal.say("")
        terminal.say(said["reading"], "bold")
        _fold(terminal, reading.text, "  ")
        _fold(terminal, filled(said["reading_instead"], text=reading.instead), "  ")
    terminal.say("")
    terminal.say(said["entries"], "bold")
    for entry in article.entries:
        _fold(terminal, entry_words(entry), f"  {pad(entry.no, 8)}", " " * 10)
    if article.rules:
        terminal.say("")
        terminal.say(said["rules"], "bold")
    for rule in article.rules:
        terminal.row([(f"  {rule.id}  ", "blue"), (terminal.of(rule.title), "plain")])
        _fold(terminal, rule_words(rule, one), "      ", "      ")


def _fold(terminal: Terminal, text: Words, first: str = "", further: str | None = None) -> None:
    for line in folded(terminal.of(text), terminal.width, first, first if further is None else further):
        terminal.say(line)


def entry_words(entry: Entry) -> Words:
    """Return how an entry is checkable and what carries it, or why nothing can."""
    said = words("rulebook")
    if entry.carrier:
        sort = said["attested_entry" if entry.checkable == "attested" else "automatic"]
        return _side_by_side(sort, filled(said[f"carrier_{entry.carrier}"], names="、".join(entry.carried)))
    if not entry.why:
        return said["missing"]
    why = _side_by_side(said["undecided"], said[f"why_{entry.why}"])
    return Words(f"{why.zh}：{entry.note.zh}", f"{why.en}: {entry.note.en}") if entry.note else why


def rule_words(rule: Rule, one: Chosen) -> Words:
    """Return form, limit and weight of a rule on one line."""
    said = words("rulebook")
    parts = [said["coverage_form" if rule.form == "coverage" else rule.form]]
    if rule.within is not None and rule.within.amount:
        unit = one.vocabulary.words("units", rule.within.unit)
        limit = Words(f"{rule.within.amount}{unit.zh}", f"{rule.within.amount} {unit.en}")
        parts.append(filled(said["within"], limit=limit))
    parts += [said[rule.weight]] if rule.weight != "duty" else []
    parts += [said["gate"]] if rule.gate else []
    parts += [said["attested"]] if rule.attested else []
    parts.append(filled(said["examples"], count=len(rule.examples)))
    return _side_by_side(*parts)


def _side_by_side(*parts: Words) -> Words:
    return Words(" · ".join(part.zh for part in parts), " · ".join(part.en for part in parts))


def article_json(article: Article, one: Chosen) -> dict[str, Any]:
    """Return one article as JSON values."""
    return {
        "rulebook": one.rulebook.id,
        "article": article.no,
        "asks": article.asks.as_json(),
        "readings": [
            {"id": r.id, "text": r.text.as_json(), "instead": r.instead.as_json(), "decided": r.decided}
            for r in article.readings.values()
        ],
        "entries": [entry_json(article.no, entry) for entry in article.entries],
        "rules": [
            {"id": r.id, "title": r.title.as_json(), "form": r.form, "weight": r.weight, "duty": r.duty, "gate": r.gate,
             "attested": r.attested, "asks_from": r.asks_from, "examples": len(r.examples), "place": r.place}
            for r in article.rules
        ],
    }  # fmt: skip


def entry_json(article: str, entry: Entry) -> dict[str, Any]:
    """Return one entry as JSON values."""
    return {
        "article": article,
        "no": entry.no,
        "checkable": entry.checkable,
        "carrier": entry.carrier or None,
        "carried": list(entry.carried),
        "why": entry.why or None,
        "note": entry.note.as_json() if entry.note else None,
        "place": entry.place,
    }
