"""The engine that `liuhen audit` reckons with (计算引擎): DuckDB here, a schema of its own in a PostgreSQL, or Spark."""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from liuhen.faces.cli.parser import WrongUsage
from liuhen.faces.cli.speech import filled, words
from liuhen.faces.cli.terminal import Terminal
from liuhen.ground.words import Words

ENGINES = ("duckdb", "postgres", "spark")
_LIBRARIES = {"postgres": ("psycopg",), "spark": ("pyspark",)}
_MASTER = re.compile(r"local(\[([1-9]\d*|\*)\])?|yarn|spark://[^\s/]+|k8s://\S+")


def refuse_without_libraries(engine: str | None) -> None:
    """Refuse (U-009) what asks for libraries that are not installed."""
    for name in ("duckdb", "ibis", "pyarrow", *_LIBRARIES.get(engine or "", ())):
        if importlib.util.find_spec(name) is None:
            raise WrongUsage("U-009", command="audit", library=name)


def engine_of(arguments: argparse.Namespace, terminal: Terminal) -> Any:
    """Return the engine that the arguments name; refused are an address that is none, and one where nobody answers."""
    if arguments.engine == "postgres":
        return _postgres(arguments, terminal)
    if arguments.engine == "spark":
        return _spark(arguments, terminal)
    from liuhen.engines.rulebook.bulk.duck import Duck

    return Duck(arguments.memory)


@contextmanager
def faults_told(arguments: argparse.Namespace) -> Iterator[None]:
    """Say by code what a cluster cannot do while it is asked: a node that reads no file, or goes."""
    if arguments.engine != "spark":
        yield
        return
    from liuhen.engines.rulebook.bulk.spark import FAULTS, reason_of

    try:
        yield
    except FAULTS as fault:
        raise _no_spark(reason_of(fault)) from None


def _postgres(arguments: argparse.Namespace, terminal: Terminal) -> Any:
    import psycopg

    from liuhen.journal.audit_engine import Postgres

    address = arguments.database or os.environ.get("LIUHEN_DATABASE_URL", "")
    if not address.startswith("postgres"):
        raise WrongUsage("U-014", reason=terminal.of(words("audit")["no_address"]))
    try:
        return Postgres(address)
    except psycopg.Error as reason:
        raise WrongUsage("U-014", reason=str(reason).splitlines()[0]) from None


def _spark(arguments: argparse.Namespace, terminal: Terminal) -> Any:
    from liuhen.engines.rulebook.bulk.java import LEAST, find_java

    if not _MASTER.fullmatch(arguments.master):
        raise _no_spark(filled(words("audit")["no_master"], master=arguments.master))
    java = find_java()
    if java is None:
        raise _no_spark(filled(words("audit")["no_java"], least=LEAST))
    from liuhen.engines.rulebook.bulk.spark import NoSpark, Spark

    try:
        return Spark(arguments.master, arguments.memory, java)
    except NoSpark as reason:
        raise _no_spark(str(reason)) from None


def _no_spark(reason: Words | str) -> WrongUsage:
    return WrongUsage("U-016", reason=reason)
