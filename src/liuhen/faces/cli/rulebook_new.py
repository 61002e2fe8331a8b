"""`liuhen rulebook new` (新建规则): a pack to begin with, for a regulation that the product does not have."""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path

from liuhen.engines.rulebook import load_rulebook, vocabulary_for
from liuhen.engines.rulebook.skeleton import Beginning, new_rulebook, write_schemas
from liuhen.faces.cli.parser import Parser
from liuhen.faces.cli.rulebook_schema import own_words
from liuhen.faces.cli.speech import filled, words
from liuhen.faces.cli.terminal import Terminal
from liuhen.ground.record import ZONE
from liuhen.ground.vocabulary import default
from liuhen.ground.words import Words


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of `liuhen rulebook new`."""
    parser.takes("dir", metavar="DIR")
    parser.takes("--id", metavar="ID")
    parser.takes("--title", metavar="TEXT", required=True)
    parser.takes("--title-en", metavar="TEXT")
    parser.takes("--issuer", metavar="TEXT")
    parser.takes("--issuer-en", metavar="TEXT")
    parser.takes("--articles", metavar="N", default="3")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Write the pack, load it once, and say what to do next; refused: B-040 to B-043."""
    folder = Path(os.path.abspath(arguments.dir))
    id_ = arguments.id or folder.name
    # The folder bears the rulebook's id: another name is that of the folder in which it is made.
    folder = folder if folder.name == id_ else folder / id_
    said = words("writing")
    issuer = said["issuer_to_name"]
    beginning = Beginning(
        id_,
        Words(arguments.title, arguments.title_en or arguments.title),
        Words(arguments.issuer or issuer.zh, arguments.issuer_en or arguments.issuer or issuer.en),
        datetime.now(UTC).astimezone(ZONE).date().isoformat(),
        int(arguments.articles) if arguments.articles.isascii() and arguments.articles.isdigit() else 0,
    )
    written = new_rulebook(folder, beginning)
    vocabulary = vocabulary_for([folder], default())
    load_rulebook(folder, vocabulary)
    written += write_schemas(folder / "schema", vocabulary, **own_words(folder))
    if arguments.json:
        terminal.value({"rulebook": id_, "folder": str(folder), "files": [str(f.relative_to(folder)) for f in written]})
        return 0
    terminal.say(filled(said["made"], folder=folder), "bold")
    for file in written:
        terminal.say(f"  {file.relative_to(folder)}")
    terminal.say(filled(said["next"], folder=folder))
    return 0
