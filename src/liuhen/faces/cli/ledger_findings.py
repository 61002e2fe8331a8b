"""The findings of a verification as a clerk reads them (核验发现): which case, which record of which day, which file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from liuhen.faces.cli.speech import filled, words
from liuhen.ground.findings import Finding
from liuhen.ground.words import Said, Words, said_day

if TYPE_CHECKING:
    from liuhen.journal.concerned import Concerned

NOTHING = Words("", "")
MOST_RECORDS = 20


def named(finding: Finding, concerned: Concerned | None) -> tuple[Finding, Words | None]:
    """Return the finding with its subject said in full; where it has no subject but is about a record, that is said beside it."""
    if concerned is None:
        return finding, None
    said = said_of(concerned)
    subject = finding.fields.get("subject")
    if not isinstance(subject, Said):
        return finding, said
    return Finding(
        finding.code, {**finding.fields, "subject": Said(said.zh, said.en, subject.raw)}, finding.place
    ), None


def said_of(concerned: Concerned) -> Words:
    """Return what a finding is about: 案件…的“询问笔录”的附件 1“笔录.pdf”（2026年3月6日，记录 0197…）."""
    said = words("ledger")
    if concerned.sort == "places":
        return _places(concerned.records)
    day = said_day(concerned.day) if concerned.day is not None else None
    if concerned.sort == "looks":
        span: dict[str, object] = {"first": concerned.span[0], "last": concerned.span[1]}
        return filled(said["looks"], day=day, **span) if day else filled(said["looks_undated"], **span)
    dated = filled(said["queued" if concerned.queued else "dated"], day=day) if day else NOTHING
    return filled(
        said["concerned"],
        where=_where(concerned),
        what=filled(said["kind"], kind=concerned.kind) if concerned.kind else said["no_kind"],
        file=_file(concerned),
        dated=dated,
        record=concerned.record,
    )


def _places(records: Sequence[str]) -> Words:
    said, listed = words("ledger"), records[:MOST_RECORDS]
    ids = Words("、".join(listed), ", ".join(listed))
    more = filled(said["more_records"], count=len(records) - len(listed)) if len(records) > len(listed) else NOTHING
    return filled(said["places"], count=len(records), ids=ids, more=more)


def _where(concerned: Concerned) -> Words:
    if concerned.subject is None or not concerned.number:
        return NOTHING
    return filled(words("ledger")["where"], subject=concerned.subject, number=concerned.number)


def _file(concerned: Concerned) -> Words:
    if concerned.sort != "file":
        return NOTHING
    said, number = words("ledger"), concerned.position + 1
    if not concerned.file:
        return filled(said["file_unnamed"], number=number)
    return filled(said["file"], number=number, name=concerned.file)


def as_json(finding: Finding, concerned: Concerned | None) -> dict[str, Any]:
    """Return a finding as a program reads it, with what it is about."""
    told = named(finding, concerned)[0].as_json()
    return {**told, "concerned": concerned.as_json() if concerned is not None else None}


def in_runs(findings: Sequence[Finding]) -> list[tuple[Finding, bool]]:
    """Return each finding with whether its next step is to be said after it: once for a run of findings of one code."""
    return [(f, n + 1 == len(findings) or findings[n + 1].code != f.code) for n, f in enumerate(findings)]
