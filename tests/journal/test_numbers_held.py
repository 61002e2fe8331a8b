"""A database made before case numbers were held to one case: migrating lays the index, or says which numbers stand in its way."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction

from liuhen.journal.models import CaseRow
from liuhen.journal.numbers_held import INDEX, TABLE, NumbersTwice, hold_numbers
from tests.office import Office

NUMBER = "示例罚立〔2023〕17号"
migration = import_module("liuhen.journal.migrations.0003_numbers_once")


@pytest.fixture
def older(office: Office) -> Office:
    """The tables as they were before the index."""
    with connection.cursor() as cursor:
        cursor.execute(f'DROP INDEX "{INDEX}"')
    return office


def held() -> bool:
    with connection.cursor() as cursor:
        return INDEX in connection.introspection.get_constraints(cursor, TABLE)


def same_number(office: Office) -> None:
    office.open_case(NUMBER)
    other = office.open_case("示例罚立〔2023〕18号")
    CaseRow.objects.filter(root=other).update(number=NUMBER)


def test_a_database_made_today_has_the_index_and_is_left_alone(office: Office) -> None:
    assert held()
    assert not hold_numbers(connection)


def test_an_older_one_gets_it_and_holds_numbers_from_then_on(older: Office) -> None:
    assert not held()
    assert hold_numbers(connection)
    assert held()
    with pytest.raises(IntegrityError), transaction.atomic():
        same_number(older)


def test_files_without_a_number_and_other_bureaus_are_no_matter(older: Office) -> None:
    other = Office("bazhou").staffed()
    for office in (older, other):
        office.open_case(NUMBER)
    CaseRow.objects.filter(bureau=older.bureau).update(number="")
    older.open_case("示例罚立〔2023〕19号")
    assert hold_numbers(connection)


def test_two_cases_of_one_number_stop_it_and_are_named(older: Office) -> None:
    same_number(older)
    with pytest.raises(NumbersTwice) as refused:
        hold_numbers(connection)
    assert (refused.value.finding.code, refused.value.finding.fields) == ("G-045", {"numbers": NUMBER})
    assert not held()


def test_the_migration_says_so_in_both_languages_and_goes_through_once_it_was_mended(older: Office) -> None:
    same_number(older)
    editor = SimpleNamespace(connection=connection)
    with pytest.raises(CommandError) as refused:
        migration.lay(None, editor)
    assert f"G-045  同一单位有两个案件使用同一案号：{NUMBER}" in str(refused.value)
    assert "run migrate again" in str(refused.value)
    CaseRow.objects.filter(bureau=older.bureau, number=NUMBER).update(number="")
    migration.lay(None, editor)
    assert held()
