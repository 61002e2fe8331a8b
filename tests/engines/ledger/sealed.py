"""A bureau's sealed rows and the log over them (示例), and the tree by its definition, to hold the engine against."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from uuid import UUID

from liuhen.engines.ledger.leaf import FileLeaf, Leaf, LooksLeaf, RecordLeaf
from liuhen.engines.ledger.tiles import TILE_WIDTH, Edge, TilePath, encode_bundle
from liuhen.engines.ledger.tree import leaf_hashes
from liuhen.engines.ledger.walk import FileSeen

ORIGIN = "ledger.example/shili"


def entries(count: int, first: int = 0) -> list[bytes]:
    """Return entries that differ from each other."""
    return [b"entry %d" % n for n in range(first, first + count)]


class MemoryTiles:
    """The tiles of a log without a disk."""

    def __init__(self, held: dict[str, bytes]) -> None:
        self.held = held

    def get(self, path: str) -> bytes | None:
        return self.held.get(path)

    @classmethod
    def over(cls, sealed: Sequence[bytes]) -> MemoryTiles:
        edge, held = Edge(), {}
        for tile, hashes in edge.extend(leaf_hashes(sealed)) + edge.partial():
            held[str(tile)] = b"".join(hashes)
        for first in range(0, len(sealed), TILE_WIDTH):
            part = sealed[first : first + TILE_WIDTH]
            held[str(TilePath(None, first // TILE_WIDTH, len(part)))] = encode_bundle(part)
        return cls(held)

    @classmethod
    def of(cls, folder: Path) -> MemoryTiles:
        return cls({str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()})


class Definition:
    """RFC 9162 section 2.1, word by word and without any thought of speed."""

    def __init__(self, sealed: Sequence[bytes]) -> None:
        self._sealed = sealed
        self.root = cache(self._root)

    def _root(self, first: int, end: int) -> bytes:
        if first == end:
            return hashlib.sha256().digest()
        if end - first == 1:
            return hashlib.sha256(b"\x00" + self._sealed[first]).digest()
        k = self.split(end - first)
        return hashlib.sha256(b"\x01" + self.root(first, first + k) + self.root(first + k, end)).digest()

    @staticmethod
    def split(n: int) -> int:
        k = 1
        while 2 * k < n:
            k *= 2
        return k

    def path(self, m: int, first: int, end: int) -> list[bytes]:
        n = end - first
        if n == 1:
            return []
        k = self.split(n)
        if m < k:
            return [*self.path(m, first, first + k), self.root(first + k, end)]
        return [*self.path(m - k, first + k, end), self.root(first, first + k)]

    def subproof(self, m: int, first: int, end: int, whole: bool) -> list[bytes]:
        n = end - first
        if m == n:
            return [] if whole else [self.root(first, end)]
        k = self.split(n)
        if m <= k:
            return [*self.subproof(m, first, first + k, whole), self.root(first + k, end)]
        return [*self.subproof(m - k, first + k, end, False), self.root(first, first + k)]


def sealed_rows(count: int) -> list[tuple[int, Leaf]]:
    """Return rows of records, with a file at each place that 10 divides and a run of the look log at each seventh."""
    rows: list[tuple[int, Leaf]] = []
    for n in range(count):
        record = str(UUID(int=n + (7 << 76)))
        salt = hashlib.sha256(b"salt %d" % n).digest()
        if n % 10 == 0:
            seen = file_seen(n)
            rows.append((n, FileLeaf(record, 0, seen.sha256, seen.sm3, seen.size, salt)))
        elif n % 7 == 0:
            rows.append((n, LooksLeaf(n, n + 5, b'[{"look":%d}]' % n, salt)))
        else:
            rows.append((n, RecordLeaf(record, b'{"record":{"n":%d}}' % n, salt)))
    return rows


def file_seen(n: int) -> FileSeen:
    """Return what the vault says of the sample file of place `n`."""
    body = b"file %d" % n
    return FileSeen(hashlib.sha256(body).hexdigest(), hashlib.new("sm3", body).hexdigest(), len(body))
