"""`liuhen rebuild` (重建): make the read models again from the records."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from liuhen.faces.cli.journal_opening import need_journal
from liuhen.faces.cli.parser import Parser
from liuhen.faces.cli.speech import filled, words
from liuhen.faces.cli.terminal import Terminal
from liuhen.ground.moments import instant


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of `liuhen rebuild`."""
    parser.takes("--bureau", metavar="ID", action="append", default=[])


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Rebuild and say how much."""
    need_journal()
    from liuhen.journal.rebuild import rebuild

    files = rebuild(instant(datetime.now(UTC)), bureaus=arguments.bureau)
    if arguments.json:
        terminal.value({"files": files})
    else:
        terminal.say(filled(words("rebuild")["done"], files=files))
    return 0
