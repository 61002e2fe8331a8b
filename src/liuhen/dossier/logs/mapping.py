"""The mapping of a log (日志映射): which attribute is the case, the activity and the time, and which activity is which kind.

docs/logs.md says its form, docs/logs.schema.json says it to an editor.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from liuhen.dossier.logs.events import InvalidLog
from liuhen.dossier.logs.values import Convert, converter
from liuhen.ground.located import Block, read
from liuhen.ground.moments import Precision
from liuhen.ground.vocabulary import Kind, Vocabulary

VERSION = 1
PRECISIONS: tuple[Precision, ...] = ("second", "minute", "day")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a field's value comes from (取值): an attribute of the event or of the case, or a value that always holds."""

    field: str
    words: Any
    read: Convert
    event: str = ""
    case: str = ""
    always: Any = None


@dataclass(frozen=True, slots=True)
class Link:
    """Which earlier record a record names (关联): the first or the last of these kinds before it."""

    role: str
    kinds: frozenset[str]
    last: bool
    required: bool


@dataclass(frozen=True, slots=True)
class Activity:
    """What an activity of the log is (活动): a kind of record with its fields and links; `role` of whoever acted."""

    kind: Kind
    fields: tuple[Source, ...] = ()
    links: tuple[Link, ...] = ()
    role: str = ""
    until: str = ""
    in_case: bool = True


@dataclass(frozen=True, slots=True)
class LogMap:
    """A mapping as values (日志映射).

    Attributes:
        case: attribute that names the case. activity: attributes that together name the activity. time, until, resource: further
            attributes of events; "" where the log has none.
        time_format: as `datetime.strptime` has it; "" for ISO 8601. zone: for times without an offset, and for days.
        activities: name in the log → what it is; None: to be ignored.
        opens_with: the record that opens each case, made from the attributes of the case; None: an activity opens it.
        captures: the kinds that the log keeps at all; None: a record that is not there was not made.
        roles, certificates, systems: who the resources of the log are; `role` of all others.
    """

    place: str
    case: str
    activity: tuple[str, ...]
    time: str
    until: str
    resource: str
    time_format: str
    zone: ZoneInfo
    precision: Precision
    encoding: str
    delimiter: str
    bureau: str
    activities: Mapping[str, Activity | None]
    opens_with: Activity | None
    captures: frozenset[str] | None
    role: str
    roles: Mapping[str, str] = field(default_factory=dict)
    certificates: Mapping[str, str] = field(default_factory=dict)
    systems: frozenset[str] = frozenset()

    @property
    def keys(self) -> frozenset[str]:
        """Every attribute that is read at all."""
        used = [a for a in (*self.activities.values(), self.opens_with) if a is not None]
        named = {s.event or s.case for a in used for s in a.fields} | {a.until for a in used}
        return frozenset({self.case, *self.activity, self.time, self.until, self.resource, *named} - {""})


def read_map(path: Path, vocabulary: Vocabulary) -> LogMap:
    """Read a mapping; `vocabulary` has the kinds that the rulebooks bring.

    Refused, with file and line: Y-001 to Y-005 no YAML of ours; E-020 an unknown key, E-021 a key missing, E-022 a wrong value,
    E-023 an unknown kind, E-024 an unknown field or link, E-025 an amount in another unit, E-026 nothing opens a case, E-027 a
    field that no text can say, C-015 an unknown time zone.
    """
    return _Reader(vocabulary, path.name).whole(read(path, path.name))


class _Reader:
    def __init__(self, vocabulary: Vocabulary, source: str) -> None:
        self.vocabulary, self.shown = vocabulary, source
        self.roles = frozenset(vocabulary.terms["roles"])

    def whole(self, tree: Any) -> LogMap:
        top = self.block(
            tree, self.shown, "log zone precision csv bureau case event people keeps activities", "log case event"
        )
        if top["log"] != VERSION:
            raise InvalidLog("E-022", top.at("log"), key="log", wanted=str(VERSION))
        case = self.block(top["case"], top.at("case"), "id opens_with", "id")
        event = self.block(top["event"], top.at("event"), "activity time time_format until resource", "activity time")
        written = self.block(top.get("csv") or Block(self.shown, 1), top.at("csv"), "encoding delimiter")
        people = self.block(
            top.get("people") or Block(self.shown, 1), top.at("people"), "role roles certificates systems"
        )
        opens_with = None
        if case.get("opens_with") is not None:
            opens_with = self.opening(case["opens_with"], case.at("opens_with"))
        listed = self.block(top.get("activities") or Block(self.shown, 1), top.at("activities"), None)
        activities = {name: self.activity(listed[name], listed.at(name), name) for name in listed}
        kinds = {a.kind.id for a in activities.values() if a is not None}
        kinds |= {opens_with.kind.id} if opens_with is not None else set()
        if not kinds & self.vocabulary.opening("case"):
            raise InvalidLog("E-026", case.at())
        return LogMap(
            place=self.shown,
            case=self.text(case, "id"),
            activity=tuple(self.texts(event, "activity")),
            time=self.text(event, "time"),
            until=self.text(event, "until"),
            resource=self.text(event, "resource"),
            time_format=self.text(event, "time_format"),
            zone=self.zone(top),
            precision=self.one_of(top, "precision", PRECISIONS, "second"),  # type: ignore[arg-type]
            encoding=self.encoding(written),
            delimiter=self.delimiter(written),
            bureau=self.text(top, "bureau") or "log",
            activities=activities,
            opens_with=opens_with,
            captures=self.keeps(top, kinds),
            role=self.one_of(people, "role", self.roles, "case_handler"),
            roles={name: self.role(held, people.at("roles")) for name, held in self.pairs(people, "roles")},
            certificates={name: str(held) for name, held in self.pairs(people, "certificates")},
            systems=frozenset(self.texts(people, "systems")),
        )

    # -- the small things ------------------------------------------------------------------------------------------
    def block(self, value: Any, at: str, keys: str | None, needs: str = "") -> Block:
        if not isinstance(value, Block):
            raise InvalidLog("E-022", at, key=at.rpartition(":")[2], wanted=f"{{{keys or '…'}}}")
        for key in value if keys is not None else ():
            if key not in (keys or "").split():
                raise InvalidLog("E-020", value.at(key), key=key, known=keys or "")
        for key in needs.split():
            if value.get(key) in (None, "", []):
                raise InvalidLog("E-021", value.at(), key=key)
        return value

    def text(self, b: Block, key: str) -> str:
        held = b.get(key)
        if held is None:
            return ""
        if type(held) not in (str, int) or len(str(held)) > 500:
            raise InvalidLog("E-022", b.at(key), key=key, wanted="a short text")
        return str(held)

    def texts(self, b: Block, key: str) -> list[str]:
        held = b.get(key)
        listed = held if isinstance(held, list) else [] if held is None else [held]
        if any(type(one) not in (str, int) for one in listed):
            raise InvalidLog("E-022", b.at(key), key=key, wanted="a text, or a list of texts")
        return [str(one) for one in listed]

    def pairs(self, b: Block, key: str) -> Iterable[tuple[str, Any]]:
        if b.get(key) is None:
            return ()
        return self.block(b[key], b.at(key), None).items()

    def one_of(self, b: Block, key: str, known: Iterable[str], otherwise: str) -> str:
        held = b.get(key, otherwise)
        if held not in known:
            raise InvalidLog("E-022", b.at(key), key=key, wanted=" | ".join(sorted(known)))
        return str(held)

    def role(self, held: Any, at: str) -> str:
        if held not in self.roles:
            raise InvalidLog("E-022", at, key="role", wanted=" | ".join(sorted(self.roles)))
        return str(held)

    def zone(self, b: Block) -> ZoneInfo:
        name = self.text(b, "zone") or "Asia/Shanghai"
        try:
            return ZoneInfo(name)
        except (ValueError, OSError, LookupError) as error:
            raise InvalidLog("C-015", b.at("zone"), zone=name) from error

    def encoding(self, b: Block) -> str:
        name = self.text(b, "encoding")
        if not name:
            return ""
        try:
            codec = codecs.lookup(name)
            "a".encode(codec.name)
        except (LookupError, ValueError) as error:
            raise InvalidLog(
                "E-022", b.at("encoding"), key="encoding", wanted="utf-8 | gb18030 | gbk | utf-16 | …"
            ) from error
        return codec.name

    def delimiter(self, b: Block) -> str:
        held = self.text(b, "delimiter")
        if held and (len(held) != 1 or held in '\r\n"'):
            raise InvalidLog("E-022", b.at("delimiter"), key="delimiter", wanted='"," | ";" | "|" | "\\t"')
        return held

    def keeps(self, top: Block, mapped: set[str]) -> frozenset[str] | None:
        held = top.get("keeps", "mapped")
        if held == "all":
            return None
        if held == "mapped":
            return frozenset(mapped)
        listed = self.texts(top, "keeps") if isinstance(held, list) else []
        if not listed:
            raise InvalidLog("E-022", top.at("keeps"), key="keeps", wanted="mapped | all | [kinds]")
        return frozenset(self.kind(name, top.at("keeps")).id for name in listed) | mapped

    # -- what becomes of events ------------------------------------------------------------------------------------
    def kind(self, held: Any, at: str) -> Kind:
        kind = self.vocabulary.kinds.get(held) if isinstance(held, str) else None
        if kind is None:
            near = get_close_matches(str(held), self.vocabulary.kinds, n=2)
            raise InvalidLog("E-023", at, kind=held, near="、".join(near) or "–")
        return kind

    def opening(self, held: Any, at: str) -> Activity:
        b = self.block(held, at, "kind fields", "kind")
        kind = self.kind(b["kind"], b.at("kind"))
        if kind.opens != "case":
            known = " | ".join(sorted(self.vocabulary.opening("case")))
            raise InvalidLog("E-022", b.at("kind"), key="kind", wanted=known)
        return Activity(kind, self.fields(b, kind, opening=True), in_case=False)

    def activity(self, held: Any, at: str, name: str) -> Activity | None:
        if held == "ignore":
            return None
        b = self.block(held, at, "kind fields links role until", "kind")
        kind = self.kind(b["kind"], b.at("kind"))
        role = self.one_of(b, "role", self.roles, "") if b.get("role") is not None else ""
        named = kind.case != "no" and "case" not in (b.get("links") or {})
        return Activity(kind, self.fields(b, kind), self.links(b, kind), role, self.text(b, "until"), named)

    def fields(self, b: Block, kind: Kind, *, opening: bool = False) -> tuple[Source, ...]:
        listed = list(self.pairs(b, "fields"))
        block = b.get("fields")
        found = tuple(self.field_source(name, held, block.at(name), kind, opening) for name, held in listed)  # type: ignore[union-attr]
        for needed in kind.fields.values():
            if needed.required and needed.id not in {s.field for s in found}:
                raise InvalidLog("E-021", b.at("fields"), key=f"fields.{needed.id}")
        return found

    def field_source(self, name: str, held: Any, at: str, kind: Kind, opening: bool) -> Source:
        known = kind.fields.get(name)
        if known is None:
            raise InvalidLog("E-024", at, kind=kind.words, part=name)
        if isinstance(held, Block):
            b = self.block(held, at, "from case value unit values split")
        else:
            b = Block(self.shown, 1)
            b["from"] = held
        ways = [key for key in ("from", "case", "value") if b.get(key) is not None]
        if len(ways) != 1:
            raise InvalidLog("E-022", at, key=name, wanted="from | case | value")
        values = {str(k): v for k, v in self.pairs(b, "values")}
        read = converter(known, self.text(b, "unit"), values, self.text(b, "split"), at)
        if ways[0] == "value":
            try:
                return Source(name, known.words, read, always=read(_spelled(b["value"])))
            except ValueError as error:
                raise InvalidLog("E-022", at, key=name, wanted=str(error)) from error
        told = self.text(b, ways[0])
        of_case = opening or ways[0] == "case"
        return Source(name, known.words, read, "" if of_case else told, told if of_case else "")

    def links(self, b: Block, kind: Kind) -> tuple[Link, ...]:
        out = []
        for role, held in self.pairs(b, "links"):
            at = b["links"].at(role)
            known = kind.links.get(role)
            if known is None and not (role == "case" and kind.case != "no"):
                raise InvalidLog("E-024", at, kind=kind.words, part=role)
            one = self.block(held, at, "last first")
            if len(one) != 1:
                raise InvalidLog("E-022", at, key=role, wanted="{last: kind} | {first: kind}")
            (which,) = one
            kinds = frozenset(self.kind(name, at).id for name in self.texts(one, which))
            allowed = self._allowed(kind, role)
            if not kinds or (allowed and not kinds <= allowed):
                raise InvalidLog("E-022", at, key=role, wanted=" | ".join(sorted(allowed)) or "a kind")
            out.append(Link(role, kinds, which == "last", known is not None and known.required))
        named = {link.role for link in out}
        for link in kind.links.values():
            if link.required and link.role not in named and link.role != "case":
                raise InvalidLog("E-021", b.at("links"), key=f"links.{link.role}")
        return tuple(out)

    def _allowed(self, kind: Kind, role: str) -> frozenset[str]:
        if role == "case":
            return self.vocabulary.opening("case")
        groups = self.vocabulary.groups
        return frozenset(k for name in kind.links[role].kinds for k in groups.get(name, {name}))


def _spelled(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
