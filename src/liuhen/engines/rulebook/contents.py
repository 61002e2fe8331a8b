"""Reading what a record must carry (读应载明): fields, signatures, approvals, officers, comparisons, files and parts."""

from __future__ import annotations

from typing import Any

from liuhen.engines.rulebook import keys
from liuhen.engines.rulebook.clauses import Clauses
from liuhen.engines.rulebook.language import Apart, Compare, Has, InvalidRulebook
from liuhen.ground.located import Block


def read_has(b: Block, clauses: Clauses, kinds: frozenset[str]) -> Has:
    """Read `has` of a content rule about records of these kinds; it asks for something."""
    h = clauses.block(b.get("has"), b.at("has"), keys.HAS)
    if not h:
        raise InvalidRulebook("B-003", at=b.at("has"), key="has", wanted="one of " + keys.HAS)
    fields = tuple(tuple(clauses.field(n, kinds, at) for n in names) for names, at in _alternatives(h, "fields"))
    each_signs, rest = _everybody(h, clauses)
    signatures = tuple(
        tuple(clauses.term(n, clauses.roles, "roles", at) for n in names)
        for names, at in _alternatives(rest, "signatures")
    )
    links = tuple(tuple(_link(n, clauses, kinds, at) for n in names) for names, at in _alternatives(h, "links"))
    approvals: tuple[tuple[str, ...], ...] = ()
    if "approvals" in h:
        a = clauses.block(h["approvals"], h.at("approvals"), keys.IN_ORDER)
        approvals = tuple(
            tuple(clauses.term(n, clauses.roles, "roles", at) for n in names)
            for names, at in _alternatives(a, "in_order")
        )
    officers, valid = 0, False
    if "officers" in h:
        o = clauses.block(h["officers"], h.at("officers"), keys.OFFICERS)
        officers = clauses.whole(o["at_least"], o.at("at_least"), "at_least", 1)
        valid = "certificate" in o
        if valid and o["certificate"] != "valid":
            raise InvalidRulebook("B-003", at=o.at("certificate"), key="certificate", wanted="valid")
    files, role = 0, ""
    if "files" in h:
        f = clauses.block(h["files"], h.at("files"), keys.FILES)
        files, role = clauses.whole(f.get("at_least", 1), f.at("at_least"), "at_least", 1), clauses.text(f, "role")
    names_part = None
    if "names" in h:
        n = clauses.block(h["names"], h.at("names"), keys.OF_EACH)
        link = str(n.get("of", "same case")).removeprefix("same ")
        clauses.term(link, clauses.subjects | clauses.link_roles, "subjects", n.at("of"))
        names_part = clauses.part(n["each"], n.at("each"), link=link)
    return Has(
        fields=fields,
        signatures=signatures,
        approvals=approvals,
        officers=officers,
        officers_valid=valid,
        compares=tuple(
            _compare(item, h, clauses, kinds) for item in clauses.list_of(h.get("compare"), h.at("compare"))
        ),
        files=files,
        file_role=role,
        parts=clauses.parts(h.get("parts"), h.at("parts"), link="it"),
        names=names_part,
        links=links,
        each_signs=each_signs,
        apart=_apart(h, clauses),
    )


def _everybody(h: Block, clauses: Clauses) -> tuple[tuple[str, ...], Block]:
    """Return the roles of which everybody signs (`{each: role}`), and the block with the other signatures alone."""
    held = clauses.list_of(h.get("signatures"), h.at("signatures"))
    each = [s for s in held if isinstance(s, Block) and "each" in s]
    rest = Block(h.source, h.line)
    rest.lines = h.lines
    if others := [s for s in held if not (isinstance(s, Block) and "each" in s)]:
        rest["signatures"] = others
    return tuple(
        clauses.term(clauses.block(s, s.at(), keys.EVERYBODY)["each"], clauses.roles, "roles", s.at("each"))
        for s in each
    ), rest


def _link(name: Any, clauses: Clauses, kinds: frozenset[str], at: str) -> str:
    """Return a link that a record of these kinds may have."""
    if name == "case" and any(clauses.vocabulary.kinds[k].case != "no" for k in kinds):
        return "case"
    known = frozenset(role for k in kinds for role in clauses.vocabulary.kinds[k].links)
    return clauses.term(name, known, "links of " + ", ".join(sorted(kinds)[:3]), at)


def _apart(h: Block, clauses: Clauses) -> tuple[Apart, ...]:
    """Read roles that different persons hold: a list of roles, or roles here and roles of records beside it."""
    held = h.get("apart")
    listed = held if isinstance(held, list) and any(isinstance(one, (list, Block)) for one in held) else [held]
    out = []
    for one in listed if "apart" in h else []:
        if isinstance(one, Block):
            b = clauses.block(one, h.at("apart"), keys.APART)
            beside = clauses.part(b["from"], b.at("from"), link="case")
            here, there = (clauses.terms(b, key, clauses.roles, "roles") for key in ("roles", "there"))
            out.append(Apart(here, beside, there))
            continue
        roles = tuple(
            clauses.term(r, clauses.roles, "roles", h.at("apart")) for r in clauses.list_of(one, h.at("apart"))
        )
        if len(set(roles)) < 2:
            raise InvalidRulebook("B-003", at=h.at("apart"), key="apart", wanted="two or more roles")
        out.append(Apart(roles))
    return tuple(out)


def _alternatives(h: Block, key: str) -> list[tuple[list[Any], str]]:
    """Return each thing asked for as a list of what will do for it: `a`, or `{any: [a, b]}`."""
    held = h.get(key)
    out: list[tuple[list[Any], str]] = []
    for item in held if isinstance(held, list) else [] if held is None else [held]:
        if isinstance(item, Block):
            if set(item) != {"any"} or not isinstance(item["any"], list) or not item["any"]:
                raise InvalidRulebook("B-003", at=item.at(), key=key, wanted="{any: [one, another]}")
            out.append((item["any"], item.at("any")))
        elif isinstance(item, str):
            out.append(([item], h.at(key)))
        else:
            raise InvalidRulebook("B-003", at=h.at(key), key=key, wanted="names, or {any: [one, another]}")
    return out


def _compare(item: Any, h: Block, clauses: Clauses, kinds: frozenset[str]) -> tuple[str, Compare]:
    if not isinstance(item, Block) or "field" not in item or len(item) != 2:
        raise InvalidRulebook("B-003", at=h.at("compare"), key="compare", wanted="field and one comparison")
    op = next(k for k in item if k != "field")
    inner = Block(item.source, item.line)
    inner.lines = item.lines
    inner[op] = item[op]
    name = clauses.field(item["field"], kinds, item.at("field"))
    return name, clauses.compare(inner, item.at(op), name, kinds)
