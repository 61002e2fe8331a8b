"""From the records of a case to the story that its timeline tells (案情经过)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from liuhen.engines.rulebook.duty import Duty
from liuhen.faces.desk import routes
from liuhen.faces.desk.cases.acts import told_acts
from liuhen.faces.desk.cases.chains import Chain, sort
from liuhen.faces.desk.cases.lateness import late_words
from liuhen.faces.desk.cases.standing import Standing
from liuhen.faces.desk.speech import Speech
from liuhen.faces.desk.timeline.story import Clock, Holiday, Place, Sheet, Story, place
from liuhen.faces.desk.words import words
from liuhen.ground.calendar import Calendar
from liuhen.ground.moments import Instant
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Kind, Vocabulary
from liuhen.ground.words import Language


def tell(
    held: Sequence[Chain],
    duties: Sequence[Standing],
    *,
    speech: Speech,
    vocabulary: Vocabulary,
    records: Mapping[str, Record],
    sealed: Collection[str],
    stops: Mapping[str, Sequence[tuple[int, int]]],
    chosen: str | None = None,
) -> Story:
    """Return the story of a file.

    `records`: by id. `sealed`: ids of records that have their seal. `stops`: key of a duty → first and last day of each span in
    which its clock stood. `chosen`: the act that is told with all that a lens shows; None: the one that is worth a look.
    Cost: linear in records and duties.
    """
    kinds = vocabulary.kinds
    material = sort(held, kinds)
    acts, told = told_acts(material, duties, speech, vocabulary, chosen)
    sheets = tuple(
        _sheet(c, kinds[c.latest.kind], speech, sealed)
        for c in material.papers
        if c.latest.kind in kinds and c.latest.id not in told
    )
    places = Places(speech)
    clocks = tuple(_clock(s, speech, places, records, stops.get(s.key, ())) for s in duties if s.weight == "duty")
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


class Places(dict[Instant, Place]):
    """Where instants stand on the axis (轴上位置); many duties of a case begin with the same record."""

    def __init__(self, speech: Speech) -> None:
        self._speech = speech
        self.labels: dict[tuple[int, int], str] = {}

    def __missing__(self, at: Instant) -> Place:
        found = self[at] = place(self._speech.local(at))
        return found


def _clock(
    s: Standing, speech: Speech, places: Places, records: Mapping[str, Record], stops: Sequence[tuple[int, int]]
) -> Clock:
    d = s.duty
    ended, lights = None, d.trigger
    if d.met_by:
        ended = max((place(records[i].done_at) for i in d.met_by if i in records), default=None)
        lights = " ".join([i for i in (d.trigger, *d.met_by) if i])
    return Clock(
        s.key,
        _label(d, speech, places.labels),
        s.status,  # type: ignore[arg-type]
        places[d.since],
        places[d.due] if d.due is not None else None,
        ended,
        late_words(d, records, speech) if s.late else "",
        speech.slashed(speech.last_day(d.due)) if d.due is not None else "",
        tuple([(float(a), float(b + 1)) for a, b in stops]) if stops else (),
        lights,
        d.rule.form in ("content", "order", "absence"),
    )


def _label(d: Duty, speech: Speech, known: dict[tuple[int, int], str]) -> str:
    """Return title and first article; the same for all duties of a rule."""
    cite = d.cites[0] if d.cites else None
    key = (id(d.rule), id(cite))
    if key not in known:
        title = speech.pick(d.rule.title)
        gap = " " if speech.language == "en" else ""
        known[key] = title + speech.bracketed(f"{speech.pick(cite.short)}{gap}{cite.article}") if cite else title
    return known[key]


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
