"""`liuhen export` (导出): a dossier's cases, or every case of the journal, as an event log in XES."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from liuhen.dossier.check import find_rulebook
from liuhen.dossier.logs.events import InvalidLog
from liuhen.dossier.logs.xes_out import Way, Written, cases_by_name, write_xes
from liuhen.dossier.read import read
from liuhen.dossier.subjects import subject_files
from liuhen.engines.rulebook import shipped, summary, vocabulary_for
from liuhen.faces.cli.parser import Parser, WrongUsage
from liuhen.faces.cli.speech import filled, words
from liuhen.faces.cli.terminal import Terminal
from liuhen.ground.case import Case
from liuhen.ground.moments import instant
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Vocabulary, default
from liuhen.ground.words import Words


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of `liuhen export`."""
    parser.takes("dossier", metavar="DOSSIER", nargs="?")
    parser.takes("--journal", action="store_true")
    parser.takes("--to", choices=("xes",), required=True)
    parser.takes("--out", metavar="FILE")
    parser.takes("--bureau", metavar="ID")
    parser.takes("--rulebook", metavar="ID", action="append", default=[])
    parser.takes("--names", action="store_true")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Write one log and say how much is in it; exit status 2, and no file, when something is refused."""
    if (arguments.dossier is None) == (not arguments.journal):
        raise WrongUsage(
            "U-003" if arguments.dossier is None else "U-002",
            arguments=Words("DOSSIER（案卷）或者 --journal", "DOSSIER or --journal"),
        )
    if arguments.json and arguments.out is None:
        raise WrongUsage("U-003", arguments="--out")
    if arguments.journal and arguments.names:
        # Names lie under the keys of their cases: whoever may run this on the server may not therefore see them.
        raise WrongUsage("U-002", arguments="--journal --names")
    folders = [find_rulebook(name) for name in arguments.rulebook] or list(shipped().values())
    vocabulary = vocabulary_for(folders, default())
    way = Way(terminal.language, arguments.names, not arguments.journal)

    def write(stream: TextIO) -> Written:
        if arguments.journal:
            return _journal(stream, arguments.bureau, vocabulary, way)
        return _dossier(stream, Path(arguments.dossier), vocabulary, way)

    if arguments.out is None:
        write(terminal.out)
        return 0
    out = Path(arguments.out)
    with _new_file(out) as stream:
        done = write(stream)
    if arguments.json:
        terminal.value({"file": str(out), "cases": done.cases, "events": done.events})
    else:
        terminal.say(filled(words("export")["done"], file=str(out), cases=done.cases, events=done.events))
    return 0


def _dossier(stream: TextIO, path: Path, vocabulary: Vocabulary, way: Way) -> Written:
    now = datetime.now(UTC)
    dossier = read(path, vocabulary, now=now, files=False)

    def cases() -> Iterator[tuple[Any, str, tuple[Record, ...]]]:
        for file in subject_files(dossier.records, vocabulary):
            if file.case:
                own = tuple(r for r in file.records if r.id in file.own)
                seen = summary(Case(own), instant(now), vocabulary)
                yield (seen.opening if seen is not None else {}), file.case, own

    return write_xes(stream, cases_by_name(cases()), vocabulary, way, dossier.bureau.name)


def _journal(stream: TextIO, bureau: str | None, vocabulary: Vocabulary, way: Way) -> Written:
    from liuhen.faces.cli.journal_opening import bureau_named, need_journal

    need_journal()
    from liuhen.journal.as_log import cases_as_log

    name = bureau_named(bureau)
    return write_xes(stream, cases_as_log(name), vocabulary, way, name)


@contextmanager
def _new_file(path: Path) -> Iterator[TextIO]:
    """Open a file that is not there yet; it appears whole or not at all. Refused: E-050."""
    if os.path.lexists(path):
        raise InvalidLog("E-050", str(path), path=str(path), reason="FileExistsError")
    part = None
    try:
        handle, part = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent)
        with open(handle, "w", encoding="utf-8", newline="\n") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(part, 0o644)
        os.rename(part, path)
        part = None
    except OSError as error:
        raise InvalidLog("E-050", str(path), path=str(path), reason=error.strerror or type(error).__name__) from error
    finally:
        if part is not None:
            os.unlink(part)
