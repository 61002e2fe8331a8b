"""The journal as a log: every case with what was done when, no name, no content, nothing decrypted."""

from __future__ import annotations

from pathlib import Path

import pytest

from liuhen.faces.cli import main
from liuhen.journal import keys
from liuhen.journal.as_log import cases_as_log
from liuhen.journal.models import CaseRow, LookRow
from tests.dossier.logs.xes_rules import broken
from tests.office import Office

pytestmark = [pytest.mark.django_db, pytest.mark.flow]


def test_every_case_is_there_without_names_and_content(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = office.open_case(), office.open_case()
    looks = LookRow.objects.count()

    def never(*_: object) -> None:
        raise AssertionError("decrypted")

    monkeypatch.setattr(keys, "decrypt", never)
    found = dict(cases_as_log(office.bureau))
    assert set(found) == set(
        CaseRow.objects.filter(bureau=office.bureau, subject="case").values_list("root", flat=True)
    )
    assert len({str(first), str(second)}) == 2
    records = [r for held in found.values() for r in held]
    assert {r.kind for r in records} >= {"case.opened"}
    assert [r for r in records if r.content or r.files or r.signatures or any(a.identity for a in r.by)] == []
    assert LookRow.objects.count() == looks


def test_the_command_writes_a_valid_log(office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    office.open_case()
    out = tmp_path / "log.xes"
    assert main(["export", "--journal", "--to", "xes", "--out", str(out), "--bureau", office.bureau]) == 0
    assert str(out) in capsys.readouterr().out
    assert broken(out) == []
    text = out.read_text(encoding="utf-8")
    assert 'value="case.opened"' in text
    assert "content." not in text
    assert "org:resource" not in text
    assert main(["export", "--journal", "--to", "xes", "--out", str(tmp_path / "b"), "--bureau", "nowhere"]) == 2
    assert not (tmp_path / "b").exists()
