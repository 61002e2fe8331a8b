"""`liuhen rulebook schema` (编辑器结构): what an editor needs to complete the words of a rulebook and to mark wrong ones."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from liuhen.dossier.check import find_rulebook
from liuhen.engines.rulebook import vocabulary_for
from liuhen.engines.rulebook.schema import PARTS, schema
from liuhen.engines.rulebook.skeleton import write_schemas
from liuhen.faces.cli.parser import Parser, WrongUsage
from liuhen.faces.cli.speech import filled, words
from liuhen.faces.cli.terminal import Terminal
from liuhen.ground.located import read
from liuhen.ground.vocabulary import default
from liuhen.ground.words import Words


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of `liuhen rulebook schema`."""
    parser.takes("part", metavar="PART", nargs="?", choices=PARTS)
    parser.takes("--rulebook", metavar="PATH")
    parser.takes("--write", metavar="FOLDER")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Print one schema, or write all of them into a folder; refused: U-003 neither was asked for."""
    path = find_rulebook(arguments.rulebook) if arguments.rulebook else None
    vocabulary = vocabulary_for([path], default()) if path else default()
    own = own_words(path) if path else {}
    if arguments.write:
        written = write_schemas(Path(arguments.write), vocabulary, **own)
        if arguments.json:
            terminal.value({"files": [str(file) for file in written]})
        for file in [] if arguments.json else written:
            terminal.say(filled(words("writing")["written"], file=file))
        return 0
    if arguments.part is None:
        raise WrongUsage("U-003", arguments=Words("PART（哪种文件）或者 --write FOLDER", "PART or --write FOLDER"))
    terminal.value(schema(arguments.part, vocabulary, **own))
    return 0


def own_words(path: Path) -> dict[str, Any]:
    """Return the names of settings and marks that stand in a rulebook's head, sound or not; refused: Y-… no YAML."""
    head_file = path / "rulebook.yaml"
    head = read(head_file, f"{path.name}/rulebook.yaml") if head_file.is_file() else {}
    found = {}
    for key in ("settings", "marks"):
        listed = head.get(key) if isinstance(head, dict) else None
        listed = listed if isinstance(listed, list) else []
        found[key] = tuple(str(one["id"]) for one in listed if isinstance(one, dict) and one.get("id"))
    return found
