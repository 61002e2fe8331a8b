"""Rules that together say all that the relational form knows (代表规则): few, for compiling one costs a third of a second."""

from __future__ import annotations

from functools import cache

from liuhen.engines.rulebook import Rule, Stack, build_stack, load_rulebook, shipped
from liuhen.engines.rulebook.bulk.known import said_by, unknown
from liuhen.ground.vocabulary import default
from tests.engines.rulebook.small import calendar


@cache
def stack() -> Stack:
    """Every shipped text together, each by its dates."""
    return build_stack([load_rulebook(p, default()) for p in shipped().values()], default(), calendar())


def said(rule: Rule) -> frozenset[str]:
    """Everything that a rule says, each with the form in which it says it."""
    marks = next(b for b in stack().rulebooks if b.id == rule.rulebook).marks
    form = f"{rule.form} {rule.trigger.type}"
    return frozenset({form, *(f"{form}: {one}" for one in said_by(rule, marks))})


def left(rule: Rule) -> str:
    """What of a rule the relational form does not know."""
    return unknown(rule, next(b for b in stack().rulebooks if b.id == rule.rulebook).marks)


@cache
def chosen() -> tuple[str, ...]:
    """Refs of rules that say all that any carried rule says: always the one that adds most, the first of equals.

    A rule whose place another takes in this stack is asked one by one there, whatever it says.
    """
    waiting = {rule.ref: said(rule) for rule in stack().rules if not left(rule) and not stack().replaceable(rule)}
    wanted = frozenset().union(*waiting.values())
    out: list[str] = []
    while wanted:
        ref = max(waiting, key=lambda r: len(waiting[r] & wanted))
        out.append(ref)
        wanted -= waiting.pop(ref)
    return tuple(out)
