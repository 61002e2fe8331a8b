"""`liuhen rulebook attach` (附正式文本): the official text, split at 第…条, to stand beside our own words in this office."""

from __future__ import annotations

import argparse
import re
from datetime import UTC, datetime
from pathlib import Path

from liuhen.engines.rulebook.official import keep, read_official, withdraw
from liuhen.engines.rulebook.official_split import irregular
from liuhen.faces.cli.parser import Parser, WrongUsage
from liuhen.faces.cli.rulebook_choice import chosen
from liuhen.faces.cli.speech import filled, words
from liuhen.faces.cli.terminal import Terminal
from liuhen.ground.data_folder import data_folder
from liuhen.ground.record import ZONE
from liuhen.ground.words import Words


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of `liuhen rulebook attach`."""
    parser.takes("id", metavar="ID")
    parser.takes("file", metavar="FILE", nargs="?")
    parser.takes("--from-line", metavar="N", default="1")
    parser.takes("--to-line", metavar="N")
    parser.takes("--replace", action="store_true")
    parser.takes("--withdraw", action="store_true")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Attach a text, or withdraw it; exit status 1 when it is attached and something in it is odd.

    Refused: U-003 no file, U-004 a line that is no number, B-043, B-051, B-054 to B-058 and B-061 as `read_official`, `keep` and
    `withdraw` say.
    """
    (one,) = chosen(arguments.id)
    book, said = one.rulebook, words("writing")
    if arguments.withdraw:
        withdraw(data_folder(), book.id)
        if terminal.as_json:
            terminal.value({"rulebook": book.id, "withdrawn": True})
        else:
            terminal.say(filled(said["withdrawn"], title=book.title))
        return 0
    if arguments.file is None:
        raise WrongUsage("U-003", arguments=Words("FILE（正式文本）", "FILE (the official text)"))
    first, last = _line(arguments.from_line, "--from-line"), None
    if arguments.to_line is not None:
        last = _line(arguments.to_line, "--to-line")
    text = read_official(Path(arguments.file), book.id, datetime.now(UTC).astimezone(ZONE), first, last)
    keep(data_folder(), text, replace=arguments.replace)
    odd = irregular(text.articles, book.articles, text.file)
    if terminal.as_json:
        source = {"rulebook": book.id, "file": text.file, "sha256": text.sha256, "attached": text.attached}
        articles = [{"article": a.no, "chapter": a.chapter, "line": a.line} for a in text.articles]
        terminal.value({**source, "articles": articles, "findings": [finding.as_json() for finding in odd]})
        return 1 if odd else 0
    terminal.say(filled(said["attached"], title=book.title, file=text.file, articles=len(text.articles)), "bold")
    terminal.say(filled(said["attached_digest"], digest=text.sha256, at=text.attached))
    for finding in odd:
        terminal.say(f"{finding.code}  {finding.place}  {finding.sentence(terminal.language)}", "amber")
        terminal.say(f"       {finding.next_step(terminal.language)}")
    return 1 if odd else 0


def _line(text: str, option: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,6}", text, re.ASCII):
        raise WrongUsage("U-004", argument=option, value=text, wanted="a whole number from 1 to 9999999")
    return int(text)
