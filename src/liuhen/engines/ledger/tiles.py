"""Tiles (存证分片, C2SP tlog-tiles): the tree cut into files 256 hashes wide: paths, bundles, a growing edge.

Level 0 holds leaf hashes; each hash of level L+1 is the root of one full tile of level L. Entry bundles carry the
entries themselves, each behind its length as a big-endian uint16.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from liuhen.engines.ledger.refusals import EntryRefused, TileRefused
from liuhen.engines.ledger.tree import HASH_BYTES, root_of

TILE_WIDTH = 256
MOST_ENTRY_BYTES = 0xFFFF
MOST_LEVEL = 63
LONGEST_PATH = 64

_PATH = re.compile(r"tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([0-9]{1,3}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class TilePath:
    """Where one tile or entry bundle lies (分片路径).

    Attributes:
        level: 0 to 63 for hashes, None for an entry bundle.
        index: number of the tile within its level, from 0.
        width: hashes or entries in it, 1 to 256; 256 is a full tile.

    Source: C2SP tlog-tiles, "Merkle Tree" and "Log entries".
    """

    level: int | None
    index: int
    width: int = TILE_WIDTH

    @property
    def full(self) -> bool:
        """Whether this is a full tile, which never changes again."""
        return self.width == TILE_WIDTH

    @property
    def end(self) -> int:
        """How many leaves a tree must have for this tile to be whole."""
        return (self.index * TILE_WIDTH + self.width) << (8 * (self.level or 0))

    def __str__(self) -> str:
        rest, last = divmod(self.index, 1000)
        number = f"{last:03d}"
        while rest:
            rest, group = divmod(rest, 1000)
            number = f"x{group:03d}/{number}"
        kind = "entries" if self.level is None else str(self.level)
        return f"tile/{kind}/{number}" + ("" if self.full else f".p/{self.width}")


def parse_tile_path(path: str) -> TilePath:
    """Return the tile that `path` names; refused (L-002): anything that is not exactly the one spelling of a tile's
    path.
    """
    match = _PATH.fullmatch(path) if len(path) <= LONGEST_PATH else None
    if match:
        kind, number, width = match.groups()
        tile = TilePath(
            None if kind == "entries" else int(kind),
            int(number.replace("x", "").replace("/", "")),
            TILE_WIDTH if width is None else int(width),
        )
        # One spelling only: what does not come out again as it went in (leading zeroes, width 256, x000/) is refused.
        if str(tile) == path and (tile.level or 0) <= MOST_LEVEL and 1 <= tile.width <= TILE_WIDTH:
            return tile
    raise TileRefused("L-002", path=path)


def ragged_tiles(size: int) -> list[TilePath]:
    """Return the ragged right edge of a tree of `size` leaves: its partial tiles by level and its partial bundle, if
    any.
    """
    edge: list[TilePath] = []
    if size % TILE_WIDTH:
        edge.append(TilePath(None, size // TILE_WIDTH, size % TILE_WIDTH))
    level, across = 0, size
    while across:
        if across % TILE_WIDTH:
            edge.append(TilePath(level, across // TILE_WIDTH, across % TILE_WIDTH))
        across //= TILE_WIDTH
        level += 1
    return edge


def checked_tile(body: bytes, width: int, path: TilePath) -> bytes:
    """Return the first `width` hashes of a tile, joined; refused (L-003): a body that is not whole hashes or has
    fewer.
    """
    if len(body) % HASH_BYTES or not width * HASH_BYTES <= len(body) <= TILE_WIDTH * HASH_BYTES:
        raise TileRefused("L-003", tile=str(path))
    return body[: width * HASH_BYTES]


def split_tile(body: bytes, width: int, path: TilePath) -> list[bytes]:
    """Return the first `width` hashes of a tile, one by one; refused (L-003) as by `checked_tile`."""
    row = checked_tile(body, width, path)
    return [row[i : i + HASH_BYTES] for i in range(0, len(row), HASH_BYTES)]


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Return an entry bundle; refused (L-001): an entry longer than 65,535 bytes."""
    lengths = set(map(len, entries))
    if any(length > MOST_ENTRY_BYTES for length in lengths):
        raise EntryRefused("L-001", most=MOST_ENTRY_BYTES)
    prefix = {length: length.to_bytes(2, "big") for length in lengths}
    return b"".join([prefix[len(entry)] + entry for entry in entries])


def decode_bundle(body: bytes, width: int, path: TilePath) -> list[bytes]:
    """Return the first `width` entries of a bundle; refused (L-003): a cut or overlong bundle, or fewer entries."""
    entries = _decode_even(body) or _decode_uneven(body)
    if entries is None or not width <= len(entries) <= TILE_WIDTH:
        raise TileRefused("L-003", tile=str(path))
    return entries[:width]


def _decode_even(body: bytes) -> list[bytes] | None:
    """Return the entries of a bundle in which all are equally long, else None: most are, and it takes a third of the
    time.
    """
    step = 2 + int.from_bytes(body[:2], "big")
    count, over = divmod(len(body), step)
    if over or body[0::step] != body[:1] * count or body[1::step] != body[1:2] * count:
        return None
    return [body[at + 2 : at + step] for at in range(0, len(body), step)]


def _decode_uneven(body: bytes) -> list[bytes] | None:
    entries: list[bytes] = []
    at, end = 0, len(body)
    while at + 1 < end:
        start = at + 2
        at = start + (body[at] << 8 | body[at + 1])
        entries.append(body[start:at])
    return entries if at == end else None


class Edge:
    """The right edge of a growing tree (树的右缘): per level the hashes of the tile that is not full yet.

    Pure: full tiles are handed out by `extend`, nothing is written here.
    """

    __slots__ = ("_rows", "size")

    def __init__(self, size: int = 0, rows: Sequence[Sequence[bytes]] = ()) -> None:
        self.size = size
        self._rows = [list(row) for row in rows]

    def copy(self) -> Edge:
        """Return an edge that grows on its own."""
        return Edge(self.size, self._rows)

    def extend(self, hashes: Sequence[bytes]) -> list[tuple[TilePath, list[bytes]]]:
        """Append leaf hashes; return the tiles that became full, lower levels first. Costs one node hash a leaf."""
        full: list[tuple[TilePath, list[bytes]]] = []
        taken = 0
        while taken < len(hashes):
            room = TILE_WIDTH - self.size % TILE_WIDTH
            part = hashes[taken : taken + room]
            taken += len(part)
            self.size += len(part)
            self._raise(0, part, full)
        return full

    def _raise(self, level: int, hashes: Sequence[bytes], full: list[tuple[TilePath, list[bytes]]]) -> None:
        if level == len(self._rows):
            self._rows.append([])
        row = self._rows[level]
        row.extend(hashes)
        if len(row) == TILE_WIDTH:
            full.append((TilePath(level, (self.size >> (8 * (level + 1))) - 1), row))
            self._rows[level] = []
            self._raise(level + 1, [root_of(row)], full)

    def partial(self) -> list[tuple[TilePath, list[bytes]]]:
        """Return the tiles that are not full, lower levels first."""
        return [
            (TilePath(level, self.size >> (8 * (level + 1)), len(row)), row)
            for level, row in enumerate(self._rows)
            if row
        ]

    def root(self) -> bytes:
        """Return the root of the whole tree (存证树根). Costs at most 255 node hashes a level."""
        ragged: list[bytes] = []
        for row in self._rows:
            joined = row + ragged
            ragged = [root_of(joined)] if joined else []
        return root_of(ragged)
