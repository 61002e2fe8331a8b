"""Files held against their records (附件核对): there, whole, unchanged and inside the dossier."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from liuhen.dossier.places import SpecialFileError, chunks_of, is_plain, measured, opened, places
from liuhen.engines.media.sniffing import type_in
from liuhen.ground.findings import Finding
from liuhen.ground.record import File


def check_files(folder: Path, named: list[tuple[str, File]], types: dict[str, str]) -> Iterator[Finding]:
    """Yield what is wrong with the files of a dossier; `named` pairs the place of the mention with the file it names.

    Fills `types`, by SHA-256, with what each file that is whole really is: its media type, told by what is in it.
    D-021 another digest, D-022 another size, D-023 missing, D-024 not a path inside the dossier, D-025 a link or
    special file, D-026 unreadable. Every file is streamed once, however often it is named. Cost: the reading of all
    bytes.
    """
    where = places(file for _, file in named)
    seen: set[tuple[str, str, str, int]] = set()
    for place, file in named:
        key = (where[file], file.sha256, file.sm3, file.bytes)
        if key in seen:
            continue
        seen.add(key)
        yield from _check_file(folder, where[file], file, place, types)


def _check_file(folder: Path, at: str, file: File, place: str, types: dict[str, str]) -> Iterator[Finding]:
    if not is_plain(file.name):
        yield Finding("D-024", {"file": file.name}, f"{place}/name")
        return
    try:
        with opened(folder, at) as stream:
            size = os.fstat(stream.fileno()).st_size
            if size != file.bytes:
                # No need to read gigabytes to know that it is another file.
                yield Finding("D-022", {"file": at, "stated": file.bytes, "found": size}, f"{place}/bytes")
                return
            sha256, sm3, _ = measured(chunks_of(stream))
            types[sha256] = type_in(stream)
    except FileNotFoundError:
        yield Finding("D-023", {"file": at}, f"{place}/name")
    except SpecialFileError:
        yield Finding("D-025", {"file": at}, f"{place}/name")
    except OSError as error:
        yield Finding("D-026", {"file": at, "reason": error.strerror or type(error).__name__}, f"{place}/name")
    else:
        yield from differing(file, at, sha256, sm3, place)


def differing(file: File, at: str, sha256: str, sm3: str, place: str) -> Iterator[Finding]:
    """Yield D-021 when a digest is not the stated one; an SM3 that was never stated is not asked for."""
    for algorithm, stated, found in (("SHA-256", file.sha256, sha256), ("SM3", file.sm3, sm3)):
        if stated and stated != found:
            fields = {"file": at, "algorithm": algorithm, "stated": stated, "found": found}
            yield Finding("D-021", fields, f"{place}/{'sha256' if algorithm == 'SHA-256' else 'sm3'}")
            return
