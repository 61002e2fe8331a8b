"""The vocabulary (词表): every kind of record with its fields, units, links, signatures and names, and the terms around them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from liuhen.ground.canonical import digest
from liuhen.ground.errors import InvalidVocabulary
from liuhen.ground.findings import Finding
from liuhen.ground.located import read
from liuhen.ground.record import Record
from liuhen.ground.vocabulary.kinds import FieldKind, Kind, LinkKind
from liuhen.ground.vocabulary.reading import ENGINE_ROLES, FAMILIES, Terms, read_kind, read_terms
from liuhen.ground.vocabulary.values import FIELD_TYPES, check_value
from liuhen.ground.words import Words

__all__ = [
    "CORRECTION_REASON",
    "ENGINE_ROLES",
    "FAMILIES",
    "FIELD_TYPES",
    "HERE",
    "LATE_REASON",
    "FieldKind",
    "Kind",
    "LinkKind",
    "Vocabulary",
    "check_value",
    "default",
    "load",
]

HERE = Path(__file__).parent
CORRECTION_REASON = "correction_reason"
LATE_REASON = "late_reason"
_NO_KINDS: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Vocabulary:
    """All kinds and terms (词表), read from data and known by its digest.

    Attributes:
        kinds: id → Kind. groups: group → kinds in it. terms: table (roles, phases, units, …) → id → names.
        digest: SHA-256 of its canonical content; a record is read with the vocabulary of its day.
    """

    kinds: Mapping[str, Kind]
    groups: Mapping[str, frozenset[str]]
    terms: Mapping[str, Mapping[str, Words]]
    digest: str

    def kind(self, id: str) -> Kind | None:
        """Return the kind of that name, or None."""
        return self.kinds.get(id)

    def words(self, table: str, id: str) -> Words:
        """Return the names of a term; the identifier itself where the table has none."""
        return self.terms.get(table, {}).get(id) or Words(id, id)

    def of_entering(self, id: str) -> FieldKind | None:
        """Return the field in which any record may say something of its own entering (登记情况), such as why it corrects."""
        found = self.terms.get("entering", {}).get(id)
        return FieldKind(id, "long_text", found, personal=True, max=1000) if found is not None else None

    def with_role(self, role: str) -> frozenset[str]:
        """Return the kinds with an engine meaning, such as `recording`."""
        return self._known["role"].get(role, _NO_KINDS)

    def opening(self, subject: str) -> frozenset[str]:
        """Return the kinds that open such a subject."""
        return self._known["opens"].get(subject, _NO_KINDS)

    def closing(self, subject: str) -> frozenset[str]:
        """Return the kinds that close such a subject."""
        return self._known["closes"].get(subject, _NO_KINDS)

    @cached_property
    def _known(self) -> Mapping[str, Mapping[str, frozenset[str]]]:
        """Return the kinds by their role, by what they open and close: asked of every record of a file."""
        known: dict[str, dict[str, set[str]]] = {"role": {}, "opens": {}, "closes": {}}
        for kind in self.kinds.values():
            for name, by in known.items():
                by.setdefault(getattr(kind, name), set()).add(kind.id)
        return {name: {key: frozenset(kinds) for key, kinds in by.items()} for name, by in known.items()}

    def extended(self, paths: Iterable[Path]) -> Vocabulary:
        """Return this vocabulary with the kinds of further files (a rulebook's own); refused as in `load`."""
        return _build(list(self.kinds.values()), self.terms, list(paths))

    def check(self, record: Record, place: str = "") -> tuple[Finding, ...]:
        """Return everything in `record` that its kind does not allow; empty when all is well.

        V-001 unknown kind, V-002 unknown version, V-003 no such field, V-004 field missing, V-005 wrong value, V-006 not in the
        value list, V-007 no such link, V-008 link missing, V-009 `until` missing on an act, V-010 unknown role, V-012 too long,
        V-014 an empty file.
        """
        kind = self.kinds.get(record.kind)
        if kind is None:
            return (Finding("V-001", {"kind": record.kind, "near": self._near(record.kind)}, f"{place}/kind"),)
        found: list[Finding] = []

        def say(code: str, path: str, **fields: object) -> None:
            found.append(Finding(code, {"kind": kind.words, **fields}, f"{place}/{path}"))

        if record.kind_version > kind.version:
            say("V-002", "kind_version", version=record.kind_version, known=kind.version)
        for key, value in record.content.items():
            field = kind.fields.get(key) or self.of_entering(key)
            if field is None or (key == CORRECTION_REASON and record.corrects is None):
                say("V-003", f"content/{key}", field=key)
            elif value is not None and (wrong := check_value(field, value)):
                say(wrong.code, f"content/{key}", field=field.words, **wrong.fields)
        for field in kind.fields.values():
            if field.required and record.content.get(field.id) in (None, "", []):
                say("V-004", f"content/{field.id}", field=field.words)
        for role in record.links:
            if role not in kind.links and not (role == "case" and kind.case != "no"):
                say("V-007", f"links/{role}", role=role)
        for link in kind.links.values():
            if link.required and not record.links.get(link.role):
                say("V-008", f"links/{link.role}", role=link.role)
        if kind.case == "yes" and not record.links.get("case"):
            say("V-008", "links/case", role="case")
        # A recording without its times could never be held against the act that it is to cover.
        if kind.interval and record.until is None and (record.precision != "day" or kind.role == "recording"):
            say("V-009", "until")
        roles = self.terms.get("roles", {})
        for path, role in [(f"by/{i}", a.role) for i, a in enumerate(record.by)] + [
            (f"signatures/{i}", s.role) for i, s in enumerate(record.signatures)
        ]:
            if role not in roles:
                say("V-010", path, role=role)
        for i, file in enumerate(record.files):
            if file.bytes == 0:
                say("V-014", f"files/{i}", file=file.name)
        return tuple(found)

    def _near(self, id: str) -> str:
        import difflib

        return "、".join(difflib.get_close_matches(id, self.kinds, n=2)) or "–"


def load(*extra: Path) -> Vocabulary:
    """Read the product's vocabulary and `extra` files.

    Refused (InvalidVocabulary): V-101 an unknown key, V-102 a key missing, V-103 a kind twice, V-104 a number without unit,
    V-105 an unknown term, V-106 a value of the wrong type; Y-… for unreadable files. Each names file and line.
    """
    files = sorted(p for p in HERE.glob("*.yaml") if p.name != "terms.yaml")
    return _build([], read_terms(read(HERE / "terms.yaml", "terms.yaml"), "terms.yaml"), files + list(extra))


@cache
def default() -> Vocabulary:
    """The product's own vocabulary, read once."""
    return load()


def _build(kinds: list[Kind], terms: Terms, files: list[Path]) -> Vocabulary:
    found = {k.id: k for k in kinds}
    places: dict[str, str] = {}
    for path in files:
        shown = path.name if path.parent == HERE else f"{path.parent.parent.name}/kinds/{path.name}"
        listed = read(path, shown)
        if listed is not None and not isinstance(listed, list):
            raise InvalidVocabulary("V-106", at=shown, key="kinds", wanted="a list of kinds")
        for entry in listed or []:
            kind = read_kind(entry, shown, terms)
            places[kind.id] = entry.at("kind")
            if kind.id in found:
                raise InvalidVocabulary("V-103", at=places[kind.id], kind=kind.id)
            found[kind.id] = kind
    groups: dict[str, set[str]] = {g: set() for g in terms["groups"]}
    for kind in found.values():
        for group in kind.groups:
            groups[group].add(kind.id)
    frozen = {g: frozenset(ks) for g, ks in groups.items()}
    _links_name_known_kinds(found, frozen, places)
    return Vocabulary(MappingProxyType(found), MappingProxyType(frozen), MappingProxyType(dict(terms)), _digest(found))


def _digest(kinds: Mapping[str, Kind]) -> str:
    def plain(value: Any) -> Any:
        if isinstance(value, Words):
            return value.as_json()
        if isinstance(value, (FieldKind, LinkKind, Kind)):
            return {name: plain(getattr(value, name)) for name in value.__slots__}
        if isinstance(value, Mapping):
            return {k: plain(v) for k, v in value.items()}
        if isinstance(value, (frozenset, set)):
            return sorted(value)
        if isinstance(value, tuple):
            return [plain(v) for v in value]
        return value

    return digest({k: plain(v) for k, v in kinds.items()})


def _links_name_known_kinds(
    kinds: Mapping[str, Kind], groups: Mapping[str, frozenset[str]], places: Mapping[str, str]
) -> None:
    for kind in kinds.values():
        for link in kind.links.values():
            for name in link.kinds:
                if name not in kinds and name not in groups:
                    raise InvalidVocabulary("V-105", at=places.get(kind.id, kind.id), table="kind", term=name)
