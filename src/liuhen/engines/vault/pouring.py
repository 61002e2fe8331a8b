"""One pass over the bytes of a file (单次流式处理): SHA-256, SM3 and the copy on disk together, in constant memory.

SM3 takes longer than all the rest together. hashlib and the system calls let go of the interpreter's lock for large
pieces, so each consumer has a thread of its own, and the whole takes little longer than SM3 alone. The copy bypasses
the page cache where the file system allows it: with two processors, filling the cache and emptying it again is what
would slow SM3 down.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import mmap
import os
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Protocol

from liuhen.engines.vault.refusals import VaultRefused

PIECE_BYTES = 1 << 20
PIECES = 16

Fill = Callable[[memoryview], int]
"""Writes the next bytes into the view and returns how many, 0 at the end; fewer than asked for is allowed."""


class Hasher(Protocol):
    """A digest being computed (摘要计算)."""

    def update(self, data: bytes | memoryview, /) -> None:
        """Take in more bytes."""
        ...

    def hexdigest(self) -> str:
        """Return the digest of what was taken in, lower-case hex."""
        ...


@dataclass(frozen=True, slots=True)
class Poured:
    """What one pass saw (单次处理结果): both digests as 64 lower-case hex digits, and the number of bytes."""

    sha256: str
    sm3: str
    size: int


def new_sm3() -> Hasher:
    """Return a fresh SM3 digest (GB/T 32905); refused (F-001): this Python's OpenSSL can't compute it."""
    try:
        return hashlib.new("sm3")
    except ValueError:
        raise VaultRefused("F-001") from None


def pour(fill: Fill, handle: int | None = None) -> Poured:
    """Digest everything that `fill` brings and, with `handle`, write it there; the caller flushes and closes.

    A file of less than one piece is done at once, without threads. Errors of the source and of the disk come out as
    they are, after all threads have ended. Memory: 16 pieces of 1 MiB, whatever the size.
    """
    sha256: Hasher = hashlib.sha256()
    sm3 = new_sm3()
    writer = None if handle is None else DirectWriter(handle)
    tasks: list[Callable[[memoryview], object]] = [sm3.update, sha256.update]
    if writer is not None:
        tasks.append(writer.write)
    first = memoryview(bytearray(PIECE_BYTES))
    size = _fill_up(fill, first)
    if size < PIECE_BYTES:
        for task in tasks:
            task(first[:size])
    else:
        size = _pour_in_threads(fill, tasks, first)
    return Poured(sha256.hexdigest(), sm3.hexdigest(), size)


def _pour_in_threads(fill: Fill, tasks: Sequence[Callable[[memoryview], object]], first: memoryview) -> int:
    pool = _Pool(len(tasks))
    lanes = [_Lane(task, pool) for task in tasks]
    size = 0
    try:
        for lane in lanes:
            lane.start()
        piece = pool.take()
        piece.view[:] = first
        filled = len(first)
        while filled and all(lane.failure is None for lane in lanes):
            size += filled
            piece.begin(filled)
            for lane in lanes:
                lane.queue.put(piece)
            piece = pool.take()
            filled = _fill_up(fill, piece.view)
    finally:
        for lane in lanes:
            lane.queue.put(None)
        for lane in lanes:
            if lane.ident is not None:
                lane.join()
        pool.close()
    for lane in lanes:
        if lane.failure is not None:
            raise lane.failure
    return size


def _fill_up(fill: Fill, view: memoryview) -> int:
    filled = 0
    while filled < len(view) and (more := fill(view[filled:])):
        filled += more
    return filled


class _Piece:
    """One buffer on its way through all lanes."""

    __slots__ = ("_left", "_lock", "_pool", "buffer", "filled", "view")

    def __init__(self, pool: _Pool) -> None:
        # Anonymous memory is aligned to pages, which writing past the cache asks for.
        self.buffer = mmap.mmap(-1, PIECE_BYTES)
        self.view = memoryview(self.buffer)
        self.filled = 0
        self._pool = pool
        self._lock = threading.Lock()
        self._left = 0

    def begin(self, filled: int) -> None:
        self.filled = filled
        self._left = self._pool.lanes

    def finished(self) -> None:
        with self._lock:
            self._left -= 1
            free = self._left == 0
        if free:
            self._pool.free.put(self)


class _Pool:
    """The buffers; who takes one waits until one is free, which is what bounds the memory."""

    def __init__(self, lanes: int) -> None:
        self.lanes = lanes
        self.free: SimpleQueue[_Piece] = SimpleQueue()
        self._pieces = [_Piece(self) for _ in range(PIECES)]
        for piece in self._pieces:
            self.free.put(piece)

    def take(self) -> _Piece:
        return self.free.get()

    def close(self) -> None:
        """Give the memory back at once: a server that takes in many files must not wait for the collector."""
        for piece in self._pieces:
            piece.view.release()
            # The traceback of a failed lane can still hold on to its buffer.
            with suppress(BufferError):
                piece.buffer.close()
        self._pieces.clear()
        self.free = SimpleQueue()


class _Lane(threading.Thread):
    """Does one thing with every piece, in order. After a failure it only lets the pieces go, so that nobody waits for
    it.
    """

    def __init__(self, work: Callable[[memoryview], object], pool: _Pool) -> None:
        super().__init__(daemon=True)
        self.queue: SimpleQueue[_Piece | None] = SimpleQueue()
        self.failure: BaseException | None = None
        self._work = work

    def run(self) -> None:
        while (piece := self.queue.get()) is not None:
            if self.failure is None:
                try:
                    self._work(piece.view[: piece.filled])
                except BaseException as wrong:
                    self.failure = wrong
            piece.finished()


class DirectWriter:
    """Writes pieces one after the other, past the page cache as long as their length and the file system allow it."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._direct = False

    def write(self, piece: memoryview) -> None:
        """Write the whole piece; a short one, the last, goes through the cache."""
        self._turn(direct=len(piece) == PIECE_BYTES)
        try:
            written = os.write(self._handle, piece)
        except OSError as wrong:
            if wrong.errno != errno.EINVAL or not self._direct:
                raise
            self._turn(direct=False)
            written = os.write(self._handle, piece)
        if written < len(piece):
            # A disk about to be full takes a part; the rest will not be aligned any more.
            self._turn(direct=False)
            while written < len(piece):
                written += os.write(self._handle, piece[written:])

    def _turn(self, *, direct: bool) -> None:
        if direct == self._direct:
            return
        flags = fcntl.fcntl(self._handle, fcntl.F_GETFL)
        # Some file systems (memory, some over the network) know no way past the cache, and say so here.
        with suppress(OSError):
            fcntl.fcntl(self._handle, fcntl.F_SETFL, flags | os.O_DIRECT if direct else flags & ~os.O_DIRECT)
            self._direct = direct
