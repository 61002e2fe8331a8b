"""Why a duty stands as it does (判断理由): facts, articles, reading, clock, calendar, and the smallest change, for a judge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from liuhen.engines.rulebook.duty import Duty, told_late
from liuhen.engines.rulebook.edits import Change
from liuhen.engines.rulebook.explain import Clock, as_json, explain
from liuhen.engines.rulebook.held import Held, Register
from liuhen.engines.rulebook.imagined import field_words, joined
from liuhen.engines.rulebook.language import Cite, Condition, Reading
from liuhen.engines.rulebook.marks import marks_of
from liuhen.engines.rulebook.smallest import smallest_change
from liuhen.engines.rulebook.stack import Stack
from liuhen.ground.case import Case
from liuhen.ground.moments import Instant
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Kind
from liuhen.ground.words import Said, Words, said_day, said_moment

# Fields that hold the number of a paper, the likeliest first.
NUMBERS = (
    "document_number", "case_number", "form_number", "registration_number", "file_number", "decision_number",
    "notice_number", "approval_number", "receipt_number", "device_number", "plan_number", "number",
)  # fmt: skip
ROLES = {
    "trigger": Words("起因", "what made it apply"),
    "subject": Words("所属对象", "what it belongs to"),
    "started_by": Words("起算记录", "what started the clock"),
    "stop": Words("停算记录", "what stopped the clock"),
    "extended_by": Words("延长依据", "what lengthened the time"),
    "mark": Words("定性依据", "what makes the case one of this sort"),
    "met_by": Words("履行记录", "what meets it"),
    "excused_by": Words("免予依据", "what excuses it"),
    "ended_by": Words("办结、归档记录", "what ended the time to put it right"),
    "case": Words("案件登记", "opening of the case"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One record on which a judgement rests (所据事实).

    Attributes:
        role: in which part it is used, a key of `ROLES`. record: its id. kind: its name.
        number: of the paper, "" where it bears none. place: which record of the file it is, from 1, in order of time.
        when: the moment of its act. said: what it says that a condition of the rule asks for.
    """

    role: str
    record: str
    kind: Words
    number: str
    place: int
    when: Said
    said: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Why:
    """Why a duty stands as it does (判断理由).

    Attributes:
        duty: the obligation. facts: records used. articles: each with our words for what it asks.
        readings: how unclear articles are read, and what reading them otherwise would do.
        clock: how the moment was counted, None where the text sets no number. calendar: version that counted.
        change: the smallest change that would have made it lawful; None where it is lawful, open, or none is known.
        sentence: all of it in a sentence.
    """

    duty: Duty
    facts: tuple[Fact, ...]
    articles: tuple[tuple[Cite, Words], ...]
    readings: tuple[tuple[Cite, Reading], ...]
    clock: Clock | None
    calendar: str
    change: Change | None
    sentence: Words


def why(
    stack: Stack,
    duty: Duty,
    case: Case,
    at: Instant,
    *,
    register: Register = Register.EMPTY,
    applied: tuple[Record, ...] = (),
    captures: frozenset[str] | None = None,
) -> Why:
    """Return why a duty of a file stands as it does at a moment; nothing is looked up outside what is handed over.

    Cost: some judgings of the file for a duty that is broken (`smallest_change`), about one for any other.
    """
    h = stack.hold(case, at, register, applied, captures)
    clock = explain(stack, duty, case, at, register=register, applied=applied)
    change = smallest_change(stack, duty, case, at, register=register, applied=applied, captures=captures)
    facts = tuple(_facts(stack, duty, h, clock))
    articles = tuple((c, words) for c in dict.fromkeys(duty.cites) if (words := _asks(stack, c)) is not None)
    readings = tuple(dict.fromkeys(_readings(stack, duty)))
    # A reader is told of minutes, where a limit in hours was missed by less than one.
    told = duty._replace(late=told_late(duty, {r.id: r for r in h.known}))
    said = _sentence(stack, told, facts, clock, change)
    return Why(duty, facts, articles, readings, clock, stack.calendar.version, change, said)


def _asks(stack: Stack, cite: Cite) -> Words | None:
    book = next((b for b in stack.rulebooks if b.id == cite.rulebook), None)
    if book is None:
        return None
    found = book.articles.get(cite.article) or book.articles.get(cite.article.partition(".")[0])
    return found.asks if found is not None else None


def _readings(stack: Stack, duty: Duty) -> Iterator[tuple[Cite, Reading]]:
    """Give the readings that the rules of a duty name."""
    for rule in duty.rules or (duty.rule,):
        book = next((b for b in stack.rulebooks if b.id == rule.rulebook), None)
        found = book.articles.get(rule.article) if book is not None and rule.reading else None
        if book is not None and found is not None and rule.reading in found.readings:
            yield Cite(book.id, rule.article, book.short), found.readings[rule.reading]


def _facts(stack: Stack, duty: Duty, h: Held, clock: Clock | None) -> Iterator[Fact]:
    """Give the records used, each once, in the first part that it plays."""
    by_id = {r.id: r for r in h.known}
    places = {r.id: n for n, r in enumerate(h.current, 1)}
    told: set[str] = set()
    root = duty.root.rpartition("@")[0]
    subject = next((r for r in h.current if h.root(r) == root), None) if not duty.trigger else None
    used: list[tuple[str, str]] = [("trigger", duty.trigger), ("subject", subject.id if subject is not None else "")]
    conditions = [c for rule in duty.rules or (duty.rule,) for c in (rule.trigger.where, rule.condition)]
    marks = [(rule, name) for rule in duty.rules or (duty.rule,) for name in marks_of(rule)]
    for rule, name in marks:
        answer, witness = stack.compiled(rule, h.action).shop.predicates.mark(name, h)
        used.append(("mark", witness.id if answer and witness is not None else ""))
    if clock is not None:
        used.append(("started_by", clock.started_by))
        used += [("stop", s.by) for s in clock.stops]
        used.append(("extended_by", clock.extended_by))
    used += [("met_by", id_) for id_ in duty.met_by]
    used.append(("excused_by", duty.excused_by))
    if duty.status in ("overdue", "breached") and duty.rule.form == "response":
        ended = h.archived_by if duty.status == "breached" else h.closed_by if duty.due is None else None
        used.append(("ended_by", ended.id if ended is not None else ""))
    asked = {key for c in conditions for key in _keys(c)}
    case_fields = {key.partition(".")[2] for key in asked if key.startswith("case.")}
    if case_fields and h.opened is not None:
        used.append(("case", h.opened.id))
    for role, id_ in used:
        r = by_id.get(id_)
        if r is None or id_ in told:
            continue
        told.add(id_)
        kind = stack.vocabulary.kinds[r.kind]
        fields = (asked if role == "trigger" else set()) | (
            case_fields if h.opened is not None and r.id == h.opened.id else set()
        )
        yield Fact(
            role, r.id, kind.words, number_of(r, kind), places.get(r.id, 0), _when(r), tuple(_said(r, kind, fields))
        )


def _keys(condition: Condition | None) -> Iterator[str]:
    for test in condition.tests if condition is not None else ():
        if isinstance(test, Condition):
            yield from _keys(test)
        else:
            yield test.key


def _said(r: Record, kind: Kind, fields: set[str]) -> Iterator[Words]:
    for name, field in kind.fields.items():
        if name in fields and r.content.get(name) is not None:
            yield field_words(field, r.content[name])


def number_of(r: Record, kind: Kind) -> str:
    """Return the number that a paper bears, or ""."""
    return next((str(r.content[f]) for f in NUMBERS if f in kind.fields and isinstance(r.content.get(f), str)), "")


def _when(r: Record) -> Said:
    return said_moment(r.done_at, precision="day" if r.precision == "day" else "minute")


# -- in a sentence -----------------------------------------------------------------------------------------------------
def _sentence(stack: Stack, duty: Duty, facts: tuple[Fact, ...], clock: Clock | None, change: Change | None) -> Words:
    """Return it in a sentence: by which article, because of what, until when, what is there or not, what would be lawful."""
    cites = joined([c.words() for c in dict.fromkeys(duty.cites)])
    title = duty.rule.title
    because = next((f for f in facts if f.role in ("trigger", "subject")), None)
    zh, en = [f"依{cites.zh}"], [f"By {cites.en}"]
    if because is not None:
        number = Words(f"（{because.number}）", f" ({because.number})") if because.number else Words("", "")
        zh.append(f"因{because.when.zh}的{because.kind.zh}{number.zh}")
        en.append(f"because of the {because.kind.en} of {because.when.en}{number.en}")
    if duty.note:
        zh[-1] += f"（{duty.note}）"
        en[-1] += f" ({duty.note})"
    zh.append(f"应“{title.zh}”")
    en.append(f"the duty is “{title.en}”")
    if clock is not None and clock.paused:
        zh.append("期限停算中")
        en.append("the clock stands")
    elif clock is not None and clock.last is not None:
        last = _moment(stack, clock.last)
        zh.append(f"期限{clock.limit.zh}，至{last.zh}")
        en.append(f"within {clock.limit.en}, until {last.en}")
    status = _status(stack, duty, facts)
    first = Words("，".join(zh) + f"；{status.zh}。", ", ".join(en) + f"; {status.en}.")
    if change is None:
        return first
    tail = change.words
    return Words(f"{first.zh}{tail.zh}。", f"{first.en} {tail.en[:1].upper()}{tail.en[1:]}.")


def _moment(stack: Stack, last: Instant) -> Words:
    local = stack.calendar.local(last)
    if not (local.hour or local.minute or local.second or local.microsecond):
        return said_day(stack.calendar.local(last - 1).date())
    return said_moment(local)


def _status(stack: Stack, duty: Duty, facts: tuple[Fact, ...]) -> Words:
    met = [f for f in facts if f.role == "met_by"]
    there = joined([Words(f"{f.when.zh}的{f.kind.zh}", f"{f.kind.en} of {f.when.en}") for f in met])
    things = joined(list(dict.fromkeys(m.words for m in duty.missing)))
    if duty.status == "met":
        if duty.late is not None:
            unit = stack.vocabulary.words("units", duty.late.unit)
            late = Words(f"迟{duty.late.amount}{unit.zh}", f"late by {duty.late.amount} {unit.en}")
            return Words(f"有{there.zh}，{late.zh}", f"there is {there.en}, {late.en}") if met else late
        return Words(f"已由{there.zh}履行", f"it is met by {there.en}") if met else Words("已符合", "it is met")
    if duty.status == "excused":
        by = next((f for f in facts if f.role == "excused_by"), None)
        if by is None:
            return Words("依法免予", "it is excused")
        return Words(f"因{by.when.zh}的{by.kind.zh}依法免予", f"it is excused by the {by.kind.en} of {by.when.en}")
    if duty.status == "unknown":
        return Words("有事实未查明，尚不能判断", "a fact was never answered, so it can't be decided")
    if duty.rule.form == "absence":
        return Words(things.zh, things.en)
    end = {
        "due": Words("尚在期限内", "there is still time"),
        "overdue": Words("仍可补正", "it can still be put right"),
        "breached": Words("已不能补正", "it can no longer be put right"),
    }[duty.status]
    return Words(f"缺{things.zh}，{end.zh}", f"missing: {things.en}; {end.en}")


def why_json(found: Why, stack: Stack) -> dict[str, Any]:
    """Return an explanation as JSON values; moments in local time, words in both languages."""
    return {
        "sentence": found.sentence.as_json(),
        "facts": [
            {
                "role": f.role,
                "record": f.record,
                "kind": f.kind.as_json(),
                "number": f.number or None,
                "place": f.place or None,
                "when": f.when.raw,
                "said": [w.as_json() for w in f.said],
            }
            for f in found.facts
        ],
        "articles": [{"rulebook": c.rulebook, "article": c.article, "asks": w.as_json()} for c, w in found.articles],
        "readings": [
            {
                "rulebook": c.rulebook,
                "article": c.article,
                "id": r.id,
                "text": r.text.as_json(),
                "instead": r.instead.as_json(),
                "decided": r.decided or None,
            }
            for c, r in found.readings
        ],
        "clock": as_json(found.clock, stack) if found.clock is not None else None,
        "calendar": found.calendar,
        "smallest_change": {
            "words": found.change.words.as_json(),
            "edits": [
                {
                    "sort": e.sort,
                    "record": e.before.id if e.before is not None else None,
                    "kind": (e.before or e.after).kind if (e.before or e.after) is not None else None,  # type: ignore[union-attr]
                    "done_at": stack.calendar.local(e.after.instant).isoformat() if e.after is not None else None,
                    **e.words.as_json(),
                }
                for e in found.change.edits
            ],
        }
        if found.change is not None
        else None,
    }
