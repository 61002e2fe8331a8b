"""Small rulebooks: rules written as YAML beside the test, kinds of their own, records in the short form of the examples."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from liuhen.engines.rulebook import (
    Duty,
    Judgement,
    Register,
    Rulebook,
    build_stack,
    last_moment,
    read_rulebook,
    vocabulary_for,
)
from liuhen.engines.rulebook.examples import read_example
from liuhen.ground.calendar import Calendar
from liuhen.ground.case import Case
from liuhen.ground.located import parse
from liuhen.ground.moments import Instant
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Vocabulary, default

KINDS = Path(__file__).with_name("trial_kinds.yaml")
HEAD = """
id: {id}
title: {{zh: 试验办法, en: Trial measures}}
short: {{zh: 试验办法, en: Trial measures}}
issuer: {{zh: 示例局, en: Example bureau}}
version: "1"
in_force: {{from: 2020-01-01}}
articles: 1
"""
ARTICLE = """
article: "1"
asks: {zh: 试验, en: a trial}
entries: []
rules:
"""


@cache
def calendar() -> Calendar:
    return Calendar.load()


def write_book(folder: Path, rules: str, head: str = "", kinds: str | None = None) -> Path:
    """Write a rulebook of one article; every rule gets an id and a title where it has none. Returns its folder."""
    (folder / "articles").mkdir(parents=True)
    (folder / "kinds").mkdir()
    own = textwrap.dedent(head)
    base = HEAD.format(id=folder.name)
    for key in ("in_force", "articles", "short"):
        if f"\n{key}:" in "\n" + own:
            base = "\n".join(line for line in base.splitlines() if not line.startswith(f"{key}:")) + "\n"
    (folder / "rulebook.yaml").write_text(base + own, encoding="utf-8")
    (folder / "kinds" / "trial.yaml").write_text(kinds or KINDS.read_text(encoding="utf-8"), encoding="utf-8")
    titled = re.sub(r"(?m)^(- id: \S+)$", r"\1\n  title: {zh: 试验, en: a trial}", textwrap.dedent(rules).strip())
    body = textwrap.indent(titled, "  ")
    (folder / "articles" / "001.yaml").write_text(ARTICLE + body + "\n", encoding="utf-8")
    return folder


class Book:
    """A rulebook as read from its folder, compiled, and asked of records in the short form."""

    def __init__(self, path: Path, *, regardless: bool = True, **settings: Any) -> None:
        self.vocabulary = vocabulary_for([path], default())
        self.rulebook = read_rulebook(path, self.vocabulary)
        self.stack = build_stack(
            [self.rulebook], self.vocabulary, calendar(), settings=settings, regardless_of_dates=regardless
        )

    def records(self, *records: Any, case: Any = None, at: str = "2026-06-30T12:00") -> tuple[Record, ...]:
        return read(self.rulebook, self.vocabulary, records, case, at)[0]

    def judgement(self, *records: Any, at: str, case: Any = None, register: Sequence[Record] = ()) -> Judgement:
        made, moment = read(self.rulebook, self.vocabulary, records, case, at)
        return self.stack.judge(Case.of(made), moment, register=Register.of(register))

    def judge(self, *records: Any, at: str, case: Any = None, register: Sequence[Record] = ()) -> list[str]:
        """Return each duty in a line, in the order of their triggers."""
        return lines(self.judgement(*records, at=at, case=case, register=register).duties)

    def duties(self, *records: Any, at: str, case: Any = None) -> list[Duty]:
        return ordered(self.judgement(*records, at=at, case=case).duties)


def read(
    book: Rulebook, vocabulary: Vocabulary, records: Sequence[Any], case: Any, at: str
) -> tuple[tuple[Record, ...], Instant]:
    made: dict[str, Any] = {"name": "示例", "records": [long(r) for r in records], "at": at, "expect": "none"}
    if case is not None:
        made["case"] = case
    example = read_example(made, book.rules[0], vocabulary)
    return example.records, example.at


def long(record: Any) -> Any:
    """Return a record written as YAML in a line (`{on: …}`) as its tree, the short form as it is."""
    return parse(record, "test") if isinstance(record, str) and record.startswith("{") else record


def ordered(duties: Iterable[Duty]) -> list[Duty]:
    return sorted(duties, key=lambda d: (d.since, d.rule.id, d.note, d.root))


def lines(duties: Iterable[Duty]) -> list[str]:
    return [line(d) for d in ordered(duties)]


def line(d: Duty) -> str:
    """Say a duty in a line: status, how late, what is missing, which field asks, and its flags."""
    parts = [d.status]
    if d.late:
        parts.append(f"late {d.late.amount} {d.late.unit}")
    if d.missing:
        parts.append("missing " + ", ".join(m.id for m in d.missing))
    if d.asks:
        parts.append("asks " + ", ".join(d.asks))
    if d.weight != "duty":
        parts.append(f"({d.weight})")
    parts += [flag for flag in ("paused", "provisional", "recorded_after", "marked") if getattr(d, flag)]
    return " ".join(parts)


def due_of(d: Duty) -> str:
    """Return the last moment of a duty in local time; 24:00 of a day is the midnight after it."""
    return "never" if d.due is None else f"{calendar().local(last_moment(d.due)):%Y-%m-%d %H:%M}"
