"""`liuhen ledger verify` (存证核验): hold journal and files against the Ledger, and against checkpoints kept elsewhere."""

from __future__ import annotations

import argparse
import getpass
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from liuhen.engines.ledger.checkpoint import claimed_checkpoint
from liuhen.engines.ledger.notes import parse_vkey
from liuhen.engines.ledger.refusals import CheckpointRefused
from liuhen.engines.ledger.verify import Verification
from liuhen.faces.cli.journal_opening import bureau_named, need_journal
from liuhen.faces.cli.ledger_findings import as_json, in_runs, named
from liuhen.faces.cli.parser import Parser, WrongUsage
from liuhen.faces.cli.speech import filled, words
from liuhen.faces.cli.terminal import Terminal
from liuhen.ground.findings import Finding
from liuhen.ground.words import Words, said_moment

if TYPE_CHECKING:
    from liuhen.journal.concerned import Concerned

MOST_BYTES = 1 << 20
"""A checkpoint has a few hundred bytes; more than this is some other file."""


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of `liuhen ledger verify`."""
    parser.takes("--bureau", metavar="ID")
    parser.takes("--checkpoint", metavar="FILE", action="append", default=[])
    parser.takes("--key", metavar="VKEY", action="append", default=[])
    parser.takes("--witness", metavar="VKEY", action="append", default=[])
    parser.takes("--files", action="store_true")
    parser.takes("--names", action="store_true")


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What is told (核验结论): of which bureau, what was seen, what was found and what each finding is about."""

    bureau: str
    name: Words
    seen: Verification
    findings: tuple[Finding, ...]
    concerned: tuple[Concerned | None, ...]
    waiting: int
    kept: Sequence[str]


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Verify one bureau's Ledger; exit status 1 when anything was found.

    Refused (2): U-010 a checkpoint that can't be read, L-010 or L-013 a file that is none, L-016 one of another Ledger. One that
    contradicts the log is a finding.
    """
    kept = [_read(Path(name)) for name in arguments.checkpoint]
    keys = [parse_vkey(text) for text in arguments.key]
    witnesses = [parse_vkey(text) for text in arguments.witness]
    need_journal()
    from liuhen.journal import sealing, vaulted
    from liuhen.journal.concerned import concerned
    from liuhen.journal.models import BureauRow
    from liuhen.journal.setting_up import origin
    from liuhen.journal.verification import verify

    bureau = bureau_named(arguments.bureau)
    for name, note in zip(arguments.checkpoint, kept, strict=True):
        _of_this_log(name, note, origin(bureau))
    files = vaulted.as_it_is_now if arguments.files else None
    seen, beside = verify(bureau, kept=kept, witnesses=witnesses, files=files, keys_of_log=keys or None)
    findings = (*seen.findings, *beside)
    row = BureauRow.objects.get(id=bureau)
    outcome = _Outcome(
        bureau,
        Words(row.zh, row.en),
        seen,
        findings,
        tuple(concerned(bureau, findings, names_for=_login() if arguments.names else None)),
        sealing.waiting(bureau).number,
        arguments.checkpoint,
    )
    if arguments.json:
        terminal.value(_json(outcome))
    else:
        _lines(outcome, terminal, files=arguments.files)
    return 1 if findings else 0


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(MOST_BYTES)
    except (OSError, ValueError) as error:
        raise WrongUsage("U-010", file=str(path)) from error


def _of_this_log(name: str, note: bytes, origin: str) -> None:
    try:
        stated = claimed_checkpoint(note).origin
    except CheckpointRefused as refused:
        raise CheckpointRefused(refused.finding.code, name, **refused.finding.fields) from refused
    if stated != origin:
        raise CheckpointRefused("L-016", name, origin=stated, expected=origin)


def _json(outcome: _Outcome) -> dict[str, object]:
    seen = outcome.seen
    each = zip(outcome.findings, outcome.concerned, strict=True)
    return {
        "bureau": outcome.bureau,
        "sound": not outcome.findings,
        "size": seen.size,
        "rows": seen.rows,
        "waiting": outcome.waiting,
        "files": seen.files,
        "files_unread": seen.files_unread,
        "kept": seen.kept,
        "cosigned": [{"name": name, "at": moment.isoformat()} for name, moment in seen.cosigned],
        "findings": [as_json(finding, about) for finding, about in each],
        "unlisted": seen.unlisted,
    }


def _lines(outcome: _Outcome, terminal: Terminal, *, files: bool) -> None:
    said, seen = words("ledger"), outcome.seen
    count = len(outcome.findings) + seen.unlisted
    head = filled(said["unsound"], count=count) if count else filled(said["sound"], rows=seen.rows)
    # Who reads only the first line must not take files for verified that nobody opened.
    unread = Words("", "") if files else said["files_not_verified"]
    terminal.say(filled(said["headline"], bureau=outcome.name, result=head, files=unread), "red" if count else "green")
    for (finding, ends), about in zip(in_runs(outcome.findings), outcome.concerned, strict=True):
        _finding(finding, about, outcome.kept, terminal)
        if ends:
            terminal.say(f"         {finding.next_step(terminal.language)}", "dim")
    if seen.unlisted:
        terminal.say(filled(said["unlisted"], count=seen.unlisted))
    if outcome.waiting:
        terminal.say(filled(said["waiting"], count=outcome.waiting), "dim")
    terminal.say(
        filled(said["files_read"], read=seen.files) if files else filled(said["files"], unread=seen.files_unread), "dim"
    )
    for name, moment in seen.cosigned:
        terminal.say(filled(said["cosigned"], name=name, moment=said_moment(moment.astimezone())), "dim")
    if seen.kept or not outcome.kept:
        terminal.say(filled(said["kept"], count=seen.kept) if seen.kept else said["not_kept"], "dim")


def _finding(finding: Finding, about: Concerned | None, kept: Sequence[str], terminal: Terminal) -> None:
    told, beside = named(finding, about)
    sort, _, number = finding.place.partition(" ")
    file = filled(words("ledger")["kept_file"], file=kept[int(number) - 1]) if sort == "kept" else Words("", "")
    terminal.say(f"  {told.code}  {terminal.of(file)}{told.sentence(terminal.language)}")
    if beside is not None:
        terminal.say(f"         {terminal.of(filled(words('ledger')['beside'], concerned=beside))}")
