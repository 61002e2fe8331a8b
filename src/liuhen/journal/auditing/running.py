"""Running an audit of a bureau (进行核查): one at a time, noted as a look at all its cases, its result put in place whole."""

from __future__ import annotations

import importlib.util
import os
import shutil
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from liuhen.ground.errors import Refused
from liuhen.ground.moments import Instant, instant
from liuhen.journal.auditing import kept, one_by_one
from liuhen.journal.auditing.result import forget, writing
from liuhen.journal.auditing.streaming import how_many
from liuhen.journal.judging import Basis, basis, keep
from liuhen.journal.looks import looked
from liuhen.journal.models import CaseRow
from liuhen.journal.who import Who, system

LIBRARIES = ("duckdb", "ibis", "pyarrow")
AT_ONCE_FROM = 2_000
"""From how many files on all at once is the quicker way: below, to plan its statements takes longer than to ask each file."""
_NOTED_EVERY = 0.5


def can_all_at_once() -> bool:
    """Return whether what judges all cases at once is installed (the extra `bulk`)."""
    return all(importlib.util.find_spec(name) is not None for name in LIBRARIES)


def audit(
    bureau: str,
    at: Instant,
    *,
    engine: str = "",
    db: Callable[[], Any] | None = None,
    statements: Path | None = None,
    who: Who | None = None,
    told: Callable[[float], None] = lambda share: None,
    aside: Path | None = None,
) -> Path:
    """Judge every file of a bureau as of `at`, as the door judges it, and return where the result lies.

    Args:
        engine: duckdb, postgres or one_by_one; empty: whichever of duckdb, where it is installed, and one by one is the quicker.
        db: makes the engine, where it is another than a DuckDB with what it takes by default.
        statements: folder of compiled statements; None: in the data folder. who: who asked; None: the command line.
        told: called with the share that is done, 0 to 1.

        aside: folder to lay the result into instead, there is none yet; what the bureau's page shows stays as it is.

    Refused: G-007 unknown bureau, G-044 one runs already. Nothing in the journal changes but a look that is noted.
    """
    judged_by = basis(bureau)
    engine = engine or ("duckdb" if can_all_at_once() and how_many(bureau) >= AT_ONCE_FROM else "one_by_one")
    began, last, noted = time.monotonic(), 0.0, -1.0

    def tell(share: float) -> None:
        nonlocal last, noted
        told(share)
        if time.monotonic() - last >= _NOTED_EVERY or share - noted >= 0.01:
            last, noted = time.monotonic(), share
            kept.note(bureau, "progress", {"share": round(share, 4), "at": instant(datetime.now(UTC))})

    with kept.alone(bureau) as work:
        tell(0.0)
        try:
            with writing(work) as out:
                if engine == "one_by_one":
                    found = one_by_one.run(judged_by, at, out, tell)
                else:
                    from liuhen.journal.auditing import at_once

                    with _engine(engine, db) as reckons:
                        found = at_once.run(
                            judged_by,
                            at,
                            out,
                            tell,
                            work=work / "records",
                            db=reckons,
                            kept=statements or kept.statements(),
                        )
                made = instant(datetime.now(UTC))
                out.close({**_about(judged_by, at, engine), **found, "made": made,
                           "seconds": round(time.monotonic() - began, 1), "by": who.person if who else ""})  # fmt: skip
        except BaseException as error:
            why = error.finding.code if isinstance(error, Refused) else type(error).__name__
            kept.note(bureau, "progress", {"failed": why, "at": instant(datetime.now(UTC))})
            raise
        keep(judged_by, at)
        looked(who or system(bureau), "run audit", detail={"at": at, "engine": engine}, number=found["files"])
        place = put_in_place(bureau, work, aside)
        kept.note(bureau, "progress", None)
    return place


def put_in_place(bureau: str, work: Path, aside: Path | None = None) -> Path:
    """Put a finished result where the last one lies, or aside, without a name whose content was destroyed while it was made."""
    place = kept.result_file(bureau)
    if aside is not None:
        aside.mkdir(mode=0o700)
    with kept.changing(bureau):
        gone = CaseRow.objects.filter(bureau=bureau, destroyed=True).values_list("root", flat=True)
        forget(work / place.name, gone.iterator(5000))
        if aside is None:
            os.replace(work / place.name, place)
            return place
        # A folder of the machine's own for such files often lies on another disk.
        return Path(shutil.move(work / place.name, aside / place.name))


def _engine(engine: str, db: Callable[[], Any] | None) -> AbstractContextManager[Any]:
    if db is not None:
        return closing(db())
    if engine != "duckdb":
        raise ValueError(engine)
    from liuhen.engines.rulebook.bulk.duck import Duck

    return closing(Duck())


def _about(judged_by: Basis, at: Instant, engine: str) -> dict[str, Any]:
    known = judged_by.calendar.known_until
    return {
        "bureau": judged_by.bureau,
        "at": at,
        "engine": engine,
        "zone": judged_by.zone.key,
        "stack": judged_by.digest,
        "calendar": judged_by.calendar.version,
        "known_until": date.fromordinal(known).year if known else None,
        "rulebooks": [
            {"id": b.id, "version": b.version, "digest": b.digest, "zh": b.short.zh, "en": b.short.en}
            for b in judged_by.stack.rulebooks
        ],
    }
