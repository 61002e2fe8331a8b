"""The triggers that keep the journal append-only are looked for one by one: who removed or altered one leaves a finding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from liuhen.journal.append_only import PROTECTED, REFUSAL, triggers
from liuhen.journal.models import WRITTEN_ONCE, KeyRow, LeafRow
from liuhen.journal.unprotected import findings, lay_again
from liuhen.journal.verification import verify
from tests.office import Office

TABLES = sorted(PROTECTED)


@pytest.fixture(autouse=True)
def laid_again_afterwards(db: None) -> Iterator[None]:
    yield
    lay_again(connection)


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def names(table: str) -> list[str]:
    return [name for name, _ in triggers(connection, table, PROTECTED[table])]


def drop(table: str, name: str) -> None:
    run(f'DROP TRIGGER "{name}"' + (f' ON "{table}"' if connection.vendor == "postgresql" else ""))


def found() -> list[tuple[str, Any, Any]]:
    told = [f.as_json()["fields"] | {"code": f.code} for f in findings(connection)]
    return [(f["code"], f["table"], f["triggers"]) for f in told]


def test_a_database_as_the_migrations_left_it_has_no_finding(db: None) -> None:
    assert found() == []


def test_every_table_that_is_written_once_is_looked_at() -> None:
    assert {t._meta.db_table for t in (*WRITTEN_ONCE, LeafRow, KeyRow)} == set(PROTECTED)


@pytest.mark.parametrize("table", TABLES)
def test_each_missing_trigger_is_named_with_its_table(db: None, table: str) -> None:
    for name in names(table):
        drop(table, name)
        assert found() == [("G-042", table, name)]
        assert lay_again(connection) == [name]
        assert found() == []


def test_several_of_one_table_are_one_finding_that_says_what_is_no_longer_refused(db: None) -> None:
    for name in ("journal_record_no_update", "journal_record_no_delete"):
        drop("journal_record", name)
    [finding] = findings(connection)
    assert finding.sentence("zh") == "数据库不再禁止修改、删除记录表：只增不改的触发器缺失。"
    assert finding.sentence("en").startswith(
        "The database no longer refuses to have the table of records changed, deleted"
    )


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "instead",
    [
        "BEFORE UPDATE ON journal_record WHEN OLD.id IS NULL BEGIN SELECT RAISE(ABORT, 'journal_record is append-only'); END",
        "AFTER UPDATE ON journal_record BEGIN SELECT 1; END",
        "BEFORE UPDATE OF kind ON journal_record BEGIN SELECT RAISE(ABORT, 'journal_record is append-only'); END",
    ],
)
def test_a_trigger_of_the_same_name_that_does_less_is_found_on_sqlite(db: None, instead: str) -> None:
    drop("journal_record", "journal_record_no_update")
    run(f"CREATE TRIGGER journal_record_no_update {instead}")
    assert found() == [("G-043", "journal_record", "journal_record_no_update")]


ANEW = 'DROP TRIGGER "journal_record_no_update" ON journal_record; CREATE TRIGGER "journal_record_no_update" '


@pytest.mark.postgres
@pytest.mark.parametrize(
    "done",
    [
        'ALTER TABLE journal_record DISABLE TRIGGER "journal_record_no_update"',
        'ALTER TABLE journal_record ENABLE REPLICA TRIGGER "journal_record_no_update"',
        ANEW + "BEFORE UPDATE OF kind ON journal_record FOR EACH ROW EXECUTE FUNCTION journal_refuse()",
        ANEW + "BEFORE UPDATE ON journal_record FOR EACH ROW WHEN (OLD.seq < 0) EXECUTE FUNCTION journal_refuse()",
        ANEW + "AFTER UPDATE ON journal_record FOR EACH ROW EXECUTE FUNCTION journal_refuse()",
    ],
)
def test_a_trigger_that_is_off_or_does_less_is_found_on_postgresql(db: None, done: str) -> None:
    run(done)
    assert found() == [("G-043", "journal_record", "journal_record_no_update")]
    assert lay_again(connection) == ["journal_record_no_update"]
    assert found() == []


@pytest.mark.postgres
def test_a_function_that_refuses_nothing_any_more_is_found_in_every_table(db: None) -> None:
    run("CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$")
    assert [(code, table) for code, table, _ in found()] == [("G-043", table) for table in PROTECTED]
    lay_again(connection)
    assert found() == []


def test_verification_names_it_and_set_up_lays_it_again_when_asked(office: Office) -> None:
    drop("journal_leaf", "journal_leaf_no_update")
    assert [f.code for f in verify(office.bureau)[1]] == ["G-042"]
    call_command("set_up", bureau=office.bureau, verbosity=0)
    assert [f.code for f in verify(office.bureau)[1]] == ["G-042"]
    call_command("set_up", protect=True, verbosity=0)
    assert verify(office.bureau)[1] == ()
    with pytest.raises(DatabaseError, match=REFUSAL), transaction.atomic():
        run("UPDATE journal_leaf SET entry = 'x'")
