"""Taking files in (入库): streamed into the vault in one pass, digests computed here, nothing of the sender's believed."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, Protocol

from django.core import signing

from liuhen.ground.errors import Refused
from liuhen.ground.record import File
from liuhen.journal import vaulted
from liuhen.journal.who import Who

LIMIT_BYTES = 8 << 30
"""One upload through the page; docking stations use `liuhen ingest`, which has no limit."""
LASTS_SECONDS = 24 * 3600
_SALT = "liuhen.evidence.upload"


class ByteStream(Protocol):
    """Where bytes come from (来源): the body of a request, or a file that Django put aside."""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes, none at the end."""
        ...


class UploadRefused(Refused):
    """A file that was not taken in (未入库). U-206 to U-208, F-…"""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file in the vault that a record may name (已入库文件), and the token that says who brought it."""

    sha256: str
    sm3: str
    bytes: int
    name: str
    media_type: str
    token: str

    def as_json(self) -> dict[str, Any]:
        """Return what a record says of it."""
        return {
            "sha256": self.sha256,
            "sm3": self.sm3,
            "bytes": self.bytes,
            "name": self.name,
            "media_type": self.media_type,
        }


class _Watched:
    """A stream that is read no further than was announced, and knows how far it came."""

    def __init__(self, stream: ByteStream, expected: int | None) -> None:
        self._stream = stream
        self._left = expected
        self.seen = 0

    def read(self, size: int, /) -> bytes:
        wanted = size if self._left is None else min(size, self._left - self.seen)
        piece = self._stream.read(wanted) if wanted > 0 else b""
        self.seen += len(piece)
        return piece


def take_in(stream: ByteStream, name: str, who: Who, *, length: int | None) -> Uploaded:
    """Stream a file into the vault and return what it is; refused: U-207 too large, U-208 broken off, F-… of the vault.

    Memory stays constant whatever the size.
    """
    if length is not None and length > LIMIT_BYTES:
        raise UploadRefused("U-207", bytes=length, limit=LIMIT_BYTES)
    watched = _Watched(stream, length)
    try:
        stored = vaulted.take_in(who.bureau, watched, limit=LIMIT_BYTES, expect_bytes=length)
    except Refused as refused:
        if refused.finding.code == "F-007" and length is not None:
            raise UploadRefused("U-208", expected=length, received=watched.seen) from refused
        raise
    found = vaulted.media_type_of(stored.sha256)
    return _with_token(stored.sha256, stored.sm3, stored.bytes, plain_name(name), found, who)


def already_there(file: File, who: Who) -> Uploaded:
    """Return a file that a record names already and that the person was shown, to be named again by its correction."""
    return _with_token(file.sha256, file.sm3, file.bytes, file.name, file.media_type, who)


def _with_token(sha256: str, sm3: str, size: int, name: str, kind: str, who: Who) -> Uploaded:
    held = {"s": sha256, "m": sm3, "b": size, "n": name, "t": kind, "p": who.person}
    return Uploaded(sha256, sm3, size, name, kind, signing.dumps(held, salt=_SALT, compress=True))


def from_token(token: str, person: str) -> Uploaded:
    """Return the file that a form names by its token; refused (U-206): brought by somebody else, too old, or altered.

    The token keeps a form from naming, by its digest alone, a file that its sender was never shown.
    """
    try:
        held = signing.loads(token, salt=_SALT, max_age=LASTS_SECONDS)
    except signing.BadSignature:
        raise UploadRefused("U-206", name="?") from None
    if held["p"] != person:
        raise UploadRefused("U-206", name=held["n"])
    return Uploaded(held["s"], held["m"], held["b"], held["n"], held["t"], token)


def name_of(token: str) -> str:
    """Return the name of the file that a token stands for, whoever brought it and whenever; empty for no token of ours."""
    try:
        return str(signing.loads(token, salt=_SALT)["n"])
    except signing.BadSignature:
        return ""


def plain_name(name: str) -> str:
    """Return a file's name without folders and control characters, at most 200 long."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    kept = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C")
    return kept.strip().strip(".")[-200:] or "file"
