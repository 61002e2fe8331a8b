"""What a form offers to link (可关联的记录): records of the case, other files of the bureau, approvals for late entries."""

from __future__ import annotations

from dataclasses import dataclass

from liuhen.ground.moments import Day, read_date
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Kind, LinkKind, Vocabulary
from liuhen.journal.authorise import OUTSIDE_APPROVAL
from liuhen.journal.filed import COLUMNS, Filed, decode
from liuhen.journal.judging import Basis
from liuhen.journal.models import CaseRow, RecordRow
from liuhen.journal.who import Who

MOST_OFFERED = 300


@dataclass(frozen=True, slots=True)
class OtherFile:
    """Another file of the bureau that a link may name (其他卷), such as a device or a plan."""

    root: str
    number: str
    title: str


def allowed_kinds(link: LinkKind, vocabulary: Vocabulary) -> frozenset[str] | None:
    """Return the kinds that a link may name; None for any."""
    if link.kinds:
        return frozenset(k for name in link.kinds for k in vocabulary.groups.get(name, frozenset({name})))
    return vocabulary.opening(link.role) if link.role in vocabulary.terms["subjects"] else None


def records_for(link: LinkKind, held: Filed, vocabulary: Vocabulary) -> list[Record]:
    """Return the records of the file that the link may name, latest first; corrected and withdrawn ones left out."""
    allowed = allowed_kinds(link, vocabulary)
    withdrawing = vocabulary.with_role("withdrawal")
    gone = {r.corrects for e in held.entries if (r := e.record).corrects}
    gone |= {t for e in held.entries if e.record.kind in withdrawing for t in e.record.links.get("withdraws", ())}
    found = [
        e.record for e in held.entries if e.record.id not in gone and (allowed is None or e.record.kind in allowed)
    ]
    return sorted(found, key=lambda r: r.instant, reverse=True)


def files_for(link: LinkKind, bureau: str, vocabulary: Vocabulary) -> list[OtherFile]:
    """Return the bureau's files that a link named after a subject may name (device, plan, …), latest first. One query."""
    allowed = allowed_kinds(link, vocabulary)
    if allowed is None:
        return []
    subjects = {
        vocabulary.kinds[k].opens or k for k in allowed if k in vocabulary.kinds and vocabulary.kinds[k].case != "yes"
    }
    if not subjects or "case" in subjects:
        return []
    rows = CaseRow.objects.filter(bureau=bureau, subject__in=sorted(subjects)).order_by("-last_received")
    return [OtherFile(*row) for row in rows.values_list("root", "number", "title")[:MOST_OFFERED]]


def approvals_for(who: Who, basis: Basis, today: Day) -> list[Record]:
    """Return the approvals under which `who` may enter acts afterwards today, latest first."""
    rows = (
        RecordRow.objects.filter(bureau=who.bureau, kind=OUTSIDE_APPROVAL).order_by("-seq").values_list(*COLUMNS)[:100]
    )
    found = [entry.record for entry in decode(rows, basis.zone)]
    replaced = {r.corrects for r in found if r.corrects}
    return [r for r in found if r.id not in replaced and r.content.get("entered_by") == who.person and _lasts(r, today)]


def kinds_afterwards(vocabulary: Vocabulary) -> list[Kind]:
    """Return the kinds that can be entered afterwards (G-031 for any other): acts of a case, and what opens one."""
    return [k for k in vocabulary.kinds.values() if k.phase != "management" and (k.opens == "case" or k.case != "no")]


def _lasts(record: Record, today: Day) -> bool:
    until = read_date(str(record.content.get("until")))
    return until is not None and until.toordinal() >= today
