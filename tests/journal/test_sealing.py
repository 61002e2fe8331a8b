"""What waits becomes leaves of the bureau's tree, in order, once; and what was altered afterwards is found and named."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from liuhen.engines.ledger.log import Log
from liuhen.journal import folders, looks, sealing, vaulted
from liuhen.journal.models import CheckpointRow, LeafRow, RecordRow
from liuhen.journal.verification import verify
from tests.office import Office


@pytest.fixture
def sealed_office(lasting_office: Office) -> Office:
    """A bureau with a case, a file and a look, all sealed."""
    office = lasting_office
    root = office.open_case()
    stored = vaulted.take_in(office.bureau, io.BytesIO(b"%PDF-1.4 sample " + office.bureau.encode()))
    named = {"sha256": stored.sha256, "bytes": stored.bytes, "name": "样本.pdf"}
    office.act(root, "meeting_minutes", "2023-03-06 08:00", files=[named])
    for hour in range(3):
        office.act(root, "act.questioning", f"2023-03-06 0{hour}:00", f"2023-03-06 0{hour}:40")
    looks.looked(office.who("zhang"), "look case", home=root, now=office.now)
    looks.batch(office.bureau, office.instant)
    sealing.seal(office.bureau, office.instant)
    return office


def found(office: Office, **given: Any) -> list[str]:
    seen, strays = verify(office.bureau, **given)
    return [f.code for f in (*seen.findings, *strays)]


def tamper(table: str, sql: str) -> None:
    """Write past the triggers, as somebody with the database's own rights can; other tests get them back."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(sql)
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        cursor.execute(sql)
        for _, made in triggers:
            cursor.execute(made)


def test_entries_are_sealed_in_the_order_they_came_and_a_checkpoint_is_kept(lasting_office: Office) -> None:
    office = lasting_office
    root = office.open_case()
    waiting = sealing.waiting(office.bureau)
    assert (waiting.number, waiting.since) == (LeafRow.objects.filter(bureau=office.bureau).count(), office.instant)
    assert sealing.seal(office.bureau, office.instant) == waiting.number
    places = list(LeafRow.objects.filter(bureau=office.bureau).order_by("seq").values_list("place", flat=True))
    assert places == list(range(waiting.number))
    assert sealing.waiting(office.bureau) == (0, None)
    head = CheckpointRow.objects.get(bureau=office.bureau)
    assert head.size == waiting.number
    assert head.note.encode() == (folders.ledger(office.bureau) / "checkpoint").read_bytes()
    assert sealing.seal(office.bureau, office.instant) == 0
    assert LeafRow.objects.get(ref=root).sealed == office.instant
    assert found(office) == []


def test_a_crash_between_the_log_and_the_database_is_repaired_without_sealing_twice(
    sealed_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = sealed_office
    office.open_case()
    waiting = sealing.waiting(office.bureau).number
    with monkeypatch.context() as patched:
        patched.setattr(sealing, "_set_places", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            sealing.seal(office.bureau, office.instant)
    assert sealing.waiting(office.bureau).number == waiting
    office.open_case()
    assert sealing.seal(office.bureau, office.instant) == 1
    assert sealing.waiting(office.bureau).number == 0
    assert found(office) == []


def test_a_log_that_was_rolled_back_is_not_written_on(sealed_office: Office, tmp_path: Path) -> None:
    office = sealed_office
    folder = folders.ledger(office.bureau)
    shutil.copytree(folder, tmp_path / "old")
    office.open_case()
    sealing.seal(office.bureau, office.instant)
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "old", folder)
    office.open_case()
    with pytest.raises(sealing.LedgerApart) as refused:
        sealing.seal(office.bureau, office.instant)
    assert refused.value.finding.code == "G-021"
    assert "L-217" in found(office)


def test_a_log_that_holds_what_the_database_never_had_is_not_written_on(sealed_office: Office) -> None:
    office = sealed_office
    with Log(folders.ledger(office.bureau), sealing.signer_of(office.bureau)) as log:
        log.append([b"liuhen/record/1\n0190a0b0-0000-7000-8000-000000000001\n" + b"a" * 64 + b"\n"])
    with pytest.raises(sealing.LedgerApart) as refused:
        sealing.seal(office.bureau, office.instant)
    assert refused.value.finding.code == "G-022"
    assert "L-202" in found(office)


# -- tampering -----------------------------------------------------------------------------------------------------


def row_of(office: Office, kind: str = "act.questioning") -> RecordRow:
    return RecordRow.objects.filter(bureau=office.bureau, kind=kind).order_by("seq")[0]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("kind = 'act.inspection'", "L-222"),
        ("done = done + 1", "L-222"),
        ("received = received - 86400000000", "L-222"),
        ("home = root", "L-222"),
        ("outside = NOT outside", "L-222"),
        ("actor = 'somebody'", "L-222"),
        ("salt = digest", None),
    ],
)
def test_an_edited_column_is_found(sealed_office: Office, change: str, code: str | None) -> None:
    row = row_of(sealed_office)
    if connection.vendor == "postgresql" and change.startswith("salt"):
        change = "salt = decode(digest, 'hex')"
    tamper("journal_record", f"UPDATE journal_record SET {change} WHERE seq = {row.seq}")
    codes = found(sealed_office)
    assert codes
    assert code is None or code in codes


def test_an_edited_statement_is_found_even_if_its_digest_was_edited_too(sealed_office: Office) -> None:
    row = row_of(sealed_office)
    changed = bytes(row.open).replace(b"2023-03-06T00:40", b"2023-03-06T00:50")
    assert changed != bytes(row.open)
    tamper(
        "journal_record",
        f"UPDATE journal_record SET open = {blob(changed)}, digest = '{'a' * 64}' WHERE seq = {row.seq}",
    )
    assert "L-201" in found(sealed_office)


def test_an_edited_personal_part_is_found(sealed_office: Office) -> None:
    row = row_of(sealed_office)
    other = RecordRow.objects.filter(bureau=sealed_office.bureau, kind="act.questioning").order_by("-seq")[0]
    tamper(
        "journal_record", f"UPDATE journal_record SET personal = {blob(bytes(other.personal))} WHERE seq = {row.seq}"
    )
    assert found(sealed_office) == ["L-222"]


RECORD_COLUMNS = {
    "kind": "'act.inspection'",
    "kind_version": "2",
    "root": "'x'",
    "corrects": "'x'",
    "done": "done + 1",
    "until": "until + 1",
    "day": "day + 1",
    "received": "received + 1",
    "outside": "NOT outside",
    "actor": "'x'",
    "digest": f"'{'0' * 64}'",
}
FILE_COLUMNS = {
    "sha256": f"'{'0' * 64}'",
    "sm3": f"'{'0' * 64}'",
    "bytes": "bytes + 1",
    "role": "'x'",
    "media_type": "'video/mp4'",
    "home": "'x'",
    "bureau": "'x'",
    "position": "7",
}


@pytest.mark.parametrize("column", RECORD_COLUMNS)
def test_no_column_of_a_record_can_be_edited_unseen(sealed_office: Office, column: str) -> None:
    row = row_of(sealed_office)
    tamper("journal_record", f"UPDATE journal_record SET {column} = {RECORD_COLUMNS[column]} WHERE seq = {row.seq}")
    assert found(sealed_office) == ["L-222"]


@pytest.mark.parametrize("column", FILE_COLUMNS)
def test_no_column_of_a_file_can_be_edited_unseen(sealed_office: Office, column: str) -> None:
    which = f"WHERE bureau = '{sealed_office.bureau}'"
    tamper("journal_file", f"UPDATE journal_file SET {column} = {FILE_COLUMNS[column]} {which}")
    assert found(sealed_office) != []


def test_a_file_put_beside_those_that_a_record_names_is_found(sealed_office: Office) -> None:
    from liuhen.journal.models import FileRow

    row = FileRow.objects.get(bureau=sealed_office.bureau)
    row.pk, row.position = None, 1
    row._state.adding = True
    row.save(force_insert=True)
    assert found(sealed_office) == ["L-222"]


def test_a_bureau_that_moves_to_another_zone_has_no_finding(sealed_office: Office) -> None:
    from liuhen.journal.setting_up import set_up_bureau

    late = sealed_office.open_case()
    sealed_office.act(late, "act.questioning", "2023-03-06 00:10", "2023-03-06 00:40")
    sealing.seal(sealed_office.bureau, sealed_office.instant)
    set_up_bureau(sealed_office.bureau, zone="America/New_York")
    assert found(sealed_office) == []


def test_a_missing_row_is_found_and_named(sealed_office: Office) -> None:
    row = row_of(sealed_office)
    tamper("journal_record", f"DELETE FROM journal_record WHERE seq = {row.seq}")
    seen, _ = verify(sealed_office.bureau)
    assert [f.code for f in seen.findings] == ["L-202"]
    assert row.id in seen.findings[0].sentence()


def test_a_swapped_order_is_found(sealed_office: Office) -> None:
    first, second = LeafRow.objects.filter(bureau=sealed_office.bureau, sort="record").order_by("-place")[:2]
    tamper("journal_leaf", f"UPDATE journal_leaf SET place = 900001 WHERE seq = {first.seq}")
    tamper("journal_leaf", f"UPDATE journal_leaf SET place = {first.place} WHERE seq = {second.seq}")
    tamper("journal_leaf", f"UPDATE journal_leaf SET place = {second.place} WHERE seq = {first.seq}")
    assert found(sealed_office) == ["L-203", "L-203"]


def test_a_row_that_never_came_through_the_door_is_found(sealed_office: Office) -> None:
    row = row_of(sealed_office)
    row.pk, row.seq, row.id = None, None, "0190a0b0-0000-7000-8000-0000000000ff"  # type: ignore[assignment]
    row._state.adding = True
    RecordRow.objects.filter(id=row.id).exists() or row.save(force_insert=True)
    assert found(sealed_office) == ["G-023"]


def test_an_edited_file_row_is_found(sealed_office: Office) -> None:
    tamper("journal_file", f"UPDATE journal_file SET bytes = bytes + 1 WHERE bureau = '{sealed_office.bureau}'")
    assert found(sealed_office) == ["L-201"]


@pytest.mark.parametrize(("harm", "code"), [("changed", "L-221"), ("gone", "L-220")])
def test_a_file_in_the_vault_that_is_no_longer_what_it_was_is_found(
    sealed_office: Office, harm: str, code: str
) -> None:
    from liuhen.journal.models import FileRow

    path = vaulted.the_vault().path(FileRow.objects.get(bureau=sealed_office.bureau).sha256)
    assert found(sealed_office, files=vaulted.as_it_is_now) == []
    if harm == "gone":
        path.unlink()
    else:
        path.chmod(0o600)
        path.write_bytes(b"something else")
    assert found(sealed_office, files=vaulted.as_it_is_now) == [code]


def test_a_deleted_look_is_found(sealed_office: Office) -> None:
    tamper("journal_look", f"DELETE FROM journal_look WHERE bureau = '{sealed_office.bureau}'")
    assert found(sealed_office) == ["L-201"]


def test_a_journal_rewritten_together_with_its_ledger_is_found_by_a_checkpoint_kept_elsewhere(
    sealed_office: Office,
) -> None:
    office = sealed_office
    kept = (folders.ledger(office.bureau) / "checkpoint").read_bytes()
    row = row_of(office)
    for table, column in (("journal_leaf", "ref"), ("journal_record", "id")):
        tamper(table, f"DELETE FROM {table} WHERE {column} = '{row.id}'")
    later = list(LeafRow.objects.filter(bureau=office.bureau).order_by("place"))
    for place, leaf in enumerate(later):
        if leaf.place != place:
            tamper("journal_leaf", f"UPDATE journal_leaf SET place = {place} WHERE seq = {leaf.seq}")
    folder = folders.ledger(office.bureau)
    shutil.rmtree(folder)
    signer = sealing.signer_of(office.bureau)
    Log.create(folder, signer)
    with Log(folder, signer) as log:
        log.append([leaf.entry.encode() for leaf in later])
    assert found(office) == [], "whoever holds the key can rewrite what nobody kept"
    assert found(office, kept=[kept]) == ["L-216"]


def blob(data: bytes) -> str:
    return f"X'{data.hex()}'" if connection.vendor == "sqlite" else f"'\\x{data.hex()}'::bytea"
