"""Which side tells the truth (真伪判定) where rows, entries and tiles disagree: the one that gives the signed root.

No stored tile is believed for being there. A hash counts as true only when it is part of a set that gives the root.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from liuhen.engines.ledger.alignment import misplaced_rows, subject_said
from liuhen.engines.ledger.log import read_tile
from liuhen.engines.ledger.refusals import TileRefused
from liuhen.engines.ledger.store import TileSource
from liuhen.engines.ledger.tiles import TILE_WIDTH, TilePath, checked_tile, split_tile
from liuhen.engines.ledger.tree import leaf_hash, root_of
from liuhen.ground.findings import Finding

MOST_TRIED_HASHES = 4_000_000

Hashes = Sequence[bytes | None]


@dataclass(frozen=True, slots=True)
class Suspect:
    """One bundle of 256 places in which something does not fit (存疑分片).

    Attributes:
        first: place of its first leaf.
        width: leaves in it.
        rows: by place, the entry made from the row there; empty bytes for a row that can't be read.
        stored: the entries of the stored bundle, None where it is missing or cut.
        tile: the hashes of the stored tile, None where it is missing or cut.
    """

    first: int
    width: int
    rows: dict[int, bytes]
    stored: list[bytes] | None
    tile: list[bytes] | None

    @property
    def number(self) -> int:
        """Number of the bundle."""
        return self.first // TILE_WIDTH

    @property
    def row_hashes(self) -> Hashes:
        """Leaf hashes from the rows; None where there is no row."""
        return [
            leaf_hash(self.rows[n]) if self.rows.get(n) else None for n in range(self.first, self.first + self.width)
        ]

    @property
    def stored_hashes(self) -> Hashes:
        """Leaf hashes from the stored entries; None where there are none."""
        return [None] * self.width if self.stored is None else [leaf_hash(entry) for entry in self.stored]


def true_hashes(one: Hashes, other: Hashes, root: bytes) -> list[bytes] | None:
    """Return the mixture of two rows of hashes that gives `root`, or None.

    Tries `one` and `other` alone, then, where few places differ, each choice between them: so that an edited row and
    a forged entry in the same log are told apart. At most about 4 million hashes are spent.
    """
    fixed = [b if a is None else a for a, b in zip(one, other, strict=True)]
    open_places = [
        n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a is not None and b is not None and a != b
    ]
    if None in fixed:
        return None
    hashes: list[bytes] = [h for h in fixed if h is not None]
    tries: Iterator[tuple[bool, ...]] = iter(())
    if len(hashes) << len(open_places) <= MOST_TRIED_HASHES:
        tries = product((False, True), repeat=len(open_places))
    for choice in (*_all_or_nothing(len(open_places)), *tries):
        for place, take_other in zip(open_places, choice, strict=True):
            taken = other[place] if take_other else one[place]
            assert taken is not None
            hashes[place] = taken
        if root_of(hashes) == root:
            return hashes
    return None


def _all_or_nothing(places: int) -> tuple[tuple[bool, ...], ...]:
    return ((False,) * places, (True,) * places)


def tops_from_tiles(source: TileSource, size: int) -> Hashes:
    """Return the root of each bundle as the stored level-1 tiles say, the last ragged one from its own tile; None
    where unknown.
    """
    tops: list[bytes | None] = []
    full = size // TILE_WIDTH
    for index in range(-(-full // TILE_WIDTH)):
        tile = TilePath(1, index, min(TILE_WIDTH, full - index * TILE_WIDTH))
        tops += stored_hashes(source, tile) or [None] * tile.width
    if size % TILE_WIDTH:
        ragged = stored_hashes(source, TilePath(0, full, size % TILE_WIDTH))
        tops.append(root_of(ragged) if ragged else None)
    return tops


def stored_hashes(source: TileSource, tile: TilePath) -> list[bytes] | None:
    """Return the hashes of a stored tile, None where it is missing or cut."""
    row = stored_row(source, tile)
    return None if row is None else split_tile(row, tile.width, tile)


def stored_row(source: TileSource, tile: TilePath) -> bytes | None:
    """Return the hashes of a stored tile as they stand, joined; None where it is missing or cut."""
    try:
        return checked_tile(read_tile(source, tile), tile.width, tile)
    except TileRefused:
        return None


def leaf_truth(suspect: Suspect, top: bytes | None) -> list[bytes] | None:
    """Return the true leaf hashes of a bundle whose true root is `top`, None where nothing leads to it."""
    if top is None:
        return None
    found = true_hashes(suspect.row_hashes, suspect.stored_hashes, top)
    if found is None and suspect.tile is not None and root_of(suspect.tile) == top:
        found = suspect.tile
    return found


def judge(suspects: Sequence[Suspect], tops: Sequence[bytes] | None) -> Iterator[Finding]:
    """Yield what was done to the rows, the stored entries and the leaf tiles in the bundles under suspicion.

    `tops` are the true roots of all bundles, None where nothing leads to the signed root. Findings: L-201 to L-204
    and L-206 to L-211.
    """
    sealed: dict[int, bytes] = {}
    rows: dict[int, bytes] = {}
    for suspect in suspects:
        hashes = leaf_truth(suspect, tops[suspect.number]) if tops else None
        yield from _stored_files(suspect, hashes)
        if hashes is None:
            yield from _undecided(suspect, rewritten=tops is not None)
            continue
        for place in range(suspect.first, suspect.first + suspect.width):
            true = hashes[place - suspect.first]
            row = suspect.rows.get(place)
            stored = None if suspect.stored is None else suspect.stored[place - suspect.first]
            row_holds = bool(row) and leaf_hash(row or b"") == true
            if row_holds and stored is not None and stored != row:
                yield _forged(suspect, place, row or b"", stored)
            if row_holds:
                continue
            if stored is None:
                # The tile alone tells what was sealed here: enough to say that the row is not it.
                told: dict[str, object] = {"subject": subject_said(row or b""), "index": place}
                yield Finding("L-202" if row is None else "L-201", told)
                continue
            if leaf_hash(stored) != true:
                yield Finding("L-208", {"first": place, "last": place})
                continue
            sealed[place] = stored
            if row is not None:
                rows[place] = row
    yield from misplaced_rows(sealed, rows)


def _forged(suspect: Suspect, place: int, row: bytes, stored: bytes) -> Finding:
    matching = suspect.tile is not None and suspect.tile[place - suspect.first] == leaf_hash(stored)
    bundle = TilePath(None, suspect.number)
    return Finding(
        "L-207" if matching else "L-206",
        {"subject": subject_said(row), "index": place, "tile": str(bundle)},
        str(bundle),
    )


def _stored_files(suspect: Suspect, hashes: list[bytes] | None) -> Iterator[Finding]:
    tile = TilePath(0, suspect.number, suspect.width)
    bundle = TilePath(None, suspect.number, suspect.width)
    if suspect.stored is None:
        yield Finding("L-210", {"tile": str(bundle)}, str(bundle))
    if suspect.tile is None:
        yield Finding("L-210", {"tile": str(tile)}, str(tile))
    elif hashes is not None and any(
        have != true and (suspect.stored is None or leaf_hash(suspect.stored[n]) == true)
        for n, (have, true) in enumerate(zip(suspect.tile, hashes, strict=True))
    ):
        yield Finding("L-211", {"tile": str(tile)}, str(tile))


def _undecided(suspect: Suspect, *, rewritten: bool) -> Iterator[Finding]:
    """Yield L-209 where row and entry differ; else L-208, or L-211 when it is the tile alone that stands out."""
    stored = suspect.stored or []
    differing = [n for n, entry in enumerate(stored, suspect.first) if suspect.rows.get(n) != entry]
    for place in differing:
        yield Finding("L-209", {"subject": subject_said(stored[place - suspect.first]), "index": place})
    if rewritten and not differing:
        yield Finding("L-208", {"first": suspect.first, "last": suspect.first + suspect.width - 1})
    elif suspect.tile is not None and suspect.stored is not None and list(suspect.stored_hashes) != suspect.tile:
        tile = TilePath(0, suspect.number, suspect.width)
        yield Finding("L-211", {"tile": str(tile)}, str(tile))
