"""Evidence files (示例), and streams and disks that fail, for the tests of the vault."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from liuhen.engines.vault.local import LocalVault
from liuhen.engines.vault.refusals import VaultRefused

MIB = 1 << 20


SMALL = "示例证据\n".encode()


# Three pieces and a rest that is no whole block.
LARGE = b"".join(n.to_bytes(4, "big") for n in range((3 * MIB + 777) // 4))


NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def digests(body: bytes) -> tuple[str, str, int]:
    return hashlib.sha256(body).hexdigest(), hashlib.new("sm3", body).hexdigest(), len(body)


def held(vault: LocalVault) -> list[str]:
    """Every file below the vault's folder."""
    return sorted(str(p.relative_to(vault.folder)) for p in vault.folder.rglob("*") if not p.is_dir())


def code_of(call: Callable[[], Any]) -> str:
    with pytest.raises(VaultRefused) as refused:
        call()
    return refused.value.finding.code


class Dribble(io.RawIOBase):
    """A stream that gives a few bytes at a time and has nothing but read."""

    def __init__(self, body: bytes, step: int) -> None:
        self._whole = io.BytesIO(body)
        self._step = step

    def read(self, size: int = -1, /) -> bytes:
        return self._whole.read(min(size, self._step))

    readinto = None  # type: ignore[assignment]


class Breaking:
    """A stream that breaks after some bytes."""

    def __init__(self, body: bytes, wrong: BaseException) -> None:
        self._whole = io.BytesIO(body)
        self._wrong = wrong

    def read(self, size: int, /) -> bytes:
        piece = self._whole.read(size)
        if not piece:
            raise self._wrong
        return piece


class Os:
    """The module os with some functions replaced."""

    def __init__(self, **replaced: object) -> None:
        self.__dict__.update(replaced)

    def __getattr__(self, name: str) -> object:
        return getattr(os, name)
