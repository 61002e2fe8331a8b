"""Periods in relations (逐期): a response asked once in every period while a subject is open."""

from __future__ import annotations

from functools import reduce

import ibis
from ibis.expr.types import Table

from liuhen.engines.rulebook.bulk.clocks import Clocks
from liuhen.engines.rulebook.bulk.frame import BASE, STATUS, Shop
from liuhen.engines.rulebook.bulk.known import NotCarried
from liuhen.engines.rulebook.bulk.tables import APPLIED

PERIODS = ibis.table(
    {"every": "string", "first_d": "int32", "after_d": "int32", "since": "int64", "over": "int64", "name": "string"},
    name="periods",
)


def periodic(shop: Shop, clocks: Clocks) -> Table:
    """Return the duties of a rule that asks in every period; `note` is the period's name."""
    rule = shop.rule
    if rule.excused or rule.trigger.each != "calendar_year" or rule.within is not None or rule.by_field:
        raise NotCarried("such a period")
    subject = rule.trigger.per
    kinds = [k for k, s in shop.stack.shape.opens.items() if s == subject]
    t = shop.tables.rows(kinds, *BASE, *shop.columns(), subjects=shop.subjects((subject,)))
    own = shop.closers(subject)
    if own is not None:
        own = own.select(xc="oc", xu="ou", x_i="ow_i", x_d="ow_d")
        t = t.left_join(own, [t.c == own.xc, t.root == own.xu]).drop("xc", "xu")
    else:
        t = t.mutate(x_i=ibis.null("int64"), x_d=ibis.null("int32"))
    today = shop.tables.today
    t = t.mutate(last_d=ibis.least(ibis.coalesce(t.x_d, today), today))
    p = PERIODS.filter(PERIODS.every == rule.trigger.each).drop("every")
    # A subject that was closed on a day before it was opened has no period.
    t = t.filter(t.d <= t.last_d)
    t = t.join(p, [p.after_d > t.d, p.first_d <= t.last_d])
    t = t.mutate(judged_d=ibis.greatest(t.d, t.first_d), year=t["name"])
    t = _in_force(shop, t)
    f = shop.tables.files
    files = f.select(fc="c", action=f.action)
    t = t.join(files, t.c == files.fc).drop("fc")
    t = t.filter(t.action.isnull() | t.action.isin([f'"{a}"' for a in sorted(rule.actions)])) if rule.actions else t
    t, condition = shop.conditions.ask(t, rule.condition)
    if condition is not None:
        raise NotCarried("a condition of a period")
    if rule.by_month_day:
        t = clocks.by_day(t, clocks.fixed(rule), "first_d")
    elif rule.by_end_of:
        raise NotCarried("such a period")
    else:
        t = t.mutate(due=t.over, prov=ibis.literal(False), lastd=t.after_d - 1)
    for n, part in enumerate(rule.then):
        if part.one_for_every:
            raise NotCarried("one_for_every")
        narrow = t.select("c", "k", "root", "first_d", "after_d", "year", *(c for c in t.columns if c.startswith("u_")))
        g = shop.find(narrow, part, apart=True)
        g = g.filter(g.fd >= g.first_d, g.fd < g.after_d).mutate(
            rn=ibis.row_number().over(group_by=["k", "year"], order_by="fk")
        )
        g = g.filter(g.rn < part.at_least)
        g = g.group_by(gk=g.k, gy=g.year).agg(
            **{f"n{n}": g.fk.count(), f"m{n}": g.fk.collect(order_by=g.fk), f"i{n}": g.fi.max(), f"d{n}": g.fd.max()}
        )
        t = t.left_join(g, [t.k == g.gk, t.year == g.gy]).drop("gk", "gy")
        ok = ibis.coalesce(t[f"n{n}"] >= part.at_least, False)
        empty = ibis.literal([], "array<int64>")
        t = t.mutate(**{f"ok{n}": ok, f"m{n}": ibis.cases((ok, t[f"m{n}"]), else_=empty)})
    many = range(len(rule.then))
    miss = reduce(lambda a, b: a + b, [ibis.cases((~t[f"ok{n}"], 1 << n), else_=0) for n in many])
    met = reduce(lambda a, b: a.concat(b), [t[f"m{n}"] for n in many])
    t = t.mutate(miss=miss, met=met, fi=_top([t[f"i{n}"] for n in many]), fd=_top([t[f"d{n}"] for n in many]))
    status = ibis.cases(
        (t.miss == 0, STATUS["met"]), (t.due > shop.at, STATUS["due"]), (t.prov, STATUS["unknown"]),
        (t.over <= shop.at, STATUS["breached"]), else_=STATUS["overdue"],
    )  # fmt: skip
    t = t.mutate(st=status)
    late = ibis.cases(((t.st == STATUS["met"]) & (t.fi >= t.due) & ~t.prov, ibis.greatest(1, t.fd - t.lastd)))
    # A unit set up or dissolved within the period owes nothing for a part of it.
    partly = (t.d > t.first_d) | ibis.coalesce(t.x_d < t.after_d, False)
    hint = ibis.cases((partly, True)) if rule.weight == "duty" else ibis.null("boolean")
    return shop.rows(t, st=t.st, due=t.due, late=late, met=t.met, miss=t.miss, note=t.year, hint=hint)


def _top(values: list[ibis.expr.types.Value]) -> ibis.expr.types.Value:
    return ibis.greatest(*values) if len(values) > 1 else values[0]


def _in_force(shop: Shop, t: Table) -> Table:
    """Keep the periods whose first day, or the day on which the subject was opened in it, a text judges."""
    rule, tables = shop.rule, shop.tables
    if rule.rulebook not in tables.texts:
        return t
    n = tables.texts.index(rule.rulebook)
    judged = tables.judged.select(jday="day", inside=f"s_{n}")
    t = t.join(judged, t.judged_d == judged.jday).drop("jday")
    ap = APPLIED.filter(APPLIED.rulebook == rule.rulebook).select(ac="c", asince="since", auntil="until")
    j = t.select("c", "k", "judged_d").join(ap, [t.c == ap.ac, t.judged_d >= ap.asince, t.judged_d <= ap.auntil])
    j = j.select(jk="k", jd="judged_d").distinct()
    w = t.left_join(j, [t.k == j.jk, t.judged_d == j.jd])
    return w.filter(w.inside | w.jk.notnull()).drop("jk", "jd", "inside")
