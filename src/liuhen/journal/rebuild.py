"""Making the read models again from the records alone (重建): nothing else is read, and the result equals what the door keeps.

One bureau is one transaction: no page sees its tables half full, readers go on with the old rows, writers wait. Memory: some
hundred files at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, islice

from django.db import connection, transaction

from liuhen.ground.moments import Instant
from liuhen.journal import filed, keys
from liuhen.journal.filed import COLUMNS, Entry, Filed, decode
from liuhen.journal.intake import moment_of_judging
from liuhen.journal.judging import Basis, UnknownBureau, basis, keep
from liuhen.journal.models import AlsoInRow, BureauRow, CaseRow, RecordRow
from liuhen.journal.models.derived import DERIVED
from liuhen.journal.projecting import project
from liuhen.journal.registers import read_registers

FILES_AT_ONCE = 200


def rebuild(now: Instant, *, bureaus: Iterable[str] = ()) -> int:
    """Make every read model of `bureaus`, or of all, again; return how many files there are. Refused: G-007 unknown bureau."""
    known = list(BureauRow.objects.order_by("id").values_list("id", flat=True))
    wanted = list(bureaus) or known
    for bureau in wanted:
        if bureau not in known:
            raise UnknownBureau("G-007", bureau=bureau)
    count = 0
    for bureau in wanted:
        with transaction.atomic():
            _keep_writers_out()
            count += _rebuild(basis(bureau), now)
    return count


def _keep_writers_out() -> None:
    # SQLite has one writer anyway.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE journal_record, journal_case IN SHARE ROW EXCLUSIVE MODE")


def _rebuild(judged_by: Basis, now: Instant) -> int:
    for table in DERIVED:
        table._default_manager.filter(bureau=judged_by.bureau).delete()
    registered = read_registers(judged_by)
    count = 0
    for bare in files_of(judged_by):
        filed.forget(bare.root)
        row = CaseRow(root=bare.root, bureau=judged_by.bureau, destroyed=bare.destroyed)
        project(row, bare, judged_by, registered, moment_of_judging(bare, now))
        count += 1
    keep(judged_by, now)
    return count


def files_of(judged_by: Basis) -> Iterator[Filed]:
    """Yield every file of the bureau with its records in the order received (全部案卷); some hundred at a time in memory."""
    guests: dict[str, list[int]] = {}
    for home, seq in AlsoInRow.objects.filter(bureau=judged_by.bureau).values_list("home", "seq"):
        guests.setdefault(home, []).append(seq)
    rows = RecordRow.objects.filter(bureau=judged_by.bureau).order_by("home", "seq").values_list(*COLUMNS)
    grouped = ((home, list(own)) for home, own in groupby(rows.iterator(2000), key=lambda row: row[2]))
    while several := list(islice(grouped, FILES_AT_ONCE)):
        found = keys.keys_of(home for home, _ in several)
        for home, own in several:
            entries = decode(own, judged_by.zone, found)
            if home in guests:
                entries = sorted([*entries, *_guests(guests[home], judged_by)], key=lambda e: e.seq)
            gone = any(row[6] for row in own) and home not in found
            yield Filed(home, tuple(entries), entries[-1].seq, gone)


def _guests(numbers: list[int], judged_by: Basis) -> list[Entry]:
    rows = RecordRow.objects.filter(seq__in=numbers).values_list(*COLUMNS)
    return decode(rows, judged_by.zone)
