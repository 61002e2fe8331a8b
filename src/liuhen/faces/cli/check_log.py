"""`liuhen check LOG --map MAP` (核对日志): for each rule how many cases of an event log break it, and which."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from liuhen.dossier.check import find_rulebook
from liuhen.dossier.dossier import NAME
from liuhen.dossier.logs.events import InvalidLog
from liuhen.dossier.logs.judging import LogReport, Seen, Tally, check_log
from liuhen.dossier.logs.mapping import LogMap, read_map
from liuhen.engines.rulebook import Stack, build_stack, by_default, load_rulebook, vocabulary_for
from liuhen.faces.cli.speech import filled, words
from liuhen.faces.cli.terminal import Terminal
from liuhen.ground.calendar import Calendar
from liuhen.ground.vocabulary import default

_SHOWN = 5
_COUNTS = ("asked", "met", "late", "missing", "due", "excused", "unknown")
_ENDS = (".xes", ".xes.gz", ".csv", ".csv.gz")


def is_log(path: Path) -> bool:
    """Whether a path looks like an event log, by its name."""
    return path.name.lower().endswith(_ENDS)


def refuse_unmapped(path: Path) -> None:
    """Refuse a log without a mapping: E-002."""
    if is_log(path):
        raise InvalidLog("E-002", str(path), path=str(path))


def report_log(
    path: Path, map_file: Path, rulebooks: Sequence[str], at: datetime, terminal: Terminal, *, everything: bool
) -> int:
    """Check one log and say what was found; exit status 2 when something of it could not be judged, 1 when a duty is broken.

    Refused: E-016 a dossier instead of a log; as `read_map` and `cases`.
    """
    refuse_dossier(path)
    log, stack = prepared(map_file, rulebooks)
    report = check_log(path, log, stack, at)
    if terminal.as_json:
        terminal.value(log_json(report))
    else:
        _say(report, terminal, everything)
    return 2 if report.seen.aside or report.seen.lost else 1 if report.faults else 0


def refuse_dossier(path: Path) -> None:
    """Refuse a dossier where a log is wanted: E-016."""
    if path.name == NAME or (path / NAME).is_file():
        raise InvalidLog("E-016", str(path), path=str(path))


def prepared(map_file: Path, rulebooks: Sequence[str]) -> tuple[LogMap, Stack]:
    """Return the mapping, and the rulebooks named (else those that judge by default) with the days of its zone."""
    folders = [find_rulebook(name) for name in rulebooks] or list(by_default().values())
    vocabulary = vocabulary_for(folders, default())
    log = read_map(map_file, vocabulary)
    books = [load_rulebook(folder, vocabulary) for folder in folders]
    calendar = Calendar.load(zone=log.zone.key)
    return log, build_stack(books, vocabulary, calendar, regardless_of_dates=bool(rulebooks))


def log_json(report: LogReport) -> dict[str, Any]:
    """Return a report on a log as JSON values; `cases` of a rule are the ids of those that break it."""
    seen = report.seen
    return {
        "log": str(seen.path),
        "at": report.at.astimezone(report.log.zone).isoformat(),
        **seen_json(seen),
        "keeps": sorted(report.log.captures) if report.log.captures is not None else None,
        "faults": report.faults,
        "rules": [_rule(t) for t in report.tallies],
        "findings": told_json(seen),
    }


def seen_json(seen: Seen) -> dict[str, Any]:
    """Return what was read of a log as JSON values."""
    written = seen.written
    return {
        "format": seen.sort,
        "encoding": written.encoding if written is not None else None,
        "delimiter": written.delimiter if written is not None else None,
        "cases": seen.cases,
        "events": seen.events,
        "ignored": seen.ignored,
        "set_aside": seen.aside,
        "of_no_case": seen.lost,
    }


def told_json(seen: Seen) -> list[dict[str, Any]]:
    """Return the findings of a reading, each with how often it was made."""
    return [told.finding.as_json() | {"times": told.times} for told in seen.findings]


def _rule(t: Tally) -> dict[str, Any]:
    rule = t.rule
    out: dict[str, Any] = {"rulebook": rule.rulebook, "article": rule.article, "rule": rule.id, **rule.title.as_json()}
    out |= {"weight": rule.weight, "asks_from": rule.asks_from, "counts": t.counts}
    out |= {name: getattr(t, name) for name in _COUNTS}
    return out | {"broken_in": len(t.cases), "cases": t.cases}


def say_findings(seen: Seen, terminal: Terminal) -> None:
    """Say what was found wrong in a log, each sort once with its first place."""
    said = words("log")
    for told in seen.findings:
        finding = told.finding
        times = terminal.of(filled(said["times"], n=told.times)) if told.times > 1 else ""
        terminal.say(f"{finding.code}  {finding.place}  {finding.sentence(terminal.language)}{times}", "amber")
        terminal.say(f"       {finding.next_step(terminal.language)}", "dim")


def say_seen(seen: Seen, terminal: Terminal) -> None:
    """Say how a log was read, and how much of it."""
    said = words("log")
    terminal.say(filled(said["head"], file=seen.path.name, cases=seen.cases, events=seen.events), "bold")
    if seen.written is not None:
        name = "found" if seen.written.found else "declared"
        delimiter = {"\t": "TAB"}.get(seen.written.delimiter, seen.written.delimiter)
        terminal.say(filled(said[name], encoding=seen.written.encoding, delimiter=delimiter), "dim")
    if seen.ignored:
        terminal.say(filled(said["ignored"], n=seen.ignored), "dim")


def _say(report: LogReport, terminal: Terminal, everything: bool) -> None:
    said, seen = words("log"), report.seen
    say_seen(seen, terminal)
    terminal.say("")
    names = dict(zip(_COUNTS, terminal.of(said["counts"]).split("|"), strict=True))
    for t in report.tallies:
        terminal.say(f"{t.rule.rulebook} {t.rule.article}  {terminal.of(t.rule.title)}", "bold")
        counts = "  ".join(f"{names[c]} {getattr(t, c)}" for c in _COUNTS if getattr(t, c) or c == "asked")
        terminal.say("    " + counts)
        if not t.cases:
            continue
        shown = t.cases if everything else t.cases[:_SHOWN]
        more = "" if len(shown) == len(t.cases) else terminal.of(filled(said["more"], n=len(t.cases) - len(shown)))
        head = filled(said["broken" if t.counts else "not_counted"], n=len(t.cases))
        terminal.say(f"    {terminal.of(head)} {' '.join(shown)}{more}", "red" if t.counts else "dim")
    terminal.say("")
    say_findings(seen, terminal)
    at = f"{report.at.astimezone(report.log.zone):%Y-%m-%d %H:%M}"
    terminal.say(filled(said["foot"], at=at, aside=seen.aside, lost=seen.lost))
    if report.log.captures is not None:
        terminal.say(said["open_world"], "dim")
