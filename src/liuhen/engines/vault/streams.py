"""The stream that a file comes from (文件来源), as the vault reads it: its errors and its length told apart from the disk's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from liuhen.engines.vault.pouring import Fill
from liuhen.engines.vault.refusals import VaultRefused

Progress = Callable[[int], object]
"""Is told the bytes read so far, about once a MiB, in the thread of the caller; what it raises ends the upload."""


class ByteStream(Protocol):
    """Whatever bytes come from (字节来源): an upload, a file, a card reader; `readinto` is used where there is one."""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes, none at the end."""
        ...


class Source:
    """The stream as `put` reads it: its errors told apart from those of the disk, its length held to the limit."""

    __slots__ = ("_fill", "_limit", "_most", "_progress", "_seen")

    def __init__(self, stream: ByteStream, progress: Progress | None, most: int | None, limit: int | None) -> None:
        self._progress = progress
        self._most = most
        self._limit = limit
        self._seen = 0
        self._fill = filling(stream)

    def fill(self, view: memoryview) -> int:
        """Write the next bytes into the view; refused: F-004, F-006, F-007."""
        try:
            more = self._fill(view)
        except (OSError, EOFError) as wrong:
            raise VaultRefused("F-006", bytes=self._seen) from wrong
        self._seen += more
        if self._most is not None and self._seen > self._most:
            if self._limit is not None and self._seen > self._limit:
                raise VaultRefused("F-004", limit=self._limit)
            raise VaultRefused("F-007", expected=self._most, bytes=self._seen)
        if self._progress is not None and more:
            self._progress(self._seen)
        return more


def filling(stream: ByteStream) -> Fill:
    """Return how to fill a buffer from `stream`: in place where it can, else by copying what it gives."""
    into: Fill | None = getattr(stream, "readinto", None)
    if into is not None:
        return into

    def fill(view: memoryview) -> int:
        piece = stream.read(len(view))
        view[: len(piece)] = piece
        return len(piece)

    return fill
