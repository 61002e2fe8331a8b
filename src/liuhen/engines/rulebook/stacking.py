"""Stacking (叠加): the same duty of several texts becomes one obligation, the stricter showing, every article cited."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from liuhen.engines.rulebook.duty import WORST_FIRST, Duty, Missing
from liuhen.engines.rulebook.language import Cite, Rule
from liuhen.ground.moments import Instant

_new: Callable[..., Duty] = tuple.__new__


def stacked(duties: Iterable[Duty]) -> list[Duty]:
    """Return one duty for each name and trigger among rows of rules that share their duty with another rule."""
    groups: dict[tuple[str, str], list[Duty]] = {}
    for d in duties:
        key = (d.rule.duty, d.root + d.note if d.note else d.root)
        same = groups.get(key)
        if same is None:
            groups[key] = [d]
        else:
            same.append(d)
    return [same[0] if len(same) == 1 else stricter(same) for same in groups.values()]


def _badness(d: Duty) -> tuple[bool, float]:
    return d.weight != "duty", WORST_FIRST[d.status] - (0.5 if d.late else 0)


def _when_due(d: Duty) -> tuple[bool, Instant]:
    return d.due is None, d.due or 0


def stricter(same: Sequence[Duty]) -> Duty:
    """Return the obligation that stands for several: the worst status, the earliest moment of those, all that is missing."""
    badness = [_badness(d) for d in same]
    least = min(badness)
    worst = [d for d, bad in zip(same, badness, strict=True) if bad == least]
    # What is kept, is kept until the last of them is over; for ever (no moment) outlasts all. Else the earliest moment is shown,
    # and the rule whose moment it is gives the title and the first article.
    shown = (max if worst[0].rule.form == "retention" else min)(worst, key=_when_due)
    missing = shown.missing
    if any(d.missing for d in same):
        lacking: dict[tuple[str, str], Missing] = {}
        for d in same:
            for m in d.missing:
                lacking.setdefault((m.what, m.id), m)
        missing = tuple(lacking.values())
    met_by = tuple(dict.fromkeys([i for d in same for i in d.met_by]))
    cites, rules = _together(shown, same)
    # As `_replace`, without naming each part: this is done for every duty that two texts ask for.
    return _new(Duty, shown[:1] + (cites,) + shown[2:7] + (shown.due, missing, met_by) + shown[10:19] + (rules,))


def _together(worst: Duty, same: Sequence[Duty]) -> tuple[tuple[Cite, ...], tuple[Rule, ...]]:
    """Return every article and every rule of several duties, those of the worst first."""
    cites, rules = list(worst.cites), [worst.rule]
    # Two or three of each: looked through, for to hash an article or a rule costs more than to compare it.
    for d in same:
        if d is not worst:
            for cite in d.cites:
                if cite not in cites:
                    cites.append(cite)
            if d.rule not in rules:
                rules.append(d.rule)
    return tuple(cites), tuple(rules)
