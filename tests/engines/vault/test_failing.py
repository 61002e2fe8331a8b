"""Whatever fails or breaks, a file is there whole or not at all."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from liuhen.engines.vault import local, pouring
from liuhen.engines.vault.local import LocalVault, StoredFile
from liuhen.engines.vault.refusals import VaultRefused
from tests.engines.vault.evidence import LARGE, MIB, NOW, SMALL, Breaking, Os, code_of, digests, held


def test_many_putting_the_same_at_once_leave_one_file(vault: LocalVault) -> None:
    answers: list[StoredFile] = []
    threads = [threading.Thread(target=lambda: answers.append(vault.put(io.BytesIO(LARGE)))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.sha256 for answer in answers} == {digests(LARGE)[0]}
    assert len(answers) == 4
    assert len(held(vault)) == 1


@pytest.mark.parametrize("body", [b"", SMALL, LARGE[: 2 * MIB], LARGE])
@pytest.mark.parametrize("wrong", [ConnectionResetError(104, "reset"), EOFError()])
def test_an_upload_that_breaks_leaves_nothing(vault: LocalVault, body: bytes, wrong: Exception) -> None:
    threads = threading.active_count()
    with pytest.raises(VaultRefused) as refused:
        vault.put(Breaking(body, wrong))
    assert (refused.value.finding.code, refused.value.finding.fields["bytes"]) == ("F-006", len(body))
    assert refused.value.__cause__ is wrong
    assert held(vault) == []
    assert threading.active_count() == threads


def test_a_stream_with_an_error_of_its_own_leaves_nothing_and_is_not_hidden(vault: LocalVault) -> None:
    with pytest.raises(KeyError):
        vault.put(Breaking(LARGE, KeyError("programming error")))
    assert held(vault) == []


@pytest.mark.parametrize("body", [SMALL, LARGE])
@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "F-008"), (errno.EDQUOT, "F-008"), (errno.EFBIG, "F-008"), (errno.EIO, "F-009")],
)
@pytest.mark.parametrize("failing", [0, 2])
def test_a_disk_that_is_full_or_fails_leaves_nothing(
    vault: LocalVault, monkeypatch: pytest.MonkeyPatch, body: bytes, number: int, code: str, failing: int
) -> None:
    written = 0

    def write(handle: int, piece: memoryview) -> int:
        nonlocal written
        written += 1
        if written > failing:
            raise OSError(number, os.strerror(number))
        return os.write(handle, piece[: 1 if len(piece) < MIB else MIB])

    with monkeypatch.context() as full:
        full.setattr(pouring, "os", Os(write=write))
        assert code_of(lambda: vault.put(io.BytesIO(body))) == code
    assert held(vault) == []
    assert vault.put(io.BytesIO(body)).came == "new"


@pytest.mark.parametrize("step", ["fsync", "rename", "fchmod"])
def test_a_disk_that_fails_at_the_end_leaves_nothing(
    vault: LocalVault, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as broken:
        broken.setattr(local, "os", Os(**{step: fail}))
        assert code_of(lambda: vault.put(io.BytesIO(LARGE))) == "F-009"
    assert held(vault) == []


RUN = """
import io, os, resource, sys
from pathlib import Path
from liuhen.engines.vault import local
from liuhen.engines.vault.local import LocalVault
from liuhen.engines.vault.refusals import VaultRefused
vault = LocalVault(Path(sys.argv[1]))
"""


def run(vault: LocalVault, program: str) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-c", RUN + program, str(vault.folder)]
    return subprocess.run(call, check=False, capture_output=True, text=True)


def test_a_disk_that_takes_no_more_in_earnest_leaves_nothing(vault: LocalVault) -> None:
    done = run(
        vault,
        """
resource.setrlimit(resource.RLIMIT_FSIZE, (3_500_000, 3_500_000))
try:
    vault.put(io.BytesIO(bytes(8_000_000)))
except VaultRefused as refused:
    print(refused.finding.code)
""",
    )
    assert (done.stdout, held(vault)) == ("F-008\n", [])


CRASHES = {
    "while reading": """
class Crashing:
    left = 5
    def read(self, size):
        self.left -= 1
        if not self.left:
            os._exit(9)
        return bytes(size)
vault.put(Crashing())
""",
    "before the name is given": """
local.os.rename = lambda *_, **__: os._exit(9)
vault.put(io.BytesIO(bytes(3_000_000)))
""",
}


@pytest.mark.parametrize("when", CRASHES)
def test_a_crash_leaves_nothing_that_can_be_seen_and_sweep_removes_the_rest(vault: LocalVault, when: str) -> None:
    assert run(vault, CRASHES[when]).returncode == 9
    assert list(vault.stored()) == []
    [left] = held(vault)
    assert left.startswith("incoming/")
    assert vault.sweep(timedelta(hours=1), datetime.now(UTC) + timedelta(hours=2)) == 1
    assert held(vault) == []


def test_a_crash_right_after_the_name_was_given_leaves_the_whole_file(vault: LocalVault) -> None:
    after = """
whole = os.rename
local.os.rename = lambda *a, **k: (whole(*a, **k), os._exit(9))
vault.put(io.BytesIO(bytes(3_000_000)))
"""
    assert run(vault, after).returncode == 9
    [sha256] = vault.stored()
    assert vault.verify(sha256).bytes == 3_000_000


def test_memory_stays_the_same_whatever_the_size(vault: LocalVault) -> None:
    done = run(
        vault,
        """
class Zeros:
    left = 300 << 20
    def read(self, size):
        size = min(size, self.left)
        self.left -= size
        return bytes(size)
vault.put(io.BytesIO(bytes(100)))
def peak():
    return int(next(l for l in open("/proc/self/status") if l.startswith("VmHWM")).split()[1]) >> 10
before = peak()
for _ in range(2):
    zeros = Zeros()
    vault.put(zeros)
print(peak() - before)
""",
    )
    assert int(done.stdout) < 64


def leftover(vault: LocalVault, name: str, written: datetime) -> Path:
    path = vault.folder / "incoming" / name
    path.write_bytes(b"half")
    os.utime(path, (written.timestamp(), written.timestamp()))
    return path


def test_sweep_removes_what_is_old_enough_and_nothing_else(vault: LocalVault) -> None:
    hour = timedelta(hours=1)
    stored = vault.put(io.BytesIO(SMALL))
    old = leftover(vault, "old", NOW - hour - timedelta(seconds=1))
    young = leftover(vault, "young", NOW - hour)
    assert vault.sweep(hour, NOW) == 1
    assert (old.exists(), young.exists()) == (False, True)
    assert vault.verify(stored.sha256).bytes == len(SMALL)


def test_sweep_leaves_what_is_still_being_written(vault: LocalVault) -> None:
    swept: list[int] = []

    def sweep_now(_: int) -> None:
        swept.append(vault.sweep(timedelta(0), datetime.now(UTC) + timedelta(days=1)))

    assert vault.put(io.BytesIO(LARGE), progress=sweep_now).bytes == len(LARGE)
    assert set(swept) == {0}


def test_sweep_removes_links_but_not_what_they_point_at_and_leaves_folders(vault: LocalVault, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("keep")
    (vault.folder / "incoming" / "link").symlink_to(target)
    (vault.folder / "incoming" / "folder").mkdir()
    assert vault.sweep(timedelta(0), datetime.now(UTC) + timedelta(days=1)) == 1
    assert target.read_text() == "keep"
    assert (vault.folder / "incoming" / "folder").exists()


def test_sweep_asks_for_a_moment_with_an_offset(vault: LocalVault) -> None:
    with pytest.raises(ValueError, match="offset"):
        vault.sweep(timedelta(0), NOW.replace(tzinfo=None))
