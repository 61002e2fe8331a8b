"""How a sample dossier is told: records one after the other, with small real files, the same at every telling."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from liuhen.dossier.dossier import Bureau, Dossier
from liuhen.ground.record import ZONE, Actor, File, Record, Signature
from liuhen.ground.vocabulary import default

BUREAU = Bureau("shili", "示例县自然资源局（示例）")
CLIP = Path(__file__).with_name("clip.mp4")
PEOPLE = {
    "enforcement_officer": ("赵示例", "示例-0001"),
    "second_officer": ("钱示例", "示例-0002"),
    "case_handler": ("赵示例", "示例-0001"),
    "server": ("赵示例", "示例-0001"),
    "handling_unit": ("孙示例", ""),
    "handling_unit_head": ("孙示例", ""),
    "legal_reviewer": ("李示例", ""),
    "legal_affairs_unit": ("李示例", ""),
    "deputy_head_legal": ("陈示例", ""),
    "agency_head": ("周示例", ""),
    "decision_signatory": ("周示例", ""),
    "bureau_leader": ("周示例", ""),
    "device_keeper": ("吴示例", ""),
    "archivist": ("郑示例", ""),
    "section": ("冯示例", ""),
    "department_head": ("孙示例", ""),
    "supervisor": ("蒋示例", ""),
    "party": ("王示例", ""),
    "payer": ("王示例", ""),
    "addressee": ("王示例", ""),
    "service_witness": ("卫示例", ""),
    "person_present": ("卫示例", ""),
}
OFFICERS = ("enforcement_officer", "second_officer")


@dataclass(frozen=True, slots=True)
class Promise:
    """What `check` says of the sample as of `at`: its exit status, and every rule that is a fault or otherwise worth naming."""

    at: str
    exit: int
    statuses: Mapping[str, str]
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Story:
    """A sample: the name of its folder, what happens in it, the dossier and what `check` says of it."""

    name: str
    zh: str
    en: str
    dossier: Dossier
    files: Mapping[str, bytes]
    promises: tuple[Promise, ...]


@dataclass(slots=True)
class Telling:
    """A dossier being told: `tell` adds a record and gives its id, for the links of later ones."""

    name: str
    records: list[Record] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    case: str = ""

    def tell(
        self,
        kind: str,
        on: str,
        until: str = "",
        /,
        *,
        by: Sequence[str] = ("case_handler",),
        signed: Iterable[str] = (),
        received: str = "",
        files: Mapping[str, str] | None = None,
        corrects: str | None = None,
        links: Mapping[str, str | Sequence[str]] | None = None,
        **content: Any,
    ) -> str:
        """Add a record of `kind`, done `on` a day or a minute; documents bring a scan, recordings a clip."""
        known = default().kinds[kind]
        done_at, end = moment(on), moment(until) if until else None
        id_ = self._id(done_at, kind)
        named = {role: (ids,) if isinstance(ids, str) else tuple(ids) for role, ids in (links or {}).items()}
        if self.case and known.case != "no":
            named.setdefault("case", (self.case,))
        last = end or done_at
        day_only = len(on) == 10
        record = Record(
            id=id_,
            bureau=BUREAU.id,
            kind=kind,
            done_at=done_at,
            until=end,
            precision="day" if day_only else "minute",
            by=tuple(_actor(role) for role in by),
            links=named,
            content=content,
            files=tuple(self._file(kind, last, role) for role in (files or _usual_files(known.family, known.role))),
            signatures=tuple(_signature(role, last) for role in signed),
            received_at=moment(received) if received else last + timedelta(hours=17 if day_only else 0, minutes=10),
            corrects=corrects,
        )
        self.records.append(record)
        if known.opens == "case" and not corrects:
            self.case = id_
        return id_

    def dossier(self, note: str, rulebooks: Sequence[str] = ("bazhou", "anshan-legal-review")) -> Dossier:
        """Return the dossier as told so far, in the order in which its records were received."""
        records = sorted(self.records, key=lambda record: record.received)
        return Dossier(BUREAU, tuple(records), tuple(rulebooks), None, note)

    def _id(self, at: datetime, kind: str) -> str:
        # A UUID of version 7 whose random part follows from the story, so that each telling gives the same bytes.
        noise = hashlib.sha256(f"{self.name}/{len(self.records)}/{kind}".encode()).hexdigest()
        stamp = f"{int(at.timestamp() * 1000):012x}"
        return f"{stamp[:8]}-{stamp[8:]}-7{noise[:3]}-8{noise[3:6]}-{noise[6:18]}"

    def _file(self, kind: str, on: datetime, role: str) -> File:
        words = default().kinds[kind].words
        number = 1 + sum(1 for name in self.files if words.zh in name)
        label = f"{self.name} / {kind} / {on:%Y-%m-%d %H:%M} / {number}"
        if role == "recording":
            name, media, data = f"音像/{on:%m%d}-{words.zh}-{number}.mp4", "video/mp4", clip(label)
        elif role == "photo":
            name, media, data = f"音像/{on:%m%d}-照片-{number}.png", "image/png", picture(label)
        else:
            name, media, data = (
                f"文书/{on:%m%d}-{words.zh}-{number}.pdf",
                "application/pdf",
                paper(label),
            )
        self.files[name] = data
        return File(
            hashlib.sha256(data).hexdigest(), hashlib.new("sm3", data).hexdigest(), len(data), name, role, media
        )


def moment(text: str) -> datetime:
    """Return the local moment of `2026-03-06` or `2026-03-06 09:30`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def _usual_files(family: str, role: str) -> tuple[str, ...]:
    if role == "recording":
        return ("recording",)
    return ("scan",) if family == "document" else ()


def _actor(role: str) -> Actor:
    name, certificate = PEOPLE[role]
    return Actor(role="enforcement_officer" if role == "second_officer" else role, name=name, certificate=certificate)


def _signature(role: str, at: datetime) -> Signature:
    name, _ = PEOPLE[role]
    return Signature("enforcement_officer" if role == "second_officer" else role, name, signed_at=at)


def paper(label: str) -> bytes:
    """Return a one-page PDF that says what it stands for."""
    text = f"BT /F1 10 Tf 40 800 Td (SAMPLE - {label}) Tj ET".encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, starts = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        starts.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return (
        out
        + head
        + table
        + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    )


def clip(label: str) -> bytes:
    """Return a two-second clip of its own: the one clip, with what it stands for in a box that players skip."""
    text = label.encode()
    return CLIP.read_bytes() + struct.pack(">I4s", 8 + len(text), b"free") + text


def picture(label: str) -> bytes:
    """Return a tiny PNG whose colour and comment follow from what it stands for."""
    colour = hashlib.sha256(label.encode()).digest()[:3]

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    size = struct.pack(">IIBBBBB", 16, 9, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + colour * 16 for _ in range(9)), 9)
    text = b"Comment\0SAMPLE - " + label.encode("ascii")
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"tEXt", text) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )
