"""Files taken in and given out: told by their bytes, named plainly, by ranges as RFC 9110 asks."""

from __future__ import annotations

import hashlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.engines.vault.refusals import VaultRefused
from liuhen.journal.who import Who
from liuhen.rooms.evidence import intake
from liuhen.rooms.evidence.intake import LIMIT_BYTES, UploadRefused, from_token, plain_name, take_in
from liuhen.rooms.evidence.serving import PIECE_BYTES, asked_range, pieces, size_of, type_of
from liuhen.rooms.evidence.showing import served_as, shown_as
from tests.office import Office, data_folder, office, transactional_db

__all__ = ["data_folder", "office", "transactional_db"]

SIZE = 1000


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("application/pdf", "pdf"),
        ("image/jpeg", "image"),
        ("image/png", "image"),
        ("video/mp4", "video"),
        ("video/quicktime", "video"),
        ("video/webm", "video"),
        ("audio/wav", "audio"),
        ("audio/mpeg", "audio"),
    ],
)
def test_what_a_browser_plays_is_shown_as_what_it_is(kind: str, shown: str) -> None:
    assert shown_as(kind) == shown
    assert served_as(kind) == kind


@pytest.mark.parametrize(
    "kind", ["text/plain", "text/html", "image/svg+xml", "image/tiff", "video/mp2t", "application/zip", ""]
)
def test_what_it_could_run_or_can_not_play_is_bytes_to_be_downloaded(kind: str) -> None:
    assert shown_as(kind) == ""
    assert served_as(kind) == "application/octet-stream"


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("扫描件.pdf", "扫描件.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\照片.jpg", "照片.jpg"),
        ("a\x00b\n.pdf", "ab.pdf"),
        ("", "file"),
        ("..", "file"),
        ("x" * 500 + ".mp4", "x" * 196 + ".mp4"),
    ],
)
def test_a_name_is_kept_without_folders_and_control_characters(given_name: str, kept: str) -> None:
    assert plain_name(given_name) == kept


@pytest.mark.parametrize(
    ("header", "status", "start", "end"),
    [
        ("", 200, 0, SIZE),
        ("bytes=0-99", 206, 0, 100),
        ("bytes=0-0", 206, 0, 1),
        ("bytes=999-", 206, 999, 1000),
        ("bytes=999-5000", 206, 999, 1000),
        ("bytes=1000-", 416, 0, 0),
        ("bytes=-1", 206, 999, 1000),
        ("bytes=-5000", 206, 0, 1000),
        ("bytes=-0", 416, 0, 0),
        ("bytes=9-5", 200, 0, SIZE),  # not a range: the header is to be ignored
        ("bytes=0-1,5-9", 200, 0, SIZE),
        ("items=0-1", 200, 0, SIZE),
        ("bytes=-", 200, 0, SIZE),
        ("bytes=٣-", 200, 0, SIZE),
    ],
)
def test_a_range_is_answered_as_the_rfc_asks(header: str, status: int, start: int, end: int) -> None:
    found = asked_range(header, SIZE)
    assert (found.status, found.start, found.end) == (status, start, end)


def test_an_open_end_gets_a_piece_and_a_named_end_all_of_it() -> None:
    size = 3 * PIECE_BYTES
    assert asked_range("bytes=0-", size).end == PIECE_BYTES
    assert asked_range(f"bytes=0-{size - 1}", size).end == size


@given(st.text(max_size=30), st.integers(0, 5000))
def test_no_header_asks_for_bytes_that_are_not_there(header: str, size: int) -> None:
    found = asked_range(header, size)
    assert found.status in (200, 206, 416)
    assert 0 <= found.start <= found.end <= size


class TestIntake:
    def test_the_server_computes_the_digests_and_tells_the_type(self, office: Office) -> None:
        who = office.who("zhang")
        found = take_in(io.BytesIO(b"%PDF-1.4 sample"), "x/扫描件.pdf", who, length=15)
        assert (found.name, found.media_type, found.bytes) == ("扫描件.pdf", "application/pdf", 15)
        assert size_of(found.sha256) == 15
        assert type_of(found.sha256) == "application/pdf"
        assert b"".join(pieces(found.sha256, asked_range("bytes=0-3", 15))) == b"%PDF"

    def test_its_token_is_for_its_person_and_tells_if_it_was_altered(self, office: Office) -> None:
        who = office.who("zhang")
        found = take_in(io.BytesIO(b"abc"), "a.bin", who, length=3)
        assert from_token(found.token, who.person) == found
        for token, person in ((found.token, "somebody"), (found.token[:-2] + "xx", who.person), ("", who.person)):
            with pytest.raises(UploadRefused) as refused:
                from_token(token, person)
            assert refused.value.finding.code == "U-206"

    def test_an_upload_that_broke_off_says_how_far_it_came_and_leaves_nothing(self, office: Office) -> None:
        with pytest.raises(UploadRefused) as refused:
            take_in(io.BytesIO(b"abc"), "a.bin", office.who("zhang"), length=10)
        assert refused.value.finding.code == "U-208"
        assert refused.value.finding.fields["received"] == 3

    def test_more_than_the_page_takes_is_refused_before_a_byte_is_read(self) -> None:
        with pytest.raises(UploadRefused) as refused:
            take_in(io.BytesIO(b""), "a.bin", Who("p", "b"), length=LIMIT_BYTES + 1)
        assert refused.value.finding.code == "U-207"

    def test_an_empty_file_is_refused_and_is_nowhere_afterwards(self, office: Office) -> None:
        from liuhen.journal.vaulted import the_vault

        for length in (0, None):
            with pytest.raises(VaultRefused) as refused:
                take_in(io.BytesIO(b""), "a.mp4", office.who("zhang"), length=length)
            assert refused.value.finding.code == "F-014"
        assert hashlib.sha256(b"").hexdigest() not in list(the_vault().stored())
        assert take_in(io.BytesIO(b"a"), "a.txt", office.who("zhang"), length=1).bytes == 1

    def test_what_comes_after_the_announced_length_is_not_read(self, office: Office) -> None:
        found = take_in(io.BytesIO(b"abcdef"), "a.bin", office.who("zhang"), length=3)
        assert found.bytes == 3

    def test_a_file_that_a_record_names_can_be_named_again_by_its_correction(self, office: Office) -> None:
        from liuhen.ground.record import File

        who = office.who("zhang")
        again = intake.already_there(File("ab" * 32, "", 7, "a.pdf", "scan", "application/pdf"), who)
        assert from_token(again.token, who.person).sha256 == "ab" * 32
