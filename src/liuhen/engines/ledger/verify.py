"""Verification as an outsider sees it (核验): all is made anew from the rows and held against what was signed.

The chain is rows -> entries -> leaf hashes -> root = signed checkpoint, and kept checkpoints (kept elsewhere, by
whoever wants to be sure) = roots over the same leaves. Stored entries and tiles are compared with that, never relied
on.

What can't be seen: a rewrite by someone who has the signing key, when no checkpoint from before was kept elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from liuhen.engines.ledger.checkpoint import Checkpoint, SignedCheckpoint, claimed_checkpoint, open_checkpoint
from liuhen.engines.ledger.judgement import Suspect, judge, leaf_truth, stored_hashes, tops_from_tiles, true_hashes
from liuhen.engines.ledger.leaf import Leaf
from liuhen.engines.ledger.notes import VerifierKey
from liuhen.engines.ledger.refusals import CheckpointRefused, TileRefused
from liuhen.engines.ledger.store import CHECKPOINT, TileSource
from liuhen.engines.ledger.tiles import TILE_WIDTH, TilePath
from liuhen.engines.ledger.tree import root_of
from liuhen.engines.ledger.walk import FileLook, Walk, stored_entries, walk_rows
from liuhen.ground.findings import Finding


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verification saw (核验结果).

    Attributes:
        size: leaves that the log's checkpoint covers; 0 where it can't be read.
        findings: what is wrong, at most as many as asked for.
        unlisted: how many more there are.
        rows: rows that were held against the log.
        files: files that were read and compared.
        files_unread: files that were not, because nobody gave a way to read them.
        disposed: files whose bytes were lawfully destroyed.
        kept: kept checkpoints that could be used.
        cosigned: witnesses whose signature on the checkpoint holds, with the moment each states (UTC).
    """

    size: int
    findings: tuple[Finding, ...]
    unlisted: int
    rows: int
    files: int
    files_unread: int
    disposed: int
    kept: int
    cosigned: tuple[tuple[str, datetime], ...]

    @property
    def sound(self) -> bool:
        """Whether nothing was found wrong (核验通过)."""
        return not self.findings


class _Findings:
    def __init__(self, most: int) -> None:
        self.listed: list[Finding] = []
        self.more = 0
        self._most = most

    def add(self, finding: Finding) -> None:
        if len(self.listed) < self._most:
            self.listed.append(finding)
        else:
            self.more += 1

    def add_all(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self.add(finding)


def verify_log(
    rows: Iterable[tuple[int, Leaf]] | None,
    source: TileSource,
    log_keys: Sequence[VerifierKey],
    origin: str,
    *,
    witnesses: Sequence[VerifierKey] = (),
    kept: Sequence[bytes] = (),
    files: FileLook | None = None,
    most: int = 200,
) -> Verification:
    """Hold all rows against the log and against checkpoints kept elsewhere.

    `rows` are the sealed rows with the place each claims, rising; None for an office that has the log's files only,
    and can see that they give the signed root but not that any record does. `kept` are old checkpoints as notes.
    Whatever is stored, every fault becomes a finding. Memory: a few bytes a row, plus the rows of those bundles in
    which something is wrong. Cost: the salted digest, leaf and node hash of each row, and both stored files of each
    256 rows read once.

    Findings: L-010 to L-016 and L-028 for the checkpoints, L-201 to L-204 rows, L-205 a place claimed twice, L-206 to
    L-211 what is stored, L-213 to L-218 the tree as a whole, L-220 to L-222 files and columns.
    """
    found = _Findings(most)
    head, signed = _head(source, log_keys, origin, witnesses, found)
    old = list(_opened(kept, log_keys, origin, witnesses, found))
    anchor = head or max(old, key=lambda checkpoint: checkpoint.size, default=None)
    walk = walk_rows(rows, source, anchor.size if anchor else 0, [k.size for k in old], files, found.add)
    if anchor is not None:
        tops = _true_tops(walk, source, anchor)
        if tops is None:
            found.add(Finding("L-215", {"size": anchor.size}))
        else:
            _suspect_rewritten(walk, source, anchor.size, tops)
        found.add_all(judge([walk.suspects[n] for n in sorted(walk.suspects)], tops))
        if walk.ended:
            found.add_all(_upper_tiles(source, anchor.size, tops or walk.row_tops))
        found.add_all(_kept_roots(old, anchor.size, walk, tops))
    if head is not None and walk.beyond and not _grown(source, log_keys, origin, walk.beyond_last):
        found.add(Finding("L-217", {"rows": walk.beyond, "first": walk.beyond_first, "size": head.size}))
    return Verification(
        size=head.size if head else 0,
        findings=tuple(found.listed),
        unlisted=found.more,
        rows=walk.count,
        files=walk.files_read,
        files_unread=walk.files_unread,
        disposed=walk.disposed,
        kept=len(old),
        cosigned=tuple((s.key.name, s.moment) for s in (signed.signed if signed else ()) if s.moment is not None),
    )


def _head(
    source: TileSource, keys: Sequence[VerifierKey], origin: str, witnesses: Sequence[VerifierKey], found: _Findings
) -> tuple[Checkpoint | None, SignedCheckpoint | None]:
    """Return what the log's checkpoint states, and the same with its signatures if they hold."""
    try:
        note = source.get(CHECKPOINT)
    except TileRefused as refused:
        found.add(refused.finding)
        return None, None
    if note is None:
        found.add(Finding("L-213", {}))
        return None, None
    try:
        signed = open_checkpoint(note, keys, origin, witnesses)
        return signed.checkpoint, signed
    except CheckpointRefused as refused:
        found.add(Finding(refused.finding.code, refused.finding.fields, CHECKPOINT))
    # Badly signed, it still says what the log on disk takes itself for: the rows are held against that, to say more.
    try:
        return claimed_checkpoint(note), None
    except CheckpointRefused:
        return None, None


def _opened(
    kept: Sequence[bytes], keys: Sequence[VerifierKey], origin: str, witnesses: Sequence[VerifierKey], found: _Findings
) -> Iterator[Checkpoint]:
    for number, note in enumerate(kept, 1):
        try:
            yield open_checkpoint(note, keys, origin, witnesses).checkpoint
        except CheckpointRefused as refused:
            found.add(Finding(refused.finding.code, refused.finding.fields, f"kept {number}"))


def _true_tops(walk: Walk, source: TileSource, anchor: Checkpoint) -> list[bytes] | None:
    """Return the root of each bundle, as far as some mixture of rows and stored entries, or the level-1 tiles, give
    the root.
    """
    if not walk.ended:
        return None
    if len(walk.row_tops) == 1 and 0 in walk.suspects:
        return None if leaf_truth(walk.suspects[0], anchor.root) is None else [anchor.root]
    tops = true_hashes(walk.row_tops, walk.stored_tops, anchor.root)
    if tops is None:
        told = [top for top in tops_from_tiles(source, anchor.size) if top is not None]
        tops = told if len(told) == len(walk.row_tops) and root_of(told) == anchor.root else None
    return tops


def _suspect_rewritten(walk: Walk, source: TileSource, size: int, tops: Sequence[bytes]) -> None:
    """Put those bundles under suspicion in which row, entry and tile agree with each other but not with the signed
    root.
    """
    for number, top in enumerate(tops):
        if number not in walk.suspects and walk.row_tops[number] != top:
            first = number * TILE_WIDTH
            width = min(TILE_WIDTH, size - first)
            stored = stored_entries(source, TilePath(None, number, width))
            rows = dict(enumerate(stored or [], first))
            walk.suspects[number] = Suspect(
                first, width, rows, stored, stored_hashes(source, TilePath(0, number, width))
            )


def _upper_tiles(source: TileSource, size: int, tops: Sequence[bytes | None]) -> Iterator[Finding]:
    """Yield L-210 and L-211 for stored tiles of level 1 and up that are missing or not as computed."""
    row = list(tops[: size // TILE_WIDTH])
    level = 1
    while row:
        above: list[bytes | None] = []
        for start in range(0, len(row), TILE_WIDTH):
            part = row[start : start + TILE_WIDTH]
            known = [top for top in part if top is not None]
            if len(known) < len(part):
                # Rows are missing below and the truth is not known: that has been said already, and says nothing of
                # this tile.
                above.append(None)
                continue
            tile = TilePath(level, start // TILE_WIDTH, len(part))
            stored = stored_hashes(source, tile)
            if stored != known:
                yield Finding("L-210" if stored is None else "L-211", {"tile": str(tile)}, str(tile))
            above.append(root_of(known))
        row = above[: len(row) // TILE_WIDTH]
        level += 1


def _kept_roots(old: Sequence[Checkpoint], size: int, walk: Walk, tops: Sequence[bytes] | None) -> Iterator[Finding]:
    """Yield L-216 for a log that is shorter than it was, L-218 for one that no longer begins as it did."""
    for checkpoint in old:
        if checkpoint.size > size:
            yield Finding("L-216", {"kept": checkpoint.size, "size": size})
        elif checkpoint.root not in _roots_at(checkpoint.size, walk, tops):
            yield Finding("L-218", {"kept": checkpoint.size})


def _roots_at(size: int, walk: Walk, tops: Sequence[bytes] | None) -> list[bytes]:
    """Return the root that the first `size` leaves have; where the truth is not known, what rows and stored entries
    say.
    """
    number, ragged = divmod(size, TILE_WIDTH)
    suspect = walk.suspects.get(number)
    edges: list[Sequence[bytes | None] | None]
    if suspect is None:
        edge = walk.edges.get(number, [])
        edges = [edge, edge, edge]
    else:
        edges = [leaf_truth(suspect, tops[number]) if tops else None, suspect.row_hashes, suspect.stored_hashes]
    # The signed tree alone counts as long as it is known: rows that agree with a kept checkpoint don't excuse a log
    # that does not.
    sides = list(zip((tops, walk.row_tops, walk.stored_tops), edges, strict=True))
    if tops and edges[0] is not None:
        sides = sides[:1]
    roots = []
    for side, edge_hashes in sides:
        below = list((edge_hashes or [])[:ragged])
        known = [h for h in below if h is not None]
        whole = [top for top in (side or [])[:number] if top is not None]
        if len(known) == ragged and len(whole) == number:
            roots.append(root_of([*whole, root_of(known)] if ragged else whole))
    return roots


def _grown(source: TileSource, keys: Sequence[VerifierKey], origin: str, last: int) -> bool:
    """Whether the log has meanwhile grown to cover place `last`: rows may have been sealed while we were reading."""
    try:
        return open_checkpoint(source.get(CHECKPOINT) or b"", keys, origin).checkpoint.size > last
    except (CheckpointRefused, TileRefused):
        return False
