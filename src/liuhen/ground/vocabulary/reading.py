"""Reading kinds from data (读词表): each key known, each value of its type, each term there; refused with file and line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from liuhen.ground.errors import InvalidVocabulary
from liuhen.ground.located import Block
from liuhen.ground.vocabulary.kinds import FieldKind, Kind, LinkKind
from liuhen.ground.vocabulary.values import FIELD_TYPES, check_value
from liuhen.ground.words import Words

Terms = Mapping[str, Mapping[str, Words]]

FAMILIES = frozenset({"act", "document", "event", "statement", "register"})
ENGINE_ROLES = frozenset(
    {
        "recording",
        "interruption",
        "disposal",
        "withdrawal",
        "added_signature",
        "certificate",
        "applied_on",
        "av_exception",
    }
)
_KIND_NAME = re.compile(r"[a-z][a-z0-9_.]{0,63}\Z")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")
KIND_KEYS = frozenset(
    (
        "kind version zh en family phase actions groups interval opens closes archives links case role fields "
        "signatures by files help core"
    ).split()
)
KIND_NEEDS = ("kind", "version", "zh", "en", "family", "phase")
FIELD_KEYS = frozenset("id type zh en unit personal required max values absent".split())
FIELD_NEEDS = ("id", "type", "zh", "en")
LINK_KEYS = frozenset({"kinds", "required"})
FILE_KEYS = frozenset({"roles", "media", "of"})
_CASE = {True: "yes", False: "no", "optional": "optional"}


def read_terms(tree: Any, shown: str) -> dict[str, Mapping[str, Words]]:
    """Read the tables of terms: table → id → names."""
    if not isinstance(tree, Block):
        raise InvalidVocabulary("V-106", at=shown, key="terms", wanted="a mapping")
    return {
        table: MappingProxyType({k: _words(v, tree, table) for k, v in _mapping(tree, table).items()}) for table in tree
    }


def read_kind(block: Any, shown: str, terms: Terms) -> Kind:
    """Read one kind; refused as `load` says."""
    if not isinstance(block, Block):
        raise InvalidVocabulary("V-106", at=shown, key="kind", wanted="a mapping")
    _known(block, KIND_KEYS)
    for key in KIND_NEEDS:
        _need(block, key)
    id_ = _name(block, "kind", _KIND_NAME)
    _term(block, "family", block["family"], FAMILIES, "family")
    role = block.get("role")
    if role is not None:
        _term(block, "role", role, ENGINE_ROLES, "engine role")
    tables = (("phase", "phases"), ("opens", "subjects"), ("closes", "subjects"), ("archives", "subjects"))
    phase, opens, closes, archives = (
        _term(block, key, block[key], terms[table], table) if block.get(key) is not None else ""
        for key, table in tables
    )
    lists = (("actions", "action_types"), ("groups", "groups"), ("signatures", "roles"), ("by", "roles"))
    actions, groups, signatures, by = (
        [_term(block, key, term, terms[table], table) for term in _list(block, key)] for key, table in lists
    )
    case = block.get("case", True)
    if not isinstance(case, (bool, str)) or case not in _CASE:
        raise InvalidVocabulary("V-106", at=block.at("case"), key="case", wanted="yes, no or optional")
    fields = [_field(f, block, terms) for f in _list(block, "fields")]
    if len({f.id for f in fields}) != len(fields):
        raise InvalidVocabulary("V-103", at=block.at("fields"), kind=f"a field of {id_}")
    links = _mapping(block, "links")
    files = _mapping(block, "files")
    _known(files, FILE_KEYS)
    return Kind(
        id=id_,
        version=_whole(block, "version"),
        words=_words(block, block, "zh"),
        family=str(block["family"]),
        phase=phase,
        case=_CASE[case],
        actions=frozenset(actions),
        groups=frozenset(groups),
        interval=_flag(block, "interval"),
        core=_flag(block, "core"),
        opens=opens,
        closes=closes,
        archives=archives,
        role=role or "",
        links=MappingProxyType({role: _link(role, spec, links) for role, spec in links.items()}),
        fields=MappingProxyType({f.id: f for f in fields}),
        signatures=tuple(signatures),
        by=tuple(by),
        file_roles=tuple(_texts(files, "roles")),
        media=tuple(_term(files, "media", term, terms["media"], "media") for term in _list(files, "media")),
        media_of=_media_of(files, fields),
        help=_words(block["help"], block, "help") if block.get("help") is not None else None,
    )


def _media_of(files: Block, fields: list[FieldKind]) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Read, per choice field and value of it, the sorts of media that the files may be."""
    of, known = _mapping(files, "of"), {f.id: f.values for f in fields}
    for field in of:
        _term(of, field, field, known, "field")
        for value in _mapping(of, field):
            _term(of[field], value, value, known[field], field)
    return MappingProxyType(
        {field: MappingProxyType({v: tuple(_texts(of[field], v)) for v in of[field]}) for field in of}
    )


def _link(role: str, spec: Any, links: Block) -> LinkKind:
    if not _KIND_NAME.match(role):
        raise InvalidVocabulary("V-106", at=links.at(role), key=role, wanted="a name_in_lower_case")
    if spec is None:
        return LinkKind(role)
    if not isinstance(spec, Block):
        raise InvalidVocabulary("V-106", at=links.at(role), key=role, wanted="a mapping")
    _known(spec, LINK_KEYS)
    return LinkKind(role, frozenset(_texts(spec, "kinds")), _flag(spec, "required"))


def _field(block: Any, kind: Block, terms: Terms) -> FieldKind:
    if not isinstance(block, Block):
        raise InvalidVocabulary("V-106", at=kind.at("fields"), key="fields", wanted="mappings")
    _known(block, FIELD_KEYS)
    for key in FIELD_NEEDS:
        _need(block, key)
    type_ = _term(block, "type", block["type"], FIELD_TYPES, "field type")
    unit = block.get("unit", "fen" if type_ == "amount" else None)
    if type_ in ("integer", "decimal") and unit is None:
        raise InvalidVocabulary("V-104", at=block.at("id"), field=block["id"])
    if unit is not None:
        _term(block, "unit", unit, terms["units"], "units")
    values = _mapping(block, "values")
    if type_ in ("choice", "choices") and not values:
        raise InvalidVocabulary("V-102", at=block.at("id"), key="values")
    longest = 20_000 if type_ == "long_text" else 4000
    built = FieldKind(
        id=_name(block, "id", _NAME),
        type=type_,
        words=_words(block, block, "zh"),
        unit=unit or "",
        personal=_flag(block, "personal"),
        required=_flag(block, "required"),
        max=_whole(block, "max") if "max" in block else longest,
        values=MappingProxyType({k: _words(v, values, k) for k, v in values.items()}),
    )
    if "absent" not in block:
        return built
    if check_value(built, block["absent"]) is not None:
        raise InvalidVocabulary("V-106", at=block.at("absent"), key="absent", wanted=f"a value of type {type_}")
    return replace(built, absent=block["absent"], has_absent=True)


def _known(block: Block, keys: frozenset[str]) -> None:
    for key in block:
        if key not in keys:
            raise InvalidVocabulary("V-101", at=block.at(key), key=key)


def _need(block: Block, key: str) -> None:
    if block.get(key) in (None, ""):
        raise InvalidVocabulary("V-102", at=block.at(), key=key)


def _name(block: Block, key: str, pattern: re.Pattern[str]) -> str:
    if not isinstance(block[key], str) or not pattern.match(block[key]):
        raise InvalidVocabulary("V-106", at=block.at(key), key=key, wanted="a name_in_lower_case")
    return str(block[key])


def _whole(block: Block, key: str) -> int:
    if type(block[key]) is not int or block[key] < 1:
        raise InvalidVocabulary("V-106", at=block.at(key), key=key, wanted="1, 2, …")
    return int(block[key])


def _flag(block: Block, key: str) -> bool:
    held = block.get(key, False)
    if not isinstance(held, bool):
        raise InvalidVocabulary("V-106", at=block.at(key), key=key, wanted="yes or no")
    return held


def _list(block: Block, key: str) -> list[Any]:
    held = block.get(key)
    if held is None:
        return []
    if not isinstance(held, list):
        raise InvalidVocabulary("V-106", at=block.at(key), key=key, wanted="a list")
    return held


def _texts(block: Block, key: str) -> list[str]:
    held = _list(block, key)
    if not all(isinstance(one, str) for one in held):
        raise InvalidVocabulary("V-106", at=block.at(key), key=key, wanted="a list of names")
    return held


def _mapping(block: Block, key: str) -> Block:
    held = block.get(key)
    if held is None:
        return Block(block.source, block.line)
    if not isinstance(held, Block):
        raise InvalidVocabulary("V-106", at=block.at(key), key=key, wanted="a mapping")
    return held


def _term(block: Block, key: str, term: Any, table: Any, name: str) -> str:
    if not isinstance(term, str) or term not in table:
        raise InvalidVocabulary("V-105", at=block.at(key), table=name, term=term)
    return term


def _words(value: Any, block: Block, key: str) -> Words:
    if not isinstance(value, dict) or not isinstance(value.get("zh"), str) or not isinstance(value.get("en"), str):
        raise InvalidVocabulary("V-106", at=block.at(key), key=key, wanted="zh and en")
    return Words(value["zh"], value["en"])
