"""A dossier that an earlier version wrote, this one opens: the same records, the same files, judged and written again."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from liuhen import __version__
from liuhen.dossier.check import check_folder
from liuhen.dossier.dossier import InvalidDossier
from liuhen.dossier.read import read
from liuhen.dossier.write import write
from liuhen.ground.vocabulary import default
from tests.versions.keep import HERE, KEPT, LATER, keep, statement

VERSIONS = sorted(HERE.glob("*.tar.gz"))
MOST_BYTES = 2_000_000


@pytest.fixture(params=VERSIONS, ids=lambda path: path.name.removesuffix(".tar.gz"))
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    """The dossiers of one version, and what their reader must find."""
    with tarfile.open(request.param) as archive:
        archive.extractall(tmp_path)  # our own archive; Debian 12 has no `filter` yet
    return tmp_path, json.loads((tmp_path / "expected.json").read_text(encoding="utf-8"))


def test_this_version_is_kept_and_all_of_them_are_small() -> None:
    """`python -m tests.versions.keep` does it."""
    assert f"{__version__}.tar.gz" in {path.name for path in VERSIONS}
    assert sum(path.stat().st_size for path in VERSIONS) < MOST_BYTES


def test_a_dossier_of_an_earlier_version_holds_what_it_held(opened: tuple[Path, dict[str, Any]]) -> None:
    folder, expected = opened
    assert len(expected) == len(KEPT)
    for name, held in expected.items():
        assert held["records"]
        assert statement(read(folder / name, default(), now=LATER)) == held


def test_it_can_be_judged_and_written_again(opened: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    folder, expected = opened
    for name, held in expected.items():
        assert check_folder(folder / name, at=LATER, now=LATER).duties
        again = tmp_path / "again" / name
        again.parent.mkdir(exist_ok=True)
        write(read(folder / name, default(), now=LATER), again)
        assert statement(read(again, default(), now=LATER)) == held


def test_an_altered_file_of_it_is_noticed(opened: tuple[Path, dict[str, Any]]) -> None:
    folder, _ = opened
    paper = next(path for path in (folder / KEPT[0]).rglob("*.pdf"))
    paper.write_bytes(paper.read_bytes()[:-1] + b"x")
    with pytest.raises(InvalidDossier):
        read(folder / KEPT[0], default(), now=LATER)


def test_what_is_kept_is_what_the_samples_are(tmp_path: Path) -> None:
    keep(tmp_path / "now.tar.gz")
    with tarfile.open(tmp_path / "now.tar.gz") as archive:
        assert {name.split("/")[0] for name in archive.getnames()} == {*KEPT, "expected.json"}
