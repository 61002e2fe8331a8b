"""What is written once stays: each database refuses UPDATE, DELETE, REPLACE and TRUNCATE by itself, whoever asks."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from liuhen.journal import looks, sealing, vaulted
from liuhen.journal.append_only import REFUSAL
from liuhen.journal.models import WRITTEN_ONCE, AlsoInRow, CheckpointRow, KeyRow, LeafRow
from tests.office import Office

TABLES = sorted(t._meta.db_table for t in WRITTEN_ONCE)
ONE_COLUMN = {
    "journal_record": ("kind", "'x'"),
    "journal_also_in": ("home", "'x'"),
    "journal_file": ("sha256", "'x'"),
    "journal_data": ("name", "'x'"),
    "journal_checkpoint": ("note", "'x'"),
    "journal_look": ("person", "'x'"),
    "journal_looks": ("digest", "'x'"),
    "journal_leaf": ("entry", "'x'"),
}


@pytest.fixture
def filled(office: Office) -> Office:
    """A bureau with at least one row in every table that is written once."""
    root = office.open_case()
    stored = vaulted.take_in(office.bureau, io.BytesIO(b"%PDF-x"))
    office.act(root, "meeting_minutes", "2023-03-06 08:00", files=[{"sha256": stored.sha256, "bytes": 6, "name": "x"}])
    AlsoInRow.objects.create(bureau=office.bureau, home=root, seq=1)
    looks.looked(office.who("zhang"), "look case", home=root, now=office.now)
    looks.batch(office.bureau, office.instant)
    sealing.seal(office.bureau, office.instant)
    assert CheckpointRow.objects.filter(bureau=office.bureau).exists()
    return office


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def contents(table: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        return sorted(cursor.fetchall(), key=repr)


def refused(sql: str, table: str) -> None:
    before = contents(table)
    assert before, f"{table} is empty, so nothing would be tried"
    with pytest.raises(DatabaseError, match=REFUSAL):
        run(sql)
    assert contents(table) == before


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_changed(filled: Office, table: str) -> None:
    column, value = ONE_COLUMN[table]
    refused(f"UPDATE {table} SET {column} = {value}", table)


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_deleted(filled: Office, table: str) -> None:
    refused(f"DELETE FROM {table}", table)


@pytest.mark.postgres
@pytest.mark.parametrize("table", [*TABLES, "journal_leaf"])
def test_no_table_is_emptied(filled: Office, table: str) -> None:
    refused(f"TRUNCATE {table}", table)
    refused(f"TRUNCATE {table} CASCADE", table)


@pytest.mark.sqlite
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize("table", [*TABLES, "journal_leaf"])
def test_no_row_is_replaced(filled: Office, table: str, recursive: str) -> None:
    """SQLite's INSERT OR REPLACE deletes what stands in its way, and asks DELETE triggers only if told to."""
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA recursive_triggers={recursive}")
    refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}", table)
    column, value = ONE_COLUMN[table]
    refused(f"UPDATE OR REPLACE {table} SET {column} = {value}", table)


def test_the_outbox_keeps_what_it_was_given(filled: Office) -> None:
    refused("UPDATE journal_leaf SET entry = 'x'", "journal_leaf")
    refused("DELETE FROM journal_leaf", "journal_leaf")


def test_a_place_in_the_ledger_is_given_once(filled: Office) -> None:
    filled.open_case()
    leaf = LeafRow.objects.filter(bureau=filled.bureau, place__isnull=True).first()
    assert leaf is not None
    run(f"UPDATE journal_leaf SET place = 999, sealed = 1 WHERE seq = {leaf.seq}")
    refused(f"UPDATE journal_leaf SET place = 998 WHERE seq = {leaf.seq}", "journal_leaf")
    refused(f"UPDATE journal_leaf SET place = NULL, sealed = NULL WHERE seq = {leaf.seq}", "journal_leaf")


def test_a_key_can_be_destroyed_and_not_exchanged(filled: Office) -> None:
    refused("UPDATE journal_key SET wrapped = home", "journal_key") if connection.vendor == "sqlite" else refused(
        "UPDATE journal_key SET wrapped = 'x'", "journal_key"
    )
    count = KeyRow.objects.filter(bureau=filled.bureau).count()
    assert count
    run(f"DELETE FROM journal_key WHERE bureau = '{filled.bureau}'")
    assert KeyRow.objects.filter(bureau=filled.bureau).count() == 0


@pytest.mark.parametrize("attempt", ["delete", "update", "bulk"])
def test_the_orm_is_refused_like_anybody_else(filled: Office, attempt: str) -> None:
    from liuhen.journal.models import RecordRow

    rows = RecordRow.objects.filter(bureau=filled.bureau)
    row = rows.latest("seq")
    tries: dict[str, Callable[[], object]] = {
        "delete": row.delete,
        "update": row.save,
        "bulk": lambda: rows.update(outside=True),
    }
    with pytest.raises(DatabaseError, match=REFUSAL), transaction.atomic():
        tries[attempt]()


def test_every_table_of_the_journal_is_kept_derived_or_written_once() -> None:
    """A new table must say which of the three it is; the migration lays the triggers for those written once."""
    from django.apps import apps

    from liuhen.journal.models import DERIVED, BureauRow, HeartbeatRow, VaultRow

    known = {*WRITTEN_ONCE, LeafRow, *DERIVED, KeyRow, BureauRow, HeartbeatRow, VaultRow}
    assert set(apps.get_app_config("journal").get_models()) == known
