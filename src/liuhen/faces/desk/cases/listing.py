"""The list of cases (案件列表): filters in one row, latest first, pages by key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase, HttpResponseRedirect

from liuhen.engines.rulebook import STAGES
from liuhen.faces.desk import asked, frame, routes
from liuhen.faces.desk.cases import options
from liuhen.faces.desk.cases.entitled import may_open
from liuhen.faces.desk.speech import NO_END
from liuhen.faces.desk.visit import Visit, signed_in
from liuhen.journal.looks import looked
from liuhen.rooms.cases import listing, people, reading
from liuhen.rooms.cases.approved import approved_roots
from liuhen.rooms.cases.reach import reach_of

SIZE = 30
STATES = ("open", "closed", "archived")
STATUSES = ("overdue", "faults", "unknown")


@dataclass(frozen=True, slots=True)
class CaseShown:
    """One case as a row (案件行)."""

    url: str
    number: str
    title: str
    party: str
    action: str
    phase: str
    handlers: str
    marks: tuple[tuple[str, str, int], ...]
    open: int
    left: str
    late: bool
    last: str


@signed_in
def cases(visit: Visit) -> HttpResponseBase:
    """The list of the bureau's cases, as far as the person may look at them."""
    who, ask = visit.who, visit.request.GET
    reach = reach_of(who, approved_roots(who, visit.basis, visit.now))
    if not reach.all and (elsewhere := reading.closed_by_number(who, asked.sought(ask.get("q", "")))):
        # Whoever knows the number gets to the page that says what he may do there.
        return HttpResponseRedirect(routes.case(elsewhere))
    if reach.none:
        from liuhen.faces.desk.refusals import no_right

        return no_right(visit, "case", find=True)
    f = listing.Filter(
        phase=_one_of(ask.get("phase", ""), STAGES),
        action=_one_of(ask.get("action", ""), visit.basis.vocabulary.terms["action_types"]),
        state=_one_of(ask.get("state", ""), STATES),
        handler=who.person if ask.get("handler") == "me" else ask.get("handler", "")[:36],
        status=_one_of(ask.get("status", ""), STATUSES),
        text=asked.sought(ask.get("q", "")),
    )
    after = asked.after(ask.get("after", ""))
    found, more = listing.cases(who, f, visit.now, reach, after=after, size=SIZE)
    total, many = listing.number_of(who, f, visit.now, reach)
    looked(who, "look case", detail=f.named, number=len(found))
    over = listing.overdue([r["root"] for r in found if r["n_open"]], visit.now)
    rows = [_row(visit, r, over.get(r["root"], 0)) for r in found]
    keep: dict[str, Any] = {k: ask.get(k, "") for k in ("phase", "action", "state", "handler", "status", "q")}
    last = found[-1] if found else None
    handlers = frame.kept.get(("handlers", who.bureau), lambda: people.handlers(who.bureau))
    return visit.answer(
        "cases",
        room="cases",
        f=f,
        rows=rows,
        total=total,
        many=many,
        narrowed=bool(f.named),
        reach=not reach.all,
        brought=_brought(visit) if not found and not reach.all else [],
        unit=who.unit,
        phases=options.phases(visit, f.phase),
        actions=options.actions(visit, f.action),
        states=[(k, getattr(visit.words.state, k)) for k in STATES],
        statuses=[(k, getattr(visit.words.state, k)) for k in STATUSES],
        handlers=handlers,
        ignored=_ignored(ask, f),
        me=who.person,
        next_url=routes.query(routes.CASES, **keep, after=f"{last['last_received']}-{last['root']}")
        if more and last
        else "",
        first_url=routes.query(routes.CASES, **keep) if after else "",
        new_case=may_open(visit),
    )


def _brought(visit: Visit) -> list[tuple[str, str, str]]:
    """Return what the person entered last: address, kind and when it was received; for a clerk whose list of cases is empty."""
    kinds, speech = visit.basis.vocabulary.kinds, visit.speech
    return [
        (
            routes.record(id),
            speech.label(speech.pick(kinds[kind].words)) if kind in kinds else kind,
            speech.stamp(received),
        )
        for id, kind, received in listing.brought(visit.who)
    ]


def _ignored(ask: Any, f: listing.Filter) -> list[str]:
    """Return the values of filters that mean nothing here: they are said, and the list is shown without them."""
    return [ask[k][:40] for k in ("phase", "action", "state", "status") if ask.get(k) and not getattr(f, k)]


def _one_of(text: str, known: Any) -> str:
    return text if text in known else ""


def _row(visit: Visit, r: dict[str, Any], over: int) -> CaseShown:
    speech, say = visit.speech, visit.words
    marks = tuple(
        (status, str(getattr(say.status, status)), n)
        for status, n in (("breached", r["n_breached"]), ("overdue", over), ("unknown", r["n_unknown"]))
        if n
    )
    late = r["next_due"] != NO_END and r["next_due"] <= visit.now
    left = speech.left(r["next_due"]) if r["next_due"] != NO_END else ""
    names = [str(h.get("name", "")) for h in r["handlers"]]
    phase = getattr(say.stage, r["phase"], "") if r["phase"] else ""
    if r["state"] == "archived":
        phase, left = str(say.state.archived), left if late else ""
    return CaseShown(
        routes.case(r["root"]),
        r["number"] or r["title"],
        r["title"],
        r["party"],
        speech.pick(visit.basis.vocabulary.words("action_types", r["action_type"])) if r["action_type"] else "",
        phase,
        speech.listed(names[:2]),
        marks,
        r["n_open"],
        left,
        late,
        speech.stamp(r["last_received"]),
    )
