"""DuckDB as the engine (内嵌引擎): in this process, over Parquet; each statement planned once and executed part by part."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from liuhen.engines.rulebook.bulk.export import arrow_type

ROWS_AT_ONCE = 20_000
_TYPES = {
    "int8": "TINYINT",
    "int16": "SMALLINT",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "string": "VARCHAR",
    "boolean": "BOOLEAN",
}
# What statements call by one name on every engine (`values`, `clocks`).
_WORDS = (
    "CREATE MACRO day_read(x) AS TRY_CAST(x AS DATE) - DATE '1970-01-01'",
    "CREATE MACRO moment_read(x) AS epoch_us(TRY_CAST(x AS TIMESTAMPTZ))",
    "CREATE MACRO number_read(x) AS TRY_CAST(x AS DECIMAL(38, 6))",
    "CREATE MACRO fields_of(x, paths) AS json_extract(x, paths)",
    "CREATE MACRO elements_of(x) AS json_extract(x, '$[*]')",
    "CREATE MACRO text_at(x, path) AS json_extract_string(x, path)",
)


def quoted(path: Path) -> str:
    """Return a path as a text of SQL."""
    return "'" + str(path).replace("'", "''") + "'"


class Duck:
    """A DuckDB of its own; `memory`: the most that it holds, such as `4GB`."""

    dialect = "duckdb"

    def __init__(self, memory: str = "4GB") -> None:
        # What doesn't fit goes to the system's folder for such things, never into the one somebody happens to stand in.
        self._spill = tempfile.TemporaryDirectory(prefix="liuhen-audit-")
        config = {"memory_limit": memory, "preserve_insertion_order": False, "temp_directory": self._spill.name}
        self.db = duckdb.connect(config=config)
        self.db.execute("SET enable_progress_bar = false")
        for word in _WORDS:
            self.db.execute(word)
        self._planned: set[str] = set()

    def fetch(self, statement: str) -> list[tuple[Any, ...]]:
        """Return the rows of a statement."""
        rows: list[tuple[Any, ...]] = self.db.execute(statement).fetchall()
        return rows

    def stream(self, statement: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a statement, some ten thousand at a time in memory; nothing else may be asked meanwhile."""
        found = self.db.execute(statement)
        while rows := found.fetchmany(ROWS_AT_ONCE):
            yield from rows

    def named_rows(self, statement: str) -> list[dict[str, Any]]:
        """Return the rows of a statement by the names of their columns."""
        found = self.db.execute(statement)
        names = [d[0] for d in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def run(self, statement: str) -> None:
        """Run a statement."""
        self.db.execute(statement)

    def again(self, name: str, statement: str) -> None:
        """Run a statement that was planned once: planning one of these costs more than asking ten thousand files."""
        if name not in self._planned:
            self.db.execute(f"PREPARE {name} AS {statement}")
            self._planned.add(name)
        self.db.execute(f"EXECUTE {name}")

    def empty(self, name: str, types: Mapping[str, str]) -> None:
        """Make an empty table."""
        inside = ", ".join(f"{n} {self.type_of(t)}" for n, t in types.items())
        self.db.execute(f"CREATE OR REPLACE TABLE {name} ({inside})")

    def type_of(self, name: str) -> str:
        """Return the engine's name of a column's type."""
        return f"{_TYPES[name[6:-1]]}[]" if name.startswith("array<") else _TYPES[name]

    def clear(self, table: str) -> None:
        """Take all rows out of a table; it stays, and so do the plans that name it."""
        self.db.execute(f"DELETE FROM {table}")

    def settled(self, table: str) -> None:
        """Take note that a table was filled."""

    def put(self, table: str, types: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
        """Add rows to a table."""
        if rows:
            columns = zip(types.items(), zip(*rows, strict=True), strict=True)
            held = pa.table({n: pa.array(list(column), arrow_type(t)) for (n, t), column in columns})
            self.db.register("given", held)
            self.db.execute(f"INSERT INTO {table} SELECT * FROM given")
            self.db.unregister("given")

    def records(self, source: str, types: Mapping[str, str], until: int) -> None:
        """Let `rec` be the records of a source (a table, or a file of Parquet) received by then; nothing of them is copied.

        A link role or another column that the source does not have yet is empty.
        """
        held = {name for name, *_ in self.fetch(f"DESCRIBE SELECT * FROM {source}")}
        columns = ", ".join(n if n in held else f"NULL::{self.type_of(t)} AS {n}" for n, t in types.items())
        self.db.execute(f"CREATE OR REPLACE VIEW rec AS SELECT {columns} FROM {source} WHERE rcv <= {until}")

    def source_of(self, part: Path) -> str:
        """Return what names a part of an export in a statement."""
        return f"read_parquet({quoted(part)})"

    def kinds(self, parts: Sequence[Path]) -> frozenset[str]:
        """Return the kinds of which parts hold any record."""
        listed = ", ".join(quoted(p) for p in parts)
        found = self.fetch(f"SELECT DISTINCT kind FROM read_parquet([{listed}])") if parts else []
        return frozenset(k for (k,) in found)

    def beside(self, name: str, path: Path) -> None:
        """Let a name stand for the rows of a small file of Parquet."""
        self.db.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM read_parquet({quoted(path)})")

    def keep(self, table: str, path: Path) -> None:
        """Write a table for the next run."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.db.execute(f"COPY {table} TO {quoted(path)} (FORMAT parquet)")

    def kept(self, table: str, path: Path) -> None:
        """Fill a table with what an earlier run wrote."""
        self.db.execute(f"INSERT INTO {table} SELECT * FROM read_parquet({quoted(path)})")

    def copy(self, statement: str, path: Path) -> None:
        """Write the rows of a statement as Parquet or CSV, as the path ends."""
        how = "FORMAT parquet" if path.suffix == ".parquet" else "FORMAT csv, HEADER"
        self.db.execute(f"COPY ({statement}) TO {quoted(path)} ({how})")

    def close(self) -> None:
        """Let everything go."""
        self.db.close()
        self._spill.cleanup()
