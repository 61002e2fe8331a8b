"""The walk over all rows (逐行核验): by bundles of 256, entries made anew and held against what is stored."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from liuhen.engines.ledger.judgement import Suspect, stored_hashes, stored_row
from liuhen.engines.ledger.leaf import EntrySubject, FileLeaf, Leaf, RecordLeaf
from liuhen.engines.ledger.log import read_tile
from liuhen.engines.ledger.refusals import EntryRefused, TileRefused
from liuhen.engines.ledger.store import TileSource
from liuhen.engines.ledger.tiles import TILE_WIDTH, TilePath, decode_bundle, encode_bundle
from liuhen.engines.ledger.tree import leaf_hashes, root_of
from liuhen.ground.findings import Finding


@dataclass(frozen=True, slots=True)
class FileSeen:
    """A file's digests and length as read from the vault just now (现存文件)."""

    sha256: str
    sm3: str
    size: int


FileLook = Callable[[str], FileSeen | None]
"""Reads the file that the vault holds under a SHA-256 and says what it is now; None where there is none."""


@dataclass(slots=True)
class Walk:
    """What the walk brought (逐行核验结果).

    Attributes:
        row_tops: per bundle the root over its rows; None where rows are missing or can't be read.
        stored_tops: per bundle the root over its stored entries; None where they are missing or cut.
        suspects: by number, the bundles in which rows, entries and leaf tile do not all agree.
        edges: by number, the leaf hashes of the other bundles that were asked for.
        ended: whether the walk reached the end of the log; not, when neither rows nor stored entries were left
            before.
        count: rows within the checkpoint. beyond: rows behind it, with the first and last place they claim.
    """

    row_tops: list[bytes | None] = field(default_factory=list)
    stored_tops: list[bytes | None] = field(default_factory=list)
    suspects: dict[int, Suspect] = field(default_factory=dict)
    edges: dict[int, list[bytes]] = field(default_factory=dict)
    ended: bool = True
    count: int = 0
    beyond: int = 0
    beyond_first: int = 0
    beyond_last: int = 0
    files_read: int = 0
    files_unread: int = 0
    disposed: int = 0


def walk_rows(
    rows: Iterable[tuple[int, Leaf]] | None,
    source: TileSource,
    size: int,
    asked: Sequence[int],
    files: FileLook | None,
    report: Callable[[Finding], None],
) -> Walk:
    """Walk over the rows of a log of `size` leaves; `asked` are sizes for which a root will be wanted.

    Without rows the stored entries stand for them, and it is the log alone that is held against its checkpoint.

    Reports L-205 for a place claimed twice, L-220 to L-222 for files and columns; the rest is judged later, when it
    is known which side leads to the signed root.
    """
    walk = Walk()
    lined = _Lined(rows or (), report)
    wanted = {at // TILE_WIDTH for at in asked if at % TILE_WIDTH}
    for first in range(0, size, TILE_WIDTH):
        width = min(TILE_WIDTH, size - first)
        if rows is None:
            if not _walk_stored(walk, source, first, width, wanted):
                walk.ended = first + width >= size
                break
            continue
        leaves, aligned = lined.take(first, width)
        walk.count += len(leaves)
        _look_at(leaves, walk, files, report)
        suspect = _walk_whole(walk, leaves, source, first, width, wanted) if aligned else True
        if suspect:
            places = range(first, first + width) if aligned else lined.places
            _walk_suspect(walk, _Bundle(first, width, dict(zip(places, leaves, strict=True))), source)
            if not leaves and walk.suspects[first // TILE_WIDTH].stored is None and lined.empty():
                # A checkpoint can claim any size. Where nothing is left on either side, there is nothing to walk
                # over.
                walk.ended = first + width >= size
                break
    for place, leaf in lined.rest():
        walk.beyond_first = min(walk.beyond_first, place) if walk.beyond else place
        walk.beyond_last = max(walk.beyond_last, place)
        walk.beyond += 1
        _look_at([leaf], walk, files, report)
    return walk


@dataclass(frozen=True, slots=True)
class _Bundle:
    first: int
    width: int
    leaves: dict[int, Leaf]


def _walk_whole(walk: Walk, leaves: list[Leaf], source: TileSource, first: int, width: int, wanted: set[int]) -> bool:
    """Take in one bundle in which all is well; return whether it is not."""
    number = first // TILE_WIDTH
    try:
        entries = [leaf.entry() for leaf in leaves]
    except EntryRefused:
        return True
    hashes = leaf_hashes(entries)
    try:
        bundle = read_tile(source, TilePath(None, number, width))
        tile = read_tile(source, TilePath(0, number, width))
    except TileRefused:
        return True
    # A partial tile may have become full while we read: what we know must then be how it begins.
    expected_bundle, expected_tile = encode_bundle(entries), b"".join(hashes)
    if width == TILE_WIDTH:
        well = bundle == expected_bundle and tile == expected_tile
    else:
        well = bundle.startswith(expected_bundle) and tile.startswith(expected_tile)
    if not well:
        return True
    top = root_of(hashes)
    walk.row_tops.append(top)
    walk.stored_tops.append(top)
    if number in wanted:
        walk.edges[number] = hashes
    return False


def _walk_stored(walk: Walk, source: TileSource, first: int, width: int, wanted: set[int]) -> bool:
    """Take in one bundle of stored entries; return whether there was one."""
    number = first // TILE_WIDTH
    entries = stored_entries(source, TilePath(None, number, width))
    hashes = leaf_hashes(entries or ())
    tile = stored_row(source, TilePath(0, number, width))
    top = root_of(hashes) if entries else None
    walk.row_tops.append(top)
    walk.stored_tops.append(top)
    if entries is None or tile != b"".join(hashes):
        rows = dict(enumerate(entries or (), first))
        told = stored_hashes(source, TilePath(0, number, width))
        walk.suspects[number] = Suspect(first, width, rows, entries, told)
    elif number in wanted:
        walk.edges[number] = hashes
    return entries is not None or tile is not None


def _walk_suspect(walk: Walk, bundle: _Bundle, source: TileSource) -> None:
    number = bundle.first // TILE_WIDTH
    suspect = Suspect(
        bundle.first,
        bundle.width,
        {place: _entry(leaf) for place, leaf in bundle.leaves.items()},
        stored_entries(source, TilePath(None, number, bundle.width)),
        stored_hashes(source, TilePath(0, number, bundle.width)),
    )
    walk.suspects[number] = suspect
    walk.row_tops.append(_top(suspect.row_hashes))
    walk.stored_tops.append(_top(suspect.stored_hashes))


def _top(hashes: Sequence[bytes | None]) -> bytes | None:
    known = [h for h in hashes if h is not None]
    return root_of(known) if len(known) == len(hashes) else None


def _entry(leaf: Leaf) -> bytes:
    try:
        return leaf.entry()
    except EntryRefused:
        return b""


def stored_entries(source: TileSource, tile: TilePath) -> list[bytes] | None:
    """Return the entries of a stored bundle, None where it is missing or cut."""
    try:
        return decode_bundle(read_tile(source, tile), tile.width, tile)
    except TileRefused:
        return None


def _look_at(leaves: list[Leaf], walk: Walk, files: FileLook | None, report: Callable[[Finding], None]) -> None:
    for leaf in [leaf for leaf in leaves if leaf.__class__ is not RecordLeaf or leaf.columns is not None]:
        if isinstance(leaf, RecordLeaf):
            if leaf.columns != leaf.canonical:
                report(Finding("L-222", {"subject": EntrySubject("record", (leaf.record,)).said()}))
        elif isinstance(leaf, FileLeaf):
            if leaf.disposed_by:
                walk.disposed += 1
                continue
            if files is None:
                walk.files_unread += 1
                continue
            walk.files_read += 1
            seen = files(leaf.sha256)
            subject = EntrySubject("file", (leaf.record, str(leaf.position))).said()
            where: dict[str, object] = {"subject": subject, "sha256": leaf.sha256}
            if seen is None:
                report(Finding("L-220", where))
            elif (seen.sha256, seen.sm3, seen.size) != (leaf.sha256, leaf.sm3, leaf.size):
                report(Finding("L-221", where))


class _Lined:
    """Hands out rows by place; tells of places claimed twice or out of turn."""

    def __init__(self, rows: Iterable[tuple[int, Leaf]], report: Callable[[Finding], None]) -> None:
        self._rows = iter(rows)
        self._waiting: deque[tuple[int, Leaf]] = deque()
        self._report = report
        self.places: list[int] = []

    def take(self, first: int, width: int) -> tuple[list[Leaf], bool]:
        """Return the rows for `width` places from `first`, and whether there is exactly one for each, in order."""
        if not self._waiting:
            part = list(islice(self._rows, width))
            if [place for place, _ in part] == list(range(first, first + width)):
                return [leaf for _, leaf in part], True
            self._waiting.extend(part)
        taken: dict[int, Leaf] = {}
        while self._waiting or self._fetch():
            place, leaf = self._waiting[0]
            if place >= first + width:
                break
            self._waiting.popleft()
            if place < first or place in taken:
                self._report(Finding("L-205", {"index": place}))
            else:
                taken[place] = leaf
        self.places = sorted(taken)
        leaves = [taken[place] for place in self.places]
        return leaves, self.places == list(range(first, first + width))

    def empty(self) -> bool:
        """Whether no row is left."""
        return not self._waiting and not self._fetch()

    def rest(self) -> Iterator[tuple[int, Leaf]]:
        """Yield the rows that no place of the log was left for."""
        while self._waiting or self._fetch():
            yield self._waiting.popleft()

    def _fetch(self) -> bool:
        self._waiting.extend(islice(self._rows, 1))
        return bool(self._waiting)
