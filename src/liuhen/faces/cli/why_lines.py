"""Why an obligation stands as it does (判断理由), in lines for a terminal: facts, articles, clock, reading, calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from liuhen.engines.rulebook import Clock, Why
from liuhen.engines.rulebook.reasons import ROLES, Fact
from liuhen.faces.cli.duty_words import due_text
from liuhen.faces.cli.speech import filled, words
from liuhen.faces.cli.terminal import Terminal
from liuhen.ground.calendar import Calendar
from liuhen.ground.moments import Day
from liuhen.ground.words import Words


def why_lines(why: Why, terminal: Terminal, calendar: Calendar) -> Iterator[str]:
    """Give the lines of an explanation; the sentence first, the smallest change at its end."""
    of, said = terminal.of, words("check")
    yield of(filled(said["why"], sentence=why.sentence))
    for fact in why.facts:
        yield of(filled(said["why_fact"], role=ROLES[fact.role], fact=_fact(fact)))
    for cite, asks in why.articles:
        yield of(filled(said["why_article"], article=cite.words(), asks=asks))
    if why.clock is not None:
        yield of(filled(said["why_clock"], clock=_clock(why.clock, calendar)))
    for cite, reading in why.readings:
        yield of(filled(said["why_reading"], article=cite.words(), text=reading.text, instead=reading.instead))
    yield of(filled(said["calendar"], version=why.calendar[:12]))


def _fact(fact: Fact) -> Words:
    said = words("check")
    number = filled(said["why_number"], number=fact.number) if fact.number else Words("", "")
    asked = [said["between"], *fact.said] if fact.said else []
    zh = f"{fact.kind.zh}{number.zh}，{fact.when.zh}" + (
        asked[0].zh + "、".join(w.zh for w in fact.said) if asked else ""
    )
    en = f"{fact.kind.en}{number.en}, {fact.when.en}" + (
        asked[0].en + ", ".join(w.en for w in fact.said) if asked else ""
    )
    return filled(said["why_place"], place=fact.place, fact=Words(zh, en)) if fact.place else Words(zh, en)


def _clock(clock: Clock, calendar: Calendar) -> Words:
    """Return start, length, what was not counted and why, and the end."""
    said = words("check")
    start = f"{calendar.local(clock.start):%Y-%m-%d %H:%M}"
    parts = [filled(said["why_start"], start=start, limit=clock.limit)]
    runs = _runs(list(clock.not_counted))
    if runs:
        days = (
            "、".join(f"{_days(a, b)} {w.zh}" for a, b, w in runs),
            ", ".join(f"{_days(a, b)} {w.en}" for a, b, w in runs),
        )
        parts.append(filled(said["why_left_out"], days=Words(*days)))
    if clock.stop_article:
        parts.append(filled(said["why_stop_article"], no=clock.stop_article))
    if clock.due is not None:
        parts.append(filled(said["why_until"], until=due_text(clock.due, calendar)))
    elif clock.paused:
        parts.append(said["paused"])
    if clock.provisional:
        parts.append(said["why_provisional"])
    by = said["between"]
    return Words(by.zh.join(p.zh for p in parts), by.en.join(p.en for p in parts))


def _runs(days: list[tuple[Day, Words]]) -> list[tuple[Day, Day, Words]]:
    out: list[tuple[Day, Day, Words]] = []
    for day, reason in days:
        if out and out[-1][1] == day - 1 and out[-1][2] == reason:
            out[-1] = (out[-1][0], day, reason)
        else:
            out.append((day, day, reason))
    return out


def _days(first: Day, last: Day) -> str:
    a, b = date.fromordinal(first).isoformat(), date.fromordinal(last).isoformat()
    return a if first == last else f"{a}–{b[5:]}"
