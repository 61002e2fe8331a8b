"""`liuhen serve` (网页服务): the desk and the programs' interface, by gunicorn; the worker is a process of its own."""

from __future__ import annotations

import argparse
import os
import re
import sys

from liuhen.faces.cli.journal_opening import open_journal
from liuhen.faces.cli.parser import Parser, WrongUsage
from liuhen.faces.cli.terminal import Terminal

_BIND = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]*):\d{1,5}|unix:.+")
APPLICATION = "liuhen.site.wsgi:application"


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of `liuhen serve`."""
    parser.takes("--bind", metavar="ADDRESS:PORT", default="127.0.0.1:8000")
    parser.takes("--processes", metavar="N", default="2")
    parser.takes("--threads", metavar="N", default="4")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Become the server; returns only when the arguments are wrong."""
    del terminal
    if not _BIND.fullmatch(arguments.bind):
        raise WrongUsage(
            "U-004", argument="--bind", value=arguments.bind, wanted="address:port, such as 127.0.0.1:8000"
        )
    for name in ("processes", "threads"):
        if not re.fullmatch(r"[1-9]\d{0,2}", getattr(arguments, name)):
            most = "a whole number from 1 to 999"
            raise WrongUsage("U-004", argument=f"--{name}", value=getattr(arguments, name), wanted=most)
    open_journal()
    from liuhen.journal.keys import check_keys

    check_keys()
    command = [
        sys.executable, "-m", "gunicorn", APPLICATION, "--bind", arguments.bind, "--workers", arguments.processes,
        "--threads", arguments.threads, "--timeout", "120", "--log-level", "warning",
    ]  # fmt: skip
    # The server takes this process's place, so that a signal to it reaches the server itself.
    os.execv(sys.executable, command)  # noqa: S606
