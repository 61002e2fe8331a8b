"""What was done to the log's stored files is found and named; rows are judged by what was signed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liuhen.engines.ledger.keys import Signer
from liuhen.engines.ledger.tiles import Edge
from liuhen.engines.ledger.tree import leaf_hashes
from liuhen.engines.ledger.verify import verify_log
from tests.engines.ledger.office import PLACES, SIZE, Office, bundle_at
from tests.engines.ledger.sealed import ORIGIN, MemoryTiles, sealed_rows


@pytest.mark.parametrize("place", PLACES)
def test_a_forged_entry_is_found(office: Office, place: int) -> None:
    office.forge_entry(place)
    assert office.found(kept=office.kept) == [("L-206", place)]


@pytest.mark.parametrize("place", PLACES)
def test_a_forged_entry_together_with_its_matching_tile_is_found(office: Office, place: int) -> None:
    office.forge_entry(place)
    office.forge_tile(place)
    assert office.found(kept=office.kept) == [("L-207", place)]


@pytest.mark.parametrize("place", PLACES)
def test_a_changed_tile_is_found(office: Office, place: int) -> None:
    office.forge_tile(place)
    assert office.found(kept=office.kept) == [("L-211", str(replace(bundle_at(place), level=0)))]


def test_a_changed_upper_tile_is_found(office: Office) -> None:
    office.write("tile/1/000.p/2", b"x" * 64)
    assert office.found() == [("L-211", "tile/1/000.p/2")]


@pytest.mark.parametrize("path", ["tile/0/000", "tile/0/002.p/88", "tile/1/000.p/2", "tile/entries/001"])
@pytest.mark.parametrize("how", ["gone", "cut", "a folder", "a link"])
def test_a_stored_file_that_can_not_be_read_is_found(office: Office, path: str, how: str) -> None:
    file = office.folder / path
    body = file.read_bytes()
    file.unlink()
    if how == "cut":
        file.write_bytes(body[:-1])
    elif how == "a folder":
        file.mkdir()
    elif how == "a link":
        file.symlink_to(office.folder / "checkpoint")
    assert office.found(kept=office.kept) == [("L-210", path)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(data=st.data())
def test_any_flipped_bit_in_a_stored_file_is_found(
    built: tuple[Path, list[bytes]], signer: Signer, data: st.DataObject
) -> None:
    tiles = MemoryTiles.of(built[0])
    used = [path for path in tiles.held if path in set(used_paths()) | {"checkpoint"}]
    path = data.draw(st.sampled_from(sorted(used)))
    body = bytearray(tiles.held[path])
    bit = data.draw(st.integers(0, len(body) * 8 - 1))
    body[bit // 8] ^= 1 << bit % 8
    tiles.held[path] = bytes(body)
    assert not verify_log(sealed_rows(SIZE), tiles, [signer.verifier], ORIGIN).sound


def used_paths() -> list[str]:
    edge = Edge()
    full = edge.extend(leaf_hashes(leaf.entry() for _, leaf in sealed_rows(SIZE)))
    tiles = [tile for tile, _ in full + edge.partial()]
    return [str(tile) for tile in tiles] + [str(bundle_at(place)) for place in (0, 256, 512)]
