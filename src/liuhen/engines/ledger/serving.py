"""What is handed out of a log's folder (对外提供存证): checkpoint and covered tiles, media type, cache policy."""

from __future__ import annotations

from dataclasses import dataclass

from liuhen.engines.ledger.checkpoint import claimed_checkpoint
from liuhen.engines.ledger.refusals import TileRefused
from liuhen.engines.ledger.store import CHECKPOINT, TileSource
from liuhen.engines.ledger.tiles import parse_tile_path

FOR_GOOD = "public, max-age=31536000, immutable"
FOR_SECONDS = "public, max-age=5"


@dataclass(frozen=True, slots=True)
class Served:
    """One answer (答复): the body, and what its headers `Content-Type` and `Cache-Control` have to say."""

    body: bytes
    media_type: str
    cache_control: str


def read(source: TileSource, path: str) -> Served | None:
    """Return what lies at `path`, relative to the log's address; None where the answer is 404, hostile paths
    included.

    A tile that the checkpoint does not cover is not handed out: it may be left over from a crash and be written anew,
    while caches keep what they were given for good. Source: C2SP tlog-tiles, "APIs".
    """
    head = source.get(CHECKPOINT)
    if head is None:
        return None
    if path == CHECKPOINT:
        return Served(head, "text/plain; charset=utf-8", FOR_SECONDS)
    try:
        tile = parse_tile_path(path)
    except TileRefused:
        return None
    if tile.end > claimed_checkpoint(head).size:
        return None
    body = source.get(path)
    return None if body is None else Served(body, "application/octet-stream", FOR_GOOD)
