"""What a text lacks, and what it has without use (缺漏与闲置): articles, kinds, settings, marks, rules of other texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from liuhen.engines.rulebook.language import Rulebook, Test
from liuhen.ground.findings import Finding
from liuhen.ground.vocabulary import Vocabulary, default


def unused(rulebook: Rulebook, vocabulary: Vocabulary, others: Sequence[Rulebook]) -> Iterator[Finding]:
    """Yield B-108 an article without a file, B-109 to B-111 a kind, setting or mark without use, B-117 a rule that is nowhere."""
    head = f"{rulebook.id}/rulebook.yaml"
    if sum(1 for no in rulebook.articles if no.isdigit()) < rulebook.article_count:
        # Where the count is right, a gap in the numbers is one of the text itself.
        for no in range(1, rulebook.article_count + 1):
            if str(no) not in rulebook.articles:
                yield Finding("B-108", {"no": no, "count": rulebook.article_count}, head)
    said = set(_said(rulebook.rules)) | set(_said(tuple(rulebook.marks.values())))
    carried = {(e.carrier, name) for a in rulebook.articles.values() for e in a.entries for name in e.carried}
    listed = {str(one.get("values", "")).rpartition(".")[0] for one in rulebook.lists}
    for kind in vocabulary.kinds.values():
        if kind.id in default().kinds or kind.id in said or kind.id in listed:
            continue
        if not any(name.rpartition(".")[0] == kind.id for carrier, name in carried if carrier == "values"):
            yield Finding("B-109", {"kind": kind.words}, f"{rulebook.id}/kinds")
    for setting in rulebook.settings.values():
        if ("setting", setting.id) not in said:
            yield Finding("B-110", {"setting": setting.words}, head)
    for mark in rulebook.marks.values():
        if ("mark", mark.id) not in said and ("mark", mark.id) not in carried and not mark.entries:
            yield Finding("B-111", {"mark": mark.words}, mark.place)
    known = {r.ref for book in (rulebook, *others) for r in book.rules}
    texts = {book.id for book in (rulebook, *others)}
    for rule in rulebook.rules:
        for name in rule.takes_the_place_of:
            if "/" in name and name not in known and (name.partition("/")[0] in texts or not others):
                yield Finding("B-117", {"rule": rule.id, "name": name}, rule.place)


def _said(value: Any, name: str = "") -> Iterator[Any]:
    """Yield the kinds, settings and marks that a value of the rule language names."""
    if is_dataclass(value):
        for field in fields(value):
            if field.name not in ("examples", "title", "words", "place"):
                yield from _said(getattr(value, field.name), field.name)
        if isinstance(value, Test) and value.key == "mark" and value.compare is not None:
            yield ("mark", value.compare.value)
    elif isinstance(value, Mapping):
        for held in value.values():
            yield from _said(held, name)
    elif isinstance(value, (tuple, list, frozenset, set)):
        for held in value:
            yield from _said(held, name)
    elif isinstance(value, str) and value:
        if name in ("setting", "by_hour_setting"):
            yield ("setting", value)
        elif name == "mark":
            yield ("mark", value)
        elif name in ("kinds", "steps", "kind"):
            yield value
