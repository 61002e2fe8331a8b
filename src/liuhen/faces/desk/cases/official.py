"""The official text on the page of an article (条文原文): shown beside our own words where the office attached one."""

from __future__ import annotations

from dataclasses import dataclass

from liuhen.engines.rulebook import InvalidRulebook
from liuhen.engines.rulebook.official import attached
from liuhen.journal import folders

MOST_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class OfficialShown:
    """The official text of one article (条文原文): its paragraphs, from which file, attached when; or that it is unreadable."""

    paragraphs: tuple[str, ...]
    file: str
    day: str
    broken: bool = False


def official_shown(rulebook: str, number: str) -> OfficialShown | None:
    """Return the official text of an article to show; None where none is attached or it lacks the article."""
    try:
        text = attached(folders.home(), rulebook)
    except InvalidRulebook:
        return OfficialShown((), "", "", broken=True)
    if text is None:
        return None
    found = text.by_number.get(number) or text.by_number.get(number.partition(".")[0]) or ()
    whole = "\n".join(article.text for article in found)
    if not whole:
        return None
    cut = whole[:MOST_CHARACTERS] + ("…" if len(whole) > MOST_CHARACTERS else "")
    return OfficialShown(tuple(cut.splitlines()), text.file, text.attached[:10])
