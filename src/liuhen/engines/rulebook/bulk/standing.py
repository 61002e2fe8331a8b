"""Clocks that stand still (停算入关系): stops and extensions, by counting the days that lie outside every stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis.expr.types import Table

from liuhen.engines.rulebook.bulk.frame import Shop
from liuhen.engines.rulebook.bulk.known import NotCarried
from liuhen.engines.rulebook.language import Limit, Part, Rule

if TYPE_CHECKING:
    from liuhen.engines.rulebook.bulk.clocks import Clocks

# Days looked at beyond the stops: every limit in working days ends within so many times its amount and a long holiday.
_SPREAD, _HOLIDAYS = 3, 40


def extended(clocks: Clocks, shop: Shop, t: Table, limit: Limit) -> Table:
    """Join `due`, `prov`, `paused` and `lastd` of a limit that stops or can be lengthened."""
    rule = shop.rule
    if rule.rolls or (rule.stops and limit.unit not in ("working_days", "natural_days")):
        raise NotCarried("stops of such a limit")
    narrow = t.select("c", "k", "root", "d", "si", "sd", *(n for n in t.columns if n.startswith("u_")))
    spans = _spans(shop, narrow) if rule.stops else None
    t = _counted(clocks, t, narrow, spans, limit)
    if rule.extended is None:
        return t
    extra = rule.extended.limit
    if extra.unit != limit.unit:
        raise NotCarried("an extension in another unit")
    held = t.select(hk="k", h_due="due")
    f = shop.find(narrow, rule.extended.by)
    f = f.join(held, f.k == held.hk)
    granted = f.filter(f.h_due.isnull() | (f.fi < f.h_due)).group_by(ek="k").agg(en=lambda x: x.count())
    t = t.mutate(o_due=t.due, o_prov=t.prov, o_paused=t.paused, o_lastd=t.lastd)
    t = _counted(clocks, t, narrow, spans, Limit(limit.amount + extra.amount, limit.unit))
    t = t.left_join(granted, t.k == granted.ek)
    has = t.ek.notnull()
    return t.mutate(**{n: ibis.cases((has, t[n]), else_=t[f"o_{n}"]) for n in ("due", "prov", "paused", "lastd")}).drop(
        "ek", "en", "o_due", "o_prov", "o_paused", "o_lastd"
    )


def _spans(shop: Shop, narrow: Table) -> Table:
    """Return when each trigger's clock stood: `k`, first day, last day (null while it stands).

    Of all stops and restarts in their order those count that change anything: a stop after no stop, a restart after a stop.
    Where two of one day bear no hour their order is not known: `blurred`, and that file is asked by itself.
    """
    start, until = _of_one_stop(shop.rule)
    stops = shop.find(narrow, start, "ed").mutate(stop=ibis.literal(True))
    ends = shop.find(narrow, until, "ed").mutate(stop=ibis.literal(False))
    wanted = ("c", "k", "sd", "fk", "fi", "fd", "fisday", "fed", "stop")
    u = stops.select(*wanted).union(ends.select(*wanted))
    u = u.filter(u.fed >= u.sd)
    w = ibis.window(group_by=u.k, order_by=[u.fi, u.stop, u.fk])
    u = u.mutate(before=u.stop.lag().over(w))
    u = u.filter(u.stop != ibis.coalesce(u.before, False))
    w = ibis.window(group_by=u.k, order_by=[u.fi, u.stop, u.fk])
    u = u.mutate(until=u.fd.lead().over(w))
    return u.filter(u.stop).select("k", first_d="fd", last_d="until")


def _of_one_stop(rule: Rule) -> tuple[Part, Part]:
    if len(rule.stops) != 1 or rule.stops[0].until is None:
        raise NotCarried("several stops, or one that lasts as long as a record")
    return rule.stops[0].start, rule.stops[0].until


def blurred(shop: Shop) -> Table:
    """Return the files in which a stop or a restart without an hour shares its day with another one."""
    start, until = _of_one_stop(shop.rule)
    t = shop.triggers()
    narrow = t.select("c", "k", "root", "d", *(n for n in t.columns if n.startswith("u_")))
    u = shop.find(narrow, start).select("c", "k", "fk", "fd", "fisday")
    u = u.union(shop.find(narrow, until).select("c", "k", "fk", "fd", "fisday"))
    g = u.group_by("c", "k", "fd").agg(n=u.fk.nunique(), day=u.fisday.any())
    return g.filter((g.n > 1) & g.day).select("c").distinct()


def _counted(clocks: Clocks, t: Table, narrow: Table, spans: Table | None, limit: Limit) -> Table:
    plain = clocks.counted(t, limit, False)
    if spans is None or not limit.amount:
        return plain
    days = clocks.days
    per = spans.group_by(pk=spans.k).agg(
        reach=ibis.greatest(spans.last_d.max(), spans.first_d.max()), stood=spans.k.count()
    )
    one = narrow.select("k", "sd").join(per, narrow.k == per.pk)
    one = one.mutate(bound=ibis.greatest(one.sd, one.reach) + limit.amount * _SPREAD + _HOLIDAYS)
    d = days.select(day="day", works="works", midnight="midnight", next="next", known="known")
    spread = one.join(d, [d.day > one.sd, d.day <= one.bound])
    if limit.unit == "working_days":
        spread = spread.filter(spread.works)
    s = spans.select(sk="k", sfirst="first_d", slast="last_d")
    stood = spread.join(s, [spread.k == s.sk, spread.day >= s.sfirst, s.slast.isnull() | (spread.day <= s.slast)])
    stood = stood.select(xk="k", xd="day").distinct()
    counted = spread.anti_join(stood, [spread.k == stood.xk, spread.day == stood.xd])
    counted = counted.mutate(rn=ibis.row_number().over(group_by="k", order_by="day"))
    nth = counted.filter(counted.rn == limit.amount - 1).select(nk="k", n_due="next", n_last="day")
    held = per.select(pk="pk")
    plain = plain.left_join(held, plain.k == held.pk)
    plain = plain.left_join(nth, plain.k == nth.nk)
    has = plain.pk.notnull()
    paused = has & plain.nk.isnull()
    plain = plain.mutate(
        due=ibis.cases((has, plain.n_due), else_=plain.due),
        lastd=ibis.cases((has, plain.n_last), else_=plain.lastd),
        paused=paused,
    ).drop("pk", "nk", "n_due", "n_last")
    # Provisional where any day passed lies in a year not announced.
    a, b = days.select(pa="day", ka="known"), days.select(pb="day", kb="known")
    plain = plain.mutate(after=plain.sd + 1)
    plain = plain.left_join(a, plain.after == a.pa)
    plain = plain.left_join(b, plain.lastd == b.pb)
    open_ = (
        (ibis.coalesce(plain.ka, -1) != ibis.coalesce(plain.kb, -2))
        if limit.unit == "working_days"
        else ibis.literal(False)
    )
    return plain.mutate(prov=ibis.cases((plain.paused, False), else_=open_)).drop("after", "pa", "ka", "pb", "kb")
