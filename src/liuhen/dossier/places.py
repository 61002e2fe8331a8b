"""Where a file lies in a dossier (文件位置): plain relative names, opened without ever leaving the folder."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from liuhen.dossier.dossier import NAME
from liuhen.ground.record import File

BY_DIGEST = "by-sha256"
CHUNK = 1 << 20
_DRIVE = re.compile(r"\A[A-Za-z]:")


class SpecialFileError(OSError):
    """The path is a link, a folder or a special file, or lies behind a link (特殊文件)."""


def is_plain(name: str) -> bool:
    """Return whether `name` can be the place of a file in a dossier (卷宗内的相对路径).

    Relative, `/` between parts, no `.` or `..`, no backslash, drive or control character, at most 255 bytes a part;
    `dossier.json` and `by-sha256/` are the dossier's own.
    """
    parts = name.split("/")
    if len(name) > 1000 or "\\" in name or _DRIVE.match(name) or not name.isprintable():
        return False
    if any(part in ("", ".", "..") or part != part.strip() or len(part.encode()) > 255 for part in parts):
        return False
    return _folded(parts[0]) not in (NAME, BY_DIGEST)


def places(files: Iterable[File]) -> dict[File, str]:
    """Return where each file of one dossier lies: at its name; at `by-sha256/<sha256>` where two want one.

    Names that differ only in case or in Unicode form count as one, so that the dossier survives on any disk.
    """
    listed = tuple(dict.fromkeys(files))
    wanted: dict[str, set[str]] = {}
    for file in listed:
        wanted.setdefault(_folded(file.name), set()).add(file.sha256)
    folders = {name[:i] for name in wanted for i in range(len(name)) if name[i] == "/"}
    clash = {name for name, digests in wanted.items() if len(digests) > 1 or name in folders}
    return {file: f"{BY_DIGEST}/{file.sha256}" if _folded(file.name) in clash else file.name for file in listed}


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


@contextmanager
def opened(folder: Path, name: str) -> Iterator[BinaryIO]:
    """Open the ordinary file `name` below `folder` for reading; no link is followed on the way.

    Raises OSError: FileNotFoundError, PermissionError, SpecialFileError. `name` must be plain, or `dossier.json`, or
    in `by-sha256/`.
    """
    with ExitStack() as held:
        descriptor = _kept(held, os.open(folder, _FOLDER))
        *folders, last = name.split("/")
        for part in folders:
            _must_be(stat.S_ISDIR, part, descriptor)
            descriptor = _kept(held, os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=descriptor))
        # Asked before opening: to open a pipe or a device can block or do something.
        _must_be(stat.S_ISREG, last, descriptor)
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        stream = held.enter_context(os.fdopen(os.open(last, flags, dir_fd=descriptor), "rb"))
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise SpecialFileError(name)
        yield stream


_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


def _kept(held: ExitStack, descriptor: int) -> int:
    held.callback(os.close, descriptor)
    return descriptor


def _must_be(wanted: Callable[[int], bool], part: str, folder: int) -> None:
    if not wanted(os.stat(part, dir_fd=folder, follow_symlinks=False).st_mode):
        raise SpecialFileError(part)


def measured(chunks: Iterable[bytes]) -> tuple[str, str, int]:
    """Return SHA-256, SM3 and number of bytes of a stream in one pass; memory does not grow with its length."""
    sha256, sm3, size = hashlib.sha256(), hashlib.new("sm3"), 0
    for chunk in chunks:
        sha256.update(chunk)
        sm3.update(chunk)
        size += len(chunk)
    return sha256.hexdigest(), sm3.hexdigest(), size


def chunks_of(stream: BinaryIO) -> Iterator[bytes]:
    """Yield a stream in pieces of 1 MiB."""
    while chunk := stream.read(CHUNK):
        yield chunk
