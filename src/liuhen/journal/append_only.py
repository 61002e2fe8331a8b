"""Append-only (只增不改) in the database itself: the triggers that refuse UPDATE, DELETE and TRUNCATE, for both databases.

Laid by migrations; a later migration that adds a table calls `protect` again and adds the table to `PROTECTED`, by which a
verification sees whether they are still there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# What a person or a program sees that tries it; tests look for these words.
REFUSAL = "append-only"
FUNCTION = "journal_refuse"


@dataclass(frozen=True, slots=True)
class Protection:
    """How one table is kept (表保护方式).

    Attributes:
        settable_once: columns that may go from NULL to a value, once. deletable: only updates are refused (keys).
        unique: columns by which SQLite's INSERT OR REPLACE could delete a row without asking a DELETE trigger.
    """

    settable_once: tuple[str, ...] = ()
    deletable: bool = False
    unique: tuple[str, ...] = ()


PROTECTED: Mapping[str, Protection] = {
    "journal_record": Protection(unique=("id", "seq")),
    "journal_also_in": Protection(unique=("home seq", "id")),
    "journal_file": Protection(unique=("record position", "id")),
    "journal_data": Protection(unique=("sort digest", "id")),
    "journal_checkpoint": Protection(unique=("bureau size", "id")),
    "journal_look": Protection(unique=("seq",)),
    "journal_looks": Protection(unique=("bureau last", "id")),
    "journal_leaf": Protection(settable_once=("place", "sealed"), unique=("seq", "sort ref", "bureau place")),
    "journal_key": Protection(deletable=True),
}
"""Every table that is kept today, as all migrations together have left it."""


def protect(
    schema_editor: Any,
    table: str,
    *,
    settable_once: Iterable[str] = (),
    deletable: bool = False,
    unique: Iterable[str] = (),
) -> None:
    """Lay the triggers on `table` from a migration; see `Protection`."""
    lay(schema_editor.connection, table, Protection(tuple(settable_once), deletable, tuple(unique)))


def lay(connection: Any, table: str, protection: Protection) -> None:
    """Lay the triggers on `table`, which has none of them."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $${BODY}$$")
        for _, statement in list(triggers(connection, table, protection)):
            cursor.execute(statement)


BODY = f" BEGIN RAISE EXCEPTION '% is {REFUSAL}', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END "


def triggers(connection: Any, table: str, protection: Protection) -> Iterator[tuple[str, str]]:
    """Yield name and statement of each trigger that keeps `table`, by the columns that it has now."""
    if connection.vendor == "postgresql":
        return _postgres(connection, table, protection)
    return _sqlite(connection, table, protection)


def _changed(connection: Any, table: str, once: tuple[str, ...], differs: str) -> str:
    """Return the condition under which a row was changed otherwise than by setting once what may be set once."""
    with connection.cursor() as cursor:
        columns = [c.name for c in connection.introspection.get_table_description(cursor, table)]
    fixed = [f'NEW."{c}" {differs} OLD."{c}"' for c in columns if c not in once]
    return " OR ".join(fixed + [f'OLD."{c}" IS NOT NULL' for c in once])


def _sqlite(connection: Any, table: str, protection: Protection) -> Iterator[tuple[str, str]]:
    refuse = f"SELECT RAISE(ABORT, '{table} is {REFUSAL}')"
    once = protection.settable_once
    when = f"WHEN {_changed(connection, table, once, 'IS NOT')} " if once else ""

    def made(what: str, event: str, condition: str = "") -> tuple[str, str]:
        name = f"{table}_{what}"
        return name, f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" {condition}BEGIN {refuse}; END'

    yield made("no_update", "UPDATE", when)
    if protection.deletable:
        return
    yield made("no_delete", "DELETE")
    # INSERT OR REPLACE deletes what stands in its way, and asks no DELETE trigger unless recursive_triggers is on.
    for number, columns in enumerate(protection.unique):
        same = " AND ".join(f'"{c}" = NEW."{c}"' for c in columns.split())
        there = f'WHEN EXISTS (SELECT 1 FROM "{table}" WHERE {same}) '  # noqa: S608 (names of our own)
        yield made(f"no_replace_{number}", "INSERT", there)


def _postgres(connection: Any, table: str, protection: Protection) -> Iterator[tuple[str, str]]:
    once = protection.settable_once
    when = f"WHEN ({_changed(connection, table, once, 'IS DISTINCT FROM')}) " if once else ""

    def made(what: str, event: str, each: str) -> tuple[str, str]:
        name = f"{table}_{what}"
        return (
            name,
            f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH {each} EXECUTE FUNCTION {FUNCTION}()',
        )

    yield made("no_update", "UPDATE", f"ROW {when}".rstrip())
    if protection.deletable:
        return
    yield made("no_delete", "DELETE", "ROW")
    yield made("no_truncate", "TRUNCATE", "STATEMENT")
