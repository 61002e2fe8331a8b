"""`liuhen worker` (后台处理): seal what waits and let time pass."""

from __future__ import annotations

import argparse

from liuhen.faces.cli.journal_opening import open_journal
from liuhen.faces.cli.parser import Parser
from liuhen.faces.cli.terminal import Terminal


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of `liuhen worker`."""
    parser.takes("--once", action="store_true")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Work until SIGTERM or SIGINT, or once."""
    del terminal  # what it has to say goes to the log
    open_journal()
    from liuhen.journal.worker import Worker

    worker = Worker()
    if not arguments.once:
        worker.run()
        return 0
    while worker.step():
        continue
    return 0
