"""Reading a dossier (读取卷宗): everything wrong is found in one pass; nothing is taken unless all is well."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Any

from liuhen.dossier import strict_json
from liuhen.dossier.attachments import check_files
from liuhen.dossier.dossier import NAME, Dossier, InvalidDossier
from liuhen.dossier.envelope import Envelope, read_envelope
from liuhen.dossier.places import SpecialFileError, opened
from liuhen.dossier.together import Placed, settle
from liuhen.ground.errors import InvalidRecord
from liuhen.ground.findings import Finding
from liuhen.ground.record import File, Record, read_record
from liuhen.ground.vocabulary import Vocabulary
from liuhen.ground.vocabulary.attached import unfit_files

LIMIT_FINDINGS = 200


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A dossier whose envelope was read and whose records were not yet (待核对的卷宗).

    The envelope comes first because it names the rulebooks, and these may bring the kinds by which the records are
    read.
    """

    folder: Path
    envelope: Envelope

    def settle(self, vocabulary: Vocabulary, *, now: datetime | None = None, files: bool = True) -> Dossier:
        """Read the records and hold everything together; refused as in `read`."""
        records: list[Record] = []
        found = list(islice(_all_findings(self, vocabulary, now, files, records), LIMIT_FINDINGS + 1))
        if len(found) > LIMIT_FINDINGS:
            found[LIMIT_FINDINGS:] = [Finding("D-040", {"limit": LIMIT_FINDINGS}, NAME)]
        if found:
            raise InvalidDossier.for_all(found)
        e = self.envelope
        return Dossier(e.bureau, tuple(records), e.rulebooks, e.captures, e.note, self.folder)


def read(path: Path, vocabulary: Vocabulary, *, now: datetime | None = None, files: bool = True) -> Dossier:
    """Read the dossier at `path` (its folder, or its `dossier.json`).

    `now` refuses what lies after it; None does not ask. `files=False` leaves the named files unread: then nothing is
    known of what is in them.
    Refused (InvalidDossier), all findings at once up to 200, each with its place (`dossier.json#` and a JSON
    pointer): D-001 to D-017 the file itself, R-… a record, V-… a record against its kind, D-020 to D-036 records and
    files against each other, V-014 to V-017 what is in the files against the kinds of their records. Cost: memory
    some ten times `dossier.json`, which is at most 64 MB; named files are streamed.
    """
    return unsettled(path).settle(vocabulary, now=now, files=files)


def unsettled(path: Path) -> Unsettled:
    """Read the text and the envelope of the dossier at `path`; refused: D-001 to D-010."""
    whole = os.path.isdir(path)  # Path.is_dir raises for a name that is too long, or behind a closed folder
    folder = path if whole else path.parent
    if not whole and path.name != NAME:
        raise InvalidDossier("D-001", str(path), path=str(path))
    value = strict_json.parse(_bytes(folder, path), NAME)
    envelope = read_envelope(value, NAME)
    envelope.findings[:0] = _flaws_of_envelope(value)
    return Unsettled(folder, envelope)


def _flaws_of_envelope(value: Any) -> Iterator[Finding]:
    for key in strict_json.twice(value):
        yield Finding("D-011", {"key": key}, f"{NAME}#/{strict_json.pointer(key)}")
    if not isinstance(value, dict):
        yield from strict_json.flaws(value, f"{NAME}#")
        return
    for key, held in value.items():
        # Records are looked at one by one, so that a flaw in one leaves the others readable.
        if key != "records" or not isinstance(held, list):
            yield from strict_json.flaws(held, f"{NAME}#/{strict_json.pointer(key)}", depth=1)


def _bytes(folder: Path, shown: Path) -> bytes:
    try:
        with opened(folder, NAME) as stream:
            size = os.fstat(stream.fileno()).st_size
            if size > strict_json.LIMIT_BYTES:
                raise InvalidDossier("D-004", NAME, file=NAME, bytes=size, limit=strict_json.LIMIT_BYTES)
            # One byte more than allowed, for a file that grows while it is read.
            return stream.read(strict_json.LIMIT_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InvalidDossier("D-001", str(shown), path=str(shown)) from error
    except SpecialFileError as error:
        raise InvalidDossier("D-003", str(shown), path=str(folder / NAME)) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InvalidDossier("D-002", str(shown), path=str(folder / NAME), reason=reason) from error


def _all_findings(
    self: Unsettled, vocabulary: Vocabulary, now: datetime | None, files: bool, records: list[Record]
) -> Iterator[Finding]:
    """Yield every finding; fills `records` as the last step, so that a caller who saw a finding has none."""
    envelope = self.envelope
    yield from envelope.findings
    for i, kind in enumerate(envelope.captures or ()):
        if kind not in vocabulary.kinds:
            near = "、".join(get_close_matches(kind, vocabulary.kinds, n=2)) or "–"
            yield Finding("V-001", {"kind": kind, "near": near}, f"{NAME}#/captures/{i}")
    placed: list[Placed] = []
    unread: set[str] = set()
    named: list[tuple[str, File]] = []
    for i, value in enumerate(envelope.records):
        place = f"{NAME}#/records/{i}"
        wrong = list(strict_json.flaws(value, place, depth=2))
        record = None
        if not wrong:
            try:
                record = read_record(value, zone=envelope.zone, bureau=envelope.bureau.id or "?", place=place)
            except InvalidRecord as refusal:
                wrong.extend(refusal.findings)
        if record is None:
            yield from wrong
            if isinstance(value, dict) and isinstance(value.get("id"), str):
                unread.add(value["id"])
            continue
        if envelope.bureau.id and record.bureau != envelope.bureau.id:
            fields = {"record": record.id, "bureau": record.bureau, "of": envelope.bureau.id}
            yield Finding("D-035", fields, f"{place}/bureau")
        yield from vocabulary.check(record, place)
        placed.append(Placed(place, record))
        named.extend((f"{place}/files/{k}", file) for k, file in enumerate(record.files))
    settled = settle(placed, vocabulary, unread=frozenset(unread), now=now)
    yield from settled.findings
    if files:
        types: dict[str, str] = {}
        yield from check_files(self.folder, named, types)
        for item in placed:
            yield from unfit_files(
                item.record, [types.get(file.sha256) for file in item.record.files], vocabulary, item.place
            )
    records.extend(settled.records)
