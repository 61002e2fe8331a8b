"""Every look at case content is itself recorded (查阅留痕), once for each page, list or file; a list with its filter.

Costs one insert. Looks are sealed in batches, so that whoever deletes a look is found out like anybody else.
Source: bazhou 51.2 (records of access); docs/decisions/0005-the-door.md
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Max, Min

from liuhen.engines.ledger.leaf import LooksLeaf
from liuhen.ground.canonical import SALT_BYTES, canonical, salted_digest
from liuhen.ground.moments import Instant, instant
from liuhen.journal.models import LeafRow, LookRow, LooksRow
from liuhen.journal.who import Who

MOST_DETAIL = 2000


def looked(
    who: Who,
    what: str,
    *,
    home: str = "",
    detail: Mapping[str, Any] | None = None,
    number: int = 1,
    now: datetime | None = None,
) -> None:
    """Record that `who` looked (登记查阅).

    `what`: a verb and a class of the page of permissions, such as `look case`, `copy recording`. `home`: the file looked at,
    empty for a list. `detail`: the filter of a list, the digest of a file. `number`: how many entries were shown. `now`: aware.
    """
    text = canonical(dict(detail)).decode()[:MOST_DETAIL] if detail else ""
    values: list[str | int] = [who.bureau, who.person, instant(now or datetime.now(UTC)), what, home, text, number]
    # By hand: it stands on the path of every page, and putting the statement together took twice as long as running it.
    with connection.cursor() as cursor, _without_flush(cursor):
        cursor.execute(
            "INSERT INTO journal_look (bureau, person, at, what, home, detail, number) VALUES (%s, %s, %s, %s, %s, %s, %s)",
            values,
        )


@contextmanager
def _without_flush(cursor: Any) -> Iterator[None]:
    """Let SQLite commit a look without waiting for the disk; the next record's commit flushes it along.

    Pages would otherwise stand in line for the disk, one after another. A look survives whatever happens to the process; a
    power cut can take those of the last moments with it, never one that a later record was flushed after.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    cursor.execute("PRAGMA synchronous=NORMAL")
    try:
        yield
    finally:
        cursor.execute("PRAGMA synchronous=FULL")


def batch(bureau: str, now: Instant) -> LooksRow | None:
    """Put all looks since the last batch into one entry for the Ledger; None when there were none."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            # Waits for looks that have their number but are not committed yet: none may slip in before the end of the batch.
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE journal_look IN SHARE MODE")
        after = LooksRow.objects.filter(bureau=bureau).aggregate(last=Max("last"))["last"] or 0
        new = LookRow.objects.filter(bureau=bureau, seq__gt=after)
        span = new.aggregate(first=Min("seq"), last=Max("seq"), number=Count("seq"))
        if not span["number"]:
            return None
        salt = os.urandom(SALT_BYTES)
        text = looks_text(bureau, span["first"], span["last"])
        leaf = LooksLeaf(span["first"], span["last"], text, salt)
        entry = leaf.entry().decode("ascii")
        ref = f"{leaf.first}-{leaf.last}"
        LeafRow.objects.create(bureau=bureau, sort="looks", ref=ref, entry=entry, queued=now)
        return LooksRow.objects.create(bureau=bureau, salt=salt, digest=salted_digest(salt, text), **span)


def looks_text(bureau: str, first: int, last: int) -> bytes:
    """Return the canonical bytes of the looks numbered `first` to `last` of a bureau: what the batch's digest covers."""
    columns = ("seq", "person", "at", "what", "home", "detail", "number")
    rows = LookRow.objects.filter(bureau=bureau, seq__gte=first, seq__lte=last).order_by("seq").values_list(*columns)
    return canonical({"bureau": bureau, "looks": [list(row) for row in rows]})
