"""How a file's duties stand (应办事项概况): of every one what lists, counts and clocks need, before any is put in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from liuhen.engines.rulebook import Duty, worst_first
from liuhen.faces.desk.speech import Speech
from liuhen.ground.moments import Instant
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Vocabulary

SETTLED = frozenset({"met", "excused"})


class Standing(NamedTuple):
    """A duty as it stands at the moment of the visit (概况).

    `key` names it within its file; `status` is what the page shows, `soon` included; `phase` the stage that it is owed in, empty
    for none and for what owes nothing; `weight` and `late` are the duty's own.
    """

    key: str
    status: str
    phase: str
    weight: str
    late: bool
    duty: Duty

    @property
    def open(self) -> bool:
        """Whether something is still to be done or was broken: neither met nor excused."""
        return self.status not in SETTLED


def standing(
    duties: Sequence[Duty],
    *,
    speech: Speech,
    vocabulary: Vocabulary,
    records: Mapping[str, Record],
    soon_until: Instant,
) -> list[Standing]:
    """Return how the duties of a judgement stand, the worst first. Cost: one pass, no words."""
    keys = keyed(duties)
    out = []
    for d in worst_first(duties):
        status, late = d.status if d.status != "due" else status_at(d, speech, soon_until), d.late is not None
        owed = d.weight == "duty" and (late or status not in SETTLED)
        phase = _phase(d, records, vocabulary) if owed else ""
        out.append(Standing(keys[id(d)], status, phase, d.weight, late, d))
    return out


def keyed(duties: Sequence[Duty]) -> dict[int, str]:
    """Return id() of a duty → its name within the file, for the duties of a judgement in their own order.

    It is made of rule and trigger, so that a workbench can point to it; of two with the same name the second says so.
    """
    out: dict[int, str] = {}
    taken: dict[str, int] = {}
    refs: dict[int, str] = {}
    for d in duties:
        ref = refs.get(id(d.rule))
        if ref is None:
            ref = refs[id(d.rule)] = d.rule.ref
        name = key_of(ref, d.trigger or str(d.since))
        n = taken[name] = taken.get(name, 0) + 1
        out[id(d)] = name if n == 1 else f"{name}~{n}"
    return out


def key_of(rule: str, trigger: str) -> str:
    """Return how a page names the duty of a rule that a record triggered."""
    return f"{rule.replace('/', '~')}~{trigger[-12:]}"


def status_at(duty: Duty, speech: Speech, soon_until: Instant) -> str:
    """Return the status as the page shows it: `soon` is a view of `due`."""
    status = duty.view(speech.now)
    if status == "due" and duty.due is not None and duty.due <= soon_until:
        return "soon"
    return status


def _phase(duty: Duty, records: Mapping[str, Record], vocabulary: Vocabulary) -> str:
    kinds = vocabulary.kinds
    for m in duty.missing:
        for k in m.kinds:
            if k in kinds:
                return kinds[k].phase
    trigger = records.get(duty.trigger)
    kind = kinds.get(trigger.kind) if trigger is not None else None
    return kind.phase if kind is not None else ""
