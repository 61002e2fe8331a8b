"""A file that was taken in lies whole under its own digest, read-only."""

from __future__ import annotations

import errno
import io
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liuhen.engines.vault import pouring
from liuhen.engines.vault.local import LocalVault, StoredFile
from liuhen.engines.vault.refusals import VaultRefused
from tests.engines.vault.evidence import LARGE, MIB, SMALL, Dribble, Os, code_of, digests, held


@pytest.mark.parametrize("size", [1, 4095, 4096, 4097, MIB - 1, MIB, MIB + 1, 2 * MIB, len(LARGE)])
def test_what_was_put_is_there_under_its_digests(vault: LocalVault, size: int) -> None:
    body = LARGE[:size]
    stored = vault.put(io.BytesIO(body))
    assert (stored.sha256, stored.sm3, stored.bytes) == digests(body)
    assert stored.came == "new"
    with vault.open(stored.sha256) as file:
        assert file.read() == body
    assert held(vault) == [f"{stored.sha256[:2]}/{stored.sha256}"]


def test_the_digests_are_the_published_ones_of_abc(vault: LocalVault) -> None:
    stored = vault.put(io.BytesIO(b"abc"))
    assert stored.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert stored.sm3 == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@pytest.mark.parametrize("step", [1000, 65_536, MIB - 1])
def test_a_stream_that_gives_little_at_a_time_makes_no_difference(vault: LocalVault, step: int) -> None:
    stored = vault.put(Dribble(LARGE, step))
    assert (stored.sha256, stored.sm3, stored.bytes) == digests(LARGE)
    assert vault.path(stored.sha256).read_bytes() == LARGE


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(size=st.integers(1, len(LARGE)), step=st.integers(1 << 12, 2 * MIB))
def test_any_length_in_any_steps_is_stored_as_it_came(vault: LocalVault, size: int, step: int) -> None:
    stored = vault.put(Dribble(LARGE[:size], step))
    assert (stored.sha256, stored.sm3, stored.bytes) == digests(LARGE[:size])
    assert vault.path(stored.sha256).read_bytes() == LARGE[:size]


@pytest.mark.parametrize("expected", [None, 0])
def test_an_empty_file_is_refused_and_leaves_nothing(vault: LocalVault, expected: int | None) -> None:
    with pytest.raises(VaultRefused) as refused:
        vault.put(io.BytesIO(b""), expect_bytes=expected)
    assert refused.value.finding.code == "F-014"
    assert held(vault) == []


@pytest.mark.parametrize("body", [SMALL, LARGE])
def test_where_the_file_system_knows_no_way_past_the_cache_the_file_is_stored_all_the_same(
    vault: LocalVault, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    def no_flag(handle: int, what: int, flags: int = 0) -> int:
        if flags & os.O_DIRECT:
            raise OSError(errno.EINVAL, "Invalid argument")
        return 0

    monkeypatch.setattr(pouring.fcntl, "fcntl", no_flag)
    assert vault.path(vault.put(io.BytesIO(body)).sha256).read_bytes() == body


def test_where_the_disk_refuses_to_be_written_directly_the_cache_is_used(
    vault: LocalVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = []

    def write(handle: int, piece: memoryview) -> int:
        if pouring.fcntl.fcntl(handle, pouring.fcntl.F_GETFL) & os.O_DIRECT:
            refused.append(len(piece))
            raise OSError(errno.EINVAL, "Invalid argument")
        return os.write(handle, piece)

    monkeypatch.setattr(pouring, "os", Os(write=write))
    assert vault.path(vault.put(io.BytesIO(LARGE)).sha256).read_bytes() == LARGE
    assert refused == [MIB] * 3


def test_a_disk_that_takes_parts_gets_the_rest(vault: LocalVault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pouring, "os", Os(write=lambda handle, piece: os.write(handle, piece[:300_000])))
    monkeypatch.setattr(pouring.DirectWriter, "_turn", lambda *_, direct: None)
    assert vault.path(vault.put(io.BytesIO(LARGE)).sha256).read_bytes() == LARGE


def test_a_stored_file_is_read_only(vault: LocalVault) -> None:
    stored = vault.put(io.BytesIO(SMALL))
    assert vault.path(stored.sha256).stat().st_mode & 0o777 == 0o440


def test_the_same_bytes_are_kept_once(vault: LocalVault) -> None:
    first = vault.put(io.BytesIO(LARGE))
    inode = vault.path(first.sha256).stat().st_ino
    second = vault.put(io.BytesIO(LARGE))
    assert second == StoredFile(first.sha256, first.sm3, first.bytes, "again")
    assert vault.path(first.sha256).stat().st_ino == inode
    assert len(held(vault)) == 1


@pytest.mark.parametrize("damage", [LARGE[:-1], LARGE[:-1] + b"x", b""])
def test_the_same_bytes_mend_a_damaged_file_and_the_damaged_one_is_kept_aside(vault: LocalVault, damage: bytes) -> None:
    stored = vault.put(io.BytesIO(LARGE))
    path = vault.path(stored.sha256)
    path.chmod(0o600)
    path.write_bytes(damage)
    assert vault.put(io.BytesIO(LARGE)).came == "mended"
    assert path.read_bytes() == LARGE
    [aside] = (vault.folder / "damaged").iterdir()
    assert (aside.name[:64], aside.read_bytes()) == (stored.sha256, damage)


def test_progress_is_told_and_ends_with_the_whole(vault: LocalVault) -> None:
    told: list[int] = []
    vault.put(io.BytesIO(LARGE), progress=told.append)
    assert told == sorted(told)
    assert told[-1] == len(LARGE)
    assert len(told) >= 4


@pytest.mark.parametrize("body", [SMALL, LARGE])
def test_progress_can_end_an_upload(vault: LocalVault, body: bytes) -> None:
    class Cancelled(Exception):
        pass

    def cancel(seen: int) -> None:
        if seen == len(body):
            raise Cancelled

    with pytest.raises(Cancelled):
        vault.put(io.BytesIO(body), progress=cancel)
    assert held(vault) == []


@pytest.mark.parametrize("body", [SMALL, LARGE])
def test_a_limit_holds_to_the_byte(vault: LocalVault, body: bytes) -> None:
    assert code_of(lambda: vault.put(io.BytesIO(body), limit=len(body) - 1)) == "F-004"
    assert held(vault) == []
    assert vault.put(io.BytesIO(body), limit=len(body)).bytes == len(body)


def test_an_endless_upload_ends_at_the_limit(vault: LocalVault) -> None:
    class Endless:
        given = 0

        def read(self, size: int, /) -> bytes:
            self.given += size
            return bytes(size)

    endless = Endless()
    assert code_of(lambda: vault.put(endless, limit=5 * MIB)) == "F-004"
    assert endless.given <= 7 * MIB
    assert held(vault) == []


@pytest.mark.parametrize("body", [SMALL, LARGE])
def test_an_expected_digest_must_be_that_of_the_bytes(vault: LocalVault, body: bytes) -> None:
    assert code_of(lambda: vault.put(io.BytesIO(body[:-1]), expect_sha256=digests(body)[0])) == "F-005"
    assert held(vault) == []
    assert vault.put(io.BytesIO(body), expect_sha256=digests(body)[0]).bytes == len(body)


@pytest.mark.parametrize("body", [SMALL, LARGE])
@pytest.mark.parametrize("off", [-1, 1])
def test_an_expected_length_must_be_that_of_the_bytes(vault: LocalVault, body: bytes, off: int) -> None:
    assert code_of(lambda: vault.put(io.BytesIO(body), expect_bytes=len(body) + off)) == "F-007"
    assert held(vault) == []
    assert vault.put(io.BytesIO(body), expect_bytes=len(body), limit=len(body)).bytes == len(body)


def test_a_limit_below_the_announced_length_is_named_first(vault: LocalVault) -> None:
    assert code_of(lambda: vault.put(io.BytesIO(LARGE), limit=MIB, expect_bytes=2 * MIB)) == "F-004"
