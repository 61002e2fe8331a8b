"""`liuhen check` (核对卷宗): what the regulation still asks of a dossier, and by when."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from liuhen.dossier.check import check_folder
from liuhen.faces.cli.check_json import report_json
from liuhen.faces.cli.check_lines import write_report
from liuhen.faces.cli.check_log import refuse_unmapped, report_log
from liuhen.faces.cli.parser import Parser, moment_of
from liuhen.faces.cli.terminal import Terminal


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of `liuhen check`."""
    parser.takes("dossier", metavar="DOSSIER")
    parser.takes("--map", metavar="MAP")
    parser.takes("--rulebook", metavar="ID", action="append", default=[])
    parser.takes("--at", metavar="TIME")
    parser.takes("--all", action="store_true")
    parser.takes("--explain", action="store_true")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Check one dossier, or every case of a log; exit status 1 when a duty of the office is late, overdue or breached."""
    now = datetime.now(UTC)
    at = now if arguments.at is None else moment_of(arguments.at)
    if arguments.map is not None:
        everything = arguments.all
        return report_log(
            Path(arguments.dossier), Path(arguments.map), arguments.rulebook, at, terminal, everything=everything
        )
    refuse_unmapped(Path(arguments.dossier))
    report = check_folder(Path(arguments.dossier), rulebooks=arguments.rulebook, at=at, now=now)
    if arguments.json:
        terminal.value(report_json(report, explain=arguments.explain))
    else:
        write_report(report, terminal, everything=arguments.all, explain=arguments.explain)
    return 1 if report.faults else 0
