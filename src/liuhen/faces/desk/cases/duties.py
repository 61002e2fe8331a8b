"""How an obligation is shown (应办事项): status, words, articles, what is missing, and the button that opens the right form."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from liuhen.engines.rulebook.duty import Duty, Missing
from liuhen.engines.rulebook.language import Cite, Rule
from liuhen.faces.desk import routes
from liuhen.faces.desk.cases.lateness import late_words
from liuhen.faces.desk.cases.standing import Standing
from liuhen.faces.desk.entering import to_enter
from liuhen.faces.desk.speech import Speech, Unit
from liuhen.faces.desk.words import words
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Vocabulary

OFFICERS = frozenset({"case_handler", "enforcement_officer"})
_FIXABLE = frozenset({"field", "value", "officer", "file", "name"})


@dataclass(frozen=True, slots=True)
class CiteShown:
    """An article on the line that it causes (依据): its short name, where our words for it stand, what parts it from another."""

    label: str
    url: str
    between: str


@dataclass(frozen=True, slots=True)
class Button:
    """The button of a duty: where it leads, its words, whether it is the one to press."""

    url: str
    label: str
    primary: bool


@dataclass(frozen=True, slots=True)
class DutyShown:
    """A duty as its line on the page (应办事项).

    Attributes:
        key: names it within its file. status: the shape and colour; `soon` included. word: what stands at the right.
        facts: (word, text) lines below. lights: ids of the records it belongs to.
    """

    key: str
    status: str
    word: str
    late: str
    title: str
    cites: tuple[CiteShown, ...]
    facts: tuple[tuple[str, str], ...]
    button: Button | None
    who: str
    note: str
    why_url: str
    lights: str
    provisional: bool = False
    weight: str = "duty"


def cite_shown(cite: Cite, speech: Speech) -> CiteShown:
    """Return an article as a short link."""
    return CiteShown(speech.pick(cite.words()), routes.article(cite.rulebook, cite.article), speech.between)


def unit_of(rule: Rule) -> Unit:
    """Return the unit in which what is left of a rule's limit is said."""
    limit = rule.within
    if limit is None:
        return "natural_days" if rule.form != "coverage" else "hours"
    return limit.unit if limit.unit in ("hours", "working_days") else "natural_days"  # type: ignore[return-value]


def without_number(rule: Rule | None, speech: Speech) -> str:
    """Return since when a duty is overdue whose text sets no number: what a record must say, or what the close ended."""
    say = words(speech.language).left
    return str(say.with_record if rule is not None and rule.form == "content" else say.before_close)


def right_word(duty: Duty, status: str, speech: Speech) -> str:
    """Return what stands at the right: what is left, by how much it is over, or the name of the status.

    What is no duty (提示, 宜) is never called breached: nothing was broken (`not_so`, as `liuhen check` has it).
    """
    if status in ("due", "soon"):
        if duty.paused:
            return str(words(speech.language).status.paused)
        return speech.left(duty.due, unit_of(duty.rule)) if duty.due is not None else speech.waited(duty.since)
    soft = status == "breached" and duty.weight != "duty"
    name = getattr(words(speech.language).status, "not_so" if soft else status)
    if status == "overdue" and duty.due is not None:
        over = speech.left(duty.due, unit_of(duty.rule))
        return f"{name} {over.removeprefix('超').strip()}" if speech.language == "zh" else over
    return str(name)


def shown(
    standing: Standing,
    *,
    root: str,
    speech: Speech,
    vocabulary: Vocabulary,
    records: Mapping[str, Record],
    handlers: str,
    holders: Mapping[str, Sequence[str]],
    recordable: Collection[str],
    acting: Collection[str] = (),
    read_only: bool = False,
) -> DutyShown:
    """Return one duty as its line on the page.

    `recordable`: kinds that this person may record here. `acting`: the roles in which he acts. `handlers`: the names of those
    who handle the case. `holders`: role → names of those who hold it today.
    """
    say = words(speech.language).duty
    key, status, duty = standing.key, standing.status, standing.duty
    facts: list[tuple[str, str]] = []
    trigger = records.get(duty.trigger)
    if trigger is not None and duty.rule.form != "content":
        kind = vocabulary.kinds.get(trigger.kind)
        facts.append(
            (say.cause, f"{speech.short_day(trigger.day)} {speech.pick(kind.words) if kind else trigger.kind}")
        )
    elif trigger is not None:
        kind = vocabulary.kinds.get(trigger.kind)
        facts.append(
            (
                say.of,
                f"{speech.pick(kind.words) if kind else trigger.kind}{speech.comma}{speech.short_day(trigger.day)}",
            )
        )
    if duty.note:
        facts.append((say.note, duty.note))
    if duty.due is not None and status != "excused" and duty.rule.form != "content":
        when = speech.due(duty.due)
        if status == "met" and duty.met_by and (done := records.get(duty.met_by[-1])) is not None:
            when = say.done_on.format(due=when, done=speech.stamp(done.instant))
        facts.append((say.due, when + (say.provisional if duty.provisional else "")))
    elif status in ("due", "soon", "overdue") and duty.rule.form != "content":
        overdue = status == "overdue"
        facts.append((say.due, without_number(duty.rule, speech) if overdue else words(speech.language).left.no_number))
    if status in ("due", "soon", "overdue", "breached") and duty.missing:
        facts.append((say.missing, joined(duty.missing, speech)))
    if status == "unknown":
        facts.append(
            (
                say.unanswered,
                speech.listed(_field_words(a, trigger, vocabulary, speech) for a in duty.asks) or say.not_answered,
            )
        )
    if status == "breached":
        facts.append((say.state, say.cannot_be_cured))
    if status == "excused" and (by := records.get(duty.excused_by)) is not None:
        kind = vocabulary.kinds.get(by.kind)
        facts.append((say.excused_by, f"{speech.short_day(by.day)} {speech.pick(kind.words) if kind else by.kind}"))
    note = say.late_note if status == "met" and duty.late else ""
    button = None if read_only else _button(duty, status, key, root, trigger, vocabulary, recordable, acting, speech)
    role = duty.rule.asks_from
    who = handlers if role in OFFICERS and handlers else holders_of(role, holders, vocabulary, speech)
    # What is still open or was broken explains itself; of what is met, that which had a moment to be met by.
    timed = duty.due is not None and duty.rule.form == "response"
    why = routes.why(root, key) if duty.late or status not in ("met", "excused") or (timed and status == "met") else ""
    return DutyShown(
        key,
        status,
        right_word(duty, status, speech),
        late_words(duty, records, speech),
        speech.pick(duty.rule.title),
        tuple(cite_shown(c, speech) for c in duty.cites),
        tuple(facts),
        button,
        who if status in ("due", "soon", "overdue", "unknown", "breached") else "",
        note,
        why,
        " ".join(i for i in (duty.trigger, *duty.met_by) if i),
        duty.provisional,
        duty.weight,
    )


def holders_of(role: str, holders: Mapping[str, Sequence[str]], vocabulary: Vocabulary, speech: Speech) -> str:
    """Return who holds a role: 顾明远（法制审核人员）; only the role where more than two hold it, or nobody does."""
    named = speech.pick(vocabulary.words("roles", role))
    names = holders.get(role, ())
    if not 1 <= len(names) <= 2:
        return named
    return speech.listed(names) + speech.bracketed(named)


def joined(missing: Iterable[Missing], speech: Speech) -> str:
    """Return what is missing as one text."""
    return speech.listed(dict.fromkeys(speech.pick(m.words) for m in missing))


def _field_words(name: str, trigger: Record | None, vocabulary: Vocabulary, speech: Speech) -> str:
    field = name.rpartition(".")[2]
    if trigger is not None and not name.startswith("case."):
        kind = vocabulary.kinds.get(trigger.kind)
        if kind is not None and field in kind.fields:
            return speech.pick(kind.fields[field].words)
    for id in vocabulary.opening("case"):
        if field in vocabulary.kinds[id].fields:
            return speech.pick(vocabulary.kinds[id].fields[field].words)
    return next((speech.pick(k.fields[field].words) for k in vocabulary.kinds.values() if field in k.fields), name)


def _button(
    duty: Duty,
    status: str,
    key: str,
    root: str,
    trigger: Record | None,
    vocabulary: Vocabulary,
    recordable: Collection[str],
    acting: Collection[str],
    speech: Speech,
) -> Button | None:
    say = words(speech.language).duty
    if status not in ("due", "soon", "overdue", "unknown", "breached"):
        return None
    primary = status == "overdue"
    if status == "breached":
        # What is breached stays breached: a statement may go with the file, and it says that it changes nothing.
        return (
            Button(routes.entry(root, "inspection.other_circumstance", duty=key), say.explain, False)
            if "inspection.other_circumstance" in recordable
            else None
        )
    if status == "unknown" and trigger is not None:
        return (
            Button(routes.correct(trigger.id) + _anchor(duty.asks), say.fill_in, False)
            if trigger.kind in recordable
            else None
        )
    for m in duty.missing:
        if m.what == "signature" and trigger is not None and "signature.added" in recordable:
            if m.id not in acting and trigger.kind not in recordable:
                continue  # to be signed by others, on a paper of others
            return Button(
                routes.entry(root, "signature.added", about=trigger.id, role=m.id), say.add_signature, primary
            )
        if m.what in _FIXABLE and trigger is not None and trigger.kind in recordable:
            return Button(routes.correct(trigger.id) + _anchor((m.id,)), say.complete, primary)
        for k in m.kinds:
            if k in recordable and k in vocabulary.kinds:
                kind = vocabulary.kinds[k]
                return Button(
                    routes.entry(root, k, about=duty.trigger, duty=key),
                    to_enter(kind, speech),
                    primary,
                )
    return None


def _anchor(fields: Iterable[str]) -> str:
    name = next(iter(fields), "").rpartition(".")[2]
    return f"#f-{name}" if name else ""
