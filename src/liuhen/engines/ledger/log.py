"""A log that grows (存证记录): entries are appended, tiles written, and at the end one checkpoint signed.

The order on disk is what keeps it whole: tiles first, flushed; the checkpoint last, by rename. A crash in between
leaves the old checkpoint, and what it does not cover is written anew by the next append.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import TracebackType

from liuhen.engines.ledger.checkpoint import Checkpoint, open_checkpoint
from liuhen.engines.ledger.keys import Signer
from liuhen.engines.ledger.refusals import LogRefused, TileRefused
from liuhen.engines.ledger.store import CHECKPOINT, DiskTiles, DiskWriter, TileSource, sole_writer
from liuhen.engines.ledger.tiles import (
    TILE_WIDTH,
    Edge,
    TilePath,
    decode_bundle,
    encode_bundle,
    ragged_tiles,
    split_tile,
)
from liuhen.engines.ledger.tree import EMPTY_ROOT, leaf_hashes


@dataclass(frozen=True, slots=True)
class Sealed:
    """What one append brought (封存结果): the place of the first entry, the new head, and the note as it lies on
    disk.
    """

    first: int
    checkpoint: Checkpoint
    note: bytes


class Log:
    """One bureau's log, open for writing (存证记录). Holds the folder's lock until closed; use it as a context
    manager.
    """

    __slots__ = ("_edge", "_held", "_signer", "_stale", "_tail", "_writer", "folder")

    def __init__(self, folder: Path, signer: Signer) -> None:
        """Open an existing log.

        Refused: L-024 no log there, L-025 another process writes, L-010 to L-016 its checkpoint is not this key's,
        L-003, L-004 and L-026 the stored edge is cut, missing or does not give the root that was signed (run a
        verification), L-028 the disk can't be read or written.
        """
        self.folder = folder
        self._signer = signer
        with ExitStack() as held:
            held.enter_context(sole_writer(folder))
            self._stale = False
            self._edge, self._tail = self._stored()
            self._writer = DiskWriter(folder)
            self._held = held.pop_all()

    def _stored(self) -> tuple[Edge, list[bytes]]:
        tiles = DiskTiles(self.folder)
        note = tiles.get(CHECKPOINT)
        if note is None:
            raise LogRefused("L-024", folder=self.folder.name)
        return _stored_edge(tiles, open_checkpoint(note, [self._signer.verifier], self._signer.name).checkpoint)

    @staticmethod
    def create(folder: Path, signer: Signer) -> None:
        """Make an empty log with a signed checkpoint of size 0; refused (L-023): a folder that already holds a log."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with sole_writer(folder):
                if (folder / CHECKPOINT).exists() or (folder / "tile").exists():
                    raise LogRefused("L-023", folder=folder.name)
                DiskWriter(folder).publish(signer.sign(Checkpoint(signer.name, 0, EMPTY_ROOT).text()))
        except OSError as wrong:
            raise LogRefused("L-028", file=folder.name, error=wrong.strerror) from wrong

    @property
    def size(self) -> int:
        """Leaves covered by the checkpoint."""
        return self._edge.size

    def append(self, entries: Iterable[bytes], *, at: int | None = None) -> Sealed:
        """Append entries in order and sign the new head, even if nothing was appended.

        `at` is where the caller believes the log to end; refused (L-027) when it ends elsewhere, so that a batch
        whose answer was lost is not sealed twice. Refused: L-001 for an entry over 65,535 bytes, L-028 when the disk
        does not take it: the log is then as its checkpoint on disk says, which is the old one unless only the last
        flush failed. Costs two hashes a leaf and, for more than a few tiles, one flush of the file system.
        """
        if self._stale:
            self._edge, self._tail = self._stored()
            self._stale = False
        first = self._edge.size
        if at is not None and at != first:
            raise LogRefused("L-027", expected=at, size=first)
        edge, tail = self._edge.copy(), list(self._tail)
        try:
            bundles = self._write_full(edge, tail, entries)
            self._write_ragged(edge, tail, first)
            self._writer.settle()
            checkpoint = Checkpoint(self._signer.name, edge.size, edge.root())
            note = self._signer.sign(checkpoint.text())
            self._writer.publish(note)
        except BaseException as wrong:
            # The checkpoint may or may not have been replaced when this happened: the disk says, before the next
            # append.
            self._stale = True
            self._writer.abandon()
            if isinstance(wrong, OSError):
                raise LogRefused("L-028", file=self.folder.name, error=wrong.strerror) from wrong
            raise
        self._edge, self._tail = edge, tail
        for tile in bundles:
            self._writer.drop_partials(tile.level, tile.index)
        return Sealed(first, checkpoint, note)

    def _write_full(self, edge: Edge, tail: list[bytes], entries: Iterable[bytes]) -> list[TilePath]:
        put, grown = self._writer.put, []
        walk = iter(entries)
        while part := list(islice(walk, TILE_WIDTH - len(tail))):
            tail += part
            full = edge.extend(leaf_hashes(part))
            if len(tail) == TILE_WIDTH:
                bundle = TilePath(None, (edge.size - 1) // TILE_WIDTH)
                put(bundle, encode_bundle(tail))
                grown.append(bundle)
                tail.clear()
            for tile, hashes in full:
                put(tile, b"".join(hashes))
                grown.append(tile)
        # Only the first tile of each level can have had partial versions before this append.
        oldest: dict[int | None, TilePath] = {}
        for tile in grown:
            oldest.setdefault(tile.level, tile)
        return list(oldest.values())

    def _write_ragged(self, edge: Edge, tail: list[bytes], first: int) -> None:
        there = set(ragged_tiles(first))
        if tail and (bundle := TilePath(None, edge.size // TILE_WIDTH, len(tail))) not in there:
            self._writer.put(bundle, encode_bundle(tail))
        for tile, hashes in edge.partial():
            if tile not in there:
                self._writer.put(tile, b"".join(hashes))

    def entries(self, first: int, end: int) -> Iterator[bytes]:
        """Yield the stored entries `first` to `end`, so that a caller who lost an answer can see what was sealed.

        Refused: L-005 beyond the log's size, L-003 and L-004 for a bundle that is cut or missing.
        """
        return read_entries(DiskTiles(self.folder), self.size, first, end)

    def close(self) -> None:
        """Give the folder free."""
        self._held.close()

    def __enter__(self) -> Log:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def read_tile(source: TileSource, tile: TilePath) -> bytes:
    """Return a tile's bytes, from the full one where the partial has been dropped; refused (L-004): neither is
    there.
    """
    body = source.get(str(tile))
    if body is None and not tile.full:
        body = source.get(str(TilePath(tile.level, tile.index)))
    if body is None:
        raise TileRefused("L-004", tile=str(tile))
    return body


def read_entries(source: TileSource, size: int, first: int, end: int) -> Iterator[bytes]:
    """Yield entries `first` to `end` of a log of `size` leaves; refused: L-005 outside, L-003 cut, L-004 missing."""
    if not 0 <= first <= end <= size:
        raise TileRefused("L-005", index=end, size=size)
    for index in range(first // TILE_WIDTH, -(-end // TILE_WIDTH)):
        start = index * TILE_WIDTH
        tile = TilePath(None, index, min(TILE_WIDTH, size - start))
        part = decode_bundle(read_tile(source, tile), tile.width, tile)
        yield from part[max(0, first - start) : end - start]


def _stored_edge(tiles: TileSource, head: Checkpoint) -> tuple[Edge, list[bytes]]:
    """Return the edge and the ragged entries under `head`, held to its root; refused (L-026): they don't fit it."""
    rows: list[list[bytes]] = []
    tail: list[bytes] = []
    for tile in ragged_tiles(head.size):
        body = read_tile(tiles, tile)
        if tile.level is None:
            tail = decode_bundle(body, tile.width, tile)
            continue
        rows += [[] for _ in range(tile.level + 1 - len(rows))]
        rows[tile.level] = split_tile(body, tile.width, tile)
    edge = Edge(head.size, rows)
    if edge.root() != head.root or leaf_hashes(tail) != (rows[0] if rows else []):
        raise LogRefused("L-026", size=head.size)
    return edge, tail
