"""The worker (后台处理): seals what waits, lets time pass, has audits run that were asked for, and gives signs of life.

One process, stopped cleanly at any moment. Once a day it goes through the vault, a folder at each step.

Why no task queue: its jobs are questions that the tables themselves answer ("what has no place yet", "whose next change has
come"), so a queue would be a second list of the same, which could differ from the first after a crash.
"""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event
from types import FrameType

from django.db import close_old_connections

from liuhen.ground.errors import Refused
from liuhen.ground.moments import MINUTE, Instant, instant
from liuhen.journal import looks, sealing
from liuhen.journal.auditing.asking import Audits
from liuhen.journal.models import BureauRow, LookRow, LooksRow
from liuhen.journal.passing import AT_ONCE, pass_time
from liuhen.journal.pulse import beat
from liuhen.journal.sweeping import Rounds

PAUSE = 1.0
BEAT = 5.0
LOOKS_EVERY = 5 * MINUTE
log = logging.getLogger(__name__)


def clock() -> Instant:
    """Return the server's clock."""
    return instant(datetime.now(UTC))


class Worker:
    """One worker (后台处理). `run` returns once `stop` was asked for and the step under way is done."""

    def __init__(self, now: Callable[[], Instant] = clock) -> None:
        self._now = now
        self._stop = Event()
        self._last_beat = 0.0
        self._troubles: dict[str, str] = {}
        self._fresh = True
        self._audits = Audits()
        self._sweeps = Rounds()

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """Ask it to stop after the step under way."""
        self._stop.set()

    def run(self) -> None:
        """Work until asked to stop; SIGTERM and SIGINT ask."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        log.info("worker started")
        while not self._stop.is_set():
            close_old_connections()
            busy = self.step()
            self._stop.wait(0 if busy else PAUSE)
        self._audits.stop()
        log.info("worker stopped")

    def step(self) -> bool:
        """Do what is to be done now; whether there is more at once."""
        trouble = ""
        judged = 0
        try:
            judged = pass_time(self._now())
            bureaus = list(BureauRow.objects.values_list("id", flat=True))
            for bureau in bureaus:
                if self._stop.is_set():
                    break
                self._seal(bureau)
            self._audits.step(bureaus, self._now())
            self._sweeps.step(self._now())
        except Exception as error:
            # A database that went away comes back; meanwhile the pages show that the worker is silent or why it complains.
            log.exception("worker")
            trouble = type(error).__name__
        self._fresh = False
        self._beat(trouble)
        return judged >= AT_ONCE and not trouble

    def _seal(self, bureau: str) -> None:
        """Seal one bureau's entries; what stops it there stops nobody else, and is tried again at the next step."""
        try:
            if _looks_are_due(bureau, self._now()):
                looks.batch(bureau, self._now())
            if sealing.waiting(bureau).number:
                sealing.seal(bureau, self._now())
        except Refused as refused:
            if self._troubles.get(bureau) != str(refused):
                log.error("%s: %s", bureau, refused)
                beat(self._now(), f"{refused.finding.code} {refused.finding.sentence('zh')}", bureau=bureau)
            self._troubles[bureau] = str(refused)
        else:
            if self._troubles.pop(bureau, None) is not None or self._fresh:
                beat(self._now(), bureau=bureau)

    def _beat(self, trouble: str) -> None:
        if trouble or time.monotonic() - self._last_beat >= BEAT:
            try:
                beat(self._now(), trouble)
                self._last_beat = time.monotonic()
            except Exception:
                log.exception("worker: no sign of life could be given")


def _looks_are_due(bureau: str, now: Instant) -> bool:
    after = LooksRow.objects.filter(bureau=bureau).order_by("-last").values_list("last", flat=True).first() or 0
    oldest = LookRow.objects.filter(bureau=bureau, seq__gt=after).order_by("seq").values_list("at", flat=True).first()
    return oldest is not None and now - oldest >= LOOKS_EVERY
