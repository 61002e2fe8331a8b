"""From records to read models (投影): what lists and workbenches show of one file, derived anew each time it changes.

The door, the worker and `rebuild` all come through `project`: there is no second way in which a row could have come about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from liuhen.engines.rulebook import Duty, Held, Judgement, summary_of
from liuhen.ground.moments import Instant
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Vocabulary
from liuhen.journal import counters, duties, people
from liuhen.journal.assigning import named, office_duty
from liuhen.journal.filed import Filed
from liuhen.journal.judging import Basis
from liuhen.journal.models import CaseRow, HandlerRow
from liuhen.journal.models.derived import NO_END
from liuhen.journal.numbers import is_taken, number_of
from liuhen.journal.refusing import NotTaken
from liuhen.journal.registers import Registers
from liuhen.journal.told import told_here


def project(row: CaseRow, filed: Filed, basis: Basis, registers: Registers, at: Instant) -> Judgement:
    """Write what the records of a file say at `at` into its read models; the caller holds the lock of `row`.

    `row` may be new: then it is inserted. Returns the judgement. Counters move last. Refused: G-028 (NotTaken).
    """
    held = basis.stack.hold(filed.case, at, registers.register, registers.applied)
    judgement = told_here(basis.stack.judge_held(held), filed)
    before = row.counted
    old_handlers, old_number = row.handlers, row.number
    _head(row, filed, held, basis.vocabulary)
    _number_is_free(row, old_number)
    _counts(row, judgement)
    row.judged = at
    row.judged_with = basis.digest
    wanted = duties.wanted_rows(judgement, row, named(row.handlers))
    row.counted = counters.parts(row, (a for w in wanted.values() for a in w.assignees))
    row.save(force_insert=row._state.adding, force_update=not row._state.adding)
    if row.handlers != old_handlers:
        _write_handlers(row)
    duties.write(row, wanted, judgement.at)
    if row.subject == people.ENROLLED:
        people.project(row, held)
    counters.move(row.bureau, row.root, before, row.counted)
    return judgement


def _number_is_free(row: CaseRow, before: str) -> None:
    """Refuse (G-028) a number that a correction would bring back after another case took it.

    Not asked of a file that is only being opened: the door has asked then, under the bureau's lock, and `rebuild` brings nothing
    new.
    """
    changed = row.subject == "case" and row.number != before and not row._state.adding
    if changed and is_taken(row.bureau, row.number, row.root):
        raise NotTaken("G-028", number=row.number)


def subject_of(record: Record, vocabulary: Vocabulary) -> str:
    """Return what kind of file a record's own file is: the subject that it opens, or its kind for a register entry."""
    kind = vocabulary.kinds.get(record.kind)
    return (kind.opens if kind else "") or record.kind


def _head(row: CaseRow, filed: Filed, held: Held, vocabulary: Vocabulary) -> None:
    entries = filed.entries
    root = filed.entry(row.root)
    row.records = len(entries)
    row.last_seq = filed.last
    row.last_received = max(e.record.received for e in entries)
    row.shared = any(e.home != row.root for e in entries)
    row.outside = any(e.outside for e in entries)
    row.subject = subject_of((root or entries[0]).record, vocabulary)
    row.closed = row.archived = None
    summary = summary_of(held) if row.subject == "case" else None
    if summary is not None:
        row.phase, row.opened = summary.stage, summary.opened_at
        row.closed, row.archived = summary.closed_at, summary.archived_at
        _title(row, summary.opening)
    else:
        opening = _current_of(row.root, held) or entries[0].record
        row.phase, row.opened = "", opening.instant
        row.closed = held.closing(row.subject, row.root) if row.subject != "case" else None
        _title(row, opening.content)
    row.state = "archived" if row.archived is not None else "closed" if row.closed is not None else "open"


def _current_of(root: str, held: Held) -> Record | None:
    return next((r for r in held.current if held.root(r) == root), None)


def _title(row: CaseRow, content: Mapping[str, Any]) -> None:
    row.number = number_of(content)
    row.title = _text(content, 200, "title", "name", "subject", "summary")
    row.party = _text(content, 200, "party_name")
    row.party_type = _text(content, 32, "party_type")
    row.action_type = _text(content, 32, "action_type")
    row.procedure = _text(content, 32, "procedure")
    row.unit = _text(content, 200, "unit")
    row.handlers = [
        {
            "person": str(p.get("id", ""))[:36],
            "name": str(p.get("name", ""))[:200],
            "certificate": str(p.get("certificate", ""))[:100],
        }
        for p in content.get("handlers") or ()
        if isinstance(p, dict)
    ]


def _text(content: Mapping[str, Any], most: int, *fields: str) -> str:
    for field in fields:
        held = content.get(field)
        if isinstance(held, str) and held:
            return held[:most]
    return ""


def _counts(row: CaseRow, judgement: Judgement) -> None:
    own = [d for d in judgement.duties if office_duty(d)]
    by_status: dict[str, list[Duty]] = {
        "due": [],
        "overdue": [],
        "breached": [],
        "unknown": [],
        "met": [],
        "excused": [],
    }
    for duty in own:
        by_status[duty.status].append(duty)
    still_open = by_status["due"] + by_status["overdue"]
    row.n_open = len(still_open)
    row.n_breached = len(by_status["breached"])
    row.n_unknown = len(by_status["unknown"])
    row.n_met = len(by_status["met"])
    row.n_excused = len(by_status["excused"])
    row.n_late = sum(1 for d in by_status["met"] if d.late is not None)
    # What only the clock made overdue is no fault here: `next_due` says it at every moment.
    lasting = [d for d in by_status["overdue"] if duties.stored_status(d, judgement.at) != "due"]
    row.n_faults = row.n_late + row.n_breached + len(lasting)
    row.next_due = min((d.due for d in still_open if d.due is not None), default=NO_END)
    row.next_change = judgement.next_change
    row.provisional = any(d.provisional for d in own)


def _write_handlers(row: CaseRow) -> None:
    HandlerRow.objects.filter(case_id=row.root).delete()
    listed: Sequence[Mapping[str, str]] = row.handlers
    HandlerRow.objects.bulk_create(
        HandlerRow(bureau=row.bureau, case_id=row.root, position=n, **handler) for n, handler in enumerate(listed)
    )
