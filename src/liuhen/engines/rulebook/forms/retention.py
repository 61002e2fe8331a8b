"""The retention form (应保存): this thing is kept until its time is over; a later event can only lengthen it."""

from __future__ import annotations

from collections.abc import Sequence

from liuhen.engines.rulebook.clocks import NEVER, moment_in, plain_due, resolve
from liuhen.engines.rulebook.duty import Missing
from liuhen.engines.rulebook.forms.frame import EVER, Rows, Run, Workshop, row, scoped
from liuhen.engines.rulebook.held import BY_ORDER, Held
from liuhen.engines.rulebook.language import Rule
from liuhen.engines.rulebook.parts import finder
from liuhen.ground.moments import Instant
from liuhen.ground.record import Record
from liuhen.ground.words import Words


def compile_retention(rule: Rule, shop: Workshop) -> Run:
    """Compile a retention rule: `due` is the end of the time it must be kept, None for ever."""
    where = shop.predicates.condition(rule.trigger.where)
    asks = tuple(dict.fromkeys(shop.predicates.asked(rule.trigger.where) + shop.asks))
    keeping = Keeping(rule, shop)
    enders = [finder(p, shop.predicates) for p in rule.ended_by]
    lack = (Missing("thing", "disposed", Words("保存期内已销毁或灭失", "disposed of or lost while it had to be kept")),)

    def disposals(h: Held) -> frozenset[str]:
        return frozenset() if enders else h.shape.disposals

    def run(h: Held, triggers: Sequence[Record], out: Rows) -> None:
        for t in triggers:
            fits = True if where is None else where(h, t)
            applies = scoped(shop, h, t) if fits is not False else False
            if applies is False or fits is False:
                continue
            if applies is None or fits is None:
                out.append(row(h, shop, rule, t, "unknown", asks=asks))
                continue
            ended = [r for find in enders for r in find(h, t, EVER, None)]
            gone = min(ended, key=BY_ORDER) if ended else next(iter(h.about(h.root(t), disposals(h))), None)
            # A disposal is judged by what was known when it was recorded; what came later is shown beside it.
            end = keeping.until(h, t, gone.received if gone is not None else h.at)
            if isinstance(end, str):
                out.append(row(h, shop, rule, t, "unknown", asks=(end,)))
                continue
            if end is None:
                continue
            due = None if end == NEVER else end
            if gone is None:
                out.append(row(h, shop, rule, t, "met", due=due))
            elif gone.instant < end:
                out.append(row(h, shop, rule, t, "breached", due=due, missing=lack, met_by=(gone.id,)))
            else:
                after = keeping.until(h, t, h.at) != end
                out.append(row(h, shop, rule, t, "met", due=due, met_by=(gone.id,), recorded_after=after))

    return run


class Keeping:
    """How long a thing is kept (保存期): the longest of its floors."""

    def __init__(self, rule: Rule, shop: Workshop) -> None:
        self.calendar = shop.calendar
        self.raised = [(finder(p, shop.predicates), p.link != "it") for p in rule.raised_by]
        self.released = [finder(p, shop.predicates) for p in rule.released_by]
        self.keeps = [(k, resolve(k.limit, shop.settings, shop.setting_units) if k.limit else None) for k in rule.keep]

    def until(self, h: Held, t: Record, known: Instant) -> Instant | str | None:
        """Return the instant from which it may go, as known then; NEVER for ever; None when no floor applies (yet).

        Text: the field from which a floor would run, and which is empty.
        """
        latest: Instant | None = None
        for keep, limit in self.keeps:
            if limit is not None:
                ends = {"until": (t.end, t.end_day), "done_at": (t.instant, t.day)}
                start = ends.get(keep.start) or moment_in(h.field(t, keep.start), self.calendar)
                if start is None:
                    return keep.start
                end = plain_due(self.calendar, start[0], start[1], limit.amount, limit.unit).at
            else:
                end = NEVER if not self.raised or self._raised(h, t, known) else None
            if end is not None:
                latest = end if latest is None else max(latest, end)
        return latest

    def _raised(self, h: Held, t: Record, known: Instant) -> bool:
        return any(
            r.received <= known and (not in_case or _reaches(h, r, t)) and not self._over(h, r, known)
            for find, in_case in self.raised
            for r in find(h, t, EVER, None)
        )

    def _over(self, h: Held, event: Record, known: Instant) -> bool:
        """Whether what raised it was released by then: a hold ends by a record about it."""
        return any(r.received <= known for find in self.released for r in find(h, event, EVER, None))


def _reaches(h: Held, event: Record, t: Record) -> bool:
    """Whether an event raises this thing: it names it, or the act that it is of; an event that names nothing raises all.

    An act is an event for what was made of it, whether or not it names another act.
    """
    named = {h.root_of.get(i, i) for i in event.links.get("about", ())}
    if event.kind in h.shape.intervals:
        named.add(h.root(event))
    own = {h.root(t), *(h.root_of.get(i, i) for i in t.links.get("about", ()))}
    return not named or not named.isdisjoint(own)
