"""Holding a log against rulebooks (核对日志): case by case as they come, and for each rule how many and which cases break it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from liuhen.dossier.logs.csv_rows import Written, how_written
from liuhen.dossier.logs.csv_rows import traces as csv_traces
from liuhen.dossier.logs.events import InvalidLog, Trace
from liuhen.dossier.logs.making import Maker
from liuhen.dossier.logs.mapping import LogMap
from liuhen.dossier.logs.opened import Sort, opened, sort_of
from liuhen.dossier.logs.xes import traces as xes_traces
from liuhen.engines.rulebook import Duty, Rule, Stack
from liuhen.ground.case import Case
from liuhen.ground.findings import Finding
from liuhen.ground.moments import instant
from liuhen.ground.record import Record

MOST_FINDINGS = 200


@dataclass(slots=True)
class Told:
    """A finding, where it was first made, and how often (发现及次数)."""

    finding: Finding
    times: int = 0


@dataclass(slots=True)
class Seen:
    """What was read of a log (读取情况).

    Attributes:
        sort: xes or csv. written: how a CSV file is written; None for XES.
        cases: how many were judged. aside: how many were not, for something in them can't be taken. events: of the cases judged.
        ignored: events that the mapping leaves out. lost: events or traces that name no case.
        findings: each sort once, in the order found, at most `MOST_FINDINGS`.
    """

    path: Path
    sort: Sort
    written: Written | None = None
    cases: int = 0
    aside: int = 0
    events: int = 0
    ignored: int = 0
    lost: int = 0
    findings: list[Told] = field(default_factory=list)
    _known: dict[tuple[str, str], Told] = field(default_factory=dict)

    def tell(self, finding: Finding) -> None:
        """Take note of a finding: the same once more is counted."""
        # Told apart by what names a thing of the source; a line or a value is told of the first alone.
        what = next((str(finding.fields[k]) for k in ("activity", "field", "key", "kind") if k in finding.fields), "")
        told = self._known.get((finding.code, what))
        if told is None and len(self.findings) >= MOST_FINDINGS:
            finding = Finding("E-044", {"limit": MOST_FINDINGS}, str(self.path))
            told = self._known.get(("E-044", ""))
            what = ""
        if told is None:
            told = self._known[finding.code, what] = Told(finding)
            self.findings.append(told)
        told.times += 1


@dataclass(slots=True)
class Tally:
    """One rule and what the cases of the log say of it (逐条汇总).

    Attributes:
        asked, met, late, missing, due, excused, unknown: obligations; `missing` are overdue or breached. hints: of the late and
            missing those that are only hints.
        cases: ids of the cases in which something is late or missing, in the order of the log, each once.
    """

    rule: Rule
    asked: int = 0
    met: int = 0
    late: int = 0
    missing: int = 0
    due: int = 0
    excused: int = 0
    unknown: int = 0
    hints: int = 0
    faults: int = 0
    cases: list[str] = field(default_factory=list)

    @property
    def counts(self) -> bool:
        """Whether breaking it counts against the office: a duty, no hint, advice or window of the party."""
        return self.rule.weight == "duty" and self.rule.asks_from != "party"

    def take(self, duty: Duty, case: str) -> None:
        """Count one obligation of a case."""
        self.asked += 1
        if duty.status == "met" and duty.late is None:
            self.met += 1
        elif duty.status in ("met", "overdue", "breached"):
            if duty.status == "met":
                self.late += 1
            else:
                self.missing += 1
            self.faults += duty.fault
            self.hints += duty.weight != self.rule.weight
            if not self.cases or self.cases[-1] != case:
                self.cases.append(case)
        else:
            setattr(self, duty.status, getattr(self, duty.status) + 1)


@dataclass(frozen=True, slots=True)
class LogReport:
    """What a log says of rulebooks as of a moment (日志核对结果): one tally for each rule, in the order of the texts."""

    stack: Stack
    log: LogMap
    at: datetime
    seen: Seen
    tallies: tuple[Tally, ...]

    @property
    def faults(self) -> int:
        """How many duties of the office are late, overdue or breached."""
        return sum(t.faults for t in self.tallies)


def cases(path: Path, log: LogMap, seen: Seen) -> Iterator[tuple[str, tuple[Record, ...]]]:
    """Yield the cases of a log with their records, as they come; what is not taken is noted in `seen`.

    Refused: E-001 to E-015, as the readers of XES and of CSV say, and E-017 there is no case in it; then nothing that was
    yielded before is to be used.
    Cost: linear; memory of one case, of a number for each trace of XES, and for CSV of a hundred thousand lines.
    """
    maker = Maker(log, str(path))
    names: set[int] = set()
    for trace in _traces(path, log, seen):
        if isinstance(trace, Finding):
            seen.lost += 1
            seen.tell(trace)
            continue
        made = maker.make(trace)
        seen.ignored += made.ignored
        for finding in made.wrong:
            seen.tell(finding)
        if made.wrong:
            if trace.id:
                seen.aside += 1
            else:
                seen.lost += 1
            continue
        if seen.sort == "xes":
            if (name := hash(trace.id)) in names:
                seen.tell(Finding("E-036", {"case": trace.id}, f"{path}:{trace.line}"))
            names.add(name)
        seen.cases += 1
        seen.events += len(made.records) - (log.opens_with is not None and bool(made.records))
        yield trace.id, made.records
    if not (seen.cases or seen.aside or seen.lost):
        raise InvalidLog("E-017", str(path), path=str(path))


def _traces(path: Path, log: LogMap, seen: Seen) -> Iterator[Trace | Finding]:
    if seen.sort == "csv":
        seen.written = how_written(path, log.encoding, log.delimiter)
        yield from csv_traces(path, seen.written, sorted(log.keys), log.case)
        return
    with opened(path) as source:
        yield from xes_traces(source, log.keys, log.case)


def check_log(path: Path, log: LogMap, stack: Stack, at: datetime) -> LogReport:
    """Hold every case of a log against a stack of rulebooks as of `at`; later events are not seen.

    Each rule keeps its own row: what rulebooks ask together is not stacked here, as in `liuhen audit`.
    """
    seen = Seen(path, sort_of(path))
    tallies = {rule.ref: Tally(rule) for rule in stack.rules}
    moment = instant(at)
    shared = Counter(rule.duty for rule in stack.rules)
    alike = [rule for rule in stack.rules if shared[rule.duty] > 1]
    apart = frozenset(rule.ref for rule in alike)
    for name, records in cases(path, log, seen):
        if not records:
            continue
        h = stack.hold(Case(records), moment, captures=log.captures)
        for duty in _unstacked(stack.judge_held(h).duties, apart):
            tallies[duty.rule.ref].take(duty, name)
        for rule in alike:
            for duty in stack.judge_one(rule, h):
                tallies[rule.ref].take(duty, name)
    return LogReport(stack, log, at, seen, tuple(tallies.values()))


def _unstacked(duties: Iterable[Duty], apart: frozenset[str]) -> Iterator[Duty]:
    return (d for d in duties if d.rule.ref not in apart) if apart else iter(duties)
