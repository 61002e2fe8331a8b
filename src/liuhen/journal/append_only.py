"""Append-only (只增不改) in the database itself: the triggers that refuse UPDATE, DELETE and TRUNCATE, for both databases.

Used by migrations; a later migration that adds a table calls `protect` again. Not imported by anything that runs daily.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

# What a person or a program sees that tries it; tests look for these words.
REFUSAL = "append-only"


def protect(
    schema_editor: Any,
    table: str,
    *,
    settable_once: Iterable[str] = (),
    deletable: bool = False,
    unique: Iterable[str] = (),
) -> None:
    """Lay the triggers on `table`.

    `settable_once`: columns that may go from NULL to a value, once. `deletable`: only updates are refused (keys).
    `unique`: columns by which SQLite's INSERT OR REPLACE could delete a row without asking a DELETE trigger.
    """
    once = tuple(settable_once)
    if schema_editor.connection.vendor == "postgresql":
        _postgres(schema_editor, table, once, deletable)
    else:
        _sqlite(schema_editor, table, once, deletable, tuple(unique))


def _columns(schema_editor: Any, table: str) -> list[str]:
    with schema_editor.connection.cursor() as cursor:
        return [c.name for c in schema_editor.connection.introspection.get_table_description(cursor, table)]


def _sqlite(schema_editor: Any, table: str, once: tuple[str, ...], deletable: bool, unique: tuple[str, ...]) -> None:
    refuse = f"SELECT RAISE(ABORT, '{table} is {REFUSAL}')"
    run = schema_editor.execute
    if once:
        fixed = [c for c in _columns(schema_editor, table) if c not in once]
        changed = " OR ".join([f'NEW."{c}" IS NOT OLD."{c}"' for c in fixed] + [f'OLD."{c}" IS NOT NULL' for c in once])
        run(f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" WHEN {changed} BEGIN {refuse}; END')
    else:
        run(f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" BEGIN {refuse}; END')
    if not deletable:
        run(f'CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" BEGIN {refuse}; END')
        # INSERT OR REPLACE deletes what stands in its way, and asks no DELETE trigger unless recursive_triggers is on.
        for number, columns in enumerate(unique):
            same = " AND ".join(f'"{c}" = NEW."{c}"' for c in columns.split())
            run(
                f'CREATE TRIGGER "{table}_no_replace_{number}" BEFORE INSERT ON "{table}" '  # noqa: S608 (names of our own)
                f'WHEN EXISTS (SELECT 1 FROM "{table}" WHERE {same}) BEGIN {refuse}; END'
            )


def _postgres(schema_editor: Any, table: str, once: tuple[str, ...], deletable: bool) -> None:
    run = schema_editor.execute
    # Without parameters: the percent sign below is PL/pgSQL's own.
    run(
        "CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '% is {REFUSAL}', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$",
        None,
    )
    condition = ""
    if once:
        fixed = [c for c in _columns(schema_editor, table) if c not in once]
        changed = " OR ".join(
            [f'NEW."{c}" IS DISTINCT FROM OLD."{c}"' for c in fixed] + [f'OLD."{c}" IS NOT NULL' for c in once]
        )
        condition = f"WHEN ({changed}) "
    run(
        f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" FOR EACH ROW {condition}EXECUTE FUNCTION journal_refuse()'
    )
    if not deletable:
        run(
            f'CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" FOR EACH ROW EXECUTE FUNCTION journal_refuse()'
        )
        run(
            f'CREATE TRIGGER "{table}_no_truncate" BEFORE TRUNCATE ON "{table}" '
            "FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()"
        )
