"""`liuhen ledger checkpoint` (存证摘要): seal what waits, and print the checkpoint."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from liuhen.engines.ledger.checkpoint import claimed_checkpoint
from liuhen.engines.ledger.store import CHECKPOINT, DiskTiles
from liuhen.faces.cli.journal_opening import bureau_named, need_journal
from liuhen.faces.cli.parser import Parser
from liuhen.faces.cli.terminal import Terminal
from liuhen.ground.moments import instant


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of `liuhen ledger checkpoint`."""
    parser.takes("--bureau", metavar="ID")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Print the signed note; what stands below it is for those who keep it and for those who verify with it."""
    need_journal()
    from liuhen.journal import folders, sealing

    bureau = bureau_named(arguments.bureau)
    sealed = sealing.seal(bureau, instant(datetime.now(UTC)))
    note = DiskTiles(folders.ledger(bureau)).get(CHECKPOINT) or b""
    key = str(sealing.signer_of(bureau).verifier)
    if arguments.json:
        size = claimed_checkpoint(note).size
        terminal.value({"bureau": bureau, "sealed": sealed, "size": size, "key": key, "note": note.decode()})
    else:
        # The note alone, byte for byte: it is what gets redirected into a file.
        terminal.out.write(note.decode())
        terminal.err.write(f"{key}\n")
    return 0
