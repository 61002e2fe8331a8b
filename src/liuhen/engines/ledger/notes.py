"""Signed notes (签名摘录, C2SP signed-note), read strictly, with Ed25519 signatures and witness cosignatures.

A note's text means nothing until a signature by a known key has been checked: `open_note` is the only way in.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from liuhen.engines.ledger.refusals import CheckpointRefused

ED25519 = 0x01
COSIGNATURE = 0x04
MOST_NOTE_BYTES = 1 << 20
MOST_SIGNATURES = 100
_DASH = "— "
_LAST_SECOND = int(datetime(9999, 12, 31, tzinfo=UTC).timestamp())


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line (签名行): the key's name, its four-byte id, and the signature bytes as they stand."""

    name: str
    key_id: bytes
    signature: bytes

    def line(self) -> str:
        """Return the line as it stands in a note, with its newline."""
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A note as read (未核验的摘录): nothing in it has been checked yet."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def encode(self) -> bytes:
        """Return the note's bytes."""
        return (self.text + "\n" + "".join(s.line() for s in self.signatures)).encode()


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key that others check signatures with (验签公钥, vkey).

    Attributes:
        name: the key's name; no spaces, no plus.
        algorithm: 0x01 Ed25519 over the text, 0x04 a witness's timestamped cosignature.
        public: the 32 bytes of the Ed25519 public key (RFC 8032).

    Source: C2SP signed-note, "Verifier keys"; C2SP tlog-cosignature.
    """

    name: str
    algorithm: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """First four bytes of SHA-256(name || newline || algorithm || public key)."""
        return key_id(self.name, self.algorithm, self.public)

    def __str__(self) -> str:
        material = base64.b64encode(bytes([self.algorithm]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{material}"

    def signed(self, signature: NoteSignature) -> bool:
        """Whether the line claims to be of this key: name and id both."""
        return signature.name == self.name and signature.key_id == self.key_id

    def check(self, text: str, signature: NoteSignature) -> Signed:
        """Return who signed `text`, and when if the signature says so; refused (L-012): a signature that does not
        fit.
        """
        message, bare, moment = text.encode(), signature.signature, None
        if self.algorithm == COSIGNATURE:
            seconds = int.from_bytes(bare[:8], "big")
            if len(bare) != 72 or seconds > _LAST_SECOND:
                raise CheckpointRefused("L-012", key=self.name)
            moment, bare = datetime.fromtimestamp(seconds, UTC), bare[8:]
            message = cosigned_message(text, seconds)
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(bare, message)
        except (InvalidSignature, ValueError):
            raise CheckpointRefused("L-012", key=self.name) from None
        return Signed(self, moment)


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that was checked and holds (已核验的签名): whose, and for a witness since when (UTC)."""

    key: VerifierKey
    moment: datetime | None


@dataclass(frozen=True, slots=True)
class OpenedNote:
    """A note whose text may be believed (已核验的摘录): at least one known key signed it, and no known key's
    signature failed.
    """

    text: str
    signed: tuple[Signed, ...]


def key_id(name: str, algorithm: int, public: bytes) -> bytes:
    """Return the four-byte id of a key (密钥标识)."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([algorithm]) + public).digest()[:4]


def cosigned_message(text: str, seconds: int) -> bytes:
    """Return what a witness signs: two header lines and the note's text (C2SP tlog-cosignature, "Ed25519 signed
    message").
    """
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def allowed_key_name(name: str) -> bool:
    """Whether a name can stand in a note: not empty, no Unicode space, no plus, no control character."""
    return (
        bool(name)
        and "+" not in name
        and not any(c.isspace() or ord(c) < 0x20 or 0xD800 <= ord(c) <= 0xDFFF for c in name)
    )


def parse_vkey(vkey: str) -> VerifierKey:
    """Return the verifier key written as `name+id+material`; refused (L-014): any other form, another algorithm, a
    wrong id.
    """
    name, _, rest = vkey.partition("+")
    hashed, _, material = rest.partition("+")
    body = _strict_base64(material)
    if allowed_key_name(name) and body and len(body) == 33 and body[0] in (ED25519, COSIGNATURE):
        key = VerifierKey(name, body[0], body[1:])
        if str(key) == f"{name}+{hashed}+{material}":
            return key
    raise CheckpointRefused("L-014", vkey=vkey)


def parse_note(data: bytes) -> Note:
    """Return the note in `data`, unchecked.

    Refused (L-010, with the line): more than 1 MiB, not UTF-8, control characters, no blank line before the
    signatures, no signature, more than 100, a signature line of another form, base64 that is not the one way to write
    its bytes.
    """
    if len(data) > MOST_NOTE_BYTES:
        raise CheckpointRefused("L-010", line=1)
    try:
        whole = data.decode()
    except UnicodeDecodeError as wrong:
        raise CheckpointRefused("L-010", line=data[: wrong.start].count(b"\n") + 1) from None
    control = re.search(r"[\x00-\x09\x0b-\x1f]", whole)
    if control:
        raise CheckpointRefused("L-010", line=whole[: control.start()].count("\n") + 1)
    head, blank, tail = whole.rpartition("\n\n")
    if not blank or not head or not tail.endswith("\n"):
        raise CheckpointRefused("L-010", line=whole.count("\n") + 1)
    text = head + "\n"
    first = text.count("\n") + 2
    lines = tail[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise CheckpointRefused("L-010", line=first + MOST_SIGNATURES)
    return Note(text, tuple(_parse_signature(line, first + n) for n, line in enumerate(lines)))


def _parse_signature(line: str, number: int) -> NoteSignature:
    name, _, coded = line.removeprefix(_DASH).partition(" ")
    body = _strict_base64(coded)
    if not line.startswith(_DASH) or not allowed_key_name(name) or body is None or len(body) < 5:
        raise CheckpointRefused("L-010", line=number)
    return NoteSignature(name, body[:4], body[4:])


def _strict_base64(coded: str) -> bytes | None:
    try:
        body = base64.b64decode(coded.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None
    # Python takes stray bits in the last character; a second spelling of the same bytes would be a second note.
    return body if base64.b64encode(body).decode() == coded else None


def open_note(data: bytes, keys: Iterable[VerifierKey]) -> OpenedNote:
    """Return the note's text with those of `keys` that signed it.

    Signatures of unknown keys are passed over, as the specification asks. Refused: L-010 for a malformed note, L-011
    when no known key signed it, L-012 when a known key's signature does not fit.
    """
    note = parse_note(data)
    known = {(key.name, key.key_id): key for key in keys}
    signed: list[Signed] = []
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is not None:
            signed.append(key.check(note.text, signature))
    if not signed:
        raise CheckpointRefused("L-011", keys=", ".join(sorted({s.name for s in note.signatures})))
    return OpenedNote(note.text, tuple(signed))
