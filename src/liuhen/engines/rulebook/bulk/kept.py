"""What a source that keeps only some kinds changes (来源所记种类): for most rules nothing; they are asked of all at once.

That a kind is not kept matters in two places of the per-case evaluator: a duty that lacks only such records (`as_captured`), and
a condition or mark that looks for one (`Predicates`). A rule each of whose parts can be met by a kept kind reaches neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from liuhen.engines.rulebook.language import Part, Rule
from liuhen.engines.rulebook.stack import Stack


class Unmoved:
    """Says of a rule and the kinds that a source keeps whether the answer is that for a source that keeps whatever there is."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self._wanted: dict[str, tuple[frozenset[str], ...]] = {}
        self._known: dict[tuple[str, frozenset[str]], bool] = {}

    def __call__(self, rule: Rule, captures: frozenset[str]) -> bool:
        """Return whether it is; False where that is not certain."""
        key = rule.ref, captures
        found = self._known.get(key)
        if found is None:
            if rule.ref not in self._wanted:
                self._wanted[rule.ref] = self._of(rule)
            # What must not be is lacking as the kind of the record that stands there. Coverage names recordings and what explains
            # a hole, by engine roles: left to the evaluator.
            certain = rule.form != "coverage" and not rule.trigger.gap_in
            certain = certain and (rule.form != "absence" or rule.trigger.kinds <= captures)
            found = certain and all(not kinds.isdisjoint(captures) for kinds in self._wanted[rule.ref])
            self._known[key] = found
        return found

    def _of(self, rule: Rule) -> tuple[frozenset[str], ...]:
        found = [p.kinds for p in _parts(rule) if not p.any]
        # A mark is asked for by name, and one may stand on another: all of the text's are looked at.
        book = next(rb for rb in self.stack.rulebooks if rb.id == rule.rulebook)
        found += [p.kinds for mark in book.marks.values() for p in _parts(mark) if not p.any]
        return tuple(found)


def _parts(held: Any) -> Iterator[Part]:
    if isinstance(held, Part):
        yield held
    if isinstance(held, (str, bytes, int)) or held is None:
        return
    if is_dataclass(held):
        for field in fields(held):
            if field.name != "examples":
                yield from _parts(getattr(held, field.name))
    elif isinstance(held, Mapping):
        for one in held.values():
            yield from _parts(one)
    elif isinstance(held, (tuple, list, frozenset)):
        for one in held:
            yield from _parts(one)
