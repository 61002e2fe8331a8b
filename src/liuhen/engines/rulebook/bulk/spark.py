"""Apache Spark as the engine (分布式引擎): the same statements here or on a cluster, over Parquet that every node reads.

Spark changes no rows. A table is here the relations put into it so far; a statement that adds or removes rows makes another one,
and what is asked often is kept by the executors. Of the export only what a rule reads leaves their memory: counts, lists, and
the files that are asked one by one.
"""

from __future__ import annotations

import logging
import os
import re
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import reduce
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from liuhen.engines.rulebook.bulk.export import arrow_type
from liuhen.engines.rulebook.bulk.java import home_for_spark

_TYPES = {
    "int8": "TINYINT",
    "int16": "SMALLINT",
    "int32": "INT",
    "int64": "BIGINT",
    "string": "STRING",
    "boolean": "BOOLEAN",
}
# What statements call by one name on every engine (`values`, `clocks`). Read within a list, a JSON string keeps its quotes;
# Spark reads no moment without seconds.
_WORDS = (
    "day_read(x STRING) RETURNS INT RETURN unix_date(try_cast(x AS DATE))",
    """moment_read(x STRING) RETURNS BIGINT
    RETURN unix_micros(try_cast(regexp_replace(x, '^(.{16})(Z|[+-])', '$1:00$2') AS TIMESTAMP))""",
    "number_read(x STRING) RETURNS DECIMAL(38, 6) RETURN try_cast(x AS DECIMAL(38, 6))",
    """fields_of(x STRING, paths ARRAY<STRING>) RETURNS ARRAY<STRING>
    RETURN transform(paths, p -> get_json_object(concat('[', x, ']'), concat('$[*]', substr(p, 2))))""",
    """elements_of(x STRING) RETURNS ARRAY<STRING> RETURN CASE WHEN json_array_length(x) > 0 THEN
    transform(sequence(0, json_array_length(x) - 1),
    i -> coalesce(get_json_object(concat('[', x, ']'), concat('$[*][', i, ']')), 'null')) ELSE ARRAY() END""",
    "text_at(x STRING, path STRING) RETURNS STRING RETURN get_json_object(x, path)",
)
_LOCAL = re.compile(r"local(\[|$)")
_AT_ONCE = 2  # statements that Spark plans beside each other
_PIECES = 16  # so many of a table are asked beside each other; more are laid together first
_FEW = 5_000  # rows that a plan may carry with it
_INSERT = re.compile(r"INSERT INTO (\w+) (.+)", re.DOTALL)
_DELETE = re.compile(r"DELETE FROM (\w+) WHERE (.+)", re.DOTALL)
_VIEW = re.compile(r"CREATE VIEW (\w+) AS (.+)", re.DOTALL)


class NoSpark(Exception):
    """Spark did not start (无法启动); the text says why, in Spark's words."""


FAULTS: tuple[type[Exception], ...] = (NoSpark, PySparkException, Py4JError)
"""What asking Spark may raise: it did not start, a node did not answer or read, the program that runs it is gone."""


def reason_of(fault: Exception) -> str:
    """Return in one line why Spark failed: the last cause that it names."""
    lines = [line.strip() for line in str(fault).splitlines() if line.strip()]
    causes = [line for line in lines if line.startswith("Caused by:")] or [
        line for line in lines if "Exception: " in line
    ]
    return (causes[-1:] or lines[:1] or [""])[0].rpartition("Exception: ")[2][:200].rstrip(".")


class Spark:
    """A Spark session of its own; `java`: the home of the Java to run it with, None: as the environment says.

    Args:
        master: where it runs: `local[2]` two processors of this machine, or a cluster's address. The nodes of a cluster read the
            export by the same path, and what they are allowed is theirs to say (`spark-defaults.conf`). memory: the most that
            the program on this machine takes, such as `4GB`. settings: more of Spark's own.
    """

    dialect = "pyspark"

    def __init__(
        self,
        master: str = "local[2]",
        memory: str = "4GB",
        java: Path | None = None,
        settings: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._types: dict[str, dict[str, str]] = {}
        self._pieces: dict[str, list[DataFrame]] = {}
        self._waiting: dict[str, list[DataFrame]] = {}
        self._later: dict[str, str] = {}
        self._latest: tuple[str, str] | None = None
        self._often: set[str] = set()
        self._views: dict[str, set[str]] = {}
        # It tells of every connection that it closes, the last ones when the program has closed its streams already.
        logging.getLogger("py4j").setLevel(logging.WARNING)
        # No table of pandas is made here.
        warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas", category=FutureWarning)
        self._scratch = tempfile.TemporaryDirectory(prefix="liuhen-audit-")
        scratch = Path(self._scratch.name)
        if java is not None:
            os.environ["JAVA_HOME"] = str(home_for_spark(java, scratch))
        said = scratch / "said"
        try:
            with _said_into(said):
                self.spark = self._session(master, memory, settings)
        except (PySparkException, Py4JError, OSError) as fault:
            told = reason_of(fault) or next(iter(said.read_text(errors="replace").splitlines()), "")
            self._scratch.cleanup()
            raise NoSpark(told) from None
        for word in _WORDS:
            self.spark.sql(f"CREATE OR REPLACE TEMPORARY FUNCTION {word}")

    def _session(self, master: str, memory: str, more: Mapping[str, str]) -> SparkSession:
        settings = {
            "spark.driver.memory": memory.lower().removesuffix("b"),
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.log.level": "ERROR",
            "spark.sql.session.timeZone": "UTC",
            # As the other engines: what cannot be read is null, and a number that does not fit never comes up.
            "spark.sql.ansi.enabled": "false",
            "spark.sql.warehouse.dir": str(Path(self._scratch.name) / "warehouse"),
            "spark.sql.catalogImplementation": "in-memory",
        }
        if _LOCAL.match(master):
            cores = max(2, os.cpu_count() or 2)
            settings |= {
                "spark.driver.host": "127.0.0.1",
                "spark.driver.bindAddress": "127.0.0.1",
                "spark.local.dir": self._scratch.name,
                "spark.sql.shuffle.partitions": str(cores),
                "spark.default.parallelism": str(cores),
            }
        builder = SparkSession.builder.master(master).appName("liuhen audit")
        for name, value in {**settings, **more}.items():
            builder = builder.config(name, value)
        return builder.getOrCreate()

    # -- asking ------------------------------------------------------------------------------------------------------
    def _ask(self, statement: str) -> DataFrame:
        """Return the rows of a statement, not reckoned yet; what it names and still waits is reckoned first."""
        self._take_up()
        named = set(re.findall(r"\w+", statement))
        named |= {table for view in named & self._views.keys() for table in self._views[view]}
        for table in sorted(named & (self._often | self._waiting.keys())):
            if table in self._often:
                self._hold(table)
            else:
                self._settle(table)
        return self.spark.sql(statement.replace("unnest(", "explode("))

    def fetch(self, statement: str) -> list[tuple[Any, ...]]:
        """Return the rows of a statement."""
        return list(self.stream(statement))

    def stream(self, statement: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a statement; all of them are held in the memory of this machine."""
        for batch in self._ask(statement).toArrow().to_batches():
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)

    def named_rows(self, statement: str) -> list[dict[str, Any]]:
        """Return the rows of a statement by the names of their columns."""
        rows: list[dict[str, Any]] = self._ask(statement).toArrow().to_pylist()
        return rows

    # -- tables ------------------------------------------------------------------------------------------------------
    def run(self, statement: str) -> None:
        """Run a statement that adds rows to a table, takes rows out of one, or names a view."""
        self._take_up()
        if found := _INSERT.fullmatch(statement):
            self._add(found[1], self._ask(found[2]))
            self._settle(found[1])
        elif found := _DELETE.fullmatch(statement):
            left = self._ask(f"SELECT * FROM {found[1]} WHERE NOT coalesce({found[2]}, FALSE)")
            if self._pieces[found[1]]:
                self._show(found[1], [left.localCheckpoint()])
        elif found := _VIEW.fullmatch(statement):
            self.spark.sql(f"CREATE OR REPLACE TEMPORARY VIEW {found[1]} AS {found[2]}")
            self._views[found[1]] = set(re.findall(r"\w+", found[2])) & self._types.keys()
        else:
            raise ValueError(f"no statement for Spark: {statement[:60]}")

    def again(self, name: str, statement: str) -> None:
        """Add rows to a table; they are reckoned when they are asked for, some statements beside each other."""
        self._take_up()
        found = _INSERT.fullmatch(statement)
        if found is None:
            raise ValueError(f"no statement for Spark: {statement[:60]}")
        self._latest = found[1], found[2]

    def _take_up(self) -> None:
        """Let the latest statement's rows wait for their table; they are those of the tables as they are now."""
        if self._latest is not None:
            (table, statement), self._latest = self._latest, None
            self._add(table, self._ask(statement))

    def _add(self, table: str, rows: DataFrame) -> None:
        """Let rows wait for a table, whose columns they have in its order."""
        types = self._types[table]
        columns = [f"CAST({n} AS {self.type_of(t)}) AS {n}" for n, t in types.items()]
        self._waiting.setdefault(table, []).append(rows.toDF(*types).selectExpr(*columns))

    def _settle(self, table: str) -> None:
        """Reckon what waits for a table."""
        if waiting := self._waiting.pop(table, []):
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                pieces = [*self._pieces[table], *pool.map(lambda rows: rows.localCheckpoint(), waiting)]
            if len(pieces) > _PIECES:
                one = _laid_together(pieces).coalesce(self.spark.sparkContext.defaultParallelism)
                pieces = [one.localCheckpoint()]
            self._show(table, pieces)

    def _show(self, table: str, pieces: list[DataFrame]) -> None:
        """Let a table be the rows of these pieces."""
        self._pieces[table] = pieces
        nothing = ", ".join(f"CAST(NULL AS {self.type_of(t)}) AS {n}" for n, t in self._types[table].items())
        rows = _laid_together(pieces) if pieces else self.spark.sql(f"SELECT {nothing} WHERE FALSE")
        rows.createOrReplaceTempView(table)

    def empty(self, name: str, types: Mapping[str, str]) -> None:
        """Make an empty table."""
        self._types[name] = dict(types)
        self.clear(name)

    def type_of(self, name: str) -> str:
        """Return the engine's name of a column's type."""
        return f"ARRAY<{_TYPES[name[6:-1]]}>" if name.startswith("array<") else _TYPES[name]

    def clear(self, table: str) -> None:
        """Take all rows out of a table."""
        self._take_up()
        for waiting in (self._waiting, self._later):
            waiting.pop(table, None)
        self._often.discard(table)
        self._show(table, [])

    def settled(self, table: str) -> None:
        """Take note that a table was filled, and is asked often: once asked at all, it is reckoned and stays with the executors.

        What fills it reads tables that change with the part alone.
        """
        if self._latest is not None and self._latest[0] == table:
            (_, self._later[table]), self._latest = self._latest, None
        self._often.add(table)

    def _hold(self, table: str) -> None:
        """Reckon a table and cut its rows off from its statement, which every plan that names the table would read again.

        A few rows go into the plans that name them, and none leave nothing to join there.
        """
        self._often.discard(table)
        if (statement := self._later.pop(table, None)) is not None:
            self._add(table, self._ask(statement))
        if pieces := [*self._pieces[table], *self._waiting.pop(table, [])]:
            rows = _laid_together(pieces)
            few = rows.limit(_FEW + 1).toArrow()
            if few.num_rows > _FEW:
                self._show(table, [rows.localCheckpoint()])
            else:
                self._show(table, [self.spark.createDataFrame(few)] if few.num_rows else [])

    def put(self, table: str, types: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
        """Add rows to a table."""
        if rows:
            columns = zip(types.items(), zip(*rows, strict=True), strict=True)
            self._load(table, pa.table({n: pa.array(list(column), arrow_type(t)) for (n, t), column in columns}))

    def _load(self, table: str, rows: pa.Table) -> None:
        self._take_up()
        self._show(table, [*self._pieces[table], self.spark.createDataFrame(rows)])

    # -- Parquet -----------------------------------------------------------------------------------------------------
    def records(self, source: str, types: Mapping[str, str], until: int) -> None:
        """Let `rec` be the records of a source received by then; a column that it does not have yet is empty."""
        self._take_up()
        if source in self._types:
            self._hold(source)
        rows = self.spark.table(source)
        held = [n if n in rows.columns else f"CAST(NULL AS {self.type_of(t)}) AS {n}" for n, t in types.items()]
        rows.selectExpr(*held).where(f"rcv <= {until}").createOrReplaceTempView("rec")

    def source_of(self, part: Path) -> str:
        """Return the name under which a part of an export is asked."""
        self.beside("part", part)
        return "part"

    def kinds(self, parts: Sequence[Path]) -> frozenset[str]:
        """Return the kinds of which parts hold any record."""
        if not parts:
            return frozenset()
        found = self.spark.read.parquet(*map(_address, parts)).select("kind").distinct().toArrow()
        return frozenset(found.column("kind").to_pylist())

    def beside(self, name: str, path: Path) -> None:
        """Let a name stand for the rows of a file of Parquet."""
        self.spark.read.parquet(_address(path)).createOrReplaceTempView(name)

    def keep(self, table: str, path: Path) -> None:
        """Write a table for the next run."""
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(self._ask(f"SELECT * FROM {table}").toArrow(), path)

    def kept(self, table: str, path: Path) -> None:
        """Fill a table with what an earlier run wrote."""
        self._load(table, pq.read_table(path))

    def copy(self, statement: str, path: Path) -> None:
        """Write the rows of a statement as Parquet or CSV, as the path ends; they pass through the memory of this machine."""
        rows = self._ask(statement).toArrow()
        if path.suffix == ".parquet":
            pq.write_table(rows, path)
        else:
            pc.write_csv(rows, path)

    def close(self) -> None:
        """Let everything go."""
        self.spark.stop()
        self._scratch.cleanup()


def _laid_together(pieces: Sequence[DataFrame]) -> DataFrame:
    """Return the rows of all pieces."""
    return reduce(lambda one, other: one.unionAll(other), pieces)


def _address(path: Path) -> str:
    """Return a path as Spark reads it: of this file system, and with nothing in it that stands for other names."""
    return "file://" + re.sub(r"([*?\[\]{}\\])", r"\\\1", str(path.absolute()))


@contextmanager
def _said_into(path: Path) -> Iterator[None]:
    """Let what Java says while it starts go into a file: it speaks to nobody who asks for an audit."""
    with path.open("wb") as file:
        before = os.dup(2)
        os.dup2(file.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(before, 2)
            os.close(before)
