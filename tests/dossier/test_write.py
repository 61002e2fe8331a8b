"""Writing a dossier: what was written is read back, and a failure leaves nothing."""

from __future__ import annotations

import io
import os
import tempfile
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given, settings

from liuhen.dossier import write as writing
from liuhen.dossier.dossier import Dossier, InvalidDossier
from liuhen.dossier.read import read
from liuhen.dossier.write import text_of, write
from liuhen.ground.record import File
from liuhen.ground.vocabulary import default
from tests.dossier.generated import bytes_of, dossiers
from tests.dossiers.make_bad import GOOD, RECORDING


def in_memory(file: File) -> AbstractContextManager[BinaryIO]:
    return closing(io.BytesIO(bytes_of(file)))


@pytest.fixture(scope="module")
def good() -> Dossier:
    return read(GOOD, default())


@given(dossiers())
@settings(max_examples=60, deadline=None)
def test_what_was_written_is_read_back(dossier: Dossier):
    with tempfile.TemporaryDirectory() as folder:
        write(dossier, Path(folder) / "a", in_memory)
        assert read(Path(folder) / "a", default()) == dossier


@given(dossiers())
@settings(max_examples=30, deadline=None)
def test_what_was_read_is_written_back_byte_by_byte(dossier: Dossier):
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder) / "a", Path(folder) / "b"
        write(dossier, first, in_memory)
        write(read(first, default()), second)
        entries = sorted(p.relative_to(first) for p in first.rglob("*"))
        assert entries == sorted(p.relative_to(second) for p in second.rglob("*"))
        assert all((first / e).read_bytes() == (second / e).read_bytes() for e in entries if (first / e).is_file())


def test_the_good_dossier_is_written_with_its_files(good: Dossier, tmp_path: Path):
    write(good, tmp_path / "copy")
    assert (tmp_path / "copy/files/现场照片.png").read_bytes() == (GOOD / "files/现场照片.png").read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["copy"]


def refused(dossier: Dossier, target: Path, source: writing.Source | None = None) -> str:
    """The code with which the writing was refused; nothing may have been left beside the target."""
    before = sorted(target.parent.iterdir()) if target.parent.is_dir() else None
    with pytest.raises(InvalidDossier) as refusal:
        write(dossier, target, source)
    assert (sorted(target.parent.iterdir()) if before is not None else None) == before
    return refusal.value.finding.code


def test_nothing_is_written_over_what_is_there(good: Dossier, tmp_path: Path):
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("nowhere")
    assert refused(good, tmp_path / "there") == "D-050"
    assert refused(good, tmp_path / "link") == "D-050"


def test_a_folder_that_cannot_be_made_is_told(good: Dossier, tmp_path: Path):
    assert refused(good, tmp_path / "nowhere/copy") == "D-051"


def test_a_full_disk_leaves_nothing(good: Dossier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert refused(good, tmp_path / "copy") == "D-051"


@pytest.mark.parametrize(("data", "code"), [(b"", "D-022"), (None, "D-021")])
def test_bytes_that_are_not_those_of_the_record_are_refused(
    good: Dossier, tmp_path: Path, data: bytes | None, code: str
):
    photo = (GOOD / "files/现场照片.png").read_bytes()
    data = photo[:-1] + b"\0" if data is None else data
    assert refused(good, tmp_path / "copy", lambda _: closing(io.BytesIO(data))) == code


def test_a_file_that_nobody_has_is_refused(good: Dossier, tmp_path: Path):
    assert refused(replace(good, folder=None), tmp_path / "copy") == "D-023"
    assert refused(replace(good, folder=tmp_path), tmp_path / "copy") == "D-023"


def test_a_name_that_climbs_out_is_never_written(good: Dossier, tmp_path: Path):
    record = good.records[RECORDING]
    climbing = replace(record, files=(replace(record.files[0], name="../../outside.png"),))
    assert refused(replace(good, records=(climbing,)), tmp_path / "a") == "D-024"
    assert not (tmp_path.parent / "outside.png").exists()


def test_equal_dossiers_give_equal_text(good: Dossier):
    assert text_of(good) == text_of(read(GOOD, default()))
