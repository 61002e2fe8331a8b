"""`liuhen rulebook test` (跑示例): whether the rules judge their own examples as they should."""

from __future__ import annotations

import argparse

from liuhen.engines.rulebook import ExampleResult, run_examples
from liuhen.faces.cli.example_words import outcome_words
from liuhen.faces.cli.parser import Parser
from liuhen.faces.cli.rulebook_choice import chosen
from liuhen.faces.cli.speech import filled, words
from liuhen.faces.cli.terminal import Terminal
from liuhen.ground.calendar import Calendar
from liuhen.ground.vocabulary import Vocabulary


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of `liuhen rulebook test`."""
    parser.takes("id", metavar="ID", nargs="?")
    parser.takes("--rulebook", metavar="PATH", action="append", default=[])


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Run the examples; exit status 1 when one fails."""
    calendar = Calendar.load()
    books = chosen(arguments.id, arguments.rulebook)
    results = {one.rulebook.id: run_examples(one.rulebook, one.vocabulary, calendar) for one in books}
    vocabularies = {one.rulebook.id: one.vocabulary for one in books}
    failed = [result for listed in results.values() for result in listed if not result.ok]
    if arguments.json:
        terminal.value({id: [_json(result) for result in listed] for id, listed in results.items()})
    else:
        for id, listed in results.items():
            for result in listed:
                if not result.ok:
                    _failure(result, vocabularies[id], terminal)
        for id, listed in results.items():
            count = {"count": len(listed), "failed": sum(1 for result in listed if not result.ok)}
            terminal.say(filled(words("rulebook")["tested"], rulebook=id, **count))
    return 1 if failed else 0


def _json(result: ExampleResult) -> dict[str, object]:
    parts = ("rule", "name", "ok", "expected", "got", "place", "side")
    return {part: getattr(result, part) for part in parts}


def _failure(result: ExampleResult, vocabulary: Vocabulary, terminal: Terminal) -> None:
    said = words("rulebook")
    terminal.say(filled(said["failed"], place=result.place, rule=result.rule, name=result.name), "red")
    wanted = outcome_words(result.wanted, result.expected, vocabulary, result.named)
    found = outcome_words(result.found, result.got, vocabulary, result.named)
    terminal.say("    " + terminal.of(filled(said["expected"], expected=wanted)))
    terminal.say("    " + terminal.of(filled(said["got"], got=found)))
