"""What was done to the tree as a whole is found: rewritten, rolled back, signed by others, both sides at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from liuhen.engines.ledger.keys import Signer
from liuhen.engines.ledger.leaf import RecordLeaf
from liuhen.engines.ledger.store import DiskTiles
from liuhen.engines.ledger.verify import verify_log
from tests.engines.ledger.office import PLACES, SIZE, Office
from tests.engines.ledger.sealed import ORIGIN, MemoryTiles


def test_a_log_is_held_against_its_checkpoints_without_any_row(office: Office) -> None:
    keys, tiles = [office.signer.verifier], DiskTiles(office.folder)
    assert verify_log(None, tiles, keys, ORIGIN, kept=office.kept).sound
    assert verify_log(None, tiles, keys, ORIGIN).rows == 0
    office.forge_entry(1)
    [finding] = verify_log(None, tiles, keys, ORIGIN).findings
    assert (finding.code, dict(finding.fields)) == ("L-208", {"first": 1, "last": 1})


@pytest.mark.parametrize("place", PLACES)
def test_a_forged_entry_with_its_tile_is_found_without_any_row(office: Office, place: int) -> None:
    office.forge_entry(place)
    office.forge_tile(place)
    found = verify_log(None, DiskTiles(office.folder), [office.signer.verifier], ORIGIN).findings
    assert [f.code for f in found] == (["L-208"] if place < 512 else ["L-215"])


@pytest.mark.parametrize("path", ["tile/0/000", "tile/1/000.p/2", "tile/entries/001"])
def test_a_missing_file_of_the_log_is_found_without_any_row(office: Office, path: str) -> None:
    (office.folder / path).unlink()
    found = verify_log(None, DiskTiles(office.folder), [office.signer.verifier], ORIGIN).findings
    assert [f.fields["tile"] for f in found if f.code == "L-210"] == [path]


def test_a_rewrite_with_the_key_is_found_by_a_kept_checkpoint_without_any_row(office: Office) -> None:
    office.rewrite([*office.rows[:1], *office.rows[2:]], office.signer)
    keys, tiles = [office.signer.verifier], DiskTiles(office.folder)
    assert verify_log(None, tiles, keys, ORIGIN).sound
    found = verify_log(None, tiles, keys, ORIGIN, kept=office.kept[:1]).findings
    assert [f.code for f in found] == ["L-218"]


def test_a_checkpoint_that_claims_too_much_ends_the_walk_without_any_row(office: Office) -> None:
    path = office.folder / "checkpoint"
    path.write_bytes(path.read_bytes().replace(b"\n600\n", b"\n9223372036854775807\n"))
    found = verify_log(None, DiskTiles(office.folder), [office.signer.verifier], ORIGIN).findings
    assert {"L-012", "L-215"} <= {f.code for f in found}


@pytest.mark.parametrize("place", [1, 254, 256, 509, 512, 599])
def test_row_entry_and_tile_rewritten_together_are_found(office: Office, place: int) -> None:
    office.edit(place)
    entry = office.rows[place][1].entry()
    office.forge_entry(place, entry)
    office.forge_tile(place, entry)
    found = office.verify().findings
    whole = [f.code for f in found]
    if place < 512:
        # The level-1 tile is as it was, and still leads to the signed root: it tells in which 256 the change lies.
        first = place // 256 * 256
        assert (whole, dict(found[0].fields)) == (["L-208"], {"first": first, "last": first + 255})
    else:
        assert whole == ["L-215"]
        assert office.found(kept=office.kept[-1:])[-1] == ("L-218", SIZE)


def test_everything_rewritten_up_to_the_top_is_found(office: Office) -> None:
    office.edit(1)
    forged = MemoryTiles.over([leaf.entry() for _, leaf in office.rows])
    for path, body in forged.held.items():
        office.write(path, body)
    assert [f.code for f in office.verify().findings] == ["L-215"]


def test_an_edited_row_and_a_forged_entry_are_told_apart(office: Office) -> None:
    office.edit(1)
    office.forge_entry(2)
    office.forge_tile(2)
    office.edit(300, content=b"[]") if isinstance(office.rows[300][1], RecordLeaf) else office.edit(302)
    office.forge_entry(520)
    codes = sorted(f.code for f in office.verify(kept=office.kept).findings)
    assert codes == ["L-201", "L-201", "L-206", "L-207"]


def test_an_edited_row_is_found_while_its_bundle_is_missing(office: Office) -> None:
    office.edit(1)
    del office.rows[2]
    (office.folder / "tile/entries/000").unlink()
    assert office.found() == [("L-210", "tile/entries/000"), ("L-201", 1), ("L-202", 2)]


def test_an_entry_and_a_row_both_changed_otherwise_are_found(office: Office) -> None:
    office.edit(1)
    office.forge_entry(1)
    assert [f.code for f in office.verify().findings] == ["L-208"]


def test_where_nothing_tells_the_truth_both_sides_are_named(office: Office) -> None:
    office.edit(1)
    office.forge_entry(1)
    office.forge_tile(1)
    office.write("tile/1/000.p/2", b"x" * 64)
    assert [f.code for f in office.verify().findings][:2] == ["L-215", "L-209"]


@pytest.mark.parametrize("known", [True, False])
def test_a_log_rolled_back_is_found(office: Office, known: bool) -> None:
    """To an older state of the folder, with a good signature: the rows tell, and so does a kept checkpoint."""
    (office.folder / "checkpoint").write_bytes(office.kept[2])
    if known:
        office.rows = office.rows[:300]
    codes = [f.code for f in office.verify(kept=office.kept).findings]
    assert codes == (["L-216", "L-216"] if known else ["L-216", "L-216", "L-217"])


def test_rows_and_log_rolled_back_together_are_found_by_a_kept_checkpoint_alone(office: Office) -> None:
    office.rewrite(office.rows[:300], office.signer)
    assert office.verify(kept=office.kept[:3]).sound
    assert office.found(kept=office.kept[3:4]) == [("L-216", 512)]


def test_history_rewritten_with_the_key_is_found_by_a_kept_checkpoint(office: Office) -> None:
    rows = list(office.rows)
    leaf = rows[271][1]
    assert isinstance(leaf, RecordLeaf)
    rows[271] = (271, replace(leaf, canonical=b"{}"))
    office.rewrite(rows, office.signer)
    assert office.verify().sound
    assert office.found(kept=office.kept) == [("L-218", 300), ("L-218", 512), ("L-218", 600)]


def test_a_log_signed_by_another_key_is_found(office: Office) -> None:
    stranger = Signer(ORIGIN, b"x" * 32)
    office.rewrite(office.rows, stranger)
    [finding] = office.verify(kept=office.kept).findings
    assert (finding.code, finding.place) == ("L-011", "checkpoint")


def test_a_checkpoint_whose_signature_does_not_fit_is_found(office: Office) -> None:
    path = office.folder / "checkpoint"
    path.write_bytes(path.read_bytes().replace(b"\n600\n", b"\n512\n"))
    assert [f.code for f in office.verify().findings] == ["L-012", "L-215", "L-217"]


def test_a_checkpoint_that_claims_more_than_there_is_ends_the_walk(office: Office) -> None:
    path = office.folder / "checkpoint"
    path.write_bytes(path.read_bytes().replace(b"\n600\n", b"\n9223372036854775807\n"))
    codes = [f.code for f in office.verify().findings]
    assert sorted(codes) == ["L-012", "L-210", "L-210", "L-210", "L-210", "L-215"]


def test_a_missing_checkpoint_is_found_and_the_newest_kept_one_stands_in(office: Office) -> None:
    (office.folder / "checkpoint").unlink()
    office.edit(1)
    assert [f.code for f in office.verify(kept=office.kept).findings] == ["L-213", "L-201"]
    assert [f.code for f in office.verify().findings] == ["L-213"]


def test_a_checkpoint_that_is_a_link_is_found(office: Office, tmp_path: Path) -> None:
    (office.folder / "checkpoint").rename(tmp_path / "elsewhere")
    (office.folder / "checkpoint").symlink_to(tmp_path / "elsewhere")
    assert [f.code for f in office.verify(kept=office.kept).findings] == ["L-028"]


@pytest.mark.parametrize("note", [b"", b"\xff", b"text\n\n\xe2\x80\x94 a YWJjZGVm\n"])
def test_a_checkpoint_that_can_not_be_read_is_found(office: Office, note: bytes) -> None:
    (office.folder / "checkpoint").write_bytes(note)
    [finding] = office.verify().findings
    assert finding.code in ("L-010", "L-011")
    assert office.verify().size == 0


def test_a_kept_checkpoint_that_is_none_is_found_and_numbered(office: Office) -> None:
    forged = office.kept[1].replace(b"\n256\n", b"\n257\n")
    other = Signer("other.example", b"o" * 32)
    found = office.verify(kept=[office.kept[0], forged, b"x", other.sign("other.example\n1\nAAAA\n")]).findings
    assert [(f.code, f.place) for f in found] == [("L-012", "kept 2"), ("L-010", "kept 3"), ("L-011", "kept 4")]
