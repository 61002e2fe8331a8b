"""Acts done elsewhere and entered afterwards (补登): imported, kept offline, or scanned from paper; each under an approval.

They are stored and judged as they stand, `breached` where they are; no gate refuses them, because a true statement of what
happened outside is not refused. They bear the mark `outside` for good, so that nothing is numbered, printed or published from
them as if it had been in order. The approval is a record of its own (`late_entry.approved`), brought by another person.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from liuhen.ground.calendar import Calendar
from liuhen.ground.findings import Finding
from liuhen.ground.moments import Day, read_date
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Kind, Vocabulary
from liuhen.ground.words import Said, Words
from liuhen.journal.authorise import OUTSIDE_APPROVAL
from liuhen.journal.chain import named
from liuhen.journal.filed import COLUMNS, Entry, decode
from liuhen.journal.judging import Basis
from liuhen.journal.models import RecordRow
from liuhen.journal.who import Who

SOURCES = ("import", "offline", "scan")
IN_STEP_WORKING_DAYS = 1
"""Until the end of so many working days after an act its entry is in step with it, and nobody is asked why it comes later.

The only number that the texts have for bringing in what was made in the field is bazhou 48: a recording within 24 hours. An
office that closes on Friday enters on Monday; so it is counted in working days, and an entry of the next one needs no word.
A bureau sets another number by LIUHEN_ENTRY_WORKING_DAYS (docs/running.md). It asks; it never refuses.
"""


@dataclass(frozen=True, slots=True)
class Outside:
    """Says that records are outside acts (补登说明): from which `source`, for what `reason`, by which `approval` (record id)."""

    source: str
    reason: str
    approval: str

    def as_json(self) -> dict[str, Any]:
        """Return what the door writes beside the record."""
        return {"source": self.source, "reason": self.reason, "approval": self.approval}


def working_days_late(record: Record, today: Day, calendar: Calendar) -> int:
    """Return how many working days `today` lies after the last day of an act; 0 while its entry is in step with it.

    Days are local ones, so that it is the same for an act of which only the day is known.
    """
    last = record.end_day
    limit = getattr(settings, "LIUHEN_ENTRY_WORKING_DAYS", IN_STEP_WORKING_DAYS)
    in_step, _ = calendar.add_working_days(last, limit)
    return calendar.working_between(last, today) if today > in_step else 0


def approval_of(outside: Outside, basis: Basis) -> Entry | None:
    """Return the approval that is named, None when the bureau has no such one. One query."""
    rows = RecordRow.objects.filter(id=outside.approval, bureau=basis.bureau, kind=OUTSIDE_APPROVAL)
    return next(iter(decode(rows.values_list(*COLUMNS), basis.zone)), None)


def refusals(outside: Outside, entry: Entry | None, who: Who, basis: Basis, today: int) -> Iterator[Finding]:
    """Yield why `who` may enter nothing afterwards on `today` under this approval; nothing when he may.

    A-007 no permission, A-008 approved by himself, G-014 source or reason missing, G-015 an approval that does not cover it.
    """
    if not who.may("enter_outside", "record"):
        yield Finding("A-007", {"who": who.name or who.person})
    if outside.source not in SOURCES:
        yield Finding(
            "G-014", {"part": Words("来源", "the source"), "wanted": "import | offline | scan"}, "/outside/source"
        )
    if not outside.reason.strip():
        wanted = Words("补登的理由", "why it is entered now")
        yield Finding("G-014", {"part": Words("理由", "the reason"), "wanted": wanted}, "/outside/reason")
    if entry is None:
        none = Said("所填的补登批准", "the approval given", outside.approval)
        yield _not_covered(none, Words("没有这条批准记录", "there is no such approval"))
        return
    if entry.actor == who.person:
        yield Finding("A-008", {"who": who.name or who.person}, "/outside/approval")
    approval = named(entry.record, basis.vocabulary)
    content, until = entry.record.content, read_date(str(entry.record.content.get("until")))
    if _replaced(entry.record.id, entry.home):
        yield _not_covered(approval, Words("已被更正或撤回", "it was corrected or withdrawn"))
    elif content.get("entered_by") != who.person:
        yield _not_covered(approval, Words("批准的是他人补登", "it names another person"))
    elif content.get("source") != outside.source:
        yield _not_covered(approval, Words("批准的来源不同", "it names another source"))
    elif until is None or until.toordinal() < today:
        yield _not_covered(approval, Words("已过补登截止日", "its time is over"))


def beyond(
    approval: Entry | None, record: Record, kind: Kind, cases: Sequence[str], vocabulary: Vocabulary
) -> Iterator[Finding]:
    """Yield why this record, which lies in `cases` (roots), is none to enter under the approval; nothing when it is one.

    G-031 not an act of a case, G-015 of a case or a kind that the approval does not name. An approval that names no case is one
    for cases that are not here yet: it covers opening them, and what belongs to a case opened under it; one that names no kinds
    is for any. At most one query.
    """
    opening = kind.opens == "case" and record.corrects is None
    if record.corrects or kind.phase == "management" or not (opening or (cases and kind.case != "no")):
        yield Finding("G-031", {"kind": kind.words}, "/outside")
        return
    if approval is None:
        return  # said already
    said, its_own = named(approval.record, vocabulary), approval.record.links.get("case", ())
    if not _of_a_kind_approved(approval.record, kind):
        yield _not_covered(said, Words("批准的是其他种类的记录", "it is for other kinds of record"))
    if its_own:
        named_ones = set(RecordRow.objects.filter(id__in=its_own).values_list("home", flat=True))
        if opening or not named_ones.issuperset(cases):
            yield _not_covered(said, Words("批准的是另一案件", "it is for another case"))
    elif not all(_opened_under(case, approval.record.id) for case in cases):
        yield _not_covered(said, Words("批准没有写明本案", "it does not name this case"))


def _of_a_kind_approved(approval: Record, kind: Kind) -> bool:
    """Return whether the approval is for this kind: named by id or name as whoever approved wrote it, or no kind is named."""
    listed = approval.content.get("kinds") or []
    said = {str(name).strip() for name in (listed if isinstance(listed, list) else [listed])} - {""}
    return not said or not said.isdisjoint({kind.id, kind.words.zh, kind.words.en})


def _opened_under(case: str, approval: str) -> bool:
    """Return whether a case was itself entered afterwards under this approval."""
    opening = RecordRow.objects.filter(id=case, outside=True).values_list("open", flat=True).first()
    return opening is not None and json.loads(bytes(opening))["door"]["outside"]["approval"] == approval


def _replaced(id_: str, home: str) -> bool:
    if RecordRow.objects.filter(corrects=id_).exists():
        return True
    withdrawn = RecordRow.objects.filter(home=home, kind="record.withdrawn").values_list("open", flat=True)
    return any(id_.encode() in bytes(stored) for stored in withdrawn)


def _not_covered(approval: Said, reason: Words) -> Finding:
    return Finding("G-015", {"approval": approval, "reason": reason}, "/outside/approval")
