"""An entry tells nothing of the content, and everything that has to be proven."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liuhen.engines.ledger.leaf import FileLeaf, LooksLeaf, RecordLeaf, file_salt, subject_of
from liuhen.engines.ledger.refusals import EntryRefused
from liuhen.ground.canonical import salted_digest

RECORD = "01890a5d-ac96-774b-bcce-b302099a8057"
SALT = b"s" * 32
CONTENT = '{"当事人":"示例"}'.encode()
A_RECORD = RecordLeaf(RECORD, CONTENT, SALT)
A_FILE = FileLeaf(RECORD, 2, "a" * 64, "b" * 64, 1_048_576, SALT)
LOOKS = LooksLeaf(10, 19, b"[]", SALT)


def test_the_entry_of_a_record_names_it_and_carries_its_salted_digest() -> None:
    assert A_RECORD.entry() == f"liuhen/record/1\n{RECORD}\n{salted_digest(SALT, CONTENT)}\n".encode()


def test_the_entry_of_a_file_names_its_place_and_carries_the_digest_of_both_digests_and_length() -> None:
    proven = b"a" * 64 + b"\n" + b"b" * 64 + b"\n1048576\n"
    digest = salted_digest(file_salt(SALT, RECORD, 2), proven)
    assert A_FILE.entry() == f"liuhen/file/1\n{RECORD}\n2\n{digest}\n".encode()
    assert A_FILE.proven() == proven


def test_the_entry_of_a_run_of_looks_names_its_span() -> None:
    assert LOOKS.entry() == f"liuhen/looks/1\n10\n19\n{salted_digest(SALT, b'[]')}\n".encode()


@pytest.mark.parametrize(
    ("leaf", "subject"),
    [(A_RECORD, f"record {RECORD}"), (A_FILE, f"file {RECORD} 2"), (LOOKS, "looks 10 19")],
)
def test_an_entry_says_what_it_is_about(leaf: RecordLeaf | FileLeaf | LooksLeaf, subject: str) -> None:
    assert str(subject_of(leaf.entry())) == subject


def test_neither_content_nor_salt_nor_a_file_s_own_digest_is_in_an_entry() -> None:
    for entry in (A_RECORD.entry(), A_FILE.entry()):
        for secret in (CONTENT, SALT, SALT.hex().encode(), b"a" * 64, hashlib.sha256(CONTENT).hexdigest().encode()):
            assert secret not in entry


def test_the_salt_of_a_file_is_its_own() -> None:
    salts = {
        file_salt(SALT, RECORD, 0),
        file_salt(SALT, RECORD, 1),
        file_salt(SALT, RECORD[:-1] + "8", 0),
        file_salt(b"t" * 32, RECORD, 0),
    }
    assert len(salts) == 4
    assert SALT not in salts


@pytest.mark.parametrize(
    "other",
    [
        replace(A_FILE, position=3),
        replace(A_FILE, sha256="c" * 64),
        replace(A_FILE, sm3="c" * 64),
        replace(A_FILE, size=1_048_577),
        replace(A_FILE, salt=b"t" * 32),
    ],
)
def test_whatever_changes_in_a_file_changes_its_entry(other: FileLeaf) -> None:
    assert other.entry() != A_FILE.entry()


@pytest.mark.parametrize(
    "leaf",
    [
        replace(A_RECORD, salt=SALT[:-1]),
        replace(A_RECORD, salt=SALT + b"s"),
        replace(A_RECORD, record=RECORD[:-1]),
        replace(A_FILE, salt=b""),
        replace(A_FILE, sha256="A" * 64),
        replace(A_FILE, sm3="b" * 63),
        replace(A_FILE, sm3="b" * 64 + "\n"),
        replace(A_FILE, record=""),
        replace(LOOKS, first=20),
        replace(LOOKS, first=-1),
        replace(LOOKS, salt=b"short"),
    ],
)
def test_no_entry_is_made_of_data_out_of_form(leaf: RecordLeaf | FileLeaf | LooksLeaf) -> None:
    with pytest.raises(EntryRefused) as refused:
        leaf.entry()
    assert refused.value.finding.code == "L-008"


ENTRY = A_RECORD.entry()


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        ENTRY[:-1],
        ENTRY + b"\n",
        ENTRY.replace(b"/1\n", b"/2\n"),
        ENTRY.replace(b"record", b"recard"),
        ENTRY.replace(b"\n", b"\r\n"),
        ENTRY.upper(),
        ENTRY.replace(RECORD.encode(), b"x" * 36),
        A_FILE.entry().replace(b"\n2\n", b"\n02\n"),
        A_FILE.entry().replace(b"\n2\n", b"\n\xd9\xa2\n"),
        LOOKS.entry().replace(b"\n19\n", b"\n"),
    ],
)
def test_bytes_that_are_no_entry_are_refused(wrong: bytes) -> None:
    with pytest.raises(EntryRefused) as refused:
        subject_of(wrong)
    assert (refused.value.finding.code, refused.value.finding.fields["bytes"]) == ("L-009", len(wrong))


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_an_entry_or_refused(data: bytes) -> None:
    with pytest.raises(EntryRefused):
        subject_of(data)
