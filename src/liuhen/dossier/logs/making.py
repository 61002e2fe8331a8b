"""Records made of events (由事件生成记录): one file a case, in the order of time, that of the log where times are equal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache

from liuhen.dossier.logs.events import MOST_EVENTS, Event, Trace
from liuhen.dossier.logs.mapping import Activity, LogMap, Source
from liuhen.ground.findings import Finding
from liuhen.ground.moments import Precision, read_date, read_moment
from liuhen.ground.record import Actor, Record


class _Wrong(Exception):
    """What makes a case one that can't be judged; it is set aside."""

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self.finding = finding


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a trace (生成结果): its records; or none, and why it is set aside.

    `ignored`: how many events the mapping leaves out.
    """

    records: tuple[Record, ...]
    wrong: tuple[Finding, ...] = ()
    ignored: int = 0


@dataclass(slots=True)
class _Timed:
    event: Event
    activity: Activity
    begin: datetime
    until: datetime | None
    precision: Precision


class Maker:
    """Makes the records of cases by a mapping (生成记录), numbering the cases as they come.

    The ids of the records say case and place: the same log gives the same ids. Times without an offset are times of the zone of
    the mapping; of an hour that a clock runs through twice, its first. What the log gives with a day alone is kept to the day.
    """

    def __init__(self, log: LogMap, where: str) -> None:
        self.log, self.where = log, where
        self.cases = 0
        self._moment = lru_cache(maxsize=8192)(self._read_time)
        self._actors: dict[tuple[str, str], tuple[Actor, ...]] = {}
        kinds = [a.kind for a in (*log.activities.values(), log.opens_with) if a is not None]
        self._opening = frozenset(k.id for k in kinds if k.opens == "case")

    def make(self, trace: Trace) -> Made:
        """Return the records of a trace. Set aside: E-030 to E-035, E-037 to E-039, E-041 to E-043, as their sentences say."""
        self.cases += 1
        if not trace.id:
            return Made((), (self._finding("E-032", trace.line),))
        if trace.wrong:
            return Made((), tuple(trace.wrong))
        if trace.seen > MOST_EVENTS:
            fields = {"case": trace.id, "events": trace.seen, "limit": MOST_EVENTS}
            return Made((), (Finding("E-035", fields, f"{self.where}:{trace.line}"),))
        wrong: list[Finding] = []
        timed: list[_Timed] = []
        ignored = 0
        for event in trace.events:
            try:
                found = self._timed(event)
            except _Wrong as why:
                wrong.append(why.finding)
                continue
            if found is None:
                ignored += 1
            else:
                timed.append(found)
        if wrong:
            return Made((), tuple(wrong), ignored)
        # A stable sort: where times are equal the order of the log stays.
        timed.sort(key=lambda t: t.begin)
        try:
            return Made(self._records(trace, timed), (), ignored)
        except _Wrong as why:
            return Made((), (why.finding,), ignored)

    def _finding(self, code: str, line: int, **fields: object) -> Finding:
        return Finding(code, fields, f"{self.where}:{line}")

    # -- time and activity -----------------------------------------------------------------------------------------
    def _timed(self, event: Event) -> _Timed | None:
        values, log = event.values, self.log
        parts = [values.get(key, "") for key in log.activity]
        if not parts[0]:
            raise _Wrong(self._finding("E-042", event.line))
        name = parts[0] if len(parts) == 1 else "+".join(parts)
        if name not in log.activities:
            raise _Wrong(self._finding("E-033", event.line, activity=name[:200]))
        activity = log.activities[name]
        if activity is None:
            return None
        begin, precision = self._time(values.get(log.time, ""), event)
        until = None
        key = activity.until or log.until
        if key and activity.kind.interval and values.get(key):
            until, _ = self._time(values[key], event)
            if until < begin:
                raise _Wrong(self._finding("E-041", event.line))
        elif activity.kind.interval and precision != "day":
            # The log knows one moment of it: an act that began and ended then.
            until = begin
        return _Timed(event, activity, begin, until, precision)

    def _time(self, text: str, event: Event) -> tuple[datetime, Precision]:
        if not text:
            raise _Wrong(self._finding("E-030", event.line))
        found = self._moment(text)
        if found is None:
            raise _Wrong(self._finding("E-031", event.line, value=text[:80]))
        return found

    def _read_time(self, text: str) -> tuple[datetime, Precision] | None:
        log = self.log
        found: datetime | None
        precision: Precision = log.precision
        if log.time_format:
            try:
                found = datetime.strptime(text, log.time_format)  # noqa: DTZ007 (the zone is given below)
            except ValueError:
                return None
            if not 1900 <= found.year <= 2200:
                return None
        elif day := read_date(text):
            found, precision = datetime.combine(day, time(0)), "day"
        else:
            found = read_moment(_shortened(text))
            if found is None:
                return None
        found = found.replace(tzinfo=log.zone) if found.tzinfo is None else found.astimezone(log.zone)
        if precision == "day":
            found = found.replace(hour=0, minute=0, second=0, microsecond=0)
        return found, precision

    # -- records ---------------------------------------------------------------------------------------------------
    def _records(self, trace: Trace, timed: list[_Timed]) -> tuple[Record, ...]:
        log, number = self.log, self.cases
        head = f"{number >> 16:08x}-{number & 0xFFFF:04x}-7000-8000-"
        out: list[Record] = []
        case = ""
        if not timed:
            return ()
        if log.opens_with is not None:
            case = f"{head}{0:012x}"
            first = timed[0]
            values = {**trace.events[0].values, **trace.values}
            content = self._content(log.opens_with, {}, values, trace.line)
            out.append(
                Record(case, log.bureau, log.opens_with.kind.id, first.begin, log.opens_with.kind.version, None,
                       first.precision, content=content)
            )  # fmt: skip
        else:
            n = next((n for n, t in enumerate(timed, 1) if t.activity.kind.opens == "case"), 0)
            if not n:
                kinds = " | ".join(sorted(self._opening))
                raise _Wrong(self._finding("E-043", trace.line, kind=kinds))
            case = f"{head}{n:012x}"
        first_of: dict[str, str] = {}
        last_of: dict[str, str] = {}
        places: dict[str, int] = {}
        if log.opens_with is not None:
            first_of[log.opens_with.kind.id] = last_of[log.opens_with.kind.id] = case
            places[case] = 0
        for n, t in enumerate(timed, 1):
            kind = t.activity.kind
            id_ = f"{head}{n:012x}"
            links: dict[str, tuple[str, ...]] = {}
            if t.activity.in_case and id_ != case:
                links["case"] = (case,)
            for link in t.activity.links:
                known = last_of if link.last else first_of
                named = [known[k] for k in link.kinds if k in known]
                if named:
                    links[link.role] = ((max if link.last else min)(named, key=places.__getitem__),)
                elif link.required:
                    fields = {"kind": kind.words, "link": link.role}
                    raise _Wrong(Finding("E-039", fields, f"{self.where}:{t.event.line}"))
            out.append(
                Record(
                    id_, log.bureau, kind.id, t.begin, kind.version, t.until, t.precision,
                    self._by(t.event.values.get(log.resource, ""), t.activity.role) if log.resource else (),
                    None, links, self._content(t.activity, t.event.values, trace.values, t.event.line),
                )
            )  # fmt: skip
            first_of.setdefault(kind.id, id_)
            last_of[kind.id] = id_
            places[id_] = n
        return tuple(out)

    def _content(
        self, activity: Activity, event: Mapping[str, str], case: Mapping[str, str], line: int
    ) -> dict[str, object]:
        content: dict[str, object] = {}
        for source in activity.fields:
            if source.always is not None:
                content[source.field] = source.always
                continue
            text = event.get(source.event, "") if source.event else case.get(source.case, "")
            # What the log leaves empty was never answered.
            if text:
                content[source.field] = self._value(source, text, line)
        for needed in activity.kind.fields.values():
            if needed.required and content.get(needed.id) in (None, "", []):
                raise _Wrong(self._finding("E-034", line, field=needed.words, value="", wanted=needed.type))
        return content

    def _value(self, source: Source, text: str, line: int) -> object:
        try:
            return source.read(text)
        except ValueError as error:
            fields = {"field": source.words, "value": text[:80], "wanted": str(error)[:200]}
            raise _Wrong(Finding("E-034", fields, f"{self.where}:{line}")) from error

    def _by(self, resource: str, role: str) -> tuple[Actor, ...]:
        if not resource:
            return ()
        found = self._actors.get((resource, role))
        if found is None:
            log = self.log
            what = "system" if resource in log.systems else "person"
            told = log.roles.get(resource) or role or log.role
            found = (Actor(told, resource, "", log.certificates.get(resource, ""), what),)
            if len(self._actors) < 100_000:
                self._actors[resource, role] = found
        return found


def _shortened(text: str) -> str:
    """Return a moment with at most six digits of a second, and its offset with a colon: elsewhere both are written otherwise."""
    head, point, rest = text.partition(".")
    if point:
        digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
        text = f"{head}.{digits[:6]}{rest[len(digits) :]}"
    if len(text) > 19 and text[-5] in "+-" and text[-4:].isdigit():
        text = f"{text[:-2]}:{text[-2:]}"
    return text
