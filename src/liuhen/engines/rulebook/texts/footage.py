"""How much more would have been recorded (应录时长): the acts that a draft asks to be recorded and another text does not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from liuhen.engines.rulebook.duty import Duty
from liuhen.engines.rulebook.held import Held
from liuhen.engines.rulebook.language import Rule
from liuhen.engines.rulebook.recordings import segments
from liuhen.engines.rulebook.stack import Stack
from liuhen.ground.moments import HOUR
from liuhen.ground.record import Record


@dataclass
class FootageCount:
    """What would have been recorded more or less (应录统计). Times in microseconds; an act counts once for every recorder asked.

    Attributes:
        more_acts, more_time, more_unknown: acts that only the draft asks to be recorded; how long those lasted of which that
            is known; how many have no known length.
        fewer_acts, fewer_time, fewer_unknown: the same of acts that only the other text asks to be recorded.
        whole_acts, whole_time: acts of which the other text asks a part, and the draft the whole: their whole length, so at most.
        undecided: acts of which a fact was never answered on which it depends.
        longer_kept, longer_bytes: recordings kept longer under the draft, and the bytes of their files.
        own_bytes, own_time, own_count: recordings in the files themselves whose length and size are both known.
    """

    more_acts: int = 0
    more_time: int = 0
    more_unknown: int = 0
    fewer_acts: int = 0
    fewer_time: int = 0
    fewer_unknown: int = 0
    whole_acts: int = 0
    whole_time: int = 0
    undecided: int = 0
    longer_kept: int = 0
    longer_bytes: int = 0
    own_bytes: int = 0
    own_time: int = 0
    own_count: int = 0

    @property
    def own_rate(self) -> Fraction | None:
        """Bytes an hour in the files' own recordings; None where none has both a length and a size."""
        return Fraction(self.own_bytes * HOUR, self.own_time) if self.own_time and self.own_bytes else None


@dataclass
class _Asked:
    recorders: int = 0
    whole: bool = False
    undecided: bool = False


class Footage:
    """Counts what two stacks ask to be recorded (应录核算)."""

    def __init__(self, draft: Stack, other: Stack) -> None:
        self.stacks = (other, draft)
        self.recordings = draft.vocabulary.with_role("recording")
        # Asked for every duty of every file: by the rule itself, for both texts may have the same names.
        self._wants: dict[Rule, bool] = {}

    def add(self, h: Held, before: Iterable[Duty], after: Iterable[Duty], out: FootageCount) -> None:
        """Add one file, judged by the other text and by the draft."""
        listed = list(before), list(after)
        left, right = (self._asked(duties) for duties in listed)
        acts = {h.root(r): r for r in h.current}
        for root in left.keys() | right.keys():
            if (act := acts.get(root)) is not None:
                _count(act, left.get(root, _Asked()), right.get(root, _Asked()), out)
        self._kept(h, *listed, out)
        self._own(h, out)

    def _asked(self, duties: Iterable[Duty]) -> dict[str, _Asked]:
        out: dict[str, _Asked] = {}
        for d in duties:
            if d.weight != "duty" or d.status == "excused":
                continue
            rules = [r for r in d.rules or (d.rule,) if self._wanted(r)]
            if not rules:
                continue
            asked = out.setdefault(d.root, _Asked())
            if d.status == "unknown" and not d.missing:
                asked.undecided = True
                continue
            # One duty for every officer who carries a recorder: as many recordings.
            several = sum(1 for r in rules if r.who)
            asked.recorders = asked.recorders + 1 if several else max(asked.recorders, 1)
            asked.whole = asked.whole or any(r.extent == "whole" for r in rules)
        return out

    def _wanted(self, rule: Rule) -> bool:
        found = self._wants.get(rule)
        if found is None:
            found = self._wants[rule] = self._for_recording(rule)
        return found

    def _for_recording(self, rule: Rule) -> bool:
        """Whether a rule asks for a recording of what triggers it, whatever its form."""
        if rule.form == "coverage":
            return rule.weight == "duty"
        if rule.form != "response" or rule.weight != "duty" or rule.trigger.type != "record":
            return False
        return any(
            bool(p.kinds & self.recordings) and p.link == "it" for part in rule.then for p in part.any or (part,)
        )

    def _kept(self, h: Held, before: Iterable[Duty], after: Iterable[Duty], out: FootageCount) -> None:
        ends = [
            {d.root: d.due for d in duties if d.rule.form == "retention" and d.weight == "duty"}
            for duties in (before, after)
        ]
        for r in h.of_kinds(self.recordings):
            was, now = (e.get(h.root(r), 0) for e in ends)
            # Kept for ever has no moment.
            if now != was and (now is None or (was is not None and now > was)):
                out.longer_kept += 1
                out.longer_bytes += sum(f.bytes for f in r.files)

    def _own(self, h: Held, out: FootageCount) -> None:
        for r in h.of_kinds(self.recordings):
            size, time = sum(f.bytes for f in r.files), sum(b - a for a, b in segments(r))
            if size and time and r.precision != "day":
                out.own_bytes, out.own_time, out.own_count = (
                    out.own_bytes + size,
                    out.own_time + time,
                    out.own_count + 1,
                )


def _count(act: Record, was: _Asked, now: _Asked, out: FootageCount) -> None:
    if was.undecided or now.undecided:
        out.undecided += 1
        return
    time = act.end - act.instant if act.until is not None and act.precision != "day" else 0
    more = now.recorders - was.recorders
    if more > 0:
        out.more_acts += 1
        out.more_time += more * time
        out.more_unknown += not time
    elif more < 0:
        out.fewer_acts += 1
        out.fewer_time -= more * time
        out.fewer_unknown += not time
    elif now.whole and not was.whole:
        out.whole_acts += 1
        out.whole_time += time
