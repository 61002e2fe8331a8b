"""`liuhen audit` (全量审查): which articles are broken in many cases at once, where, by whom and when."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from liuhen.dossier.check import find_rulebook
from liuhen.dossier.dossier import NAME
from liuhen.dossier.logs.judging import Seen
from liuhen.dossier.logs.mapping import LogMap, read_map
from liuhen.dossier.one_zone import OneZone
from liuhen.dossier.read import read
from liuhen.dossier.subjects import subject_files
from liuhen.engines.rulebook import Stack, build_stack, load_rulebook, shipped, vocabulary_for
from liuhen.faces.cli import audit_journal
from liuhen.faces.cli.audit_engine import ENGINES, engine_of, faults_told, refuse_without_libraries
from liuhen.faces.cli.audit_export import refuse_unreadable
from liuhen.faces.cli.audit_lines import say_audit
from liuhen.faces.cli.audit_log import logs_json, say_logs, write_logs
from liuhen.faces.cli.check_log import refuse_unmapped, say_findings
from liuhen.faces.cli.parser import Parser, WrongUsage, moment_of
from liuhen.faces.cli.speech import filled, words
from liuhen.faces.cli.terminal import Terminal
from liuhen.ground.calendar import Calendar
from liuhen.ground.moments import instant
from liuhen.ground.vocabulary import Vocabulary, default
from liuhen.ground.words import Words


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of `liuhen audit`."""
    parser.takes("path", metavar="PATH", nargs="*")
    parser.takes("--journal", action="store_true")
    parser.takes("--bureau", metavar="ID")
    parser.takes("--map", metavar="MAP")
    parser.takes("--export", metavar="FOLDER")
    parser.takes("--rulebook", metavar="ID", action="append", default=[])
    parser.takes("--at", metavar="TIME")
    parser.takes("--engine", choices=(*ENGINES, audit_journal.ONE_BY_ONE))
    parser.takes("--database", metavar="URL")
    parser.takes("--master", metavar="ADDRESS", default="local[2]")
    parser.takes("--memory", metavar="SIZE", default="4GB")
    parser.takes("--out", metavar="FOLDER")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Export, or audit; exit status 1 when a duty of the office is late, overdue or breached anywhere."""
    if arguments.journal:
        return audit_journal.run(arguments, terminal, lambda: engine_of(arguments, terminal))
    if not arguments.path:
        raise WrongUsage("U-003", arguments=Words("PATH（卷宗）或者 --journal", "PATH or --journal"))
    if arguments.bureau is not None or arguments.engine == audit_journal.ONE_BY_ONE:
        alone = "--bureau" if arguments.bureau is not None else f"--engine {audit_journal.ONE_BY_ONE}"
        raise WrongUsage("U-018", arguments=alone, other="PATH")
    refuse_without_libraries(arguments.engine)
    now = datetime.now(UTC)
    at = now if arguments.at is None else moment_of(arguments.at)
    paths = [Path(p) for p in arguments.path]
    folders = [find_rulebook(name) for name in arguments.rulebook] or list(shipped().values())
    vocabulary = vocabulary_for(folders, default())
    log = read_map(Path(arguments.map), vocabulary) if arguments.map is not None else None
    if arguments.export is not None:
        return _export(Path(arguments.export), paths, log, vocabulary, max(at, now), terminal)
    books = [load_rulebook(folder, vocabulary) for folder in folders]
    exported = len(paths) == 1 and (paths[0] / "about.json").is_file()

    def stack(folder: Path) -> Stack:
        calendar = Calendar.load(zone=_zone(folder))
        return build_stack(books, vocabulary, calendar, regardless_of_dates=bool(arguments.rulebook))

    if exported:
        refuse_unreadable(paths[0])
        return _audit(stack(paths[0]), paths[0], at, arguments, terminal, ())
    with tempfile.TemporaryDirectory() as made:
        read, _, _ = _write(Path(made), paths, log, vocabulary, max(at, now))
        return _audit(stack(Path(made)), Path(made), at, arguments, terminal, read)


def _zone(folder: Path) -> str:
    """Return the zone in which the days of an export were counted."""
    return str(json.loads((folder / "about.json").read_text(encoding="utf-8")).get("zone", "Asia/Shanghai"))


def _dossiers(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_file() or (path / NAME).is_file():
            yield path
        else:
            found = sorted(p.parent for p in path.glob(f"**/{NAME}"))
            yield from found or [path]


def _write(
    folder: Path, paths: list[Path], log: LogMap | None, vocabulary: Vocabulary, now: datetime
) -> tuple[list[Seen], int, int]:
    from liuhen.engines.rulebook.bulk.export import Export

    if log is not None:
        return write_logs(folder, paths, log, vocabulary)
    for path in paths:
        refuse_unmapped(path)
    zone = OneZone()
    with Export(folder, vocabulary) as out:
        for path in _dossiers(paths):
            dossier = read(path, vocabulary, now=now, files=False)
            zone.take(dossier.bureau.zone, path.name)
            out.zone = dossier.bureau.zone
            out.speak(dossier.records)
            for n, file in enumerate(subject_files(dossier.records, vocabulary)):
                # What lies beside the cases looks at some of their records too: only its own ask for anything.
                out.add(f"{path.name}#{n}" if n else path.name, file.records, own=file.own, captures=dossier.captures)
    return [], len(out.names), out.written


def _export(
    folder: Path, paths: list[Path], log: LogMap | None, vocabulary: Vocabulary, now: datetime, terminal: Terminal
) -> int:
    read, files, records = _write(folder, paths, log, vocabulary, now)
    if terminal.as_json:
        terminal.value({"folder": str(folder), "files": files, "records": records})
    else:
        terminal.say(filled(words("audit")["exported"], files=files, records=records))
        for seen in read:
            say_findings(seen, terminal)
    return 2 if any(seen.aside or seen.lost for seen in read) else 0


def _audit(
    stack: Stack, folder: Path, at: datetime, arguments: argparse.Namespace, terminal: Terminal, read: Sequence[Seen]
) -> int:
    from liuhen.engines.rulebook.bulk.audit import run_audit

    live = terminal.err.isatty() and not terminal.as_json

    def told(share: float) -> None:
        if live:
            terminal.err.write("\r" + terminal.of(filled(words("audit")["progress"], percent=int(share * 100))))
            terminal.err.flush()

    engine = engine_of(arguments, terminal)
    try:
        with faults_told(arguments):
            found = run_audit(stack, folder, instant(at), kept=_kept(), db=engine, told=told)
            return _told(found, at, arguments, terminal, read, live)
    finally:
        engine.close()


def _told(
    found: Any, at: datetime, arguments: argparse.Namespace, terminal: Terminal, read: Sequence[Seen], live: bool
) -> int:
    from liuhen.engines.rulebook.bulk.outcome import by_article, faults, write

    if live:
        terminal.err.write("\n")
    articles = by_article(found)
    if arguments.out is not None:
        write(found, Path(arguments.out))
    if terminal.as_json:
        head: dict[str, Any] = {"at": at.isoformat(), "files": found.files, "records": found.records}
        head |= {"asked_one_by_one": found.aside, "rules_one_by_one": found.left}
        if arguments.map is not None:
            head |= logs_json(read, found)
        terminal.value({**head, "articles": articles})
    else:
        said = {"files": found.files, "records": found.records, "aside": found.aside, "left": found.left}
        say_audit(terminal, found.engine.plan.stack, said, articles, at)
        if arguments.map is not None:
            say_logs(read, found, terminal)
    if any(seen.aside or seen.lost for seen in read):
        return 2
    return 1 if faults(articles) else 0


def _kept() -> Path:
    """Return where compiled statements are kept: the user's own cache, for they are made of nobody's records."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "liuhen" / "audit"
