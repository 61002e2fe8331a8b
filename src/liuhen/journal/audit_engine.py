"""PostgreSQL in place (就地计算): the same statements where the records already lie, in a schema of their own."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from liuhen.engines.rulebook.bulk.export import arrow_type

_TYPES = {
    "int8": "smallint",
    "int16": "smallint",
    "int32": "integer",
    "int64": "bigint",
    "string": "text",
    "boolean": "boolean",
}
_ROWS = 20_000
# Statements are made of table names and numbers of our own (S608 below); what people wrote comes in by COPY.
# What statements call by one name on every engine (`values`, `clocks`).
_WORDS = (
    """CREATE FUNCTION day_read(x text) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
    RETURN x::date - DATE '1970-01-01'; EXCEPTION WHEN OTHERS THEN RETURN NULL; END $$""",
    """CREATE FUNCTION moment_read(x text) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
    RETURN (extract(epoch FROM x::timestamptz) * 1000000)::bigint; EXCEPTION WHEN OTHERS THEN RETURN NULL; END $$""",
    """CREATE FUNCTION number_read(x text) RETURNS numeric LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
    RETURN x::numeric(38, 6); EXCEPTION WHEN OTHERS THEN RETURN NULL; END $$""",
    "CREATE FUNCTION one_of(a anyelement, b anyelement) RETURNS anyelement LANGUAGE sql IMMUTABLE STRICT AS 'SELECT a'",
    "CREATE AGGREGATE first(anyelement) (SFUNC = one_of, STYPE = anyelement)",
    """CREATE FUNCTION fields_of(x text, paths text[]) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT array_agg((x::json -> substr(p, 3))::text ORDER BY n) FROM unnest(paths) WITH ORDINALITY AS of(p, n) $$""",
    """CREATE FUNCTION elements_of(x text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT array_agg(e::text) FROM json_array_elements(x::json) AS of(e) $$""",
    """CREATE FUNCTION text_at(x text, path text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN path = '$' THEN x::json #>> '{}' ELSE x::json ->> substr(path, 3) END $$""",
)


class Postgres:
    """A connection to PostgreSQL with a schema that lives as long as it; `address`: as psycopg takes it.

    A part of an export is loaded into a table there; a table of the same columns may be asked where it lies.
    """

    dialect = "postgres"

    def __init__(self, address: str) -> None:
        self.db = psycopg.connect(address, autocommit=True)
        self.schema = f"liuhen_audit_{secrets.token_hex(6)}"
        self.run(f"CREATE SCHEMA {self.schema}")
        self.run(f"SET search_path TO {self.schema}, public")
        self.run("SET TIME ZONE 'UTC'")
        # Compiling a statement to machine code takes longer than most of these run.
        self.run("SET jit = off")
        for word in _WORDS:
            self.run(word)

    def fetch(self, statement: str) -> list[tuple[Any, ...]]:
        """Return the rows of a statement."""
        return self.db.execute(statement).fetchall()

    def stream(self, statement: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a statement, some ten thousand at a time in memory."""
        with self.db.transaction(), self.db.cursor("streamed") as cursor:
            cursor.itersize = _ROWS
            yield from cursor.execute(statement)

    def named_rows(self, statement: str) -> list[dict[str, Any]]:
        """Return the rows of a statement by the names of their columns."""
        found = self.db.execute(statement)
        names = [d.name for d in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def run(self, statement: str) -> None:
        """Run a statement."""
        self.db.execute(statement)

    def again(self, name: str, statement: str) -> None:
        """Run a statement; the server plans it by what the tables hold."""
        # An empty list has no type of its own here.
        self.run(statement.replace("ARRAY[]", "ARRAY[]::bigint[]"))

    def empty(self, name: str, types: Mapping[str, str]) -> None:
        """Make an empty table."""
        inside = ", ".join(f"{n} {self.type_of(t)}" for n, t in types.items())
        self.run(f"DROP TABLE IF EXISTS {name} CASCADE")
        self.run(f"CREATE UNLOGGED TABLE {self.schema}.{name} ({inside})")

    def type_of(self, name: str) -> str:
        """Return the engine's name of a column's type."""
        return f"{_TYPES[name[6:-1]]}[]" if name.startswith("array<") else _TYPES[name]

    def clear(self, table: str) -> None:
        """Take all rows out of a table."""
        self.run(f"TRUNCATE {table}")

    def settled(self, table: str) -> None:
        """Take note that a table was filled: how many rows it has decides how it is joined."""
        self.run(f"ANALYZE {table}")

    def put(self, table: str, types: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
        """Add rows to a table."""
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(types)
        given = {n: pa.array(list(c), arrow_type(t)) for (n, t), c in zip(types.items(), columns, strict=True)}
        self._load(table, pa.table(given))

    def _load(self, table: str, rows: pa.Table) -> None:
        """Add rows by COPY; a list is written as PostgreSQL writes one."""
        for n, field in enumerate(rows.schema):
            if pa.types.is_list(field.type):
                written = [None if x is None else _listed(x) for x in rows.column(n).to_pylist()]
                rows = rows.set_column(n, field.name, pa.array(written, pa.string()))
        text = pa.BufferOutputStream()
        pc.write_csv(rows, text, pc.WriteOptions(include_header=False))
        names = ", ".join(rows.column_names)
        statement = f"COPY {table} ({names}) FROM STDIN (FORMAT csv)"
        with self.db.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(text.getvalue().to_pybytes())

    def records(self, source: str, types: Mapping[str, str], until: int) -> None:
        """Let `rec` be the records of a table received by then; a column that it does not have yet is empty."""
        found = self.db.execute(f"SELECT * FROM {source} LIMIT 0")  # noqa: S608
        held = {d.name for d in found.description or ()}
        columns = ", ".join(n if n in held else f"NULL::{self.type_of(t)} AS {n}" for n, t in types.items())
        self.run("DROP VIEW IF EXISTS rec")
        self.run(f"CREATE VIEW rec AS SELECT {columns} FROM {source} WHERE rcv <= {until}")  # noqa: S608

    def source_of(self, part: Path) -> str:
        """Load a part of an export and return the table that holds it."""
        file = pq.ParquetFile(part)
        types = {f.name: _name(f.type) for f in file.schema_arrow}
        self.run("DROP VIEW IF EXISTS rec")
        self.empty("loaded", types)
        for batch in file.iter_batches(_ROWS):
            self._load("loaded", pa.Table.from_batches([batch]))
        self.run("CREATE INDEX ON loaded (kind)")
        self.settled("loaded")
        return "loaded"

    def kinds(self, parts: Sequence[Path]) -> frozenset[str]:
        """Return the kinds of which parts hold any record."""
        found: set[str] = set()
        for part in parts:
            found.update(pq.read_table(part, columns=["kind"]).column("kind").unique().to_pylist())
        return frozenset(found)

    def beside(self, name: str, path: Path) -> None:
        """Let a name stand for the rows of a small file of Parquet."""
        held = pq.read_table(path)
        types = {f.name: _name(f.type) for f in held.schema}
        self.empty(name, types)
        self._load(name, held)

    def keep(self, table: str, path: Path) -> None:
        """Write a table for the next run."""
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(self.named_rows(f"SELECT * FROM {table}")), path)  # noqa: S608

    def kept(self, table: str, path: Path) -> None:
        """Fill a table with what an earlier run wrote."""
        self._load(table, pq.read_table(path))

    def copy(self, statement: str, path: Path) -> None:
        """Write the rows of a statement as Parquet or CSV, as the path ends."""
        rows = self.named_rows(statement)
        held = pa.Table.from_pylist(rows) if rows else pa.table({})
        if path.suffix == ".parquet":
            pq.write_table(held, path)
        else:
            pc.write_csv(held, path)

    def close(self) -> None:
        """Let everything go."""
        self.run(f"DROP SCHEMA {self.schema} CASCADE")
        self.db.close()


def _listed(values: Sequence[Any]) -> str:
    """Return a list as PostgreSQL writes one: every element quoted."""
    return "{" + ",".join('"' + str(v).replace("\\", "\\\\").replace('"', '\\"') + '"' for v in values) + "}"


def _name(of: pa.DataType) -> str:
    if pa.types.is_list(of):
        return f"array<{_name(of.value_type)}>"
    return {"bool": "boolean"}.get(str(of), str(of))
