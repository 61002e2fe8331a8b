"""Duties as rows (应办事项行): what a judgement says, in the form the lists need, and only what changed is written."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

from liuhen.engines.rulebook import Duty, Judgement
from liuhen.ground.moments import Instant
from liuhen.journal.assigning import assignees
from liuhen.journal.models import CaseRow, DutyRow, TaskRow
from liuhen.journal.models.derived import NO_END

SETTLED = frozenset({"met", "excused"})


class Wanted(NamedTuple):
    """A row that should stand (应有行): the duty, a mark of everything the row says, on whose workbenches, and where there."""

    duty: Duty
    mark: str
    assignees: tuple[str, ...]
    listed: Instant


def wanted_rows(judgement: Judgement, row: CaseRow, handlers: Sequence[str]) -> dict[str, Wanted]:
    """Return what a judgement calls for, by key: everything that is neither met nor excused.

    The mark tells whether a standing row still says the same; it covers what the texts say through the digest of the stack. No
    row is built here: a case of 400 records has hundreds of duties, and one more record changes a few.
    """
    out: dict[str, Wanted] = {}
    at, unit, basis = judgement.at, row.unit, row.judged_with
    # Hundreds of open duties are asked by a few rules: what an article, a thing that lacks and an assignee are called is written
    # once. By identity: the judgement holds them all, and to hash one costs more than to write it.
    cited: dict[int, str] = {}
    lacked: dict[int, str] = {}
    assigned: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for duty in judgement.duties:
        if duty.status in SETTLED:
            continue
        role = (duty.rule.asks_from, duty.status, duty.weight)
        whose = assigned.get(role)
        if whose is None:
            whose = assigned[role] = assignees(duty, handlers, unit)
        listed = listed_at(duty, row.closed)
        # Everything that `_row` writes stands in this text or follows from the rule, which the digest of the stack covers
        # (tests/journal/test_duties.py). Written out by hand: representations of values took longer than the judging.
        cites = cited.get(id(duty.cites))
        if cites is None:
            cites = cited[id(duty.cites)] = "".join([f"{c.rulebook} {c.article};" for c in duty.cites])
        lacks = ""
        for m in duty.missing:
            lack = lacked.get(id(m))
            if lack is None:
                lack = lacked[id(m)] = f"{m.what} {m.id} {m.words.zh} {m.kinds};"
            lacks += lack
        said = (
            f"{basis}\n{duty.rule.ref}\n{cites}\n{stored_status(duty, at)}\n{duty.due}\n{duty.since}\n{duty.trigger}\n"
            f"{duty.weight}{duty.late is None}{duty.paused}{duty.provisional}\n{lacks}\n{duty.asks}\n{whose}{listed}"
        )
        out[_key(duty, out)] = Wanted(duty, _short(said), whose, listed)
    return out


def write(row: CaseRow, wanted: dict[str, Wanted], at: int) -> None:
    """Make the case's duty rows and tasks those wanted. Costs one query when nothing changed."""
    rows = DutyRow.objects.filter(case_id=row.root).values_list("id", "key", "mark")
    standing = {key: (id_, mark) for id_, key, mark in rows}
    gone = [id_ for key, (id_, mark) in standing.items() if key not in wanted or wanted[key].mark != mark]
    new = [(key, w) for key, w in wanted.items() if key not in standing or standing[key][1] != w.mark]
    if gone:
        TaskRow.objects.filter(duty_id__in=gone).delete()
        DutyRow.objects.filter(id__in=gone).delete()
    if new:
        made = DutyRow.objects.bulk_create(_row(key, w, row, at) for key, w in new)
        tasks = [
            TaskRow(bureau=row.bureau, assignee=assignee, due=w.listed, case_id=row.root, duty_id=duty.id)
            for duty, (_, w) in zip(made, new, strict=True)
            for assignee in w.assignees
        ]
        if tasks:
            TaskRow.objects.bulk_create(tasks)


def stored_status(duty: Duty, at: int) -> str:
    """Return the status as it is kept: `due` wherever the clock alone turned it into overdue, so that time makes no row wrong."""
    if duty.status == "overdue" and duty.due is not None and at >= duty.due:
        return "due"
    return duty.status


def listed_at(duty: Duty, closed: Instant | None) -> Instant:
    """Return the moment by which a workbench lists a duty: when it falls or fell due, NO_END without one.

    What is overdue although no moment says so has been since its file was closed (`closed`), or began after that. What is unknown
    is not overdue, whatever moment has passed.
    """
    if duty.status == "unknown":
        return NO_END
    if duty.due is None and duty.status == "overdue":
        return duty.since if closed is None else max(duty.since, closed)
    return NO_END if duty.due is None else duty.due


def _key(duty: Duty, taken: dict[str, Wanted]) -> str:
    name = f"{duty.rule.duty}\n{duty.root or duty.since}\n{duty.note}"
    key = _short(name)
    count = 0
    while key in taken:
        count += 1
        key = _short(f"{name}\n{count}")
    return key


def _short(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _row(key: str, wanted: Wanted, case: CaseRow, at: int) -> DutyRow:
    duty, rule = wanted.duty, wanted.duty.rule
    status = stored_status(duty, at)
    return DutyRow(
        bureau=case.bureau,
        case_id=case.root,
        key=key,
        mark=wanted.mark,
        duty=rule.duty,
        rule=rule.ref,
        rulebook=rule.rulebook,
        articles=[[cite.rulebook, cite.article] for cite in duty.cites],
        title_zh=rule.title.zh,
        title_en=rule.title.en,
        status=status,
        due=NO_END if duty.due is None else duty.due,
        since=duty.since,
        trigger=duty.trigger,
        weight=duty.weight,
        asks_from=rule.asks_from,
        fault=duty.fault and status != "due",
        paused=duty.paused,
        provisional=duty.provisional,
        missing=[
            {"what": m.what, "id": m.id, "zh": m.words.zh, "en": m.words.en, "kinds": list(m.kinds)}
            for m in duty.missing
        ],
        asks=list(duty.asks),
    )
