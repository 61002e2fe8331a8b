"""The log's folder (存证目录): tiles, bundles, checkpoint as files, written aside, flushed, renamed into place.

<folder>/checkpoint                  replaced last: what it does not cover is nobody's and may be written again
<folder>/tile/<L>/x001/x234/067      read-only once full
<folder>/incoming/                   files being written; emptied when a writer opens the folder
<folder>/lock                        held by the one process that may write
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from liuhen.engines.ledger.refusals import LogRefused, TileRefused
from liuhen.engines.ledger.tiles import TilePath, parse_tile_path

CHECKPOINT = "checkpoint"
FEW_FILES = 64
_READ_ONLY = 0o444
_MORE_THAN_A_TILE = 1 << 16


class TileSource(Protocol):
    """Whatever tiles can be read from (分片来源): a folder, another office's server, a copy in memory."""

    def get(self, path: str) -> bytes | None:
        """Return the bytes at `checkpoint` or at a tile's path; None where there is nothing."""
        ...


class DiskTiles:
    """Reads a log's folder (存证目录读取). Keeps nothing, takes no lock."""

    __slots__ = ("_base", "folder")

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._base = os.fspath(folder)

    def get(self, path: str) -> bytes | None:
        """Return the bytes at `path`, None where there is nothing; refused (L-002): any other path; L-028: it can't
        be read.
        """
        if path != CHECKPOINT:
            parse_tile_path(path)
        try:
            handle = os.open(f"{self._base}/{path}", os.O_RDONLY | os.O_NOFOLLOW)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as wrong:
            raise TileRefused("L-028", file=path, error=wrong.strerror) from wrong
        try:
            body = os.read(handle, _MORE_THAN_A_TILE)
            if len(body) == _MORE_THAN_A_TILE:
                while more := os.read(handle, 1 << 20):
                    body += more
            return body
        except OSError as wrong:
            raise TileRefused("L-028", file=path, error=wrong.strerror) from wrong
        finally:
            os.close(handle)


class DiskWriter:
    """Writes a log's folder (存证目录写入); one writer at a time."""

    __slots__ = ("_base", "_folders", "_incoming", "_waiting", "folder")

    def __init__(self, folder: Path) -> None:
        """Take over the folder, whose lock the caller holds; refused (L-028): it can't be written."""
        self.folder = folder
        self._base = os.fspath(folder)
        self._incoming = f"{self._base}/incoming"
        self._folders: set[str] = set()
        self._waiting: list[tuple[str, str]] = []
        try:
            # Not there after a restore by tools that leave out empty folders.
            Path(self._incoming).mkdir(exist_ok=True)
            self.sweep()
        except OSError as wrong:
            raise LogRefused("L-028", file=folder.name, error=wrong.strerror) from wrong

    def put(self, tile: TilePath, body: bytes) -> None:
        """Write one tile aside; it is in place at the latest after `settle`."""
        target = f"{self._base}/{tile}"
        aside = f"{self._incoming}/{len(self._waiting)}-{tile.level}-{tile.index}-{tile.width}"
        self._make_folder(target.rpartition("/")[0])
        self._write(aside, body)
        self._waiting.append((aside, target))

    def settle(self) -> None:
        """Bring everything written so far to the disk and into place.

        A few files are flushed one by one, each before it gets its name. For many (a log built in bulk) that would
        cost more than all the hashing, so they are named first and then the file system is flushed once: safe because
        no checkpoint covers them yet.
        """
        if len(self._waiting) <= FEW_FILES:
            for aside, target in self._waiting:
                _flush(aside)
                os.rename(aside, target)
            for folder in sorted(self._folders):
                _flush(folder)
        else:
            for aside, target in self._waiting:
                os.rename(aside, target)
            _flush_file_system(self._base)
        self._waiting.clear()
        self._folders.clear()

    def publish(self, checkpoint: bytes) -> None:
        """Replace the checkpoint; before this call nothing that was put is part of the log, after it everything is."""
        aside = f"{self._incoming}/{CHECKPOINT}"
        self._write(aside, checkpoint, mode=0o644)
        _flush(aside)
        os.rename(aside, f"{self._base}/{CHECKPOINT}")
        _flush(self._base)

    def drop_partials(self, level: int | None, index: int) -> None:
        """Remove the partial versions of a tile that is full now; readers fall back to the full one (C2SP, "Partial
        Tiles").
        """
        shutil.rmtree(f"{self._base}/{TilePath(level, index)}.p", ignore_errors=True)

    def abandon(self) -> None:
        """Forget what was written since the last `settle`, and sweep it away."""
        self._waiting.clear()
        self._folders.clear()
        self.sweep()

    def sweep(self) -> None:
        """Empty the folder of files being written."""
        for entry in os.scandir(self._incoming):
            with suppress(FileNotFoundError):
                os.unlink(entry.path)

    def _make_folder(self, folder: str) -> None:
        # A new folder is an entry of the one above it, which has to be flushed too.
        while folder not in self._folders and folder != self._base:
            os.makedirs(folder, exist_ok=True)
            self._folders.add(folder)
            folder = folder.rpartition("/")[0]
        self._folders.add(self._base)

    @staticmethod
    def _write(aside: str, body: bytes, mode: int = _READ_ONLY) -> None:
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
        try:
            written = os.write(handle, body)
            while written < len(body):
                written += os.write(handle, body[written:])
        finally:
            os.close(handle)


@contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """Hold the folder's lock (独占写入); refused (L-025) while another process holds it, L-024 where there is no such
    folder.

    The lock belongs to the open file: it ends with the process, however that ends.
    """
    try:
        handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as wrong:
        raise LogRefused("L-024", folder=folder.name) from wrong
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LogRefused("L-025", folder=folder.name) from None
        yield
    finally:
        os.close(handle)


def _flush(path: str) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _flush_file_system(path: str) -> None:
    # syncfs(2) is not in the standard library. Unlike os.sync() it tells of a failed write and leaves other disks
    # alone.
    syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if syncfs is None:
        os.sync()
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        if syncfs(handle) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    finally:
        os.close(handle)
