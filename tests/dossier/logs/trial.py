"""A small log, its mapping and two rules, for tests that change one thing of them."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path

from liuhen.dossier.logs.judging import LogReport, Seen, cases, check_log
from liuhen.dossier.logs.mapping import LogMap, read_map
from liuhen.dossier.logs.opened import sort_of
from liuhen.engines.rulebook import Stack, build_stack, load_rulebook, vocabulary_for
from liuhen.ground.calendar import Calendar
from liuhen.ground.record import ZONE, Record
from liuhen.ground.vocabulary import Vocabulary, default
from tests.logs.road_fines import BOOK

AT = datetime(2026, 11, 1, tzinfo=ZONE)
MAP = """
log: 1
case:
  id: case
  opens_with: {kind: case.opened, fields: {case_number: case, title: {value: 罚款}, action_type: {value: penalty}}}
event: {activity: activity, time: time, resource: who}
activities:
  Create:
    kind: road_fine.created
    fields: {amount: {from: amount, unit: yuan}, provision: article, vehicle: {from: sort, values: {A: car}}}
  Send: {kind: road_fine.sent, links: {about: {last: road_fine.created}}}
  Pay: {kind: road_fine.paid}
  Print: ignore
"""
HEADER = "case,activity,time,who,amount,article,sort"
GOOD = [
    "F1,Create,2025-03-03T09:00:00+08:00,501,200.00,157,A",
    "F1,Send,2025-03-20T10:00:00+08:00,502,,,",
    "F2,Create,2025-03-04T09:00:00+08:00,501,100,157,A",
]


@cache
def vocabulary() -> Vocabulary:
    return vocabulary_for([BOOK], default())


@cache
def stack(zone: str = "Asia/Shanghai") -> Stack:
    book = load_rulebook(BOOK, vocabulary())
    return build_stack([book], vocabulary(), Calendar.load(zone=zone), regardless_of_dates=True)


def mapping(folder: Path, text: str = MAP) -> LogMap:
    """Read a mapping from its text."""
    path = folder / "log.map.yaml"
    path.write_text(text, encoding="utf-8")
    return read_map(path, vocabulary())


def csv_file(folder: Path, *lines: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    """Write a log as CSV."""
    path = folder / "log.csv"
    path.write_bytes("".join(line + "\r\n" for line in (header, *lines)).encode(encoding))
    return path


def xes_file(folder: Path, body: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> Path:
    """Write a log as XES, with these traces."""
    path = folder / "log.xes"
    path.write_text(
        f'{head}<log xes.version="1849.2016" xmlns="http://www.xes-standard.org/">{body}</log>', encoding="utf-8"
    )
    return path


def event(**values: str) -> str:
    """Return an event in XES; `_` stands for the colon in a key."""
    held = "".join(f'<string key="{key.replace("_", ":")}" value="{value}"/>' for key, value in values.items())
    return f"<event>{held}</event>\n"


def trace(name: str, *events: str) -> str:
    """Return a trace in XES."""
    return f'<trace><string key="case" value="{name}"/>{"".join(events)}</trace>\n'


def read(path: Path, log: LogMap) -> tuple[Seen, dict[str, tuple[Record, ...]]]:
    """Return what was read of a log, and the records of each case."""
    seen = Seen(path, sort_of(path))
    return seen, dict(cases(path, log, seen))


def codes(seen: Seen) -> list[str]:
    """Return the codes found, each once."""
    return [told.finding.code for told in seen.findings]


def judged(path: Path, log: LogMap) -> LogReport:
    """Hold a log against the sample rulebook."""
    return check_log(path, log, stack(log.zone.key), AT)
