"""Opening a log (打开日志): plain or gzip, told apart by content; a compressed one is unpacked as it is read, never whole."""

from __future__ import annotations

import gzip
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal

from liuhen.dossier.logs.events import InvalidLog

RATIO = 200
FREE = 64_000_000
"""A compressed log may unpack to 64 MB whatever its size, and beyond that to 200 times that (the log of bench/logs.py: 31)."""
CHUNK = 1 << 16

Sort = Literal["xes", "csv"]


class Source:
    """The bytes of a log (日志内容), read from its beginning to its end.

    Refused on reading: E-006 unpacks to too much, E-007 a damaged or shortened archive, E-001 the disk refuses.
    """

    def __init__(self, raw: IO[bytes], path: Path) -> None:
        self.path = path
        self._raw = raw
        head = raw.read(2)
        raw.seek(0)
        self.packed = head == b"\x1f\x8b"
        self._stream: IO[bytes] = gzip.GzipFile(fileobj=raw) if self.packed else raw  # type: ignore[assignment]
        self._given = 0

    def read(self, size: int = CHUNK) -> bytes:
        """Return at most `size` further bytes; none at the end."""
        try:
            found = self._stream.read(size)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise InvalidLog("E-007", str(self.path), reason=str(error)) from error
        except OSError as error:
            raise InvalidLog("E-001", str(self.path), path=str(self.path), reason=str(error.strerror)) from error
        self._given += len(found)
        if self.packed and self._given > FREE:
            # What was read of the archive so far, not its whole size: padding at the end buys nothing.
            ratio = self._given // max(1, self._raw.tell())
            if ratio > RATIO:
                raise InvalidLog("E-006", str(self.path), ratio=ratio, limit=RATIO)
        return found


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """Open a log for one reading; refused: E-001 it is not there, is no file, or may not be read."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            # A pipe would be waited for, and could not be read a second time.
            raise InvalidLog("E-001", str(path), path=str(path), reason="not a file")
        raw = open(path, "rb")  # noqa: SIM115 (closed below)
    except (OSError, ValueError) as error:
        raise InvalidLog(
            "E-001", str(path), path=str(path), reason=getattr(error, "strerror", "") or type(error).__name__
        ) from error
    with raw:
        yield Source(raw, path)


def sort_of(path: Path) -> Sort:
    """Return whether a file is XES or CSV, by how it begins; refused: E-003 it is empty or neither, and as `Source`."""
    with opened(path) as source:
        head = source.read(4096)
    plain = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "xes" if b"<" in head[:6] else "csv"
    if not plain or plain.startswith((b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0")):
        raise InvalidLog("E-003", str(path), path=str(path))
    return "xes" if plain.startswith(b"<") else "csv"
