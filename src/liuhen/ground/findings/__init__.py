"""Findings as data (检查发现): every code with its fields, its sentence in zh and en, and the next step."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from liuhen.ground.phrases import FIELDS, phrase
from liuhen.ground.words import Language, Words


@dataclass(frozen=True, slots=True)
class FindingKind:
    """One code of the list (发现代码): which fields it takes and what it says."""

    code: str
    fields: tuple[str, ...]
    sentence: Words
    next_step: Words


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found wrong (发现), ready to be shown to a person or read by a program.

    Attributes:
        code: such as `R-012`; must stand in `findings/*.toml`.
        fields: exactly the fields that the code declares; a `Words` value is shown in the reader's language.
        place: where it was found: a file and line, or a JSON pointer; empty when there is no place.

    Raises:
        LookupError: for a code that no table has, or a field missing or too many (a programming error, held by tests).
    """

    code: str
    fields: Mapping[str, object] = field(default_factory=dict)
    place: str = ""

    def __post_init__(self) -> None:
        kind = finding_kind(self.code)
        if set(kind.fields) != set(self.fields):
            raise LookupError(f"{self.code} takes {sorted(kind.fields)}, was given {sorted(self.fields)}")
        object.__setattr__(self, "fields", MappingProxyType(dict(self.fields)))

    def sentence(self, language: Language = "zh") -> str:
        """Return the sentence that says what was found."""
        return _fill(finding_kind(self.code).sentence, self.fields, language)

    def next_step(self, language: Language = "zh") -> str:
        """Return what to do next, one sentence."""
        return _fill(finding_kind(self.code).next_step, self.fields, language)

    def as_json(self) -> dict[str, Any]:
        """Return code, fields, place, and both sentences and next steps."""
        return {
            "code": self.code,
            "place": self.place,
            "fields": {k: v.as_json() if isinstance(v, Words) else _plain(v) for k, v in self.fields.items()},
            "zh": self.sentence("zh"),
            "en": self.sentence("en"),
            "next": {"zh": self.next_step("zh"), "en": self.next_step("en")},
        }


def _plain(value: object) -> object:
    return value if isinstance(value, (str, int, bool)) or value is None else str(value)


def _fill(words: Words, fields: Mapping[str, object], language: Language) -> str:
    shown = {k: v.in_(language) if isinstance(v, Words) else _short(_said(k, v, language)) for k, v in fields.items()}
    return words.in_(language).format_map(shown)


def _said(name: str, value: object, language: Language) -> object:
    return phrase(value).in_(language) if name in FIELDS and isinstance(value, str) else value


def _short(value: object) -> str:
    # A hostile field must not flood a page or a log line; control characters would forge lines in a terminal.
    text = str(value)
    return "".join(c if c.isprintable() else "�" for c in text[:400])


@cache
def table() -> Mapping[str, FindingKind]:
    """Return every known code; read once from the `*.toml` files beside this module."""
    found: dict[str, FindingKind] = {}
    for file in sorted(resources.files(__package__).iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".toml"):
            continue
        for code, entry in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if code in found:
                raise LookupError(f"{code} stands in two files")
            found[code] = FindingKind(
                code,
                tuple(entry["fields"]),
                Words(entry["zh"], entry["en"]),
                Words(entry["next"]["zh"], entry["next"]["en"]),
            )
    return MappingProxyType(found)


def finding_kind(code: str) -> FindingKind:
    """Return the entry for `code`; LookupError for an unknown one."""
    return table()[code]
