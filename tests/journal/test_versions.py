"""What an earlier version wrote, this one opens: it migrates, verifies, rebuilds, reads, and goes on recording."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from liuhen import __version__

VERSIONS = sorted((Path(__file__).parent / "versions").glob("*.tar.gz"))


def test_this_version_is_kept() -> None:
    """`python -m tests.journal.versions.keep` does it."""
    assert f"{__version__}.tar.gz" in {path.name for path in VERSIONS}


@pytest.mark.parametrize("kept", VERSIONS, ids=lambda path: path.name.removesuffix(".tar.gz"))
def test_a_journal_of_an_earlier_version_opens(kept: Path, tmp_path: Path) -> None:
    with tarfile.open(kept) as archive:
        archive.extractall(tmp_path)  # our own archive; Debian 12 has no `filter` yet
    for key in (tmp_path / "keys").iterdir():
        key.chmod(0o600)
    expected = json.loads((tmp_path / "expected.json").read_text(encoding="utf-8"))
    environment = {**os.environ, "LIUHEN_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "liuhen.site.settings"}
    environment.pop("LIUHEN_DATABASE_URL", None)
    call = [sys.executable, "-m", "tests.journal.versions.reader", json.dumps(expected)]
    found = subprocess.run(call, env=environment, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    told = json.loads(found.stdout.splitlines()[-1])
    assert told["findings"] == []
    assert told["rows"] > 20
    assert told["files"] == 1
    assert {name: told[name] for name in ("number", "party", "records")} == {
        name: expected[name] for name in ("number", "party", "records")
    }
    assert told["names"] == ["张示例"]
    assert told["file_names"] == ["附件（示例）.pdf"]
    assert told["destroyed"] is True
    assert (told["home"], told["sealed"]) == (expected["root"], 1)
