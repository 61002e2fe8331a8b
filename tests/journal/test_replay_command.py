"""`liuhen rulebook replay` at a bureau: past cases are those of its journal, and nothing is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from liuhen.faces.cli import main
from liuhen.journal.models import CaseRow, DutyRow, RecordRow
from tests.engines.rulebook.small import write_book
from tests.office import Office

RULE = """
- id: decided
  form: response
  when: {kind: case.opened}
  then: [{kind: decision.made}]
  within: {amount: 90, unit: years}
"""


def rows() -> tuple[int, int, int]:
    return CaseRow.objects.count(), DutyRow.objects.count(), RecordRow.objects.count()


def test_the_cases_of_the_journal_are_asked_and_nothing_is_written(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = write_book(tmp_path / "other" / "trial", RULE)
    draft = write_book(tmp_path / "draft" / "trial", RULE.replace("90, unit: years", "9, unit: natural_days"))
    office.open_case("示例〔2023〕7号")
    before = rows()
    status = main(["rulebook", "replay", str(draft), "--against", str(other), "--bureau", office.bureau, "--json"])
    told = json.loads(capsys.readouterr().out)
    assert status == 1
    assert [(f["file"], f["sort"], f["before"]["status"]) for f in told["findings"]] == [
        ("示例〔2023〕7号", "appears", "due")
    ]
    assert told["files"] == CaseRow.objects.filter(bureau=office.bureau).count()
    assert rows() == before


def test_which_bureau_has_to_be_known(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rulebook", "replay", "bazhou", "--against", "bazhou", "--bureau", "nobody"]) == 2
    assert "G-024" in capsys.readouterr().err
