"""`liuhen rulebook replay` (回放): what a draft would have changed over past cases, and what more would have been recorded."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from liuhen.dossier.check import find_rulebook
from liuhen.engines.rulebook import Duty, Rulebook, Stack, build_stack, read_rulebook, vocabulary_for
from liuhen.engines.rulebook.texts.footage import FootageCount
from liuhen.engines.rulebook.texts.replaying import Finding, PastFile, Replay, replay
from liuhen.faces.cli.parser import Parser, WrongUsage, moment_of
from liuhen.faces.cli.rulebook_cases import past_files
from liuhen.faces.cli.speech import filled, words
from liuhen.faces.cli.terminal import Terminal, folded
from liuhen.ground.calendar import Calendar
from liuhen.ground.errors import InvalidVocabulary
from liuhen.ground.located import files_in
from liuhen.ground.moments import HOUR, instant
from liuhen.ground.vocabulary import Vocabulary, default
from liuhen.ground.words import Words

_ROWS = 5
_RATE = re.compile(r"\d{1,6}(\.\d{1,6})?\Z", re.ASCII)
_GB = 10**9


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of `liuhen rulebook replay`."""
    parser.mixed = True
    parser.takes("draft", metavar="DRAFT")
    parser.takes("cases", metavar="CASES", nargs="*")
    parser.takes("--against", metavar="ID", required=True)
    parser.takes("--beside", metavar="ID", action="append", default=[])
    parser.takes("--bureau", metavar="BUREAU")
    parser.takes("--at", metavar="TIME")
    parser.takes("--gb-per-hour", metavar="NUMBER")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Replay; exit status 1 when a finding appears, goes or changes."""
    now = datetime.now(UTC)
    at = now if arguments.at is None else moment_of(arguments.at)
    given = _rate(arguments.gb_per_hour)
    paths = [find_rulebook(name) for name in (arguments.draft, arguments.against)]
    beside = [find_rulebook(name) for name in arguments.beside]
    settings: Mapping[str, Any] = {}
    calendar = Calendar.load()
    if arguments.cases:
        files: Iterable[PastFile]
        zone, files = past_files([Path(p) for p in arguments.cases], _to_read([*paths[::-1], *beside]), at, now)
        calendar = Calendar.load(zone=zone) if zone is not None else calendar
    else:
        settings, calendar, files = _of_the_journal(arguments.bureau)
    (draft, book), (other, against) = (_stack(path, beside, settings, calendar) for path in paths)
    found = replay(draft, other, (book, against), files, instant(at), told=_progress(terminal))
    if arguments.json:
        terminal.value(replay_json(found, book, against, at, given, calendar))
    else:
        _Lines(terminal, found, given).write(book, against, calendar.local(instant(at)))
    return 1 if found.findings else 0


def _of_the_journal(bureau: str | None) -> tuple[Mapping[str, Any], Calendar, Iterable[PastFile]]:
    try:
        # Where only dossiers are asked about, there need be no database.
        from liuhen.faces.cli.journal_cases import journal_files
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "liuhen":
            raise
        raise WrongUsage("U-009", command="rulebook replay", library=str(error.name)) from error
    return journal_files(bureau)


def _rate(text: str | None) -> Fraction | None:
    if text is None:
        return None
    if not _RATE.match(text) or not Fraction(text):
        raise WrongUsage("U-013", value=text)
    return Fraction(text) * _GB


def _to_read(paths: Sequence[Path]) -> Vocabulary:
    """Return the vocabulary to read records with: a kind that several texts bring is read as the first of them has it."""
    vocabulary = default()
    for path in dict.fromkeys(paths):
        for file in files_in(path / "kinds", f"{path.name}/kinds"):
            try:
                vocabulary = vocabulary.extended([file])
            except InvalidVocabulary as refused:
                if refused.finding.code != "V-103":
                    raise
    return vocabulary


def _stack(
    path: Path, beside: Sequence[Path], settings: Mapping[str, Any], calendar: Calendar
) -> tuple[Stack, Rulebook]:
    vocabulary = vocabulary_for(dict.fromkeys([path, *beside]), default())
    # A draft need not have its examples yet: nothing that it says is stored.
    books = [read_rulebook(p, vocabulary) for p in dict.fromkeys([path, *beside])]
    # What the office decided counts where the text asks for it: a draft may have no such value any more.
    known = {f"{b.id}/{s}": b for b in books for s in b.settings}
    kept = {name: value for name, value in settings.items() if "/" not in name or name in known}
    stack = build_stack(books, vocabulary, calendar, settings=kept, regardless_of_dates=True)
    return stack, books[0]


def _progress(terminal: Terminal) -> Any:
    live = terminal.err.isatty() and not terminal.as_json

    def told(done: int) -> None:
        if live:
            terminal.err.write("\r" + terminal.of(filled(words("replay")["progress"], files=done)))
            terminal.err.flush()

    return told


# -- JSON ----------------------------------------------------------------------------------------------------------------


def replay_json(
    found: Replay, book: Rulebook, against: Rulebook, at: datetime, given: Fraction | None, calendar: Calendar
) -> dict[str, Any]:
    """Return what a replay found as JSON values: every finding, lengths in hours, sizes in bytes, moments by `calendar`."""
    footage = found.footage
    rate, source = _used(footage, given)
    return {
        "draft": {"id": book.id, "version": book.version, "digest": book.digest},
        "against": {"id": against.id, "version": against.version, "digest": against.digest},
        "at": at.isoformat(),
        "files": found.files,
        "records": found.records,
        "faults": {side: found.faults[side] for side in ("before", "after")},
        "unknown": {side: found.unknown[side] for side in ("before", "after")},
        "changed_files": list(found.changed),
        "findings": [finding_json(f, calendar) for f in found.findings],
        "recording": {
            "more": {"acts": footage.more_acts, "hours": _hours(footage.more_time), "of_unknown_length": footage.more_unknown},
            "fewer": {
                "acts": footage.fewer_acts, "hours": _hours(footage.fewer_time), "of_unknown_length": footage.fewer_unknown,
            },
            "whole": {"acts": footage.whole_acts, "hours_at_most": _hours(footage.whole_time)},
            "undecided_acts": footage.undecided,
            "kept_longer": {"recordings": footage.longer_kept, "bytes": footage.longer_bytes},
        },
        "storage": {
            "bytes_per_hour": round(rate) if rate is not None else None,
            "source": source,
            "from": {"recordings": footage.own_count, "bytes": footage.own_bytes, "hours": _hours(footage.own_time)},
            "more_bytes": _bytes(footage.more_time - footage.fewer_time, rate),
            "whole_bytes_at_most": _bytes(footage.whole_time, rate),
        },
    }  # fmt: skip


def finding_json(f: Finding, calendar: Calendar) -> dict[str, Any]:
    """Return one finding as JSON values."""
    return {"file": f.file, "sort": f.sort, "rule": f.rule.ref, "article": f.rule.article,
            "title": f.rule.title.as_json(), "trigger": (f.after or f.before).trigger,  # type: ignore[union-attr]
            "before": _side(f.before, calendar), "after": _side(f.after, calendar)}  # fmt: skip


def _side(duty: Duty | None, calendar: Calendar) -> dict[str, Any] | None:
    if duty is None:
        return None
    return {
        "status": duty.status,
        "weight": duty.weight,
        "due": calendar.local(duty.due).isoformat() if duty.due is not None else None,
        "late": {"amount": duty.late.amount, "unit": duty.late.unit} if duty.late is not None else None,
        "missing": [m.words.as_json() for m in duty.missing],
        "cites": [cite.words().as_json() for cite in duty.cites],
    }


def _used(footage: FootageCount, given: Fraction | None) -> tuple[Fraction | None, str]:
    """Return bytes an hour, and where that comes from: `given`, `recordings` in the files, or `none`."""
    if given is not None:
        return given, "given"
    return (footage.own_rate, "recordings") if footage.own_rate is not None else (None, "none")


def _hours(time: int) -> float:
    return round(time / HOUR, 2)


def _bytes(time: int, rate: Fraction | None) -> int | None:
    return round(time * rate / HOUR) if rate is not None else None


# -- one screen ----------------------------------------------------------------------------------------------------------


class _Lines:
    """Writes a replay on one screen (回放摘要)."""

    def __init__(self, terminal: Terminal, found: Replay, given: Fraction | None) -> None:
        self.terminal, self.found, self.given = terminal, found, given
        self.said = words("replay")

    def write(self, book: Rulebook, against: Rulebook, at: datetime) -> None:
        found, said = self.found, self.said
        self._say(said["head"], draft=book.short, version=book.version, against=against.short, other=against.version)
        self._say(said["of"], files=found.files, records=found.records, at=f"{at:%Y-%m-%d %H:%M}")
        for sort in ("appears", "goes", "changes"):
            self._section(sort)
        if found.changed:
            names = "、".join(found.changed[:_ROWS]) + ("…" if len(found.changed) > _ROWS else "")
            self._say(said["changed"], count=len(found.changed), names=names)
        else:
            self._say(said["nothing"])
        sides = {
            f"{name}_{side}": getattr(found, name)[side]
            for name in ("faults", "unknown")
            for side in ("before", "after")
        }
        self._say(said["totals"], **sides)
        self._footage()

    def _say(self, text: Words, **parts: object) -> None:
        for line in folded(self.terminal.of(filled(text, **parts)), self.terminal.width, "", "  "):
            self.terminal.say(line)

    def _section(self, sort: str) -> None:
        listed = self.found.of(sort)
        if not listed:
            return
        files = len({f.file for f in listed})
        self.terminal.say(filled(self.said[sort], count=len(listed), files=files), "bold")
        by_rule: dict[str, list[Finding]] = {}
        for f in listed:
            by_rule.setdefault(f.rule.ref, []).append(f)
        rows = sorted(by_rule.values(), key=lambda fs: (-len(fs), fs[0].rule.ref))
        for fs in rows[:_ROWS]:
            self._row(sort, fs)
        if len(rows) > _ROWS:
            self._say(self.said["more_rows"], rules=len(rows) - _ROWS)

    def _row(self, sort: str, fs: Sequence[Finding]) -> None:
        of, first = self.terminal.of, fs[0]
        duty = first.before if sort == "goes" else first.after
        assert duty is not None
        files = list(dict.fromkeys(f.file for f in fs))
        said = f"{of(first.rule.title)}  {of(duty.cites[0].words())}"
        if sort != "changes":
            others = dict.fromkeys(self._other(f.after if sort == "goes" else f.before) for f in fs)
            said += "  " + of(filled(self.said[f"other_{sort}"], what="、".join(of(w) for w in others)))
        said += f"  {'、'.join(files[:3])}{'…' if len(files) > 3 else ''}"
        for line in folded(said, self.terminal.width, f"{len(fs):>6}  ", " " * 8):
            self.terminal.say(line)

    def _other(self, duty: Duty | None) -> Words:
        return (
            self.said["not_asked"] if duty is None else words("check").get(duty.status, Words(duty.status, duty.status))
        )

    def _footage(self) -> None:
        said, footage = self.said, self.found.footage
        acts = {"more": footage.more_acts, "hours": _hours(footage.more_time), "unknown": footage.more_unknown}
        self._say(said["recording"], **acts, fewer=footage.fewer_acts, fewer_hours=_hours(footage.fewer_time))
        if footage.whole_acts:
            self._say(said["whole"], acts=footage.whole_acts, hours=_hours(footage.whole_time))
        if footage.undecided:
            self._say(said["undecided"], acts=footage.undecided)
        if footage.longer_kept:
            self._say(said["kept"], recordings=footage.longer_kept, size=_size(footage.longer_bytes))
        rate, source = _used(footage, self.given)
        if rate is None:
            self._say(said["storage_none"])
            return
        more, most = (_bytes(t, rate) or 0 for t in (footage.more_time - footage.fewer_time, footage.whole_time))
        why = filled(
            said[f"rate_{source}"], size=_size(round(rate)), count=footage.own_count, hours=_hours(footage.own_time)
        )
        self._say(said["storage"], size=_size(more), most=_size(more + most), why=why)


def _size(size: int) -> str:
    """Return bytes as people say them: 10^9 to a GB, as devices are sold."""
    for unit, of in (("GB", _GB), ("MB", 10**6), ("KB", 10**3)):
        if abs(size) >= of:
            return f"{size / of:.2f} {unit}"
    return f"{size} B"
