"""The log's signing key (签名密钥): made at set-up in a file of mode 600, used in place, never shown, never sent.

The file holds one line, `PRIVATE+KEY+<name>+<id>+<material>`, as the Go tools for signed notes write it.
"""

from __future__ import annotations

import base64
import binascii
import os
import stat
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liuhen.engines.ledger.checkpoint import check_origin
from liuhen.engines.ledger.notes import ED25519, Note, NoteSignature, VerifierKey, allowed_key_name
from liuhen.engines.ledger.refusals import KeyRefused

_PREFIX = "PRIVATE+KEY+"
_MODE = 0o600


class Signer:
    """Signs note texts with one Ed25519 key (签名者). Shows its public half only."""

    __slots__ = ("_private", "verifier")

    def __init__(self, name: str, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = VerifierKey(name, ED25519, self._private.public_key().public_bytes_raw())

    @property
    def name(self) -> str:
        """The key's name, which is the log's origin."""
        return self.verifier.name

    def __repr__(self) -> str:
        return f"Signer({self.verifier})"

    def __reduce__(self) -> str:
        raise TypeError("a signing key is not copied or sent")

    def sign(self, text: str) -> bytes:
        """Return the note with this key's signature (Ed25519, RFC 8032, over the text with its last newline)."""
        bare = self._private.sign(text.encode())
        return Note(text, (NoteSignature(self.name, self.verifier.key_id, bare),)).encode()


def create_key(path: Path, name: str) -> VerifierKey:
    """Make a new key and write it to `path` with mode 600, whatever the umask; return its public half.

    Refused: L-015 for a name that can't be a key's name, L-020 where the file exists (a key is never overwritten),
    L-028 where it can't be written.
    """
    check_origin(name)
    seed = os.urandom(32)
    verifier = Signer(name, seed).verifier
    material = base64.b64encode(bytes([ED25519]) + seed).decode()
    line = f"{_PREFIX}{name}+{verifier.key_id.hex()}+{material}\n".encode()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, _MODE)
    except FileExistsError:
        raise KeyRefused("L-020", file=path.name) from None
    except OSError as wrong:
        raise KeyRefused("L-028", file=path.name, error=wrong.strerror) from wrong
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), _MODE)
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        _settle(path.parent)
    except OSError as wrong:
        path.unlink(missing_ok=True)
        raise KeyRefused("L-028", file=path.name, error=wrong.strerror) from wrong
    return verifier


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def load_key(path: Path) -> Signer:
    """Return the signer whose key lies in `path`.

    Refused: L-021 when the group or others may read or write the file (it may have been copied), L-022 when there is
    no such file, it is not a plain file, or not a key.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        raise KeyRefused("L-022", file=path.name) from None
    try:
        seen = os.fstat(handle)
        if not stat.S_ISREG(seen.st_mode):
            raise KeyRefused("L-022", file=path.name)
        if seen.st_mode & 0o077:
            raise KeyRefused("L-021", file=path.name, mode=f"{seen.st_mode & 0o777:o}")
        line = os.read(handle, 4096)
    finally:
        os.close(handle)
    try:
        prefix, (name, hashed, material) = (
            line[: len(_PREFIX)],
            line[len(_PREFIX) :].decode().rstrip("\n").split("+", 2),
        )
        body = base64.b64decode(material, validate=True)
        if prefix != _PREFIX.encode() or len(body) != 33 or body[0] != ED25519 or not allowed_key_name(name):
            raise ValueError
        signer = Signer(name, body[1:])
    except (ValueError, binascii.Error):
        # Nothing of the line goes into the refusal: half a key in a log file would still be half a key.
        raise KeyRefused("L-022", file=path.name) from None
    if signer.verifier.key_id.hex() != hashed:
        raise KeyRefused("L-022", file=path.name)
    return signer
