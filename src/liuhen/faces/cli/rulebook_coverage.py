"""`liuhen rulebook coverage` (覆盖情况): what carries each single demand of a regulation, counted from the data."""

from __future__ import annotations

import argparse

from liuhen.engines.rulebook import Coverage, coverage
from liuhen.faces.cli.parser import Parser
from liuhen.faces.cli.rulebook_choice import article_name, chosen
from liuhen.faces.cli.rulebook_show import entry_json, entry_words
from liuhen.faces.cli.speech import words
from liuhen.faces.cli.terminal import Ink, Terminal, columns, folded, pad
from liuhen.ground.words import Words

_COUNTS = ("articles", "entries", "automatic", "attested", "undecided", "missing")
_HEADS = ("head_articles", "head_entries", "automatic", "attested_entry", "undecided", "missing")


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of `liuhen rulebook coverage`."""
    parser.takes("id", metavar="ID", nargs="?")
    parser.takes("--rulebook", metavar="PATH", action="append", default=[])


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Show the coverage; exit status 1 when an entry has neither a carrier nor a reason."""
    found = [(one.rulebook.title, coverage(one.rulebook)) for one in chosen(arguments.id, arguments.rulebook)]
    if arguments.json:
        terminal.value([_json(each) for _, each in found])
    else:
        for title, each in found:
            _entries(title, each, terminal)
        _totals([each for _, each in found], terminal)
    return 1 if any(each.missing for _, each in found) else 0


def _json(each: Coverage) -> dict[str, object]:
    counts = {name: getattr(each, name) for name in _COUNTS}
    return {"rulebook": each.rulebook, **counts, "rows": [entry_json(article, entry) for article, entry in each.rows]}


def _entries(title: Words, each: Coverage, terminal: Terminal) -> None:
    terminal.say(title, "bold")
    of = terminal.of
    first = max((columns(of(article_name(article))) for article, _ in each.rows), default=0) + 2
    second = max((columns(entry.no) for _, entry in each.rows), default=0) + 2
    before = ""
    for article, entry in each.rows:
        name = of(article_name(article)) if article != before else ""
        before = article
        head = f"  {pad(name, first)}{pad(entry.no, second)}"
        ink: Ink = "red" if not entry.carrier and not entry.why else "plain"
        for line in folded(of(entry_words(entry)), terminal.width, head, " " * columns(head)):
            terminal.say(line, ink)
    terminal.say("")


def _totals(found: list[Coverage], terminal: Terminal) -> None:
    said = words("rulebook")
    heads = [terminal.of(said[name]) for name in _HEADS]
    widths = [max(columns(head), 4) + 2 for head in heads]
    first = max(columns(each.rulebook) for each in found) + 2
    line = "".join(" " * (w - columns(h)) + h for h, w in zip(heads, widths, strict=True))
    terminal.say(pad(terminal.of(said["head_rulebook"]), first) + line, "bold")
    for each in found:
        counts = (str(getattr(each, name)) for name in _COUNTS)
        terminal.say(pad(each.rulebook, first) + "".join(c.rjust(w) for c, w in zip(counts, widths, strict=True)))
