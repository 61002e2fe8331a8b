"""What the texts in force ask of a kind of record (条文要求): the union over all content rules, each with its articles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from liuhen.engines.rulebook.language import Cite, Rulebook
from liuhen.ground.moments import Day


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of one kind (应载明): by field, signature role and file role; each with the articles that ask."""

    fields: dict[str, list[Cite]] = field(default_factory=dict)
    signatures: dict[str, list[Cite]] = field(default_factory=dict)
    files: list[Cite] = field(default_factory=list)
    officers: list[Cite] = field(default_factory=list)
    at_least: int = 0


def asked_of(
    rulebooks: Iterable[Rulebook], kind: str, action: str, day: Day, applied_on: frozenset[str] = frozenset()
) -> Asked:
    """Return what the rulebooks ask a record of `kind` to carry in a case of type `action` on `day`.

    `applied_on`: rulebooks whose text ran out and is applied on by decision. Conditions are not asked here: a form asks for
    everything that some case needs, so that nothing is found missing afterwards. Cost: one pass over the rules.
    """
    found = Asked()
    at_least = 0
    for book in rulebooks:
        ended = book.in_force_to is not None and day > book.in_force_to
        if day < book.in_force_from or (ended and book.id not in applied_on):
            continue
        for rule in book.rules:
            if rule.form != "content" or kind not in rule.trigger.kinds:
                continue
            actions = rule.actions | (rule.also_for.actions if rule.also_for else frozenset())
            if action and rule.actions and action not in actions:
                continue
            cite = Cite(book.id, rule.article, book.short)
            for names in rule.has.fields:
                for name in names:
                    _add(found.fields.setdefault(name, []), cite)
            for compared, _ in rule.has.compares:
                _add(found.fields.setdefault(compared, []), cite)
            for roles in (*rule.has.signatures, *rule.has.approvals):
                for role in roles:
                    _add(found.signatures.setdefault(role, []), cite)
            if rule.has.files:
                _add(found.files, cite)
            if rule.has.officers:
                _add(found.officers, cite)
                at_least = max(at_least, rule.has.officers)
    return Asked(found.fields, found.signatures, found.files, found.officers, at_least)


def _add(held: list[Cite], cite: Cite) -> None:
    if cite not in held:
        held.append(cite)
