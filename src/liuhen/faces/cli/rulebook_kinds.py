"""`liuhen rulebook kinds` (查记录种类): which kinds of record there are, by a word of their name, with their fields."""

from __future__ import annotations

import argparse
from typing import Any

from liuhen.dossier.check import find_rulebook
from liuhen.engines.rulebook import vocabulary_for
from liuhen.faces.cli.parser import Parser
from liuhen.faces.cli.speech import filled, words
from liuhen.faces.cli.terminal import Terminal, columns, pad
from liuhen.ground.vocabulary import Kind, Vocabulary, default


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of `liuhen rulebook kinds`."""
    parser.takes("word", metavar="WORD", nargs="?", default="")
    parser.takes("--rulebook", metavar="PATH")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """List the kinds whose name has the word in it, with their fields where they are few; exit status 1 when there is none."""
    vocabulary = vocabulary_for([find_rulebook(arguments.rulebook)], default()) if arguments.rulebook else default()
    word = arguments.word.lower()
    found = [k for _, k in sorted(vocabulary.kinds.items()) if word in f"{k.id} {k.words.zh} {k.words.en}".lower()]
    exact = [k for k in found if k.id == word]
    found = exact or found
    if arguments.json:
        terminal.value([_json(kind) for kind in found])
    else:
        width = max((columns(kind.id) for kind in found), default=0) + 2
        for kind in found:
            terminal.row([(pad(kind.id, width), "bold"), (terminal.of(kind.words), "plain")])
            if len(found) <= 3:
                _fields(kind, vocabulary, terminal)
        terminal.say(filled(words("writing")["kinds_found"], count=len(found)))
    return 0 if found else 1


def _fields(kind: Kind, vocabulary: Vocabulary, terminal: Terminal) -> None:
    for field in kind.fields.values():
        unit = vocabulary.words("units", field.unit) if field.unit else None
        more = [field.type, *([terminal.of(unit)] if unit and unit.zh else []), *field.values]
        terminal.say(f"    {field.id}  {terminal.of(field.words)}  ({', '.join(more)})")


def _json(kind: Kind) -> dict[str, Any]:
    fields = {
        f.id: {"type": f.type, "unit": f.unit, "values": sorted(f.values), **f.words.as_json()}
        for f in kind.fields.values()
    }
    return {"kind": kind.id, "family": kind.family, "phase": kind.phase, **kind.words.as_json(), "fields": fields}
