"""Past files from the journal of a bureau (登记中的往卷): loaded only when a command of the library is asked about them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from liuhen.engines.rulebook.texts.replaying import PastFile
from liuhen.faces.cli.journal_opening import bureau_named, need_journal
from liuhen.ground.calendar import Calendar


def journal_files(bureau: str | None) -> tuple[dict[str, Any], Calendar, Iterator[PastFile]]:
    """Return settings and calendar of a bureau, and an iterator over all that its journal holds; refused: G-024 which bureau.

    Nothing is written. What was destroyed says nothing any more and is left out.
    """
    need_journal()
    from liuhen.journal.judging import basis
    from liuhen.journal.numbers import number_of
    from liuhen.journal.office import of_the_texts
    from liuhen.journal.rebuild import files_of
    from liuhen.journal.registers import read_registers

    name = bureau_named(bureau)
    judged_by = basis(name)
    found = read_registers(judged_by)
    decided = dict(of_the_texts(judged_by.parts["settings"]))

    def files() -> Iterator[PastFile]:
        for filed in files_of(judged_by):
            if filed.destroyed:
                continue
            mine = [e.record for e in filed.entries if e.home == filed.root]
            own = frozenset(i for r in mine for i in (r.id, r.root))
            opening = [number_of(r.content) for r in mine if filed.root in (r.id, r.root)]
            called = next(filter(None, reversed(opening)), filed.root)
            yield PastFile(called, filed.case.records, own | {filed.root}, found.register, found.applied)

    return decided, judged_by.calendar, files()
