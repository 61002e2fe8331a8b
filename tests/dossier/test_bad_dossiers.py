"""Bad dossiers: each is refused with the code that its folder bears, and with nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from liuhen.dossier.dossier import InvalidDossier
from liuhen.dossier.read import read
from liuhen.ground.vocabulary import default
from tests.dossiers import make_bad

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def folder_bytes(folder: Path) -> dict[str, object]:
    """Every entry below a folder: bytes of files, targets of links."""
    found: dict[str, object] = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = str(path.readlink())
        elif path.is_file():
            found[name] = path.read_bytes()
    return found


def test_the_good_dossier_is_read():
    assert len(read(make_bad.GOOD, default(), now=NOW).records) == 6


@pytest.mark.parametrize("name", sorted([*make_bad.CHANGES, *make_bad.LINKS]))
def test_a_bad_dossier_is_refused_with_the_code_of_its_folder(name: str, tmp_path: Path):
    folder = make_bad.BAD / name
    if name in make_bad.LINKS:
        folder = tmp_path / name
        make_bad.make(name, folder)
    with pytest.raises(InvalidDossier) as refusal:
        read(folder, default(), now=NOW)
    (finding,) = refusal.value.findings
    assert finding.code == folder.name.split("_")[0]
    assert finding.place
    for language in ("zh", "en"):
        assert finding.sentence(language)
        assert finding.next_step(language)


@pytest.mark.parametrize("name", sorted(make_bad.CHANGES))
def test_a_bad_dossier_is_the_good_one_with_the_one_listed_change(name: str, tmp_path: Path):
    make_bad.make(name, tmp_path / name)
    assert folder_bytes(make_bad.BAD / name) == folder_bytes(tmp_path / name)


def test_every_folder_stands_in_the_list():
    assert {folder.name for folder in make_bad.BAD.iterdir()} == set(make_bad.CHANGES)


def test_all_faults_are_told_at_once(tmp_path: Path):
    make_bad.make("R-012_naive_time", tmp_path / "a")
    for name in ("V-005_date_that_is_none", "D-015_unknown_part", "D-022_file_is_longer"):
        make_bad.CHANGES[name](tmp_path / "a")
    with pytest.raises(InvalidDossier) as refusal:
        read(tmp_path / "a", default(), now=NOW)
    assert {f.code for f in refusal.value.findings} == {"R-012", "V-005", "D-015", "D-022"}


def test_a_fault_in_a_record_is_not_told_again_of_those_that_name_it(tmp_path: Path):
    make_bad.make("R-012_naive_time", tmp_path / "a")
    text = (
        (tmp_path / "a/dossier.json")
        .read_text(encoding="utf-8")
        .replace("2026-03-05T10:00:00+08:00", "2026-03-05T10:00:00")
    )
    (tmp_path / "a/dossier.json").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidDossier) as refusal:
        read(tmp_path / "a", default(), now=NOW)
    assert {f.code for f in refusal.value.findings} == {"R-012"}


def test_a_place_is_a_json_pointer_to_what_is_wrong():
    with pytest.raises(InvalidDossier) as refusal:
        read(make_bad.BAD / "R-015_digest_too_short", default(), now=NOW)
    assert refusal.value.finding.place == "dossier.json#/records/1/files/0/sha256"
