"""Checkpoints (存证摘要): origin, size and root of the tree at one moment, signed; C2SP tlog-checkpoint.

Whoever keeps one can later prove that the log was rewritten or rolled back.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass

from liuhen.engines.ledger.notes import Signed, VerifierKey, allowed_key_name, open_note, parse_note
from liuhen.engines.ledger.refusals import CheckpointRefused
from liuhen.engines.ledger.tree import EMPTY_ROOT, HASH_BYTES

MOST_SIZE = (1 << 63) - 1
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The tree's head (存证摘要).

    Attributes:
        origin: the line that names the log; one log a bureau.
        size: leaves.
        root: 32 bytes.
        extensions: further lines; kept as they stand, never written by us.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the text that is signed."""
        lines = (self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint whose signatures were checked (已核验的存证摘要), with those that hold."""

    checkpoint: Checkpoint
    signed: tuple[Signed, ...]


def check_origin(origin: str) -> str:
    """Return `origin`; refused (L-015): empty, with spaces or a plus, so that it can also be the key's name."""
    if not allowed_key_name(origin) or len(origin) > 255:
        raise CheckpointRefused("L-015", origin=origin)
    return origin


def parse_checkpoint_text(text: str) -> Checkpoint:
    """Return the checkpoint that a note's text states.

    Refused (L-013): fewer than three lines, an empty line, a size with leading zeroes or over 2**63 - 1, a root that
    is not 32 bytes in canonical base64, an empty tree with another root than that of the empty tree.
    """
    lines = text.split("\n")
    if (
        len(lines) >= 4
        and not lines[-1]
        and all(lines[:-1])
        and _SIZE.fullmatch(lines[1])
        and int(lines[1]) <= MOST_SIZE
    ):
        try:
            root = base64.b64decode(lines[2].encode("ascii"), validate=True)
        except (binascii.Error, UnicodeEncodeError):
            root = b""
        checkpoint = Checkpoint(lines[0], int(lines[1]), root, tuple(lines[3:-1]))
        if len(root) == HASH_BYTES and checkpoint.text() == text and (checkpoint.size or root == EMPTY_ROOT):
            return checkpoint
    raise CheckpointRefused("L-013", lines=len(lines) - 1)


def open_checkpoint(
    data: bytes, log_keys: Iterable[VerifierKey], origin: str, witnesses: Iterable[VerifierKey] = ()
) -> SignedCheckpoint:
    """Return the checkpoint in `data` once one of the log's own keys is found to have signed it.

    A witness's signature alone does not do, and a witness's signature that does not fit refuses the whole.

    Refused: L-010 malformed note, L-011 not signed by the log, L-012 a signature that does not fit, L-013 malformed
    text, L-016 the checkpoint of another log.
    """
    own = tuple(log_keys)
    opened = open_note(data, (*own, *witnesses))
    if not any(signed.key in own for signed in opened.signed):
        raise CheckpointRefused("L-011", keys=", ".join(sorted({s.key.name for s in opened.signed})))
    checkpoint = parse_checkpoint_text(opened.text)
    if checkpoint.origin != origin:
        raise CheckpointRefused("L-016", origin=checkpoint.origin, expected=origin)
    return SignedCheckpoint(checkpoint, opened.signed)


def claimed_checkpoint(data: bytes) -> Checkpoint:
    """Return what a checkpoint claims, its signatures unchecked: to say what is wrong with it, never to rely on it.

    Refused: L-010, L-013.
    """
    return parse_checkpoint_text(parse_note(data).text)
