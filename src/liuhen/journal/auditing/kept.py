"""Where a bureau's audit lies (核查结果存放): one file of SQLite, beside it who asked for another and how far that is.

    $LIUHEN_HOME/audit/<bureau>/result.sqlite3   the last audit (`result`)
                                asked.json       somebody at the desk asked for another; the worker takes it up
                                progress.json    how far the one under way is, or why the last one ended without a result
                                lock             held by the one under way
                                names            held while a result is put in place, or names are taken out of the one there
                                work/            records as Parquet while it runs: personal content, gone at the end

Only this user reads it (mode 700). A result names files by the ids of their records, never by number or party: what they are
called is asked of the read models when somebody looks.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from liuhen.ground.errors import Refused
from liuhen.journal import folders


class AuditRuns(Refused):
    """An audit of this bureau is under way (核查正在进行). G-044."""


def folder(bureau: str) -> Path:
    """Return the folder of a bureau's audit, made when it is not there."""
    found = folders.home() / "audit" / bureau
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def result_file(bureau: str) -> Path:
    """Return where the last result of a bureau lies, or would."""
    return folders.home() / "audit" / bureau / "result.sqlite3"


def statements() -> Path:
    """Return the folder of the statements that the rules were compiled into; they hold nothing of any record."""
    return folders.home() / "audit" / ".statements"


@contextmanager
def alone(bureau: str) -> Iterator[Path]:
    """Give a new folder for the work of one audit and let no other of this bureau run meanwhile; refused: G-044.

    What a killed one left is thrown away first.
    """
    place = folder(bureau)
    with open(place / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AuditRuns("G-044", bureau=bureau) from None
        work = place / "work"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(mode=0o700)
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)


@contextmanager
def changing(bureau: str) -> Iterator[None]:
    """Wait until nobody else changes the result of this bureau, and let nobody meanwhile (独占核查结果)."""
    with open(folder(bureau) / "names", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def runs(bureau: str) -> bool:
    """Return whether an audit of this bureau is under way, in whatever process."""
    path = folders.home() / "audit" / bureau / "lock"
    try:
        with open(path) as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def note(bureau: str, name: str, held: dict[str, Any] | None) -> None:
    """Write a small file of the folder (`asked`, `progress`) whole, or take it away with None."""
    path = folder(bureau) / f"{name}.json"
    if held is None:
        path.unlink(missing_ok=True)
        return
    new = path.with_suffix(f".{os.getpid()}")
    new.write_text(json.dumps(held, ensure_ascii=False), encoding="utf-8")
    os.replace(new, path)


def noted(bureau: str, name: str) -> dict[str, Any]:
    """Return what such a file says; empty when it is not there or says nothing."""
    with suppress(OSError, ValueError):
        held = json.loads((folders.home() / "audit" / bureau / f"{name}.json").read_text(encoding="utf-8"))
        return held if isinstance(held, dict) else {}
    return {}
