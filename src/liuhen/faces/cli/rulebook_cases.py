"""Past files that a command asks again (往卷来源): dossier folders, or an export in Parquet; journal_cases has the journal's."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from liuhen.dossier.dossier import NAME
from liuhen.dossier.one_zone import OneZone
from liuhen.dossier.read import read
from liuhen.dossier.subjects import subject_files
from liuhen.engines.rulebook import Register
from liuhen.engines.rulebook.texts.replaying import PastFile
from liuhen.faces.cli.parser import WrongUsage
from liuhen.ground.moments import Instant, instant
from liuhen.ground.record import Record, read_record
from liuhen.ground.vocabulary import Vocabulary

_ROWS = 5_000
_COLUMNS = ("c", "k", "content", "rest", "own")


def past_files(
    paths: Sequence[Path], vocabulary: Vocabulary, at: datetime, now: datetime
) -> tuple[str | None, Iterator[PastFile]]:
    """Return the files in dossier folders (also folders of them) and exports, one at a time, and the zone of their days.

    Refused, some of it only while they are gone through: as `read` for a dossier; U-009 an export where its library is not
    installed; U-012 one that can't be read; D-052 files of several zones.
    """
    zone = OneZone()
    files = zone.beginning(_files(paths, vocabulary, at, now, zone))
    return zone.name, files


def _files(
    paths: Sequence[Path], vocabulary: Vocabulary, at: datetime, now: datetime, zone: OneZone
) -> Iterator[PastFile]:
    for path in paths:
        if (path / "about.json").is_file():
            yield from _exported(path, vocabulary, instant(at), zone)
        elif path.is_file() or (path / NAME).is_file():
            yield from _dossier(path, vocabulary, at, now, zone)
        else:
            inner = sorted(found.parent for found in path.glob(f"**/{NAME}"))
            for one in inner or [path]:
                yield from _dossier(one, vocabulary, at, now, zone)


def _dossier(path: Path, vocabulary: Vocabulary, at: datetime, now: datetime, zone: OneZone) -> Iterator[PastFile]:
    dossier = read(path, vocabulary, now=max(at, now), files=False)
    zone.take(dossier.bureau.zone, path.name)
    known = [r for r in dossier.records if r.received <= instant(at)]
    register, applied = _speaking(known, vocabulary)
    captures = frozenset(dossier.captures) if dossier.captures is not None else None
    for n, file in enumerate(subject_files(known, vocabulary)):
        name = f"{path.name}#{n}" if n else path.name
        yield PastFile(name, file.records, file.own, register, applied, captures)


def _speaking(known: Sequence[Record], vocabulary: Vocabulary) -> tuple[Register, tuple[Record, ...]]:
    """Return what speaks for every file: certificates, and decisions to keep applying a text."""
    certificates, applied = vocabulary.with_role("certificate"), vocabulary.with_role("applied_on")
    return Register.of(r for r in known if r.kind in certificates), tuple(r for r in known if r.kind in applied)


def _exported(folder: Path, vocabulary: Vocabulary, at: Instant, zone: OneZone) -> Iterator[PastFile]:
    try:
        import pyarrow.parquet as pq
    except ModuleNotFoundError as error:
        raise WrongUsage("U-009", command="rulebook replay", library="pyarrow") from error
    try:
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        counted = ZoneInfo(str(about["zone"]))  # its days are those of the records as they were written
        files = pq.read_table(folder / "files.parquet").to_pydict()
        general = [read_record(r, zone=counted) for r in about["general"]]
        register, applied = _speaking([r for r in general if r.received <= at], vocabulary)
        zone.take(counted.key, folder.name)
        kept = {c: (name, k) for c, name, k in zip(files["c"], files["name"], files["captures"], strict=True)}
        for path in sorted(folder.glob("part-*.parquet")):
            # A part holds whole files; its rows lie by kind, and become records a file at a time.
            table = pq.read_table(path, columns=list(_COLUMNS)).sort_by("k")
            rows = (row for batch in table.to_batches(max_chunksize=_ROWS) for row in batch.to_pylist())
            for c, listed in groupby(rows, key=lambda row: int(row["c"])):
                name, captures = kept[c]
                records = [(_record(row, counted), row["own"]) for row in listed]
                own = frozenset(i for r, mine in records if mine for i in (r.id, r.root))
                known = tuple(r for r, _ in records if r.received <= at)
                yield PastFile(name, known, own, register, applied, None if captures is None else frozenset(captures))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WrongUsage("U-012", folder=str(folder), reason=type(error).__name__) from error


def _record(row: dict[str, Any], zone: ZoneInfo) -> Record:
    return read_record({**json.loads(row["rest"]), "content": json.loads(row["content"])}, zone=zone)
