"""What a field may be compared with (字段可比什么): values of its type, in its list; an order only where there is one."""

from __future__ import annotations

from typing import Any

from liuhen.engines.rulebook.language import InvalidRulebook
from liuhen.ground.vocabulary import Vocabulary

_NUMBERS = frozenset({"integer", "amount", "decimal"})
ORDERED = ("at_least", "at_most", "more_than", "less_than")
_IN_LISTS = frozenset({"choices", "texts"})
_PLAIN_TYPES: dict[str, type] = {"boolean": bool, "integer": int, "amount": int}


class Types:
    """The types of a field among the kinds that have it (字段类型): what it may be compared with."""

    def __init__(self, vocabulary: Vocabulary, field: str, kinds: frozenset[str]) -> None:
        self.field = field
        self.kinds = kinds
        self.fields = [vocabulary.kinds[k].fields[field] for k in sorted(kinds) if field in vocabulary.kinds[k].fields]

    def check(self, value: Any, at: str) -> None:
        """Refuse a value that the field never holds: another type, or none of its list."""
        if isinstance(value, (list, dict)) or value is None:
            raise InvalidRulebook("B-003", at=at, key=self.field, wanted="a value or one comparison")
        if not self.fields:
            return
        lists = [f.values for f in self.fields]
        if all(lists):
            if not any(value in held for held in lists):
                raise InvalidRulebook("B-004", at=at, table=f"values of {self.field}", term=value)
        elif not any(f.values or type(value) is _PLAIN_TYPES.get(f.type, str) for f in self.fields):
            wanted = " or ".join(sorted({f.type for f in self.fields}))
            raise InvalidRulebook("B-003", at=at, key=self.field, wanted=f"a value of type {wanted}")

    def check_for(self, op: str, value: Any, at: str) -> None:
        """Refuse a value that this comparison can't take."""
        if op in ORDERED:
            self.check_ordered(op, at)
        if op == "contains" and self.fields and not any(f.type in _IN_LISTS for f in self.fields):
            raise InvalidRulebook("B-003", at=at, key=self.field, wanted="a field with a list, for `contains`")
        self.check(value, at)

    def names_many(self) -> bool:
        """Whether the field names several: persons, or a list of texts."""
        return any(f.type in ("persons", "texts") for f in self.fields)

    def moments(self) -> bool:
        """Whether the field holds a date or a moment."""
        return any(f.type in ("date", "moment") for f in self.fields)

    def check_ordered(self, op: str, at: str) -> None:
        """Refuse to order what has no order."""
        if self.fields and not any(f.type in _NUMBERS or f.type in ("date", "moment", "time") for f in self.fields):
            raise InvalidRulebook("B-003", at=at, key=self.field, wanted="a field with a number, a date or a time")
