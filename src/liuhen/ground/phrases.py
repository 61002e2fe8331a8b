"""Phrases inside the sentences of findings (短语): what was wanted, in which table, why; their Chinese stands in phrases.toml.

Code says such a phrase in English where it refuses, and a program reads it so. What a person reads is in one language only.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from liuhen.ground.words import Words

_PLACE = "{}"
# The fields of a finding that hold a phrase of the product's own, never what somebody wrote.
FIELDS = frozenset({"wanted", "table", "reason", "side", "expected"})


def phrase(said: str) -> Words:
    """Return a phrase in both languages; as it is where the table does not have it."""
    exact, templates = _table()
    if said in exact:
        return exact[said]
    for pattern, words in templates:
        if found := pattern.fullmatch(said):
            return Words(*(_filled(text, found.groups()) for text in (words.zh, words.en)))
    return Words(said, said)


def known(said: str) -> bool:
    """Whether the table has this phrase."""
    exact, templates = _table()
    return said in exact or any(pattern.fullmatch(said) for pattern, _ in templates)


def _filled(text: str, parts: tuple[str, ...]) -> str:
    pieces = text.split(_PLACE)
    return "".join(a + b for a, b in zip(pieces, [*parts, ""], strict=True))


@cache
def _table() -> tuple[dict[str, Words], list[tuple[re.Pattern[str], Words]]]:
    text = resources.files(__package__).joinpath("phrases.toml").read_text(encoding="utf-8")
    exact: dict[str, Words] = {}
    templates: list[tuple[re.Pattern[str], Words]] = []
    for said, entry in tomllib.loads(text).items():
        words = Words(entry, said) if isinstance(entry, str) else Words(entry["zh"], entry["en"])
        if _PLACE in said:
            templates.append((re.compile("(.+?)".join(map(re.escape, said.split(_PLACE))), re.DOTALL), words))
        else:
            exact[said] = words
    # The longest first: what says more is meant before what says less.
    return exact, sorted(templates, key=lambda pair: -len(pair[0].pattern))
