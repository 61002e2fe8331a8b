"""The published form of a dossier (卷宗格式): JSON Schema 2020-12, kept as data beside this module."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any


@cache
def schema() -> dict[str, Any]:
    """Return the JSON Schema of `dossier.json`.

    Whatever the reader takes, the schema allows; what the schema refuses, the reader refuses. The reader refuses
    more: dates that do not exist, kinds and fields that the vocabulary lacks, records that name missing ones, files
        that differ.
    """
    text = resources.files(__package__).joinpath("dossier.schema.json").read_text(encoding="utf-8")
    tree: dict[str, Any] = json.loads(text)
    return tree
