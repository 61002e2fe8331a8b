"""Setting up: keys, a bureau with its empty Ledger; asked for again it changes nothing that must stay."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from liuhen.engines.ledger.checkpoint import claimed_checkpoint
from liuhen.engines.rulebook import InvalidRulebook
from liuhen.journal import folders
from liuhen.journal.judging import basis
from liuhen.journal.models import BureauRow, DataRow
from liuhen.journal.sealing import signer_of
from liuhen.journal.setting_up import NoSample, origin, set_up_bureau
from liuhen.site.databases import database
from tests.office import Office


@pytest.fixture
def home(settings: Any, tmp_path: Path, db: None) -> Path:
    settings.LIUHEN_HOME = tmp_path / "home"
    return tmp_path / "home"


def test_keys_and_an_empty_ledger_are_made(home: Path) -> None:
    call_command("set_up", bureau="shili", zh="示例局", en="Sample bureau", rulebook=["bazhou"])
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in (home / "keys").iterdir()}
    assert modes == {"master": 0o600, "django": 0o600, "ledger-shili": 0o600}
    head = claimed_checkpoint((folders.ledger("shili") / "checkpoint").read_bytes())
    assert (head.origin, head.size) == (origin("shili"), 0)


def test_without_a_bureau_the_keys_alone_are_made(home: Path) -> None:
    call_command("set_up")
    assert {p.name for p in (home / "keys").iterdir()} == {"master", "django"}


def test_asked_for_again_it_keeps_keys_and_ledger_and_changes_the_texts(home: Path) -> None:
    set_up_bureau("shili", zh="示例局", en="Sample", rulebooks=["bazhou"])
    before = {p.name: p.read_bytes() for p in (home / "keys").iterdir()}
    key = signer_of("shili").verifier
    set_up_bureau("shili", zh="示例局", en="Sample", rulebooks=["bazhou", "anshan-legal-review"])
    assert {p.name: p.read_bytes() for p in (home / "keys").iterdir()} == before
    assert signer_of("shili").verifier == key
    assert [book.id for book in basis("shili").stack.rulebooks] == ["bazhou", "anshan-legal-review"]


def test_an_unsound_rulebook_is_refused_and_the_bureau_stays_as_it_was(home: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidRulebook):
        set_up_bureau("shili", zh="示例局", en="Sample", rulebooks=[str(tmp_path / "nowhere")])
    assert not BureauRow.objects.filter(id="shili").exists()
    set_up_bureau("shili", zh="示例局", en="Sample", rulebooks=["bazhou"])
    with pytest.raises(CommandError) as refused:
        call_command("set_up", bureau="shili", rulebook=[str(tmp_path / "nowhere")])
    assert refused.value.returncode == 2
    assert BureauRow.objects.get(id="shili").rulebooks == ["bazhou"]


def test_asked_for_again_without_them_it_keeps_mark_names_zone_texts_and_settings(home: Path) -> None:
    made = {"zh": "示例局", "en": "Sample", "zone": "Asia/Urumqi", "settings": {"a": 1}}
    set_up_bureau("shili", rulebooks=["bazhou"], sample=True, **made)
    call_command("set_up", bureau="shili")
    call_command("set_up", bureau="shili", en="Sample bureau")
    row = BureauRow.objects.get(id="shili")
    assert row.sample
    assert {name: getattr(row, name) for name in made} == {**made, "en": "Sample bureau"}
    assert row.rulebooks == ["bazhou"]


def test_a_real_bureau_does_not_become_a_sample(home: Path) -> None:
    set_up_bureau("zhenshi", zh="正式局", rulebooks=["bazhou"])
    with pytest.raises(NoSample) as refused:
        set_up_bureau("zhenshi", rulebooks=["anshan-legal-review"], sample=True)
    assert refused.value.finding.code == "G-041"
    row = BureauRow.objects.get(id="zhenshi")
    assert (row.sample, row.rulebooks, row.en, row.zone) == (False, ["bazhou"], "zhenshi", "Asia/Shanghai")


def test_what_a_record_was_judged_by_is_kept_once(office: Office) -> None:
    root = office.open_case()
    office.open_case()
    row = office.row(root)
    assert row.judged_with == office.basis.digest
    kept = DataRow.objects.filter(
        digest__in=[office.basis.digest, office.basis.vocabulary.digest, office.basis.calendar.version]
    )
    assert sorted(kept.values_list("sort", flat=True)) == ["calendar", "stack", "vocabulary"]
    for book in office.basis.stack.rulebooks:
        assert b"articles/" in bytes(DataRow.objects.get(sort="rulebook", digest=book.digest).content)


def test_an_office_adds_its_own_calendar(home: Path) -> None:
    set_up_bureau("shili", zh="示例局", en="Sample", rulebooks=["bazhou"])
    before = basis("shili")
    folder = home / "calendars" / "shili"
    folder.mkdir(parents=True)
    (folder / "own.yaml").write_text(
        "year: 2023\ncomplete: no\nsources:\n- {title: 示例局休息日通知}\n"
        "holidays:\n- {zh: 局休日, en: office holiday, from: 2023-03-08, to: 2023-03-08}\n",
        encoding="utf-8",
    )
    after = basis("shili")
    assert after.calendar.version != before.calendar.version
    assert after.digest != before.digest


def test_the_migrations_make_what_the_models_say(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_database_is_sqlite_in_the_data_folder_unless_an_address_is_given(tmp_path: Path) -> None:
    assert database("", tmp_path)["NAME"] == str(tmp_path / "liuhen.sqlite3")
    assert database("sqlite:////tmp/x.sqlite3", tmp_path)["NAME"] == "/tmp/x.sqlite3"
    found = database("postgresql://u:p%40ss@db:5433/liu?host=/run/pg&sslmode=require", tmp_path)
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"]) == (
        "u",
        "p@ss",
        "/run/pg",
        "5433",
        "liu",
    )
    assert found["OPTIONS"]["sslmode"] == "require"
    with pytest.raises(ValueError, match="LIUHEN_DATABASE_URL"):
        database("mysql://x", tmp_path)


def test_a_record_is_on_the_disk_when_it_is_acknowledged(db: None) -> None:
    """SQLite flushes its log at every commit; PostgreSQL does unless it was told not to."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            assert cursor.fetchone() == (2,)
            cursor.execute("PRAGMA journal_mode")
            assert cursor.fetchone() == ("wal",)
        else:
            cursor.execute("SHOW synchronous_commit")
            assert cursor.fetchone() == ("on",)
