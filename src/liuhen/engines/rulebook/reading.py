"""Reading the small things of a rulebook (读取基本成分): blocks, words, terms, limits, each refused with file and line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liuhen.engines.rulebook import keys as key_table
from liuhen.engines.rulebook.language import UNITS, InvalidRulebook, Limit, Setting
from liuhen.ground.located import Block
from liuhen.ground.vocabulary import Vocabulary
from liuhen.ground.words import Words

_TIME_UNITS = {
    "": UNITS,
    "days": frozenset({"natural_days", "working_days"}),
    "short": frozenset({"seconds", "minutes", "hours"}),
}


class Reading:
    """Reads the small things of one rulebook (读取): blocks, words, terms, limits; knows its settings and marks.

    Refused (InvalidRulebook): B-001 an unknown key, B-002 a key missing, B-003 a wrong value, B-004 an unknown term,
    B-005 a value without unit.
    """

    def __init__(self, vocabulary: Vocabulary, settings: Mapping[str, Setting], marks: frozenset[str]) -> None:
        self.vocabulary = vocabulary
        self.settings = settings
        self.marks = marks
        terms = vocabulary.terms
        self.roles = frozenset(terms["roles"])
        self.subjects = frozenset(terms["subjects"])
        self.actions = frozenset(terms["action_types"])
        self.fields = frozenset(f for k in vocabulary.kinds.values() for f in k.fields)
        self.link_roles = frozenset(r for k in vocabulary.kinds.values() for r in k.links) | {"case", "document", "act"}

    def block(self, value: Any, at: str, keys: str, *, needs: str = "") -> Block:
        """Return `value` as a block that has only `keys`, and all that they or `needs` name as needed."""
        if not isinstance(value, Block):
            # A whole file that is no mapping has no line of its own.
            place = at if at.rpartition(":")[2].isdigit() else f"{at}:1"
            here = Words("这里", "what stands here")
            raise InvalidRulebook("B-003", at=place, key=here, wanted="a mapping with " + keys)
        known = keys.split()
        for key in value:
            if key not in known:
                raise InvalidRulebook("B-001", at=value.at(key), key=key)
        for key in (needs or getattr(keys, "needs", "")).split():
            if value.get(key) in (None, "", []):
                raise InvalidRulebook("B-002", at=value.at(), key=key)
        return value

    def words(self, block: Block, key: str) -> Words:
        """Return the zh and en of a key."""
        held = block.get(key)
        if not isinstance(held, dict) or not all(
            isinstance(held.get(k), str) and held[k].strip() for k in ("zh", "en")
        ):
            raise InvalidRulebook("B-003", at=block.at(key), key=key, wanted="zh and en")
        if set(held) != {"zh", "en"}:
            raise InvalidRulebook("B-001", at=block.at(key), key=", ".join(sorted(set(held) - {"zh", "en"})))
        return Words(held["zh"].strip(), held["en"].strip())

    def list_of(self, value: Any, at: str) -> list[Any]:
        """Return a list as it is, anything else as a list of one, nothing as an empty list."""
        if value is None:
            return []
        return value if isinstance(value, list) else [value]

    def text(self, b: Block, key: str, default: str = "") -> str:
        """Return a short text, or a number as it is written."""
        held = b.get(key)
        if held is None:
            return default
        if type(held) not in (str, int) or len(str(held)) > 500:
            raise InvalidRulebook("B-003", at=b.at(key), key=key, wanted="a short text")
        return str(held)

    def names(self, b: Block, key: str) -> list[str]:
        """Return a text or a list of texts."""
        held = self.list_of(b.get(key), b.at(key))
        if any(type(one) not in (str, int) for one in held):
            raise InvalidRulebook("B-003", at=b.at(key), key=key, wanted="a text or a list of texts")
        return [str(one) for one in held]

    def terms(self, b: Block, key: str, known: frozenset[str], table: str) -> tuple[str, ...]:
        """Return a list of terms that the table knows."""
        return tuple(self.term(one, known, table, b.at(key)) for one in self.list_of(b.get(key), b.at(key)))

    def term(self, value: Any, known: frozenset[str], table: str, at: str) -> str:
        """Return a term that the table knows."""
        if not isinstance(value, str) or value not in known:
            raise InvalidRulebook("B-004", at=at, table=table, term=value)
        return value

    def whole(self, value: Any, at: str, key: str, least: int = 0, most: int = 100_000) -> int:
        """Return a whole number of at least `least`."""
        if type(value) is not int or not least <= value <= most:
            raise InvalidRulebook("B-003", at=at, key=key, wanted=f"a whole number from {least} to {most}")
        return value

    def flag(self, block: Block, key: str, default: bool = False) -> bool:
        """Return yes or no."""
        held = block.get(key, default)
        if not isinstance(held, bool):
            raise InvalidRulebook("B-003", at=block.at(key), key=key, wanted="yes or no")
        return held

    def limit(self, value: Any, at: str, *, units: str = "") -> Limit:
        """Read a length of time; `units` narrows what it may be counted in: `days`, or `short` (hours and less)."""
        b = self.block(value, at, key_table.LENGTH)
        known = _TIME_UNITS[units]
        if "setting" in b:
            name = self.term(b["setting"], frozenset(self.settings), "settings", b.at("setting"))
            self.term(self.settings[name].unit, known, "units of time", b.at("setting"))
            return Limit(setting=name)
        if "unit" not in b:
            raise InvalidRulebook("B-005", at=b.at())
        unit = self.term(b["unit"], known, "units of time", b.at("unit"))
        if "field" in b:
            return Limit(unit=unit, field=self.number_field(b["field"], b.at("field")))
        return Limit(self.whole(b.get("amount"), b.at("amount"), "amount", 0), unit)

    def number_field(self, name: Any, at: str, kinds: frozenset[str] | None = None) -> str:
        """Return a field that some kind, or one of `kinds`, has as a whole number."""
        self.term(name, self.fields, "fields", at)
        among = [k for id_, k in self.vocabulary.kinds.items() if kinds is None or id_ in kinds]
        if not any(name in k.fields for k in among):
            raise InvalidRulebook("B-004", at=at, table="fields of " + ", ".join(sorted(kinds or ())[:3]), term=name)
        if not any(k.fields[name].type == "integer" for k in among if name in k.fields):
            raise InvalidRulebook("B-003", at=at, key="field", wanted="a field with a whole number")
        return str(name)

    def kinds(self, value: Any, at: str) -> frozenset[str]:
        """Read a kind, a list of kinds, or all kinds of a group, a phase or a family."""
        if isinstance(value, Block):
            b = self.block(value, at, key_table.GROUP)
            if len(b) != 1:
                raise InvalidRulebook("B-003", at=b.at(), key="kind", wanted="one of group, phase, family")
            return self._all_of(*next(iter(b.items())), b)
        known = frozenset(self.vocabulary.kinds)
        found = frozenset(self.term(k, known, "kinds", at) for k in self.list_of(value, at))
        if not found:
            raise InvalidRulebook("B-003", at=at, key="kind", wanted="a kind, a list of kinds or {group: …}")
        return found

    def _all_of(self, table: str, name: Any, b: Block) -> frozenset[str]:
        kinds = self.vocabulary.kinds.values()
        if table == "group":
            known: Mapping[str, frozenset[str]] = self.vocabulary.groups
        else:
            names = {getattr(k, table) for k in kinds}
            known = {one: frozenset(k.id for k in kinds if getattr(k, table) == one) for one in names}
        found = known[self.term(name, frozenset(known), f"{table}s", b.at(table))]
        if not found:
            raise InvalidRulebook("B-004", at=b.at(table), table=f"{table}s with kinds", term=name)
        return found
