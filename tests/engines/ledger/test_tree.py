"""The tree's hashes are those of RFC 6962."""

from __future__ import annotations

import hashlib

import pytest

from liuhen.engines.ledger.tiles import Edge
from liuhen.engines.ledger.tree import EMPTY_ROOT, leaf_hash, leaf_hashes, node_hash, pyramid, root_of
from tests.engines.ledger.sealed import Definition, entries

# The eight leaves and the heads over them that the Certificate Transparency implementations are tested with.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
HEADS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(9))
def test_the_heads_over_the_known_leaves_are_the_known_ones(size: int) -> None:
    assert root_of(leaf_hashes(LEAVES[:size])).hex() == HEADS[size]


@pytest.mark.parametrize("size", range(9))
def test_a_tree_grown_leaf_by_leaf_has_the_known_heads(size: int) -> None:
    edge = Edge()
    for leaf in LEAVES[:size]:
        edge.extend([leaf_hash(leaf)])
    assert edge.root().hex() == HEADS[size]


def test_the_empty_tree_is_the_hash_of_nothing() -> None:
    assert hashlib.sha256().digest() == EMPTY_ROOT == root_of([])


def test_a_leaf_can_not_pass_for_a_node() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)


@pytest.mark.parametrize("size", [1, 2, 3, 255, 256, 257, 511, 512, 513])
def test_the_root_is_that_of_the_definition(size: int) -> None:
    sealed = entries(size)
    assert root_of(leaf_hashes(sealed)) == Definition(sealed).root(0, size)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 255, 256])
def test_a_pyramid_holds_every_full_subtree_and_no_ragged_one(size: int) -> None:
    hashes = leaf_hashes(entries(size))
    for height, row in enumerate(pyramid(b"".join(hashes))):
        expected = [root_of(hashes[n : n + (1 << height)]) for n in range(0, size - (1 << height) + 1, 1 << height)]
        assert row == b"".join(expected)


@pytest.mark.parametrize("steps", [(300,), (1, 299), (255, 1, 44), (256, 44), (100, 100, 100)])
def test_a_tree_is_the_same_however_it_was_grown(steps: tuple[int, ...]) -> None:
    edge, hashes = Edge(), leaf_hashes(entries(300))
    taken = 0
    for step in steps:
        edge.extend(hashes[taken : taken + step])
        taken += step
    assert (edge.size, edge.root()) == (300, root_of(hashes))
