"""What looks like a slip (登记前请核对): never refused, asked about once before it is stored for good."""

from __future__ import annotations

from liuhen.faces.desk.cases.offers import Entry
from liuhen.faces.desk.forms.reading import Draft
from liuhen.ground.record import Record
from liuhen.ground.words import said_day

SHOWN = 3
"""So many fields are named as examples: a reminder, not the form again."""


def doubts(entry: Entry, record: Record, begun: Draft) -> list[str]:
    """Return a sentence for each thing to look at again; `begun` is the form as it stood before anybody typed."""
    return [*says_nothing(entry, record, begun), *before_the_matter(entry, record)]


def says_nothing(entry: Entry, record: Record, begun: Draft) -> list[str]:
    """Return what there is to say of a record that holds nothing but what stood in its form from the start.

    A date and a person may be all that is known of an act, and so it is asked and not refused. An event, or a kind without
    fields of its own, says by its date what it has to say.
    """
    kind = entry.kind
    if entry.corrects is not None or kind.family == "event" or not kind.fields:
        return []
    if record.files or record.signatures or record.until is not None:
        return []
    content, links = begun.json.get("content", {}), begun.json.get("links", {})
    if any(content.get(id) != record.content.get(id) for id in kind.fields):
        return []
    if any(list(links.get(role, ())) != list(ids) for role, ids in record.links.items()):
        return []
    speech = entry.visit.speech
    empty = [speech.pick(f.words) for f in kind.fields.values() if f.id not in content][:SHOWN]
    return [entry.visit.words.refusal.nothing.format(fields=speech.listed(empty))] if empty else []


def before_the_matter(entry: Entry, record: Record) -> list[str]:
    """Return what there is to say of an act that lies before the tip-off or application with which the matter began.

    It may be right, a plan made before the tip-off came, and so it is asked and not refused. Where of one of them only the day is
    known, days are compared.
    """
    visit, opened = entry.visit, entry.opened
    if opened is None:
        return []
    speech, kinds = visit.speech, visit.basis.vocabulary.kinds
    openers = visit.basis.vocabulary.opening("tipoff") | visit.basis.vocabulary.opening("application")
    gone = {e.record.corrects for e in opened.filed.entries} | {record.corrects}
    began = [e.record for e in opened.filed.entries if e.record.kind in openers and e.record.id not in gone]
    if not began or record.kind in openers:
        return []
    first = min(began, key=lambda r: (r.day, r.instant))
    by_day = "day" in (first.precision, record.precision)
    if record.day >= first.day if by_day else record.instant >= first.instant:
        return []
    what, day = speech.pick(kinds[first.kind].words), said_day(first.done_at.date(), speech.year)
    return [visit.words.refusal.before.format(what=what, day=speech.pick(day))]
