"""Reading what a record must carry (读应载明): fields, signatures, approvals, officers, comparisons, files and parts."""

from __future__ import annotations

from typing import Any

from liuhen.engines.rulebook.clauses import Clauses
from liuhen.engines.rulebook.language import Compare, Has, InvalidRulebook
from liuhen.ground.located import Block

_HAS = "fields signatures approvals officers compare files parts names"


def read_has(b: Block, clauses: Clauses, kinds: frozenset[str]) -> Has:
    """Read `has` of a content rule about records of these kinds; it asks for something."""
    h = clauses.block(b.get("has"), b.at("has"), _HAS)
    if not h:
        raise InvalidRulebook("B-003", at=b.at("has"), key="has", wanted="one of " + _HAS)
    fields = tuple(tuple(clauses.field(n, kinds, at) for n in names) for names, at in _alternatives(h, "fields"))
    signatures = tuple(
        tuple(clauses.term(n, clauses.roles, "roles", at) for n in names)
        for names, at in _alternatives(h, "signatures")
    )
    approvals: tuple[tuple[str, ...], ...] = ()
    if "approvals" in h:
        a = clauses.block(h["approvals"], h.at("approvals"), "in_order", needs="in_order")
        approvals = tuple(
            tuple(clauses.term(n, clauses.roles, "roles", at) for n in names)
            for names, at in _alternatives(a, "in_order")
        )
    officers, valid = 0, False
    if "officers" in h:
        o = clauses.block(h["officers"], h.at("officers"), "at_least certificate", needs="at_least")
        officers = clauses.whole(o["at_least"], o.at("at_least"), "at_least", 1)
        valid = "certificate" in o
        if valid and o["certificate"] != "valid":
            raise InvalidRulebook("B-003", at=o.at("certificate"), key="certificate", wanted="valid")
    files, role = 0, ""
    if "files" in h:
        f = clauses.block(h["files"], h.at("files"), "at_least role")
        files, role = clauses.whole(f.get("at_least", 1), f.at("at_least"), "at_least", 1), clauses.text(f, "role")
    names_part = None
    if "names" in h:
        n = clauses.block(h["names"], h.at("names"), "each of", needs="each")
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
    )


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
