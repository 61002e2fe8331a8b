"""What makes a rulebook unsound (规则自检): checked once at load, so that a wrong rulebook never judges a case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from liuhen.engines.rulebook.boundaries import limits_of, lopsided, national
from liuhen.engines.rulebook.carriers import READ_MODELS, read_carrier_example
from liuhen.engines.rulebook.circles import in_a_circle
from liuhen.engines.rulebook.examples import Example, read_example
from liuhen.engines.rulebook.language import Entry, InvalidRulebook, Rule, Rulebook
from liuhen.engines.rulebook.running import example_result
from liuhen.engines.rulebook.stack import Stack, build_stack
from liuhen.ground.permissions import page
from liuhen.ground.vocabulary import Vocabulary

# What of a rule can carry an entry of its own, besides the whole.
CLAUSES = frozenset(
    "condition then need within extended stops excused instead stand_in also_for gate takes_the_place_of".split()
) | frozenset("explained who device media raised_by keep second_of hours for_each ended_by steps".split())


def refuse_unsound(rulebook: Rulebook, vocabulary: Vocabulary, place: str) -> None:
    """Refuse a rulebook that lacks what makes it trustworthy, by the first thing found: B-008 to B-019 as `unsound` says."""
    for fault in unsound(rulebook, vocabulary, place):
        raise fault


def unsound(rulebook: Rulebook, vocabulary: Vocabulary, place: str) -> Iterator[InvalidRulebook]:
    """Yield everything that a rulebook lacks to be trustworthy, each found only when it is asked for.

    B-008 an article of the text without a file, B-010 an article without an entry, B-011 a rule id twice, B-012 a rule without a
    meeting or a breaking example, B-013 a time limit without both sides of its boundary, B-014 a carrier that does not exist,
    B-015 a carrier without its own examples, B-016 an entry twice, B-017 a cycle of `takes_the_place_of`, B-018 a reading that
    does not exist, B-019 a rule that no entry is carried by.
    """
    rules: dict[str, Rule] = {}
    for rule in rulebook.rules:
        if rule.id in rules:
            yield InvalidRulebook("B-011", at=rule.place, rule=rule.id)
        rules[rule.id] = rule
    numbered = sum(1 for no in rulebook.articles if no.isdigit())
    if numbered != rulebook.article_count:
        yield InvalidRulebook("B-008", at=place, wanted=rulebook.article_count, found=numbered)
    seen: dict[str, Entry] = {}
    carried: set[str] = set()
    for article in rulebook.articles.values():
        if not article.entries:
            yield InvalidRulebook("B-010", at=article.place, article=article.no)
        for entry in article.entries:
            if entry.no in seen:
                yield InvalidRulebook("B-016", at=entry.place, entry=entry.no)
            seen[entry.no] = entry
            yield from _carriers(entry, rules, rulebook, vocabulary, carried)
        for rule in article.rules:
            if rule.reading and rule.reading not in article.readings:
                yield InvalidRulebook("B-018", at=rule.place, reading=rule.reading)
    yield from _places_exist(rules, rulebook.id)
    for rule in rules.values():
        if rule.id not in carried:
            yield InvalidRulebook("B-019", at=rule.place, rule=rule.id)
    yield from _examples_on_both_sides(rulebook, vocabulary)


def _carriers(
    entry: Entry, rules: Mapping[str, Rule], rulebook: Rulebook, vocabulary: Vocabulary, carried: set[str]
) -> Iterator[InvalidRulebook]:
    """Yield what is wrong with the carrier of an entry, and add the rules that it names to `carried`."""
    if entry.carrier and not entry.carried:
        yield InvalidRulebook("B-014", at=entry.place, entry=entry.no, carrier=entry.carrier)
    for name in entry.carried:
        head, _, key = name.partition(".")
        ok = {
            "rules": name in rules,
            "gate": name in rules and rules[name].gate,
            "clause": head in rules and bool(key) and _has_clause(rules[head], key),
            "mark": name in rulebook.marks,
            "values": _value_list(name, vocabulary),
            "read_model": name in READ_MODELS,
            "permission": name in page().classes,
        }[entry.carrier]
        if not ok:
            yield InvalidRulebook("B-014", at=entry.place, entry=entry.no, carrier=f"{entry.carrier} {name}")
        if entry.carrier in ("rules", "gate"):
            carried.add(name)
        elif entry.carrier == "clause":
            carried.add(head)
    if entry.carrier and entry.carrier != "rules":
        sides = {read_carrier_example(entry, e, rules, vocabulary).side for e in entry.examples}
        if not {"meets", "breaks"} <= sides:
            yield InvalidRulebook("B-015", at=entry.place, entry=entry.no, carrier=entry.carrier)


def _has_clause(rule: Rule, key: str) -> bool:
    named = {"if": "condition", "hour": "hours"}.get(key, key)
    return named in CLAUSES and bool(getattr(rule, named))


def _value_list(name: str, vocabulary: Vocabulary) -> bool:
    kind_id, _, field_id = name.rpartition(".")
    kind = vocabulary.kind(kind_id)
    return kind is not None and field_id in kind.fields and bool(kind.fields[field_id].values)


def _examples_on_both_sides(rulebook: Rulebook, vocabulary: Vocabulary) -> Iterator[InvalidRulebook]:
    stack: Stack | None = None
    for rule in rulebook.rules:
        examples: list[Example] = [read_example(e, rule, vocabulary) for e in rule.examples]
        sides = {e.side for e in examples}
        for wanted in ("meets", "breaks"):
            if wanted not in sides:
                yield InvalidRulebook("B-012", at=rule.place, rule=rule.id, side=wanted)
        if not limits_of(rule):
            continue
        stack = stack or build_stack([rulebook], vocabulary, national(), regardless_of_dates=True)
        if lopsided(rule, [e for e in examples if not e.settings], stack) and all(
            example_result(stack, e, rule).ok for e in examples if not e.settings
        ):
            # Where an example does not hold, that is what `rulebook test` has to say: a number was mistyped.
            yield InvalidRulebook("B-013", at=rule.place, rule=rule.id)


def _places_exist(rules: Mapping[str, Rule], rulebook: str) -> Iterator[InvalidRulebook]:
    """Yield a rule that takes the place of none, and rules that go round in a circle."""
    taken = {r.id: [n.removeprefix(rulebook + "/") for n in r.takes_the_place_of] for r in rules.values()}
    for rule in rules.values():
        for name in taken[rule.id]:
            if "/" not in name and name not in rules:
                yield InvalidRulebook("B-004", at=rule.place, table="rules", term=name)
    if found := in_a_circle(taken):
        yield InvalidRulebook("B-017", at=rules[found].place, rule=found)
