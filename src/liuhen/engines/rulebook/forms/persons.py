"""Persons of a record (记录中的人): each of them signs, and those of certain roles are different persons."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from liuhen.engines.rulebook.duty import Missing
from liuhen.engines.rulebook.forms.frame import EVER
from liuhen.engines.rulebook.held import Held
from liuhen.engines.rulebook.language import Apart
from liuhen.engines.rulebook.parts import finder
from liuhen.engines.rulebook.predicates import Predicates
from liuhen.ground.record import Actor, Record, Signature
from liuhen.ground.vocabulary import Vocabulary
from liuhen.ground.words import Words

Check = Callable[[Held, Record], "tuple[Missing, ...]"]
# role, name, id, certificate: whatever a record says of somebody who acted or signed
_Person = tuple[str, str, str, str]
_NONE: tuple[Missing, ...] = ()


def each_signs(role: str, vocabulary: Vocabulary, signed: Callable[[Held, Record], Sequence[Signature]]) -> Check:
    """Return the check that everybody who acted in a role has signed in it; signatures without a name count by number."""
    who = vocabulary.words("roles", role)

    def check(h: Held, t: Record) -> tuple[Missing, ...]:
        acted = [a for a in t.by if a.role == role and a.type == "person"]
        found = [s for s in signed(h, t) if s.role == role]
        named = [s for s in found if s.name or s.id]
        short = [a for a in acted if not any(_same(_of(a), _of_signature(s)) for s in named)]
        if acted and len(short) <= len(found) - len(named):
            return _NONE
        if not acted and found:
            return _NONE
        done = max(0, len(acted) - len(short) + len(found) - len(named))
        zh, en = f"每名{who.zh}签名（{done}/{len(acted)}）", f"signature of each {who.en} ({done} of {len(acted)})"
        return (Missing("signature", role, Words(zh, en)),)

    return check


def apart(asked: Apart, predicates: Predicates, vocabulary: Vocabulary) -> Check:
    """Return the check that roles are held by different persons; a role that nobody holds asks nothing here.

    Who is not named can't be shown to be another person, and lacks the name.
    """
    find = finder(asked.beside, predicates) if asked.beside is not None else None
    roles = dict.fromkeys((*asked.roles, *asked.there))
    words = [vocabulary.words("roles", r) for r in roles]
    zh, en = "、".join(w.zh for w in words), ", ".join(w.en for w in words)
    lack = (
        Missing("person", "|".join(roles), Words(f"{zh}应为不同的人，并写明姓名", f"{en}: different persons, named")),
    )

    def check(h: Held, t: Record) -> tuple[Missing, ...]:
        here = _people(t, asked.roles)
        if find is None:
            pairs = [(a, b) for n, a in enumerate(here) for b in here[n + 1 :] if a[0] != b[0]]
        else:
            there = [p for r in find(h, t, EVER, None) if r.id != t.id for p in _people(r, asked.there)]
            pairs = [(a, b) for a in here for b in there]
        return lack if any(_same(a, b) or not _known(a) or not _known(b) for a, b in pairs) else _NONE

    return check


def _people(r: Record, roles: Sequence[str]) -> list[_Person]:
    """Return who holds these roles in a record: those who acted, and those who signed."""
    acted = [_of(a) for a in r.by if a.role in roles]
    signed = [_of_signature(s) for s in r.signatures if s.role in roles]
    # A signature of a role that the record names somebody for is that person's, unless it names another.
    named = {p[0] for p in acted}
    return acted + [s for s in signed if _known(s) or s[0] not in named]


def _of(a: Actor) -> _Person:
    return a.role, a.name, a.id, a.certificate


def _of_signature(s: Signature) -> _Person:
    return s.role, s.name, s.id, ""


def _known(p: _Person) -> bool:
    return any(p[1:])


def _same(a: _Person, b: _Person) -> bool:
    """Whether two mentions are one person: by certificate, by id, else by name."""
    for mine, other in ((a[3], b[3]), (a[2], b[2])):
        if mine and other:
            return mine == other
    return bool(a[1]) and a[1] == b[1]
