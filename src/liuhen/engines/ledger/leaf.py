"""What a leaf says (存证条目): the entry of a record, a file, a run of the look log. Salted digests, no content.

    liuhen/record/1 <record>                 digest of the record's canonical bytes
    liuhen/file/1   <record> <position>      digest of SHA-256, SM3 and length of one of the record's files
    liuhen/looks/1  <first> <last>           digest of the canonical bytes of a run of the look log

one field a line, the digest last: SHA-256(salt || what is proven), 64 lower-case hex digits. Source: decision 0004.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from liuhen.engines.ledger.refusals import EntryRefused
from liuhen.ground.canonical import SALT_BYTES
from liuhen.ground.words import Said

_RECORD = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_COUNT = r"(?:0|[1-9][0-9]{0,18})"
_DIGEST = r"[0-9a-f]{64}"
_ENTRY = re.compile(
    rf"liuhen/(?:(record)/1\n({_RECORD})|(file)/1\n({_RECORD})\n({_COUNT})|(looks)/1\n({_COUNT})\n({_COUNT}))\n({_DIGEST})\n",
    re.ASCII,
)
_HEX64 = re.compile(_DIGEST, re.ASCII)


class EntrySubject(NamedTuple):
    """What an entry is about (条目所指): its kind, and the record, the record and file position, or the span of the
    look log.
    """

    kind: str
    names: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join((self.kind, *self.names))

    def said(self) -> Said:
        """Return it as a sentence names it; programs read `record <id>`, `file <id> <position>` or `looks <first> <last>`."""
        first = self.names[0]
        if self.kind == "file":
            number = int(self.names[1]) + 1
            return Said(f"记录 {first} 的附件 {number}", f"file {number} of record {first}", str(self))
        if self.kind == "looks":
            return Said(f"第 {first} 至 {self.names[1]} 次查阅留痕", f"looks {first} to {self.names[1]}", str(self))
        return Said(f"记录 {first}", f"record {first}", str(self))


@dataclass(frozen=True, slots=True)
class RecordLeaf:
    """A record as the journal holds it today (记录).

    Attributes:
        record: UUID, lower case.
        canonical: the canonical bytes (RFC 8785) that the journal keeps of it; personal content stands in them as a
            digest only, so that it can be destroyed and the leaf still be made anew.
        salt: 32 bytes, this record's own.
        columns: the canonical bytes made anew from the row's columns, where the journal keeps both; None where it
            does not.
    """

    record: str
    canonical: bytes
    salt: bytes
    columns: bytes | None = None

    def entry(self) -> bytes:
        """Return the entry; refused (L-008): a salt that is not 32 bytes, a record that is not a UUID."""
        salt = self.salt
        if len(salt) != SALT_BYTES or len(self.record) != 36:
            raise EntryRefused("L-008", subject=EntrySubject("record", (self.record,)).said())
        return f"liuhen/record/1\n{self.record}\n{sha256(salt + self.canonical).hexdigest()}\n".encode()


@dataclass(frozen=True, slots=True)
class FileLeaf:
    """One file that a record names (文件), proven on its own so that a file can be shown without the record's
    content.

    Attributes:
        record: UUID of the record that names the file.
        position: place of the file in the record's `files`, from 0.
        sha256, sm3: 64 lower-case hex digits each.
        size: bytes.
        salt: the record's salt, 32 bytes; the file's own is derived from it (`file_salt`).
        disposed_by: the record by which the file was lawfully disposed of, so that its bytes need not be there; else
            empty.
    """

    record: str
    position: int
    sha256: str
    sm3: str
    size: int
    salt: bytes
    disposed_by: str = ""

    def entry(self) -> bytes:
        """Return the entry; refused (L-008): a salt that is not 32 bytes, digests that are not 64 hex digits."""
        if len(self.record) != 36 or not (_HEX64.fullmatch(self.sha256) and _HEX64.fullmatch(self.sm3)):
            raise EntryRefused("L-008", subject=EntrySubject("file", (self.record, str(self.position))).said())
        digest = sha256(file_salt(self.salt, self.record, self.position) + self.proven()).hexdigest()
        return f"liuhen/file/1\n{self.record}\n{self.position}\n{digest}\n".encode()

    def proven(self) -> bytes:
        """Return the bytes whose salted digest is in the tree: SHA-256, SM3 and length, a line each."""
        return f"{self.sha256}\n{self.sm3}\n{self.size}\n".encode()


@dataclass(frozen=True, slots=True)
class LooksLeaf:
    """A run of the look log (查阅日志), sealed as one.

    Attributes:
        first, last: numbers of the first and last look in it.
        canonical: canonical bytes of the looks, in order.
        salt: 32 bytes, this run's own.
    """

    first: int
    last: int
    canonical: bytes
    salt: bytes

    def entry(self) -> bytes:
        """Return the entry; refused (L-008): a salt that is not 32 bytes, a last before the first."""
        if len(self.salt) != SALT_BYTES or not 0 <= self.first <= self.last:
            raise EntryRefused("L-008", subject=EntrySubject("looks", (str(self.first), str(self.last))).said())
        return f"liuhen/looks/1\n{self.first}\n{self.last}\n{sha256(self.salt + self.canonical).hexdigest()}\n".encode()


Leaf = RecordLeaf | FileLeaf | LooksLeaf


def file_salt(salt: bytes, record: str, position: int) -> bytes:
    """Return the salt of one file, derived from its record's salt.

    Handing it out with a file's proof tells nothing of the record's salt, so the record's content stays unguessable;
    destroying the record's salt destroys it too. Refused (L-008): a salt that is not 32 bytes.
    """
    if len(salt) != SALT_BYTES:
        raise EntryRefused("L-008", subject=EntrySubject("file", (record, str(position))).said())
    return sha256(f"liuhen/file-salt/1\n{record}\n{position}\n".encode() + salt).digest()


def subject_of(entry: bytes) -> EntrySubject:
    """Return what an entry is about; refused (L-009): bytes that are not an entry of ours."""
    try:
        match = _ENTRY.fullmatch(entry.decode("ascii"))
    except UnicodeDecodeError:
        match = None
    if match is None:
        raise EntryRefused("L-009", bytes=len(entry))
    kind, *names = (part for part in match.groups()[:-1] if part is not None)
    return EntrySubject(kind, tuple(names))
