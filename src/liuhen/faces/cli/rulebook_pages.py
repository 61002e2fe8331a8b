"""`liuhen rulebook pages` (成文页面): each regulation as a page to read, top to bottom, and a list of them."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from liuhen.engines.rulebook import Article, shipped
from liuhen.engines.rulebook.texts.sentences import Sentences
from liuhen.faces.cli.parser import Parser, WrongUsage
from liuhen.faces.cli.rulebook_choice import Chosen, article_name, chosen, span_words
from liuhen.faces.cli.rulebook_show import entry_words, mark_words, setting_words
from liuhen.faces.cli.speech import filled, words
from liuhen.faces.cli.terminal import Terminal, clean
from liuhen.ground.words import Language, Words

INDEX = "README.md"
_SIGNS = re.compile(r"([\\`*_<>|\[\]])")


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of `liuhen rulebook pages`."""
    parser.takes("folder", metavar="FOLDER")
    parser.takes("id", metavar="ID", nargs="*")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Write the pages; refused: U-011 a folder that can't be written to."""
    books = [one for id in arguments.id or shipped() for one in chosen(id)]
    folder = Path(arguments.folder)
    made = pages(books, terminal.language, beside=_there(folder, books))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in made.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise WrongUsage("U-011", folder=str(folder), reason=os.strerror(error.errno or 0)) from error
    if terminal.as_json:
        terminal.value({"folder": str(folder), "pages": list(made)})
    else:
        terminal.say(filled(words("rulebook")["pages_written"], count=len(made), folder=str(folder)))
    return 0


def _there(folder: Path, books: Sequence[Chosen]) -> list[Chosen]:
    """Return the shipped texts whose pages lie in the folder already and are not made now: the list names them too."""
    made = {one.rulebook.id for one in books}
    return [one for id in shipped() if id not in made and (folder / f"{id}.md").is_file() for one in chosen(id)]


def pages(books: Sequence[Chosen], language: Language, *, beside: Sequence[Chosen] = ()) -> dict[str, str]:
    """Return a page for each rulebook and the list of them, those `beside` included: name of the file → text in Markdown."""
    made = {f"{one.rulebook.id}.md": "\n".join(_page(one, language)) + "\n" for one in books}
    listed = sorted([*books, *beside], key=lambda one: one.rulebook.id) if beside else books
    return {INDEX: "\n".join(_index(listed, language)) + "\n", **made}


def _index(books: Sequence[Chosen], language: Language) -> Iterator[str]:
    said = {name: w.in_(language) for name, w in words("rulebook").items()}
    yield f"# {said['pages_title']}"
    yield ""
    yield said["pages_note"]
    yield ""
    heads = (said[name] for name in ("head_rulebook", "pages_span", "head_articles", "pages_rules"))
    yield "| " + " | ".join(heads) + " |"
    yield "|---|---|---|---|"
    for one in books:
        book = one.rulebook
        title, span = plain(book.title.in_(language)), span_words(book).in_(language)
        yield f"| [{title}]({book.id}.md) | {span} | {book.article_count} | {len(book.rules)} |"


def _page(one: Chosen, language: Language) -> Iterator[str]:
    book, said = one.rulebook, words("rulebook")

    def of(text: Words) -> str:
        return plain(text.in_(language))

    yield f"# {of(book.title)}"
    yield ""
    yield of(filled(said["issuer"], issuer=book.issuer)) + "  "
    count = {"version": book.version, "articles": book.article_count, "rules": len(book.rules)}
    yield of(filled(said["list_line"], span=span_words(book), **count))
    if book.in_force_note is not None:
        yield ""
        yield of(book.in_force_note)
    yield ""
    yield said["page_note"].in_(language).format(id=book.id)
    for name, lines in (
        ("settings", [_why(setting_words(s, one), s.decided.get("why"), language) for s in book.settings.values()]),
        ("marks", [of(mark_words(m, one)) for m in book.marks.values()]),
    ):
        if lines:
            yield ""
            yield f"## {of(said[name])}"
            yield ""
            yield from (f"- {line}" for line in lines)
    sentences = Sentences(book, one.vocabulary)
    for article in book.articles.values():
        yield ""
        yield from _article(article, sentences, language)


def _why(setting: Words, why: object, language: Language) -> str:
    # Why a value was taken is written in one language, that of the office.
    return plain(setting.in_(language)) + (f" — {plain(str(why))}" if why and language == "zh" else "")


def _article(article: Article, sentences: Sentences, language: Language) -> Iterator[str]:
    said = words("rulebook")
    yield f"## {plain(article_name(article.no).in_(language))}"
    yield ""
    yield plain(article.asks.in_(language))
    for reading in article.readings.values():
        yield ""
        yield f"> {plain(filled(said['reading_line'], text=reading.text).in_(language))}  "
        yield f"> {plain(filled(said['reading_instead'], text=reading.instead).in_(language))}"
    for rule in article.rules:
        told = sentences.said(rule)
        yield ""
        yield f"**{plain(rule.title.in_(language))}** `{rule.id}`  "
        yield plain(told.asks.in_(language))
        yield ""
        yield from (f"- {plain(line.in_(language))}" for line in told.lines)
    yield ""
    for entry in article.entries:
        line = filled(said["entry_open"], no=entry.no, why=entry_words(entry)).in_(language)
        yield f"<sub>{plain(line)}</sub>  "


def plain(text: str) -> str:
    """Return a text that Markdown shows as it stands."""
    return _SIGNS.sub(r"\\\1", clean(text))
