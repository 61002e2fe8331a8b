"""Sweeping the vault (清理证据库): bytes that no record names go after a time of grace; what a record names never does.

They are no evidence: a refused or given-up upload never became part of a record, so no record says that they went. Evidence
that a record names is disposed of by a record of its own, whatever its age.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import Max

from liuhen.engines.ledger.checkpoint import claimed_checkpoint
from liuhen.engines.ledger.store import CHECKPOINT, DiskTiles
from liuhen.engines.vault.unnamed import SHELVES, Named, Swept, sweep_shelf
from liuhen.ground.errors import Refused
from liuhen.ground.moments import HOUR, Instant
from liuhen.journal import folders, vaulted
from liuhen.journal.models import BureauRow, FileRow, LeafRow, VaultRow

LEAST_DAYS = 2
"""What was uploaded may be named for a day (`rooms.evidence.intake.LASTS_SECONDS`); no sweep comes sooner than twice that."""
USUAL_DAYS = 7
ROUND = 24 * HOUR
log = logging.getLogger(__name__)


class NotSwept(Refused):
    """The vault is not swept (未清理证据库): the database may not know everything that lies in it. F-015."""


def days_of_grace() -> int:
    """Return after how many days an unnamed file goes (`LIUHEN_SWEEP_DAYS`): at least `LEAST_DAYS`, or 0 for never."""
    days = int(settings.LIUHEN_SWEEP_DAYS)
    return max(days, LEAST_DAYS) if days > 0 else 0


def sweep(now: datetime, days: int, *, dry: bool = False, shelves: Sequence[str] = SHELVES) -> Swept:
    """Remove from the vault what came in more than `days` before `now` and no record of any bureau names; `dry` only says what.

    What crashes left half taken in goes too, and is not counted. Refused: F-015 the Ledger of a bureau holds more than the
    database knows (another database, or one restored from a backup): then it can't say what is named. F-001, F-013.
    """
    found = _swept(now, days, _named(), shelves, dry=dry)
    if not dry:
        _clear_half_taken(now, days)
    return found


def _swept(now: datetime, days: int, named: Named, shelves: Sequence[str], *, dry: bool = False) -> Swept:
    refuse_a_database_that_knows_less()
    vault = vaulted.the_vault()
    before = (now.astimezone(UTC) - timedelta(days=max(days, LEAST_DAYS))).timestamp()
    found = Swept()
    for shelf in shelves:
        found += sweep_shelf(vault, shelf, before, named, dry=dry)
    if not dry:
        _forget(found.digests)
    return found


def _clear_half_taken(now: datetime, days: int) -> None:
    vaulted.the_vault().sweep(timedelta(days=max(days, LEAST_DAYS)), now)


def refuse_a_database_that_knows_less() -> None:
    """Refuse (F-015) where the Ledger in the data folder is longer than what the database knows of it."""
    for folder in sorted(folders.ledger("x").parent.glob("*")):
        note = DiskTiles(folder).get(CHECKPOINT) if (folder / CHECKPOINT).exists() else None
        if note is None:
            continue
        size = claimed_checkpoint(note).size
        last = LeafRow.objects.filter(bureau=folder.name).aggregate(last=Max("place"))["last"]
        known = 0 if last is None else last + 1
        if known < size:
            raise NotSwept("F-015", bureau=folder.name, size=size, known=known)


class Rounds:
    """The worker's round through the vault (定期清理): once a day, one of its 256 folders at each step."""

    def __init__(self) -> None:
        self._left: list[str] = []
        self._next: Instant | None = None
        self._found = Swept()
        self._with_files: frozenset[str] = frozenset()

    def step(self, now: Instant, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Sweep one folder where a round is under way or due; a round that is refused is given up until the next day."""
        days = days_of_grace()
        if not self._left:
            if not days or (self._next is not None and now < self._next):
                return
            self._left, self._next, self._found = list(reversed(SHELVES)), now + ROUND, Swept()
            # Asked of all files, so once a round; a bureau that comes meanwhile has its settings from the first.
            self._with_files = _bureaus_with_files()
        shelf = self._left.pop()
        try:
            # The age of a file is told by the machine's own clock, whatever moment a sample bureau is in.
            self._found += _swept(clock(), days, _named(self._with_files), (shelf,))
            if not self._left:
                _clear_half_taken(clock(), days)
        except Refused as refused:
            log.error("vault: %s %s", refused.finding.code, refused)
            self._left.clear()
            return
        if not self._left and self._found.digests:
            log.info(
                "vault: removed %d files (%d bytes) that no record names", len(self._found.digests), self._found.bytes
            )


def _bureaus_with_files() -> frozenset[str]:
    return frozenset(FileRow.objects.values_list("bureau", flat=True).distinct())


def _named(with_files: frozenset[str] | None = None) -> Named:
    # The index begins with the bureau; one that has files and no settings any more counts too.
    others = _bureaus_with_files() if with_files is None else with_files
    bureaus = others.union(BureauRow.objects.values_list("id", flat=True))

    def named(digests: Sequence[str]) -> Collection[str]:
        rows = FileRow.objects.filter(bureau__in=bureaus, sha256__in=digests)
        return set(rows.values_list("sha256", flat=True))

    return named


def _forget(digests: Sequence[str]) -> None:
    """Forget the digests of files that went, unless the same bytes came in again meanwhile."""
    for first in range(0, len(digests), 500):
        gone = [d for d in digests[first : first + 500] if not _there(d)]
        VaultRow.objects.filter(sha256__in=gone).delete()


def _there(sha256: str) -> bool:
    return (folders.vault() / sha256[:2] / sha256).exists()
