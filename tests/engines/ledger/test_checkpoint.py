"""A checkpoint states origin, size and root in exactly one way, and counts only when the log's own key signed it."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liuhen.engines.ledger.checkpoint import (
    Checkpoint,
    check_origin,
    claimed_checkpoint,
    open_checkpoint,
    parse_checkpoint_text,
)
from liuhen.engines.ledger.keys import Signer
from liuhen.engines.ledger.notes import COSIGNATURE, Note, NoteSignature, VerifierKey, cosigned_message, parse_note
from liuhen.engines.ledger.refusals import CheckpointRefused
from liuhen.engines.ledger.tree import EMPTY_ROOT
from tests.engines.ledger.sealed import ORIGIN

# The example of the specification.
TEXT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
HEAD = Checkpoint(ORIGIN, 5, b"r" * 32)
WITNESS = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
WITNESS_KEY = VerifierKey("witness.example", COSIGNATURE, WITNESS.public_key().public_bytes_raw())


def cosigned(signed: bytes, text: str) -> bytes:
    bare = WITNESS.sign(cosigned_message(text, 60))
    line = NoteSignature(WITNESS_KEY.name, WITNESS_KEY.key_id, (60).to_bytes(8, "big") + bare)
    note = parse_note(signed)
    return Note(note.text, (*note.signatures, line)).encode()


def test_the_checkpoint_of_the_specification_is_read_and_written() -> None:
    head = parse_checkpoint_text(TEXT)
    assert (head.origin, head.size, len(head.root)) == ("example.com/behind-the-sofa", 20_852_163, 32)
    assert head.text() == TEXT


def test_extension_lines_are_kept() -> None:
    assert parse_checkpoint_text(TEXT + "more\n").extensions == ("more",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        TEXT[:-1],
        TEXT + "\n",
        TEXT.replace("20852163", "020852163"),
        TEXT.replace("20852163", "+20852163"),
        TEXT.replace("20852163", "-1"),
        TEXT.replace("20852163", "2085216३"),
        TEXT.replace("20852163", str(2**63)),
        TEXT.replace("20852163", ""),
        TEXT.replace("20852163", "0"),
        TEXT.replace("q2I=", "q2J="),
        TEXT.replace("q2I=", "q2I"),
        TEXT.replace("q2I=", "q2I=="),
        TEXT.replace("CsUY", "CsUYAAAA"),
        TEXT.replace("CsUY", "CsU€"),
        TEXT.replace("example.com/behind-the-sofa", ""),
        "one\n1\n",
    ],
)
def test_a_text_that_is_not_a_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(CheckpointRefused) as refused:
        parse_checkpoint_text(text)
    assert refused.value.finding.code == "L-013"


def test_the_largest_size_is_read() -> None:
    assert parse_checkpoint_text(TEXT.replace("20852163", str(2**63 - 1))).size == 2**63 - 1


def test_an_empty_log_has_the_empty_root() -> None:
    assert parse_checkpoint_text(Checkpoint(ORIGIN, 0, EMPTY_ROOT).text()).size == 0


def test_a_checkpoint_that_the_log_signed_is_opened(signer: Signer) -> None:
    assert open_checkpoint(signer.sign(HEAD.text()), [signer.verifier], ORIGIN).checkpoint == HEAD


def test_a_checkpoint_of_another_log_is_refused(signer: Signer) -> None:
    other = Checkpoint("other.example", 5, b"r" * 32)
    with pytest.raises(CheckpointRefused) as refused:
        open_checkpoint(signer.sign(other.text()), [signer.verifier], ORIGIN)
    assert (refused.value.finding.code, refused.value.finding.fields["origin"]) == ("L-016", "other.example")


def test_a_witness_is_named_beside_the_log(signer: Signer) -> None:
    note = cosigned(signer.sign(HEAD.text()), HEAD.text())
    opened = open_checkpoint(note, [signer.verifier], ORIGIN, [WITNESS_KEY])
    assert [signed.key for signed in opened.signed] == [signer.verifier, WITNESS_KEY]


def test_a_witness_alone_does_not_make_a_checkpoint(signer: Signer) -> None:
    note = cosigned(Signer("stranger.example", b"s" * 32).sign(HEAD.text()), HEAD.text())
    with pytest.raises(CheckpointRefused) as refused:
        open_checkpoint(note, [signer.verifier], ORIGIN, [WITNESS_KEY])
    assert refused.value.finding.code == "L-011"


def test_a_witness_who_saw_something_else_spoils_the_checkpoint(signer: Signer) -> None:
    note = cosigned(signer.sign(HEAD.text()), Checkpoint(ORIGIN, 6, b"r" * 32).text())
    with pytest.raises(CheckpointRefused) as refused:
        open_checkpoint(note, [signer.verifier], ORIGIN, [WITNESS_KEY])
    assert refused.value.finding.code == "L-012"


def test_what_a_checkpoint_claims_can_be_read_without_believing_it() -> None:
    assert claimed_checkpoint(Signer("stranger.example", b"s" * 32).sign(HEAD.text())) == HEAD


@pytest.mark.parametrize("origin", ["a", "存证.示例/局", "x" * 255])
def test_a_log_may_be_called(origin: str) -> None:
    assert check_origin(origin) == origin


@pytest.mark.parametrize("origin", ["", "a b", "a\u3000b", "a+b", "a\nb", "a\x00b", "a\ud800b", "x" * 256])
def test_a_log_may_not_be_called(origin: str) -> None:
    with pytest.raises(CheckpointRefused) as refused:
        check_origin(origin)
    assert refused.value.finding.code == "L-015"
