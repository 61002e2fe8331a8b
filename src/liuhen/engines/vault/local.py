"""The vault in a local folder (本地证据库): each file under its SHA-256, written once, read-only, whole or not there.

    <folder>/ab/abcd…            the file whose SHA-256 is abcd…, mode 440
    <folder>/incoming/           files being taken in; a crash can leave some, `sweep` removes them
                                 (what was taken in whole and is named by nothing: `unnamed.py`)
    <folder>/damaged/            what was found under a digest that it no longer has, kept for inspection

All is reached from the folder's own handle, name by name and never through a link: whoever can plant a link in the
vault does not make it read or write elsewhere.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Literal

from liuhen.engines.vault.pouring import PIECE_BYTES, new_sm3, pour
from liuhen.engines.vault.refusals import VaultRefused
from liuhen.engines.vault.streams import ByteStream, Progress, Source, filling

__all__ = ["ByteStream", "LocalVault", "Progress", "StoredFile", "check_digest"]

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_FOLDER = os.O_RDONLY | os.O_DIRECTORY
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_STORED_MODE = 0o440


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in the vault (证据文件).

    Attributes:
        sha256, sm3: 64 lower-case hex digits each.
        bytes: length.
        came: `new`; `again` when the same bytes were there already; `mended` when what lay under the digest was
            damaged, was set aside, and the good bytes took its place.
    """

    sha256: str
    sm3: str
    bytes: int
    came: Literal["new", "again", "mended"] = "new"


class LocalVault:
    """A vault in a folder (本地证据库). Several processes may use it at once."""

    __slots__ = ("folder",)

    def __init__(self, folder: Path) -> None:
        """Use `folder`, made if it is not there; refused: F-001 no SM3 in this Python, F-013 the folder can't be
        used.
        """
        new_sm3()
        self.folder = folder
        try:
            for part in (folder, folder / "incoming", folder / "damaged"):
                part.mkdir(mode=0o750, parents=True, exist_ok=True)
        except OSError as wrong:
            raise VaultRefused("F-013", folder=folder.name, error=wrong.strerror) from wrong

    def put(
        self,
        stream: ByteStream,
        *,
        progress: Progress | None = None,
        expect_sha256: str | None = None,
        expect_bytes: int | None = None,
        limit: int | None = None,
    ) -> StoredFile:
        """Take in everything that `stream` gives and return where it lies.

        One pass: SHA-256, SM3 and the copy at the same time; flushed to the disk, then named. Until then nothing can
            be
        seen, and whatever goes wrong leaves nothing behind. The same bytes are kept once. `limit` and `expect_bytes`
        are in bytes.

        Refused: F-002 `expect_sha256` is no digest, F-004 more than `limit`, F-005 another SHA-256 than expected,
            F-006 the
        stream broke, F-007 another length than expected, F-008 the disk is full, F-009 it failed otherwise, F-010 a
        link or folder lies in the way, F-014 it is empty. Cost: that of SM3, about 350 MB/s a core; memory under 32
        MiB whatever the size.
        """
        if expect_sha256 is not None:
            check_digest(expect_sha256)
        most = min((n for n in (limit, expect_bytes) if n is not None), default=None)
        source = Source(stream, progress, most, limit)
        with _disk_errors(), self._incoming() as (incoming, handle, name):
            poured = pour(source.fill, handle)
            if poured.size == 0 and not expect_bytes:
                raise VaultRefused("F-014")
            if expect_bytes is not None and poured.size != expect_bytes:
                raise VaultRefused("F-007", expected=expect_bytes, bytes=poured.size)
            if expect_sha256 is not None and poured.sha256 != expect_sha256:
                raise VaultRefused("F-005", expected=expect_sha256, sha256=poured.sha256)
            os.fchmod(handle, _STORED_MODE)
            os.fsync(handle)
            came = self._shelve(incoming, name, poured.sha256, poured.size)
        return StoredFile(poured.sha256, poured.sm3, poured.size, came)

    def open(self, sha256: str) -> BinaryIO:
        """Open a stored file for reading; refused: F-002 no digest, F-003 not there, F-010 a link or folder lies
        there.
        """
        check_digest(sha256)
        with _disk_errors(), self._shelf(sha256) as shelf:
            return os.fdopen(_open_stored(shelf, sha256), "rb")

    def path(self, sha256: str) -> Path:
        """Return where a stored file lies, for programs that need a name (players, probes); refused as by `open`."""
        self.open(sha256).close()
        return self.folder / sha256[:2] / sha256

    def renew(self, sha256: str) -> None:
        """Say of a stored file that it is wanted now: it counts as taken in anew, and no sweep under way takes it out.

        Refused as by `open`. A file of another user keeps its age: one user runs everything that shares a vault.
        """
        check_digest(sha256)
        with _disk_errors(), self._shelf(sha256) as shelf:
            handle = _open_stored(shelf, sha256)
            try:
                if not _renewed(handle):
                    raise VaultRefused("F-003", sha256=sha256)
            finally:
                os.close(handle)

    def aged(self, shelf: str, before: float) -> Iterator[tuple[str, int]]:
        """Yield SHA-256 and length of the files in one of the 256 folders (`00` to `ff`) taken in before `before` (POSIX)."""
        try:
            held = list(os.scandir(self.folder / shelf))
        except (FileNotFoundError, NotADirectoryError):
            return
        for found in sorted(held, key=lambda f: f.name):
            with suppress(FileNotFoundError):
                seen = found.stat(follow_symlinks=False)
                if _DIGEST.fullmatch(found.name) and stat.S_ISREG(seen.st_mode) and seen.st_mtime < before:
                    yield found.name, seen.st_size

    def take_out(self, sha256: str, before: float, unnamed: Callable[[], bool]) -> int | None:
        """Remove a stored file and return its length; None where it stays.

        It stays when it came in (or was renewed) at or after `before`, is being taken in at this moment, or `unnamed`, asked
        while nobody else can take it in, denies it. Refused: F-010 something else lies there.
        """
        check_digest(sha256)
        with _disk_errors(), suppress(BlockingIOError), self._shelf(sha256) as shelf:
            handle = _open_stored(shelf, sha256)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                seen = os.fstat(handle)
                if seen.st_nlink == 0 or seen.st_mtime >= before or not unnamed():
                    return None
                os.unlink(sha256, dir_fd=shelf)
                os.fsync(shelf)
                return seen.st_size
            finally:
                os.close(handle)
        return None

    def size(self, sha256: str) -> int:
        """Return a stored file's length in bytes; refused as by `open`."""
        with self.open(sha256) as file:
            return os.fstat(file.fileno()).st_size

    def read_range(self, sha256: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Return the bytes from `start` up to but not including `end`, in pieces of at most 1 MiB.

        What is wrong is refused at once, before the first piece: as by `open`, and F-012 unless 0 <= start < end <=
            size (the
        HTTP answer 416; the field `size` has what the answer must say). An empty file has the one range 0 to 0.
        """
        file = self.open(sha256)
        size = os.fstat(file.fileno()).st_size
        stop = size if end is None else end
        if not (0 <= start < stop <= size or start == stop == size == 0):
            file.close()
            raise VaultRefused("F-012", start=start, end=stop, size=size)
        return _read_between(file, start, stop)

    def verify(self, sha256: str) -> StoredFile:
        """Read a stored file anew and return what it is; refused: as by `open`, and F-011 when it is no longer what
        it was.
        """
        with _disk_errors(), self.open(sha256) as file:
            poured = pour(filling(file))
        if poured.sha256 != sha256:
            raise VaultRefused("F-011", sha256=sha256, found=poured.sha256)
        return StoredFile(poured.sha256, poured.sm3, poured.size, "again")

    def stored(self) -> Iterator[str]:
        """Yield the SHA-256 of every stored file, sorted within each of the 256 folders."""
        for shelf in sorted(self.folder.glob("[0-9a-f][0-9a-f]")):
            if not shelf.is_symlink():
                yield from sorted(name.name for name in shelf.iterdir() if _DIGEST.fullmatch(name.name))

    def sweep(self, older_than: timedelta, now: datetime) -> int:
        """Remove what broken uploads left behind and that was last written before `now - older_than`; return how
        many.

        A file that a living process is still writing stays, however old. `now` must be aware (ValueError).
        """
        if now.tzinfo is None:
            raise ValueError("now must carry its offset from UTC")
        before = (now - older_than).timestamp()
        swept = 0
        with _disk_errors(), _opened(self.folder / "incoming") as incoming:
            for name in os.listdir(incoming):
                with suppress(FileNotFoundError):
                    if os.stat(name, dir_fd=incoming, follow_symlinks=False).st_mtime < before:
                        swept += _sweep_one(incoming, name)
        return swept

    @contextmanager
    def _incoming(self) -> Iterator[tuple[int, int, str]]:
        """Give a new empty file in `incoming`, locked so that `sweep` leaves it alone; gone afterwards unless
        renamed.
        """
        name = secrets.token_hex(16)
        with _opened(self.folder / "incoming") as incoming:
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            handle = os.open(name, flags, 0o600, dir_fd=incoming)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)
                yield incoming, handle, name
            finally:
                with suppress(FileNotFoundError):
                    os.unlink(name, dir_fd=incoming)
                os.close(handle)

    @contextmanager
    def _shelf(self, sha256: str, *, make: bool = False) -> Iterator[int]:
        """Give a handle of the folder that a digest belongs into."""
        with _opened(self.folder) as root:
            if make:
                with suppress(FileExistsError):
                    os.mkdir(sha256[:2], 0o750, dir_fd=root)
                    os.fsync(root)
            try:
                shelf = os.open(sha256[:2], _FOLDER | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=root)
            except FileNotFoundError:
                raise VaultRefused("F-003", sha256=sha256) from None
            except (NotADirectoryError, OSError) as wrong:
                if wrong.errno not in (errno.ENOTDIR, errno.ELOOP):
                    raise
                raise VaultRefused("F-010", name=sha256[:2]) from None
            try:
                yield shelf
            finally:
                os.close(shelf)

    def _shelve(self, incoming: int, name: str, sha256: str, size: int) -> Literal["new", "again", "mended"]:
        came: Literal["new", "again", "mended"] = "new"
        with self._shelf(sha256, make=True) as shelf:
            with suppress(FileNotFoundError):
                os.stat(sha256, dir_fd=shelf, follow_symlinks=False)
                if (whole := _is_whole(shelf, sha256, size)) is None:
                    raise FileNotFoundError  # it was just taken out: this one takes its place
                if whole:
                    # Whoever put it there may not have got as far as this flush yet.
                    os.fsync(shelf)
                    return "again"
                with _opened(self.folder / "damaged") as damaged:
                    os.rename(sha256, f"{sha256}-{name[:8]}", src_dir_fd=shelf, dst_dir_fd=damaged)
                    os.fsync(damaged)
                came = "mended"
            os.rename(name, sha256, src_dir_fd=incoming, dst_dir_fd=shelf)
            os.fsync(shelf)
        return came


def check_digest(sha256: str) -> str:
    """Return `sha256`; refused (F-002): anything but 64 lower-case hex digits, so that no name leads out of the
    vault.
    """
    if not _DIGEST.fullmatch(sha256):
        raise VaultRefused("F-002", name=sha256)
    return sha256


def _open_stored(shelf: int, sha256: str) -> int:
    try:
        handle = os.open(sha256, _READ, dir_fd=shelf)
    except FileNotFoundError:
        raise VaultRefused("F-003", sha256=sha256) from None
    except OSError as wrong:
        if wrong.errno != errno.ELOOP:
            raise
        raise VaultRefused("F-010", name=sha256) from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise VaultRefused("F-010", name=sha256)
    return handle


def _is_whole(shelf: int, sha256: str, size: int) -> bool | None:
    """Whether what lies there is what it is named; then it is as new. None when it was taken out meanwhile."""
    try:
        handle = _open_stored(shelf, sha256)
    except VaultRefused as refused:
        if refused.finding.code == "F-003":
            return None
        raise
    with os.fdopen(handle, "rb") as file:
        if not _renewed(handle):
            return None
        return os.fstat(handle).st_size == size and pour(filling(file)).sha256 == sha256


def _renewed(handle: int) -> bool:
    """Make a stored file as new, for as long as `handle` is open out of any sweep's reach; whether it is still there."""
    fcntl.flock(handle, fcntl.LOCK_SH)
    if os.fstat(handle).st_nlink == 0:
        return False
    with suppress(PermissionError):
        os.utime(handle)
    return True


def _read_between(file: BinaryIO, start: int, stop: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        while start < stop:
            piece = file.read(min(PIECE_BYTES, stop - start))
            if not piece:
                return
            start += len(piece)
            yield piece


def _sweep_one(incoming: int, name: str) -> int:
    try:
        handle = os.open(name, _READ, dir_fd=incoming)
    except OSError:
        os.unlink(name, dir_fd=incoming)
        return 1
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.unlink(name, dir_fd=incoming)
    except (BlockingIOError, IsADirectoryError):
        return 0
    finally:
        os.close(handle)
    return 1


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    handle = os.open(folder, _FOLDER | os.O_CLOEXEC)
    try:
        yield handle
    finally:
        os.close(handle)


@contextmanager
def _disk_errors() -> Iterator[None]:
    """Turn the disk's errors into findings; refusals pass."""
    try:
        yield
    except OSError as wrong:
        code = "F-008" if wrong.errno in _FULL else "F-009"
        raise VaultRefused(code, error=wrong.strerror or str(wrong)) from wrong
