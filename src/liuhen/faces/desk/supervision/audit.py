"""The page of the audit (全案核查): every article over all cases, by rule, unit, officer and month, the worst first."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect

from liuhen.faces.desk import routes
from liuhen.faces.desk.refusals import no_right
from liuhen.faces.desk.supervision.asked_of import asked_of
from liuhen.faces.desk.supervision.narrowed_to import cited, month_said, narrowed_to
from liuhen.faces.desk.visit import Visit, signed_in
from liuhen.journal.auditing import asking, kept
from liuhen.journal.auditing.result import Result, opened
from liuhen.journal.auditing.running import can_all_at_once
from liuhen.journal.looks import looked
from liuhen.journal.models import CaseRow
from liuhen.rooms.supervision import figures
from liuhen.rooms.supervision.figures import NO_UNIT, STATUSES, By, Narrowed
from liuhen.rooms.supervision.handing_out import forms

FIRST = {"rule": 30, "unit": 30, "officer": 20, "month": 24}
"""How many rows of a table stand there at once; the others are folded, none is left out."""
MARKS = {
    "missing": "overdue",
    "late": "belated",
    "unknown": "unknown",
    "due": "due",
    "met": "met",
    "excused": "excused",
}
COLUMNS = {
    "missing": "missing_sub",
    "late": "late_sub",
    "unknown": "unknown_sub",
    "due": "due_sub",
    "met": "met_sub",
    "excused": "excused_sub",
}
"""What is counted, the worst first, and the word that says more of it."""
TABLES: dict[By, tuple[str, str, str]] = {
    "rule": ("by_rule", "by_rule_sub", "head_rule"),
    "unit": ("by_unit", "by_unit_sub", "head_unit"),
    "officer": ("by_officer", "by_officer_sub", "head_officer"),
    "month": ("by_month", "by_month_sub", "head_month"),
}
"""The tables, with the words of their title, of what to know of them, and of their first column."""
ENGINES = {"duckdb": "engine_duckdb", "postgres": "engine_postgres", "one_by_one": "engine_one_by_one"}
WEIGHTS = {"advice": "weight_advice", "measure": "weight_measure", "hint": "weight_hint"}


class Cell(NamedTuple):
    """A number and where it leads (数字)."""

    number: int
    url: str
    status: str


class Row(NamedTuple):
    """A line of a table (一行): what it is of, its article where it is of one, its numbers in the order of COLUMNS."""

    name: str
    cite: str
    cite_url: str
    cells: tuple[Cell, ...]
    asked: Cell
    share: str
    tag: str


@signed_in
def audit(visit: Visit) -> HttpResponseBase:
    """The last audit of the bureau, or how to have one made."""
    who = visit.who
    if not who.may("look", "audit"):
        return no_right(visit, "audit")
    state = asking.state(who.bureau, visit.now)
    found = opened(kept.result_file(who.bureau))
    more: dict[str, Any] = {
        "room": "audit",
        "csrf": True,
        "state": state,
        "percent": int(state.share * 100),
        "why": _why(visit, state.failed),
        "may_run": who.may("run", "audit"),
        "at_once": can_all_at_once(),
    }
    if found is None:
        looked(who, "look audit", number=0)
        return visit.answer("audit_none", **more)
    with found as result:
        f, ignored, turned = asked_of(visit.request.GET, result)
        if f.root:  # The sums are not of single files.
            f, ignored = f.with_(root=""), (*ignored, f.root)
        tables = [_table(visit, result, by, f) for by in TABLES]
        looked(who, "look audit", detail=f.named, number=sum(len(t["rows"]) for t in tables))
        about = result.about
        return visit.answer(
            "audit",
            **more,
            **_head(visit, about),
            f=f,
            ignored=ignored,
            turned=turned,
            parts=narrowed_to(visit, result, f),
            status_said=str(getattr(visit.words.audit, f.status)) if f.status else "",
            total=_cells(visit, figures.total(result, f), f),
            tables=tables,
            columns=[
                (c, getattr(visit.words.audit, c), getattr(visit.words.audit, more)) for c, more in COLUMNS.items()
            ],
            choices=_choices(visit, result, f),
            narrowed=bool(f.named),
            files=[
                (what, form, routes.query(routes.audit_file(what, form), **f.named))
                for what in ("counts", "cases")
                for form in forms()
            ],
            no_parquet="parquet" not in forms(),
            may_copy=who.may("copy", "audit"),
        )


@signed_in
def run(visit: Visit) -> HttpResponseBase:
    """Ask the worker for an audit; whoever asks while one runs or waits is simply shown that."""
    if visit.request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    if not visit.who.may("run", "audit"):
        return no_right(visit, "audit")
    asking.ask(visit.who, visit.now)
    return HttpResponseRedirect(routes.AUDIT)


@signed_in
def state(visit: Visit) -> HttpResponseBase:
    """How far the audit under way is, as a part of the page; the whole page anew when it has ended."""
    if not visit.who.may("look", "audit"):
        return no_right(visit, "audit")
    found = asking.state(visit.who.bureau, visit.now)
    if not visit.request.headers.get("HX-Request"):
        return HttpResponseRedirect(routes.AUDIT)
    if not found.runs and found.asked is None:
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer
    return visit.part("audit_state", state=found, percent=int(found.share * 100), why=_why(visit, found.failed))


def _why(visit: Visit, failed: str) -> str:
    """Return in words why the last one ended without a result; what has none of its own is named in brackets."""
    say = visit.words.audit
    if failed in ("", "stopped", "SystemExit", "KeyboardInterrupt"):
        return str(say.failed_stopped) if failed else ""
    refused = re.fullmatch(r"[A-Z]-\d{3}", failed) is not None
    return str((say.failed_refused if refused else say.failed_unknown).format(code=failed))


def _head(visit: Visit, about: dict[str, Any]) -> dict[str, Any]:
    """Return what a page of the audit says of it: as of when, of how much, by which texts, and what has changed since."""
    speech, say = visit.speech, visit.words.audit
    changed = about["stack"] != visit.basis.digest
    newer = CaseRow.objects.filter(bureau=visit.who.bureau, last_received__gt=about["at"]).count()
    return {
        "as_of": speech.moment(about["at"]),
        "about": about,
        "engine": getattr(say, ENGINES[about["engine"]]),
        "books": [
            (b["zh"] if visit.language == "zh" else b["en"], b["version"], b["digest"][:12]) for b in about["rulebooks"]
        ],
        "calendar": about["calendar"][:12],
        "changed": changed,
        "newer": newer,
    }


def _cells(visit: Visit, row: dict[str, Any], f: Narrowed) -> tuple[tuple[Cell, ...], Cell, str]:
    def cell(status: str, n: int) -> Cell:
        url = routes.query(routes.AUDIT_CASES, **f.with_(status=status).named) if n else ""
        return Cell(n, url, MARKS.get(status, ""))

    return tuple(cell(c, int(row[c])) for c in COLUMNS), cell("", int(row["asked"])), share_said(row)


def share_said(row: dict[str, Any]) -> str:
    """Return the share that was done in time, in percent; empty where there is none. 100 only where all of it was."""
    part = figures.share(row)
    return "" if part is None else f"{(part if part == 1 else min(part, 0.999)) * 100:.1f}"


def _table(visit: Visit, result: Result, by: By, f: Narrowed) -> dict[str, Any]:
    rows = [_row(visit, by, r, f) for r in figures.sums(result, by, f)]
    title, more, head = (str(getattr(visit.words.audit, word)) for word in TABLES[by])
    first = FIRST[by]
    return {
        "by": by,
        "title": title,
        "sub": more,
        "head": head,
        "rows": rows[:first],
        "rest": rows[first:],
    }


def _row(visit: Visit, by: By, r: dict[str, Any], f: Narrowed) -> Row:
    speech, say = visit.speech, visit.words.audit
    cite = url = tag = ""
    if by == "rule":
        name, narrowed = r["zh"] if visit.language == "zh" else r["en"], f.with_(rule=f"{r['rulebook']}/{r['rule']}")
        cite, url = cited(visit, r["rulebook"], r["article"])
        tag = "" if r["weight"] == "duty" else str(getattr(say, WEIGHTS[r["weight"]]))
    elif by == "unit":
        name, narrowed = r["unit"] or str(say.no_unit), f.with_(unit=r["unit"] or NO_UNIT)
    elif by == "officer":
        name, narrowed = r["name"] or str(say.nobody), f.with_(officer=r["person"] or r["name"] or "")
    else:
        name, narrowed = month_said(r["month"]), f.with_(since=r["month"], until=r["month"])
    cells, asked, share = _cells(visit, r, narrowed)
    return Row(speech.label(name), cite, url, cells, asked, share, tag)


def _choices(visit: Visit, result: Result, f: Narrowed) -> dict[str, tuple[str, list[tuple[str, str]]]]:
    """Return what the fields of the filter offer: the words for all of it, and its values."""
    say = visit.words.audit
    books = {b["id"]: b["zh"] if visit.language == "zh" else b["en"] for b in result.about["rulebooks"]}
    # One that is asked for stands there also when nothing belongs to it.
    months = [
        (str(m), month_said(m)) for m in sorted({*figures.months(result, f.all), f.since, f.until} - {0}, reverse=True)
    ]
    return {
        "rulebook": (str(say.all_rulebook), list(books.items())),
        "unit": (str(say.all_unit), [(u or NO_UNIT, u or str(say.no_unit)) for u in figures.units(result)]),
        "since": (str(say.all_since), months),
        "until": (str(say.all_until), months),
        "status": (str(say.all_status), [(s, str(getattr(say, s))) for s in STATUSES]),
    }
