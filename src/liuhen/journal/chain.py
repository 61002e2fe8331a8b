"""Corrections and withdrawals (更正与撤回): at most one standing correction of a record, and no second withdrawal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from liuhen.ground.findings import Finding
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import CORRECTION_REASON, LATE_REASON, Vocabulary
from liuhen.ground.words import Said, Words, said_day
from liuhen.journal.filed import Filed


def clashes(record: Record, files: Iterable[Filed], vocabulary: Vocabulary) -> Iterator[Finding]:
    """Yield G-005 for a second correction, or the withdrawal, of a corrected record, G-006 for what was withdrawn already.

    A correction that changes nothing is G-029, one without a reason G-030. To withdraw what opened a case is G-032: without it
    the case would have no stage and no duties, and still be there. That goes for its corrections as well: to withdraw the latest
    of a chain is to withdraw the thing, and another correction may then state it anew. Asked under the files' lock.
    """
    withdrawals = vocabulary.with_role("withdrawal")
    targets = record.links.get("withdraws", ()) if record.kind in withdrawals else ()
    if record.corrects is None and not targets:
        return
    held = {e.record.id: e.record for f in files for e in f.entries}

    def said(id_: str) -> Said:
        return named(held[id_], vocabulary) if id_ in held else Said(id_, id_, id_)

    withdrawn = {t for r in held.values() if r.kind in withdrawals for t in r.links.get("withdraws", ())}
    if record.corrects is not None:
        yield from _no_correction(record, held.get(record.corrects), said(record.corrects))
        if record.corrects in withdrawn:
            yield Finding("G-006", {"target": said(record.corrects)}, "/corrects")
        for other in held.values():
            if other.corrects == record.corrects and other.id not in withdrawn:
                fields = {"target": said(record.corrects), "correction": said(other.id)}
                yield Finding("G-005", fields, "/corrects")
    for target in targets:
        if target in held and _opens_a_case(held[target], vocabulary):
            yield Finding("G-032", {"target": said(target)}, "/links/withdraws")
        if target in withdrawn:
            yield Finding("G-006", {"target": said(target)}, "/links/withdraws")
        for other in held.values():
            # What a correction replaced says nothing any more; to withdraw it would leave the correction standing.
            if other.corrects == target and other.id not in withdrawn:
                fields = {"target": said(target), "correction": said(other.id)}
                yield Finding("G-005", fields, "/links/withdraws")


def named(record: Record, vocabulary: Vocabulary) -> Said:
    """Return a record as a sentence names it: its kind and its day."""
    kind = vocabulary.kinds.get(record.kind)
    words, day = kind.words if kind else Words(record.kind, record.kind), said_day(record.done_at.date())
    return Said(f"{day.zh}的“{words.zh}”", f"the {words.en} of {day.en}", record.id)


def _opens_a_case(record: Record, vocabulary: Vocabulary) -> bool:
    kind = vocabulary.kinds.get(record.kind)
    return kind is not None and kind.opens == "case"


def _no_correction(record: Record, target: Record | None, said: Said) -> Iterator[Finding]:
    if target is not None and _statement(record) == _statement(target):
        yield Finding("G-029", {"target": said}, "/corrects")
    if not str(record.content.get(CORRECTION_REASON) or "").strip():
        yield Finding("G-030", {"target": said}, f"/content/{CORRECTION_REASON}")


def _statement(record: Record) -> dict[str, Any]:
    """Return what a record says of the matter, without what it says of its own entering."""
    whole = record.maker_json()
    for part in ("id", "corrects", "entered_by", "kind_version"):
        whole.pop(part, None)
    content = {k: v for k, v in record.content.items() if k not in (CORRECTION_REASON, LATE_REASON)}
    # To the second or to the minute is no difference where the moment is the same; to the day is one.
    return {**whole, "content": content, "precision": record.precision == "day"}
