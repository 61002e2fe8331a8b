"""A file as it might have been (假设的改动): records added, changed or left out, each said in a clause."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from liuhen.ground.calendar import Calendar
from liuhen.ground.case import Case
from liuhen.ground.moments import HOUR, MINUTE, SECOND, Instant
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Vocabulary
from liuhen.ground.words import Words, said_day, said_moment


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a file (一处改动): `before` None for a record added, `after` None for one left out.

    Attributes:
        sort: moment, record, field, signature, officer, person, file, link, value, without.
        words: a clause for a judge, to be read after 若 and after “had”.
    """

    sort: str
    before: Record | None
    after: Record | None
    words: Words


@dataclass(frozen=True, slots=True)
class Change:
    """The smallest change that would have made a duty lawful (最小改动), confirmed by judging the file with it.

    Attributes:
        edits: what changes. at: the moment at which the changed file was judged. words: one sentence.
    """

    edits: tuple[Edit, ...]
    at: Instant
    words: Words

    def applied(self, case: Case) -> Case:
        """Return the file with the change."""
        return applied(case, self.edits)


def applied(case: Case, edits: Sequence[Edit]) -> Case:
    """Return a file with edits made one after the other."""
    records = list(case.records)
    for edit in edits:
        if edit.before is None:
            records += [edit.after] if edit.after is not None else []
            continue
        gone = edit.before.id
        records = [
            *(r if r.id != gone else edit.after for r in records if r.id != gone or edit.after is not None)  # type: ignore[list-item]
        ]
    return Case.of(records)


def sentence(edits: Iterable[Edit]) -> Words:
    """Return the edits as one sentence."""
    clauses = list(dict.fromkeys(e.words for e in edits))
    zh, en = "，且".join(w.zh for w in clauses), ", and had ".join(w.en for w in clauses)
    return Words(f"若{zh}，即为合法", f"it would have been lawful had {en}")


def named(r: Record, vocabulary: Vocabulary) -> Words:
    """Return a record by its kind and day."""
    kind, day = vocabulary.kinds[r.kind].words, said_day(r.done_at.date())
    return Words(f"{day.zh}的{kind.zh}", f"the {kind.en} of {day.en}")


def moved(r: Record, to: Instant, calendar: Calendar, vocabulary: Vocabulary) -> Edit | None:
    """Return the edit that brings a record to another moment, as long as before; None where no year has that moment.

    A record that knows only its day comes to the local day of `to`.
    """
    target = calendar.local(to)
    if r.precision == "day":
        target = target.replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        until = target + (r.until - r.done_at) if r.until is not None else None
        after = replace(r, done_at=target, until=until)
    except OverflowError:
        return None
    earlier = after.instant < r.instant
    # The last second of a day is said as that day, and how far it lies away in days.
    whole = r.precision == "day" or (earlier and target.strftime("%H:%M:%S") == "23:59:59")
    whose, by = vocabulary.kinds[r.kind].words, apart(r, after, whole=whole)
    said = said_moment(target, precision="day" if whole else "second" if target.second else "minute")
    if earlier:
        zh = f"{whose.zh}不晚于{said.zh}（即提前{by.zh}）"
        en = f"the {whose.en} come by {said.en}, i.e. {by.en} earlier"
    else:
        zh = f"{whose.zh}不早于{said.zh}（即推后{by.zh}）"
        en = f"the {whose.en} come on {said.en} or after, i.e. {by.en} later"
    return Edit("moment", r, after, Words(zh, en))


def apart(a: Record, b: Record, *, whole: bool = False) -> Words:
    """Return how far two records lie apart: in local days where that is all that counts (`whole`), else to the second."""
    days = abs(a.day - b.day)
    length = abs(a.instant - b.instant)
    if whole or length % (24 * HOUR) == 0:
        return _counted([(max(days, 1), "日", "day")])
    over = [
        (length // (24 * HOUR), "日", "day"),
        (length % (24 * HOUR) // HOUR, "小时", "hour"),
        (length % HOUR // MINUTE, "分", "minute"),
        (length % MINUTE // SECOND, "秒", "second"),
    ]
    return _counted([part for part in over if part[0]] or [(1, "秒", "second")])


def _counted(parts: Sequence[tuple[int, str, str]]) -> Words:
    zh = "".join(f"{n}{unit}" for n, unit, _ in parts)
    return Words(zh, " ".join(f"{n} {unit}{'' if n == 1 else 's'}" for n, _, unit in parts))


def added(r: Record, by: Instant | None, calendar: Calendar, vocabulary: Vocabulary, more: Words | None = None) -> Edit:
    """Return the edit that adds a record; `by` is the moment until which it would have been in time, None without one."""
    kind = vocabulary.kinds[r.kind].words
    zh, en = f"有{kind.zh}", kind.en
    if more is not None:
        zh, en = f"{zh}（{more.zh}）", f"{en} ({more.en})"
    en += " been there"
    if by is not None:
        local = calendar.local(by)
        if (local + timedelta(microseconds=1)).time().isoformat() == "00:00:00" or not (local.hour or local.minute):
            # 24:00 of a day is said as that day.
            said = said_day((local - timedelta(microseconds=1)).date())
        else:
            said = said_moment(local, precision="second" if local.second else "minute")
        zh, en = f"不晚于{said.zh}{zh}", f"{en} by {said.en}"
    return Edit("record", None, r, Words(zh, en))


def without(r: Record, vocabulary: Vocabulary) -> Edit:
    """Return the edit that leaves a record out."""
    name = named(r, vocabulary)
    return Edit("without", r, None, Words(f"没有{name.zh}", f"{name.en} not been there"))
