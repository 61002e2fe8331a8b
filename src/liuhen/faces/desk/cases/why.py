"""Parts that open in place (就地展开): our words for an article, and why a duty stands as it does."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseBase

from liuhen.engines.rulebook import Clock, Why
from liuhen.engines.rulebook import why as why_of
from liuhen.engines.rulebook.language import Cite
from liuhen.engines.rulebook.reasons import ROLES
from liuhen.faces.desk import routes
from liuhen.faces.desk.cases.duties import cite_shown
from liuhen.faces.desk.cases.official import official_shown
from liuhen.faces.desk.cases.standing import keyed
from liuhen.faces.desk.cases.unseen import closed
from liuhen.faces.desk.refusals import not_there
from liuhen.faces.desk.visit import Visit, signed_in
from liuhen.ground.moments import Day
from liuhen.journal.looks import looked
from liuhen.rooms.cases import reading


@dataclass(frozen=True, slots=True)
class DayShown:
    """One cell of the day strip: its date, what was counted, and how it is drawn; empty before the first and after the last."""

    figure: str = ""
    label: str = ""
    sort: str = ""


@signed_in
def why(visit: Visit, root: str, key: str) -> HttpResponseBase:
    """Why a duty stands as it does: in a sentence, then facts, articles, readings, and how its moment was counted.

    Of a record that the person may not see neither number nor words are shown, nor a sentence that would have them.
    """
    try:
        row = reading.row_of(visit.who, root)
    except reading.NotThere as refused:
        return not_there(visit, refused)
    if not reading.may_look(visit.who, row, visit.basis, visit.now):
        return closed(visit, row)
    opened = reading.open_case(visit.who, row, visit.basis, visit.now)
    looked(visit.who, f"look {reading.class_of(row)}", home=row.root, detail={"why": key})
    duties = opened.judgement.duties
    keys = keyed(duties)
    duty = next((d for d in duties if keys[id(d)] == key), None)
    if duty is None:
        return not_there(visit, reading.NotThere("U-213"), back=routes.case(root), back_words=row.number or row.title)
    told = why_of(
        visit.basis.stack,
        duty,
        opened.filed.case,
        max(visit.now, opened.judgement.at),
        register=opened.registers.register,
        applied=opened.registers.applied,
    )
    records = {e.record.id: e.record for e in opened.filed.entries}
    seen = {id_ for id_, r in records.items() if reading.may_see(visit.who, opened.near, opened.filed, r)}
    found = told.clock
    context = {
        "sentence": visit.speech.pick(told.sentence) if seen.issuperset(f.record for f in told.facts) else "",
        "reasons": reasons_of(visit, told, seen),
        "clock": found,
        "lines": lines_of(visit, found, duty, records) if found else [],
        "weeks": weeks_of(visit, found) if found else [],
        "calendar": told.calendar,
    }
    if visit.request.headers.get("HX-Request") or visit.request.GET.get("part"):
        return visit.part("why", **context)
    return visit.answer(
        "why_page",
        row=row,
        room="cases" if row.subject == "case" else "registers",
        title=visit.speech.pick(duty.rule.title),
        back=routes.duty(root, key),
        **context,
    )


def reasons_of(visit: Visit, told: Why, seen: Collection[str]) -> list[tuple[str, str]]:
    """Return what a judgement rests on: the records in the parts they play, the articles, the readings taken."""
    speech, say = visit.speech, visit.words.why
    out = []
    for fact in told.facts:
        open_ = fact.record in seen
        number = speech.bracketed(fact.number) if open_ and fact.number else ""
        said = [speech.pick(w) for w in fact.said] if open_ else []
        words = f"{speech.pick(fact.when)} {speech.pick(fact.kind)}{number}"
        out.append((speech.pick(ROLES[fact.role]), speech.listed([words, *said])))
    for cite, asks in told.articles:
        words = say.article_said.format(article=speech.pick(cite.words()), asks=speech.pick(asks))
        out.append((str(say.article), words))
    for cite, read in told.readings:
        fields = {"text": speech.pick(read.text), "instead": speech.pick(read.instead)}
        out.append((str(say.reading), say.reading_said.format(article=speech.pick(cite.words()), **fields)))
    return out


def lines_of(visit: Visit, clock: Clock, duty: Any, records: Any) -> list[tuple[str, str]]:
    """Return the steps of the count in words: 起算, 期限, 停算, 不计, 延长, 应于."""
    speech, say = visit.speech, visit.words.why
    kinds = visit.basis.vocabulary.kinds
    by = records.get(clock.started_by)
    name = speech.pick(kinds[by.kind].words) if by is not None and by.kind in kinds else ""
    days = clock.limit.zh.endswith(("日", "工作日", "月", "年")) or bool(clock.days)
    begun = [speech.short_day(clock.start_day), "" if days else speech.clock(clock.start), name]
    out = [(str(say.start), " ".join(x for x in begun if x) + (say.not_that_day if days else ""))]
    out.append((str(say.limit), speech.pick(clock.limit)))
    if clock.stops:
        spans = "；".join(_span(speech, s.first, s.last, say) for s in clock.stops)
        article = say.stop_article.format(no=clock.stop_article) if clock.stop_article else ""
        out.append((str(say.stops), f"{spans}{article}{say.used_stay_used}"))
    off = [(d, w) for d, w in clock.not_counted if w.zh != "停算"]
    if off:
        out.append((str(say.not_counted), _runs(speech, off)))
    if clock.extended_by and (granted := records.get(clock.extended_by)) is not None:
        out.append(
            (
                str(say.extended),
                f"{speech.short_day(granted.day)} {speech.pick(kinds[granted.kind].words) if granted.kind in kinds else ''}",
            )
        )
    if clock.due is not None:
        out.append((str(say.due), speech.due(clock.due)))
    elif clock.paused:
        out.append((str(say.due), str(say.stands)))
    return out


def _span(speech: Any, first: Day, last: Day | None, say: Any) -> str:
    if last is None:
        return str(say.still.format(first=speech.short_day(first)))
    return str(speech.short_day(first)) if first == last else f"{speech.short_day(first)}–{speech.short_day(last)}"


def _runs(speech: Any, days: list[tuple[Day, Any]]) -> str:
    runs: list[list[Any]] = []
    for day, words in days:
        if runs and runs[-1][1] == day - 1 and runs[-1][2] == words:
            runs[-1][1] = day
        else:
            runs.append([day, day, words])
    shown = [f"{_span(speech, a, b, None)} {speech.pick(words)}" for a, b, words in runs[:8]]
    more = f" ＋{len(runs) - 8}" if len(runs) > 8 else ""
    return "；".join(shown) + more


def weeks_of(visit: Visit, clock: Clock) -> list[list[DayShown]]:
    """Return the day strip as weeks from Monday, the first and last filled up with plain days."""
    if not clock.days:
        return []
    speech = visit.speech
    marks = {m.day: m for m in clock.days}
    first, last = clock.days[0].day, clock.days[-1].day
    day = first - (first - 1) % 7
    weeks: list[list[DayShown]] = []
    shown_month = 0
    while day <= last:
        week = []
        for d in range(day, day + 7):
            month, _, figure = speech.slashed(d).partition("/")
            text = figure if int(month) == shown_month else f"{month}/{figure}"
            shown_month = int(month)
            mark = marks.get(d)
            sort = ""
            if mark is not None:
                sort = {"停": "stop", "休": "off"}.get(mark.label.zh, "")
            elif not speech.calendar.is_working(d):
                sort = "off"
            if d == last:
                sort = "end"
            if d == speech.today:
                sort = f"{sort} today".strip()
            week.append(DayShown(text, speech.pick(mark.label) if mark else "", sort))
        weeks.append(week)
        day += 7
    return weeks


@signed_in
def article(visit: Visit, rulebook: str, number: str) -> HttpResponseBase:
    """Our own words for an article; opened in place, or as a page of its own."""
    book = next((b for b in visit.basis.stack.rulebooks if b.id == rulebook), None)
    found = None
    if book is not None:
        found = book.articles.get(number) or book.articles.get(number.partition(".")[0])
    if book is None or found is None:
        named = Cite(book.id, number, book.short).words() if book is not None else f"{rulebook} {number}"
        return not_there(visit, reading.NotThere("U-212", article=named))
    speech = visit.speech
    label = cite_shown(Cite(book.id, number, book.short), speech).label
    context = {
        "label": label,
        "title": speech.pick(book.title),
        "asks": speech.pick(found.asks),
        "rules": [speech.pick(r.title) for r in found.rules],
        "readings": [(speech.pick(r.text), speech.pick(r.instead)) for r in found.readings.values()],
        "version": book.version,
        "expired": speech.date_of(book.in_force_to)
        if book.in_force_to is not None and book.in_force_to < speech.today
        else "",
        "official": official_shown(book.id, number),
        "url": routes.article(rulebook, number),
    }
    if visit.request.headers.get("HX-Request") or visit.request.GET.get("part"):
        answer: HttpResponse = visit.part("article", **context)
        answer["Cache-Control"] = "private, max-age=600"
        return answer
    return visit.answer("article_page", **context)
