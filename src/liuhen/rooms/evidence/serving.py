"""Giving files out (出示): by HTTP ranges, so that a recording can be sought in; each opening is a look that is recorded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from liuhen.ground.digits import LARGEST, whole_number
from liuhen.journal.vaulted import media_type_of, the_vault

PIECE_BYTES = 4 << 20
"""The most that one partial answer gives: a player asks again, and no worker is held for the length of a film."""
_RANGE = re.compile(r"bytes=(\d*)-(\d*)\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Given:
    """What an answer gives (出示范围): status 200, 206 or 416, the bytes from `start` up to but not including `end` of `size`."""

    status: int
    start: int
    end: int
    size: int

    @property
    def content_range(self) -> str:
        """The header of a 206 or 416 answer."""
        return f"bytes {self.start}-{self.end - 1}/{self.size}" if self.status == 206 else f"bytes */{self.size}"


def asked_range(header: str, size: int) -> Given:
    """Return which bytes a `Range` header asks for (RFC 9110 section 14); without one, or with one of another form, the whole.

    416 for a range that begins beyond the end. Several ranges at once are answered with the whole, as the RFC allows.
    """
    whole = Given(200, 0, size, size)
    found = _RANGE.match(header.strip()) if header else None
    if found is None:
        return whole
    first, last = found.groups()
    if not first and not last:
        return whole
    if not first:
        length = _place(last)
        if length == 0 or size == 0:
            return Given(416, 0, 0, size)
        start, end = max(0, size - length), size
    else:
        start = _place(first)
        # An open end is a player's: it gets a piece and asks again. Who names an end gets all of it.
        end = min(size, _place(last) + 1) if last else min(size, start + PIECE_BYTES)
        if last and _place(last) < start:
            return whole
        if start >= size:
            return Given(416, 0, 0, size)
    return Given(206, start, end, size)


def _place(figures: str) -> int:
    # More figures than any file has bytes: beyond its end all the same.
    found = whole_number(figures)
    return LARGEST if found is None else found


def type_of(sha256: str) -> str:
    """Return what a stored file is, told by what is in it; refused: F-003 not there."""
    return media_type_of(sha256)


def pieces(sha256: str, given: Given) -> Iterator[bytes]:
    """Return the bytes of an answer in pieces of at most 1 MiB; refused at once when the file is not there (F-003)."""
    return the_vault().read_range(sha256, given.start, given.end)


def size_of(sha256: str) -> int:
    """Return a stored file's length in bytes; refused: F-003 not there."""
    return the_vault().size(sha256)
