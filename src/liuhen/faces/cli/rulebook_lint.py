"""`liuhen rulebook lint` (规则检查): what is wrong in a text, as far as that can be seen without a case."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from liuhen.engines.rulebook import shipped
from liuhen.engines.rulebook.texts.lint import NATIONAL, lint
from liuhen.faces.cli.parser import Parser, moment_of
from liuhen.faces.cli.rulebook_choice import Chosen, drafted
from liuhen.faces.cli.speech import filled, words
from liuhen.faces.cli.terminal import Terminal, folded
from liuhen.ground.calendar import Calendar
from liuhen.ground.findings import Finding
from liuhen.ground.moments import instant


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of `liuhen rulebook lint`."""
    parser.mixed = True
    parser.takes("id", metavar="ID", nargs="?")
    parser.takes("--stack", metavar="ID", action="append", default=[])
    parser.takes("--at", metavar="TIME")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Look texts through; exit status 1 when anything was found.

    Refused (2): B-021 no such rulebook, B-001 to B-007 one that can't be read at all. What the loader would refuse besides is
    among the findings.
    """
    at = datetime.now(UTC) if arguments.at is None else moment_of(arguments.at)
    today = Calendar.load().day_at(instant(at))
    stack = [drafted(name) for name in arguments.stack or [id for id in shipped() if id.startswith(NATIONAL)]]
    beside = [(one.rulebook, one.vocabulary) for one in stack]
    books = [drafted(name) for name in ([arguments.id] if arguments.id else shipped())]
    found = [(one, lint(one.rulebook, one.vocabulary, beside, today)) for one in books]
    if arguments.json:
        terminal.value({one.rulebook.id: [finding.as_json() for finding in listed] for one, listed in found})
    else:
        for one, listed in found:
            _text(one, listed, terminal)
    return 1 if any(listed for _, listed in found) else 0


def _text(one: Chosen, listed: list[Finding], terminal: Terminal) -> None:
    said = words("rulebook")["lint_count" if listed else "lint_none"]
    terminal.say(filled(said, title=one.rulebook.short, rulebook=one.rulebook.id, count=len(listed)), "bold")
    for finding in listed:
        language = terminal.language
        head = f"{finding.code}  {finding.place}  "
        for line in folded(head + finding.sentence(language), terminal.width, "  ", "         "):
            terminal.say(line)
        for line in folded(finding.next_step(language), terminal.width, "         ", "         "):
            terminal.say(line, "dim")
