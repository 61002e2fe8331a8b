"""The journal as a log of events (登记成日志): what was done when in every case, from the open parts of the records alone.

Nothing is decrypted and no content is handed on: kinds, times and roles, so that no look at a case's content takes place.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from zoneinfo import ZoneInfo

from liuhen.ground.record import Record, read_record
from liuhen.journal import envelope
from liuhen.journal.models import BureauRow, CaseRow, RecordRow


def cases_as_log(bureau: str) -> Iterator[tuple[str, tuple[Record, ...]]]:
    """Yield the cases of a bureau by the id of the record that opened them, each with its records, without names and content.

    Cost: one query, read in portions; memory of one case.
    """
    zone = ZoneInfo(BureauRow.objects.values_list("zone", flat=True).get(id=bureau))
    roots = CaseRow.objects.filter(bureau=bureau, subject="case").values("root")
    rows = RecordRow.objects.filter(bureau=bureau, home__in=roots).order_by("home", "seq").values_list("home", "open")
    for home, mine in groupby(rows.iterator(2000), key=lambda row: row[0]):
        yield home, tuple(_bare(bytes(stored), zone) for _, stored in mine)


def _bare(stored: bytes, zone: ZoneInfo) -> Record:
    whole = envelope.without_content(envelope.opened(stored)["record"])
    for part in ("content", "files", "signatures", "entered_by"):
        whole.pop(part, None)
    return read_record(whole, zone=zone)
