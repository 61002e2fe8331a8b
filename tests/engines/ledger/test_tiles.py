"""Tiles and bundles lie where C2SP tlog-tiles says, and hostile paths are refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liuhen.engines.ledger.refusals import EntryRefused, TileRefused
from liuhen.engines.ledger.tiles import (
    TILE_WIDTH,
    Edge,
    TilePath,
    decode_bundle,
    encode_bundle,
    parse_tile_path,
    ragged_tiles,
    split_tile,
)
from liuhen.engines.ledger.tree import leaf_hashes, root_of
from tests.engines.ledger.sealed import entries


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (TilePath(0, 0), "tile/0/000"),
        (TilePath(0, 0, 1), "tile/0/000.p/1"),
        (TilePath(63, 67, 255), "tile/63/067.p/255"),
        (TilePath(1, 999), "tile/1/999"),
        (TilePath(1, 1000), "tile/1/x001/000"),
        (TilePath(0, 1_234_067), "tile/0/x001/x234/067"),
        (TilePath(None, 1_234_067, 8), "tile/entries/x001/x234/067.p/8"),
        (TilePath(None, 0), "tile/entries/000"),
    ],
)
def test_a_path_is_written_and_read_as_the_specification_says(tile: TilePath, path: str) -> None:
    assert str(tile) == path
    assert parse_tile_path(path) == tile


@settings(deadline=None)
@given(st.builds(TilePath, st.none() | st.integers(0, 63), st.integers(0, 10**15), st.integers(1, 256)))
def test_every_tile_finds_its_way_back_from_its_path(tile: TilePath) -> None:
    assert parse_tile_path(str(tile)) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile",
        "tile/",
        "checkpoint",
        "/tile/0/000",
        "tile/0/000/",
        "tile//000",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/x000/067",
        "tile/0/001/067",
        "tile/0/x001",
        "tile/00/000",
        "tile/01/000",
        "tile/64/000",
        "tile/100/000",
        "tile/-1/000",
        "tile/data/000",
        "tile/entries/000.p/0",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/999",
        "tile/0/000.p/",
        "tile/0/000.p",
        "tile/0/../../key",
        "tile/0/..",
        "tile/../checkpoint",
        "tile/0/000\n",
        "tile/0/000\x00",
        "tile/0/000%2e",
        "tile/0/٠٠٠",
        "tile/0/０００",
        "tile\\0\\000",
        "TILE/0/000",
        "tile/0/" + "x001/" * 40 + "000",
    ],
)
def test_a_path_that_is_not_a_tile_is_refused(path: str) -> None:
    with pytest.raises(TileRefused) as refused:
        parse_tile_path(path)
    assert refused.value.finding.code == "L-002"


@settings(deadline=None)
@given(st.text(max_size=70))
def test_any_text_is_a_tile_or_refused(text: str) -> None:
    try:
        assert str(parse_tile_path(text)) == text
    except TileRefused as refused:
        code = refused.finding.code
    else:
        code = "L-002"
    assert code == "L-002"


def test_a_tree_of_70000_has_the_tiles_of_the_specification() -> None:
    edge = Edge()
    full = edge.extend(leaf_hashes(entries(70_000)))
    assert [sum(tile.level == level for tile, _ in full) for level in (0, 1, 2)] == [273, 1, 0]
    assert [tile for tile, _ in edge.partial()] == [TilePath(0, 273, 112), TilePath(1, 1, 17), TilePath(2, 0, 1)]
    assert ragged_tiles(70_000) == [TilePath(None, 273, 112), *(tile for tile, _ in edge.partial())]


@pytest.mark.parametrize(
    ("size", "ragged"),
    [
        (0, []),
        (1, ["tile/entries/000.p/1", "tile/0/000.p/1"]),
        (255, ["tile/entries/000.p/255", "tile/0/000.p/255"]),
        (256, ["tile/1/000.p/1"]),
        (257, ["tile/entries/001.p/1", "tile/0/001.p/1", "tile/1/000.p/1"]),
        (65_535, ["tile/entries/255.p/255", "tile/0/255.p/255", "tile/1/000.p/255"]),
        (65_536, ["tile/2/000.p/1"]),
        (65_537, ["tile/entries/256.p/1", "tile/0/256.p/1", "tile/2/000.p/1"]),
    ],
)
def test_the_ragged_edge_is_that_of_the_size(size: int, ragged: list[str]) -> None:
    assert [str(tile) for tile in ragged_tiles(size)] == ragged
    edge = Edge()
    edge.extend(leaf_hashes(entries(size)))
    assert [str(tile) for tile, _ in edge.partial()] == [path for path in ragged if "entries" not in path]


def test_an_upper_hash_is_the_root_of_the_full_tile_below() -> None:
    edge, hashes = Edge(), leaf_hashes(entries(512))
    edge.extend(hashes)
    [(tile, row)] = edge.partial()
    assert (tile, row) == (TilePath(1, 0, 2), [root_of(hashes[:256]), root_of(hashes[256:])])


@pytest.mark.parametrize(
    ("tile", "end"), [(TilePath(0, 0), 256), (TilePath(None, 1, 3), 259), (TilePath(1, 0, 2), 512)]
)
def test_a_tile_knows_what_size_it_needs(tile: TilePath, end: int) -> None:
    assert tile.end == end


@settings(deadline=None)
@given(st.lists(st.binary(max_size=300), min_size=1, max_size=TILE_WIDTH))
def test_a_bundle_gives_back_its_entries(sealed: list[bytes]) -> None:
    assert decode_bundle(encode_bundle(sealed), len(sealed), TilePath(None, 0, len(sealed))) == sealed


def test_a_bundle_is_length_and_entry_by_turns() -> None:
    assert encode_bundle([b"ab", b"", b"c" * 256]) == b"\x00\x02ab\x00\x00\x01\x00" + b"c" * 256


def test_the_longest_entry_fits_and_a_longer_one_is_refused() -> None:
    assert len(encode_bundle([b"x" * 65_535])) == 65_537
    with pytest.raises(EntryRefused) as refused:
        encode_bundle([b"x" * 65_536])
    assert refused.value.finding.code == "L-001"


@pytest.mark.parametrize("wrong", [b"\x00", b"\x00\x05abcd", encode_bundle([b"one"]), encode_bundle([b"x"] * 257)])
def test_a_bundle_that_is_cut_short_or_has_too_many_is_refused(wrong: bytes) -> None:
    with pytest.raises(TileRefused) as refused:
        decode_bundle(wrong, 2, TilePath(None, 0, 2))
    assert refused.value.finding.code == "L-003"


def test_the_entries_of_a_narrower_bundle_are_the_first_of_the_wider() -> None:
    assert decode_bundle(encode_bundle([b"a", b"b", b"c"]), 2, TilePath(None, 0, 2)) == [b"a", b"b"]


@pytest.mark.parametrize("length", [0, 31, 33, 257 * 32])
def test_a_tile_that_is_not_whole_hashes_is_refused(length: int) -> None:
    with pytest.raises(TileRefused) as refused:
        split_tile(b"x" * length, 1, TilePath(0, 0, 1))
    assert refused.value.finding.code == "L-003"
