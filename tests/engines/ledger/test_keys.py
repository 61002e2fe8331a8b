"""The signing key lies in a file that its owner alone may read, is never overwritten and never shown."""

from __future__ import annotations

import copy
import os
import pickle
from pathlib import Path

import pytest

from liuhen.engines.ledger import keys
from liuhen.engines.ledger.keys import create_key, load_key
from liuhen.engines.ledger.notes import open_note
from liuhen.engines.ledger.refusals import CheckpointRefused, KeyRefused
from tests.engines.ledger.sealed import ORIGIN


@pytest.fixture
def key(tmp_path: Path) -> Path:
    create_key(tmp_path / "key", ORIGIN)
    return tmp_path / "key"


def test_the_key_file_has_mode_600_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        create_key(tmp_path / "open", ORIGIN)
        os.umask(0o777)
        create_key(tmp_path / "closed", ORIGIN)
    finally:
        os.umask(before)
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("open", "closed")] == [0o600, 0o600]


def test_what_the_key_signs_its_public_half_verifies(tmp_path: Path) -> None:
    verifier = create_key(tmp_path / "key", ORIGIN)
    assert open_note(load_key(tmp_path / "key").sign("text\n"), [verifier]).text == "text\n"


def test_two_keys_are_never_the_same(tmp_path: Path) -> None:
    assert create_key(tmp_path / "a", ORIGIN) != create_key(tmp_path / "b", ORIGIN)


def test_a_key_is_never_overwritten(key: Path) -> None:
    before = key.read_bytes()
    with pytest.raises(KeyRefused) as refused:
        create_key(key, ORIGIN)
    assert (refused.value.finding.code, key.read_bytes()) == ("L-020", before)


def test_a_key_is_not_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "key").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(KeyRefused) as refused:
        create_key(tmp_path / "key", ORIGIN)
    assert (refused.value.finding.code, (tmp_path / "elsewhere").exists()) == ("L-020", False)


def test_a_key_needs_a_folder(tmp_path: Path) -> None:
    with pytest.raises(KeyRefused) as refused:
        create_key(tmp_path / "nowhere" / "key", ORIGIN)
    assert refused.value.finding.code == "L-028"


def test_a_key_that_the_disk_does_not_take_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(keys.os, "fsync", full)
    with pytest.raises(KeyRefused) as refused:
        create_key(tmp_path / "key", ORIGIN)
    assert (refused.value.finding.code, list(tmp_path.iterdir())) == ("L-028", [])


def test_a_key_needs_a_name_that_a_note_can_carry(tmp_path: Path) -> None:
    with pytest.raises(CheckpointRefused) as refused:
        create_key(tmp_path / "key", "two words")
    assert (refused.value.finding.code, list(tmp_path.iterdir())) == ("L-015", [])


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_key_that_its_owner_alone_can_read_is_used(key: Path, mode: int) -> None:
    key.chmod(mode)
    assert load_key(key).name == ORIGIN


@pytest.mark.parametrize("mode", [0o640, 0o620, 0o604, 0o644, 0o601])
def test_a_key_that_others_can_reach_is_not_used(key: Path, mode: int) -> None:
    key.chmod(mode)
    with pytest.raises(KeyRefused) as refused:
        load_key(key)
    assert (refused.value.finding.code, refused.value.finding.fields["mode"]) == ("L-021", f"{mode:o}")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda line: b"",
        lambda line: line[:-10] + b"\n",
        lambda line: line.replace(b"PRIVATE", b"PUBLIC "),
        lambda line: line.replace(ORIGIN.encode(), b""),
        lambda line: line.replace(ORIGIN.encode(), b"other.example"),
        lambda line: line.replace(b"+A", b"+B", 1) if b"+A" in line else line[1:],
        lambda line: b"\xff" + line,
        lambda line: line.replace(ORIGIN.encode(), b"\xff"),
        lambda line: b"PRIVATE+KEY+" + b"x" * 5000,
    ],
)
def test_a_file_that_is_no_key_is_refused_and_not_shown(key: Path, spoil: object) -> None:
    line = key.read_bytes()
    key.write_bytes(spoil(line))  # type: ignore[operator]
    with pytest.raises(KeyRefused) as refused:
        load_key(key)
    assert refused.value.finding.code == "L-022"
    assert line.decode().split("+", 4)[4][4:12] not in str(refused.value)


def test_a_missing_key_a_folder_and_a_link_are_refused(key: Path) -> None:
    link, folder, pipe = (key.with_name(name) for name in ("link", "folder", "pipe"))
    link.symlink_to(key)
    folder.mkdir()
    os.mkfifo(pipe)
    for path in (key.with_name("none"), link, folder, pipe):
        with pytest.raises(KeyRefused) as refused:
            load_key(path)
        assert refused.value.finding.code == "L-022"


def test_a_signer_shows_its_public_half_only_and_is_not_copied(key: Path) -> None:
    signer = load_key(key)
    secret = key.read_text().strip().split("+", 4)[4]
    assert secret not in repr(signer)
    assert str(signer.verifier) in repr(signer)
    with pytest.raises(TypeError):
        pickle.dumps(signer)
    with pytest.raises(TypeError):
        copy.copy(signer)
