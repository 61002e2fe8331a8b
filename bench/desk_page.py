"""One case with many records, through the door as any other (大案卷): what the case page is measured with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from uuid_utils import uuid7

ZONE = timezone(timedelta(hours=8))


def large_case(bureau: str, handler: str, records: int) -> str:
    """Enter a case with so many records and return its id: acts, their transcripts and recordings, papers, over half a year."""
    from liuhen.journal.door import take_batch
    from liuhen.journal.who import who_is

    now = datetime.now(UTC).astimezone(ZONE)
    who = who_is(bureau, handler, now.toordinal())
    start = (now - timedelta(days=190)).replace(hour=9, minute=0, second=0, microsecond=0)
    by = [{"role": "enforcement_officer", "name": who.name, "id": who.person, "certificate": who.certificate}]
    root = str(uuid7())
    handlers = [{"name": who.name, "id": who.person, "certificate": who.certificate}]
    content = {
        "case_number": "示自然资罚立〔2026〕999999号",
        "title": "卷内记录很多的案件",
        "action_type": "penalty",
        "party_name": "示例当事人",
        "unit": who.unit,
        "handlers": handlers,
    }
    out: list[dict[str, Any]] = [_record("case.opened", start, by, id=root, content=content)]
    at = start
    while len(out) < records:
        at += timedelta(hours=22)
        act = str(uuid7())
        case = {"case": [root]}
        end = at + timedelta(minutes=70)
        out.append(_record("act.inspection", at, by, id=act, until=end, links=case))
        out.append(
            _record(
                "recording.completed",
                at,
                by,
                until=end,
                links={**case, "about": [act]},
                content={"device": "JY-01", "told_at_start": True},
            )
        )
        out.append(
            _record(
                "onsite_inspection_transcript",
                end,
                by,
                links={**case, "about": [act]},
                signatures=[{"role": "party", "name": "示例"}],
            )
        )
        out.append(_record("evidence_retrieval_notice", end, by, links=case))
    out = out[:records]
    take_batch(out, actor=who)
    return root


def apply_on(bureau: str, head: str, rulebook: str) -> None:
    """Enter the head's decision to keep applying a text that has run out: without it the case would owe nothing by it."""
    from liuhen.journal.door import take_batch
    from liuhen.journal.who import who_is

    now = datetime.now(UTC).astimezone(ZONE)
    who = who_is(bureau, head, now.toordinal())
    content = {"rulebook": rulebook, "from": "2023-10-01", "decided_by": "局长办公会"}
    by = [{"role": "principal_head", "name": who.name, "id": who.person}]
    take_batch([_record("rulebook.applied_on", now - timedelta(days=400), by, content=content)], actor=who)


def _record(
    kind: str, at: datetime, by: list[dict[str, str]], *, id: str = "", until: datetime | None = None, **more: Any
) -> dict[str, Any]:
    value: dict[str, Any] = {
        "id": id or str(uuid7()),
        "kind": kind,
        "done_at": at.isoformat(),
        "precision": "minute",
        "by": by,
        **more,
    }
    if until is not None:
        value["until"] = until.isoformat()
    return value
