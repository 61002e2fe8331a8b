"""Correcting and withdrawing (更正、撤回): a further record each time; what was stored stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponseBase, HttpResponseRedirect
from uuid_utils import uuid7

from liuhen.faces.desk import routes
from liuhen.faces.desk.cases.entry import serve
from liuhen.faces.desk.cases.offers import Entry
from liuhen.faces.desk.cases.page import recordable_kinds
from liuhen.faces.desk.cases.record import find
from liuhen.faces.desk.cases.record_shown import title_of
from liuhen.faces.desk.refusals import no_right
from liuhen.faces.desk.visit import Visit, signed_in
from liuhen.ground.errors import Refused
from liuhen.ground.permissions import acting_as, recorders
from liuhen.ground.record import Record
from liuhen.journal.authorise import actor_of
from liuhen.rooms.cases import actions, reading


@signed_in
def correct(visit: Visit, id: str) -> HttpResponseBase:
    """The form that corrects a record: a further record of the same kind, begun with what the old one says."""
    found = find(visit, id)
    if not isinstance(found, tuple):
        return found
    opened, entry = found
    target = latest(opened, entry.record)
    if target.id != entry.record.id:
        return HttpResponseRedirect(routes.correct(target.id))
    kind = visit.basis.vocabulary.kinds.get(target.kind)
    if kind is None or target.kind not in recordable_kinds(visit, opened):
        return no_right(visit, None, words_=visit.speech.pick(kind.words) if kind else target.kind)
    links: dict[str, Sequence[str]] = {"case": target.links["case"]} if target.links.get("case") else {}
    return serve(Entry(visit, kind, opened, links, corrects=target))


def latest(opened: reading.Opened, target: Record) -> Record:
    """Return the record of the same chain that nothing corrects."""
    corrected = {e.record.corrects for e in opened.filed.entries}
    return next(
        (
            e.record
            for e in reversed(opened.filed.entries)
            if e.record.root == target.root and e.record.id not in corrected
        ),
        target,
    )


@signed_in
def withdraw(visit: Visit, id: str) -> HttpResponseBase:
    """Withdraw a record: asks for the reason; the record stays readable, and says that it was withdrawn."""
    found = find(visit, id)
    if not isinstance(found, tuple):
        return found
    opened, entry = found
    if "record.withdrawn" not in recordable_kinds(visit, opened):
        return no_right(visit, None, words_=title_of(entry.record, visit))
    wrong: list[Any] = []
    post = visit.request.POST
    reason, new_id = post.get("reason", "").strip(), post.get("id") or str(uuid7())
    if visit.request.method == "POST":
        allowed = recorders(visit.basis.vocabulary.kinds["record.withdrawn"])
        role = next(
            (x for x in sorted(visit.who.roles) if not acting_as([x]).isdisjoint(allowed)),
            next(iter(sorted(visit.who.roles)), ""),
        )
        by = actor_of(visit.who, role)
        value = {"role": by.role, "name": by.name, "id": by.id} | (
            {"certificate": by.certificate} if by.certificate else {}
        )
        try:
            actions.withdraw(
                visit.who, entry.record, id=new_id, home=opened.row.root, reason=reason, by=value, at=datetime.now(UTC)
            )
        except Refused as refused:
            wrong = [(f.sentence(visit.language), f.next_step(visit.language), f.code) for f in refused.findings]
        else:
            return HttpResponseRedirect(routes.query(routes.record(id), done="withdrawn"))
    return visit.answer(
        "withdraw",
        422 if wrong else 200,
        room="cases",
        csrf=True,
        row=opened.row,
        url=routes.case(opened.row.root),
        name=title_of(entry.record, visit),
        record_url=routes.record(id),
        reason=reason,
        id=new_id,
        wrong=wrong,
    )
