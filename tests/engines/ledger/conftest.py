"""Small logs, in memory and on disk, for the tests of the Ledger."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from liuhen.engines.ledger.keys import Signer
from liuhen.engines.ledger.log import Log
from tests.engines.ledger.office import SIZE, Office
from tests.engines.ledger.sealed import ORIGIN, sealed_rows


@pytest.fixture(scope="session")
def signer() -> Signer:
    return Signer(ORIGIN, bytes(range(32)))


@pytest.fixture
def open_log(tmp_path: Path, signer: Signer) -> Callable[[], Log]:
    """Opens the same log again and again; the caller closes it."""
    Log.create(tmp_path / "log", signer)
    return lambda: Log(tmp_path / "log", signer)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, signer: Signer) -> tuple[Path, list[bytes]]:
    folder = tmp_path_factory.mktemp("office") / "log"
    sealed = [leaf.entry() for _, leaf in sealed_rows(SIZE)]
    Log.create(folder, signer)
    kept = []
    with Log(folder, signer) as log:
        for first, end in ((0, 100), (100, 256), (256, 300), (300, 512), (512, SIZE)):
            kept.append(log.append(sealed[first:end]).note)
    return folder, kept


@pytest.fixture
def office(built: tuple[Path, list[bytes]], tmp_path: Path, signer: Signer) -> Office:
    folder, kept = built
    shutil.copytree(folder, tmp_path / "log")
    return Office(tmp_path / "log", signer, kept)
