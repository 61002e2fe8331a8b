"""What a form is told before and after it is sent (登记检查): closed gates, and what storing would leave wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from liuhen.engines.rulebook import Duty, Gate
from liuhen.engines.rulebook.gates import Asked
from liuhen.faces.desk import frame, routes
from liuhen.faces.desk.cases.duties import OFFICERS, CiteShown, cite_shown, holders_of, joined
from liuhen.faces.desk.cases.entitled import offered_here
from liuhen.faces.desk.cases.head import handlers_of
from liuhen.faces.desk.cases.lateness import late_words
from liuhen.faces.desk.cases.standing import keyed
from liuhen.faces.desk.entering import to_enter
from liuhen.faces.desk.visit import Visit
from liuhen.ground.canonical import digest
from liuhen.ground.record import Record
from liuhen.journal.refusing import NotTaken
from liuhen.rooms.cases import actions, people
from liuhen.rooms.cases.reading import Opened


@dataclass(frozen=True, slots=True)
class GateShown:
    """One condition for entering (登记条件): passed or not, by which article; `button` goes on, or `who` has the next step."""

    title: str
    passed: bool
    cites: tuple[CiteShown, ...]
    needed: str = ""
    why: str = ""
    state: str = ""
    cure: str = ""
    asks: str = ""
    url: str = ""
    button: str = ""
    who: str = ""
    duty_url: str = ""


@dataclass(frozen=True, slots=True)
class WarningShown:
    """One thing that storing would leave wrong (登记前提示)."""

    title: str
    status: str
    word: str
    cites: tuple[CiteShown, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the form is told: gates (all at once), warnings, what looks like a slip, and the digest that confirms these."""

    gates: list[GateShown]
    warnings: list[WarningShown]
    doubts: list[str]
    digest: str

    @property
    def closed(self) -> list[GateShown]:
        """The gates that are not passed."""
        return [g for g in self.gates if not g.passed]


def told(
    visit: Visit,
    opened: Opened | None,
    *,
    record: Record | None,
    refused: NotTaken | None = None,
    ahead: actions.Ahead | None = None,
    doubts: Sequence[str] = (),
) -> Told:
    """Return what a form is told: by the door's refusal, or by a check ahead of it (none where no file is open)."""
    if refused is not None:
        gates: list[GateShown] = []
        if opened is not None and record is not None and refused.gates:
            gates = gates_shown(visit, opened, actions.gates_ahead(opened, record, visit.basis, visit.now))
        if refused.gates and not any(not g.passed for g in gates):
            gates = [_closed(visit, opened, g) for g in refused.gates]
        return Told(gates, [], [], "")
    wrong = ahead.warnings if ahead is not None else ()
    mark = digest([[[d.rule.ref, d.status, sorted(m.id for m in d.missing)] for d in wrong], [*doubts]])
    gates = gates_shown(visit, opened, ahead.gates) if ahead is not None else []
    known = {e.record.id: e.record for e in opened.filed.entries} if opened is not None else {}
    if record is not None:
        known[record.id] = record
    return Told(gates, [_warning(visit, d, known) for d in wrong], [*doubts], mark)


def gates_shown(visit: Visit, opened: Opened | None, asked: Iterable[Asked]) -> list[GateShown]:
    """Return the conditions, those not passed first."""
    shown = [
        _closed(visit, opened, a.gate)
        if a.gate is not None
        else GateShown(visit.speech.pick(a.rule.title), True, tuple(cite_shown(c, visit.speech) for c in a.cites))
        for a in asked
    ]
    return sorted(shown, key=lambda g: g.passed)


def _closed(visit: Visit, opened: Opened | None, gate: Gate) -> GateShown:
    speech = visit.speech
    url, button, who, duty_url = _way_on(visit, opened, gate) if opened is not None else ("", "", "", "")
    book = next((b for b in visit.basis.stack.rulebooks if b.id == gate.cite.rulebook), None)
    article = book.articles.get(gate.cite.article) if book is not None else None
    return GateShown(
        speech.pick(gate.rule.title),
        False,
        tuple(cite_shown(c, speech) for c in gate.cites),
        speech.pick(gate.needed),
        speech.pick(gate.why),
        speech.pick(gate.state),
        speech.pick(gate.cure),
        speech.pick(article.asks) if article else "",
        url,
        button,
        who,
        duty_url,
    )


def _way_on(visit: Visit, opened: Opened, gate: Gate) -> tuple[str, str, str, str]:
    """Return the form that this person can go on with and its words; else who has the next step, and where its duty stands."""
    speech, kinds, may = visit.speech, visit.basis.vocabulary.kinds, offered_here(visit, opened)
    root, say = opened.row.root, visit.words
    for step in gate.asks:
        if step.kind in may and step.record:
            field = step.field.rpartition(".")[2]
            return f"{routes.correct(step.record)}{'#f-' + field if field else ''}", str(say.duty.fill_in), "", ""
        if step.kind in may and step.kind in kinds:
            return routes.entry(root, step.kind), to_enter(kinds[step.kind], speech), "", ""
    before = _step_before(gate, visit, may)
    if before and not gate.asks:
        return routes.entry(root, before), to_enter(kinds[before], speech), "", ""
    step = next((s for s in gate.asks if s.kind in kinds), None)
    if step is None:
        return "", "", "", ""
    who = say.refusal.whose.format(who=_those_who(visit, opened, step.roles), kind=speech.pick(kinds[step.kind].words))
    keys = keyed(opened.judgement.duties)
    duty = next((d for d in opened.judgement.duties if any(step.kind in m.kinds for m in d.missing)), None)
    return "", "", str(who), routes.duty(root, keys[id(duty)]) if duty is not None else ""


def _those_who(visit: Visit, opened: Opened, roles: Sequence[str]) -> str:
    """Return 顾明远（法制审核人员）: those who hold the roles today; the case's own handlers where they are meant."""
    speech, vocabulary, row = visit.speech, visit.basis.vocabulary, opened.row
    handlers = handlers_of(row, speech)
    if handlers and not OFFICERS.isdisjoint(roles):
        return handlers + speech.bracketed(visit.words.case.handlers)
    held = frame.kept.get(("holders", row.bureau, speech.today), lambda: people.holders(row.bureau, speech.today))
    filled = [role for role in roles if held.get(role)] or list(roles)
    return speech.listed(dict.fromkeys(holders_of(role, held, vocabulary, speech) for role in filled[:3]))


def _step_before(gate: Gate, visit: Visit, may: frozenset[str]) -> str:
    """Return what this person can record where the record itself is another's: what opens the subject that it belongs to."""
    vocabulary = visit.basis.vocabulary
    for k in gate.kinds:
        kind = vocabulary.kinds.get(k)
        for role in kind.links if kind is not None else ():
            for opener in sorted(vocabulary.opening(role)):
                if role != "case" and opener in may:
                    return opener
    return ""


def _warning(visit: Visit, duty: Duty, known: Mapping[str, Record]) -> WarningShown:
    speech, say = visit.speech, visit.words
    status = "overdue" if duty.late is not None else duty.status
    word = late_words(duty, known, speech) or str(getattr(say.status, status))
    text = f"{say.duty.missing}{speech.colon}{joined(duty.missing, speech)}" if duty.missing else ""
    return WarningShown(
        speech.pick(duty.rule.title), status, word, tuple(cite_shown(c, speech) for c in duty.cites), text
    )
