"""`liuhen rulebook diff` (规则比较): in what two versions of a rulebook differ, rule by rule."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any

from liuhen.engines.rulebook import Rulebook
from liuhen.faces.cli.parser import Parser
from liuhen.faces.cli.rulebook_choice import chosen
from liuhen.faces.cli.speech import filled, words
from liuhen.faces.cli.terminal import Terminal, folded

# Where a rule stands and how its examples read changes nothing of what it asks.
_LEFT_OUT = frozenset({"place", "examples", "rulebook"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: `sort` is head, entry, rule, setting or mark; `before` or `after` is None where there was none."""

    sort: str
    name: str
    part: str
    before: Any
    after: Any


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of `liuhen rulebook diff`."""
    parser.takes("a", metavar="A")
    parser.takes("b", metavar="B")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Compare two rulebooks; exit status 1 when they differ."""
    (first,), (second,) = chosen(arguments.a), chosen(arguments.b)
    found = differences(first.rulebook, second.rulebook)
    if arguments.json:
        terminal.value([{f.name: getattr(each, f.name) for f in fields(each)} for each in found])
    else:
        _write(found, terminal)
    return 1 if found else 0


def differences(first: Rulebook, second: Rulebook) -> list[Difference]:
    """Return what differs between two rulebooks, in the order of the later one, what is gone last."""
    found = [
        Difference("head", name, "", before, after)
        for name, before in _head(first).items()
        if (after := _head(second)[name]) != before
    ]
    pairs: tuple[tuple[str, Mapping[str, Any], Mapping[str, Any]], ...] = (
        ("setting", first.settings, second.settings),
        ("mark", first.marks, second.marks),
        ("entry", _entries(first), _entries(second)),
        ("rule", {rule.id: rule for rule in first.rules}, {rule.id: rule for rule in second.rules}),
    )
    for sort, before, after in pairs:
        found += _between(sort, before, after)
    return found


def _between(sort: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    found: list[Difference] = []
    for name, later in after.items():
        if name not in before:
            found.append(Difference(sort, name, "", None, _plain(later)))
            continue
        old, new = _plain(before[name]), _plain(later)
        parts = [part for part in {**old, **new} if old.get(part) != new.get(part)]
        found += [Difference(sort, name, part, old.get(part), new.get(part)) for part in parts]
    return found + [
        Difference(sort, name, "", _plain(gone), None) for name, gone in before.items() if name not in after
    ]


def _head(book: Rulebook) -> dict[str, Any]:
    end = book.in_force_to
    return {
        "id": book.id,
        "title": book.title.zh,
        "version": book.version,
        "from": date.fromordinal(book.in_force_from).isoformat(),
        "to": date.fromordinal(end).isoformat() if end is not None else None,
        "actions": sorted(book.actions),
        "articles": book.article_count,
    }


def _entries(book: Rulebook) -> dict[str, Any]:
    return {entry.no: entry for article in book.articles.values() for entry in article.entries}


def _plain(value: Any) -> Any:
    """Return a value of the rule language as JSON values, without what is only its default."""
    if is_dataclass(value):
        kept = ((f, getattr(value, f.name)) for f in fields(value) if f.name not in _LEFT_OUT)
        return {f.name: _plain(held) for f, held in kept if held != f.default and held not in ((), "", None)}
    if isinstance(value, Mapping):
        return {str(key): _plain(held) for key, held in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(_plain(held) for held in value)
    if isinstance(value, (tuple, list)):
        return [_plain(held) for held in value]
    return value if isinstance(value, (str, int, bool)) or value is None else str(value)


def _write(found: list[Difference], terminal: Terminal) -> None:
    said = words("rulebook")
    if not found:
        terminal.say(said["diff_none"])
        return
    told = ("", "")
    for each in found:
        sign = "+" if each.before is None and not each.part else "-" if each.after is None and not each.part else "~"
        if each.sort == "head":
            _line(
                terminal,
                f"~ {terminal.of(said['diff_head'])} {each.name}: {_short(each.before)} → {_short(each.after)}",
            )
            continue
        if told != (each.sort, each.name):
            terminal.say(f"{sign} {terminal.of(filled(said[f'diff_{each.sort}'], name=each.name))}")
            told = (each.sort, each.name)
        if each.part:
            _line(terminal, f"    {each.part}: {_short(each.before)} → {_short(each.after)}")
    whole = {(each.sort, each.name): each for each in found if not each.part and each.sort != "head"}
    added = sum(1 for each in whole.values() if each.before is None)
    changed = len({(each.sort, each.name) for each in found}) - len(whole)
    terminal.say(filled(said["diff_count"], added=added, removed=len(whole) - added, changed=changed), "bold")


def _line(terminal: Terminal, text: str) -> None:
    for line in folded(text, terminal.width, "", "      "):
        terminal.say(line)


def _short(value: Any) -> str:
    return "–" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
