"""What a finding of a verification is about (核验所涉): case number, kind, day and file, as far as they can be told.

Only to say it to a person: the rows that this is read from may themselves have been altered, or be gone. What is gone is
looked for in what still names it: its files, its corrections, the duties that it set off, the outbox.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from zoneinfo import ZoneInfo

from liuhen.engines.ledger.leaf import EntrySubject
from liuhen.ground.errors import Refused
from liuhen.ground.findings import Finding
from liuhen.ground.moments import moment_of
from liuhen.ground.permissions import class_of
from liuhen.ground.record import ZONE
from liuhen.ground.vocabulary import Vocabulary, default
from liuhen.ground.words import Said, Words
from liuhen.journal.filed import COLUMNS, decode
from liuhen.journal.judging import basis
from liuhen.journal.looks import looked
from liuhen.journal.models import CaseRow, DutyRow, FileRow, LeafRow, LookRow, RecordRow
from liuhen.journal.who import system


@dataclass(frozen=True, slots=True)
class Concerned:
    """What one finding is about (所涉记录).

    Attributes:
        sort: record, file or looks. record: its id, empty for looks.
        subject, number: of the file that it lies in, such as 案件 and its case number; None and empty where they are not known,
            and for an entry of a register.
        kind: None where the row is gone or names no kind. day: when it was done; where `queued`, when it was taken in instead.
        position: of the file among those of the record, from 0.
        file: its name, empty where it was not asked for or can't be read any more.
        span: first and last look of a batch; of a stretch of places (`sort` places) the first and the last.
        records: ids of the records that the outbox names at those places, in their order.
    """

    sort: str
    record: str = ""
    subject: Words | None = None
    number: str = ""
    kind: Words | None = None
    day: date | None = None
    queued: bool = False
    position: int = 0
    file: str = ""
    span: tuple[int, int] = (0, 0)
    records: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return what a program reads beside a finding."""
        if self.sort == "places":
            return {"sort": "places", "first": self.span[0], "last": self.span[1], "records": list(self.records)}
        told: dict[str, Any] = {"sort": self.sort, "day": None if self.day is None else self.day.isoformat()}
        if self.sort == "looks":
            return {**told, "first": self.span[0], "last": self.span[1]}
        told |= {"record": self.record, "number": self.number, "kind": self.kind.as_json() if self.kind else None}
        return {**told, "position": self.position, "file": self.file} if self.sort == "file" else told


def concerned(bureau: str, findings: Iterable[Finding], *, names_for: str | None = None) -> list[Concerned | None]:
    """Return, for each finding, what it is about; None for one that is about the log as a whole. A few queries for all.

    Names of files are personal content, and who runs the system may not look at it: they are left out, unless `names_for`
    says under which login of this machine they are shown. Then that is a look at each file concerned, and recorded as one.
    """
    findings = list(findings)
    subjects = [_subject(finding, bureau) for finding in findings]
    ids = {s.names[0] for s in subjects if s is not None and s.kind != "looks"}
    known = _Known(bureau, ids, names=names_for is not None)
    found = [
        _stretch(bureau, f) if s is None else known.looks(s) if s.kind == "looks" else known.record(s)
        for f, s in zip(findings, subjects, strict=True)
    ]
    for (of, home), number in known.named.items():
        detail = {"command": "ledger verify", "login": names_for}
        looked(system(bureau), f"look {of}", home=home, detail=detail, number=number)
    return found


def _subject(finding: Finding, bureau: str) -> EntrySubject | None:
    said = finding.fields.get("subject")
    if isinstance(said, Said) and len(parts := said.raw.split(" ")) > 1:
        return EntrySubject(parts[0], tuple(parts[1:]))
    # A finding about one place alone: the outbox says what was to stand there.
    place = finding.fields.get("index", finding.fields.get("first"))
    if finding.code not in ("L-205", "L-208") or finding.fields.get("last", place) != place:
        return None
    row = LeafRow.objects.filter(bureau=bureau, place=cast("int", place)).values_list("sort", "ref").first()
    return None if row is None else EntrySubject(row[0], tuple(row[1].split("-" if row[0] == "looks" else "/")))


def _stretch(bureau: str, finding: Finding) -> Concerned | None:
    """Return the records of a stretch of places of which only the whole is known to be wrong: one of them is meant."""
    first, last = finding.fields.get("first"), finding.fields.get("last")
    if finding.code != "L-208" or not isinstance(first, int) or not isinstance(last, int):
        return None
    rows = LeafRow.objects.filter(bureau=bureau, place__gte=first, place__lte=last).exclude(sort="looks")
    refs = rows.order_by("place").values_list("ref", flat=True)
    return Concerned("places", span=(first, last), records=tuple(dict.fromkeys(ref.partition("/")[0] for ref in refs)))


class _Known:
    def __init__(self, bureau: str, ids: set[str], *, names: bool) -> None:
        self._bureau, self._names = bureau, names
        self.named: Counter[tuple[str, str]] = Counter()
        self._vocabulary, self._zone = _judged_by(bureau)
        self._rows: dict[str, Mapping[str, Any]] = {
            row["id"]: row for row in RecordRow.objects.filter(id__in=ids).values("id", "kind", "home", "day")
        }
        self._queued = dict(LeafRow.objects.filter(sort="record", ref__in=ids).values_list("ref", "queued"))
        self._homes = {**_named_by_others(ids - self._rows.keys()), **{id_: r["home"] for id_, r in self._rows.items()}}
        self._cases = {c.root: c for c in CaseRow.objects.filter(root__in=set(self._homes.values()))}

    def record(self, subject: EntrySubject) -> Concerned:
        id_, row = subject.names[0], self._rows.get(subject.names[0])
        case = self._cases.get(self._homes.get(id_, ""))
        kind = self._vocabulary.kinds.get(row["kind"]) if row else None
        day = _day(row["day"]) if row else None
        subject_words = self._vocabulary.terms["subjects"].get(case.subject) if case else None
        position = int(subject.names[1]) if subject.kind == "file" else 0
        return Concerned(
            subject.kind,
            id_,
            subject_words,
            case.number if case else "",
            kind.words if kind else None,
            day or self._day_of(self._queued.get(id_)),
            day is None,
            position,
            self._file_name(id_, position, case) if subject.kind == "file" and self._names else "",
        )

    def looks(self, subject: EntrySubject) -> Concerned:
        first, last = int(subject.names[0]), int(subject.names[1])
        looks = LookRow.objects.filter(bureau=self._bureau, seq__gte=first, seq__lte=last)
        return Concerned("looks", day=self._day_of(looks.values_list("at", flat=True).first()), span=(first, last))

    def _day_of(self, at: Any) -> date | None:
        try:
            return moment_of(at).astimezone(self._zone).date()
        except (TypeError, ValueError, OverflowError):
            return None

    def _file_name(self, id_: str, position: int, case: CaseRow | None) -> str:
        try:
            [entry] = decode(RecordRow.objects.filter(id=id_).values_list(*COLUMNS), self._zone)
            name = entry.record.files[position].name
        except Exception:
            return ""
        self.named[class_of(case.subject) if case is not None else "case", entry.home] += 1
        return name


def _judged_by(bureau: str) -> tuple[Vocabulary, ZoneInfo]:
    try:
        judged_by = basis(bureau)
    except Refused:
        # A rulebook that can't be loaded is no reason not to say what was tampered with.
        return default(), ZONE
    return judged_by.vocabulary, judged_by.zone


def _named_by_others(ids: set[str]) -> dict[str, str]:
    """Return the homes of records whose rows are gone, as far as something that is left tells them."""
    if not ids:
        return {}
    found = dict(DutyRow.objects.filter(trigger__in=ids).values_list("trigger", "case_id"))
    found |= {
        str(id_): home for id_, home in RecordRow.objects.filter(corrects__in=ids).values_list("corrects", "home")
    }
    found |= dict(FileRow.objects.filter(record__in=ids).values_list("record", "home"))
    return {**found, **{root: root for root in CaseRow.objects.filter(root__in=ids).values_list("root", flat=True)}}


def _day(ordinal: Any) -> date | None:
    try:
        return date.fromordinal(ordinal)
    except (TypeError, ValueError, OverflowError):
        return None
