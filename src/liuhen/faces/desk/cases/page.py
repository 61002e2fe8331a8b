"""The page of one case, or of another file (案件页): everything on it is derived, nothing is typed twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from django.http import HttpResponseBase

from liuhen.engines.rulebook import explain
from liuhen.faces.desk import frame, routes
from liuhen.faces.desk.cases import head, laid_out, materials
from liuhen.faces.desk.cases.acts import worth_a_look
from liuhen.faces.desk.cases.chains import chains, held_by
from liuhen.faces.desk.cases.duties import DutyShown, shown
from liuhen.faces.desk.cases.entitled import offered_here
from liuhen.faces.desk.cases.events import MOST, events
from liuhen.faces.desk.cases.notes import applied_notes, log_rows
from liuhen.faces.desk.cases.standing import Standing, standing
from liuhen.faces.desk.cases.story import tell
from liuhen.faces.desk.cases.unseen import closed
from liuhen.faces.desk.refusals import not_there
from liuhen.faces.desk.timeline.drawing import draw
from liuhen.faces.desk.timeline.story import Story
from liuhen.faces.desk.visit import Visit, signed_in
from liuhen.journal.looks import looked
from liuhen.rooms.cases import people, reading

RANGES = {"90": 90, "30": 30}
MOST_STOPS = 3


@signed_in
def case(visit: Visit, root: str) -> HttpResponseBase:
    """The page of a file, or one group of its duties as a part of it; each opening is a look, kept by the journal."""
    try:
        row = reading.row_of(visit.who, root)
    except reading.NotThere as refused:
        return not_there(visit, refused)
    if not reading.may_look(visit.who, row, visit.basis, visit.now):
        return closed(visit, row)
    opened = reading.open_case(visit.who, row, visit.basis, visit.now)
    ask = visit.request.GET
    tab, group = ask.get("tab", "papers"), ask.get("duties", "")
    detail = {"tab": tab, "duties": group} if group else {"tab": tab}
    looked(visit.who, f"look {reading.class_of(row)}", home=row.root, detail=detail)
    file = File(visit, opened)
    if group in laid_out.GROUPS and ask.get("part"):
        members = laid_out.members_of(file.held, group, ask.get("duty", ""))
        return visit.part("duties", group=group, lines=[file.show(s) for s in members])
    return visit.answer(
        "case",
        room="cases" if row.subject == "case" else "registers",
        **context(file, tab if tab in materials.TABS else "papers"),
    )


class File:
    """A file as its page takes it (案卷): the visit, what was opened, and what several parts of the page ask of it, once."""

    def __init__(self, visit: Visit, opened: reading.Opened) -> None:
        row, basis = opened.row, visit.basis
        self.visit, self.opened, self.row = visit, opened, row
        self.chains = chains((e.record for e in opened.filed.entries), basis.vocabulary)
        self.records = held_by(self.chains)
        self.held = standing(
            opened.judgement.duties,
            speech=visit.speech,
            vocabulary=basis.vocabulary,
            records=self.records,
            soon_until=visit.soon_until,
        )
        self.handlers = head.handlers_of(row, visit.speech)
        self.recordable = offered_here(visit, opened)
        self._shown: dict[str, DutyShown] = {}

    @cached_property
    def holders(self) -> Mapping[str, Sequence[str]]:
        """Role → names of those who hold it today."""
        bureau, today = self.row.bureau, self.visit.speech.today
        found: Mapping[str, Sequence[str]] = frame.kept.get(
            ("holders", bureau, today), lambda: people.holders(bureau, today)
        )
        return found

    def show(self, s: Standing) -> DutyShown:
        """Return a duty in words; put into them once, however many parts of the page show it."""
        found = self._shown.get(s.key)
        if found is None:
            visit = self.visit
            found = self._shown[s.key] = shown(
                s,
                root=self.row.root,
                speech=visit.speech,
                vocabulary=visit.basis.vocabulary,
                records=self.records,
                handlers=self.handlers,
                holders=self.holders,
                recordable=self.recordable,
                acting=visit.who.acting,
                read_only=self.row.state == "archived",
            )
        return found

    def stops(self) -> dict[str, list[tuple[int, int]]]:
        """Return for the open clocks that may stop the days on which they stood; the few that there are, each costs a judging."""
        out: dict[str, list[tuple[int, int]]] = {}
        visit, opened = self.visit, self.opened
        for s in [s for s in self.held if s.duty.rule.stops and s.duty.status in ("due", "overdue")][:MOST_STOPS]:
            found = explain(
                visit.basis.stack,
                s.duty,
                opened.filed.case,
                max(visit.now, opened.judgement.at),
                register=opened.registers.register,
                applied=opened.registers.applied,
            )
            if found is not None and found.stops:
                today = visit.speech.today
                out[s.key] = [(p.first, p.last if p.last is not None else today) for p in found.stops]
        return out


def context(file: File, tab: str) -> dict[str, Any]:
    """Return everything that the template of a file's page needs. Cost: linear in its records and duties, two queries."""
    visit, opened, row, held = file.visit, file.opened, file.row, file.chains
    speech, vocabulary, ask = visit.speech, visit.basis.vocabulary, visit.request.GET
    places = reading.sealed(row)
    duties = laid_out.lay_out(
        file.held, file.show, root=row.root, wanted=ask.get("duties", ""), asked=ask.get("duty", "")
    )

    def jump(key: str) -> str:
        # A duty that stands on this page is jumped to; for another one the page is asked to lay it out.
        return f"#d-{key}" if key in duties.keys else routes.duty(row.root, key)

    story = tell(
        held,
        file.held,
        speech=speech,
        vocabulary=vocabulary,
        records=file.records,
        sealed={i for i, index in places.items() if index is not None},
        stops=file.stops(),
        chosen=ask.get("act"),
    )
    as_table = ask.get("view") == "table"
    told, more = events(story, speech, jump, most=None if as_table else MOST)
    # One count of each sort for the whole page: the line above the timeline and the tabs say the same.
    counts = materials.counts(held, vocabulary)
    counts["deadlines"] = duties.total
    counts["log"] = len(opened.filed.entries)
    chosen = ask["act"] if "act" in ask else worth_a_look(story.acts)
    span = ask.get("range", "")
    base = routes.query(routes.case(row.root), tab=tab if tab != "papers" else "", range=span if span in RANGES else "")
    new_url = routes.kinds(row.root) if file.recordable else ""
    return {
        "row": row,
        "head": _head(file, places),
        "duties": duties,
        "jump": jump,
        "timeline": timeline(visit, story, chosen, span),
        "story": story,
        "events": told,
        "events_more": more,
        "span": span,
        "chosen": chosen,
        "as_table": as_table,
        "base": base,
        "url": routes.case(row.root),
        "tab": tab,
        "counts": counts,
        "tabs": [(t, getattr(visit.words.tab, t), counts[t]) for t in materials.TABS],
        "rows": _rows(file, tab, places),
        "new_url": new_url if row.state != "archived" else "",
        "add_url": new_url if row.state == "archived" else "",
        "notes": applied_notes(visit, opened),
    }


def timeline(visit: Visit, story: Story, chosen: str, span: str) -> Any:
    """Return the drawing of the timeline."""
    say = visit.words.timeline
    since = story.today - RANGES[span] if span in RANGES else None
    return draw(
        story,
        label=say.bar,
        alone=say.bar_alone,
        unexplained=say.gap_here,
        explained=say.off_here,
        chosen=chosen,
        since=since,
    )


def _head(file: File, places: Mapping[str, int | None]) -> dict[str, Any]:
    visit, opened, row = file.visit, file.opened, file.row
    speech, vocabulary, say = visit.speech, visit.basis.vocabulary, visit.words
    tags = [speech.pick(vocabulary.words("action_types", row.action_type))] if row.action_type else []
    if row.procedure == "summary":
        tags.append(str(say.case.summary_procedure))
    tags += [speech.pick(mark) for mark in opened.marks]
    if row.outside:
        tags.append(str(say.case.has_outside))
    firsts = head.reached(file.chains, vocabulary, row, speech)
    facts = [
        (say.case.party, row.party),
        (say.case.handlers, file.handlers),
        (say.case.unit, row.unit),
        (say.case.phase, getattr(say.stage, row.phase) if row.phase else ""),
        (say.case.opened, speech.day(row.opened)),
        (say.case.closed, speech.day(row.closed)),
        (say.case.archived, speech.day(row.archived)),
    ]
    return {
        "tags": tags,
        "facts": [(k, v) for k, v in facts if v],
        "subject": speech.pick(vocabulary.words("subjects", row.subject))
        if row.subject in vocabulary.terms["subjects"]
        else _kind_words(row.subject, visit),
        "stages": head.stages(row, firsts, file.held, speech) if row.subject == "case" else [],
        "left": head.left(file.held, speech),
        "any_open": head.any_open(file.held),
        "seal": head.seal(places, frame.state_of(row.bureau).pulse.made, speech),
        "state": row.state,
        "destroyed": row.destroyed,
    }


def _kind_words(kind: str, visit: Visit) -> str:
    found = visit.basis.vocabulary.kinds.get(kind)
    return visit.speech.pick(found.words) if found else kind


def _rows(file: File, tab: str, places: Mapping[str, int | None]) -> Any:
    visit, vocabulary = file.visit, file.visit.basis.vocabulary
    if tab == "deadlines":
        return [file.show(s) for s in file.held if s.weight == "duty"]
    if tab == "log":
        return log_rows(visit, file.opened, places)
    outside = frozenset(e.record.id for e in file.opened.filed.entries if e.outside)
    chosen = [c for c in file.chains if materials.tab_of(c.latest, vocabulary) == tab]
    return materials.rows(chosen, places, outside, visit.speech, vocabulary)
