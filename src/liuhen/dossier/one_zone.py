"""The zone in which a judging of many files counts its days (计日时区): that of their bureau, one for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import TypeVar

from liuhen.ground.errors import Refused

_File = TypeVar("_File")


class OneZone:
    """The zone of files that are judged by one stack (计日时区): what `liuhen check` takes for each of them by itself.

    Attributes:
        name: IANA name; that of the first file, None as long as there was none.
    """

    def __init__(self) -> None:
        self.name: str | None = None
        self._file = ""

    def take(self, zone: str, file: str) -> None:
        """Note the zone of one more file; refused: D-052 it is not that of the others, whose days begin at other moments."""
        if self.name is None:
            self.name, self._file = zone, file
        elif zone != self.name:
            raise Refused("D-052", file=file, zone=zone, other=self._file, others=self.name)

    def beginning(self, files: Iterator[_File]) -> Iterator[_File]:
        """Return the same files once the first was read, so that its zone is known before any is judged."""
        return chain(list(islice(files, 1)), files)
