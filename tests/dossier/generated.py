"""Generated dossiers: sound ones of every kind in the vocabulary, with files, corrections and links."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from liuhen.dossier.dossier import Bureau, Dossier
from liuhen.ground.record import Actor, File, Record, Signature
from liuhen.ground.vocabulary import FieldKind, Kind, default

ZONES = ("Asia/Shanghai", "Asia/Urumqi", "UTC")
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=12)
MOMENTS = st.datetimes(
    datetime.fromisoformat("1985-01-01"), datetime.fromisoformat("2040-01-01"), timezones=st.just(UTC)
)
DATA = {
    "": b"\x00",
    "text/plain": b"a",
    "application/pdf": b"%PDF-1.7",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "audio/wav": b"RIFF\x24\x00\x00\x00WAVEfmt ",
    "video/mp4": b"\x00\x00\x00\x20ftypisom" + b"b" * 3_000_000,
}
FILE_NAMES = st.sampled_from(
    ["笔录.pdf", "文书/笔录.pdf", "文书/Scan.PDF", "文书/scan.pdf", "音像/a b.mp4", "音像", "é.png", "é.png"]
)


def _value(field: FieldKind) -> st.SearchStrategy[Any]:
    day = st.dates(date(1950, 1, 1), date(2150, 1, 1)).map(lambda d: d.isoformat())
    moment = MOMENTS.map(lambda m: m.isoformat())
    by_type: dict[str, st.SearchStrategy[Any]] = {
        "text": TEXT,
        "long_text": TEXT,
        "integer": st.integers(-(2**53) + 1, 2**53 - 1),
        "amount": st.integers(0, 10**12),
        "decimal": st.decimals(-1000, 1000, places=2).map(str),
        "boolean": st.booleans(),
        "date": day,
        "moment": moment,
        "time": st.times().map(lambda t: t.strftime("%H:%M")),
        "choice": st.sampled_from(sorted(field.values) or [""]),
        "choices": st.lists(st.sampled_from(sorted(field.values) or [""]), max_size=2),
        "texts": st.lists(TEXT, max_size=2),
        "persons": st.lists(st.fixed_dictionaries({"name": TEXT}, optional={"role": TEXT}), max_size=2),
        "digest": st.binary(max_size=4).map(lambda b: hashlib.sha256(b).hexdigest()),
        "record": st.uuids(version=4).map(str),
        "segments": st.lists(st.fixed_dictionaries({"from": moment, "until": moment}), max_size=2),
    }
    return by_type[field.type].map(lambda value: value[: field.max] if isinstance(value, str) else value)


@st.composite
def _record(draw: st.DrawFn, number: int, kind: Kind, links: dict[str, tuple[str, ...]], zone: ZoneInfo) -> Record:
    content = {}
    for field in kind.fields.values():
        if field.required or draw(st.integers(0, 3)) == 0:
            content[field.id] = draw(_value(field))
    precision = draw(st.sampled_from(["second", "minute", "day"]))
    done_at = draw(MOMENTS).astimezone(zone)
    if precision == "day":
        done_at = done_at.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    long = timedelta(seconds=draw(st.integers(0, 10**6)))
    until = done_at.astimezone(UTC) + long if kind.interval or draw(st.booleans()) else None
    received = (until or done_at).astimezone(UTC) + long if draw(st.booleans()) else None
    roles = st.sampled_from(sorted(default().terms["roles"]))
    actor = st.builds(Actor, role=roles, name=TEXT, certificate=st.sampled_from(["", "示例0001"]))
    signature = st.builds(Signature, role=roles, name=TEXT, signed_at=st.none() | st.just(done_at))
    return Record(
        id=f"0197f000-0000-7000-8000-{number:012x}",
        bureau="shili",
        kind=kind.id,
        done_at=done_at,
        until=until.astimezone(zone) if until else None,
        precision=precision,
        by=tuple(draw(st.lists(actor, max_size=2))),
        entered_by=draw(st.none() | actor),
        links=links,
        content=content,
        files=tuple(draw(st.lists(_file(kind, content), max_size=2))),
        signatures=tuple(draw(st.lists(signature, max_size=2))),
        received_at=received.astimezone(zone) if received else None,
    )


def bytes_of(file: File) -> bytes:
    """The bytes that a generated file stands for, known by its media type."""
    return DATA[file.media_type]


@st.composite
def _file(draw: st.DrawFn, kind: Kind, content: dict[str, Any]) -> File:
    """A file that the kind takes: as it declares, and as the medium that the record states."""
    sorts = [of[content[field]] for field, of in kind.media_of.items() if content.get(field) in of]
    fitting = [t for t in DATA if not kind.media or t in kind.media]
    media_type = draw(st.sampled_from([t for t in fitting if all(t.partition("/")[0] in held for held in sorts)]))
    data = DATA[media_type]
    sm3 = draw(st.sampled_from(["", hashlib.new("sm3", data).hexdigest()]))
    return File(hashlib.sha256(data).hexdigest(), sm3, len(data), draw(FILE_NAMES), media_type=media_type)


@st.composite
def dossiers(draw: st.DrawFn, most: int = 8) -> Dossier:
    """Sound dossiers: every link names a record of an allowed kind, corrections form chains."""
    vocabulary = default()
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    records: list[Record] = []
    for number in range(1, draw(st.integers(0, most)) + 1):
        corrected = draw(st.integers(0, 4)) == 0 and [
            r for r in records if not any(r.id == later.corrects for later in records)
        ]
        if corrected:
            first = draw(st.sampled_from(corrected))
            again = draw(_record(number, vocabulary.kinds[first.kind], dict(first.links), zone))
            records.append(_correcting(again, first))
            continue
        kind = vocabulary.kinds[draw(st.sampled_from(sorted(vocabulary.kinds)))]
        links = _links(draw, kind, records)
        if links is not None:
            records.append(draw(_record(number, kind, links, zone)))
    return Dossier(
        bureau=Bureau("shili", draw(TEXT.filter(str.strip)), zone.key),
        records=tuple(records),
        rulebooks=draw(st.sampled_from([(), ("bazhou",), ("bazhou", "anshan-legal-review")])),
        captures=draw(st.sampled_from([None, (), ("case.opened",)])),
        note=draw(st.just("") | TEXT),
    )


def _correcting(again: Record, first: Record) -> Record:
    return replace(again, corrects=first.id, root=first.root)


def _links(draw: st.DrawFn, kind: Kind, records: list[Record]) -> dict[str, tuple[str, ...]] | None:
    vocabulary = default()
    wanted = {link.role: link for link in kind.links.values() if link.required}
    out: dict[str, tuple[str, ...]] = {}
    for role, link in wanted.items():
        allowed = link.kinds.union(*(vocabulary.groups.get(name, frozenset()) for name in link.kinds))
        fitting = [r.id for r in records if not allowed or r.kind in allowed]
        if not fitting:
            return None
        out[role] = (draw(st.sampled_from(fitting)),)
    if kind.case == "yes":
        cases = [r.id for r in records if r.kind == "case.opened"]
        if not cases:
            return None
        out["case"] = (draw(st.sampled_from(cases)),)
    return out
