"""The list behind a number of the audit (核查清单): duty by duty, the worst first, each leading to its case."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpResponseBase, HttpResponseRedirect

from liuhen.faces.desk import routes
from liuhen.faces.desk.refusals import no_right
from liuhen.faces.desk.supervision.asked_of import asked_of
from liuhen.faces.desk.supervision.narrowed_to import cited, month_said, narrowed_to
from liuhen.faces.desk.visit import Visit, signed_in
from liuhen.ground.digits import whole_number
from liuhen.journal.auditing import kept
from liuhen.journal.auditing.result import STATUSES, Result, opened
from liuhen.journal.looks import looked
from liuhen.rooms.cases.reach import reach_of
from liuhen.rooms.supervision import cases as lists
from liuhen.rooms.supervision.cases import Sight
from liuhen.rooms.supervision.figures import Narrowed
from liuhen.rooms.supervision.handing_out import forms

SIZE = 50
LAST_PAGE = 100_000


class Line(NamedTuple):
    """One duty as a row (清单行)."""

    url: str
    number: str
    title: str
    status: str
    word: str
    late: str
    cite: str
    cite_url: str
    asks: str
    due: str
    officer: str
    month: str
    times: int
    note: str


@signed_in
def cases(visit: Visit) -> HttpResponseBase:
    """The duties that make a number, of the files that the reader may look at; of the others how many files there are."""
    who = visit.who
    if not who.may("look", "audit"):
        return no_right(visit, "audit")
    found = opened(kept.result_file(who.bureau))
    if found is None:
        return HttpResponseRedirect(routes.AUDIT)
    with found as result:
        f, ignored, turned = asked_of(visit.request.GET, result)
        sight = sight_for(visit, result)
        counted = lists.counted(result, f, sight)
        last = max(1, -(-counted.lines // SIZE))
        number = min(whole_number(visit.request.GET.get("page", "")) or 1, last, LAST_PAGE)
        rows = lists.page(result, f, sight, size=SIZE, skip=(number - 1) * SIZE)
        looked(who, "look audit", detail={"list": 1, **f.named}, number=len(rows))
        names = lists.called(who.bureau, [r["root"] for r in rows])
        return visit.answer(
            "audit_cases",
            room="audit",
            as_of=visit.speech.moment(result.about["at"]),
            rows=[_line(visit, r, names) for r in rows],
            counted=counted,
            f=f,
            parts=narrowed_to(visit, result, f),
            ignored=ignored,
            turned=turned,
            back=routes.query(routes.AUDIT, **_kept(f)),
            page=number,
            pages=last,
            next_url=routes.query(routes.AUDIT_CASES, **f.named, page=number + 1) if number < last else "",
            first_url=routes.query(routes.AUDIT_CASES, **f.named) if number > 1 else "",
            files=[(form, routes.query(routes.audit_file("cases", form), **f.named)) for form in forms()],
            may_copy=who.may("copy", "audit"),
        )


def sight_for(visit: Visit, result: Result) -> Sight:
    """Return of which files the visitor may see lines."""
    reach = reach_of(visit.who)
    return lists.sight_of(visit.who, result, reach.unit, reach.roots, reach.all)


def _kept(f: Narrowed) -> dict[str, str]:
    """Return what the page of numbers was narrowed to, without what led to one list of it."""
    return {k: v for k, v in f.named.items() if k in ("rulebook", "unit", "since", "until", "all")}


def _line(visit: Visit, r: dict[str, Any], names: dict[str, tuple[str, str]]) -> Line:
    speech = visit.speech
    number, title = names.get(r["root"], ("", ""))
    status = STATUSES[r["st"]]
    cite, cite_url = cited(visit, r["rulebook"], r["article"])
    return Line(
        routes.case(r["root"]),
        number or title or _subject(visit, r["subject"]),
        title if number else "",
        status if r["late"] is None else "belated",
        str(getattr(visit.words.status, status)),
        _late(visit, r) if r["late"] is not None else "",
        cite,
        cite_url,
        speech.label(r["zh"] if visit.language == "zh" else r["en"]),
        speech.day(r["due"] - 1) if r["due"] is not None else "",
        r["name"] or "",
        month_said(r["month"]),
        r["n"],
        r["note"] or "",
    )


def _subject(visit: Visit, subject: str) -> str:
    """Return what a file without number and title is: a register's entry by its kind."""
    vocabulary = visit.basis.vocabulary
    kind = vocabulary.kinds.get(subject)
    words = kind.words if kind is not None else vocabulary.words("subjects", subject)
    return visit.speech.label(visit.speech.pick(words))


def _late(visit: Visit, r: dict[str, Any]) -> str:
    """By how much, in the unit of the rule's limit; only that it was, where the rule states no such unit or is there no more."""
    rule = visit.basis.stack.rule(f"{r['rulebook']}/{r['rule']}")
    unit = rule.within.unit if rule is not None and rule.within is not None else ""
    if unit not in ("hours", "working_days", "natural_days"):
        return str(visit.words.left.late)
    return visit.speech.late(r["late"], unit)
