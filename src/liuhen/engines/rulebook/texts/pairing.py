"""Which rules of two texts ask for the same (规则对应): by their name, by the name of the duty, else by what is asked of what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from liuhen.engines.rulebook.language import Has, Rule, Rulebook, Test

# Half of what is asked for, and some of what it is asked of, must be the same.
_ASKED, _ENOUGH = 0.5, 0.9


def paired(first: Rulebook, second: Rulebook, *, across_names: bool = False) -> list[tuple[Rule | None, Rule | None]]:
    """Return the rules of two texts side by side, in the order of the second one; what only the first has comes last.

    Between two versions of a text a rule is the same while its id is. Between two texts, or where the id is new: the same duty
    by name, else the same form about the same kinds, asking for the same kinds, fields or signatures with the same link; two
    duties that both texts name, and differently, only with `across_names`.
    """
    left, right = {r.id: r for r in first.rules}, {r.id: r for r in second.rules}
    found: dict[str, Rule] = {}
    for id, rule in right.items():
        if id not in left or (_named_apart(left[id], rule) and first.id != second.id):
            continue
        if first.id == second.id or likeness(left[id], rule) > 0:
            found[id] = left.pop(id)
    for several in (_of_one_duty, _alike, *([_across_names] if across_names else [])):
        for before, after in list(several(left.values(), [r for id, r in right.items() if id not in found])):
            if before.id in left and after.id not in found:
                found[after.id] = left.pop(before.id)
    pairs: list[tuple[Rule | None, Rule | None]] = [(found.get(id), rule) for id, rule in right.items()]
    return [*pairs, *((rule, None) for rule in left.values())]


def _of_one_duty(left: Iterable[Rule], right: Iterable[Rule]) -> Iterator[tuple[Rule, Rule]]:
    scored = (
        (likeness(a, b), a, b)
        for a in left
        for b in right
        if a.duty == b.duty and a.form == b.form and is_named(a) and is_named(b)
    )
    for _, a, b in sorted(scored, key=_best_first):
        yield a, b


def _alike(left: Iterable[Rule], right: Iterable[Rule]) -> Iterator[tuple[Rule, Rule]]:
    return ((a, b) for a, b in _across_names(left, right) if not _named_apart(a, b))


def _across_names(left: Iterable[Rule], right: Iterable[Rule]) -> Iterator[tuple[Rule, Rule]]:
    by_form: dict[str, list[Rule]] = {}
    for b in right:
        by_form.setdefault(b.form, []).append(b)
    scored = ((likeness(a, b), a, b) for a in left for b in by_form.get(a.form, ()))
    for score, a, b in sorted(scored, key=_best_first):
        if score >= _ENOUGH:
            yield a, b


def is_named(rule: Rule) -> bool:
    """Whether the text gives the duty a name of its own, by which it is the same in other texts."""
    return rule.duty != f"{rule.rulebook}.{rule.id}"


def _named_apart(a: Rule, b: Rule) -> bool:
    """Whether the texts themselves say that these are two duties."""
    return a.duty != b.duty and is_named(a) and is_named(b)


def _best_first(scored: tuple[float, Rule, Rule]) -> tuple[float, str, str]:
    # Of pairs that are equally alike the same ones are chosen from whichever side one looks.
    score, a, b = scored
    return (-score, min(a.ref, b.ref), max(a.ref, b.ref))


def likeness(a: Rule, b: Rule) -> float:
    """Return how much two rules ask for the same of the same: 0 nothing in common, 2 and a little more the same."""
    if a.form != b.form or a.trigger.type != b.trigger.type or not _overlap(a.actions, b.actions):
        return 0
    if _apart(a, b):
        return 0
    of, asked = _share(_about(a), _about(b)), _share(asked_of(a), asked_of(b))
    if not of or asked < _ASKED:
        return 0
    same = (a.weight == b.weight, a.extent == b.extent, a.condition == b.condition, a.actions == b.actions)
    return of + asked + sum(same) / 100


def asked_together(a: Rule, b: Rule) -> bool:
    """Whether there may be a case that both rules reach."""
    return _overlap(a.actions, b.actions) and not _apart(a, b)


def _apart(a: Rule, b: Rule) -> bool:
    """Whether no record can be asked by both: a field that both look at must be one thing here and another there."""
    left, right = _fixed(a), _fixed(b)
    return any(left[key].isdisjoint(right[key]) for key in left.keys() & right.keys())


def _fixed(rule: Rule) -> dict[str, frozenset[Any]]:
    found: dict[str, frozenset[Any]] = {}
    for condition in (rule.trigger.where, rule.condition):
        for test in (
            condition.tests if condition is not None and (not condition.any or len(condition.tests) == 1) else ()
        ):
            if not isinstance(test, Test) or test.compare is None or test.compare.field or test.compare.setting:
                continue
            if test.compare.op in ("is", "one_of"):
                value = test.compare.value
                found[test.key] = frozenset(value if isinstance(value, tuple) else (value,))
    return found


def _overlap(a: frozenset[str], b: frozenset[str]) -> bool:
    return not a or not b or not a.isdisjoint(b)


def _share(a: frozenset[Any], b: frozenset[Any]) -> float:
    return len(a & b) / len(a | b) if a or b else 1


def _about(rule: Rule) -> frozenset[str]:
    t = rule.trigger
    if t.type == "record":
        return t.kinds
    return frozenset(filter(None, (*t.kinds, t.each, t.per, t.mark, t.gap_in)))


def asked_of(rule: Rule) -> frozenset[Any]:
    """Return what a rule asks for, as things that can be held against those of another rule."""
    if rule.form == "response":
        return frozenset((k, p.link) for p in rule.then for k in p.kinds)
    if rule.form == "order":
        return frozenset((k, p.link) for p in rule.need for k in p.kinds)
    if rule.form == "content":
        return frozenset(_of_content(rule.has))
    if rule.form == "absence":
        return frozenset({("second", rule.second_of), ("hours", rule.hours is None), ("day", rule.day_type)})
    return frozenset({rule.form})


def _of_content(has: Has) -> Iterator[tuple[str, Any]]:
    for sort, listed in (
        ("field", has.fields),
        ("sign", has.signatures),
        ("approve", has.approvals),
        ("link", has.links),
    ):
        yield from ((sort, name) for names in listed for name in names)
    yield from (("compare", name) for name, _ in has.compares)
    yield from (("each", role) for role in has.each_signs)
    yield from (("kind", k) for p in has.parts for k in p.kinds)
    yield from (("apart", role) for a in has.apart for role in a.roles)
    yield from (("lists", k) for k in (has.names.kinds if has.names is not None else ()))
    if has.officers:
        yield ("officers", has.officers_valid)
    if has.files:
        yield ("files", has.file_role)
