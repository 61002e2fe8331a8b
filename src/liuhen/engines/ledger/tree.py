"""Hashing of a Merkle tree (默克尔树), RFC 6962 section 2.1: leaves, nodes, the root of a row of hashes.

The inner loops are list comprehensions over local names: one node costs little more than its bare SHA-256.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from hashlib import sha256
from struct import Struct

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
"""Root of the tree without leaves: SHA-256 of nothing (RFC 6962 section 2.1)."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of one leaf: SHA-256(0x00 || entry)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node: SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


def leaf_hashes(entries: Iterable[bytes]) -> list[bytes]:
    """Return the leaf hash of each entry, in order."""
    digest = sha256
    return [digest(b"\x00" + entry).digest() for entry in entries]


def paired(hashes: Sequence[bytes]) -> list[bytes]:
    """Return the parents of `hashes`, two by two; an odd last one has no parent yet and is left out."""
    digest = sha256
    walk = iter(hashes)
    return [digest(b"\x01" + left + right).digest() for left, right in zip(walk, walk, strict=False)]


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root over `hashes`, each the hash of a leaf or of equally high full subtrees; the last may be
    ragged.

    Pairing from the left and carrying an odd last hash up unpaired gives the same tree as RFC 6962's split at the
    largest power of two. Costs len(hashes) - 1 node hashes.
    """
    if not hashes:
        return EMPTY_ROOT
    row = list(hashes)
    while len(row) > 1:
        above = paired(row)
        if len(row) % 2:
            above.append(row[-1])
        row = above
    return row[0]


def pyramid(row: bytes) -> list[bytes]:
    """Return every full subtree over hashes written one after the other: row k holds those 2**k hashes wide, ragged
    ends left out.

    Joined rows and not lists: a proof reads eight hashes of 511, and cutting all of them apart costs a tenth of the
        whole.
    """
    rows = [row]
    while (pairs := len(row) // _PAIR_BYTES) > 0:
        above: list[bytes] = []
        for pair in _pairs(pairs)(row):
            # A copy of what has read the prefix costs less than a new one that is given prefix and pair joined.
            node = _begun()
            node.update(pair)
            above.append(node.digest())
        row = b"".join(above)
        rows.append(row)
    return rows


_PAIR_BYTES = 2 * HASH_BYTES
_begun = sha256(b"\x01").copy


@cache
def _pairs(count: int) -> Callable[[bytes], tuple[bytes, ...]]:
    """Return what cuts the first `count` pairs of hashes out of a row; a row of a tile has at most 128."""
    return Struct(f"{_PAIR_BYTES}s" * count).unpack_from
