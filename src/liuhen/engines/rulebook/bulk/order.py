"""The order form in relations (应先): what stands before K, and what does not."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

import ibis
from ibis.expr.types import Table

from liuhen.engines.rulebook.bulk.frame import STATUS, Shop
from liuhen.engines.rulebook.bulk.known import NotCarried
from liuhen.engines.rulebook.language import Excuse, Part


def orders(shop: Shop) -> Table:
    """Return the duties of an order rule."""
    rule = shop.rule
    same = sorted({f"f_{p.same}" for part in rule.need for p in (part.any or (part,)) if p.same})
    t = shop.triggers(*same)
    oks, n = [], 0
    narrow = t
    for part in rule.need:
        group = []
        for p in part.any or (part,):
            t = _need(shop, t, narrow, n, p)
            group.append(n)
            n += 1
        oks.append(group)
    met, bits = [], []
    bit = 0
    for group in oks:
        stands = reduce(lambda a, b: a | b, [t[f"ok{g}"] for g in group])
        met.append(ibis.coalesce(*(t[f"m{g}"] for g in group), ibis.literal([], "array<int64>")))
        for _ in group:
            bits.append(ibis.cases((~stands, 1 << bit), else_=0))
            bit += 1
    t = t.mutate(miss=reduce(lambda a, b: a + b, bits), met=reduce(lambda a, b: a.concat(b), met))
    if rule.excused:
        parts = [p for part in rule.need for p in (part.any or (part,))]
        t = shop.excused(
            t, [(e, sum(1 << n for n, p in enumerate(parts) if _covers(e, p))) for e in rule.excused], narrow
        )
    else:
        t = t.mutate(left=t.miss, exc=ibis.null("int64"))
    st = ibis.cases((t.miss == 0, STATUS["met"]), (t.left == 0, STATUS["excused"]), else_=STATUS["breached"])
    t = t.mutate(st=st)
    empty = ibis.literal([], "array<int64>")
    return shop.rows(
        t, open_=t.unsure, st=t.st, miss=t.left, exc=ibis.cases((t.st == STATUS["excused"], t.exc)),
        met=ibis.cases((t.st == STATUS["met"], t.met), else_=empty),
    )  # fmt: skip


def _covers(excuse: Excuse, part: Part) -> bool:
    return excuse.all or bool(excuse.kinds & part.kinds)


def _need(shop: Shop, t: Table, triggers: Table, n: int, part: Part) -> Table:
    """Join whether one need stands before K (`ok`), by which record (`m`, null without).

    What is looked for is looked for by the triggers alone, not by `t`, to which other needs are joined: each would be planned,
    and run, once for every one after it.
    """
    if part.wait is not None or part.at_most is not None:
        raise NotCarried("days between")
    if part.at_least > 1:
        raise NotCarried("several before")
    columns = ["c", "k", "root", "i", "d", "isday", *(c for c in triggers.columns if c.startswith("u_"))]
    if part.same:
        columns.append(f"f_{part.same}")
    narrow = triggers.select(*columns)
    extra = (f"f_{part.same}",) if part.same else ()
    bare = replace(part, where=None, by=(), approved_by=()) if part.latest else part
    f = shop.find(narrow, bare, *extra)
    same_day = (f.fd == f.d) & (f.isday | f.fisday)
    f = f.mutate(near=same_day).filter(f.fk != f.k, (f.fi <= f.i) | same_day)
    if part.latest:
        last = f.group_by(gk=f.k).agg(gf=f.fk.max())
        f = f.join(last, [f.k == last.gk, f.fk == last.gf]).drop("gk", "gf")
        fits = shop.conditions.fitting(part)
        fits = fits.filter(fits.fits).select(hk="k")
        f = f.semi_join(fits, f.fk == fits.hk)
    if part.same:
        f = f.filter(f[f"ff_{part.same}"] == f[f"f_{part.same}"])
    # Those shown to lie before K come first.
    g = f.group_by(gk=f.k).agg(**{f"s{n}": f.fk.max(where=~f.near), f"a{n}": f.fk.max()})
    t = t.left_join(g, t.k == g.gk)
    ok = t.gk.notnull()
    chosen = ibis.array([ibis.coalesce(t[f"s{n}"], t[f"a{n}"])])
    return t.mutate(**{f"ok{n}": ok, f"m{n}": ibis.cases((ok, chosen))}).drop("gk")
