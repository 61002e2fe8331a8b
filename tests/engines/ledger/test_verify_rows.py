"""What was done to rows and files is found and named; the same rows without it are sound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liuhen.engines.ledger.keys import Signer
from liuhen.engines.ledger.leaf import FileLeaf, RecordLeaf
from liuhen.engines.ledger.log import Log
from liuhen.engines.ledger.store import DiskTiles
from liuhen.engines.ledger.verify import verify_log
from liuhen.engines.ledger.walk import FileSeen
from tests.engines.ledger.office import PLACES, SIZE, Office, Rows
from tests.engines.ledger.sealed import ORIGIN, file_seen, sealed_rows


def test_an_untouched_log_is_sound(office: Office) -> None:
    seen = office.verify(kept=office.kept)
    assert seen.sound
    assert (seen.size, seen.rows, seen.files, seen.files_unread, seen.kept) == (SIZE, SIZE, 60, 0, 5)


def test_an_empty_log_is_sound(tmp_path: Path, signer: Signer) -> None:
    Log.create(tmp_path / "log", signer)
    seen = verify_log([], DiskTiles(tmp_path / "log"), [signer.verifier], ORIGIN)
    assert (seen.sound, seen.size) == (True, 0)


@pytest.mark.parametrize("place", [1, 254, 256, 509, 512, 599])
def test_an_edited_row_is_found(office: Office, place: int) -> None:
    assert isinstance(office.rows[place][1], RecordLeaf)
    office.edit(place)
    assert office.found(kept=office.kept) == [("L-201", place)]


def test_a_row_whose_salt_was_changed_is_found(office: Office) -> None:
    leaf = office.rows[1][1]
    assert isinstance(leaf, RecordLeaf)
    office.rows[1] = (1, replace(leaf, salt=b"t" * 32))
    assert office.found() == [("L-201", 1)]
    office.rows[1] = (1, replace(leaf, salt=b""))
    assert office.found() == [("L-201", 1)]


@pytest.mark.parametrize("place", PLACES)
def test_a_missing_row_is_found(office: Office, place: int) -> None:
    del office.rows[place]
    assert office.found(kept=office.kept) == [("L-202", place)]


@pytest.mark.parametrize("place", PLACES)
def test_a_missing_row_is_found_when_the_others_were_moved_up(office: Office, place: int) -> None:
    del office.rows[place]
    office.rows = [(n, leaf) for n, (_, leaf) in enumerate(office.rows)]
    assert office.found() == [("L-202", place)]


def test_the_finding_names_the_missing_record(office: Office) -> None:
    leaf = office.rows[1][1]
    assert isinstance(leaf, RecordLeaf)
    del office.rows[1]
    [finding] = office.verify().findings
    assert finding.as_json()["fields"]["subject"] == f"record {leaf.record}"
    assert leaf.record in finding.sentence("zh")
    assert leaf.record in finding.sentence("en")


@pytest.mark.parametrize(("one", "other"), [(3, 4), (255, 256), (1, 599)])
def test_two_rows_that_changed_places_are_found(office: Office, one: int, other: int) -> None:
    office.rows[one], office.rows[other] = (one, office.rows[other][1]), (other, office.rows[one][1])
    assert office.found() == [("L-203", one), ("L-203", other)]
    assert [f.fields["belongs"] for f in office.verify().findings] == [other, one]


def test_one_row_moved_far_is_found_and_not_the_hundreds_between(office: Office) -> None:
    leaves = [leaf for _, leaf in office.rows]
    leaves.insert(500, leaves.pop(20))
    office.rows = list(enumerate(leaves))
    [finding] = office.verify().findings
    assert (finding.code, finding.fields["index"], finding.fields["belongs"]) == ("L-203", 500, 20)


def test_a_row_that_was_never_sealed_is_found(office: Office) -> None:
    strange = RecordLeaf("ffffffff-0000-0000-0000-000000000000", b"{}", b"s" * 32)
    leaves = [leaf for _, leaf in office.rows]
    office.rows = list(enumerate([*leaves[:300], strange, *leaves[300:599]]))
    assert office.found() == [("L-204", 300), ("L-202", 599)]


def test_a_place_claimed_twice_is_found(office: Office) -> None:
    office.rows.insert(301, office.rows[300])
    assert office.found() == [("L-205", 300)]


def test_rows_out_of_turn_are_found(office: Office) -> None:
    office.rows.append(office.rows.pop(10))
    assert office.found() == [("L-205", 10), ("L-202", 10)]


def test_a_missing_file_is_found(office: Office) -> None:
    del office.files[file_seen(20).sha256]
    [finding] = office.verify().findings
    assert (finding.code, finding.fields["sha256"]) == ("L-220", file_seen(20).sha256)
    leaf = office.rows[20][1]
    assert isinstance(leaf, FileLeaf)
    assert finding.as_json()["fields"]["subject"] == f"file {leaf.record} {leaf.position}"
    assert f"记录 {leaf.record} 的附件 {leaf.position + 1}" in finding.sentence("zh")


@pytest.mark.parametrize(
    "other",
    [
        lambda seen: replace(seen, sha256="0" * 64),
        lambda seen: replace(seen, sm3="0" * 64),
        lambda seen: replace(seen, size=seen.size + 1),
    ],
)
def test_a_changed_file_is_found(office: Office, other: Callable[[FileSeen], FileSeen]) -> None:
    seen = file_seen(20)
    office.files[seen.sha256] = other(seen)
    assert [f.code for f in office.verify().findings] == ["L-221"]


def test_a_changed_file_whose_row_was_changed_with_it_is_found_as_an_edited_row(office: Office) -> None:
    seen = FileSeen("0" * 64, "1" * 64, 5)
    leaf = office.rows[20][1]
    assert isinstance(leaf, FileLeaf)
    office.rows[20] = (20, replace(leaf, sha256=seen.sha256, sm3=seen.sm3, size=seen.size))
    office.files[seen.sha256] = seen
    assert office.found() == [("L-201", 20)]


def test_a_file_lawfully_disposed_of_need_not_be_there(office: Office) -> None:
    del office.files[file_seen(20).sha256]
    leaf = office.rows[20][1]
    assert isinstance(leaf, FileLeaf)
    office.rows[20] = (20, replace(leaf, disposed_by="record of the disposal"))
    seen = office.verify()
    assert (seen.sound, seen.disposed, seen.files) == (True, 1, 59)


def test_files_that_nobody_read_are_counted(office: Office) -> None:
    seen = verify_log(office.rows, DiskTiles(office.folder), [office.signer.verifier], ORIGIN)
    assert (seen.sound, seen.files, seen.files_unread) == (True, 0, 60)


def test_columns_that_say_something_else_than_the_sealed_bytes_are_found(office: Office) -> None:
    leaf = office.rows[1][1]
    assert isinstance(leaf, RecordLeaf)
    office.rows[1] = (1, replace(leaf, columns=leaf.canonical))
    assert office.verify().sound
    office.rows[1] = (1, replace(leaf, columns=b"{}"))
    [finding] = office.verify().findings
    assert (finding.code, finding.as_json()["fields"]["subject"]) == ("L-222", f"record {leaf.record}")


def test_rows_sealed_while_we_were_reading_are_no_finding(office: Office) -> None:
    """The rows are read after the checkpoint, and the worker goes on sealing."""
    more = sealed_rows(SIZE + 3)

    def reading() -> Rows:
        yield from more[:300]  # type: ignore[misc]
        with Log(office.folder, office.signer) as log:
            log.append(leaf.entry() for _, leaf in more[SIZE:])
        yield from more[300:]

    keys = [office.signer.verifier]
    assert verify_log(reading(), DiskTiles(office.folder), keys, ORIGIN, files=lambda sha256: None).size == SIZE
    seen = verify_log(more, DiskTiles(office.folder), keys, ORIGIN)
    assert (seen.sound, seen.size) == (True, SIZE + 3)


def test_so_many_findings_are_listed_and_the_rest_is_counted(office: Office) -> None:
    for place, leaf in office.rows:
        if isinstance(leaf, RecordLeaf):
            office.edit(place)
    edited = sum(isinstance(leaf, RecordLeaf) for _, leaf in office.rows)
    keys = [office.signer.verifier]
    seen = verify_log(office.rows, DiskTiles(office.folder), keys, ORIGIN, most=10)
    assert ({f.code for f in seen.findings}, len(seen.findings), seen.unlisted) == ({"L-201"}, 10, edited - 10)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(data=st.data())
def test_any_flipped_bit_in_a_row_is_found_and_named(
    built: tuple[Path, list[bytes]], signer: Signer, data: st.DataObject
) -> None:
    rows = sealed_rows(SIZE)
    place = data.draw(st.sampled_from([n for n, leaf in rows if isinstance(leaf, RecordLeaf)]))
    leaf = rows[place][1]
    assert isinstance(leaf, RecordLeaf)
    body = bytearray(leaf.canonical)
    bit = data.draw(st.integers(0, len(body) * 8 - 1))
    body[bit // 8] ^= 1 << bit % 8
    rows[place] = (place, replace(leaf, canonical=bytes(body)))
    seen = verify_log(rows, DiskTiles(built[0]), [signer.verifier], ORIGIN)
    assert [(f.code, f.fields["index"]) for f in seen.findings] == [("L-201", place)]
