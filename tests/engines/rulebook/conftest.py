"""A rulebook of a few rules in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.engines.rulebook.small import Book, write_book


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Book]:
    """Write rules as a rulebook into a folder, read and compile it."""

    number = count()

    def make(rules: str, head: str = "", name: str = "trial", *, regardless: bool = True, **settings: Any) -> Book:
        folder = tmp_path / str(next(number)) / name
        return Book(write_book(folder, rules, head), regardless=regardless, **settings)

    return make
