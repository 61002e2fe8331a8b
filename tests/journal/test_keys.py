"""Keys of personal content: made once, never used after a rollback; once deleted, the content is gone and the proof is not."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction

from liuhen.journal import keys, sealing
from liuhen.journal.destruction import destroy_content
from liuhen.journal.door import take
from liuhen.journal.filed import filed
from liuhen.journal.judging import basis
from liuhen.journal.models import HandlerRow, KeyRow, RecordRow
from liuhen.journal.refusing import NotTaken
from liuhen.journal.verification import verify
from tests.office import Office


def test_what_is_encrypted_is_bound_to_its_record() -> None:
    key = AESGCM(AESGCM.generate_key(256))
    sealed = keys.encrypt(key, "one", b"content")
    assert keys.decrypt(key, "one", sealed) == b"content"
    with pytest.raises(InvalidTag):
        keys.decrypt(key, "another", sealed)
    with pytest.raises(InvalidTag):
        keys.decrypt(key, "one", sealed[:-1] + bytes([sealed[-1] ^ 1]))


def test_the_keys_are_for_this_user_alone(settings: Any, tmp_path: Path) -> None:
    settings.LIUHEN_HOME = tmp_path
    keys.make_master()
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "keys" / "master").stat().st_mode) == 0o600


def test_a_master_key_is_never_overwritten(settings: Any, tmp_path: Path) -> None:
    settings.LIUHEN_HOME = tmp_path
    keys.make_master()
    before = (tmp_path / "keys" / "master").read_bytes()
    keys.make_master()
    assert (tmp_path / "keys" / "master").read_bytes() == before


@pytest.mark.parametrize("harm", ["missing", "readable by others", "cut"])
def test_without_a_sound_master_key_nothing_is_recorded(
    office: Office, settings: Any, tmp_path: Path, harm: str
) -> None:
    settings.LIUHEN_HOME = tmp_path
    keys.make_master()
    path = tmp_path / "keys" / "master"
    if harm == "missing":
        path.unlink()
    elif harm == "cut":
        path.write_text(path.read_text()[:-4])
    else:
        path.chmod(0o640)
    before = RecordRow.objects.count()
    with pytest.raises(keys.KeysMissing) as refused:
        office.open_case()
    assert refused.value.finding.code == "G-017"
    assert RecordRow.objects.count() == before


def test_names_lie_encrypted_in_the_table(office: Office) -> None:
    root = office.open_case(party_name="某示例公司")
    row = RecordRow.objects.get(id=root)
    for part in (bytes(row.open), bytes(row.personal)):
        assert "某示例公司".encode() not in part
        assert "张示例".encode() not in part


def test_a_key_of_a_refused_record_is_never_used_again(lasting_office: Office) -> None:
    """Else the next record would be encrypted under a key that nobody kept."""
    office = lasting_office
    with transaction.atomic():
        root = office.open_case()
        assert KeyRow.objects.filter(home=root).exists()
        transaction.set_rollback(True)
    assert keys.key_of(root) is None
    again = office.record(
        "case.opened",
        by=[office.by("zhang", "case_handler")],
        content={"case_number": "1", "title": "甲", "action_type": "penalty"},
    )
    receipt = take({**again, "id": root}, actor=office.who("zhang"), now=office.now)
    entry = filed(office.row(receipt.home), office.basis.zone).entry(root)
    assert entry is not None
    assert entry.record.by[0].name == "张示例"


def test_destroyed_content_is_gone_everywhere_and_the_ledger_still_verifies(lasting_office: Office) -> None:
    office = lasting_office
    root = office.open_case(party_name="某示例公司")
    act = office.act(root, "act.questioning", "2023-03-06 08:00", "2023-03-06 08:40")
    sealing.seal(office.bureau, office.instant)
    assert destroy_content(root, office.instant)
    row = office.row(root)
    assert (row.party, row.handlers, row.destroyed) == ("", [], True)
    assert not HandlerRow.objects.filter(case_id=root).exists()
    entries = filed(row, basis(office.bureau).zone).entries
    assert [e.record.id for e in entries] == [root, act.id]
    assert not any(a.name for e in entries for a in e.record.by)
    seen, strays = verify(office.bureau)
    assert (seen.sound, strays, seen.rows) == (True, (), seen.size)
    assert not destroy_content(root, office.instant)


def test_a_record_whose_content_was_destroyed_can_not_be_sent_again(lasting_office: Office) -> None:
    """Nothing is left to compare it with."""
    office = lasting_office
    root = office.open_case()
    record = office.record(
        "act.questioning",
        "2023-03-06 08:00",
        until="2023-03-06 08:40",
        links={"case": [root]},
        by=[office.by("zhang", "enforcement_officer")],
    )
    office.take(record)
    destroy_content(root, office.instant)
    with pytest.raises(NotTaken) as refused:
        take(record, actor=office.who("admin"), now=office.now)
    assert refused.value.finding.code == "G-016"


def test_nothing_is_added_to_a_file_whose_content_was_destroyed(lasting_office: Office) -> None:
    office = lasting_office
    root = office.open_case()
    destroy_content(root, office.instant)
    by = [office.by("reviewer", "legal_reviewer")]
    with pytest.raises(NotTaken) as refused:
        office.take(office.record("legal_review_opinion", links={"case": [root]}, by=by), "reviewer")
    assert [f.code for f in refused.value.findings] == ["G-026"]
