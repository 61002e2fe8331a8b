"""`liuhen vault sweep` (清理证据库): remove what no record names, or say what would go."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from liuhen.faces.cli.journal_opening import need_journal
from liuhen.faces.cli.parser import Parser, WrongUsage
from liuhen.faces.cli.speech import filled, words
from liuhen.faces.cli.terminal import Terminal


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of `liuhen vault sweep`."""
    parser.takes("--days", metavar="N")
    parser.takes("--dry-run", action="store_true")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Sweep and say what went. Refused: U-004 no number of days from 2 to 9999, U-015 no journal, F-015 as `sweep` says."""
    need_journal()
    from liuhen.journal import sweeping

    least, text = sweeping.LEAST_DAYS, arguments.days
    if text is not None and not (text.isascii() and text.isdigit() and len(text) <= 4 and int(text) >= least):
        raise WrongUsage("U-004", argument="--days", value=text, wanted=f"a whole number from {least} to 9999")
    days = int(text) if text is not None else sweeping.days_of_grace() or sweeping.USUAL_DAYS
    found = sweeping.sweep(datetime.now(UTC), days, dry=arguments.dry_run)
    if arguments.json:
        terminal.value({"days": days, "dry_run": arguments.dry_run, "files": list(found.digests), "bytes": found.bytes})
    else:
        said = words("vault")["would" if arguments.dry_run else "swept"]
        terminal.say(filled(said, files=len(found.digests), bytes=found.bytes, days=days))
    return 0
