"""Files out of the journal for an audit (取出案卷): decoded some hundred at a time, as they stood at the moment asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from liuhen.ground.moments import Instant
from liuhen.journal.filed import Filed
from liuhen.journal.judging import Basis
from liuhen.journal.models import CaseRow
from liuhen.journal.rebuild import files_of


class Taken(NamedTuple):
    """One file (所取案卷): its number in this audit, its records, what it is about, and the unit of a case."""

    c: int
    filed: Filed
    subject: str
    unit: str


def taken(basis: Basis, at: Instant) -> Iterator[Taken]:
    """Yield every file of a bureau with what was received until `at`; files of which nothing was are left out.

    Memory: some hundred files, and of each file of the bureau its id, subject and unit.
    """
    heads = CaseRow.objects.filter(bureau=basis.bureau).values_list("root", "subject", "unit")
    known = {root: (subject, unit) for root, subject, unit in heads.iterator(5000)}
    c = 0
    for filed in files_of(basis):
        entries = tuple(e for e in filed.entries if e.record.received <= at)
        if entries:
            yield Taken(
                c, Filed(filed.root, entries, entries[-1].seq, filed.destroyed), *known.get(filed.root, ("", ""))
            )
            c += 1


def how_many(bureau: str) -> int:
    """Return how many files a bureau has; for a progress bar."""
    return CaseRow.objects.filter(bureau=bureau).count()
