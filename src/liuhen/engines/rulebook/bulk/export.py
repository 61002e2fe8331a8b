"""Records written for all cases at once (导出成表): Parquet, one row a record, in parts of whole files.

A folder holds `part-00000.parquet`, …, each with whole files, its rows by kind, file and place in the file, so that a kind is
read without the others; `files.parquet` (the number and name of each file, and the kinds that its source keeps);
`people.parquet` (the number, office and name of whoever acted); and `about.json` (what wrote it; the certificates, and the
decisions to apply a text on, that speak for all files).
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from liuhen.engines.rulebook.bulk.rows import RowMaker, columns
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Vocabulary

FORMAT = 1
ROWS_A_PART = 1_250_000
_ROWS_A_BATCH = 20_000
_TYPES = {
    "int8": pa.int8(),
    "int16": pa.int16(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "string": pa.string(),
    "boolean": pa.bool_(),
}


def arrow_type(name: str) -> pa.DataType:
    """Return the type of a column in Parquet."""
    return pa.list_(_TYPES[name[6:-1]]) if name.startswith("array<") else _TYPES[name]


def table_of(rows: list[dict[str, Any]], vocabulary: Vocabulary) -> pa.Table:
    """Return rows as a table."""
    return pa.table({n: pa.array([r[n] for r in rows], arrow_type(t)) for n, t in columns(vocabulary).items()})


class Export:
    """Writes files of records into a folder (导出). Use as a context: only when it ends well is `about.json` written.

    Args:
        folder: an empty or new folder. zone: IANA name of the zone in which days are counted; kept in `about.json`.
        rows: how many rows make a part. batch: after how many it is looked whether one is full.
    """

    def __init__(
        self,
        folder: Path,
        vocabulary: Vocabulary,
        *,
        zone: str = "Asia/Shanghai",
        rows: int = ROWS_A_PART,
        batch: int = _ROWS_A_BATCH,
    ) -> None:
        self.zone = zone
        self.folder, self.vocabulary, self.most, self.batch = folder, vocabulary, rows, batch
        self.maker = RowMaker(vocabulary)
        self.names: list[str] = []
        self.captures: list[list[str] | None] = []
        self.general: dict[str, Record] = {}
        self.written = 0
        self._parts = 0
        self._waiting: list[dict[str, Any]] = []
        self._batches: list[pa.Table] = []
        self._rows = 0
        folder.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Export:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._close()

    def add(
        self,
        name: str,
        records: Iterable[Record],
        *,
        own: Container[str] | None = None,
        captures: Iterable[str] | None = None,
        guests: Container[str] = (),
    ) -> None:
        """Add the records of one file.

        Args:
            own: ids of those that trigger anything in it; None: all. captures: kinds that its source keeps at all; None: any.
            guests: ids of those that have another file of their own: what is owed for what they open, as long as it is open, is
                told there and not here.
        """
        rows = self.maker.rows(records, own, guests)
        self.names.append(name)
        self.captures.append(sorted(captures) if captures is not None else None)
        self._waiting += rows
        self.written += len(rows)
        if len(self._waiting) >= self.batch:
            self._batch()
        if self._rows >= self.most:
            self._part()

    def speak(self, records: Iterable[Record]) -> None:
        """Keep the certificates and the decisions to apply a text on among records: they speak for every file."""
        kinds = self.vocabulary.with_role("certificate") | self.vocabulary.with_role("applied_on")
        self.general.update({r.id: r for r in records if r.kind in kinds})

    def _batch(self) -> None:
        if self._waiting:
            self._batches.append(table_of(self._waiting, self.vocabulary))
            self._rows += len(self._waiting)
            self._waiting = []

    def _part(self) -> None:
        self._batch()
        if not self._batches:
            return
        table = pa.concat_tables(self._batches).sort_by([("kind", "ascending"), ("k", "ascending")])
        pq.write_table(table, self.folder / f"part-{self._parts:05}.parquet", row_group_size=60_000, compression="zstd")
        self._parts, self._batches, self._rows = self._parts + 1, [], 0

    def _close(self) -> None:
        self._part()
        files = {"c": pa.array(range(len(self.names)), pa.int32()), "name": pa.array(self.names, pa.string()),
                 "captures": pa.array(self.captures, pa.list_(pa.string()))}  # fmt: skip
        pq.write_table(pa.table(files), self.folder / "files.parquet")
        people = sorted((n, *key) for key, n in self.maker.people.items())
        held = {name: [p[n] for p in people] for n, name in enumerate(("who", "office", "name", "person"))}
        pq.write_table(pa.table(held), self.folder / "people.parquet")
        about = {
            "format": FORMAT, "zone": self.zone,
            "vocabulary": self.vocabulary.digest, "files": len(self.names), "records": self.written,
            "parts": self._parts, "general": [r.as_json() for r in self.general.values()],
        }  # fmt: skip
        (self.folder / "about.json").write_text(json.dumps(about, ensure_ascii=False, indent=1))
