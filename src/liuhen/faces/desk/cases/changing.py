"""Correcting and withdrawing (更正、撤回): a further record each time; what was stored stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponseBase, HttpResponseRedirect, QueryDict
from uuid_utils import uuid7

from liuhen.faces.desk import routes
from liuhen.faces.desk.cases.entitled import may_withdraw, not_to_enter, recordable_kinds
from liuhen.faces.desk.cases.entry import serve
from liuhen.faces.desk.cases.materials import makers
from liuhen.faces.desk.cases.offers import Entry
from liuhen.faces.desk.cases.record import find, withdrawal_of
from liuhen.faces.desk.cases.record_shown import title_of
from liuhen.faces.desk.refusals import no_entry, not_there
from liuhen.faces.desk.visit import Visit, signed_in
from liuhen.ground.errors import Refused
from liuhen.ground.findings import Finding
from liuhen.ground.permissions import acting_as, recorders
from liuhen.ground.record import Record
from liuhen.journal.authorise import actor_of
from liuhen.journal.chain import named
from liuhen.rooms.cases import actions, reading


@signed_in
def correct(visit: Visit, id: str) -> HttpResponseBase:
    """The form that corrects a record: a further record of the same kind, begun with what the old one says."""
    found = find(visit, id)
    if not isinstance(found, tuple):
        return found
    opened, entry = found
    target = latest(opened, entry.record)
    post = visit.request.POST if visit.request.method == "POST" else None
    if post is not None:
        # What was typed is judged by the record that the form was opened on: by none that came in since.
        target = _meant(opened, entry.record, post)
    elif target.id != entry.record.id:
        return HttpResponseRedirect(routes.correct(target.id))
    elif withdrawal_of(opened, target.id, visit) is not None:
        # It says nothing any more; the page of its withdrawal tells by whom and why.
        return HttpResponseRedirect(routes.withdraw(target.id))
    kind = visit.basis.vocabulary.kinds.get(target.kind)
    if kind is None:
        return not_there(visit, reading.NotThere("U-211", kind=target.kind))
    if target.kind not in recordable_kinds(visit, opened):
        return no_entry(
            visit, not_to_enter(visit, kind, opened), back=routes.record(id), back_words=title_of(target, visit)
        )
    links: dict[str, Sequence[str]] = {"case": target.links["case"]} if target.links.get("case") else {}
    found = Entry(visit, kind, opened, links, corrects=target)
    newest = latest(opened, target)
    if post is not None and newest.id != target.id and opened.filed.entry(post.get("id", "")) is None:
        # The form comes back as it was typed, with what was corrected meanwhile beside it; sent again, it corrects that.
        meanwhile = {
            "target": named(target, visit.basis.vocabulary),
            "correction": named(newest, visit.basis.vocabulary),
        }
        found.findings.append(Finding("U-218", meanwhile, "/corrects"))
        found.corrects = newest
    return serve(found)


def _meant(opened: reading.Opened, addressed: Record, post: QueryDict) -> Record:
    """Return what a sent correction corrects: sent again, what it corrected the first time; else what the form says."""
    stored = opened.filed.entry(post.get("id", ""))
    said = opened.filed.entry((stored.record.corrects or "") if stored is not None else post.get("corrects", ""))
    return said.record if said is not None and said.record.root == addressed.root else addressed


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
    """Withdraw a record: asks for the reason; the record stays readable, and says that it was withdrawn, by whom and when."""
    found = find(visit, id)
    if not isinstance(found, tuple):
        return found
    opened, entry = found
    target = latest(opened, entry.record)
    sending = visit.request.method == "POST"
    if target.id != entry.record.id and not sending:
        return HttpResponseRedirect(routes.withdraw(target.id))
    gone = withdrawal_of(opened, id, visit)
    kind = visit.basis.vocabulary.kinds.get(entry.record.kind)
    if gone is None and not may_withdraw(visit, opened, entry.record):
        if kind is None:
            return not_there(visit, reading.NotThere("U-211", kind=entry.record.kind))
        why = not_to_enter(visit, kind, opened)
        return no_entry(visit, why, back=routes.record(id), back_words=title_of(entry.record, visit))
    wrong: list[Any] = []
    post = visit.request.POST
    reason, new_id = post.get("reason", "").strip(), post.get("id") or str(uuid7())
    if sending and (gone is None or gone.id != new_id):
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
        room="cases" if opened.row.subject == "case" else "registers",
        csrf=True,
        row=opened.row,
        url=routes.case(opened.row.root),
        name=title_of(entry.record, visit),
        record_url=routes.record(id),
        action=routes.withdraw(target.id),
        gone=gone
        and {
            "by": makers(gone, visit.speech),
            "at": visit.speech.moment(gone.received),
            "reason": gone.content.get("reason", ""),
            "url": routes.record(gone.id),
        },
        reason=reason,
        id=new_id,
        wrong=wrong,
    )
