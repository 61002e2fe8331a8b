"""What is brought to the door (来件): JSON values or Records, read strictly, and checked against their kinds and the clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from liuhen.ground.errors import InvalidRecord
from liuhen.ground.findings import Finding
from liuhen.ground.record import Record, read_record
from liuhen.ground.words import said_moment
from liuhen.journal.judging import Basis

GIVEN_BY_THE_DOOR = ("received_at", "root")


def read_all(values: Iterable[Any], basis: Basis, now: datetime) -> tuple[list[Record], list[Finding]]:
    """Return the records among `values` and everything wrong with any of them; places begin with `/records/<n>` in a batch.

    Findings: R-… and V-… as `read_record` and `Vocabulary.check` say, R-013 done later than now, G-008 a part that only the
    door gives, A-009 a record of another bureau than that of who brings it.
    """
    listed = list(values)
    records: list[Record] = []
    findings: list[Finding] = []
    for n, value in enumerate(listed):
        place = f"/records/{n}" if len(listed) > 1 else ""
        try:
            record = _read(value, basis, place)
        except InvalidRecord as refused:
            findings += refused.findings
            continue
        findings += _given(value, place)
        if record.bureau != basis.bureau:
            findings.append(Finding("A-009", {"bureau": record.bureau, "own": basis.bureau}, f"{place}/bureau"))
        findings += basis.vocabulary.check(record, place)
        findings += _in_the_future(record, now.astimezone(basis.zone), place)
        records.append(record)
    return records, findings


def _read(value: Any, basis: Basis, place: str) -> Record:
    if isinstance(value, Record):
        value = value.maker_json()
    if isinstance(value, dict):
        value = {k: v for k, v in value.items() if k not in GIVEN_BY_THE_DOOR}
    return read_record(value, zone=basis.zone, bureau=basis.bureau, place=place)


def _given(value: Any, place: str) -> list[Finding]:
    if not isinstance(value, dict):
        return []
    return [Finding("G-008", {"part": part}, f"{place}/{part}") for part in GIVEN_BY_THE_DOOR if part in value]


def _in_the_future(record: Record, now: datetime, place: str) -> list[Finding]:
    found = []
    for part, moment in (("done_at", record.done_at), ("until", record.until)):
        if moment is None:
            continue
        whole_day = record.precision == "day"
        later = moment.date() > now.date() if whole_day else moment > now
        if later:
            # Seconds are said only where they make the difference.
            close = f"{moment:%Y-%m-%d %H:%M}" == f"{now:%Y-%m-%d %H:%M}"
            to = "day" if whole_day else "second" if close else "minute"
            fields = {
                "done_at": said_moment(moment, now.year, precision=to),
                "received_at": said_moment(now, now.year, precision=to),
            }
            found.append(Finding("R-013", fields, f"{place}/{part}"))
    return found
