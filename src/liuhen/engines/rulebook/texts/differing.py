"""In what two texts differ, duty by duty (条文差异): asked by one only, stricter, looser, of another person, by another clock."""

from __future__ import annotations

from dataclasses import dataclass

from liuhen.engines.rulebook.language import Rule, Rulebook
from liuhen.engines.rulebook.texts.against import Against
from liuhen.engines.rulebook.texts.changes import SORTS, Change
from liuhen.engines.rulebook.texts.pairing import paired
from liuhen.ground.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Difference:
    """A duty of two texts side by side (对照): `before` or `after` is None where only one has it; no changes: the same."""

    before: Rule | None
    after: Rule | None
    changes: tuple[Change, ...] = ()

    @property
    def sorts(self) -> tuple[str, ...]:
        """In which ways it differs, in the order of `SORTS`; empty when it does not."""
        if self.before is None or self.after is None:
            return ("only_second" if self.before is None else "only_first",)
        return tuple(s for s in SORTS if any(c.sort == s for c in self.changes))


def differences(
    first: Rulebook,
    second: Rulebook,
    vocabulary: Vocabulary,
    other: Vocabulary | None = None,
    *,
    across_names: bool = False,
) -> list[Difference]:
    """Hold two texts against each other; every duty of both is in the result, those that are the same without changes.

    Args:
        vocabulary: of the first text, and of the second unless `other` is given. across_names: as in `paired`.

    Cost: grows with the product of the rules of both that share a form; two texts of 150 rules take some 100 ms.
    """
    held = Against(first, second, vocabulary, other or vocabulary)
    return [
        Difference(a, b, held.changes(a, b) if a is not None and b is not None else ())
        for a, b in paired(first, second, across_names=across_names)
    ]
