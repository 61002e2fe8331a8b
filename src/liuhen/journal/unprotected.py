"""Whether the append-only triggers are still there (触发器核验): held against those that the migrations laid, one by one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from django.db import transaction

from liuhen.ground.findings import Finding
from liuhen.ground.words import Said, Words
from liuhen.journal.append_only import BODY, FUNCTION, PROTECTED, lay, triggers

_FOLDED = re.compile(r'[\s"()]|::\w+|(?<=\bon )\w+\.|(?<=\bfunction )\w+\.')


class Unprotected(NamedTuple):
    """What is wrong with the triggers of one table (失效触发器): names of those that are gone, and of those altered or off."""

    table: str
    missing: tuple[str, ...]
    altered: tuple[str, ...]


def unprotected(connection: Any) -> Iterator[Unprotected]:
    """Yield the tables whose triggers are not as they were laid."""
    held = _on_postgres(connection) if connection.vendor == "postgresql" else _on_sqlite(connection)
    for table, protection in PROTECTED.items():
        wanted = dict(triggers(connection, table, protection))
        missing = tuple(name for name in wanted if (table, name) not in held)
        altered = tuple(
            name
            for name, statement in wanted.items()
            if held.get((table, name), _folded(statement)) != _folded(statement)
        )
        if missing or altered:
            yield Unprotected(table, missing, altered)


def findings(connection: Any) -> Iterator[Finding]:
    """Yield G-042 for each table that lacks triggers, G-043 for each whose triggers were altered or switched off."""
    for table, missing, altered in unprotected(connection):
        for code, names in (("G-042", missing), ("G-043", altered)):
            if names:
                said = _words()["tables"][table]
                fields = {"table": Said(said.zh, said.en, table), "refused": _refused(table, names)}
                yield Finding(code, {**fields, "triggers": " ".join(names)})


def lay_again(connection: Any) -> list[str]:
    """Lay again what is missing or altered, in one transaction; return the names of the triggers."""
    laid: list[str] = []
    with transaction.atomic(using=connection.alias):
        for table, missing, altered in list(unprotected(connection)):
            _drop_all(connection, table)
            lay(connection, table, PROTECTED[table])
            laid += [*missing, *altered]
    return laid


def _drop_all(connection: Any, table: str) -> None:
    on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name, _ in list(triggers(connection, table, PROTECTED[table])):
            cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')


def _on_sqlite(connection: Any) -> dict[tuple[str, str], str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'")
        return {(table, name): _folded(sql) for table, name, sql in cursor.fetchall()}


def _on_postgres(connection: Any) -> dict[tuple[str, str], str]:
    """Return each trigger's definition; a word of ours in its place where it is off or calls another function."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid), t.tgenabled, p.proname, p.prosrc FROM pg_trigger t "
            "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid) AND c.relname = ANY(%s)",
            [list(PROTECTED)],
        )
        rows = cursor.fetchall()
    return {
        (table, name): _folded(made) if _is_on(enabled) and (function, body) == (FUNCTION, BODY) else "off"
        for table, name, made, enabled, function, body in rows
    }


def _is_on(enabled: Any) -> bool:
    # `O` origin, `A` always; `D` is disabled, `R` fires on a replica only.
    return (enabled.decode() if isinstance(enabled, bytes) else enabled) in ("O", "A")


def _folded(statement: str) -> str:
    """Return a statement without what PostgreSQL adds or leaves out when it writes it again: brackets, quotes, casts, schema."""
    return _FOLDED.sub("", statement.lower())


def _refused(table: str, names: Sequence[str]) -> Words:
    listed = [
        words for end, words in _words()["refused"].items() if any(name.startswith(f"{table}_{end}") for name in names)
    ]
    return Words("、".join(w.zh for w in listed), ", ".join(w.en for w in listed))


@cache
def _words() -> Mapping[str, Mapping[str, Words]]:
    text = resources.files(__package__).joinpath("append_only.toml").read_text(encoding="utf-8")
    return {
        part: {name: Words(**said) for name, said in entries.items()} for part, entries in tomllib.loads(text).items()
    }
