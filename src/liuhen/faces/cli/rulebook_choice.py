"""Which rulebooks a command is about (所选规则): those of the product, or folders outside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from liuhen.dossier.check import find_rulebook
from liuhen.engines.rulebook import Rulebook, load_rulebook, read_rulebook, shipped, vocabulary_for
from liuhen.faces.cli.speech import filled, words
from liuhen.ground.vocabulary import Vocabulary, default
from liuhen.ground.words import Words


@dataclass(frozen=True, slots=True)
class Chosen:
    """A rulebook that was loaded, with the vocabulary that has the kinds it brings."""

    rulebook: Rulebook
    vocabulary: Vocabulary


def chosen(id: str | None, further: Sequence[str] = ()) -> list[Chosen]:
    """Load the rulebook `id` (an id or a folder) and `further` ones; all of the product when none is named.

    Refused: B-021 no such rulebook, B-… one that can't be used, with file and line.
    """
    names = [id] if id else [] if further else list(shipped())
    return [_loaded(name) for name in dict.fromkeys([*names, *further])]


def shipped_and(further: Sequence[str]) -> list[Chosen]:
    """Load every rulebook of the product and `further` ones."""
    return [_loaded(name) for name in dict.fromkeys([*shipped(), *further])]


def drafted(name: str) -> Chosen:
    """Read a rulebook that may still be a draft: whether its examples and entries make it trustworthy is not asked.

    Refused: B-021 no such rulebook, B-001 to B-007 one that says something that the rule language does not know.
    """
    path = find_rulebook(name)
    vocabulary = vocabulary_for([path], default())
    return Chosen(read_rulebook(path, vocabulary), vocabulary)


def _loaded(name: str) -> Chosen:
    path = find_rulebook(name)
    vocabulary = vocabulary_for([path], default())
    return Chosen(load_rulebook(path, vocabulary), vocabulary)


def span_words(rulebook: Rulebook) -> Words:
    """Return from when to when the text is in force."""
    start = date.fromordinal(rulebook.in_force_from).isoformat()
    if rulebook.in_force_to is None:
        return filled(words("rulebook")["span_open"], **{"from": start})
    end = date.fromordinal(rulebook.in_force_to).isoformat()
    return filled(words("rulebook")["span"], **{"from": start, "to": end})


def article_name(no: str) -> Words:
    """Return 第16条 for a numbered article; an annex, a final clause and one whose number nobody has read by what it is."""
    head = "form" if no.startswith("form") else no
    name = "article" if no.isdigit() else f"article_{head}" if head in ("form", "final", "unread") else "article_plain"
    return filled(words("rulebook")[name], no=no.removeprefix("form"))
