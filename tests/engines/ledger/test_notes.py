"""Signed notes are read as C2SP signed-note says, and nothing else passes for one."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from liuhen.engines.ledger.keys import Signer
from liuhen.engines.ledger.notes import (
    COSIGNATURE,
    ED25519,
    MOST_SIGNATURES,
    Note,
    NoteSignature,
    VerifierKey,
    cosigned_message,
    open_note,
    parse_note,
    parse_vkey,
)
from liuhen.engines.ledger.refusals import CheckpointRefused

# The example of the specification.
VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
NOTE = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()
TEXT = "示例\n第二行\n"
WITNESS = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
WITNESS_KEY = VerifierKey("witness.example/w1", COSIGNATURE, WITNESS.public_key().public_bytes_raw())


def cosigned(text: str, seconds: int, *, said: int | None = None) -> NoteSignature:
    bare = WITNESS.sign(cosigned_message(text, seconds))
    return NoteSignature(
        WITNESS_KEY.name, WITNESS_KEY.key_id, (seconds if said is None else said).to_bytes(8, "big") + bare
    )


def test_the_note_of_the_specification_is_verified() -> None:
    opened = open_note(NOTE, [parse_vkey(VKEY)])
    assert opened.text == "This is an example message.\n"
    assert [str(signed.key) for signed in opened.signed] == [VKEY]


def test_the_note_of_the_specification_with_another_text_is_refused() -> None:
    with pytest.raises(CheckpointRefused) as refused:
        open_note(NOTE.replace(b"example message", b"example massage"), [parse_vkey(VKEY)])
    assert (refused.value.finding.code, refused.value.finding.fields["key"]) == ("L-012", "example.com/foo")


@settings(deadline=None)
@given(st.integers(0, len(NOTE) * 8 - 1))
def test_any_flipped_bit_in_a_note_is_refused(bit: int) -> None:
    changed = bytearray(NOTE)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(CheckpointRefused) as refused:
        open_note(bytes(changed), [parse_vkey(VKEY)])
    assert refused.value.finding.code in ("L-010", "L-011", "L-012")


def test_a_note_written_is_the_note_read(signer: Signer) -> None:
    data = signer.sign(TEXT)
    assert parse_note(data).encode() == data
    assert open_note(data, [signer.verifier]).text == TEXT


def test_signatures_of_unknown_keys_are_passed_over(signer: Signer) -> None:
    stranger = Signer("stranger.example", b"s" * 32)
    note = Note(TEXT, parse_note(stranger.sign(TEXT)).signatures + parse_note(signer.sign(TEXT)).signatures)
    assert [s.key for s in open_note(note.encode(), [signer.verifier]).signed] == [signer.verifier]


def test_a_note_that_only_strangers_signed_is_refused(signer: Signer) -> None:
    with pytest.raises(CheckpointRefused) as refused:
        open_note(Signer("stranger.example", b"s" * 32).sign(TEXT), [signer.verifier])
    assert (refused.value.finding.code, refused.value.finding.fields["keys"]) == ("L-011", "stranger.example")


def test_a_known_key_whose_signature_does_not_fit_spoils_a_note_that_another_signed(signer: Signer) -> None:
    other = Signer("other.example", b"o" * 32)
    good = parse_note(signer.sign(TEXT)).signatures[0]
    bad = NoteSignature("other.example", other.verifier.key_id, good.signature)
    with pytest.raises(CheckpointRefused) as refused:
        open_note(Note(TEXT, (good, bad)).encode(), [signer.verifier, other.verifier])
    assert (refused.value.finding.code, refused.value.finding.fields["key"]) == ("L-012", "other.example")


def test_a_key_of_the_same_name_and_another_id_is_a_stranger(signer: Signer) -> None:
    namesake = Signer(signer.name, b"n" * 32)
    with pytest.raises(CheckpointRefused) as refused:
        open_note(namesake.sign(TEXT), [signer.verifier])
    assert refused.value.finding.code == "L-011"


def test_a_witness_says_when_it_saw_the_text() -> None:
    note = Note(TEXT, (cosigned(TEXT, 1_679_315_147),)).encode()
    [signed] = open_note(note, [WITNESS_KEY]).signed
    assert (signed.key, signed.moment) == (WITNESS_KEY, datetime(2023, 3, 20, 12, 25, 47, tzinfo=UTC))


@pytest.mark.parametrize(
    "signature",
    [
        cosigned(TEXT, 1_679_315_147, said=1_679_315_148),
        cosigned("anderes\n", 1_679_315_147),
        cosigned(TEXT, 2**63 - 1),
        NoteSignature(WITNESS_KEY.name, WITNESS_KEY.key_id, WITNESS.sign(TEXT.encode())),
        NoteSignature(WITNESS_KEY.name, WITNESS_KEY.key_id, b"x"),
    ],
    ids=["another second", "another text", "a year after 9999", "an untimed signature", "too short"],
)
def test_a_cosignature_that_does_not_fit_is_refused(signature: NoteSignature) -> None:
    with pytest.raises(CheckpointRefused) as refused:
        open_note(Note(TEXT, (signature,)).encode(), [WITNESS_KEY])
    assert refused.value.finding.code == "L-012"


def test_the_same_key_has_another_id_as_a_witness() -> None:
    assert VerifierKey(WITNESS_KEY.name, ED25519, WITNESS_KEY.public).key_id != WITNESS_KEY.key_id


SIGNED = "— a.example " + base64.b64encode(b"k" * 4 + b"s").decode() + "\n"


@pytest.mark.parametrize(
    ("note", "line"),
    [
        (b"", 1),
        (b"text\n", 2),
        (b"\n\n" + SIGNED.encode(), 4),
        (f"text\n\n{SIGNED}".encode()[:-1], 3),
        (f"text\n{SIGNED}".encode(), 3),
        (f"text\n\n{SIGNED}\n".encode(), 5),
        (b"text\n\n\xff\n", 3),
        ("text\n\n".encode("utf-16") + SIGNED.encode("utf-16"), 1),
        (f"te\txt\n\n{SIGNED}".encode(), 1),
        (f"text\r\n\n{SIGNED}".encode(), 1),
        (f"text\n\n{SIGNED}".replace("— ", "- ").encode(), 3),
        (f"text\n\n{SIGNED}".replace("a.example", "").encode(), 3),
        (f"text\n\n{SIGNED}".replace("a.example", "a+b").encode(), 3),
        (f"text\n\n{SIGNED}".replace("a.example", "a\u3000b").encode(), 3),
        (f"text\n\n{SIGNED}".replace("=\n", "\n").replace("cw==", "cx==").encode(), 3),
        (f"text\n\n{SIGNED}".replace("=\n", "= \n").encode(), 3),
        (f"text\n\n{SIGNED}".replace("=\n", "é\n").encode(), 3),
        (b"text\n\n" + "— a.example a2tra2=\n".encode(), 3),
        (f"text\n\n{SIGNED}garbage\n".encode(), 4),
        (f"text\n\n{SIGNED * (MOST_SIGNATURES + 1)}".encode(), 3 + MOST_SIGNATURES),
        (b"x" * (1 << 20) + f"\n\n{SIGNED}".encode(), 1),
    ],
)
def test_what_is_not_a_signed_note_is_refused_with_the_line(note: bytes, line: int) -> None:
    with pytest.raises(CheckpointRefused) as refused:
        parse_note(note)
    assert (refused.value.finding.code, refused.value.finding.fields["line"]) == ("L-010", line)


def test_as_many_signatures_as_allowed_are_read() -> None:
    assert len(parse_note(f"text\n\n{SIGNED * MOST_SIGNATURES}".encode()).signatures) == MOST_SIGNATURES


def test_a_text_may_have_empty_lines() -> None:
    assert parse_note(f"one\n\ntwo\n\n{SIGNED}".encode()).text == "one\n\ntwo\n"


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_note_or_refused(data: bytes) -> None:
    try:
        assert parse_note(data).encode() == data
    except CheckpointRefused as refused:
        code = refused.finding.code
    else:
        code = "L-010"
    assert code == "L-010"


@pytest.mark.parametrize("vkey", [VKEY, str(WITNESS_KEY)])
def test_a_verifier_key_is_written_as_it_is_read(vkey: str) -> None:
    assert str(parse_vkey(vkey)) == vkey


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "example.com/foo",
        VKEY[:-1],
        VKEY + "A",
        VKEY.replace("530d903a", "530d903b"),
        VKEY.replace("530d903a", "530D903A"),
        VKEY.replace("example.com/foo", "example.com/bar"),
        VKEY.replace("example.com/foo", ""),
        VKEY.replace("+Aek", "+Auk"),
        VKEY.replace("+Aek", "+\u00e9ek"),
        VKEY.replace("com/", "com /"),
    ],
)
def test_what_is_not_a_verifier_key_is_refused(vkey: str) -> None:
    with pytest.raises(CheckpointRefused) as refused:
        parse_vkey(vkey)
    assert refused.value.finding.code == "L-014"
