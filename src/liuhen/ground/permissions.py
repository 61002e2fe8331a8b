"""Permissions (权限): the one page of declarations, `permissions.yaml`, and the pure functions that read it.

The page only ever allows; what no line allows is refused. A line that an article stands behind cites it there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from liuhen.ground.located import read
from liuhen.ground.vocabulary import Kind
from liuhen.ground.words import Words

HERE = Path(__file__).parent
SECRECY = ("state_secret", "trade_secret", "personal_privacy")
"""Classes that a record `content.classified` may give, the strictest first."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the page (权限条目): these roles may do this to that, standing at least so near, with an approval or not."""

    who: frozenset[str]
    may: frozenset[str]
    of: frozenset[str]
    near: str
    with_approval: bool


@dataclass(frozen=True)
class Page:
    """The page as read (权限页)."""

    acts_as: Mapping[str, frozenset[str]]
    relations: tuple[str, ...]
    verbs: Mapping[str, Words]
    classes: Mapping[str, Words]
    files: Mapping[str, str]
    lines: tuple[Line, ...]
    kinds: Mapping[str, frozenset[str]]
    near_to_record: Mapping[str, str]
    from_anywhere: frozenset[str]


@cache
def page() -> Page:
    """Return the product's page, read once."""
    tree = read(HERE / "permissions.yaml", "permissions.yaml")
    return Page(
        acts_as={role: frozenset(others) for role, others in tree["acts_as"].items()},
        relations=tuple(tree["relations"]),
        verbs={k: Words(v["zh"], v["en"]) for k, v in tree["verbs"].items()},
        classes={k: Words(v["zh"], v["en"]) for k, v in tree["classes"].items()},
        files=dict(tree["files"]),
        lines=tuple(_line(entry) for entry in tree["allowed"]),
        kinds={kind: frozenset(roles) for kind, roles in tree["kinds"].items()},
        near_to_record=dict(tree["near_to_record"]),
        from_anywhere=frozenset(tree["from_anywhere"]),
    )


def _line(entry: Mapping[str, Any]) -> Line:
    return Line(
        frozenset(entry["who"]),
        frozenset(entry["may"]),
        frozenset(entry["of"]),
        entry.get("near", "bureau"),
        entry.get("with") == "approval",
    )


def acting_as(roles: Iterable[str]) -> frozenset[str]:
    """Return `roles` with every role that their holder also acts as; one step follows the other."""
    found: set[str] = set()
    waiting = list(roles)
    while waiting:
        role = waiting.pop()
        if role not in found:
            found.add(role)
            waiting.extend(page().acts_as.get(role, ()))
    return frozenset(found)


def may(roles: Iterable[str], verb: str, of: str, near: str = "", *, approved: bool = False) -> bool:
    """Return whether somebody with these roles may do `verb` to things of class `of`.

    `near` is how near the person stands to the case: handler, unit or bureau; not given, a case handler is asked about his own
    case and everybody else about any case. `approved`: an approval for exactly this (record access_approval) was given and is
    valid. LookupError for a verb, class or relation that the page does not know.
    """
    known = page()
    if verb not in known.verbs or of not in known.classes:
        raise LookupError(f"the page of permissions does not know {verb} {of}")
    held = frozenset(roles)
    reach = known.relations.index(near or ("handler" if "case_handler" in held else "bureau"))
    return any(
        verb in line.may
        and of in line.of
        and not line.who.isdisjoint(held)
        and reach <= known.relations.index(line.near)
        and (approved or not line.with_approval)
        for line in known.lines
    )


def class_of(subject: str) -> str:
    """Return the class of things that a file belongs to, by what it is about: a subject, or the kind of a register's entry."""
    return page().files.get(subject, "register")


def those_who_may(verb: str, of: str) -> frozenset[str]:
    """Return the roles that may do `verb` to something of class `of`, in their own work or in all, without an approval."""
    return frozenset(
        role
        for line in page().lines
        if verb in line.may and of in line.of and not line.with_approval
        for role in line.who
    )


def lookers(of: str) -> frozenset[str]:
    """Return the roles that may look at something of class `of`, as `those_who_may` does."""
    return those_who_may("look", of)


def by_approval(roles: Iterable[str], of: str) -> bool:
    """Return whether an approval would let somebody with these roles look at something of class `of`."""
    return may(acting_as(roles), "look", of, "bureau", approved=True)


def recorders(kind: Kind) -> frozenset[str]:
    """Return the roles that may record a kind: those it names itself, else those of the page."""
    if kind.by:
        return frozenset(kind.by)
    return page().kinds.get(kind.id) or page().kinds["others"]


def may_record(roles: Iterable[str], kind: Kind, near: str = "bureau") -> bool:
    """Return whether somebody with these roles may record `kind` in a case to which he stands `near`.

    Outside a case give `handler`: there is no case to stand far from.
    """
    known = page()
    reach = 0 if kind.id in known.from_anywhere else known.relations.index(near)
    fitting = acting_as(roles) & recorders(kind)
    return any(reach <= known.relations.index(known.near_to_record.get(role, "bureau")) for role in fitting)
