"""A JSON Schema of a kinds file (词表文件的结构), for editors: made of the tables by which kinds are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from liuhen.ground.vocabulary import ENGINE_ROLES, FAMILIES, FIELD_TYPES, Vocabulary
from liuhen.ground.vocabulary.reading import FIELD_KEYS, FIELD_NEEDS, FILE_KEYS, KIND_KEYS, KIND_NEEDS, LINK_KEYS
from liuhen.ground.words import Words

Schema = dict[str, Any]

TEXT: Schema = {"type": "string", "minLength": 1}
# An editor that reads YAML 1.2 takes a bare yes for text; the loader takes it for true.
FLAG: Schema = {"enum": [True, False, "yes", "no"]}
WORDS: Schema = {
    "type": "object",
    "properties": {"zh": TEXT, "en": TEXT},
    "required": ["zh", "en"],
    "additionalProperties": False,
}


def terms(names: Mapping[str, Words] | Iterable[str]) -> Schema:
    """Return the schema of one word of a table, with its Chinese and English name where the table has them."""
    if not isinstance(names, Mapping):
        return {"enum": sorted(names)}
    listed = sorted(names)
    return {"enum": listed, "enumDescriptions": [f"{names[n].zh} · {names[n].en}" for n in listed]}


def one_or_more(schema: Schema) -> Schema:
    """Return the schema of one such value, or a list of them."""
    return {"anyOf": [schema, {"type": "array", "items": schema}]}


def many(schema: Schema) -> Schema:
    """Return the schema of a list, which may be left empty."""
    return {"anyOf": [{"type": "array", "items": schema}, {"type": "null"}]}


def block(keys: Iterable[str], shapes: Mapping[str, Schema], needs: Iterable[str] = ()) -> Schema:
    """Return the schema of a mapping with exactly these keys; LookupError where one of them has no shape."""
    return {
        "type": "object",
        "properties": {key: shapes[key] for key in keys},
        "required": list(needs),
        "additionalProperties": False,
    }


def kinds_schema(vocabulary: Vocabulary) -> Schema:
    """Return the schema of a file in `kinds/`, with the terms and kinds of `vocabulary` as its words."""
    table = vocabulary.terms
    name: Schema = {"type": "string", "pattern": "^[a-z][a-z0-9_.]{0,63}$"}
    number: Schema = {"type": "integer", "minimum": 1}
    words_by_name: Schema = {"type": "object", "additionalProperties": WORDS}
    field = {
        "id": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,63}$"},
        "type": terms(list(FIELD_TYPES)),
        "zh": {"type": "string"},
        "en": {"type": "string"},
        "unit": terms(table["units"]),
        "personal": FLAG,
        "required": FLAG,
        "max": number,
        "values": words_by_name,
        "absent": {},
    }
    # A file may link to kinds that it brings itself, so that any name will do here; the loader knows them all.
    link = {"kinds": many(name), "required": FLAG}
    files = {
        "roles": many(TEXT),
        "media": many(terms(table["media"])),
        "of": {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": many(TEXT)}},
    }
    empty: Schema = {"type": "null"}
    subject = {"anyOf": [terms(table["subjects"]), empty]}
    kind = {
        "kind": name,
        "version": number,
        "zh": TEXT,
        "en": TEXT,
        "family": terms(FAMILIES),
        "phase": terms(table["phases"]),
        "actions": many(terms(table["action_types"])),
        "groups": many(terms(table["groups"])),
        "interval": FLAG,
        "opens": subject,
        "closes": subject,
        "archives": subject,
        "links": {
            "type": ["object", "null"],
            "additionalProperties": {"anyOf": [block(sorted(LINK_KEYS), link), empty]},
        },
        "case": {"enum": [True, False, "yes", "no", "optional"]},
        "role": {"anyOf": [terms(ENGINE_ROLES), empty]},
        "fields": many(block(sorted(FIELD_KEYS), field, FIELD_NEEDS)),
        "signatures": many(terms(table["roles"])),
        "by": many(terms(table["roles"])),
        "files": {"anyOf": [block(sorted(FILE_KEYS), files), empty]},
        "help": {"anyOf": [WORDS, empty]},
        "core": FLAG,
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "留痕 kinds/*.yaml",
        "type": ["array", "null"],
        "items": block(sorted(KIND_KEYS), kind, KIND_NEEDS),
    }
