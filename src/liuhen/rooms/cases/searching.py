"""Finding by words (查找), and the few lines that hand-written queries share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

MOST = 1000
"""Counts of unknown length stop here and are shown as 1,000+."""


def like(word: str) -> str:
    """Return the pattern that finds `word` anywhere, for LIKE … ESCAPE '!'."""
    for c in "!%_":
        word = word.replace(c, "!" + c)
    return f"%{word}%"


def marks(values: Sequence[object]) -> str:
    """Return the placeholders for a list of values."""
    return ", ".join(["%s"] * len(values))


def fetched(sql: str, values: Sequence[object]) -> list[Any]:
    """Return the rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
