"""What of a text is never asked (永不适用): triggers outside their cases, impossible conditions, exceptions that always hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from liuhen.engines.rulebook.language import Condition, Excuse, Part, Rule, Rulebook, Test
from liuhen.engines.rulebook.texts.against import actions_of, limited
from liuhen.engines.rulebook.texts.breadth import Breadth
from liuhen.engines.rulebook.texts.saying import Saying
from liuhen.engines.rulebook.texts.sentences import Sentences
from liuhen.ground.findings import Finding
from liuhen.ground.vocabulary import Vocabulary

_LOWER, _UPPER = ("at_least", "more_than"), ("at_most", "less_than")


def unreachable(rulebook: Rulebook, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Yield B-112 a trigger outside its cases, B-113 a condition that can't be true, B-114 an exception that always applies,
    B-115 a rule always replaced, B-116 a rule that waits for gaps where none is found.
    """
    saying, sentences = Saying(rulebook, vocabulary), Sentences(rulebook, vocabulary)
    rules = {r.id: r for r in rulebook.rules}
    for rule in rulebook.rules:
        actions = actions_of(rule)
        if actions and rule.trigger.kinds and not _recorded(rule, actions, vocabulary):
            fields = {"rule": rule.id, "kinds": saying.kinds(rule.trigger.kinds), "actions": saying.actions(actions)}
            yield Finding("B-112", fields, rule.place)
        condition = limited(rule)
        if condition is not None and _never(condition, actions, rulebook):
            said = saying.condition(condition, rule.trigger.kinds)
            yield Finding("B-113", {"rule": rule.id, "condition": said}, rule.place)
        for excuse in rule.excused:
            if _always(excuse, rule):
                yield Finding("B-114", {"rule": rule.id, "exception": sentences.excuse(excuse, rule)}, rule.place)
        if (gap := rules.get(rule.trigger.gap_in)) is not None and gap.extent == "some" and gap.gaps == "any":
            yield Finding("B-116", {"rule": rule.id, "other": gap.id}, rule.place)
        for name in rule.takes_the_place_of:
            general = rules.get(name.removeprefix(f"{rulebook.id}/"))
            if general is not None and _replaces(rule, general):
                yield Finding("B-115", {"rule": general.id, "other": rule.id}, general.place)


def _recorded(rule: Rule, actions: frozenset[str], vocabulary: Vocabulary) -> bool:
    """Whether any of the kinds that trigger a rule is recorded in its cases; one of no action type is in all."""
    held = [vocabulary.kinds[k].actions for k in rule.trigger.kinds if k in vocabulary.kinds]
    return not held or any(not one or not one.isdisjoint(actions) for one in held)


def _never(condition: Condition, actions: frozenset[str], rulebook: Rulebook) -> bool:
    """Whether a condition can't be true: two of its tests exclude each other, or each of its alternatives does."""
    if condition.any:
        return all(_never(_all_of(t), actions, rulebook) for t in condition.tests)
    tests = [t for t in condition.tests if isinstance(t, Test)]
    inner = [t for t in condition.tests if isinstance(t, Condition)]
    tests += [t for c in inner if not c.any for t in c.tests if isinstance(t, Test)]
    if any(_never(c, actions, rulebook) for c in inner):
        return True
    if any(_mark_never(t, rulebook) or _outside(t, actions) for t in tests):
        return True
    return any(_exclude(a, b, rulebook) for n, a in enumerate(tests) for b in tests[n + 1 :])


def _all_of(test: Test | Condition) -> Condition:
    return test if isinstance(test, Condition) else Condition((test,))


def _mark_never(test: Test, rulebook: Rulebook) -> bool:
    if test.key != "mark" or test.compare is None:
        return False
    mark = rulebook.marks.get(str(test.compare.value))
    return mark is not None and all(_never(c, frozenset(), rulebook) for c in mark.any)


def _outside(test: Test, actions: frozenset[str]) -> bool:
    if test.key != "case.action_type" or not actions:
        return False
    wanted = _values(test)
    return wanted is not None and wanted.isdisjoint(actions)


def _exclude(a: Test, b: Test, rulebook: Rulebook) -> bool:
    if {a.key, b.key} in ({"has", "has_not"}, {"record", "has_not"}):
        return _same_part(a.part, b.part, rulebook)
    if a.key != b.key or a.key == "mark" or a.compare is None or b.compare is None:
        return False
    left, right = _values(a), _values(b)
    if left is not None and right is not None:
        return left.isdisjoint(right)
    for one, other in ((a, b), (b, a)):
        compare, values = one.compare, _values(other)
        assert compare is not None
        if compare.op == "filled" and compare.value is False and other.compare is not None:
            return other.compare.op != "filled" or other.compare.value is True
        if compare.op == "is_not" and values is not None and not compare.field and not compare.setting:
            return values == {compare.value}
    return _empty_range(a, b, rulebook)


def _empty_range(a: Test, b: Test, rulebook: Rulebook) -> bool:
    for low, high in ((a, b), (b, a)):
        if low.compare is None or high.compare is None or low.compare.op not in _LOWER or high.compare.op not in _UPPER:
            continue
        x, y = (_number(t, rulebook) for t in (low, high))
        if x is not None and y is not None:
            return x > y or (x == y and "than" in low.compare.op + high.compare.op)
    return False


def _number(test: Test, rulebook: Rulebook) -> int | None:
    assert test.compare is not None
    value: Any = rulebook.settings[test.compare.setting].value if test.compare.setting else test.compare.value
    return value if type(value) is int and not test.compare.field else None


def _values(test: Test) -> frozenset[Any] | None:
    """Return the values that a test lets through, where it lists them."""
    compare = test.compare
    if compare is None or compare.op not in ("is", "one_of") or compare.field or compare.setting:
        return None
    return frozenset(compare.value if isinstance(compare.value, tuple) else (compare.value,))


def _same_part(a: Part | None, b: Part | None, rulebook: Rulebook) -> bool:
    if a is None or b is None:
        return False
    held = Breadth(rulebook, rulebook)
    return held.part(a, 0) == held.part(b, 0)


def _always(excuse: Excuse, rule: Rule) -> bool:
    """Whether what excuses is there whenever the rule applies: the trigger itself, or what its condition asks for."""
    by = excuse.by
    if by.any or by.where or by.by or by.approved_by or by.at_least > 1 or excuse.beside or not excuse.all:
        return False
    if by.link in ("case", "") and rule.trigger.type == "record" and rule.trigger.kinds <= by.kinds:
        return True
    condition = limited(rule)
    if condition is None or condition.any:
        return False
    there = [
        t.part for t in condition.tests if isinstance(t, Test) and t.key in ("has", "record") and t.part is not None
    ]
    return any(p.kinds <= by.kinds and p.link == by.link and not p.any for p in there)


def _replaces(special: Rule, general: Rule) -> bool:
    if special.trigger.where or special.condition or special.trigger.first:
        return False
    scope = not special.actions or (bool(general.actions) and actions_of(general) <= special.actions)
    return scope and general.trigger.type == "record" and general.trigger.kinds <= special.trigger.kinds
