"""The desk's own words (界面文字): read once from `words.toml`, where zh and en stand side by side."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import SimpleNamespace
from typing import Any

from liuhen.ground.words import Language


class Count(str):
    """A pattern with a number (带数词): `said(n)` takes the singular where the language has one."""

    __slots__ = ("one",)
    one: str

    def said(self, n: object, **more: object) -> str:
        """Return the words for `n`."""
        return (self.one if n == 1 and self.one else self).format(n=n, **more)


@cache
def words(language: Language) -> Any:
    """Return the words of one language as nested names: `words("zh").workbench.title`.

    A name that the file lacks raises AttributeError: a missing word fails a test, never a page in silence.
    """
    tree = tomllib.loads(resources.files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))
    return _named(tree, language)


class Named(SimpleNamespace):
    """Words by name (文字): `status.met`, and `status["met"]` where the name is told by data."""

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)


def _named(tree: Mapping[str, Any], language: Language) -> Named:
    return Named(**{key: _value(entry, language) for key, entry in tree.items()})


def _value(entry: Any, language: Language) -> Any:
    if "zh" not in entry:
        return _named(entry, language)
    word = Count(entry[language])
    word.one = entry.get("en_one", "") if language == "en" else ""
    return word
