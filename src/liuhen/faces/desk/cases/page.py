"""The page of one case, or of another file (案件页): everything on it is derived, nothing is typed twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponseBase

from liuhen.engines.rulebook import Duty, explain, worst_first
from liuhen.faces.desk import frame, routes
from liuhen.faces.desk.cases import head, materials
from liuhen.faces.desk.cases.chains import chains, held_by
from liuhen.faces.desk.cases.duties import DutyShown, shown
from liuhen.faces.desk.cases.entitled import offered_here
from liuhen.faces.desk.cases.events import MOST, events
from liuhen.faces.desk.cases.notes import applied_notes, log_rows
from liuhen.faces.desk.cases.story import tell
from liuhen.faces.desk.cases.unseen import closed
from liuhen.faces.desk.refusals import not_there
from liuhen.faces.desk.timeline.drawing import draw
from liuhen.faces.desk.timeline.story import WORST_FIRST, Story
from liuhen.faces.desk.visit import Visit, signed_in
from liuhen.journal.looks import looked
from liuhen.rooms.cases import people, reading

RANGES = {"90": 90, "30": 30}
FIRST_DUTIES = 10
MOST_STOPS = 3


@signed_in
def case(visit: Visit, root: str) -> HttpResponseBase:
    """The page of a file; each opening is a look, kept by the journal."""
    try:
        row = reading.row_of(visit.who, root)
    except reading.NotThere as refused:
        return not_there(visit, refused)
    if not reading.may_look(visit.who, row, visit.basis, visit.now):
        return closed(visit, row)
    opened = reading.open_case(visit.who, row, visit.basis, visit.now)
    ask = visit.request.GET
    tab = ask.get("tab", "papers")
    looked(visit.who, f"look {reading.class_of(row)}", home=row.root, detail={"tab": tab})
    return visit.answer(
        "case",
        room="cases" if row.subject == "case" else "registers",
        **context(visit, opened, tab if tab in materials.TABS else "papers"),
    )


def _stops(visit: Visit, opened: reading.Opened, duties: Sequence[Duty]) -> dict[int, list[tuple[int, int]]]:
    """Return for the open clocks that may stop the days on which they stood; the few that there are, each costs a judging."""
    out: dict[int, list[tuple[int, int]]] = {}
    for d in [d for d in duties if d.rule.stops and d.status in ("due", "overdue")][:MOST_STOPS]:
        found = explain(
            visit.basis.stack,
            d,
            opened.filed.case,
            max(visit.now, opened.judgement.at),
            register=opened.registers.register,
            applied=opened.registers.applied,
        )
        if found is not None and found.stops:
            out[id(d)] = [(s.first, s.last if s.last is not None else visit.speech.today) for s in found.stops]
    return out


def keyed(duties: Sequence[Duty]) -> dict[int, str]:
    """Return id() of a duty → its name within the page: rule and trigger, so that a workbench can point to it."""
    out: dict[int, str] = {}
    taken: Counter[str] = Counter()
    for d in duties:
        name = key_of(d.rule.ref, d.trigger or str(d.since))
        taken[name] += 1
        out[id(d)] = name if taken[name] == 1 else f"{name}~{taken[name]}"
    return out


def key_of(rule: str, trigger: str) -> str:
    """Return how a page names the duty of a rule that a record triggered."""
    return f"{rule.replace('/', '~')}~{trigger[-12:]}"


def context(visit: Visit, opened: reading.Opened, tab: str) -> dict[str, Any]:
    """Return everything that the template of a file's page needs. Cost: linear in its records and duties, two queries."""
    row, basis, speech = opened.row, visit.basis, visit.speech
    vocabulary = basis.vocabulary
    records = [e.record for e in opened.filed.entries]
    held = chains(records, vocabulary)
    places = reading.sealed(row)
    duties = worst_first(opened.judgement.duties)
    keys = keyed(duties)
    soon = visit.soon_until
    handlers = head.handlers_of(row, speech)
    holders = frame.kept.get(("holders", row.bureau, speech.today), lambda: people.holders(row.bureau, speech.today))
    recordable = offered_here(visit, opened)
    by_id = held_by(held)
    lines = [
        shown(
            d,
            keys[id(d)],
            root=row.root,
            speech=speech,
            vocabulary=vocabulary,
            records=by_id,
            soon_until=soon,
            handlers=handlers,
            holders=holders,
            recordable=recordable,
            acting=visit.who.acting,
            read_only=row.state == "archived",
        )
        for d in duties
    ]
    state = frame.state_of(row.bureau)
    sealed = {i for i, index in places.items() if index is not None}
    story = tell(
        held,
        duties,
        speech=speech,
        vocabulary=vocabulary,
        sealed=sealed,
        soon_until=soon,
        keys=keys,
        stops=_stops(visit, opened, duties),
    )
    told_events = events(story, speech)
    # One count of each sort for the whole page: the line above the timeline and the tabs say the same.
    counts = materials.counts(held, vocabulary)
    counts["deadlines"] = sum(1 for d in lines if d.weight == "duty")
    counts["log"] = len(opened.filed.entries)
    ask = visit.request.GET
    chosen = ask["act"] if "act" in ask else _worth_a_look(story)
    span = ask.get("range", "")
    base = routes.query(routes.case(row.root), tab=tab if tab != "papers" else "", range=span if span in RANGES else "")
    return {
        "row": row,
        "head": _head(visit, opened, held, lines, duties, keys, places, state, handlers),
        "duties": grouped(lines),
        "timeline": timeline(visit, story, chosen, span),
        "story": story,
        "events": told_events if ask.get("view") == "table" else told_events[:MOST],
        "events_more": max(0, len(told_events) - MOST) if ask.get("view") != "table" else 0,
        "span": span,
        "chosen": chosen,
        "as_table": ask.get("view") == "table",
        "base": base,
        "url": routes.case(row.root),
        "tab": tab,
        "counts": counts,
        "tabs": [(t, getattr(visit.words.tab, t), counts[t]) for t in materials.TABS],
        "rows": _rows(visit, tab, held, places, opened, lines),
        "new_url": routes.kinds(row.root) if recordable and row.state != "archived" else "",
        "add_url": routes.kinds(row.root) if recordable and row.state == "archived" else "",
        "notes": applied_notes(visit, opened, duties),
    }


def grouped(lines: Sequence[DutyShown]) -> dict[str, Any]:
    """Return the list of duties as the page stacks it: what is open or wrong, what was late, then the quiet rest, and counts."""
    real = [d for d in lines if d.weight == "duty"]
    tally = Counter(d.status for d in real)
    open_ones = [d for d in real if d.status not in ("met", "excused")]
    return {
        "first": open_ones[:FIRST_DUTIES],
        "further": open_ones[FIRST_DUTIES:],
        "late": [d for d in real if d.status == "met" and d.late],
        "excused": [d for d in real if d.status == "excused"],
        "met": [d for d in real if d.status == "met" and not d.late],
        "hints": [d for d in lines if d.weight != "duty" and d.status != "met"],
        "tally": [(s, tally[s]) for s in WORST_FIRST],
        "late_n": sum(1 for d in real if d.late),
        "total": len(real),
    }


def _worth_a_look(story: Story) -> str:
    """Return the latest act of which minutes are unexplained: the lens opens on it by itself."""
    gaps = [a for a in story.acts if a.minutes("gap") >= 1 and not a.alone]
    return max(gaps, key=lambda a: a.at).key if gaps else ""


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


def _head(
    visit: Visit,
    opened: reading.Opened,
    held: Any,
    lines: Sequence[DutyShown],
    duties: Sequence[Duty],
    keys: Mapping[int, str],
    places: Mapping[str, int | None],
    state: frame.State,
    handlers: str,
) -> dict[str, Any]:
    row, speech, vocabulary = opened.row, visit.speech, visit.basis.vocabulary
    say = visit.words
    tags = [speech.pick(vocabulary.words("action_types", row.action_type))] if row.action_type else []
    if row.procedure == "summary":
        tags.append(str(say.case.summary_procedure))
    tags += [speech.pick(mark) for mark in opened.marks]
    if row.outside:
        tags.append(str(say.case.has_outside))
    firsts = head.reached(held, vocabulary, row, speech)
    facts = [
        (say.case.party, row.party),
        (say.case.handlers, handlers),
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
        "stages": head.stages(row, firsts, lines, speech) if row.subject == "case" else [],
        "left": head.left(duties, keys, speech, row),
        "seal": head.seal(places, state.pulse.made, speech),
        "state": row.state,
        "destroyed": row.destroyed,
    }


def _kind_words(kind: str, visit: Visit) -> str:
    found = visit.basis.vocabulary.kinds.get(kind)
    return visit.speech.pick(found.words) if found else kind


def _rows(
    visit: Visit,
    tab: str,
    held: Any,
    places: Mapping[str, int | None],
    opened: reading.Opened,
    lines: Sequence[DutyShown],
) -> Any:
    vocabulary = visit.basis.vocabulary
    if tab == "deadlines":
        return [d for d in lines if d.weight == "duty"]
    if tab == "log":
        return log_rows(visit, opened, places)
    outside = frozenset(e.record.id for e in opened.filed.entries if e.outside)
    chosen = [c for c in held if materials.tab_of(c.latest, vocabulary) == tab]
    return materials.rows(chosen, places, outside, visit.speech, vocabulary)
