"""Where a text asks for less than the law above it (宽于上位法): the same duty, with a longer clock or less to be done."""

from __future__ import annotations

from collections.abc import Iterator

from liuhen.engines.rulebook.language import Cite, Rulebook
from liuhen.engines.rulebook.texts.differing import differences
from liuhen.engines.rulebook.texts.saying import phrases
from liuhen.ground.findings import Finding
from liuhen.ground.vocabulary import Vocabulary

# For which cases a text speaks, and what the product holds back at its door, is no matter of asking for less.
_ASPECTS = frozenset({"clock", "keeping", "recording", "weight", "contents", "exceptions", "asked", "who"})


def looser_than_above(
    rulebook: Rulebook, vocabulary: Vocabulary, law: Rulebook, words: Vocabulary
) -> Iterator[Finding]:
    """Yield where a text is looser than a law: B-101. Only what the law makes a duty is held against it.

    A duty that the text calls by another name than the law is held against it all the same, if it asks for the same.
    """
    for found in differences(law, rulebook, words, vocabulary, across_names=True):
        above, rule = found.before, found.after
        if above is None or rule is None or above.weight != "duty":
            continue
        for change in found.changes:
            if change.sort == "looser" and change.aspect in _ASPECTS:
                fields = {
                    "rule": rule.id,
                    "above": Cite(law.id, above.article, law.short).words(),
                    "aspect": phrases()[f"aspect_{change.aspect}"],
                    "law": change.before,
                    "text": change.after,
                }
                yield Finding("B-101", fields, rule.place)
