"""`liuhen rulebook diff` (规则比较): in what two texts differ, duty by duty, not by their wording."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from liuhen.engines.rulebook import Rule
from liuhen.engines.rulebook.texts.changes import SORTS, Change
from liuhen.engines.rulebook.texts.differing import Difference, differences
from liuhen.engines.rulebook.texts.saying import phrases
from liuhen.faces.cli.parser import Parser
from liuhen.faces.cli.rulebook_choice import article_name, drafted
from liuhen.faces.cli.rulebook_list import head_json
from liuhen.faces.cli.speech import filled, words
from liuhen.faces.cli.terminal import Ink, Terminal, folded

_INKS: dict[str, Ink] = {"stricter": "red", "looser": "amber", "person": "blue", "clock": "blue"}


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of `liuhen rulebook diff`."""
    parser.takes("a", metavar="A")
    parser.takes("b", metavar="B")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Compare two rulebooks, which may be drafts; exit status 1 when they differ."""
    first, second = drafted(arguments.a), drafted(arguments.b)
    found = differences(first.rulebook, second.rulebook, first.vocabulary, second.vocabulary)
    unlike = [each for each in found if each.sorts]
    if arguments.json:
        value: dict[str, Any] = {"first": head_json(first.rulebook), "second": head_json(second.rulebook)}
        value |= {"same": len(found) - len(unlike), "counts": counts(found)}
        terminal.value(value | {"differences": [difference_json(each) for each in unlike]})
    else:
        _write(found, unlike, terminal)
    return 1 if unlike else 0


def counts(found: Sequence[Difference]) -> dict[str, int]:
    """Return how many duties differ in each way; one that differs in two ways counts in both."""
    return {sort: sum(1 for each in found if sort in each.sorts) for sort in SORTS}


def difference_json(each: Difference) -> dict[str, Any]:
    """Return a duty of two texts side by side, as JSON values."""
    return {
        "sorts": list(each.sorts),
        "before": _rule_json(each.before),
        "after": _rule_json(each.after),
        "changes": [
            {"aspect": c.aspect, "sort": c.sort, "before": c.before.as_json(), "after": c.after.as_json()}
            for c in each.changes
        ],
    }


def _rule_json(rule: Rule | None) -> dict[str, Any] | None:
    if rule is None:
        return None
    return {"rule": rule.ref, "article": rule.article, "title": rule.title.as_json(), "place": rule.place}


def _write(found: Sequence[Difference], unlike: Sequence[Difference], terminal: Terminal) -> None:
    said = words("rulebook")
    if not unlike:
        terminal.say(filled(said["diff_none"], same=len(found)))
        return
    for sort in SORTS:
        # Told once, under the first thing that it differs in; its changes say the rest.
        listed = [each for each in unlike if each.sorts[0] == sort]
        if not listed:
            continue
        terminal.say(filled(said["diff_heading"], sort=said[f"diff_{sort}"], count=len(listed)), "bold")
        for each in listed:
            _duty(each, terminal)
        terminal.say("")
    parts = [f"{terminal.of(said[f'diff_{sort}'])} {count}" for sort, count in counts(found).items() if count]
    terminal.say(filled(said["diff_count"], same=len(found) - len(unlike), rest="  ".join(parts)), "bold")


def _duty(each: Difference, terminal: Terminal) -> None:
    rule = each.after or each.before
    assert rule is not None
    name = terminal.of(article_name(rule.article))
    if each.before is not None and each.after is not None and each.before.article != each.after.article:
        name = f"{terminal.of(article_name(each.before.article))} → {name}"
    terminal.row([(f"  {name}  ", "plain"), (terminal.of(rule.title), "plain"), (f"  {rule.id}", "dim")])
    for change in each.changes:
        for n, line in enumerate(folded(_change(change, terminal), terminal.width, "      ", "        ")):
            terminal.say(line, _INKS.get(change.sort, "plain") if n == 0 else "plain")


def _change(change: Change, terminal: Terminal) -> str:
    said, of = words("rulebook"), terminal.of
    head = f"{of(said[f'diff_{change.sort}'])} · {of(phrases()[f'aspect_{change.aspect}'])}"
    return f"{head}: {of(change.before)} → {of(change.after)}"
