"""A kind of record (记录种类) as a value: its fields, links, signatures and what it opens, closes or archives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

from liuhen.ground.words import Words


@dataclass(frozen=True, slots=True)
class FieldKind:
    """A field of a kind (字段): its type, names, unit, value list; `personal` ones lie under a destroyable key.

    `absent` is what a condition takes a missing value for; `has_absent` tells whether the vocabulary says so at all.
    """

    id: str
    type: str
    words: Words
    unit: str = ""
    personal: bool = False
    required: bool = False
    max: int = 4000
    values: Mapping[str, Words] = dataclass_field(default_factory=dict)
    absent: Any = None
    has_absent: bool = False


@dataclass(frozen=True, slots=True)
class LinkKind:
    """A link role of a kind (关联): which kinds or groups it may name (none listed: any), and whether it must be there."""

    role: str
    kinds: frozenset[str] = frozenset()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record (记录种类); see docs/vocabulary.md for each attribute."""

    id: str
    version: int
    words: Words
    family: str
    phase: str
    case: str = "yes"
    actions: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    interval: bool = False
    opens: str = ""
    closes: str = ""
    archives: str = ""
    role: str = ""
    links: Mapping[str, LinkKind] = dataclass_field(default_factory=dict)
    fields: Mapping[str, FieldKind] = dataclass_field(default_factory=dict)
    signatures: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    file_roles: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    media_of: Mapping[str, Mapping[str, tuple[str, ...]]] = dataclass_field(default_factory=dict)
    help: Words | None = None
    core: bool = False
