"""Acts with their accounted time (行为与应录时间): recordings, interruptions and papers of each, for bar and lens."""

from __future__ import annotations

from collections.abc import Sequence

from liuhen.engines.rulebook.duty import Duty
from liuhen.faces.desk import routes
from liuhen.faces.desk.cases.chains import Chain, Material
from liuhen.faces.desk.speech import Speech
from liuhen.faces.desk.timeline.accounted import Span, account
from liuhen.faces.desk.timeline.story import Act, Note, Take, place
from liuhen.faces.desk.words import words
from liuhen.ground.moments import MINUTE, Instant, instant, read_moment
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Vocabulary


def told_acts(
    m: Material, duties: Sequence[Duty], speech: Speech, vocabulary: Vocabulary
) -> tuple[list[Act], set[str]]:
    """Return the acts with accounted time, and the ids of the records that are told by a bar and need no sheet."""
    covered: dict[str, list[Duty]] = {}
    for d in duties:
        if d.rule.form == "coverage" and d.trigger:
            covered.setdefault(d.root or d.trigger, []).append(d)
    out: list[Act] = []
    told: set[str] = set()
    used: set[str] = set()
    named: dict[str, list[Chain]] = {}
    loose: list[Chain] = []
    for t in m.takes:
        about = t.latest.links.get("about", ())
        for target in about:
            named.setdefault(target, []).append(t)
        if not about:
            loose.append(t)
    for chain in m.acts:
        r = chain.latest
        owed = (r.end - r.instant) / MINUTE
        takes = list(dict.fromkeys(t for x in chain.records for t in named.get(x.id, ())))
        # A recording that names no act belongs to the one during which it ran.
        takes += [t for t in loose if t.latest.instant < r.end and t.latest.end > r.instant]
        asked = covered.get(r.root, [])
        if owed <= 0 or not (takes or asked):
            continue
        used.update(t.latest.id for t in takes)
        told.add(r.id)
        out.append(_act(chain, owed, takes, asked, m, speech, vocabulary))
    for t in m.takes:
        if t.latest.id not in used and not t.withdrawn:
            out.append(_alone(t.latest, speech, vocabulary))
    return out, told


def _spans(r: Record, start: Instant) -> list[Span]:
    """The segments of a recording in minutes from the act's start; its own interval when it names none."""
    out: list[Span] = []
    for segment in r.content.get("segments") or ():
        a, b = read_moment(str(segment.get("from"))), read_moment(str(segment.get("until")))
        if a is not None and b is not None and a.tzinfo is not None and b.tzinfo is not None:
            out.append(((instant(a) - start) / MINUTE, (instant(b) - start) / MINUTE))
    return out or [((r.instant - start) / MINUTE, (r.end - start) / MINUTE)]


def _act(
    chain: Chain,
    owed: float,
    takes: Sequence[Chain],
    asked: Sequence[Duty],
    m: Material,
    speech: Speech,
    vocabulary: Vocabulary,
) -> Act:
    r = chain.latest
    say = words(speech.language).timeline
    start = r.instant
    ids = {x.id for x in chain.records} | {t.latest.id for t in takes}
    recorded = [s for t in takes for s in _spans(t.latest, start)]
    excused: list[Span] = []
    notes: list[Note] = []
    for p in m.pauses:
        if p.withdrawn or ids.isdisjoint(p.latest.links.get("about", ())):
            continue
        span = (
            (0.0, owed)
            if p.latest.until is None
            else ((p.latest.instant - start) / MINUTE, (p.latest.end - start) / MINUTE)
        )
        excused.append(span)
        kind = vocabulary.kinds[p.latest.kind]
        notes.append(
            Note(
                max(0.0, span[1]) if p.latest.until else 0.0,
                "excused",
                f"{_clock_time(start, span[1], speech)} {speech.pick(kind.words)}",
            )
        )
    whole = [d for d in asked if d.rule.extent == "whole"]
    pieces = account(owed, recorded, [*excused, (0.0, owed)] if recorded and not whole else excused)
    for t in takes:
        if t.latest.content.get("told_at_start") is True:
            at = (t.latest.instant - start) / MINUTE
            notes.append(Note(at, "met", say.told.format(at=speech.clock(t.latest.instant))))
    for piece in pieces:
        if piece.share == "gap":
            notes.append(Note(piece.start, "due", say.gap_from.format(at=_clock_time(start, piece.start, speech))))
    shown = tuple(
        Take(a, b, _take_label(t.latest, n, speech), f"{routes.record(t.latest.id)}#play")
        for t in takes
        for n, (a, b) in enumerate(_spans(t.latest, start), 1)
    )
    papers = tuple(
        (_paper_label(p.latest, vocabulary, speech), 0.0, owed)
        for i in sorted(x.id for x in chain.records)
        for p in m.about.get(i, ())
        if not p.withdrawn
        and vocabulary.kinds.get(p.latest.kind)
        and vocabulary.kinds[p.latest.kind].family == "document"
    )
    kind = vocabulary.kinds[r.kind]
    when = f"{speech.short_day(r.day)} {speech.clock(start)}–{speech.clock(r.end)}"
    local = speech.local(start)
    return Act(
        r.id,
        place(r.done_at),
        speech.pick(kind.words),
        when,
        owed,
        pieces,
        local.hour * 60 + local.minute,
        routes.record(r.id),
        False,
        shown,
        papers[:1],
        tuple(notes),
    )


def _alone(r: Record, speech: Speech, vocabulary: Vocabulary) -> Act:
    minutes = max((r.end - r.instant) / MINUTE, 1.0)
    local = speech.local(r.instant)
    kind = vocabulary.kinds[r.kind]
    spans = _spans(r, r.instant)
    return Act(
        r.id,
        place(r.done_at),
        speech.pick(kind.words),
        f"{speech.short_day(r.day)} {speech.clock(r.instant)}–{speech.clock(r.end)}",
        minutes,
        account(minutes, spans, [(0.0, minutes)]),
        local.hour * 60 + local.minute,
        routes.record(r.id),
        True,
        tuple(
            Take(a, b, _take_label(r, n, speech), f"{routes.record(r.id)}#play") for n, (a, b) in enumerate(spans, 1)
        ),
    )


def _take_label(r: Record, n: int, speech: Speech) -> str:
    say = words(speech.language).timeline
    device = str(r.content.get("device") or "")
    return f"{device} {say.segment.format(n=n)}".strip()


def _paper_label(r: Record, vocabulary: Vocabulary, speech: Speech) -> str:
    kind = vocabulary.kinds[r.kind]
    signed = len(r.signatures)
    return (
        f"{speech.pick(kind.words)}{speech.comma}{words(speech.language).timeline.signed.format(n=signed)}"
        if signed
        else speech.pick(kind.words)
    )


def _clock_time(start: Instant, minutes: float, speech: Speech) -> str:
    return speech.clock(start + int(minutes * MINUTE))
