"""The Record (记录): one immutable statement of what was done, and how it is read and written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from liuhen.ground.canonical import canonical
from liuhen.ground.errors import InvalidRecord
from liuhen.ground.findings import Finding
from liuhen.ground.moments import Day, Instant, Precision, instant, read_date, read_moment, written
from liuhen.ground.words import said_moment

ZONE = ZoneInfo("Asia/Shanghai")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")
_HEX64 = re.compile(r"[0-9a-f]{64}\Z")
_NAME = re.compile(r"[a-z][a-z0-9_.]{0,63}\Z")
LIMIT_CONTENT = 1_000_000


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acted (行为人): a person, a device or the system, in a role; officers with the number of their certificate."""

    role: str
    name: str = ""
    id: str = ""
    certificate: str = ""
    type: str = "person"

    @property
    def identity(self) -> str:
        """What makes two mentions the same person: certificate, else id, else name."""
        return self.certificate or self.id or self.name


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature or seal on a record (签名或者盖章): by whom, in which role, when; `how` is signature or seal."""

    role: str
    name: str = ""
    id: str = ""
    signed_at: datetime | None = None
    how: str = "signature"


@dataclass(frozen=True, slots=True)
class File:
    """A file that a record names (附件): digests (64 hex each), bytes, its name and role; the bytes lie in the vault."""

    sha256: str
    sm3: str
    bytes: int
    name: str
    role: str = "attachment"
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One statement of what was done (记录). Never edited, never deleted; a correction is a further Record.

    Attributes:
        id: UUID in lower case (makers use version 7); the same id with the same bytes is the same Record.
        bureau: whose record it is.
        kind, kind_version: a term of the vocabulary and the version it was written with.
        done_at, until: when the act took place, as its maker states it; aware; `until` only for an interval.
        precision: second, minute or day; with day, `done_at` is the start of the local day.
        by: who acted, in the order of their signatures. entered_by: the clerk who typed it for them, if any.
        links: role → ids of records (or of the record that opened a subject).
        content: the kind's fields. files: what the vault holds of it. signatures: who signed.
        corrects: id of the record that this one replaces. root: first record of that chain, given by the door.
        received_at: when the door took it in, by the server's clock; None before.
        instant, end, day, end_day, received: the same times as integers (microseconds UTC; local day ordinals).
        order: by when it was done, then received, then id: one order, in whatever order records are handed over.

    Raises:
        InvalidRecord: see `read_record`, which is the way to make one.

    Source: 行政处罚法 art. 47; docs/decisions/0002-the-record.md
    """

    id: str
    bureau: str
    kind: str
    done_at: datetime
    kind_version: int = 1
    until: datetime | None = None
    precision: Precision = "second"
    by: tuple[Actor, ...] = ()
    entered_by: Actor | None = None
    links: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    content: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[File, ...] = ()
    signatures: tuple[Signature, ...] = ()
    corrects: str | None = None
    root: str = ""
    received_at: datetime | None = None
    instant: Instant = field(init=False, compare=False, repr=False)
    end: Instant = field(init=False, compare=False, repr=False)
    day: Day = field(init=False, compare=False, repr=False)
    end_day: Day = field(init=False, compare=False, repr=False)
    received: Instant = field(init=False, compare=False, repr=False)
    order: tuple[Instant, Instant, str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        put = object.__setattr__
        start = instant(self.done_at)
        until = self.until if self.until is not None else self.done_at
        end = instant(until)
        put(self, "instant", start)
        put(self, "end", end)
        # The offset of the text gives the local day: the door and the reader bring every time into the bureau's zone first.
        put(self, "day", self.done_at.toordinal())
        put(self, "end_day", until.toordinal())
        received = instant(self.received_at) if self.received_at is not None else end
        put(self, "received", received)
        put(self, "order", (start, received, self.id))
        if not self.root:
            put(self, "root", self.id)

    def maker_json(self) -> dict[str, Any]:
        """Return what its maker states, without what the door adds: two records are the same when this is the same."""
        whole = self.as_json()
        whole.pop("received_at", None)
        whole.pop("root", None)
        return whole

    def as_json(self) -> dict[str, Any]:
        """Return the record as plain JSON values, empty parts left out; `read_record` reads it back to an equal record."""
        day = self.precision == "day"
        out: dict[str, Any] = {
            "id": self.id,
            "bureau": self.bureau,
            "kind": self.kind,
            "kind_version": self.kind_version,
            "done_at": self.done_at.date().isoformat() if day else written(self.done_at),
            "precision": self.precision,
        }
        if self.until is not None:
            out["until"] = written(self.until)
        if self.by:
            out["by"] = [_shed(a, "type", "person") for a in self.by]
        if self.entered_by is not None:
            out["entered_by"] = _shed(self.entered_by, "type", "person")
        if self.links:
            out["links"] = {role: list(ids) for role, ids in self.links.items()}
        if self.content:
            out["content"] = dict(self.content)
        if self.files:
            out["files"] = [_shed(f) for f in self.files]
        if self.signatures:
            out["signatures"] = [_shed(s, "how", "signature") for s in self.signatures]
        if self.corrects:
            out["corrects"] = self.corrects
        if self.root != self.id:
            out["root"] = self.root
        if self.received_at is not None:
            out["received_at"] = written(self.received_at)
        return out

    def canonical(self) -> bytes:
        """Return the canonical bytes (RFC 8785) of the whole record; these are what the ledger's digest covers."""
        return canonical(self.as_json())


def _shed(value: Any, key: str = "", default: str = "") -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name in value.__slots__:
        held = getattr(value, name)
        if held in ("", None) or (name == key and held == default):
            continue
        out[name] = written(held) if isinstance(held, datetime) else held
    return out


_KEYS = frozenset(
    (
        "id bureau kind kind_version done_at until precision by entered_by links content files signatures "
        "corrects root received_at"
    ).split()
)


def read_record(value: Any, *, zone: ZoneInfo = ZONE, bureau: str = "", place: str = "") -> Record:
    """Read a record from JSON values; every time is brought into the bureau's `zone`.

    Refused, all findings at once (InvalidRecord): R-001 not an object, R-002 a part missing, R-003 an unknown part, R-004 a part
    of the wrong type, R-010 id no UUID, R-011 an impossible time, R-012 a time without offset, R-014 `until` before `done_at`,
    R-015 a digest that is none, R-016 a negative size, R-017 a record that corrects itself, R-018 content too large.
    Whether the kind exists and its fields fit is asked of the vocabulary (`Vocabulary.check`); R-013 (in the future) of the door.
    """
    if not isinstance(value, dict):
        raise InvalidRecord("R-001", place)
    reading = _Reading(value, zone, place)
    record = reading.record(bureau)
    if reading.findings or record is None:
        raise InvalidRecord.for_all(reading.findings)
    return record


class _Reading:
    """One reading of one record: collects findings instead of stopping at the first."""

    def __init__(self, value: dict[str, Any], zone: ZoneInfo, place: str) -> None:
        self.value = value
        self.zone = zone
        self.place = place
        self.findings: list[Finding] = []

    def say(self, code: str, path: str, **fields: object) -> None:
        self.findings.append(Finding(code, fields, f"{self.place}/{path}"))

    def record(self, bureau: str) -> Record | None:
        v = self.value
        for key in v:
            if key not in _KEYS:
                self.say("R-003", str(key), part=key)
        precision = self.text("precision", default="second")
        if precision not in ("second", "minute", "day"):
            self.say("R-004", "precision", part="precision", wanted="second | minute | day")
        id_ = self.uuid("id", v.get("id"), needed=True)
        done_at = self.moment("done_at", v.get("done_at"), needed=True, day=precision == "day")
        until = self.moment("until", v.get("until"), day=False)
        if done_at is not None and until is not None and until < done_at:
            to = "day" if precision == "day" else "minute"
            fields = {"done_at": said_moment(done_at, precision=to), "until": said_moment(until, precision=to)}
            self.say("R-014", "until", **fields)
        version = v.get("kind_version", 1)
        if type(version) is not int or version < 1:
            self.say("R-004", "kind_version", part="kind_version", wanted="1, 2, …")
            version = 1
        corrects = self.uuid("corrects", v.get("corrects"))
        if corrects and corrects == id_:
            self.say("R-017", "corrects", record=id_)
        kind = self.text("kind", needed=True)
        if kind and not _NAME.match(kind):
            self.say("R-004", "kind", part="kind", wanted="a.name_in_lower_case")
        held = self.text("bureau", default=bureau, needed=not bureau)
        parts = dict(
            by=tuple(a for i, x in enumerate(self.items("by")) if (a := self.actor(f"by/{i}", x))),
            entered_by=self.actor("entered_by", v["entered_by"]) if v.get("entered_by") is not None else None,
            links=self.links(),
            content=self.content(),
            files=tuple(f for i, x in enumerate(self.items("files")) if (f := self.file(f"files/{i}", x))),
            signatures=tuple(
                s for i, x in enumerate(self.items("signatures")) if (s := self.signature(f"signatures/{i}", x))
            ),
        )
        root = self.uuid("root", v.get("root")) or ""
        received = self.moment("received_at", v.get("received_at"), day=False)
        if self.findings or done_at is None:
            return None
        return Record(
            id=id_, bureau=held, kind=kind, kind_version=version, done_at=done_at, until=until, precision=precision,  # type: ignore[arg-type]
            corrects=corrects or None, root=root, received_at=received, **parts,  # type: ignore[arg-type]
        )  # fmt: skip

    def text(self, key: str, *, default: str = "", needed: bool = False) -> str:
        held = self.value.get(key)
        if held is None:
            if needed:
                self.say("R-002", key, part=key)
            return default
        if not isinstance(held, str) or (needed and not held.strip()) or not _writable(held):
            self.say("R-004", key, part=key, wanted="text")
            return default
        return held

    def uuid(self, key: str, held: Any, *, needed: bool = False) -> str:
        if held is None:
            if needed:
                self.say("R-002", key, part=key)
            return ""
        if not isinstance(held, str) or not _UUID.match(held):
            self.say("R-010", key, part=key, value=_shown(held))
            return ""
        return held

    def moment(self, key: str, held: Any, *, needed: bool = False, day: bool) -> datetime | None:
        if held is None:
            if needed:
                self.say("R-002", key, part=key)
            return None
        if not isinstance(held, str):
            self.say("R-004", key, part=key, wanted="2026-03-06T09:00:00+08:00")
            return None
        if day and (on := read_date(held)):
            return datetime.combine(on, time(0), self.zone)
        found = read_moment(held)
        if found is None:
            self.say("R-011", key, part=key, value=held[:80])
            return None
        if found.tzinfo is None:
            self.say("R-012", key, part=key, value=held[:80])
            return None
        found = found.astimezone(self.zone)
        return found.replace(hour=0, minute=0, second=0, microsecond=0) if day else found

    def items(self, key: str) -> list[Any]:
        held = self.value.get(key)
        if held is None:
            return []
        if not isinstance(held, list) or len(held) > 1000:
            self.say("R-004", key, part=key, wanted="a list")
            return []
        return held

    def members(self, path: str, held: Any, needed: tuple[str, ...], known: tuple[str, ...]) -> dict[str, str] | None:
        if not isinstance(held, dict):
            self.say("R-004", path, part=path, wanted="an object")
            return None
        before = len(self.findings)
        out: dict[str, str] = {}
        for key, item in held.items():
            if key not in known:
                self.say("R-003", f"{path}/{key}", part=key)
            elif key not in ("bytes", "signed_at"):
                if not isinstance(item, str) or len(item) > 1000 or not _writable(item):
                    self.say("R-004", f"{path}/{key}", part=key, wanted="text")
                elif item:
                    # An empty text says nothing: it is left out when written, and must read back the same.
                    out[key] = item
        for key in needed:
            if not held.get(key) and held.get(key) != 0:
                self.say("R-002", f"{path}/{key}", part=key)
        return out if len(self.findings) == before else None

    def actor(self, path: str, held: Any) -> Actor | None:
        out = self.members(path, held, ("role",), ("role", "name", "id", "certificate", "type"))
        if out is not None and out.get("type", "person") not in ("person", "device", "system"):
            self.say("R-004", f"{path}/type", part="type", wanted="person | device | system")
            return None
        return Actor(**out) if out is not None else None

    def signature(self, path: str, held: Any) -> Signature | None:
        out = self.members(path, held, ("role",), ("role", "name", "id", "signed_at", "how"))
        if out is None:
            return None
        if out.get("how", "signature") not in ("signature", "seal", "both"):
            self.say("R-004", f"{path}/how", part="how", wanted="signature | seal | both")
            return None
        return Signature(signed_at=self.moment(f"{path}/signed_at", held.get("signed_at"), day=False), **out)

    def file(self, path: str, held: Any) -> File | None:
        out = self.members(
            path, held, ("sha256", "bytes", "name"), ("sha256", "sm3", "bytes", "name", "role", "media_type")
        )
        if out is None:
            return None
        for key in ("sha256", "sm3"):
            if key in out and not _HEX64.match(out[key]):
                self.say("R-015", f"{path}/{key}", part=key, value=out[key][:80])
                return None
        size = held["bytes"]
        if type(size) is not int or not 0 <= size < 2**53:
            self.say("R-016", f"{path}/bytes", part="bytes", value=_shown(size))
            return None
        return File(bytes=size, sm3=out.pop("sm3", ""), **out)

    def links(self) -> dict[str, tuple[str, ...]]:
        held = self.value.get("links")
        if held is None:
            return {}
        if not isinstance(held, dict):
            self.say("R-004", "links", part="links", wanted="an object")
            return {}
        out: dict[str, tuple[str, ...]] = {}
        for role, ids in held.items():
            listed = [ids] if isinstance(ids, str) else ids
            if not isinstance(listed, list) or not listed or len(listed) > 10_000 or not _named(role):
                self.say("R-004", f"links/{role}", part=role, wanted="a list of ids")
                continue
            out[role] = tuple(dict.fromkeys(self.uuid(f"links/{role}", i, needed=True) for i in listed))
        return out

    def content(self) -> dict[str, Any]:
        held = self.value.get("content")
        if held is None:
            return {}
        if not isinstance(held, dict):
            self.say("R-004", "content", part="content", wanted="an object")
            return {}
        try:
            size = len(canonical(held))
        except (ValueError, RecursionError, UnicodeError, TypeError):
            self.say("R-004", "content", part="content", wanted="JSON with whole numbers and well-formed text")
            return {}
        if size > LIMIT_CONTENT:
            self.say("R-018", "content", bytes=size, limit=LIMIT_CONTENT)
        return held


def _named(role: Any) -> bool:
    return isinstance(role, str) and bool(_NAME.match(role))


def _shown(value: Any) -> str:
    # Python refuses to write numbers of more than 4,300 digits, and nobody wants to read one, or a whole tree.
    short = value[:80] if isinstance(value, str) else value
    if not isinstance(short, (str, float)) and not (isinstance(short, int) and -(10**40) < short < 10**40):
        return "…"
    return str(short)


def _writable(text: str) -> bool:
    return (text.isascii() and "\x00" not in text) or not any("\ud800" <= c <= "\udfff" or c == "\x00" for c in text)


def end_of_day(moment: datetime) -> datetime:
    """Return the start of the next local day (24:00) of an aware moment, in its own zone."""
    return datetime.combine(moment.date() + timedelta(days=1), time(0), moment.tzinfo)
