"""Commands that ask the journal, where none was set up: one line with its code, the next step, and no file left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from liuhen.faces.cli.journal_opening import NoJournal, need_journal
from tests.office import Office

COMMANDS = {
    "verify": "ledger verify",
    "checkpoint": "ledger checkpoint",
    "export": "export --journal --to xes",
    "replay": "rulebook replay quyuan --against bazhou",
    "rebuild": "rebuild",
}


def asked(home: Path, command: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k != "LIUHEN_DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "-m", "liuhen.faces.cli", *command.split()],
        env={**environment, "LIUHEN_HOME": str(home)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS.values(), ids=list(COMMANDS))
def test_an_empty_data_folder_has_no_journal(tmp_path: Path, command: str) -> None:
    said = asked(tmp_path, command)
    assert (said.returncode, said.stdout) == (2, "")
    first, second = said.stderr.splitlines()
    assert first.startswith("U-015")
    assert "script/setup" in second
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("held", ["no folder", "no tables", "no database"])
def test_what_stands_in_its_place_is_no_journal(tmp_path: Path, held: str) -> None:
    home = tmp_path / "home"
    if held != "no folder":
        home.mkdir()
        (home / "liuhen.sqlite3").write_bytes(b"" if held == "no tables" else b"a text of no database" * 100)
    said = asked(home, "ledger verify")
    assert (said.returncode, said.stderr[:5]) == (2, "U-015")
    assert len(said.stderr.splitlines()) == 2


def test_a_database_without_our_tables_is_no_journal_and_one_with_them_is(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connection

    need_journal()
    monkeypatch.setattr(connection.introspection, "table_names", list)
    with pytest.raises(NoJournal) as refused:
        need_journal()
    assert [f.code for f in refused.value.findings] == ["U-015"]
