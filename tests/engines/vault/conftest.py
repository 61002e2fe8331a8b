"""A vault in an empty folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from liuhen.engines.vault.local import LocalVault


@pytest.fixture
def vault(tmp_path: Path) -> LocalVault:
    return LocalVault(tmp_path / "vault")
