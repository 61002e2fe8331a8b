"""The form of a mapping for editors (映射文件格式): JSON Schema 2020-12, kept as data beside this module."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any


@cache
def schema() -> dict[str, Any]:
    """Return the JSON Schema of a mapping; the reader refuses more: what the vocabulary does not have."""
    text = resources.files(__package__).joinpath("logs.schema.json").read_text(encoding="utf-8")
    tree: dict[str, Any] = json.loads(text)
    return tree
