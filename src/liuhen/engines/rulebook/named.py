"""Which kinds a text names (所提及的种类): in its rules, marks, carriers and value lists, each by its own name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from liuhen.ground.vocabulary import Vocabulary

# Examples tell of cases round the rule, and words are for people: neither says what the rule asks for.
_SAYS_NOTHING = frozenset("asks cure examples id note reading title zh en".split())


def kinds_named(trees: Iterable[Any], vocabulary: Vocabulary) -> frozenset[str]:
    """Return the kinds that stand in `trees` by themselves or before a field (`penalty_decision.fine`).

    A group is no name of the kinds in it: a text that speaks of every act on site does not thereby have the acts of other texts.
    """
    found = set()
    for text in _texts(list(trees)):
        for name in (text, text.rpartition(".")[0]):
            if name in vocabulary.kinds:
                found.add(name)
                break
    return frozenset(found)


def _texts(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        for key, held in tree.items():
            if key not in _SAYS_NOTHING:
                yield from _texts(held)
    elif isinstance(tree, list):
        for held in tree:
            yield from _texts(held)
    elif isinstance(tree, str):
        yield tree
