"""From the records of a case to the story that its timeline tells (案情经过)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from liuhen.engines.rulebook.duty import Duty
from liuhen.faces.desk import routes
from liuhen.faces.desk.cases.acts import told_acts
from liuhen.faces.desk.cases.chains import Chain, held_by, sort
from liuhen.faces.desk.cases.lateness import late_words
from liuhen.faces.desk.speech import Speech
from liuhen.faces.desk.timeline.story import Clock, Holiday, Sheet, Story, place
from liuhen.faces.desk.words import words
from liuhen.ground.calendar import Calendar
from liuhen.ground.moments import Instant
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Kind, Vocabulary
from liuhen.ground.words import Language


def tell(
    held: Sequence[Chain],
    duties: Sequence[Duty],
    *,
    speech: Speech,
    vocabulary: Vocabulary,
    sealed: Collection[str],
    soon_until: Instant,
    keys: Mapping[int, str],
    stops: Mapping[int, Sequence[tuple[int, int]]],
) -> Story:
    """Return the story of a file.

    `sealed`: ids of records that have their seal. `soon_until`: what is due until then is soon. `keys`: id() of a duty → its key.
    `stops`: id() of a duty → first and last day of each span in which its clock stood.
    Cost: linear in records and duties.
    """
    kinds = vocabulary.kinds
    material = sort(held, kinds)
    acts, told = told_acts(material, duties, speech, vocabulary)
    sheets = tuple(
        _sheet(c, kinds[c.latest.kind], speech, sealed)
        for c in material.papers
        if c.latest.kind in kinds and c.latest.id not in told
    )
    by_id = held_by(held)
    clocks = tuple(
        _clock(d, keys.get(id(d), ""), speech, soon_until, by_id, stops.get(id(d), ()))
        for d in duties
        if d.weight == "duty"
    )
    first = min(
        [speech.today, *(int(s.at) for s in sheets), *(int(a.at) for a in acts), *(int(c.start) for c in clocks)]
    )
    last = max([speech.today, *(int(c.due) for c in clocks if c.due is not None and c.status in ("due", "soon"))])
    last = min(last, speech.today + 70) + 16
    off, holidays = days_off(speech.calendar, speech.language, max(first - 2, last - 1600), last)
    today = words(speech.language).timeline.today.format(day=speech.long_day(speech.today))
    return Story(place(speech.local(speech.now)), today, clocks, sheets, tuple(acts), holidays, off)


def _sheet(chain: Chain, kind: Kind, speech: Speech, sealed: Collection[str]) -> Sheet:
    r, name = chain.latest, speech.pick(kind.words)
    if chain.withdrawn:
        name = f"{name} · {words(speech.language).record.withdrawn}"
    return Sheet(
        r.id,
        place(r.done_at),
        name,
        routes.record(r.id),
        r.id in sealed,
        len(chain.records) > 1,
        chain.withdrawn,
    )


def status_at(duty: Duty, speech: Speech, soon_until: Instant) -> str:
    """Return the status as the page shows it: `soon` is a view of `due`."""
    status = duty.view(speech.now)
    if status == "due" and duty.due is not None and duty.due <= soon_until:
        return "soon"
    return status


def _clock(
    d: Duty,
    key: str,
    speech: Speech,
    soon_until: Instant,
    by_id: Mapping[str, Record],
    stops: Sequence[tuple[int, int]],
) -> Clock:
    status = status_at(d, speech, soon_until)
    cite = d.cites[0] if d.cites else None
    title = speech.pick(d.rule.title)
    label = (
        title + speech.bracketed(f"{speech.pick(cite.short)}{' ' if speech.language == 'en' else ''}{cite.article}")
        if cite
        else title
    )
    due_label = speech.slashed(speech.last_day(d.due)) if d.due is not None else ""
    ended = max((place(by_id[i].done_at) for i in d.met_by if i in by_id), default=None)
    return Clock(
        key,
        label,
        status,
        place(speech.local(d.since)),  # type: ignore[arg-type]
        place(speech.local(d.due)) if d.due is not None else None,
        ended,
        late_words(d, by_id, speech),
        due_label,
        tuple((float(a), float(b + 1)) for a, b in stops),
        (d.trigger, *d.met_by),
        d.rule.form in ("content", "order", "absence"),
    )


@lru_cache(maxsize=512)
def days_off(
    calendar: Calendar, language: Language, first: int, last: int
) -> tuple[frozenset[int], tuple[Holiday, ...]]:
    """Return the days off from `first` until before `last`, and the named holidays among them. Cost: one look-up a day, kept."""
    off = frozenset(d for d in range(first, last) if not calendar.is_working(d))
    out: list[Holiday] = []
    for d in sorted(off):
        found = calendar.holiday(d)
        if found is None:
            continue
        name = found.name.in_(language)
        if out and out[-1].last == d - 1 and out[-1].name == name:
            out[-1] = Holiday(out[-1].first, d, name)
        else:
            out.append(Holiday(d, d, name))
    return off, tuple(out)
