"""Acts with their accounted time (行为与应录时间): recordings, interruptions and papers of each, for bar and lens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from liuhen.engines.rulebook.duty import Duty
from liuhen.faces.desk import routes
from liuhen.faces.desk.cases.chains import Chain, Material
from liuhen.faces.desk.cases.standing import Standing
from liuhen.faces.desk.speech import Speech
from liuhen.faces.desk.timeline.accounted import Span, account
from liuhen.faces.desk.timeline.story import Act, Note, Take, place
from liuhen.faces.desk.words import words
from liuhen.ground.moments import MINUTE, Instant, instant, read_moment
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Vocabulary


def told_acts(
    m: Material, duties: Sequence[Standing], speech: Speech, vocabulary: Vocabulary, chosen: str | None = None
) -> tuple[list[Act], set[str]]:
    """Return the acts with accounted time, and the ids of the records that are told by a bar and need no sheet.

    The act `chosen` (None: the one worth a look) comes with all that a lens shows of it, the others without.
    """
    covered: dict[str, list[Duty]] = {}
    for s in duties:
        d = s.duty
        if d.rule.form == "coverage" and d.trigger:
            covered.setdefault(d.root or d.trigger, []).append(d)
    out: list[Act] = []
    close: dict[str, Callable[[], Act]] = {}
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
        act, pauses = _act(chain, owed, takes, asked, m, speech, vocabulary)
        out.append(act)
        close[r.id] = partial(_close, act, chain, takes, pauses, m, speech, vocabulary)
    for t in m.takes:
        if t.latest.id not in used and not t.withdrawn:
            act = _alone(t.latest, speech, vocabulary)
            out.append(act)
            close[act.key] = partial(replace, act, takes=_takes([t], t.latest.instant, speech))
    wanted = worth_a_look(out) if chosen is None else chosen
    return [close[act.key]() if act.key == wanted else act for act in out], told


def worth_a_look(acts: Iterable[Act]) -> str:
    """Return the key of the latest act of which minutes are unexplained: the lens opens on it by itself; empty for none."""
    gaps = [a for a in acts if not a.alone and a.minutes("gap") >= 1]
    return max(gaps, key=lambda a: a.at).key if gaps else ""


def _spans(r: Record, start: Instant) -> list[Span]:
    """The segments of a recording in minutes from the act's start; its own interval when it names none."""
    out: list[Span] = []
    for segment in r.content.get("segments") or ():
        a, b = read_moment(str(segment.get("from"))), read_moment(str(segment.get("until")))
        if a is not None and b is not None and a.tzinfo is not None and b.tzinfo is not None:
            out.append(((instant(a) - start) / MINUTE, (instant(b) - start) / MINUTE))
    return out or [_whole(r, start)]


def _whole(r: Record, start: Instant) -> Span:
    return ((r.instant - start) / MINUTE, (r.end - start) / MINUTE)


Pause = tuple[Chain, Span]
"""An interruption of an act, with its span in minutes from the act's start."""


def _act(
    chain: Chain,
    owed: float,
    takes: Sequence[Chain],
    asked: Sequence[Duty],
    m: Material,
    speech: Speech,
    vocabulary: Vocabulary,
) -> tuple[Act, list[Pause]]:
    r = chain.latest
    start = r.instant
    recorded = [s for t in takes for s in _spans(t.latest, start)]
    pauses: list[Pause] = []
    if m.pauses:
        ids = {x.id for x in chain.records} | {t.latest.id for t in takes}
        for p in m.pauses:
            if not p.withdrawn and not ids.isdisjoint(p.latest.links.get("about", ())):
                begun = (0.0, owed) if p.latest.until is None else _whole(p.latest, start)
                pauses.append((p, begun))
    excused = [span for _, span in pauses]
    whole = [d for d in asked if d.rule.extent == "whole"]
    local = speech.local(start)
    act = Act(
        r.id,
        place(r.done_at),
        speech.pick(vocabulary.kinds[r.kind].words),
        f"{speech.short_day(r.day)} {speech.clock(start)}–{speech.clock(r.end)}",
        owed,
        account(owed, recorded, [*excused, (0.0, owed)] if recorded and not whole else excused),
        local.hour * 60 + local.minute,
        routes.record(r.id),
    )
    return act, pauses


def _close(
    act: Act,
    chain: Chain,
    takes: Sequence[Chain],
    pauses: Sequence[Pause],
    m: Material,
    speech: Speech,
    vocabulary: Vocabulary,
) -> Act:
    """Return the act as a lens shows it: with its recordings, its papers and the marks below."""
    say, kinds, start = words(speech.language).timeline, vocabulary.kinds, chain.latest.instant
    notes = [
        Note(
            max(0.0, span[1]) if p.latest.until else 0.0,
            "excused",
            f"{_clock_time(start, span[1], speech)} {speech.pick(kinds[p.latest.kind].words)}",
        )
        for p, span in pauses
    ]
    for t in takes:
        if t.latest.content.get("told_at_start") is True:
            at = (t.latest.instant - start) / MINUTE
            notes.append(Note(at, "met", say.told.format(at=speech.clock(t.latest.instant))))
    for piece in act.pieces:
        if piece.share == "gap":
            notes.append(Note(piece.start, "due", say.gap_from.format(at=_clock_time(start, piece.start, speech))))
    papers = [
        (_paper_label(p.latest, vocabulary, speech), 0.0, act.owed)
        for i in sorted(x.id for x in chain.records)
        for p in m.about.get(i, ())
        if not p.withdrawn and p.latest.kind in kinds and kinds[p.latest.kind].family == "document"
    ]
    return replace(act, takes=_takes(takes, start, speech), papers=tuple(papers[:1]), notes=tuple(notes))


def _takes(takes: Sequence[Chain], start: Instant, speech: Speech) -> tuple[Take, ...]:
    return tuple(
        Take(a, b, _take_label(t.latest, n, speech), f"{routes.record(t.latest.id)}#play")
        for t in takes
        for n, (a, b) in enumerate(_spans(t.latest, start), 1)
    )


def _alone(r: Record, speech: Speech, vocabulary: Vocabulary) -> Act:
    minutes = max((r.end - r.instant) / MINUTE, 1.0)
    local = speech.local(r.instant)
    return Act(
        r.id,
        place(r.done_at),
        speech.pick(vocabulary.kinds[r.kind].words),
        f"{speech.short_day(r.day)} {speech.clock(r.instant)}–{speech.clock(r.end)}",
        minutes,
        account(minutes, _spans(r, r.instant), [(0.0, minutes)]),
        local.hour * 60 + local.minute,
        routes.record(r.id),
        True,
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
