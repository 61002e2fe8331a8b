"""`liuhen audit LOG --map MAP` (批量审查日志): an event log written for all cases at once, and which cases break each rule."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from liuhen.dossier.logs.judging import Seen, cases
from liuhen.dossier.logs.mapping import LogMap
from liuhen.dossier.logs.opened import sort_of
from liuhen.faces.cli.audit_lines import rule_words
from liuhen.faces.cli.check_log import refuse_dossier, say_findings, say_seen, seen_json, told_json
from liuhen.faces.cli.speech import filled, words
from liuhen.faces.cli.terminal import Terminal
from liuhen.ground.vocabulary import Vocabulary

_SHOWN = 5


def write_logs(folder: Path, paths: Iterable[Path], log: LogMap, vocabulary: Vocabulary) -> tuple[list[Seen], int, int]:
    """Write the cases of logs into an export's folder, each by its own name; return what was read, how many files and records.

    Refused: as `cases` says, and E-016 a dossier; then the folder has no `about.json` and can't be audited.
    """
    from liuhen.engines.rulebook.bulk.export import Export

    read: list[Seen] = []
    with Export(folder, vocabulary, zone=log.zone.key) as out:
        for path in paths:
            refuse_dossier(path)
            seen = Seen(path, sort_of(path))
            read.append(seen)
            for name, records in cases(path, log, seen):
                if records:
                    out.add(name, records, captures=log.captures)
    return read, len(out.names), out.written


def broken_in(audit: Any) -> dict[str, list[str]]:
    """Return for each rule (`rulebook/rule`) the cases in which something is late or missing, in the order of the log."""
    found: dict[str, list[str]] = {}
    for row in audit.rows(
        "SELECT rulebook || '/' || rule AS ref, names.name AS name FROM duties JOIN rules USING (r) JOIN names USING (c) "
        "WHERE st IN (0, 1) OR late IS NOT NULL GROUP BY ref, names.name, c, r ORDER BY r, c"
    ):
        found.setdefault(row["ref"], []).append(row["name"])
    return found


def logs_json(read: Iterable[Seen], audit: Any) -> dict[str, Any]:
    """Return what was read of logs, and which cases break each rule, as JSON values."""
    told = [{"log": str(seen.path), **seen_json(seen), "findings": told_json(seen)} for seen in read]
    return {"logs": told, "broken_in": broken_in(audit)}


def say_logs(read: Iterable[Seen], audit: Any, terminal: Terminal) -> None:
    """Say which cases break each rule, and what was read of logs."""
    said = words("log")
    for ref, names in broken_in(audit).items():
        rest = len(names) - _SHOWN
        more = terminal.of(filled(said["more"], n=rest)) if rest > 0 else ""
        head = terminal.of(filled(said["broken"], n=len(names)))
        terminal.say(
            f"{terminal.of(rule_words(audit.engine.plan.stack, ref))}  {head} {' '.join(names[:_SHOWN])}{more}"
        )
    for seen in read:
        say_seen(seen, terminal)
        say_findings(seen, terminal)
