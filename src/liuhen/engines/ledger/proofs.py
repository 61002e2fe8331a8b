"""Proofs (存证证明): that an entry is in the tree, that a tree only grew; made from tiles, checked as RFC 9162."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from liuhen.engines.ledger.log import read_tile
from liuhen.engines.ledger.refusals import ProofRefused
from liuhen.engines.ledger.store import TileSource
from liuhen.engines.ledger.tiles import TILE_WIDTH, TilePath, checked_tile
from liuhen.engines.ledger.tree import EMPTY_ROOT, HASH_BYTES, node_hash, pyramid

MOST_PROOF_HASHES = 64


class HashReader:
    """Reads subtree hashes of one checkpointed tree from its tiles (分片读取).

    Tiles of level 1 and up, and the ragged leaf tile, are kept unfolded (at most `keep` of them, 16 kB each): a log
    of a million leaves has 18. Level 0 is read from the source each time. Not for several threads at once.

    Stored tiles are taken as they are: a proof made from a false tile does not verify, and that is where it shows.
    """

    __slots__ = ("_edges", "_keep", "_kept", "_leaf_tile", "_source", "size")

    def __init__(self, source: TileSource, size: int, *, keep: int = 64) -> None:
        """`size` is that of a checkpoint of the log: only for such sizes do partial tiles exist."""
        self.size = size
        self._source = source
        self._keep = keep
        self._kept: OrderedDict[tuple[int, int], list[bytes]] = OrderedDict()
        self._leaf_tile: tuple[int, list[bytes]] = (-1, [])
        self._edges: dict[int, bytes] = {}

    def subtree(self, height: int, index: int) -> bytes:
        """Return the root of the full subtree over leaves [index << height, (index + 1) << height)."""
        level, within = divmod(height, 8)
        tile, place = divmod(index << within, TILE_WIDTH)
        at = (place >> within) * HASH_BYTES
        return self._unfolded(level, tile)[within][at : at + HASH_BYTES]

    def through(self, level: int, index: int) -> list[bytes]:
        """Return what stands beside the way from hash `index` of a level up through its tile, which is full: eight
        hashes, lowest first.
        """
        place = index % TILE_WIDTH
        beside: list[bytes] = []
        for row in self._unfolded(level, index // TILE_WIDTH)[:8]:
            at = (place ^ 1) * HASH_BYTES
            beside.append(row[at : at + HASH_BYTES])
            place >>= 1
        return beside

    def edge(self, height: int, size: int) -> bytes:
        """Return the root over what a tree of `size` leaves has behind its last full subtree of a height; kept for
        the reader's own size, where there is one for each height.
        """
        first = size >> height << height
        if size != self.size:
            return self.root(first, size)
        found = self._edges.get(height)
        if found is None:
            found = self._edges[height] = self.root(first, size)
        return found

    def root(self, first: int, end: int) -> bytes:
        """Return the root over leaves [first, end); `first` must be a multiple of the largest power of two used."""
        parts: list[bytes] = []
        while first < end:
            height = (end - first).bit_length() - 1
            parts.append(self.subtree(height, first >> height))
            first += 1 << height
        root = parts.pop() if parts else EMPTY_ROOT
        while parts:
            root = node_hash(parts.pop(), root)
        return root

    def leaf(self, index: int) -> bytes:
        """Return the stored hash of leaf `index`; refused (L-005): beyond the tree."""
        if not 0 <= index < self.size:
            raise ProofRefused("L-005", index=index, size=self.size)
        return self.subtree(0, index)

    def _unfolded(self, level: int, index: int) -> list[bytes]:
        if level == 0 and index < self.size // TILE_WIDTH:
            # One leaf tile is enough for the eight hashes that a proof takes from it. The ragged one is in every
            # proof: kept.
            if self._leaf_tile[0] != index:
                self._leaf_tile = (index, self._read(0, index))
            return self._leaf_tile[1]
        rows = self._kept.get((level, index))
        if rows is None:
            rows = self._kept[level, index] = self._read(level, index)
            if len(self._kept) > self._keep:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end((level, index))
        return rows

    def _read(self, level: int, index: int) -> list[bytes]:
        across = self.size >> (8 * level)
        tile = TilePath(level, index, min(TILE_WIDTH, across - index * TILE_WIDTH))
        return pyramid(checked_tile(read_tile(self._source, tile), tile.width, tile))


def inclusion_proof(reader: HashReader, index: int, size: int) -> list[bytes]:
    """Return the audit path of leaf `index` in the tree of the first `size` leaves, lowest first (RFC 9162 section
    2.1.3.1).

    Refused: L-005 where there is no such leaf or tree; L-003, L-004 for tiles that are cut or missing. Costs one leaf
    tile, at most 255 hashes, and one look into each upper tile.
    """
    if not 0 <= index < size <= reader.size:
        raise ProofRefused("L-005", index=index, size=size)
    path: list[bytes] = []
    height, heights = 0, (size - 1).bit_length()
    while height < heights:
        if height % 8 == 0 and ((index >> height) // TILE_WIDTH + 1) << (height + 8) <= size:
            path += reader.through(height // 8, index >> height)
            height += 8
            continue
        beside = (index >> height) ^ 1
        first = beside << height
        if first + (1 << height) <= size:
            path.append(reader.subtree(height, beside))
        elif first < size:
            path.append(reader.edge(height, size))
        height += 1
    return path


def consistency_proof(reader: HashReader, old: int, size: int) -> list[bytes]:
    """Return the proof that the tree of `size` leaves begins with that of `old` leaves (RFC 9162 section 2.1.4.1).

    Empty when both are equal. Refused: L-005 when not 0 < old <= size <= the log's size; from the empty tree nothing
    is proven.
    """
    if not 0 < old <= size <= reader.size:
        raise ProofRefused("L-005", index=old, size=size)
    proof: list[bytes] = []
    first, end, whole = 0, size, True
    while old < end:
        split = first + (1 << ((end - first - 1).bit_length() - 1))
        if old <= split:
            proof.append(reader.root(split, end))
            end = split
        else:
            proof.append(reader.root(first, split))
            first, whole = split, False
    if not whole:
        proof.append(reader.root(first, end))
    proof.reverse()
    return proof


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Return if `path` leads from the leaf's hash to `root`; refused (L-006): it does not (RFC 9162 section
    2.1.3.2).
    """
    if not 0 <= index < size or not _hashes(path, leaf, root):
        raise ProofRefused("L-006", index=index, size=size)
    fn, sn, reached = index, size - 1, leaf
    for part in path:
        if sn == 0:
            raise ProofRefused("L-006", index=index, size=size)
        if fn & 1 or fn == sn:
            reached = node_hash(part, reached)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            reached = node_hash(reached, part)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0 or reached != root:
        raise ProofRefused("L-006", index=index, size=size)


def verify_consistency(old: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]) -> None:
    """Return if `proof` shows that the larger tree begins with the smaller; refused (L-007): it does not.

    Equal sizes need equal roots and an empty proof. The empty tree begins every tree; its proof is empty and its root
    that of the empty tree. Source: RFC 9162 section 2.1.4.2, C2SP tlog-witness "add-checkpoint" for sizes that the
    RFC leaves out.
    """
    refusal = ProofRefused("L-007", old=old, size=size)
    if not 0 <= old <= size or not _hashes(proof, old_root, root):
        raise refusal
    if old in (0, size):
        expected = EMPTY_ROOT if old == 0 else root
        if proof or old_root != expected:
            raise refusal
        return
    parts = list(proof)
    if old & (old - 1) == 0:
        parts.insert(0, old_root)
    if not parts:
        raise refusal
    fn, sn = old - 1, size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old_reached = reached = parts[0]
    for part in parts[1:]:
        if sn == 0:
            raise refusal
        if fn & 1 or fn == sn:
            old_reached = node_hash(part, old_reached)
            reached = node_hash(part, reached)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            reached = node_hash(reached, part)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0 or old_reached != old_root or reached != root:
        raise refusal


def _hashes(path: Sequence[bytes], *more: bytes) -> bool:
    return len(path) <= MOST_PROOF_HASHES and all(len(part) == HASH_BYTES for part in (*path, *more))
