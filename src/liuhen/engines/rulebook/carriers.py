"""Examples of carriers that are no rule (承载方式的示例): value lists, permissions, read models, clauses, marks, gates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from liuhen.engines.rulebook.examples import Example, read_example
from liuhen.engines.rulebook.language import Entry, InvalidRulebook, Rule
from liuhen.ground.located import Block
from liuhen.ground.permissions import may, page
from liuhen.ground.vocabulary import Vocabulary
from liuhen.ground.vocabulary.values import check_value

READ_MODELS = frozenset({"faults"})
_OUTCOMES = {"values": ("accepted", "refused"), "permission": ("allowed", "refused")}


@dataclass(frozen=True, slots=True)
class CarrierExample:
    """One example of a carrier (承载示例): `got` is the outcome where it needs no case, `case` the case to judge otherwise."""

    name: str
    place: str
    expect: str
    side: str
    got: str = ""
    case: Example | None = None
    rule: Rule | None = None


def read_carrier_example(entry: Entry, value: Any, rules: Mapping[str, Rule], vocabulary: Vocabulary) -> CarrierExample:
    """Read one example of an entry's carrier; refused: B-020 with the place and the reason."""
    place = value.at() if isinstance(value, Block) else entry.place
    name = str(value.get("name", "?")) if isinstance(value, dict) else "?"

    def wrong(reason: str) -> InvalidRulebook:
        return InvalidRulebook("B-020", at=place, name=name, reason=reason)

    if not isinstance(value, dict) or name == "?":
        raise wrong("an example is a mapping and has a name")
    if entry.carrier in _OUTCOMES:
        good, bad = _OUTCOMES[entry.carrier]
        if value.get("expect") not in (good, bad):
            raise wrong(f"expect is {good} or {bad}")
        ok = _value(entry, value, vocabulary, wrong) if entry.carrier == "values" else _permission(value, wrong)
        expect = str(value["expect"])
        side = "meets" if expect == good else "breaks"
        return CarrierExample(name, place, expect, side, good if ok else bad)
    if entry.carrier == "read_model":
        listed = value.get("expect")
        if not isinstance(listed, dict) or set(listed) != {"lists"} or type(listed["lists"]) is not int:
            raise wrong("expect is {lists: n}")
        rule = next(iter(rules.values()))
        bare = Block(entry.place.rpartition(":")[0], 0)
        bare.update({k: v for k, v in value.items() if k != "expect"} | {"expect": "none"})
        side = "breaks" if listed["lists"] else "meets"
        return CarrierExample(name, place, f"lists {listed['lists']}", side, case=read_example(bare, rule, vocabulary))
    id_ = str(value.get("rule") or entry.carried[0].partition(".")[0])
    if id_ not in rules:
        raise wrong(f"no rule {id_}")
    example = read_example(value, rules[id_], vocabulary)
    return CarrierExample(name, place, "", example.side, case=example, rule=rules[id_])


def _value(entry: Entry, value: Any, vocabulary: Vocabulary, wrong: Any) -> bool:
    if not set(value) <= {"name", "zh", "en", "record", "expect"} or not isinstance(value.get("record"), (str, list)):
        raise wrong("an example of a value list has name, record and expect")
    kind, _, field = entry.carried[0].rpartition(".")
    known = vocabulary.kinds[kind].fields[field]
    held = value["record"]
    text = held.rpartition("=")[2] if isinstance(held, str) else held
    return check_value(known, [text] if known.type == "choices" and isinstance(text, str) else text) is None


def _permission(value: Any, wrong: Any) -> bool:
    if not set(value) <= {"name", "zh", "en", "role", "may", "of", "expect"}:
        raise wrong("an example of a permission has name, role, may, of and expect")
    role, verb, of = value.get("role"), value.get("may"), value.get("of")
    if not (isinstance(role, str) and isinstance(verb, str) and isinstance(of, str)):
        raise wrong("role, may and of are words")
    if verb not in page().verbs or of not in page().classes:
        raise wrong(f"the page of permissions does not know {verb} {of}")
    return may([role], verb, of)
