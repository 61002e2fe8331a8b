"""What is handed out over HTTP: what the checkpoint covers, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from liuhen.engines.ledger.log import Log
from liuhen.engines.ledger.serving import read
from liuhen.engines.ledger.store import DiskTiles
from tests.engines.ledger.sealed import MemoryTiles, entries


@pytest.fixture
def served(open_log: Callable[[], Log]) -> DiskTiles:
    with open_log() as log:
        log.append(entries(300))
        (log.folder / "key").write_text("secret")
        # As a crash leaves it: tiles that no checkpoint covers yet.
        for path in ("tile/0/001", "tile/0/001.p/60", "tile/1/000.p/2", "tile/entries/001"):
            (log.folder / path).parent.mkdir(exist_ok=True)
            (log.folder / path).write_bytes(b"not sealed")
    return DiskTiles(log.folder)


@pytest.mark.parametrize(
    "path", ["tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/44"]
)
def test_a_covered_tile_may_be_kept_for_good(served: DiskTiles, path: str) -> None:
    answer = read(served, path)
    assert answer is not None
    assert answer.body == MemoryTiles.over(entries(300)).held[path]
    assert answer.media_type == "application/octet-stream"
    assert "immutable" in answer.cache_control


def test_the_checkpoint_may_be_kept_for_seconds(served: DiskTiles) -> None:
    answer = read(served, "checkpoint")
    assert answer is not None
    assert answer.body == served.get("checkpoint")
    assert (answer.media_type, answer.cache_control) == ("text/plain; charset=utf-8", "public, max-age=5")


@pytest.mark.parametrize("path", ["tile/0/001", "tile/0/001.p/60", "tile/1/000.p/2", "tile/entries/001"])
def test_a_tile_beyond_the_checkpoint_is_not_handed_out(served: DiskTiles, path: str) -> None:
    assert (served.folder / path).exists()
    assert read(served, path) is None


@pytest.mark.parametrize(
    "path", ["", "key", "lock", "../key", "tile/0/../../key", "tile/0/000.p/7", "incoming/checkpoint", "/etc/passwd"]
)
def test_nothing_else_is_handed_out(served: DiskTiles, path: str) -> None:
    assert read(served, path) is None


def test_without_a_checkpoint_nothing_is_handed_out(served: DiskTiles) -> None:
    (served.folder / "checkpoint").unlink()
    assert read(served, "tile/0/000") is None
    assert read(served, "checkpoint") is None
