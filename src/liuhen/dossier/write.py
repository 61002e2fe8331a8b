"""Writing a dossier (写出卷宗): the whole folder or nothing, and what is written is what `read` gives back."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO

from liuhen.dossier.attachments import differing
from liuhen.dossier.dossier import NAME, Dossier, InvalidDossier
from liuhen.dossier.places import chunks_of, is_plain, measured, opened, places
from liuhen.ground.record import File

Source = Callable[[File], AbstractContextManager[BinaryIO]]


def text_of(dossier: Dossier) -> str:
    """Return the text of `dossier.json`: UTF-8, keys in a fixed order; equal dossiers give equal text."""
    return json.dumps(dossier.as_json(), ensure_ascii=False, indent=1) + "\n"


def write(dossier: Dossier, target: Path, source: Source | None = None) -> None:
    """Write `dossier` as the folder `target`, which must not exist yet.

    `source` opens the bytes of a file for reading; by default they are taken from the dossier's own folder.
    Everything is written beside the target, flushed to the disk and renamed in one step: after a crash there is
    either the whole folder or none (a folder `.<name>.….part` may remain). Refused (InvalidDossier), nothing left
    behind: D-050 the target is there, D-051 the disk refuses, D-021 or D-022 the bytes are not those of the record,
    D-023 they are missing, D-024 a name that would leave the folder. Cost: one pass over all bytes.
    """
    if source is None:
        source = _from_folder(dossier)
    if os.path.lexists(target):
        raise InvalidDossier("D-050", str(target), path=str(target))
    try:
        part = Path(tempfile.mkdtemp(prefix=f".{target.name[:40]}.", suffix=".part", dir=target.parent))
    except OSError as error:
        raise _failed(target, error) from error
    try:
        _fill(part, dossier, source)
        part.chmod(0o755)
        part.rename(target)
        _flush(target.parent)
    except OSError as error:
        raise _failed(target, error) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _fill(folder: Path, dossier: Dossier, source: Source) -> None:
    folders = {folder}
    for file, at in places(dossier.files).items():
        if not is_plain(file.name):
            raise InvalidDossier("D-024", NAME, file=file.name)
        path = folder / at
        if path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        folders.update(path.parents[: len(Path(at).parts)])
        _copy(file, at, path, source)
    with (folder / NAME).open("x", encoding="utf-8", newline="\n") as stream:
        stream.write(text_of(dossier))
        stream.flush()
        os.fsync(stream.fileno())
    for each in folders:
        _flush(each)


def _copy(file: File, at: str, path: Path, source: Source) -> None:
    try:
        reading = source(file)
        with reading as stream, path.open("xb") as out:
            sha256, sm3, size = measured(_passed_on(stream, out))
            out.flush()
            os.fsync(out.fileno())
    except FileNotFoundError as error:
        raise InvalidDossier("D-023", NAME, file=at) from error
    if size != file.bytes:
        raise InvalidDossier("D-022", NAME, file=at, stated=file.bytes, found=size)
    if wrong := list(differing(file, at, sha256, sm3, NAME)):
        raise InvalidDossier.for_all(wrong)


def _passed_on(stream: BinaryIO, out: BinaryIO) -> Iterator[bytes]:
    for chunk in chunks_of(stream):
        out.write(chunk)
        yield chunk


def _from_folder(dossier: Dossier) -> Source:
    where = places(dossier.files)

    def source(file: File) -> AbstractContextManager[BinaryIO]:
        if dossier.folder is None:
            raise FileNotFoundError(file.name)
        return opened(dossier.folder, where[file])

    return source


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _failed(target: Path, error: OSError) -> InvalidDossier:
    reason = error.strerror or type(error).__name__
    return InvalidDossier("D-051", str(target), path=str(target), reason=reason)
