"""Keys of personal content (密钥): one data key a file, wrapped by the master key; deleting a data key destroys the content.

AES-256-GCM throughout. The master key lies in `keys/master` (mode 600) and only wraps; a data key encrypts the personal parts of
the records of one file, each under a nonce of its own and bound to its record's id.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from functools import lru_cache, partial
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction

from liuhen.ground.errors import Refused
from liuhen.journal import folders
from liuhen.journal.models import KeyRow
from liuhen.journal.recent import Recent

KEY_BYTES = 32
NONCE_BYTES = 12
MASTER = "master"


class KeysMissing(Refused):
    """The data folder lacks a key, or others can read it (密钥不可用). G-017."""


# Filled on commit alone: a key made by a transaction that was rolled back must never encrypt anything again.
_held: Recent[str, AESGCM] = Recent(8192)


def encrypt(key: AESGCM, name: str, content: bytes) -> bytes:
    """Return `content` encrypted, bound to `name`: it can't be moved to another record unseen."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + key.encrypt(nonce, content, name.encode())


def decrypt(key: AESGCM, name: str, sealed: bytes) -> bytes:
    """Return the content; cryptography's InvalidTag when one bit of it, or its name, is another."""
    return key.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], name.encode())


def key_of(home: str) -> AESGCM | None:
    """Return the data key of a file, None when there is none: never made, or destroyed."""
    found = _held.get(home)
    return found if found is not None else keys_of([home]).get(home)


def keys_of(homes: Iterable[str]) -> dict[str, AESGCM]:
    """Return the data keys of many files, straight from the database; those destroyed are left out."""
    wrapped = dict(KeyRow.objects.filter(home__in=list(homes)).values_list("home", "wrapped"))
    found = {home: AESGCM(decrypt(_master(), home, bytes(sealed))) for home, sealed in wrapped.items()}
    for home, key in found.items():
        transaction.on_commit(partial(_held.put, home, key))
    return found


def make_key(home: str, bureau: str) -> AESGCM:
    """Make the key of a new file, in the caller's transaction."""
    raw = AESGCM.generate_key(KEY_BYTES * 8)
    KeyRow.objects.create(home=home, bureau=bureau, wrapped=encrypt(_master(), home, raw))
    key = AESGCM(raw)
    transaction.on_commit(partial(_held.put, home, key))
    return key


def delete_key(home: str) -> bool:
    """Delete the data key of a file; whether there was one. See `liuhen.journal.destruction`, which is the way to do it."""
    _held.drop(home)
    transaction.on_commit(partial(_held.drop, home))
    return bool(KeyRow.objects.filter(home=home).delete()[0])


def make_master() -> None:
    """Make the folder of keys (mode 700) and the master key (600), unless they are there."""
    folder = folders.keys()
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    write_secret(folder / MASTER, os.urandom(KEY_BYTES).hex())


def check_keys() -> None:
    """Refuse (G-017) a data folder without the keys that a server needs: pages would sign with a key that nobody else has."""
    _master()
    if not (folders.keys() / "django").is_file():
        raise KeysMissing("G-017", file="keys/django")


def write_secret(path: Path, text: str) -> bool:
    """Write a new file of mode 600, flushed; False where it exists already (a secret is never overwritten)."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    return True


def _master() -> AESGCM:
    return _read_master(folders.keys() / MASTER)


@lru_cache(maxsize=4)
def _read_master(path: Path) -> AESGCM:
    try:
        mode = path.stat().st_mode
        raw = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        raise KeysMissing("G-017", file=f"keys/{path.name}") from None
    if stat.S_IMODE(mode) & 0o077 or len(raw) != KEY_BYTES:
        raise KeysMissing("G-017", file=f"keys/{path.name} (600)")
    return AESGCM(raw)
