"""Whether the worker lives (后台状态), and how much waits for its seal: what every page shows in its foot."""

from __future__ import annotations

from typing import NamedTuple

from liuhen.ground.moments import SECOND, Instant
from liuhen.journal.models import CheckpointRow, HeartbeatRow
from liuhen.journal.sealing import Waiting, waiting

WORKER = "worker"
# Three missed beats: one can fall out while a large batch is sealed.
SILENT_AFTER = 15 * SECOND


class Pulse(NamedTuple):
    """What a page shows of the worker and the Ledger (后台与存证状态).

    Attributes:
        alive: the worker gave a sign of life lately. last: when, None if never.
        trouble: what it complains of, in this bureau or in all.
        waiting: what waits for its seal. size, root, made: the last checkpoint of the bureau; size 0 when there is none.
    """

    alive: bool
    last: Instant | None
    trouble: str
    waiting: Waiting
    size: int
    root: str
    made: Instant | None


def beat(now: Instant, trouble: str = "", *, bureau: str = "") -> None:
    """Give a sign of life, or say how sealing goes in one bureau."""
    name = f"ledger {bureau}" if bureau else WORKER
    HeartbeatRow.objects.update_or_create(name=name, defaults={"at": now, "detail": trouble[:200]})


def pulse(bureau: str, now: Instant) -> Pulse:
    """Return the state of worker and Ledger. Three or four queries, none growing with the journal."""
    rows = {row.name: row for row in HeartbeatRow.objects.filter(name__in=(WORKER, f"ledger {bureau}"))}
    row, own = rows.get(WORKER), rows.get(f"ledger {bureau}")
    head = CheckpointRow.objects.filter(bureau=bureau).order_by("-size").first()
    return Pulse(
        alive=row is not None and now - row.at < SILENT_AFTER,
        last=row.at if row else None,
        trouble=(own.detail if own else "") or (row.detail if row else ""),
        waiting=waiting(bureau),
        size=head.size if head else 0,
        root=head.root if head else "",
        made=head.made if head else None,
    )
