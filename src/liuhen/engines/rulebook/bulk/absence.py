"""The absence and retention forms in relations (不得、应保存)."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from liuhen.engines.rulebook.bulk.frame import STATUS, Shop
from liuhen.engines.rulebook.bulk.known import NotCarried


def absences(shop: Shop) -> Table:
    """Return the duties of an absence rule: a row only for each record that must not be."""
    rule = shop.rule
    if rule.hours is not None or rule.day_type:
        raise NotCarried("hours and days")
    t = shop.triggers(subjects=(rule.second_of,))
    wrong = ibis.literal(True)
    if rule.second_of:
        u = t.c if rule.second_of == "case" else t[f"u_{rule.second_of}"]
        t = t.mutate(u=u)
        before = ibis.window(group_by=t.c, order_by=t.k, preceding=(None, 1))
        mine = ibis.window(group_by=[t.c, t.u], order_by=t.k, preceding=(None, 1))
        t = t.mutate(
            all=t.k.count().over(before),
            same=t.k.count().over(mine),
            none=t.u.isnull().cast("int32").sum().over(before),
        )
        wrong = ibis.cases(
            (t["all"] == 0, False), (t.u.notnull() & (t.same > 0), True),
            (t.u.isnull() | (ibis.coalesce(t.none, 0) > 0), ibis.null("boolean")), else_=False,
        )  # fmt: skip
    t = t.mutate(wrong=wrong)
    t = t.filter(t.wrong.isnull() | t.wrong)
    t = t.mutate(unsure=t.unsure | t.wrong.isnull(), miss=ibis.literal(1))
    if rule.excused:
        t = shop.excused(t, [(e, 1 if e.all or e.kinds & rule.trigger.kinds else 0) for e in rule.excused], t)
    else:
        t = t.mutate(left=t.miss, exc=ibis.null("int64"))
    st = ibis.cases((t.unsure, STATUS["unknown"]), (t.left == 0, STATUS["excused"]), else_=STATUS["breached"])
    t = t.mutate(st=st)
    return shop.rows(t, st=t.st, miss=t.left, exc=ibis.cases((t.st == STATUS["excused"], t.exc)))
