"""Generated records of the real vocabulary (生成的记录): any kind and content, and links and corrections gone astray."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from liuhen.ground.case import Case
from liuhen.ground.moments import Instant, instant
from liuhen.ground.record import ZONE, Actor, File, Record, Signature
from liuhen.ground.vocabulary import FieldKind, Kind, default

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)
NAMES = st.sampled_from(["甲", "乙", "丙"])
ROLES = st.sampled_from(sorted(default().terms["roles"]))
# One stretch of time for nearly everything, so that records meet; now and then a year far away.
NEAR = st.datetimes(datetime.fromisoformat("2022-02-20"), datetime.fromisoformat("2022-04-20"), timezones=st.just(ZONE))
FAR = st.datetimes(datetime.fromisoformat("1902-01-01"), datetime.fromisoformat("2199-12-30"), timezones=st.just(ZONE))
OFTEN = st.sampled_from([*range(15)])
MOMENTS = OFTEN.flatmap(lambda n: FAR if n == 14 else NEAR).map(lambda m: m.replace(microsecond=0, fold=0))
FILES = st.builds(
    File,
    sha256=st.binary(max_size=2).map(lambda b: hashlib.sha256(b).hexdigest()),
    sm3=st.just(""),
    bytes=st.integers(0, 2**53 - 1),
    name=st.sampled_from(["a.pdf", "b.mp4"]),
    role=st.sampled_from(["attachment", "scan", "recording"]),
)


def value(field: FieldKind) -> st.SearchStrategy[Any]:
    """Return values that a field takes."""
    moment = MOMENTS.map(lambda m: m.isoformat())
    choice = st.sampled_from(sorted(field.values) or ["甲"])
    by_type: dict[str, st.SearchStrategy[Any]] = {
        "text": TEXT,
        "long_text": TEXT,
        "integer": st.one_of(st.integers(-3, 40), st.integers(-(2**53) + 1, 2**53 - 1)),
        "amount": st.integers(0, 2 * 10**7),
        "decimal": st.decimals(-1000, 1000, places=2).map(str),
        "boolean": st.booleans(),
        "date": st.one_of(
            MOMENTS.map(lambda m: m.date().isoformat()), st.dates(date(1900, 1, 1), date(2200, 12, 31)).map(str)
        ),
        "moment": moment,
        "time": st.times().map(lambda t: t.strftime("%H:%M")),
        "choice": choice,
        "choices": st.lists(choice, max_size=2),
        "texts": st.lists(TEXT, max_size=2),
        "persons": st.lists(
            st.fixed_dictionaries({"name": NAMES}, optional={"role": TEXT, "certificate": st.sampled_from(["1", "2"])}),
            max_size=3,
        ),
        "digest": st.binary(max_size=1).map(lambda b: hashlib.sha256(b).hexdigest()),
        "record": st.integers(0, 12).map(record_id),
        "segments": st.lists(st.fixed_dictionaries({"from": moment, "until": moment}), max_size=3),
    }
    return by_type[field.type]


def record_id(n: int) -> str:
    """Return the id of the `n`-th record; beyond the last it names a record that is not there."""
    return f"0197f000-0000-7000-8000-{n:012x}"


def kinds(among: Iterable[str] = ()) -> st.SearchStrategy[Kind]:
    """Return kinds: those that the engine gives a meaning of its own, those of `among` oftener, and any."""
    known = default().kinds
    meaning = [k for k in known.values() if k.role or k.opens or k.closes or k.archives or k.interval]
    asked = [known[id] for id in sorted(among) if id in known] or meaning
    return OFTEN.flatmap(lambda n: st.sampled_from(asked if n < 12 else meaning if n < 14 else list(known.values())))


@st.composite
def records(draw: st.DrawFn, n: int = 0, size: int = 1, among: Iterable[str] = ()) -> Record:
    """Return one record; its links and corrections name any of `size` records, itself and missing ones included."""
    kind = draw(kinds(among))
    content = {f.id: draw(value(f)) for f in kind.fields.values() if f.required or draw(st.integers(0, 2)) == 0}
    ids = st.integers(0, size + 1).map(record_id)
    links = {}
    for role in sorted({*kind.links, *(() if kind.case == "no" else ("case",))}):
        if draw(OFTEN) > 1:
            links[role] = (
                (record_id(0),) if role == "case" else tuple(draw(st.lists(ids, min_size=1, max_size=2, unique=True)))
            )
    precision = draw(st.sampled_from(["second", "minute", "day"]))
    done_at = draw(MOMENTS)
    if precision == "day":
        done_at = done_at.replace(hour=0, minute=0, second=0)
    until = received = None
    if kind.interval and precision != "day":
        until = done_at + timedelta(minutes=draw(st.sampled_from([0, 1, 30, 600, 6000])))
    if draw(st.booleans()):
        received = (until or done_at) + timedelta(hours=draw(st.sampled_from([0, 1, 30, 1000])))
    actor = st.builds(Actor, role=ROLES, name=NAMES, id=st.just(""), certificate=st.sampled_from(["", "1", "2"]))
    signature = st.builds(Signature, role=ROLES, name=NAMES, signed_at=st.none() | st.just(done_at))
    return Record(
        id=record_id(n),
        bureau="示例",
        kind=kind.id,
        done_at=done_at,
        until=until,
        precision=precision,
        by=tuple(draw(st.lists(actor, max_size=3))),
        links=links,
        content=content,
        files=tuple(draw(st.lists(FILES, max_size=1))),
        signatures=tuple(draw(st.lists(signature, max_size=3))),
        corrects=draw(ids) if draw(OFTEN) > 11 else None,
        received_at=received,
    )


@st.composite
def cases(draw: st.DrawFn, most: int = 9, among: Iterable[str] = ()) -> Case:
    """Return a file of any records: mostly a case, with corrections of corrections, circles, withdrawals and missing records."""
    size = draw(st.integers(0, most))
    made = [draw(records(n, size, among)) for n in range(1, size + 1)]
    if draw(st.integers(0, 4)):
        action = draw(st.sampled_from(["penalty", "inspection", "collection", "fee", "permit", "coercion"]))
        start = draw(NEAR).replace(microsecond=0, fold=0)
        content = {"case_number": "示例", "title": "示例", "action_type": action}
        made.insert(0, Record(id=record_id(0), bureau="示例", kind="case.opened", done_at=start, content=content))
    return Case.of(made)


def instants() -> st.SearchStrategy[Instant]:
    """Return moments to ask at, mostly near the records."""
    later = NEAR.map(lambda m: m + timedelta(days=60))
    return st.one_of(MOMENTS, later, later).map(instant)
