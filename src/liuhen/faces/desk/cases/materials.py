"""The materials of a case (案件材料): its records as rows of the tabs 文书, 证据, 音像, 期限 and 日志."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from liuhen.faces.desk import routes
from liuhen.faces.desk.cases.chains import Chain
from liuhen.faces.desk.speech import Speech
from liuhen.faces.desk.words import words
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Kind, Vocabulary

TABS = ("papers", "evidence", "footage", "deadlines", "log")
_NUMBERS = ("document_number", "decision_number", "notice_number", "file_number", "number")


@dataclass(frozen=True, slots=True)
class RecordShown:
    """A record as a row (记录行): when, what, number, by whom, signatures, pages or files, and its place in the Ledger."""

    id: str
    url: str
    when: str
    name: str
    number: str
    by: str
    signed: str
    files: int
    place: str
    notes: tuple[str, ...]
    withdrawn: bool
    outside: bool
    kind: str


def tab_of(record: Record, vocabulary: Vocabulary) -> str:
    """Return in which tab a record stands: papers, evidence (documents of evidence taking and their acts), or footage."""
    kind = vocabulary.kinds.get(record.kind)
    if kind is None:
        return "papers"
    if kind.role in ("recording", "interruption", "av_exception") or record.kind == "ingest_record":
        return "footage"
    if kind.groups & {"evidence_document", "evidence_step", "investigation_transcript"}:
        return "evidence"
    return "papers"


def rows(
    held: Sequence[Chain],
    places: Mapping[str, int | None],
    outside: frozenset[str],
    speech: Speech,
    vocabulary: Vocabulary,
) -> list[RecordShown]:
    """Return one row for each record that counts, latest first, corrections folded into it."""
    out = [_row(c, places, outside, speech, vocabulary) for c in held]
    order = {c.latest.id: (c.latest.instant, n) for n, c in enumerate(held)}
    return sorted(out, key=lambda r: order[r.id], reverse=True)


def _row(
    c: Chain, places: Mapping[str, int | None], outside: frozenset[str], speech: Speech, vocabulary: Vocabulary
) -> RecordShown:
    r = c.latest
    say = words(speech.language).record
    kind = vocabulary.kinds.get(r.kind)
    notes = []
    if len(c.records) > 1:
        notes.append(say.corrected_n.said(len(c.records) - 1))
    if c.withdrawn:
        notes.append(str(say.withdrawn))
    if r.id in outside:
        notes.append(str(say.outside))
    when = speech.day(r.instant) if r.precision == "day" else speech.stamp(r.instant)
    if r.precision == "day" and when[:4] == str(speech.local(speech.now).year):
        when = when[5:]
    wanted = len(kind.signatures) if kind else 0
    signed = len(r.signatures)
    return RecordShown(
        r.id,
        routes.record(r.id),
        when,
        speech.pick(kind.words) if kind else r.kind,
        _number(r, kind),
        makers(r, speech),
        f"{signed}/{max(wanted, signed)}" if wanted or signed else "",
        len(r.files),
        place_words(places.get(r.id, -1), speech),
        tuple(notes),
        c.withdrawn,
        r.id in outside,
        r.kind,
    )


def _number(r: Record, kind: Kind | None) -> str:
    names = ("case_number", *_NUMBERS) if kind is not None and kind.opens == "case" else _NUMBERS
    return next((str(r.content[f]) for f in names if r.content.get(f)), "")


def makers(r: Record, speech: Speech) -> str:
    """Return the names of those who acted, at most two and how many more."""
    names = [a.name for a in r.by if a.name]
    shown = speech.listed(names[:2])
    return f"{shown}＋{len(names) - 2}" if len(names) > 2 else shown


def place_words(index: int | None, speech: Speech) -> str:
    """Return 第 47,902 条, 待封, or nothing for a record whose home is another file."""
    say = words(speech.language).record
    if index is None:
        return str(say.waiting)
    return say.place.format(n=f"{index + 1:,}") if index >= 0 else ""


def counts(held: Sequence[Chain], vocabulary: Vocabulary) -> dict[str, int]:
    """Return how many records each tab has that stand; a withdrawn one is listed there and counts no more."""
    out = dict.fromkeys(TABS, 0)
    for c in held:
        if c.withdrawn:
            continue
        out[tab_of(c.latest, vocabulary)] += 1
    return out
