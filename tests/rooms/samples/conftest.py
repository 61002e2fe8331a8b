"""The sample data loaded once for all tests of the room, into the test database and a data folder of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings

from liuhen.rooms.samples.loading import Loaded, load
from tests.office import data_folder, office, transactional_db

ROOT = Path(__file__).resolve().parents[3]
DATA = Path(os.environ.get("LIUHEN_HOME", ROOT / "var"))
"""The data folder of script/setup, where a typeface lies on machines without one."""
BUREAU = "shili-" + uuid4().hex[:8]
"""A name of its own: other tests set up a bureau called shili."""
NOW = datetime.fromisoformat("2026-03-12T16:20+08:00")


@pytest.fixture(scope="session")
def loaded_once(django_db_setup: None, django_db_blocker: Any, data_folder: None) -> Loaded:
    """The story as of `NOW`, committed: loading is one transaction of its own, and nothing is emptied between tests."""
    fonts = DATA / "fonts"
    if fonts.is_dir():
        (Path(settings.LIUHEN_HOME) / "fonts").symlink_to(fonts)
    with django_db_blocker.unblock():
        return load(NOW, bureau_id=BUREAU)


@pytest.fixture(scope="module")
def loaded(loaded_once: Loaded, django_db_blocker: Any) -> Iterator[Loaded]:
    """What was loaded once for all modules, with the database open to the tests of this one."""
    with django_db_blocker.unblock():
        yield loaded_once


__all__ = ["data_folder", "loaded", "office", "transactional_db"]
