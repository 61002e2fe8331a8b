"""The head of a case page (案件抬头): number, cause, parties, stage bar, what is left, and how far it is sealed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from liuhen.engines.rulebook import STAGES
from liuhen.faces.desk.cases.chains import Chain
from liuhen.faces.desk.cases.duties import CiteShown, cite_shown, unit_of
from liuhen.faces.desk.cases.standing import Standing
from liuhen.faces.desk.speech import Speech
from liuhen.faces.desk.timeline.story import WORST_FIRST
from liuhen.faces.desk.words import words
from liuhen.ground.moments import Day, Instant
from liuhen.ground.vocabulary import Vocabulary
from liuhen.journal.models import CaseRow


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the bar (阶段): done, now or still to come, its first day, and the marks of what is owed in it."""

    name: str
    state: str
    day: str
    marks: tuple[tuple[str, str, int], ...]
    late: int


@dataclass(frozen=True, slots=True)
class Left:
    """What is left until the earliest open duty (剩余天数): 28 天, of which duty, by which article."""

    before: str
    figure: str
    unit: str
    status: str
    title: str
    day: str
    cite: CiteShown | None
    key: str


@dataclass(frozen=True, slots=True)
class SealShown:
    """How far the case is sealed (封存): how many records have their place in the Ledger, how many wait, the last checkpoint."""

    sealed: int
    waiting: int
    checkpoint: str


def handlers_of(row: CaseRow, speech: Speech) -> str:
    """Return the names of those who handle the case."""
    names = [str(h.get("name", "")) for h in row.handlers]
    return speech.listed(n for n in names if n)


def reached(held: Sequence[Chain], vocabulary: Vocabulary, row: CaseRow, speech: Speech) -> dict[str, Day]:
    """Return stage → the first day on which something of it stands, from the records that count."""
    out: dict[str, Day] = {}
    for chain in held:
        kind = vocabulary.kinds.get(chain.latest.kind)
        if chain.withdrawn or kind is None:
            continue
        stage = "closed" if kind.closes == "case" else "archive" if kind.archives == "case" else kind.phase
        if stage in STAGES and (stage != "archive" or kind.archives == "case"):
            out[stage] = min(out.get(stage, chain.latest.day), chain.latest.day)
    if row.opened:
        out["initiation"] = min(out.get("initiation", 1 << 30), speech.calendar.day_at(row.opened))
    return out


def stages(row: CaseRow, firsts: Mapping[str, Day], held: Sequence[Standing], speech: Speech) -> list[Stage]:
    """Return the stage bar: stages that were skipped are done when a later one was reached and they have a record, else open."""
    say = words(speech.language)
    at = STAGES.index(row.phase) if row.phase in STAGES else 0
    owed: dict[str, dict[str, int]] = {}
    late: Counter[str] = Counter()
    for d in held:
        if d.weight != "duty":
            continue  # advice and hints are no debt, as in the list of duties
        stage = d.phase if d.phase in STAGES else ""
        if d.open:
            mine = owed.setdefault(stage, {})
            mine[d.status] = mine.get(d.status, 0) + 1
        elif d.late:
            late[stage] += 1
    out = []
    for i, stage in enumerate(STAGES):
        day = firsts.get(stage)
        state = "now" if i == at and row.state == "open" else "done" if day is not None and i <= at else ""
        mine = owed.get(stage, {})
        marks = tuple((s, getattr(say.status, s), mine[s]) for s in WORST_FIRST if s in mine)
        out.append(
            Stage(
                getattr(say.stage, stage), state, speech.short_day(day) if day is not None else "", marks, late[stage]
            )
        )
    return out


def left(held: Sequence[Standing], speech: Speech) -> Left | None:
    """Return what is left until the earliest open duty of the office; None when nothing has a date."""
    from liuhen.journal.assigning import office_duty

    open_ones = [
        s
        for s in held
        if s.duty.due is not None and s.duty.status in ("due", "overdue") and office_duty(s.duty) and not s.duty.paused
    ]
    if not open_ones:
        return None
    found = min(open_ones, key=lambda s: (s.duty.due or 0, s.duty.rule.ref))
    first = found.duty
    assert first.due is not None
    before, figure, unit = speech.figure(first.due, unit_of(first.rule))
    return Left(
        before,
        figure,
        unit,
        "overdue" if first.due <= speech.now else "",
        speech.pick(first.rule.title),
        speech.short_day(speech.last_day(first.due)),
        cite_shown(first.cites[0], speech) if first.cites else None,
        found.key,
    )


def any_open(held: Sequence[Standing]) -> bool:
    """Return whether anything of the file is open, dated or not."""
    return any(s.open for s in held)


def seal(places: Mapping[str, int | None], made: Instant | None, speech: Speech) -> SealShown:
    """Return the seal badge of a file."""
    done = sum(1 for index in places.values() if index is not None)
    return SealShown(done, len(places) - done, speech.stamp(made) if made is not None else "")
