"""Approvals that could never work (落空的批准): refused at the form, at the field that is at fault.

The door takes them as true statements of what a head wrote; so it is the form that asks, where whoever writes one can mend it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from liuhen.faces.desk.cases.offers import Entry
from liuhen.faces.desk.forms.reading import Draft
from liuhen.ground.findings import Finding
from liuhen.ground.moments import read_date
from liuhen.ground.vocabulary import Kind
from liuhen.ground.words import said_day
from liuhen.journal.access import APPROVAL
from liuhen.journal.authorise import OUTSIDE_APPROVAL
from liuhen.rooms.cases import choosing

_MARK = re.compile(r"[、，,；;]")
_BETWEEN = re.compile(r"[、，,；;\s]+")


def settle(entry: Entry, draft: Draft) -> None:
    """Write the kinds of an approval of late entries apart, and add to the draft's findings what would keep it from working.

    A-008 the approver is the one who enters, U-219 no such kind of record, U-220 it ends before it begins, G-031 a kind that
    nobody enters afterwards.
    """
    content = draft.json.get("content", {})
    if entry.kind.id == APPROVAL:
        draft.findings += _over(entry, draft, "valid_until")
    if entry.kind.id != OUTSIDE_APPROVAL:
        return
    draft.findings += _over(entry, draft, "until", entry.visit.speech.today)
    draft.findings += _own(entry, draft, str(content.get("entered_by") or ""))
    if content.get("kinds"):
        listed, findings = _kinds(entry, content["kinds"])
        content["kinds"] = listed
        draft.findings += findings


def _over(entry: Entry, draft: Draft, field: str, today: int | None = None) -> Iterator[Finding]:
    """Yield U-220 for an end before the day of the approval, or before `today` where a new one is of no use after it."""
    until = read_date(str(draft.json.get("content", {}).get(field) or ""))
    own = read_date(str(draft.json.get("done_at") or "")[:10])
    days = [d.toordinal() for d in (own,) if d is not None]
    if today is not None and entry.corrects is None:
        days.append(today)
    if until is not None and days and until.toordinal() < max(days):
        year, first = entry.visit.speech.year, date.fromordinal(max(days))
        said = {"field": entry.kind.fields[field].words, "until": said_day(until, year), "first": said_day(first, year)}
        yield Finding("U-220", said, f"/content/{field}")


def _own(entry: Entry, draft: Draft, enters: str) -> Iterator[Finding]:
    who, approving = entry.visit.who, {a.get("id", ""): a["name"] for a in draft.json.get("by", ())}
    approving.setdefault(who.person, who.name or who.person)
    if enters and enters in approving:
        yield Finding("A-008", {"who": approving[enters]}, "/content/entered_by")


def _kinds(entry: Entry, lines: Sequence[str]) -> tuple[list[str], list[Finding]]:
    known = entry.visit.basis.vocabulary.kinds.values()
    fit = {name for k in choosing.kinds_afterwards(entry.visit.basis.vocabulary) for name in _names(k)}
    others = {name: k for k in known for name in _names(k) if name not in fit}
    listed = list(dict.fromkeys(name for line in lines for name in _apart(line, fit | others.keys())))
    findings = []
    for name in listed:
        if name in others:
            findings.append(Finding("G-031", {"kind": others[name].words}, "/content/kinds"))
        elif name not in fit:
            findings.append(Finding("U-219", {"value": name}, "/content/kinds"))
    return listed, findings


def _names(kind: Kind) -> tuple[str, str, str]:
    return kind.id, kind.words.zh, kind.words.en


def _apart(line: str, known: set[str]) -> Iterator[str]:
    """Yield the names on a line; one that itself bears a 、 or a comma is found whole, the longest first."""
    rest = line.strip()
    while rest:
        starting = [n for n in known if rest.startswith(n) and (len(rest) == len(n) or _BETWEEN.match(rest, len(n)))]
        name = max(starting, key=len) if starting else _MARK.split(rest, maxsplit=1)[0]
        if name.strip():
            yield name.strip()
        rest = rest[len(name) :]
        after = _BETWEEN.match(rest)
        rest = rest[after.end() :] if after else rest
