"""A log on disk is as its checkpoint says, whatever happened while it was written."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from liuhen.engines.ledger import store
from liuhen.engines.ledger.checkpoint import open_checkpoint
from liuhen.engines.ledger.keys import Signer
from liuhen.engines.ledger.log import Log, read_entries
from liuhen.engines.ledger.proofs import HashReader, inclusion_proof, verify_inclusion
from liuhen.engines.ledger.refusals import EntryRefused, LogRefused, TileRefused
from liuhen.engines.ledger.store import DiskTiles, DiskWriter
from liuhen.engines.ledger.tree import EMPTY_ROOT, leaf_hash, leaf_hashes, root_of
from tests.engines.ledger.sealed import ORIGIN, MemoryTiles, entries

Opener = Callable[[], Log]


def head_of(folder: Path, signer: Signer) -> tuple[int, bytes]:
    head = open_checkpoint((folder / "checkpoint").read_bytes(), [signer.verifier], ORIGIN).checkpoint
    return head.size, head.root


def files_in(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()} - {"lock"}


def test_a_new_log_is_empty_and_says_so(open_log: Opener, signer: Signer) -> None:
    with open_log() as log:
        assert log.size == 0
        assert head_of(log.folder, signer) == (0, EMPTY_ROOT)
        assert files_in(log.folder) == {"checkpoint"}


@pytest.mark.parametrize("size", [1, 255, 256, 257, 513])
def test_what_was_appended_is_on_disk_under_the_signed_root(open_log: Opener, signer: Signer, size: int) -> None:
    sealed = entries(size)
    with open_log() as log:
        answer = log.append(sealed)
        assert (answer.first, answer.checkpoint.size) == (0, size)
        assert answer.note == (log.folder / "checkpoint").read_bytes()
        assert head_of(log.folder, signer) == (size, root_of(leaf_hashes(sealed)))
        assert list(log.entries(0, size)) == sealed
        expected = MemoryTiles.over(sealed)
        for path, body in expected.held.items():
            assert DiskTiles(log.folder).get(path) == body
        assert files_in(log.folder) == {*expected.held, "checkpoint"}


@pytest.mark.parametrize("steps", [[1] * 5, [255, 1, 1], [256, 1], [250, 300], [512, 0, 1]])
def test_a_log_grown_in_steps_is_the_log_built_at_once(open_log: Opener, signer: Signer, steps: list[int]) -> None:
    sealed = entries(sum(steps))
    first = 0
    for step in steps:
        with open_log() as log:
            assert log.append(sealed[first : first + step], at=first).first == first
        first += step
    folder = log.folder
    assert head_of(folder, signer) == (len(sealed), root_of(leaf_hashes(sealed)))
    assert list(read_entries(DiskTiles(folder), len(sealed), 0, len(sealed))) == sealed
    reader = HashReader(DiskTiles(folder), len(sealed))
    for index in {0, len(sealed) // 2, len(sealed) - 1}:
        verify_inclusion(
            leaf_hash(sealed[index]),
            index,
            len(sealed),
            inclusion_proof(reader, index, len(sealed)),
            root_of(leaf_hashes(sealed)),
        )


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537])
def test_a_log_built_in_bulk_has_its_tiles_on_both_sides_of_the_second_level(
    open_log: Opener, signer: Signer, size: int
) -> None:
    sealed = entries(size)
    with open_log() as log:
        log.append(iter(sealed))
        assert head_of(log.folder, signer) == (size, root_of(leaf_hashes(sealed)))
        assert files_in(log.folder) == {*MemoryTiles.over(sealed).held, "checkpoint"}
    with open_log() as log:
        log.append(entries(3, size))
        assert head_of(log.folder, signer) == (size + 3, root_of(leaf_hashes(entries(size + 3))))


def test_full_tiles_are_read_only_and_never_written_again(open_log: Opener) -> None:
    with open_log() as log:
        log.append(entries(256))
        tiles = [log.folder / "tile/0/000", log.folder / "tile/entries/000"]
        before = [(t.stat().st_ino, t.stat().st_mtime_ns) for t in tiles]
        log.append(entries(300, 256))
        assert [(t.stat().st_ino, t.stat().st_mtime_ns) for t in tiles] == before
        assert [t.stat().st_mode & 0o777 for t in tiles] == [0o444, 0o444]


def test_partial_tiles_go_once_the_full_tile_is_there(open_log: Opener) -> None:
    with open_log() as log:
        log.append(entries(100))
        log.append(entries(100, 100))
        assert {"tile/0/000.p/100", "tile/0/000.p/200"} <= files_in(log.folder)
        log.append(entries(100, 200))
        assert not [path for path in files_in(log.folder) if path.startswith(("tile/0/000.p", "tile/entries/000.p"))]
        # Whoever still has the old checkpoint finds its hashes in the full tile.
        assert list(read_entries(DiskTiles(log.folder), 100, 98, 100)) == entries(2, 98)


def test_an_empty_append_signs_the_same_head(open_log: Opener, signer: Signer) -> None:
    with open_log() as log:
        log.append(entries(3))
        before = head_of(log.folder, signer)
        assert log.append([]).checkpoint.size == 3
        assert head_of(log.folder, signer) == before


def test_a_batch_whose_answer_was_lost_is_not_sealed_twice(open_log: Opener) -> None:
    with open_log() as log:
        log.append(entries(3), at=0)
        with pytest.raises(LogRefused) as refused:
            log.append(entries(3), at=0)
        assert (refused.value.finding.code, refused.value.finding.fields["size"], log.size) == ("L-027", 3, 3)
        assert list(log.entries(0, 3)) == entries(3)


def test_an_entry_too_long_leaves_the_log_as_it_was(open_log: Opener, signer: Signer) -> None:
    with open_log() as log:
        log.append(entries(3))
        before = files_in(log.folder)
        with pytest.raises(EntryRefused) as refused:
            log.append([b"fits", b"x" * 65_536])
        assert (refused.value.finding.code, files_in(log.folder), log.size) == ("L-001", before, 3)
        log.append([b"fits"])
        assert head_of(log.folder, signer) == (4, root_of(leaf_hashes([*entries(3), b"fits"])))


def test_entries_whose_source_breaks_leave_the_log_as_it_was(open_log: Opener) -> None:
    def breaking() -> Iterator[bytes]:
        yield from entries(300)
        raise ConnectionError

    with open_log() as log:
        with pytest.raises(LogRefused):
            log.append(breaking())
        assert files_in(log.folder) == {"checkpoint"}
        assert log.append(entries(2)).first == 0


@pytest.mark.parametrize("failing", [0, 1, 2, 5])
def test_a_full_disk_leaves_the_log_as_it_was(
    open_log: Opener, signer: Signer, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    with open_log() as log:
        log.append(entries(3))
        before = head_of(log.folder, signer)
        written = 0

        def write(handle: int, body: bytes) -> int:
            nonlocal written
            written += 1
            if written > failing:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return os.write(handle, body)

        with monkeypatch.context() as full:
            full.setattr(store, "os", _Os(write=write))
            with pytest.raises(LogRefused) as refused:
                log.append(entries(300, 3))
        assert refused.value.finding.code == "L-028"
        assert head_of(log.folder, signer) == before
        assert not [path for path in files_in(log.folder) if path.startswith("incoming")]
        log.append(entries(300, 3))
        assert head_of(log.folder, signer) == (303, root_of(leaf_hashes(entries(303))))


class _Os:
    """The module os with some functions replaced."""

    def __init__(self, **replaced: object) -> None:
        self.__dict__.update(replaced)

    def __getattr__(self, name: str) -> object:
        return getattr(os, name)


CRASH = """
import os, sys
from pathlib import Path
from liuhen.engines.ledger.keys import Signer
from liuhen.engines.ledger.log import Log
from liuhen.engines.ledger import store
setattr(store.DiskWriter, sys.argv[2], lambda *_: os._exit(9))
with Log(Path(sys.argv[1]), Signer(sys.argv[3], bytes(range(32)))) as log:
    log.append([b"lost %d" % n for n in range(int(sys.argv[4]))])
"""


@pytest.mark.parametrize("lost", [10, 300, 20_000])
@pytest.mark.parametrize("before", ["settle", "publish"])
def test_a_crash_before_the_checkpoint_leaves_the_old_log(
    open_log: Opener, signer: Signer, before: str, lost: int
) -> None:
    with open_log() as log:
        log.append(entries(250))
    crashed = subprocess.run([sys.executable, "-c", CRASH, log.folder, before, ORIGIN, str(lost)], check=False)
    assert crashed.returncode == 9
    assert head_of(log.folder, signer) == (250, root_of(leaf_hashes(entries(250))))
    with open_log() as log:
        assert list(log.entries(0, 250)) == entries(250)
        log.append(entries(400, 250))
        assert head_of(log.folder, signer) == (650, root_of(leaf_hashes(entries(650))))
        assert list(log.entries(0, 650)) == entries(650)
        assert not [path for path in files_in(log.folder) if path.startswith("incoming")]


def test_a_checkpoint_whose_last_flush_failed_is_taken_as_the_disk_has_it(
    open_log: Opener, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_log() as log:
        whole = DiskWriter.publish

        def published_and_failed(writer: DiskWriter, checkpoint: bytes) -> None:
            whole(writer, checkpoint)
            raise OSError(errno.EIO, "Input/output error")

        with monkeypatch.context() as broken:
            broken.setattr(DiskWriter, "publish", published_and_failed)
            with pytest.raises(LogRefused):
                log.append(entries(3), at=0)
        with pytest.raises(LogRefused) as refused:
            log.append(entries(3), at=0)
        assert refused.value.finding.code == "L-027"
        assert log.append(entries(1, 3), at=3).checkpoint.root == root_of(leaf_hashes(entries(4)))


def test_only_one_process_seals_at_a_time(open_log: Opener) -> None:
    with open_log(), pytest.raises(LogRefused) as refused:
        open_log()
    assert refused.value.finding.code == "L-025"
    with open_log() as log:
        assert log.size == 0


def test_a_log_is_not_made_twice_in_one_folder(open_log: Opener, signer: Signer) -> None:
    with open_log() as log:
        log.append(entries(1))
    with pytest.raises(LogRefused) as refused:
        Log.create(log.folder, signer)
    assert (refused.value.finding.code, head_of(log.folder, signer)[0]) == ("L-023", 1)


@pytest.mark.parametrize("there", [False, True])
def test_there_is_no_log_to_open(tmp_path: Path, signer: Signer, there: bool) -> None:
    if there:
        (tmp_path / "log").mkdir()
    with pytest.raises(LogRefused) as refused:
        Log(tmp_path / "log", signer)
    assert refused.value.finding.code == "L-024"


def test_a_log_can_not_be_made_where_a_file_stands(tmp_path: Path, signer: Signer) -> None:
    (tmp_path / "log").write_text("")
    with pytest.raises(LogRefused) as refused:
        Log.create(tmp_path / "log", signer)
    assert refused.value.finding.code == "L-028"


def test_a_log_opens_after_a_restore_without_its_empty_folder(open_log: Opener) -> None:
    with open_log() as log:
        log.append(entries(3))
    (log.folder / "incoming").rmdir()
    with open_log() as log:
        assert log.append(entries(1, 3)).checkpoint.size == 4


@pytest.mark.parametrize("path", ["tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44"])
def test_a_log_whose_edge_was_changed_is_not_opened_for_writing(open_log: Opener, path: str) -> None:
    with open_log() as log:
        log.append(entries(300))
    file = log.folder / path
    body = bytearray(file.read_bytes())
    body[-1] ^= 1
    file.chmod(0o644)
    file.write_bytes(body)
    with pytest.raises(LogRefused) as refused:
        open_log()
    assert refused.value.finding.code == "L-026"


def test_a_log_whose_edge_is_missing_is_not_opened(open_log: Opener) -> None:
    with open_log() as log:
        log.append(entries(300))
    (log.folder / "tile/1/000.p/1").unlink()
    with pytest.raises(TileRefused) as refused:
        open_log()
    assert refused.value.finding.code == "L-004"


def test_a_file_that_can_not_be_read_is_named(open_log: Opener) -> None:
    with open_log() as log:
        (log.folder / "tile/0").mkdir(parents=True)
        (log.folder / "tile/0/000").symlink_to(log.folder / "checkpoint")
        with pytest.raises(TileRefused) as refused:
            DiskTiles(log.folder).get("tile/0/000")
        assert (refused.value.finding.code, refused.value.finding.fields["file"]) == ("L-028", "tile/0/000")
        (log.folder / "tile/0/001").mkdir()
        with pytest.raises(TileRefused):
            DiskTiles(log.folder).get("tile/0/001")


@pytest.mark.parametrize(("first", "end"), [(-1, 2), (2, 1), (0, 4)])
def test_there_are_no_entries_outside_the_log(open_log: Opener, first: int, end: int) -> None:
    with open_log() as log:
        log.append(entries(3))
        with pytest.raises(TileRefused) as refused:
            list(log.entries(first, end))
        assert refused.value.finding.code == "L-005"
