"""`liuhen rulebook show` (查看规则): a whole regulation in plain sentences, or one article with its entries."""

from __future__ import annotations

import argparse
from typing import Any

from liuhen.engines.rulebook import Article, Entry, Rule
from liuhen.engines.rulebook.language import Mark, Setting
from liuhen.engines.rulebook.texts.saying import Saying, joined
from liuhen.engines.rulebook.texts.sentences import Said, Sentences
from liuhen.faces.cli.parser import Parser, WrongUsage
from liuhen.faces.cli.rulebook_choice import Chosen, article_name, chosen, span_words
from liuhen.faces.cli.rulebook_list import head_json
from liuhen.faces.cli.rulebook_official import official_json, say_official
from liuhen.faces.cli.speech import filled, words
from liuhen.faces.cli.terminal import Terminal, folded, pad
from liuhen.ground.words import Words


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of `liuhen rulebook show`."""
    parser.takes("id", metavar="ID")
    parser.takes("article", metavar="ARTICLE", nargs="?")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Show a rulebook from its head to its last article, or one article; refused: U-007 no such article."""
    (one,) = chosen(arguments.id)
    if arguments.article is None:
        return _whole(one, terminal)
    no = arguments.article.strip().removeprefix("第").removesuffix("条").lstrip("0") or "0"
    article = one.rulebook.articles.get(no) or _of_entry(no, one)
    if article is None:
        raise WrongUsage("U-007", rulebook=one.rulebook.id, article=no)
    if arguments.json:
        terminal.value(article_json(article, one) | official_json(one.rulebook.id, article.no))
        return 0
    terminal.say(f"{terminal.of(one.rulebook.title)}  {terminal.of(article_name(article.no))}", "bold")
    _article(article, one, terminal)
    say_official(one.rulebook.id, article.no, terminal)
    terminal.say("")
    terminal.say(words("rulebook")["entries"], "bold")
    for entry in article.entries:
        _fold(terminal, entry_words(entry), f"  {pad(entry.no, 8)}", " " * 10)
    return 0


def _of_entry(no: str, one: Chosen) -> Article | None:
    """Return the article of an entry, which may be named as `liuhen rulebook coverage` numbers it, such as 9.3."""
    return next((a for a in one.rulebook.articles.values() if any(e.no == no for e in a.entries)), None)


def _whole(one: Chosen, terminal: Terminal) -> int:
    said, book = words("rulebook"), one.rulebook
    if terminal.as_json:
        terminal.value(head_json(book) | {"articles": [article_json(a, one) for a in book.articles.values()]})
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
            _fold(terminal, setting_words(setting, one), "  ", "    ")
    if book.marks:
        terminal.say("")
        terminal.say(said["marks"], "bold")
        for mark in book.marks.values():
            _fold(terminal, mark_words(mark, one), "  ", "    ")
    for article in book.articles.values():
        terminal.say("")
        terminal.say(article_name(article.no), "bold")
        _article(article, one, terminal)
        for entry in article.entries:
            if not entry.carrier:
                _fold(terminal, filled(said["entry_open"], no=entry.no, why=entry_words(entry)), "  ", "    ")
    return 0


def _article(article: Article, one: Chosen, terminal: Terminal) -> None:
    """Write what an article asks, how it is read, and its rules in plain sentences."""
    said, sentences = words("rulebook"), Sentences(one.rulebook, one.vocabulary)
    _fold(terminal, article.asks)
    for reading in article.readings.values():
        _fold(terminal, filled(said["reading_line"], text=reading.text), "  ", "    ")
        _fold(terminal, filled(said["reading_instead"], text=reading.instead), "    ", "    ")
    for rule in article.rules:
        terminal.row([("  ● ", "plain"), (terminal.of(rule.title), "bold"), (f"  {rule.id}", "blue")])
        told = sentences.said(rule)
        _fold(terminal, told.asks, "    ", "    ")
        for line in told.lines:
            _fold(terminal, line, "      ", "        ")


def setting_words(setting: Setting, one: Chosen) -> Words:
    """Return a value that the office decides, with its unit and who decided it when."""
    decided = {"by": setting.decided.get("by", "–"), "on": setting.decided.get("on", "–")}
    value = Saying(one.rulebook, one.vocabulary).amount(setting.value, setting.unit)
    return filled(words("rulebook")["setting"], name=setting.words, value=value, **decided)


def mark_words(mark: Mark, one: Chosen) -> Words:
    """Return when a fact with a name is true."""
    saying = Saying(one.rulebook, one.vocabulary)
    any = joined((saying.condition(c, frozenset()) for c in mark.any), "either")
    return filled(words("rulebook")["mark"], name=mark.words, any=any)


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


def _side_by_side(*parts: Words) -> Words:
    return Words(" · ".join(part.zh for part in parts), " · ".join(part.en for part in parts))


def article_json(article: Article, one: Chosen) -> dict[str, Any]:
    """Return one article as JSON values."""
    sentences = Sentences(one.rulebook, one.vocabulary)
    return {
        "rulebook": one.rulebook.id,
        "article": article.no,
        "asks": article.asks.as_json(),
        "readings": [
            {"id": r.id, "text": r.text.as_json(), "instead": r.instead.as_json(), "decided": r.decided}
            for r in article.readings.values()
        ],
        "entries": [entry_json(article.no, entry) for entry in article.entries],
        "rules": [rule_json(rule, sentences.said(rule)) for rule in article.rules],
    }


def rule_json(r: Rule, said: Said) -> dict[str, Any]:
    """Return one rule as JSON values, and in plain sentences."""
    return {
        "id": r.id, "title": r.title.as_json(), "form": r.form, "weight": r.weight, "duty": r.duty, "gate": r.gate,
        "attested": r.attested, "asks_from": r.asks_from, "examples": len(r.examples), "place": r.place,
        "said": {
            "asks": said.asks.as_json(), "who": said.who.as_json(), "clock": said.clock.as_json(),
            "exceptions": [e.as_json() for e in said.exceptions], "notes": [n.as_json() for n in said.notes],
        },
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
