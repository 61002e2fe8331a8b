"""The index that gives a case number once (案号唯一索引): laid where a database was made before there was one."""

from __future__ import annotations

from typing import Any

from liuhen.ground.errors import Refused

TABLE, INDEX = "journal_case", "case_number_once"
MOST_NAMED = 20


class NumbersTwice(Refused):
    """Two cases of a bureau bear one number, so that it can't be held to one (案号重复). G-045."""


def hold_numbers(connection: Any) -> bool:
    """Lay the index that holds a case number to one case of a bureau, unless it is there; whether it had to be laid.

    Refused: G-045 a number that two cases bear, with the numbers; nothing was changed then. Reads no record, changes no row.
    """
    with connection.cursor() as cursor:
        if INDEX in connection.introspection.get_constraints(cursor, TABLE):
            return False
        cursor.execute(
            f"SELECT bureau, number FROM {TABLE} WHERE subject = 'case' AND number <> '' "  # noqa: S608 (names of our own)
            f"GROUP BY bureau, number HAVING COUNT(*) > 1 ORDER BY bureau, number LIMIT {MOST_NAMED}"
        )
        twice = [number for _, number in cursor.fetchall()]
        if twice:
            raise NumbersTwice("G-045", numbers=", ".join(twice))
        cursor.execute(
            f'CREATE UNIQUE INDEX "{INDEX}" ON "{TABLE}" ("bureau", "number") '
            "WHERE (\"subject\" = 'case' AND NOT (\"number\" = ''))"
        )
    return True
