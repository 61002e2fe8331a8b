"""Corrections and withdrawals (更正与撤回): at most one standing correction of a record, and no second withdrawal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from liuhen.ground.findings import Finding
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Vocabulary
from liuhen.journal.filed import Filed


def clashes(record: Record, files: Iterable[Filed], vocabulary: Vocabulary) -> Iterator[Finding]:
    """Yield G-005 for a second correction, or the withdrawal, of a corrected record, G-006 for what was withdrawn already.

    Asked under the files' lock. A correction that was itself withdrawn leaves room for another.
    """
    withdrawals = vocabulary.with_role("withdrawal")
    targets = record.links.get("withdraws", ()) if record.kind in withdrawals else ()
    if record.corrects is None and not targets:
        return
    held = {e.record.id: e.record for f in files for e in f.entries}
    withdrawn = {t for r in held.values() if r.kind in withdrawals for t in r.links.get("withdraws", ())}
    if record.corrects is not None:
        if record.corrects in withdrawn:
            yield Finding("G-006", {"target": record.corrects}, "/corrects")
        for other in held.values():
            if other.corrects == record.corrects and other.id not in withdrawn:
                yield Finding("G-005", {"target": record.corrects, "correction": other.id}, "/corrects")
    for target in targets:
        if target in withdrawn:
            yield Finding("G-006", {"target": target}, "/links/withdraws")
        for other in held.values():
            # What a correction replaced says nothing any more; to withdraw it would leave the correction standing.
            if other.corrects == target and other.id not in withdrawn:
                yield Finding("G-005", {"target": target, "correction": other.id}, "/links/withdraws")
