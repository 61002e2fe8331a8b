"""The next step before a closed gate (关口之前的下一步): what is to be recorded, and by whom."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from liuhen.engines.rulebook.forms.frame import OF_THE_CASE
from liuhen.engines.rulebook.held import Held
from liuhen.engines.rulebook.language import Rule
from liuhen.engines.rulebook.questions import Question
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Vocabulary


class Step(NamedTuple):
    """One next step (下一步): to record a `kind`, or to correct `record` so that it answers `field`, and the roles that do."""

    kind: str
    roles: tuple[str, ...]
    field: str = ""
    record: str = ""


def steps_to(rule: Rule, h: Held, k: Record, kinds: Iterable[str], vocabulary: Vocabulary) -> tuple[Step, ...]:
    """Return what is to be recorded next so that a record of `kinds` can stand before K.

    Where the rule names the steps that lead there, the first of them not taken since the last one that came to its end: a
    review that ended in another opinion than the one needed begins anew. Else each of the kinds.
    """
    if not rule.steps:
        return tuple(Step(kind, vocabulary.kinds[kind].by) for kind in kinds)
    subject = None if rule.per in OF_THE_CASE else h.subject_of(rule.per, k)

    def before(kind: str) -> list[Record]:
        found = (r for r in h.by_kind.get(kind, ()) if r.id != k.id and r.order < k.order)
        return [r for r in found if subject is None or h.subject_of(rule.per, r) == subject]

    here = max((r.order for r in before(rule.steps[-1])), default=None)
    for kind in rule.steps:
        taken = [r.order for r in before(kind) if here is None or r.order > here]
        if not taken:
            return (Step(kind, vocabulary.kinds[kind].by),)
        here = min(taken)
    return ()


def answers_to(questions: Iterable[Question]) -> tuple[Step, ...]:
    """Return the steps that answer open questions."""
    return tuple(Step(q.kind, q.roles, q.field, q.record) for q in questions)
