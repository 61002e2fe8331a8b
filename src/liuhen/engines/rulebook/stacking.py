"""Stacking (叠加): the same duty of several texts becomes one obligation, the stricter showing, every article cited."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from liuhen.engines.rulebook.duty import WORST_FIRST, Duty, Missing
from liuhen.engines.rulebook.language import Cite, Rule

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


def stricter(same: Sequence[Duty]) -> Duty:
    """Return the obligation that stands for several: the worst status, the earliest moment of those, all that is missing."""
    worst, least, more = same[0], _badness(same[0]), False
    for d in same[1:]:
        badness = _badness(d)
        if badness < least:
            worst, least, more = d, badness, False
        elif badness == least:
            more = True
    due = worst.due
    if more and worst.rule.form == "retention":
        # Kept until the last of them is over; for ever (no moment) outlasts all.
        worst = max((d for d in same if _badness(d) == least), key=lambda d: (d.due is None, d.due or 0))
        due = worst.due
    elif more:
        # The rule whose moment is shown also gives the title and the first article.
        worst = min((d for d in same if _badness(d) == least), key=lambda d: (d.due is None, d.due or 0))
        due = worst.due
    missing = worst.missing
    if any(d.missing for d in same):
        lacking: dict[tuple[str, str], Missing] = {}
        for d in same:
            for m in d.missing:
                lacking.setdefault((m.what, m.id), m)
        missing = tuple(lacking.values())
    met_by = tuple(dict.fromkeys([i for d in same for i in d.met_by]))
    cites, rules = _together(worst, same)
    # As `_replace`, without naming each part: this is done for every duty that two texts ask for.
    return _new(Duty, worst[:1] + (cites,) + worst[2:7] + (due, missing, met_by) + worst[10:19] + (rules,))


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
