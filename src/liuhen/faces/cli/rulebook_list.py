"""`liuhen rulebook list` (规则目录): which rulebooks there are, and when each is in force."""

from __future__ import annotations

import argparse
from datetime import date

from liuhen.engines.rulebook import Rulebook
from liuhen.faces.cli.parser import Parser
from liuhen.faces.cli.rulebook_choice import shipped_and, span_words
from liuhen.faces.cli.speech import filled, words
from liuhen.faces.cli.terminal import Terminal, columns, pad


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of `liuhen rulebook list`."""
    parser.takes("--rulebook", metavar="PATH", action="append", default=[])


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """List the rulebooks."""
    books = [one.rulebook for one in shipped_and(arguments.rulebook)]
    if arguments.json:
        terminal.value([head_json(book) for book in books])
        return 0
    width = max((columns(book.id) for book in books), default=0) + 2
    for book in books:
        terminal.row([(pad(book.id, width), "bold"), (terminal.of(book.title), "plain")])
        line = filled(
            words("rulebook")["list_line"],
            version=book.version,
            span=span_words(book),
            articles=book.article_count,
            rules=len(book.rules),
        )
        terminal.row([(" " * width, "plain"), (terminal.of(line), "dim")])
    return 0


def head_json(book: Rulebook) -> dict[str, object]:
    """Return what identifies a rulebook, as JSON values."""
    end = book.in_force_to
    return {
        "id": book.id,
        "title": book.title.as_json(),
        "short": book.short.as_json(),
        "issuer": book.issuer.as_json(),
        "version": book.version,
        "digest": book.digest,
        "in_force": {
            "from": date.fromordinal(book.in_force_from).isoformat(),
            "to": date.fromordinal(end).isoformat() if end is not None else None,
        },
        "articles": book.article_count,
        "rules": len(book.rules),
    }
