"""The data folder (数据目录): where keys, the vault and each bureau's ledger lie."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings


def home() -> Path:
    """Return the data folder (`LIUHEN_HOME`)."""
    return Path(settings.LIUHEN_HOME)


def keys() -> Path:
    """Return the folder of the keys: mode 700, every file in it 600, made by `set_up`, never sent anywhere."""
    return home() / "keys"


def vault() -> Path:
    """Return the folder of evidence files, content-addressed."""
    return home() / "vault"


def ledger(bureau: str) -> Path:
    """Return the folder of a bureau's ledger: tiles and checkpoint, as they are served."""
    return home() / "ledger" / bureau


def ledger_key(bureau: str) -> Path:
    """Return the file of the key that signs a bureau's checkpoints."""
    return keys() / f"ledger-{bureau}"
