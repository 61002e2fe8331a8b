"""Gates (关口): what must not be stored yet, asked all at once; and what storing a record would breach."""

from __future__ import annotations

from typing import NamedTuple

from liuhen.engines.rulebook.duty import Duty, Missing
from liuhen.engines.rulebook.forms.absence import forbidden, second
from liuhen.engines.rulebook.forms.frame import Excuses, scoped
from liuhen.engines.rulebook.forms.order import OrderJudge
from liuhen.engines.rulebook.held import Held, Register
from liuhen.engines.rulebook.language import Cite, Condition, Rule
from liuhen.engines.rulebook.questions import open_questions
from liuhen.engines.rulebook.stack import Compiled, Stack
from liuhen.engines.rulebook.steps import Step, answers_to, steps_to
from liuhen.ground.case import Case
from liuhen.ground.moments import Instant
from liuhen.ground.record import Record
from liuhen.ground.words import Words, said_day

_NOT_THIS = Missing("forbidden", "", Words("", ""))


class Gate(NamedTuple):
    """One closed gate (未过的关口): the rule, what it needs first, how that stands, what to do, by which article, why.

    `kinds` are the kinds whose record would open it; `asks` is the next step, which often comes before them, and who takes it.
    """

    rule: Rule
    needed: Words
    state: Words
    cure: Words
    cite: Cite
    cites: tuple[Cite, ...]
    why: Words
    kinds: tuple[str, ...]
    asks: tuple[Step, ...] = ()


class Asked(NamedTuple):
    """One gate that was asked (登记条件): closed or passed, for the list beside a form."""

    rule: Rule
    cites: tuple[Cite, ...]
    passed: bool
    gate: Gate | None


def _with(case: Case, record: Record) -> Case:
    return Case((*case.records, record))


def gates(
    stack: Stack,
    case: Case,
    record: Record,
    at: Instant,
    *,
    register: Register = Register.EMPTY,
    applied: tuple[Record, ...] = (),
) -> tuple[Gate, ...]:
    """Return the gates that are closed for `record` at `at`; empty when it may be stored.

    All are asked at once, so that nobody is refused twice for one form. A condition that can't be decided because a question was
    never answered closes the gate too (in doubt major), and says which question.
    """
    return tuple(
        c.gate for c in asked(stack, case, record, at, register=register, applied=applied) if c.gate is not None
    )


def asked(
    stack: Stack,
    case: Case,
    record: Record,
    at: Instant,
    *,
    register: Register = Register.EMPTY,
    applied: tuple[Record, ...] = (),
) -> tuple[Asked, ...]:
    """Return every gate that applies to `record`, passed or closed."""
    h = stack.hold(_with(case, record), max(at, record.received), register, applied)
    out = []
    for rule in stack.gates_of(record.kind):
        if not rule.asked_in(h.action):
            continue
        c = stack.compiled(rule, h.action)
        found = _ask(stack, c, h, record)
        if found is not None:
            out.append(
                Asked(rule, c.shop.cites, not isinstance(found, Gate), found if isinstance(found, Gate) else None)
            )
    return tuple(out)


def _ask(stack: Stack, c: Compiled, h: Held, record: Record) -> Gate | bool | None:
    rule, shop = c.rule, c.shop
    if rule.form == "retention":
        return _kept(stack, c, h, record)
    where = shop.predicates.condition(rule.trigger.where)
    fits = True if where is None else where(h, record)
    if fits is False:
        return None
    applies = scoped(shop, h, record)
    if applies is False:
        return None
    if fits is None or applies is None:
        asks = dict.fromkeys((*shop.predicates.asked(rule.trigger.where), *shop.asks))
        found_open = open_questions(stack, rule, h, record)
        questions = [q.words for q in found_open] or [_question(stack, name, rule) for name in asks]
        zh, en = "、".join(w.zh for w in questions), ", ".join(w.en for w in questions)
        # What the form itself leaves open is answered on the form.
        steps = answers_to(q for q in found_open if q.record != record.id)
        return _closed(c, Words("回答问题", "an answer"), Words(f"尚未回答：{zh}", f"not answered: {en}"), (), h, steps)
    if rule.form == "order":
        found = OrderJudge(rule, shop)(h, record)
        if found.ok:
            return True
        missing = found.missing
        if rule.excused:
            missing, _ = Excuses(rule.excused, shop.predicates).left(h, record, missing)
            if not missing:
                return True
        needed = Words("、".join(m.words.zh for m in missing), ", ".join(m.words.en for m in missing))
        state = found.state or Words("尚无此记录", "there is none")
        kinds = tuple(dict.fromkeys(k for m in missing for k in m.kinds))
        steps = steps_to(rule, h, record, kinds, stack.vocabulary) if kinds else ()
        return _closed(c, needed, state, kinds, h, steps)
    if rule.excused and not Excuses(rule.excused, shop.predicates).left(h, record, (_NOT_THIS,))[0]:
        return True
    wrong = forbidden(rule, shop, record)
    if rule.second_of and wrong is not False:
        others = [r for r in h.of_kinds(rule.trigger.kinds) if h.root(r) != h.root(record)]
        further = second(rule, h, record, [r for r in others if where is None or where(h, r) is True])
        wrong = further if wrong else (False if further is False else None)
    if wrong is False:
        return True
    return _closed(c, Words("不得登记此项", "not to record this"), Words("此时不得", "it is forbidden now"), (), h)


def _kept(stack: Stack, c: Compiled, h: Held, record: Record) -> Gate | bool | None:
    """Return the closed gate before what would end the keeping of a thing too early; None where no thing of the rule is ended."""
    ended = {h.root_of.get(i, i) for i in record.links.get("about", ())}
    rows = [d for d in stack.judge_one(c.rule, h) if d.root in ended]
    for d in rows:
        if d.status == "unknown":
            questions = [_question(stack, name, c.rule) for name in d.asks]
            zh, en = "、".join(w.zh for w in questions), ", ".join(w.en for w in questions)
            return _closed(c, Words("回答问题", "an answer"), Words(f"尚未回答：{zh}", f"not answered: {en}"), (), h)
        if d.status == "breached" and record.id in d.met_by:
            state = Words("须一直保存", "it is kept for good")
            if d.due is not None:
                last = said_day(stack.calendar.local(d.due - 1).date())
                state = Words(f"须保存至{last.zh}", f"it is kept until {last.en}")
            return _closed(c, Words("保存期届满", "the end of the time it is kept"), state, (), h)
    return True if rows else None


def _question(stack: Stack, name: str, rule: Rule) -> Words:
    """Return the words of a field that was never answered: that of the trigger's kinds, else of the first that has it."""
    field = name.rpartition(".")[2]
    kinds = stack.vocabulary.kinds
    for id_ in (*sorted(rule.trigger.kinds), *kinds):
        if field in kinds[id_].fields:
            return kinds[id_].fields[field].words
    return Words(name, name)


def _closed(
    c: Compiled, needed: Words, state: Words, kinds: tuple[str, ...], h: Held, asks: tuple[Step, ...] = ()
) -> Gate:
    rule = c.rule
    assert rule.cure is not None
    return Gate(rule, needed, state, rule.cure, c.shop.cites[0], c.shop.cites, _why(c, h), kinds, asks)


def _why(c: Compiled, h: Held) -> Words:
    """Say why the rule applies here: the marks of its condition with the records that made them true."""
    zh, en = [], []
    for name in _marks_in(c.rule.condition):
        answer, witness = c.shop.predicates.mark(name, h)
        words = c.shop.predicates.marks[name].words
        if answer and witness is not None:
            kind = h.shape.vocabulary.kinds[witness.kind].words
            day = said_day(witness.done_at.date())
            zh.append(f"本案属{words.zh}（{day.zh}{kind.zh}）")
            en.append(f"this case is a {words.en} ({kind.en} of {day.en})")
    return Words("；".join(zh) or c.rule.title.zh, "; ".join(en) or c.rule.title.en)


def _marks_in(condition: Condition | None) -> list[str]:
    if condition is None:
        return []
    out: list[str] = []
    for test in condition.tests:
        if isinstance(test, Condition):
            out += _marks_in(test)
        elif test.key == "mark" and test.compare is not None:
            out.append(str(test.compare.value))
    return out


def warnings(
    stack: Stack,
    case: Case,
    record: Record,
    at: Instant,
    *,
    register: Register = Register.EMPTY,
    applied: tuple[Record, ...] = (),
) -> tuple[Duty, ...]:
    """Return what storing `record` would leave breached, overdue or late because of this record (登记前提示)."""
    now = max(at, record.received)
    # By the name of the duty: of stacked rules another one may be the worst then.
    before = {(d.duty, d.root, d.note): d for d in stack.judge(case, now, register=register, applied=applied).duties}
    out = []
    for d in stack.judge(_with(case, record), now, register=register, applied=applied).duties:
        if d.status not in ("breached", "overdue", "unknown") and d.late is None:
            continue
        known = before.get((d.duty, d.root, d.note))
        if known is None or (known.status, known.late) != (d.status, d.late):
            out.append(d)
    return tuple(out)
