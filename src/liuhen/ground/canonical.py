"""Canonical form (规范形式, RFC 8785) and the digests taken of it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import rfc8785

SALT_BYTES = 32


def canonical(value: Any) -> bytes:
    """Return the one canonical JSON text of `value` (RFC 8785), as UTF-8 bytes.

    Refused with ValueError: numbers that JSON can't carry exactly (beyond 2**53, not a number), keys that are not text,
    lone surrogates. Cost: linear.
    """
    if isinstance(value, dict) and _plain(value):
        # For our own records (text, whole numbers, no exotic keys) the standard encoder already gives RFC 8785 output and is
        # twenty times faster; tests/ground/test_canonical.py holds the two to the same bytes.
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return rfc8785.dumps(value)


def _plain(value: Any) -> bool:
    kind = type(value)
    if kind is str:
        return bool(value.isascii() or not any("\ud800" <= c <= "\udfff" for c in value))
    if kind is int:
        return bool(-(2**53) < value < 2**53)
    if kind is bool or value is None:
        return True
    if kind is dict:
        # RFC 8785 sorts keys by UTF-16 units, Python by code points: they agree below U+D800 and for ASCII always.
        return all(type(k) is str and k.isascii() and _plain(v) for k, v in value.items())
    if kind is list or kind is tuple:
        return all(_plain(v) for v in value)
    return False


def sha256(data: bytes) -> str:
    """Return SHA-256 of `data`, 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()


def digest(value: Any) -> str:
    """Return SHA-256 of the canonical form of `value`, 64 lower-case hex digits."""
    return sha256(canonical(value))


def salted_digest(salt: bytes, data: bytes) -> str:
    """Return SHA-256(salt || data), 64 hex digits (加盐摘要): tells nothing of `data` to those without the salt.

    Refused: a salt that is not 32 bytes (ValueError).
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes")
    return sha256(salt + data)
