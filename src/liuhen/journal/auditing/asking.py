"""Asking for an audit (申请核查): somebody at the desk asks, the worker has it run by itself, the page says how far it is."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from liuhen.ground.moments import MINUTE, SECOND, Instant
from liuhen.journal.auditing import kept
from liuhen.journal.who import Who

log = logging.getLogger(__name__)


class State(NamedTuple):
    """How it stands with a bureau's next audit (核查状态).

    Attributes:
        runs: one is under way. share: how much of it is done, 0 to 1. asked: one was asked for, when; None if none waits.
        failed: why the last one ended without a result, empty if it did not.
    """

    runs: bool
    share: float
    asked: Instant | None
    failed: str


STARTING = 20 * SECOND
"""How long a process that was started may take until it holds the lock."""


def state(bureau: str, now: Instant) -> State:
    """Return how it stands with the next audit of a bureau. Reads two small files."""
    progress, asked = kept.noted(bureau, "progress"), kept.noted(bureau, "asked")
    share, at, failed = progress.get("share"), asked.get("at"), progress.get("failed")
    told = progress.get("at")
    runs = kept.runs(bureau) or (share is not None and isinstance(told, int) and now - told < STARTING)
    return State(
        runs,
        min(1.0, max(0.0, float(share))) if runs and isinstance(share, int | float) else 0.0,
        at if isinstance(at, int) else None,
        str(failed or ("stopped" if share is not None else "")) if not runs else "",
    )


def ask(who: Who, now: Instant) -> bool:
    """Ask for an audit of the person's bureau; False where one runs or waits already."""
    if kept.runs(who.bureau) or kept.noted(who.bureau, "asked"):
        return False
    kept.note(who.bureau, "asked", {"person": who.person, "at": now})
    return True


def in_a_process(bureau: str, person: str) -> Sequence[str]:
    """Return the command that runs an audit: in a process of its own, so that sealing goes on and its memory goes with it."""
    return (sys.executable, "-m", "liuhen.journal.auditing", bureau, person)


class Audits:
    """The worker's part in it (后台核查): starts what was asked for, one at a time. Use `step` at each of the worker's."""

    def __init__(self, command: Callable[[str, str], Sequence[str]] = in_a_process) -> None:
        self._command = command
        self._running: subprocess.Popen[bytes] | None = None
        self._bureau = ""

    def step(self, bureaus: Iterable[str], now: Instant) -> None:
        """Take note of one that ended; start the next that was asked for."""
        if self._running is not None:
            if self._running.poll() is None:
                return
            if self._running.returncode:
                log.error("audit of %s ended with %s", self._bureau, self._running.returncode)
                if not kept.noted(self._bureau, "progress").get("failed"):
                    kept.note(self._bureau, "progress", {"failed": f"exit {self._running.returncode}", "at": now})
            self._running = None
        for bureau in bureaus:
            asked = kept.noted(bureau, "asked")
            if asked and not kept.runs(bureau):
                kept.note(bureau, "asked", None)
                kept.note(bureau, "progress", {"share": 0, "at": now})
                person = asked.get("person")
                self._bureau = bureau
                self._running = subprocess.Popen(self._command(bureau, person if isinstance(person, str) else ""))
                return

    def stop(self, patience: float = MINUTE / 1_000_000) -> None:
        """End the one under way, by force after `patience` seconds; its folder of work goes at the next."""
        if self._running is not None and self._running.poll() is None:
            self._running.terminate()
            try:
                self._running.wait(patience)
            except subprocess.TimeoutExpired:
                log.warning("audit of %s did not end and is killed", self._bureau)
                self._running.kill()
                self._running.wait()
