"""`liuhen ledger verify` (存证核验): hold journal and files against the Ledger, and against checkpoints kept elsewhere."""

from __future__ import annotations

import argparse
from pathlib import Path

from liuhen.engines.ledger.notes import parse_vkey
from liuhen.engines.ledger.verify import Verification
from liuhen.faces.cli.journal_opening import bureau_named, open_journal
from liuhen.faces.cli.parser import Parser, WrongUsage
from liuhen.faces.cli.speech import filled, words
from liuhen.faces.cli.terminal import Terminal
from liuhen.ground.findings import Finding


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of `liuhen ledger verify`."""
    parser.takes("--bureau", metavar="ID")
    parser.takes("--checkpoint", metavar="FILE", action="append", default=[])
    parser.takes("--key", metavar="VKEY", action="append", default=[])
    parser.takes("--witness", metavar="VKEY", action="append", default=[])
    parser.takes("--files", action="store_true")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Verify one bureau's Ledger; exit status 1 when anything was found."""
    kept = [_read(Path(name)) for name in arguments.checkpoint]
    keys = [parse_vkey(text) for text in arguments.key]
    witnesses = [parse_vkey(text) for text in arguments.witness]
    open_journal()
    from liuhen.journal import sealing, vaulted
    from liuhen.journal.verification import verify

    bureau = bureau_named(arguments.bureau)
    files = vaulted.as_it_is_now if arguments.files else None
    seen, strays = verify(bureau, kept=kept, witnesses=witnesses, files=files, keys_of_log=keys or None)
    findings = (*seen.findings, *strays)
    waiting = sealing.waiting(bureau).number
    if arguments.json:
        terminal.value(_json(bureau, seen, findings, waiting))
    else:
        _lines(bureau, seen, findings, waiting, terminal)
    return 1 if findings else 0


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise WrongUsage("Y-001", file=str(path), reason=type(error).__name__) from error


def _json(bureau: str, seen: Verification, findings: tuple[Finding, ...], waiting: int) -> dict[str, object]:
    return {
        "bureau": bureau,
        "sound": not findings,
        "size": seen.size,
        "rows": seen.rows,
        "waiting": waiting,
        "files": seen.files,
        "files_unread": seen.files_unread,
        "kept": seen.kept,
        "cosigned": [{"name": name, "at": moment.isoformat()} for name, moment in seen.cosigned],
        "findings": [finding.as_json() for finding in findings],
        "unlisted": seen.unlisted,
    }


def _lines(bureau: str, seen: Verification, findings: tuple[Finding, ...], waiting: int, terminal: Terminal) -> None:
    said = words("ledger")
    count = len(findings) + seen.unlisted
    if findings:
        terminal.say(filled(said["unsound"], bureau=bureau, count=count), "red")
    else:
        terminal.say(filled(said["sound"], bureau=bureau, rows=seen.rows), "green")
    for finding in findings:
        terminal.say(f"  {finding.code}  {finding.sentence(terminal.language)}")
    if seen.unlisted:
        terminal.say(filled(said["unlisted"], count=seen.unlisted))
    if waiting:
        terminal.say(filled(said["waiting"], count=waiting), "dim")
    terminal.say(filled(said["files"], read=seen.files, unread=seen.files_unread), "dim")
    for name, moment in seen.cosigned:
        terminal.say(filled(said["cosigned"], name=name, moment=moment.isoformat()), "dim")
    terminal.say(filled(said["kept"], count=seen.kept) if seen.kept else said["not_kept"], "dim")
