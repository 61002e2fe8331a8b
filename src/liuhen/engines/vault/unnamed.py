"""Taking out of the vault what nothing names (清理无主文件): uploads that were refused, or that nobody went on with.

Safe beside intake: a file whose bytes come in again, or that a record is about to name, counts as new (`LocalVault.renew`),
and the last look, whether anything names it, is taken while nobody else can take it in.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial

from liuhen.engines.vault.local import LocalVault

SHELVES = tuple(f"{n:02x}" for n in range(256))
AT_ONCE = 500

Named = Callable[[Sequence[str]], Collection[str]]
"""Returns those of at most `AT_ONCE` SHA-256 that something names."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What was taken out, or would be (清理结果): SHA-256 of each file, and bytes in all."""

    digests: tuple[str, ...] = ()
    bytes: int = 0

    def __add__(self, other: Swept) -> Swept:
        """Return both together."""
        return Swept(self.digests + other.digests, self.bytes + other.bytes)


def _unnamed(named: Named, sha256: str) -> bool:
    return sha256 not in named([sha256])


def sweep_shelf(vault: LocalVault, shelf: str, before: float, named: Named, *, dry: bool = False) -> Swept:
    """Remove the files of one of the 256 folders that came in before `before` (POSIX seconds) and that nothing names.

    `dry` only says which. Cost: one look at each file's age, one question for each 500 old ones, one for each that goes.
    """
    gone: list[str] = []
    size = 0
    aged = list(vault.aged(shelf, before))
    for first in range(0, len(aged), AT_ONCE):
        some = aged[first : first + AT_ONCE]
        known = frozenset(named([sha256 for sha256, _ in some]))
        for sha256, length in some:
            if sha256 in known:
                continue
            taken = length if dry else vault.take_out(sha256, before, partial(_unnamed, named, sha256))
            if taken is not None:
                gone.append(sha256)
                size += taken
    return Swept(tuple(gone), size)
