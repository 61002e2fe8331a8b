"""The coverage form (应同步音像): recordings cover the act, in whole or in part, without a gap or with an explained one."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from liuhen.engines.rulebook.clocks import due_after, resolve
from liuhen.engines.rulebook.duty import Missing
from liuhen.engines.rulebook.forms.frame import (
    EVER,
    Excuses,
    Rows,
    Run,
    Workshop,
    applying,
    ending,
    met_rows,
    row,
    unmet,
)
from liuhen.engines.rulebook.held import Held
from liuhen.engines.rulebook.language import Limit, Rule
from liuhen.engines.rulebook.parts import Find, finder
from liuhen.engines.rulebook.recordings import segments
from liuhen.ground.moments import MINUTE, Instant, instant, read_moment
from liuhen.ground.record import Record
from liuhen.ground.words import Words

# No text has a tolerance: one minute, because acts are written down to the minute (docs/decisions/0008-coverage.md).
TOLERANCE = Limit(60, "seconds")
FOOTAGE_IN = Limit(24, "hours")
_id, _received = attrgetter("id"), attrgetter("received")


class CoverageJudge:
    """Compares the recordings of an act with the act (核对音像)."""

    def __init__(self, rule: Rule, shop: Workshop) -> None:
        self.rule = rule
        self.shop = shop
        limit = resolve(rule.tolerance or TOLERANCE, shop.settings, shop.setting_units)
        self.tolerance = limit.amount * {"seconds": 1_000_000, "minutes": MINUTE}.get(limit.unit, 3600 * 1_000_000)
        self.due = due_after(shop.calendar, resolve(rule.within or FOOTAGE_IN, shop.settings, shop.setting_units))
        self.explained: Find | None = finder(rule.explained, shop.predicates) if rule.explained else None
        self.by_recording = rule.explained is not None and all(
            p.link == "it" for p in rule.explained.any or (rule.explained,)
        )
        lack = Words("音像记录", "a recording")
        self.missing = (Missing("recording", "recording", lack, tuple(sorted(shop.vocabulary.with_role("recording")))),)

    def recordings(self, h: Held, act: Record, holder: str = "") -> list[Record]:
        """Return the recordings that reach an act: by name, or by the device's holder and time."""
        rule = self.rule
        # Several rules ask for the footage of one act.
        found = h.scratch.get(("recordings", act.id))
        if found is None:
            found = h.scratch["recordings", act.id] = _reaching(h, act)
        if rule.device:
            found = [r for r in found if r.content.get("device_type") == rule.device]
        if rule.media:
            found = [r for r in found if r.content.get("media") in rule.media]
        if holder:
            found = [r for r in found if r.content.get("holder") == holder or any(a.name == holder for a in r.by)]
        return found

    def gaps(self, h: Held, act: Record, recordings: Sequence[Record]) -> list[tuple[Instant, Instant]]:
        """Return the stretches of an act that no segment covers, longer than the tolerance.

        The extent says whether the act's beginning and end count: `whole` both, `arrival` the beginning, `some` neither.
        """
        start, end = act.instant, act.end
        extent = self.rule.extent
        if extent == "arrival":
            arrived = read_moment(str(h.field(act, "arrived_at") or ""))
            start = instant(arrived) if arrived is not None and arrived.tzinfo else start
        spans = sorted(
            (max(a, start), min(b, end)) for r in recordings for a, b in segments(r) if a <= end and start <= b
        )
        holes = []
        here = start if extent != "some" or not spans else spans[0][0]
        for a, b in spans:
            if a - here > self.tolerance and (self.rule.gaps != "any" or here == start):
                holes.append((here, a))
            here = max(here, b)
        if end - here > self.tolerance and extent == "whole":
            holes.append((here, end))
        return holes

    def unexplained(
        self, h: Held, act: Record, holes: Sequence[tuple[Instant, Instant]], recordings: Sequence[Record] = ()
    ) -> list[tuple[Instant, Instant]]:
        """Return the gaps that no explanation with an allowed cause overlaps: one about the act, or about its recording."""
        if self.rule.gaps != "explained" or self.explained is None:
            return list(holes)
        reasons = [*self.explained(h, act, EVER, None)]
        if self.by_recording:
            reasons += [reason for r in recordings for reason in self.explained(h, r, EVER, None)]
        return [
            (a, b)
            for a, b in holes
            if not any(r.instant <= b and (a <= r.end or r.precision == "day") for r in reasons)
        ]

    def covers(self, act: Record, recordings: Sequence[Record]) -> bool:
        """Whether any recording overlaps the act (同步)."""
        if act.precision == "day":
            return any(r.day <= act.end_day and act.day <= r.end_day for r in recordings)
        slack = self.tolerance
        last, first = act.end + slack, act.instant - slack
        for r in recordings:
            if r.precision == "day" and r.day == act.day:
                return True
            if not r.content.get("segments"):
                if r.instant <= last and first <= r.end:
                    return True
                continue
            for a, b in segments(r):
                if a <= last and first <= b:
                    return True
        return False


def _spans(r: Record, act: Record) -> bool:
    """Whether one recording without segments runs from before an act until after it."""
    return r.instant <= act.instant and act.end <= r.end and not r.content.get("segments")


def _reaching(h: Held, act: Record) -> list[Record]:
    kinds = h.shape.recordings
    listed = h.linked.get(act.id if act.corrects is None else h.root(act))
    found = [r for r in listed if r.kind in kinds] if listed else []
    loose = h.scratch.get("loose recordings")
    if loose is None:
        loose = h.scratch["loose recordings"] = [r for r in h.of_kinds(kinds) if not r.links.get("about")]
    if loose:
        people = {x for a in act.by for x in (a.name, a.id, a.certificate) if x}
        found += [r for r in loose if r.instant <= act.end and act.instant <= r.end and _held_by(r) & people]
    return found


def _held_by(r: Record) -> set[str]:
    names = {x for a in r.by for x in (a.name, a.id, a.certificate) if x}
    if holder := r.content.get("holder"):
        names.add(str(holder))
    return names


def compile_coverage(rule: Rule, shop: Workshop) -> Run:
    """Compile a coverage rule."""
    judge = CoverageJudge(rule, shop)
    applies_to = applying(rule, shop)
    excuses = Excuses(rule.excused, shop.predicates) if rule.excused else None
    met = met_rows(shop, rule)
    # One recording of the whole act covers it, unless the rule counts from another moment than the act's.
    spans = rule.extent != "arrival"
    holed = rule.extent != "some" or rule.gaps != "any"

    def run(h: Held, triggers: Sequence[Record], out: Rows) -> None:
        for act in applies_to(h, triggers, out):
            for holder in holders(h, act) if rule.who else ("",):
                _judge(h, act, holder, out)

    def _judge(h: Held, act: Record, holder: str, out: Rows) -> None:
        found = judge.recordings(h, act, holder)
        due = judge.due(act.end, act.end_day).at
        met_by = tuple(map(_id, found))
        missing: tuple[Missing, ...] = ()
        if len(found) == 1 and spans and _spans(found[0], act):
            pass
        elif not found or not judge.covers(act, found):
            missing = judge.missing
        elif holed and act.precision != "day" and (holes := judge.gaps(h, act, found)):
            h.gaps.setdefault(rule.ref, []).extend((act, a, b) for a, b in holes)
            missing = tuple(_hole(shop, a, b) for a, b in judge.unexplained(h, act, holes, found))
        if not missing:
            after = due is not None and max(map(_received, found)) >= due
            if not after and not holder:
                out.append(met(h, act, due, met_by))
                return
            out.append(row(h, shop, rule, act, "met", due=due, met_by=met_by, recorded_after=after, note=holder))
            return
        if excuses is not None:
            missing, by = excuses.left(h, act, missing)
            if not missing:
                out.append(row(h, shop, rule, act, "excused", due=due, met_by=met_by, excused_by=by, note=holder))
                return
        none = any(r.kind == "recording.none" for r in h.linked.get(h.root(act), ()))
        # Before the footage has to be in it is due: else every act would be red until the evening.
        status = "breached" if none else unmet(h, ending(h, rule, act, act.instant), due)
        out.append(row(h, shop, rule, act, status, due=due, missing=missing, met_by=met_by, note=holder))

    return run


def holders(h: Held, act: Record) -> list[str]:
    """Return the officers of an act who carry a recorder: as the act says, else those whose recorder recorded it."""
    said = h.field(act, "recorder_holders")
    if isinstance(said, list):
        return [str(p.get("name")) if isinstance(p, dict) else str(p) for p in said]
    root = h.root(act)
    worn = [r for r in h.about(root, h.shape.recordings) if r.content.get("device_type") == "body_worn"]
    names = [str(r.content["holder"]) for r in worn if r.content.get("holder")]
    return list(dict.fromkeys(names))


def _hole(shop: Workshop, a: Instant, b: Instant) -> Missing:
    start, end = shop.calendar.local(a), shop.calendar.local(b)
    minutes = -(-(b - a) // MINUTE)
    zh = f"{start:%H:%M}–{end:%H:%M} 未录 {minutes} 分钟"
    return Missing(
        "gap",
        "recording",
        Words(zh, f"{start:%H:%M}–{end:%H:%M}, {minutes} minutes not recorded"),
        ("recording_interruption_record",),
    )
