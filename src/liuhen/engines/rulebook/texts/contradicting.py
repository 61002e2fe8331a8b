"""Duties that can't be kept together (相互矛盾): forbidden and asked for, each before the other, too close and too far apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from liuhen.engines.rulebook.language import Limit, Rule, Rulebook
from liuhen.engines.rulebook.texts.lengths import longer, settled
from liuhen.engines.rulebook.texts.pairing import asked_together
from liuhen.engines.rulebook.texts.saying import Saying
from liuhen.ground.findings import Finding
from liuhen.ground.vocabulary import Vocabulary
from liuhen.ground.words import Words

_Placed = tuple[Rulebook, Rule]


def contradictions(rulebook: Rulebook, vocabulary: Vocabulary, others: Sequence[Rulebook]) -> Iterator[Finding]:
    """Yield the duties of a text that can't be kept together with one of its own or of another text: B-102 to B-105.

    Only duties are looked at, and only what contradicts on every day and in every case that both reach.
    """
    saying = Saying(rulebook, vocabulary)
    mine: list[_Placed] = [(rulebook, r) for r in rulebook.rules if r.weight == "duty"]
    every = [*mine, *((book, r) for book in others for r in book.rules if r.weight == "duty")]
    disposals = vocabulary.with_role("disposal")
    for book, rule in mine:
        yield from _within_itself(book, rule, saying)
        for other_book, other in every:
            if other is rule or not asked_together(rule, other):
                continue
            here, there = (book, rule), (other_book, other)
            # Two rules of one text come by twice, once as the first and once as the second.
            for a, b in [(here, there)] if other_book is book else [(here, there), (there, here)]:
                yield from _forbidden(a[1], b[1], saying, rule)
                yield from _apart(a, b, saying, rule)
                yield from _disposed(a, b, disposals, saying, rule)
            if other_book is not book or rule.id < other.id:
                yield from _each_first(rule, other)


def _forbidden(never: Rule, asks: Rule, saying: Saying, told_of: Rule) -> Iterator[Finding]:
    limits = (never.trigger.where, never.condition, never.hours, never.day_type, never.second_of, never.excused)
    if never.form != "absence" or any(limits):
        return
    for part in (*asks.then, *asks.need):
        if not part.weight and part.kinds <= never.trigger.kinds:
            fields = {
                "rule": _name(never, told_of),
                "other": _name(asks, told_of),
                "kinds": saying.kinds(part.kinds),
            }
            yield Finding("B-102", fields, told_of.place)


def _each_first(rule: Rule, other: Rule) -> Iterator[Finding]:
    if rule.form != "order" or other.form != "order":
        return
    wants = any(not p.any and p.kinds <= other.trigger.kinds and not p.where for p in rule.need)
    back = any(not p.any and p.kinds <= rule.trigger.kinds and not p.where for p in other.need)
    free = not (rule.trigger.where or other.trigger.where or rule.condition or other.condition)
    if wants and back and free:
        yield Finding("B-103", {"rule": rule.id, "other": _name(other, rule)}, rule.place)


def _within_itself(book: Rulebook, rule: Rule, saying: Saying) -> Iterator[Finding]:
    for part in rule.need:
        for one in part.any or (part,):
            if _too_short(one.wait, book, one.at_most, book):
                assert one.wait is not None
                assert one.at_most is not None
                least, most = saying.limit(one.wait, one.kinds), saying.limit(one.at_most, one.kinds)
                yield Finding("B-104", _fields(rule.id, rule.id, least, most), rule.place)


def _apart(a: _Placed, b: _Placed, saying: Saying, told_of: Rule) -> Iterator[Finding]:
    """Yield where one rule wants so long between two records, and another the second one sooner."""
    (book, order), (other_book, response) = a, b
    if order.form != "order" or response.form != "response" or response.extended or response.waits or response.stops:
        return
    if response.start != "done_at" or response.trigger.type != "record":
        return
    reached = any(p.kinds <= order.trigger.kinds and not p.any for p in response.then)
    for part in order.need:
        if part.any or not reached or not part.kinds or not response.trigger.kinds <= part.kinds:
            continue
        if _too_short(part.wait, book, response.within, other_book):
            least, most = _said(part.wait, book, saying), _said(response.within, other_book, saying)
            fields = _fields(_name(order, told_of), _name(response, told_of), least, most)
            yield Finding("B-104", fields, told_of.place)


def _disposed(a: _Placed, b: _Placed, disposals: frozenset[str], saying: Saying, told_of: Rule) -> Iterator[Finding]:
    """Yield where one rule wants a thing kept, and another wants it gone before."""
    (book, keeping), (other_book, response) = a, b
    if keeping.form != "retention" or response.form != "response" or response.trigger.type != "record":
        return
    ends = keeping.ended_by[0].kinds if keeping.ended_by else disposals
    if keeping.raised_by or not response.trigger.kinds <= keeping.trigger.kinds:
        return
    if not any(p.kinds <= ends for p in response.then) or response.waits:
        return
    for keep in keeping.keep:
        if keep.limit is not None and _too_short(keep.limit, book, response.within, other_book):
            least, most = _said(keep.limit, book, saying), _said(response.within, other_book, saying)
            fields = _fields(_name(keeping, told_of), _name(response, told_of), least, most)
            yield Finding("B-105", fields, told_of.place)


def _too_short(least: Limit | None, book: Rulebook, most: Limit | None, other: Rulebook) -> bool:
    """Whether so long can't pass within another length, whatever the days."""
    a, b = settled(least, book.settings), settled(most, other.settings)
    return a is not None and b is not None and longer(a, b) == -1


def _said(limit: Limit | None, book: Rulebook, saying: Saying) -> Words:
    return Saying(book, saying.vocabulary).limit(limit) if limit is not None else Words("", "")


def _fields(rule: str, other: str, least: Words, most: Words) -> dict[str, object]:
    return {"rule": rule, "other": other, "least": least, "most": most}


def _name(rule: Rule, beside: Rule) -> str:
    return rule.id if rule.rulebook == beside.rulebook else rule.ref
