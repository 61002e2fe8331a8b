"""The frame around every page (页面框架): rooms, name, notices, and the foot that says what the page was computed with."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from django.templatetags.static import static

from liuhen.faces.desk import routes
from liuhen.faces.desk.speech import Speech
from liuhen.faces.desk.words import words
from liuhen.ground.moments import Day
from liuhen.journal.judging import Basis, basis
from liuhen.journal.models import BureauRow
from liuhen.journal.pulse import Pulse, pulse
from liuhen.journal.who import Who, who_is

if TYPE_CHECKING:
    from liuhen.faces.desk.visit import Visit

KEEP_SECONDS = 2.0
"""How long what every page asks again is kept: a role that was ended opens nothing after that."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One line across the page (提示条)."""

    sort: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Room:
    """An entry of the navigation."""

    id: str
    url: str
    name: str


@dataclass(slots=True)
class Frame:
    """What the base template needs (框架)."""

    lang: str
    size: str
    person: str
    room: str
    rooms: tuple[Room, ...]
    may_find: bool
    sample: bool
    tongue_url: str
    tongue_lang: str
    foot: tuple[str, ...]
    notices: tuple[Notice, ...]
    sheets: tuple[str, ...]
    scripts: tuple[str, ...]
    icon: str
    csrf: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """What the bureau's pages say of the system (系统状态): its names, and the pulse of worker and Ledger."""

    zh: str
    en: str
    sample: bool
    pulse: Pulse


class _Kept:
    """Values kept for a moment, by key."""

    def __init__(self) -> None:
        self._held: dict[Any, tuple[float, Any]] = {}
        self._lock = Lock()

    def get(self, key: Any, make: Any) -> Any:
        at = time.monotonic()
        found = self._held.get(key)
        if found is not None and at - found[0] < KEEP_SECONDS:
            return found[1]
        value = make()
        with self._lock:
            if len(self._held) > 5_000:
                self._held.clear()
            self._held[key] = (at, value)
        return value

    def clear(self) -> None:
        """Forget everything; tests begin with it."""
        self._held.clear()


kept = _Kept()


def basis_of(bureau: str) -> Basis:
    """Return what a bureau is judged by; asked anew every KEEP_SECONDS."""
    found: Basis = kept.get(("basis", bureau), lambda: basis(bureau))
    return found


def who_of(bureau: str, person: str, day: Day) -> Who:
    """Return a person with the roles of `day`; asked anew every KEEP_SECONDS."""
    found: Who = kept.get(("who", bureau, person, day), lambda: who_is(bureau, person, day))
    return found


def state_of(bureau: str) -> State:
    """Return what the pages say of the system; asked anew every KEEP_SECONDS."""
    found: State = kept.get(("state", bureau), lambda: _state(bureau))
    return found


def _state(bureau: str) -> State:
    row = BureauRow.objects.filter(id=bureau).values_list("zh", "en", "sample").first() or (bureau, bureau, False)
    return State(row[0], row[1], row[2], pulse(bureau, time.time_ns() // 1000))


def of(visit: Visit, room: str) -> Frame:
    """Return the frame of a signed-in person's page."""
    state = state_of(visit.who.bureau)
    speech = visit.speech
    notices = []
    if not state.pulse.alive:
        say = words(speech.language).frame
        last = state.pulse.last
        text = say.worker_stopped_long.format(at=speech.moment(last)) if last is not None else str(say.worker_never)
        gap = "" if speech.language == "zh" else " "
        notices.append(Notice("alarm", str(say.worker_stopped), f"{text}{gap}{say.worker_next}"))
    account = visit.request.user
    other = "en" if speech.language == "zh" else "zh"
    finds, rooms = _rooms(visit.who, speech.language)
    return Frame(
        "zh-Hans" if speech.language == "zh" else "en",
        "large" if getattr(account, "large_text", False) else "",
        visit.who.name,
        room,
        rooms,
        finds,
        state.sample,
        routes.query(routes.LANGUAGE, to=other, next=visit.request.get_full_path()),
        "en" if other == "en" else "zh-Hans",
        _foot(visit.basis, speech, state),
        tuple(notices),
        *_assets(),
    )


def samples(language: Any) -> tuple[tuple[str, ...], bool]:
    """Return the names of the sample bureaus of this installation, and whether there are no others."""
    rows = list(BureauRow.objects.order_by("id").values_list("zh", "en", "sample"))
    names = tuple(zh if language == "zh" else en for zh, en, sample in rows if sample)
    return names, len(names) == len(rows) > 0


def of_stranger(request: Any, language: Any) -> Frame:
    """Return the frame of a page that is seen before signing in; marked as a sample where there is nothing else."""
    other = "en" if language == "zh" else "zh"
    return Frame(
        "zh-Hans" if language == "zh" else "en",
        "",
        "",
        "",
        (),
        False,
        samples(language)[1],
        routes.query(routes.LANGUAGE, to=other, next=request.get_full_path()),
        "en" if other == "en" else "zh-Hans",
        (),
        (),
        *_assets(),
    )


def _rooms(who: Who, language: Any) -> tuple[bool, tuple[Room, ...]]:
    say = words(language).frame
    sees_cases = any(who.may("look", "case", near) for near in ("handler", "unit", "bureau"))
    rooms = [Room("workbench", routes.WORKBENCH, say.workbench)]
    if sees_cases:
        rooms.append(Room("cases", routes.CASES, say.cases))
    rooms.append(Room("registers", routes.REGISTERS, say.registers))
    if who.may("look", "audit"):
        rooms.append(Room("audit", routes.AUDIT, say.audit))
    return sees_cases, tuple(rooms)


@cache
def _assets() -> tuple[tuple[str, ...], tuple[str, ...], str]:
    sheets = (static("build/desk.css"),)
    scripts = (static("django_htmx/htmx-2.min.js"), static("build/desk.js"))
    return sheets, scripts, static("desk/icon.svg")


def _foot(found: Basis, speech: Speech, state: State) -> tuple[str, ...]:
    say = words(speech.language).frame
    lines = [state.zh if speech.language == "zh" else state.en]
    lines.append(say.rules.format(names=" · ".join(_book(found, speech))))
    year = date.fromordinal(found.calendar.known_until).year if found.calendar.known_until else ""
    lines.append(say.calendar.format(year=year, version=found.calendar.version[:8]))
    if state.pulse.made is None:
        lines.append(str(say.no_checkpoint))
    else:
        lines.append(say.checkpoint.format(size=f"{state.pulse.size:,}", at=speech.moment(state.pulse.made)))
    return tuple(lines)


def _book(found: Basis, speech: Speech) -> list[str]:
    return [
        f"{speech.pick(book.short)}（{book.version}）"
        if speech.language == "zh"
        else f"{speech.pick(book.short)} ({book.version})"
        for book in found.stack.rulebooks
    ]
