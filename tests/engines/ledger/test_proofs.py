"""Every proof that can be made holds, and none holds after one bit of it was flipped."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liuhen.engines.ledger.proofs import (
    HashReader,
    consistency_proof,
    inclusion_proof,
    verify_consistency,
    verify_inclusion,
)
from liuhen.engines.ledger.refusals import ProofRefused, TileRefused
from liuhen.engines.ledger.tree import EMPTY_ROOT, leaf_hash
from tests.engines.ledger.sealed import Definition, MemoryTiles, entries

MOST = 300
SEALED = entries(MOST)
BY_DEFINITION = Definition(SEALED)
TILES = MemoryTiles.over(SEALED)


def test_every_entry_of_every_tree_up_to_300_is_proven_as_the_definition_says() -> None:
    reader = HashReader(TILES, MOST)
    for size in range(1, MOST + 1):
        root = BY_DEFINITION.root(0, size)
        for index in range(size):
            path = inclusion_proof(reader, index, size)
            assert path == BY_DEFINITION.path(index, 0, size)
            verify_inclusion(leaf_hash(SEALED[index]), index, size, path, root)


def test_every_growth_up_to_300_is_proven_as_the_definition_says() -> None:
    reader = HashReader(TILES, MOST)
    for size in range(1, MOST + 1):
        for old in range(1, size + 1):
            proof = consistency_proof(reader, old, size)
            assert proof == BY_DEFINITION.subproof(old, 0, size, True)
            verify_consistency(old, size, BY_DEFINITION.root(0, old), BY_DEFINITION.root(0, size), proof)


@st.composite
def flips(draw: st.DrawFn, parts: list[bytes]) -> list[bytes]:
    """The same bytes with one bit flipped."""
    number = draw(st.integers(0, len(parts) - 1))
    bit = draw(st.integers(0, len(parts[number]) * 8 - 1))
    changed = bytearray(parts[number])
    changed[bit // 8] ^= 1 << bit % 8
    return [*parts[:number], bytes(changed), *parts[number + 1 :]]


@settings(deadline=None)
@given(st.data())
def test_any_flipped_bit_in_an_inclusion_proof_is_refused(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, MOST))
    index = data.draw(st.integers(0, size - 1))
    whole = [leaf_hash(SEALED[index]), BY_DEFINITION.root(0, size), *BY_DEFINITION.path(index, 0, size)]
    leaf, root, *path = data.draw(flips(whole))
    with pytest.raises(ProofRefused) as refused:
        verify_inclusion(leaf, index, size, path, root)
    assert refused.value.finding.code == "L-006"


@settings(deadline=None)
@given(st.data())
def test_any_flipped_bit_in_a_consistency_proof_is_refused(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, MOST))
    old = data.draw(st.integers(1, size))
    whole = [BY_DEFINITION.root(0, old), BY_DEFINITION.root(0, size), *BY_DEFINITION.subproof(old, 0, size, True)]
    old_root, root, *proof = data.draw(flips(whole))
    with pytest.raises(ProofRefused) as refused:
        verify_consistency(old, size, old_root, root, proof)
    assert refused.value.finding.code == "L-007"


@settings(deadline=None)
@given(st.data())
def test_a_proof_for_one_place_does_not_hold_for_another(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, MOST))
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != index))
    path, root = BY_DEFINITION.path(index, 0, size), BY_DEFINITION.root(0, size)
    with pytest.raises(ProofRefused):
        verify_inclusion(leaf_hash(SEALED[index]), other, size, path, root)


@settings(deadline=None)
@given(st.data())
def test_a_proof_with_a_hash_more_or_less_is_refused(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, MOST))
    index = data.draw(st.integers(0, size - 1))
    path, root = BY_DEFINITION.path(index, 0, size), BY_DEFINITION.root(0, size)
    for wrong in (path[:-1], path[1:], [*path, root], [root, *path], [*path, *path]):
        with pytest.raises(ProofRefused):
            verify_inclusion(leaf_hash(SEALED[index]), index, size, wrong, root)


@pytest.mark.parametrize("size", [255, 256, 257, 65_535, 65_536, 65_537])
def test_proofs_hold_on_both_sides_of_a_tile(size: int) -> None:
    sealed = entries(size)
    tiles, truth = MemoryTiles.over(sealed), Definition(sealed)
    reader, root = HashReader(tiles, size), truth.root(0, size)
    for index in {0, 1, 127, 128, 254, size // 2, size - 2, size - 1} | ({256} if size > 256 else set()):
        verify_inclusion(leaf_hash(sealed[index]), index, size, inclusion_proof(reader, index, size), root)
    for old in {1, 128, 254, 255, size - 1, size} | ({256, 257} if size > 257 else set()):
        verify_consistency(old, size, truth.root(0, old), root, consistency_proof(reader, old, size))


def test_every_tree_begins_with_the_empty_one() -> None:
    verify_consistency(0, 5, EMPTY_ROOT, BY_DEFINITION.root(0, 5), [])


@pytest.mark.parametrize(
    ("old", "size", "old_root", "proof"),
    [
        (0, 5, b"\x01" * 32, []),
        (0, 5, EMPTY_ROOT, [b"\x01" * 32]),
        (5, 5, EMPTY_ROOT, []),
        (6, 5, BY_DEFINITION.root(0, 6), []),
        (-1, 5, EMPTY_ROOT, []),
        (3, 5, BY_DEFINITION.root(0, 3), []),
        (4, 5, BY_DEFINITION.root(0, 4), []),
        (4, 5, BY_DEFINITION.root(0, 4), [b"short"]),
    ],
)
def test_a_growth_that_is_none_is_refused(old: int, size: int, old_root: bytes, proof: list[bytes]) -> None:
    with pytest.raises(ProofRefused) as refused:
        verify_consistency(old, size, old_root, BY_DEFINITION.root(0, 5), proof)
    assert refused.value.finding.code == "L-007"


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (0, 0), (0, MOST + 1)])
def test_there_is_no_proof_for_what_is_not_in_the_tree(index: int, size: int) -> None:
    with pytest.raises(ProofRefused) as refused:
        inclusion_proof(HashReader(TILES, MOST), index, size)
    assert refused.value.finding.code == "L-005"
    with pytest.raises(ProofRefused):
        verify_inclusion(EMPTY_ROOT, index, size, [], EMPTY_ROOT)


@pytest.mark.parametrize(("old", "size"), [(0, 5), (6, 5), (5, MOST + 1)])
def test_there_is_no_proof_of_a_growth_that_did_not_happen(old: int, size: int) -> None:
    with pytest.raises(ProofRefused) as refused:
        consistency_proof(HashReader(TILES, MOST), old, size)
    assert refused.value.finding.code == "L-005"


@pytest.mark.parametrize("index", [0, 255, 256, MOST - 1])
def test_the_reader_gives_the_stored_leaf(index: int) -> None:
    assert HashReader(TILES, MOST).leaf(index) == leaf_hash(SEALED[index])


@pytest.mark.parametrize("index", [-1, MOST])
def test_the_reader_has_no_leaf_outside_the_tree(index: int) -> None:
    with pytest.raises(ProofRefused) as refused:
        HashReader(TILES, MOST).leaf(index)
    assert refused.value.finding.code == "L-005"


def test_a_missing_tile_is_named() -> None:
    without = MemoryTiles({path: body for path, body in TILES.held.items() if path != "tile/0/000"})
    with pytest.raises(TileRefused) as refused:
        inclusion_proof(HashReader(without, MOST), 3, MOST)
    assert (refused.value.finding.code, refused.value.finding.fields["tile"]) == ("L-004", "tile/0/000")


@pytest.mark.parametrize("cut", [1, 31, 32])
def test_a_cut_tile_is_named(cut: int) -> None:
    tiles = MemoryTiles({**TILES.held, "tile/0/000": TILES.held["tile/0/000"][:-cut]})
    with pytest.raises(TileRefused) as refused:
        inclusion_proof(HashReader(tiles, MOST), 3, MOST)
    assert refused.value.finding.code == "L-003"


def test_upper_tiles_are_read_once_and_leaf_tiles_when_needed() -> None:
    sealed = entries(1000)
    tiles = MemoryTiles.over(sealed)
    asked: list[str] = []

    class Counting:
        def get(self, path: str) -> bytes | None:
            asked.append(path)
            return tiles.get(path)

    reader = HashReader(Counting(), 1000)
    for index in (3, 700, 4, 701):
        inclusion_proof(reader, index, 1000)
    assert asked.count("tile/1/000.p/3") == 1
    assert asked.count("tile/0/003.p/232") == 1
    assert asked.count("tile/0/000") == 2


def test_few_upper_tiles_are_kept_when_few_are_asked_for() -> None:
    sealed = entries(257 * 256)
    tiles = MemoryTiles.over(sealed)
    reader, root = HashReader(tiles, len(sealed), keep=1), Definition(sealed).root(0, len(sealed))
    for index in (0, len(sealed) - 1, 5):
        path = inclusion_proof(reader, index, len(sealed))
        verify_inclusion(leaf_hash(sealed[index]), index, len(sealed), path, root)
