"""What is given out is what was taken in; hostile names and planted links lead nowhere."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path

import pytest

from liuhen.engines.vault import local, pouring
from liuhen.engines.vault.local import LocalVault, StoredFile, check_digest
from liuhen.engines.vault.refusals import VaultRefused
from tests.engines.vault.evidence import LARGE, MIB, SMALL, Os, code_of, digests, held

HOSTILE = [
    "",
    "..",
    "../../etc/passwd",
    "a" * 63,
    "a" * 65,
    "A" * 64,
    "g" * 64,
    "a" * 63 + "\n",
    "a" * 64 + "\n",
    "a" * 62 + "/.",
    "/" + "a" * 63,
    "a" * 63 + "\x00",
    "٠" * 64,
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_is_no_digest_is_refused_everywhere(vault: LocalVault, name: str) -> None:
    for call in (vault.open, vault.path, vault.size, vault.verify, vault.read_range, check_digest):
        assert code_of(lambda call=call: call(name)) == "F-002"  # type: ignore[misc]
    assert code_of(lambda: vault.put(io.BytesIO(SMALL), expect_sha256=name)) == "F-002"
    assert held(vault) == []


@pytest.mark.parametrize("there", [False, True])
def test_what_is_not_there_is_said_to_be_not_there(vault: LocalVault, there: bool) -> None:
    absent = "a" * 64
    if there:
        (vault.folder / "aa").mkdir()
    for call in (vault.open, vault.path, vault.size, vault.verify, vault.read_range):
        assert code_of(lambda call=call: call(absent)) == "F-003"  # type: ignore[misc]


def plant(how: str, path: Path, target: Path) -> None:
    if how == "link":
        path.symlink_to(target)
    elif how == "dangling link":
        path.symlink_to(target.with_name("nowhere"))
    elif how == "folder":
        path.mkdir()
    else:
        os.mkfifo(path)


@pytest.mark.parametrize("how", ["link", "dangling link", "folder", "pipe"])
def test_what_was_planted_in_place_of_a_file_is_neither_followed_nor_replaced(
    vault: LocalVault, tmp_path: Path, how: str
) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(SMALL)
    sha256 = digests(SMALL)[0]
    (vault.folder / sha256[:2]).mkdir()
    plant(how, vault.folder / sha256[:2] / sha256, secret)
    for call in (vault.open, vault.path, vault.verify):
        assert code_of(lambda call=call: call(sha256)) == "F-010"  # type: ignore[misc]
    assert code_of(lambda: vault.put(io.BytesIO(SMALL))) == "F-010"
    assert not list((vault.folder / "incoming").iterdir())


def test_a_shelf_that_was_replaced_by_a_link_is_not_followed(vault: LocalVault, tmp_path: Path) -> None:
    sha256 = digests(SMALL)[0]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / sha256).write_bytes(SMALL)
    (vault.folder / sha256[:2]).symlink_to(elsewhere)
    assert code_of(lambda: vault.open(sha256)) == "F-010"
    assert code_of(lambda: vault.put(io.BytesIO(SMALL))) == "F-010"
    assert [p.name for p in elsewhere.iterdir()] == [sha256]
    assert list(vault.stored()) == []


def test_a_shelf_that_is_a_file_is_refused(vault: LocalVault) -> None:
    sha256 = digests(SMALL)[0]
    (vault.folder / sha256[:2]).write_text("")
    assert code_of(lambda: vault.put(io.BytesIO(SMALL))) == "F-010"


def test_a_changed_file_is_found_and_named(vault: LocalVault) -> None:
    stored = vault.put(io.BytesIO(LARGE))
    assert vault.verify(stored.sha256) == StoredFile(stored.sha256, stored.sm3, stored.bytes, "again")
    path = vault.path(stored.sha256)
    path.chmod(0o600)
    path.write_bytes(LARGE[:-1] + b"x")
    with pytest.raises(VaultRefused) as refused:
        vault.verify(stored.sha256)
    assert refused.value.finding.code == "F-011"
    assert refused.value.finding.fields["found"] == digests(LARGE[:-1] + b"x")[0]


def test_a_file_that_can_not_be_read_is_a_finding(vault: LocalVault, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = vault.put(io.BytesIO(SMALL))

    def fail(*_: object, **__: object) -> int:
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(local, "os", Os(open=fail))
    assert code_of(lambda: vault.open(stored.sha256)) == "F-009"


@pytest.mark.parametrize(
    ("start", "end"),
    [(0, None), (0, 1), (1, 2), (0, len(LARGE)), (MIB - 1, MIB + 1), (len(LARGE) - 1, None), (5, 2 * MIB + 9)],
)
def test_a_part_is_the_bytes_from_start_to_before_end(vault: LocalVault, start: int, end: int | None) -> None:
    stored = vault.put(io.BytesIO(LARGE))
    parts = list(vault.read_range(stored.sha256, start, end))
    assert b"".join(parts) == LARGE[start:end]
    assert max(len(part) for part in parts) <= MIB


@pytest.mark.parametrize(
    ("start", "end"), [(-1, 5), (5, 5), (6, 5), (0, len(LARGE) + 1), (len(LARGE), None), (len(LARGE), len(LARGE) + 1)]
)
def test_a_part_outside_the_file_is_refused_at_once(vault: LocalVault, start: int, end: int | None) -> None:
    stored = vault.put(io.BytesIO(LARGE))
    with pytest.raises(VaultRefused) as refused:
        vault.read_range(stored.sha256, start, end)
    assert (refused.value.finding.code, refused.value.finding.fields["size"]) == ("F-012", len(LARGE))


def test_the_whole_of_an_empty_file_is_nothing(vault: LocalVault) -> None:
    """None is taken in any more, but one may lie there: cut by the disk, or put there by hand."""
    stored = vault.put(io.BytesIO(SMALL))
    path = vault.path(stored.sha256)
    path.chmod(0o640)
    path.write_bytes(b"")
    assert list(vault.read_range(stored.sha256)) == []
    assert vault.size(stored.sha256) == 0


def test_a_file_cut_while_it_is_read_ends_the_part(vault: LocalVault) -> None:
    stored = vault.put(io.BytesIO(LARGE))
    parts = vault.read_range(stored.sha256)
    first = next(parts)
    path = vault.path(stored.sha256)
    path.chmod(0o600)
    os.truncate(path, MIB)
    assert first + b"".join(parts) == LARGE[:MIB]


def test_the_vault_lists_what_it_holds(vault: LocalVault) -> None:
    stored = {vault.put(io.BytesIO(b"%d" % n)).sha256 for n in range(5)}
    (vault.folder / "aa").mkdir(exist_ok=True)
    (vault.folder / "aa" / "stray").write_text("")
    assert list(vault.stored()) == sorted(stored)


def test_a_vault_is_found_again_by_the_next_process(vault: LocalVault) -> None:
    stored = vault.put(io.BytesIO(SMALL))
    assert LocalVault(vault.folder).size(stored.sha256) == len(SMALL)


def test_a_vault_can_not_lie_where_a_file_stands(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert code_of(lambda: LocalVault(tmp_path / "file")) == "F-013"


def test_without_sm3_no_vault_is_opened_and_the_next_step_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsupported(name: str) -> object:
        raise ValueError(f"unsupported hash type {name}")

    monkeypatch.setattr(pouring.hashlib, "new", unsupported)
    with pytest.raises(VaultRefused) as refused:
        LocalVault(tmp_path / "vault")
    assert refused.value.finding.code == "F-001"
    assert "openssl dgst -sm3" in refused.value.finding.next_step("zh")
    assert not (tmp_path / "vault").exists()
