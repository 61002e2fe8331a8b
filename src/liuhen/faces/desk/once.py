"""What is made once and kept by everything it says (一次写成): never stale, for whatever could change it is part of its key."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """Values by key, at most so many (留用).

    The key holds all that the value follows from: language, digest of the texts, roles, the values themselves. So one key has one
    value at any moment and for anybody, and what a person may see is never a question of what is kept here.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: dict[Hashable, T] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the value of `key`; `make` makes it the first time."""
        found = self._held.get(key)
        if found is None:
            if len(self._held) >= self._most:
                self._held.clear()
            found = self._held[key] = make()
        return found
