"""Evidence files as the journal knows them (附件): taken into the vault, looked up, and held against what a record says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from liuhen.engines.ledger.walk import FileSeen
from liuhen.engines.media.sniffing import type_in
from liuhen.engines.vault.local import ByteStream, LocalVault, StoredFile
from liuhen.engines.vault.refusals import VaultRefused
from liuhen.ground.findings import Finding
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Vocabulary
from liuhen.ground.vocabulary.attached import unfit_files
from liuhen.journal import folders
from liuhen.journal.models import VaultRow


class Held(NamedTuple):
    """What the vault holds under a SHA-256 (库存文件): SM3 and length, as computed when it was taken in, and what it is."""

    sm3: str
    bytes: int
    media_type: str


def the_vault() -> LocalVault:
    """Return the vault of this installation; refused: F-001, F-013."""
    return _vault(folders.vault())


def take_in(bureau: str, stream: ByteStream, **limits: Any) -> StoredFile:
    """Take a file into the vault (入库) and remember its digests; `limits` and refusals as `LocalVault.put`.

    The file is nobody's until a record names it; one that none ever names goes after a time of grace (`journal.sweeping`).
    """
    stored = the_vault().put(stream, **limits)
    remember(bureau, stored)
    return stored


def remember(bureau: str, stored: StoredFile) -> None:
    """Remember the digests of a file that is in the vault."""
    values = {"sm3": stored.sm3, "bytes": stored.bytes}
    VaultRow.objects.get_or_create(bureau=bureau, sha256=stored.sha256, defaults=values)


def look_up(bureau: str, records: Iterable[Record]) -> dict[str, Held]:
    """Return what the vault holds of the files that `records` name, by SHA-256; what it lacks is left out.

    One query; for a file that came into the vault by another way one pass over it, so call this before anything is locked.
    """
    wanted = {file.sha256 for record in records for file in record.files}
    if not wanted:
        return {}
    rows = VaultRow.objects.filter(bureau=bureau, sha256__in=wanted).values_list("sha256", "sm3", "bytes")
    found = {sha256: Held(sm3, size, told) for sha256, sm3, size in rows if (told := _type_if_there(sha256))}
    for sha256 in sorted(wanted - found.keys()):
        try:
            the_vault().renew(sha256)
            stored = the_vault().verify(sha256)
        except VaultRefused:
            continue
        remember(bureau, stored)
        found[sha256] = Held(stored.sm3, stored.bytes, media_type_of(sha256))
    return found


def differences(record: Record, held: Mapping[str, Held]) -> Iterator[Finding]:
    """Yield G-012 for files that the vault lacks, G-013 for those that are not what the record states."""
    for n, file in enumerate(record.files):
        found = held.get(file.sha256)
        if found is None:
            yield Finding("G-012", {"name": file.name, "sha256": file.sha256}, f"/files/{n}")
            continue
        for part, stated, real in (("bytes", file.bytes, found.bytes), ("sm3", file.sm3 or found.sm3, found.sm3)):
            if stated != real:
                fields = {"name": file.name, "part": part, "stated": stated, "held": real}
                yield Finding("G-013", fields, f"/files/{n}/{part}")


def unfit(record: Record, held: Mapping[str, Held], vocabulary: Vocabulary) -> Iterator[Finding]:
    """Yield V-015 to V-017 for files that the record's kind does not take, by what is in them."""
    types = [held[file.sha256].media_type if file.sha256 in held else None for file in record.files]
    return unfit_files(record, types, vocabulary)


def media_type_of(sha256: str) -> str:
    """Return what a stored file is, told by what is in it; refused: F-003 not there."""
    with the_vault().open(sha256) as stream:
        return type_in(stream)


def as_it_is_now(sha256: str) -> FileSeen | None:
    """Read a stored file anew and say what it is now, whatever it was; None when it is not there. For verification."""
    try:
        stored = the_vault().verify(sha256)
    except VaultRefused as refused:
        found = refused.finding
        return FileSeen(str(found.fields["found"]), "", 0) if found.code == "F-011" else None
    return FileSeen(stored.sha256, stored.sm3, stored.bytes)


def _type_if_there(sha256: str) -> str:
    try:
        # It is about to be named: a sweep under way leaves it (`engines.vault.unnamed`).
        the_vault().renew(sha256)
        return media_type_of(sha256)
    except VaultRefused:
        return ""


@lru_cache(maxsize=4)
def _vault(folder: Path) -> LocalVault:
    return LocalVault(folder)
