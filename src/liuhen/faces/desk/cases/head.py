"""The head of a case page (案件抬头): number, cause, parties, stage bar, what is left, and how far it is sealed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from liuhen.engines.rulebook import STAGES, Duty
from liuhen.faces.desk.cases.chains import Chain
from liuhen.faces.desk.cases.duties import CiteShown, DutyShown, cite_shown, unit_of
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


def stages(row: CaseRow, firsts: Mapping[str, Day], shown: Sequence[DutyShown], speech: Speech) -> list[Stage]:
    """Return the stage bar: stages that were skipped are done when a later one was reached and they have a record, else open."""
    say = words(speech.language)
    at = STAGES.index(row.phase) if row.phase in STAGES else 0
    owed: dict[str, Counter[str]] = {}
    late: Counter[str] = Counter()
    for d in shown:
        if d.weight != "duty":
            continue  # advice and hints are no debt, as in the list of duties
        stage = d.phase if d.phase in STAGES else ""
        if d.status not in ("met", "excused"):
            owed.setdefault(stage, Counter())[d.status] += 1
        elif d.late:
            late[stage] += 1
    out = []
    for i, stage in enumerate(STAGES):
        day = firsts.get(stage)
        state = "now" if i == at and row.state == "open" else "done" if day is not None and i <= at else ""
        marks = tuple((s, getattr(say.status, s), owed[stage][s]) for s in WORST_FIRST if owed.get(stage, Counter())[s])
        out.append(
            Stage(
                getattr(say.stage, stage), state, speech.short_day(day) if day is not None else "", marks, late[stage]
            )
        )
    return out


def left(duties: Sequence[Duty], keys: Mapping[int, str], speech: Speech, row: CaseRow) -> Left | None:
    """Return what is left until the earliest open duty of the office; None when nothing has a date."""
    from liuhen.journal.assigning import office_duty

    open_ones = [
        d for d in duties if d.due is not None and d.status in ("due", "overdue") and office_duty(d) and not d.paused
    ]
    if not open_ones:
        return None
    first = min(open_ones, key=lambda d: (d.due or 0, d.rule.ref))
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
        keys.get(id(first), ""),
    )


def seal(places: Mapping[str, int | None], made: Instant | None, speech: Speech) -> SealShown:
    """Return the seal badge of a file."""
    done = sum(1 for index in places.values() if index is not None)
    return SealShown(done, len(places) - done, speech.stamp(made) if made is not None else "")
