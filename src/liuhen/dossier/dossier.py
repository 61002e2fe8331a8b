"""The Dossier (卷宗文件夹): what one folder holds, as frozen values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from liuhen.ground.errors import Refused
from liuhen.ground.record import File, Record

VERSION = 1
NAME = "dossier.json"


class InvalidDossier(Refused):
    """A dossier that can't be read or written (卷宗无效); carries every finding of one reading."""


@dataclass(frozen=True, slots=True)
class Bureau:
    """Whose dossier it is (行政机关): identifier, name, and the IANA zone in which its days are counted."""

    id: str
    name: str
    zone: str = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Dossier:
    """One folder of records (卷宗文件夹): cases, or other subjects such as devices, plans, a unit's year.

    Attributes:
        bureau: whose records they are; every record is of this bureau.
        records: in the order of the file; each with the root of its chain of corrections.
        rulebooks: ids of the rulebooks that judge it, in the order of the stack; may be empty (then those of
            `rulebook.by_default`).
        captures: kinds that the source records at all; None when it records whatever it can.
        note: free text of whoever made it.
        folder: where its files lie; None for a dossier made in memory. Two dossiers are equal wherever they lie.
    """

    bureau: Bureau
    records: tuple[Record, ...] = ()
    rulebooks: tuple[str, ...] = ()
    captures: tuple[str, ...] | None = None
    note: str = ""
    folder: Path | None = field(default=None, compare=False)

    @property
    def files(self) -> tuple[File, ...]:
        """Every file that a record names, each once, in the order of the records."""
        return tuple(dict.fromkeys(file for record in self.records for file in record.files))

    def as_json(self) -> dict[str, Any]:
        """Return what `dossier.json` says, as plain JSON values; `read` gives an equal dossier back."""
        bureau = {"id": self.bureau.id, "name": self.bureau.name, "zone": self.bureau.zone}
        out: dict[str, Any] = {"dossier": VERSION, "bureau": bureau}
        if self.note:
            out["note"] = self.note
        if self.rulebooks:
            out["rulebooks"] = list(self.rulebooks)
        if self.captures is not None:
            out["captures"] = list(self.captures)
        out["records"] = [_without_bureau(record) for record in self.records]
        return out


def _without_bureau(record: Record) -> dict[str, Any]:
    # The bureau stands once, at the top; a record that repeats it is read just the same.
    whole = record.as_json()
    whole.pop("bureau")
    return whole


def in_order_received(records: Iterable[Record]) -> tuple[Record, ...]:
    """Return records in the order in which the door took them in; by their own end where no door has seen them."""
    return tuple(sorted(records, key=lambda record: record.received))
