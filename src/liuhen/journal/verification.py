"""The journal as a verification reads it (核验取数): every sealed row with the place it claims, made into what its leaf said.

Everything is taken from the rows themselves: the columns are held against the sealed bytes, the personal part against its own
digest. After its key was destroyed a record's open part still gives the sealed digest: destroyed is not edited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import islice
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection

from liuhen.engines.ledger.leaf import EntrySubject, FileLeaf, Leaf, LooksLeaf, RecordLeaf
from liuhen.engines.ledger.notes import VerifierKey
from liuhen.engines.ledger.store import DiskTiles
from liuhen.engines.ledger.verify import Verification, verify_log
from liuhen.engines.ledger.walk import FileLook
from liuhen.ground.canonical import canonical
from liuhen.ground.findings import Finding
from liuhen.ground.moments import instant, read_moment
from liuhen.ground.record import read_record
from liuhen.journal import envelope, folders, keys, unprotected
from liuhen.journal.looks import looks_text
from liuhen.journal.models import AlsoInRow, FileRow, LeafRow, LooksRow, RecordRow
from liuhen.journal.sealing import signer_of
from liuhen.journal.setting_up import origin

ROWS_AT_ONCE = 2000
_BESIDE_A_FILE = ("bureau", "home", "role", "media_type")
MOST_STRAYS = 200
_RECORD = ("seq", "id", "bureau", "kind", "kind_version", "home", "root", "corrects", "done", "until", "day", "received",
           "outside", "actor", "open", "personal", "salt", "digest")  # fmt: skip
_FILE = ("record", "position", "sha256", "sm3", "bytes", "bureau", "home", "role", "media_type")


def verify(
    bureau: str,
    *,
    kept: Sequence[bytes] = (),
    witnesses: Sequence[VerifierKey] = (),
    files: FileLook | None = None,
    keys_of_log: Sequence[VerifierKey] | None = None,
) -> tuple[Verification, tuple[Finding, ...]]:
    """Hold a bureau's journal against its Ledger; return what the log says, and what else is wrong with the journal.

    That is G-023 for rows that never went to the log, G-042 and G-043 for tables that the database no longer keeps append-only.

    `kept`: checkpoints kept elsewhere. `files`: reads the vault's files anew; without it their bytes are not looked at.
    `keys_of_log`: the log's public keys as kept elsewhere; without them the key on this machine is believed.
    """
    known = keys_of_log or [signer_of(bureau).verifier]
    source = DiskTiles(folders.ledger(bureau))
    seen = verify_log(
        rows_for_verification(bureau), source, known, origin(bureau), witnesses=witnesses, kept=kept, files=files
    )
    return seen, (*strays(bureau), *unprotected.findings(connection))


def rows_for_verification(bureau: str) -> Iterator[tuple[int, Leaf]]:
    """Yield every sealed row with its place, rising; a place whose row is gone is left out, which the log then shows."""
    leaves = LeafRow.objects.filter(bureau=bureau, place__isnull=False).order_by("place")
    walk = leaves.values_list("place", "sort", "ref").iterator(ROWS_AT_ONCE)
    while several := [(place or 0, sort, ref) for place, sort, ref in islice(walk, ROWS_AT_ONCE)]:
        yield from _leaves(bureau, several)


def strays(bureau: str) -> tuple[Finding, ...]:
    """Return G-023 for records that stand in the journal and have no entry in the outbox: they came by another way."""
    known = LeafRow.objects.filter(sort="record").values("ref")
    ids = RecordRow.objects.filter(bureau=bureau).exclude(id__in=known).order_by("seq").values_list("id", flat=True)
    return tuple(Finding("G-023", {"subject": EntrySubject("record", (id_,)).said()}) for id_ in ids[:MOST_STRAYS])


def _leaves(bureau: str, listed: Sequence[tuple[int, str, str]]) -> Iterator[tuple[int, Leaf]]:
    guests: dict[int, list[str]] = {}
    named = {ref.partition("/")[0] for _, sort, ref in listed if sort != "looks"}
    records: dict[str, dict[str, Any]] = {
        row["id"]: dict(row) for row in RecordRow.objects.filter(id__in=named, bureau=bureau).values(*_RECORD)
    }
    files = {
        f"{row['record']}/{row['position']}": row for row in FileRow.objects.filter(record__in=named).values(*_FILE)
    }
    beside: dict[str, dict[int, tuple[Any, ...]]] = {}
    for row in files.values():
        beside.setdefault(row["record"], {})[row["position"]] = tuple(row[name] for name in _BESIDE_A_FILE)
    for home, seq in AlsoInRow.objects.filter(seq__in=[r["seq"] for r in records.values()]).values_list("home", "seq"):
        guests.setdefault(seq, []).append(home)
    for row in records.values():
        row["files"] = sorted(guests.get(row["seq"], []))
        row["attached"] = beside.get(row["id"], {})
    opened = keys.keys_of({row["home"] for row in records.values()})
    made: Mapping[str, Callable[[str], Leaf | None]] = {
        "record": lambda ref: _record_leaf(records.get(ref), opened),
        "file": lambda ref: _file_leaf(files.get(ref), records.get(ref.partition("/")[0])),
        "looks": lambda ref: _looks_leaf(bureau, ref),
    }
    for place, sort, ref in listed:
        leaf = made[sort](ref)
        if leaf is not None:
            yield place, leaf


def _record_leaf(row: Mapping[str, Any] | None, opened: Mapping[str, AESGCM]) -> RecordLeaf | None:
    if row is None:
        return None
    stored = _raw(row["open"])
    return RecordLeaf(row["id"], stored, _raw(row["salt"]), _as_columns_say(row, stored, opened))


def _raw(held: Any) -> bytes:
    # Who writes past the door may leave text where bytes were: SQLite's columns take anything.
    return held.encode() if isinstance(held, str) else bytes(held)


def _as_columns_say(row: Mapping[str, Any], stored: bytes, opened: Mapping[str, AESGCM]) -> bytes:
    """Return the sealed bytes again where columns and personal part agree with them, else bytes that say what they do say."""
    try:
        whole = envelope.opened(stored)
        said = _columns(whole)
    except (ValueError, KeyError, TypeError):
        return b""
    attached = said.pop("attached")
    differing = {name: row[name] for name, value in said.items() if row[name] != value}
    # A missing one is a leaf without its row; what is too many or says something else would show nowhere else.
    differing |= {f"file {n}": held for n, held in row["attached"].items() if attached.get(n) != held}
    # By hand: a salt that was altered may have any length.
    if row["digest"] != sha256(_raw(row["salt"]) + stored).hexdigest():
        differing["digest"] = row["digest"]
    if not _is_day_of(whole["record"]["done_at"], row["day"]):
        differing["day"] = row["day"]
    if row["personal"] and row["home"] in opened:
        digest = _personal_digest(row, opened[row["home"]])
        if digest != whole["personal"]:
            differing["personal"] = digest
    elif bool(row["personal"]) != bool(whole["personal"]):
        differing["personal"] = ""
    return canonical({"columns": {k: str(v) for k, v in differing.items()}}) if differing else stored


def _personal_digest(row: Mapping[str, Any], key: AESGCM) -> str:
    try:
        return envelope.personal_digest(keys.decrypt(key, row["id"], _raw(row["personal"])))
    except (InvalidTag, ValueError):
        return ""


def _columns(whole: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the columns must be by the sealed bytes."""
    record = read_record(envelope.without_content(whole["record"]))
    return {
        "id": record.id,
        "bureau": record.bureau,
        "kind": record.kind,
        "kind_version": record.kind_version,
        "home": whole["door"]["files"][0],
        "files": sorted(whole["door"]["files"][1:]),
        "root": record.root,
        "corrects": record.corrects,
        "done": record.instant,
        "until": None if record.until is None else instant(record.until),
        "received": record.received,
        "outside": "outside" in whole["door"],
        "actor": whole["door"]["actor"],
        "attached": {
            n: (record.bureau, whole["door"]["files"][0], file.role, file.media_type)
            for n, file in enumerate(record.files)
        },
    }


def _is_day_of(done_at: str, day: Any) -> bool:
    """Return whether a day is the local one of a moment as it was written; the zone of the bureau may be another today."""
    moment = read_moment(done_at)
    if moment is None or not isinstance(day, int):
        return False
    # Local times that can't be written with their offset stand in UTC (`written`): they may lie a day apart.
    return abs(moment.toordinal() - day) <= (0 if moment.utcoffset() else 1)


def _file_leaf(row: Mapping[str, Any] | None, record: Mapping[str, Any] | None) -> FileLeaf | None:
    if row is None or record is None:
        return None
    return FileLeaf(row["record"], row["position"], row["sha256"], row["sm3"], row["bytes"], _raw(record["salt"]))


def _looks_leaf(bureau: str, ref: str) -> LooksLeaf | None:
    first, _, last = ref.partition("-")
    row = LooksRow.objects.filter(bureau=bureau, first=int(first), last=int(last)).first()
    if row is None:
        return None
    return LooksLeaf(row.first, row.last, looks_text(bureau, row.first, row.last), bytes(row.salt))
