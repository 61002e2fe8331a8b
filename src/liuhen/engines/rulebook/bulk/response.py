"""The response form in relations (应有): the first record of each part, the moment, and what of it is missing."""

from __future__ import annotations

from functools import reduce

import ibis
from ibis.expr.types import Table, Value

from liuhen.engines.rulebook.bulk.clocks import Clocks
from liuhen.engines.rulebook.bulk.frame import STATUS, Shop
from liuhen.engines.rulebook.bulk.known import NotCarried
from liuhen.engines.rulebook.clocks import FIXED_UNITS
from liuhen.engines.rulebook.forms.frame import follows_closing
from liuhen.engines.rulebook.language import Excuse, Part

USED = ibis.table({"k": "int64"}, name="used")


def responses(shop: Shop, clocks: Clocks, *, apart: bool = False) -> Table:
    """Return the duties of a response rule; `apart`: of one trigger a file, each part other records than those used before."""
    rule = shop.rule
    if rule.stand_in is not None:
        raise NotCarried("stand_in")
    alone = frozenset().union(*(p.kinds for p in rule.then if not p.shared))
    if any(p.shared and not p.kinds.isdisjoint(alone) for p in rule.then):
        raise NotCarried("the same kind shared and not")
    t = shop.triggers(*clocks.wanted(rule)) if rule.trigger.type == "record" else _others(shop, clocks)
    if apart:
        turn = ibis.table({"k": "int64"}, name="turn").select(turn="k")
        t = t.semi_join(turn, t.k == turn.turn)
    return judged(shop, clocks, t, apart=apart)


def judged(shop: Shop, clocks: Clocks, t: Table, *, apart: bool) -> Table:
    """Return the duties of triggers within their scope."""
    rule = shop.rule
    limited = rule.within is not None or bool(rule.by_field or rule.by_month_day or rule.by_end_of)
    if limited:
        t = clocks.due(shop, t)
        t = t.mutate(unsure=t.unsure | t.unknown_start)
    t = shop.ending(t)
    follows = follows_closing(rule, limited, shop.stack.vocabulary)
    if follows:
        t = _on_its_day(clocks, t)
    dated = limited or follows
    due = t.due if dated else None
    masks: list[tuple[Part, int]] = []
    asking = _asking(t, dated)
    for n, part in enumerate(rule.then):
        if part.one_for_every:
            raise NotCarried("one_for_every")
        t = _joined(shop, t, asking, n, part, dated, apart and not part.shared)
        masks.append((part, 1 << n))
    duty_parts = [n for n, p in enumerate(rule.then) if p.weight in ("", "duty")]
    missing: list[Value] = [ibis.cases((~t[f"ok{n}"], 1 << n), else_=0) for n in range(len(rule.then))]
    firm = [missing[n] for n in duty_parts]
    t = t.mutate(miss=reduce(lambda a, b: a + b, firm) if firm else ibis.literal(0), hints=_hints(missing, duty_parts))
    met = reduce(lambda a, b: a.concat(b), [t[f"m{n}"] for n in range(len(rule.then))])
    t = t.mutate(met=met)
    found_i, found_d = [t[f"i{n}"] for n in duty_parts], [t[f"d{n}"] for n in duty_parts]
    t = t.mutate(
        fi=ibis.greatest(*found_i) if len(found_i) > 1 else found_i[0] if found_i else ibis.null("int64"),
        fd=ibis.greatest(*found_d) if len(found_d) > 1 else found_d[0] if found_d else ibis.null("int32"),
    )
    if rule.excused:
        t = shop.excused(t, [(e, sum(m for p, m in masks if _covers(e, p))) for e in rule.excused], asking)
    else:
        t = t.mutate(left=t.miss, exc=ibis.null("int64"))
    due = t.due if dated else None
    status = shop.unmet(t, due)
    if limited:
        status = ibis.cases(
            (t.paused & (status == STATUS["overdue"]), STATUS["due"]),
            (t.prov & (status == STATUS["overdue"]), STATUS["unknown"]),
            else_=status,
        )
    if rule.trigger.type == "state" and not limited:
        status = ibis.cases((status == STATUS["due"], STATUS["overdue"]), else_=status)
    st = ibis.cases((t.miss == 0, STATUS["met"]), (t.left == 0, STATUS["excused"]), else_=status)
    t, late = _late(shop, clocks, t, limited, follows)
    t = t.mutate(st=st.cast("int8"), late=late)
    return shop.rows(
        t, open_=t.unsure, st=t.st, due=t.due if dated else ibis.null("int64"),
        late=ibis.cases((t.st == STATUS["met"], t.late)), met=t.met, miss=t.left + t.hints,
        exc=ibis.cases((t.st == STATUS["excused"], t.exc)),
    )  # fmt: skip


def _on_its_day(clocks: Clocks, t: Table) -> Table:
    """Return triggers with the end of their day as the moment of what follows from the close that they are (decision 0048)."""
    t = clocks.by_day(t, clocks.end_of_day(), "ed")
    own = t.k == t.cl_k
    if "ow_k" in t.columns:
        own = own | (t.k == t.ow_k)
    own = ibis.coalesce(own, False)
    return t.mutate(due=ibis.cases((own, t.due)))


def _covers(excuse: Excuse, part: Part) -> bool:
    return excuse.all or bool(excuse.kinds & part.kinds)


def _hints(missing: list[Value], firm: list[int]) -> Value:
    out = [m for n, m in enumerate(missing) if n not in firm]
    return reduce(lambda a, b: a + b, out) if out else ibis.literal(0)


def _asking(t: Table, limited: bool) -> Table:
    """Return the triggers with no more than what is looked for by: a wide row costs as often as it is joined."""
    named = ("c", "k", "root", "i", "d", "arc_i", "arc_d", "arc_day", *(("due",) if limited else ()))
    return t.select(*named, *(n for n in t.columns if n.startswith("u_")))


def _joined(shop: Shop, t: Table, asking: Table, n: int, part: Part, limited: bool, apart: bool) -> Table:
    """Join what one part finds: `ok`, the records `m`, and instant and day of the last of them.

    asking: the triggers without what the parts before found; only where each part needs another record do these matter.
    """
    rule = shop.rule
    f = shop.find(t if apart else asking, part, since="" if rule.any_time else "i", apart=True)
    in_file = f.arc_i.isnull() | (f.fi <= f.arc_i) | ((f.fd == f.arc_d) & (f.fisday | f.arc_day))
    if limited:
        in_file = in_file | ibis.coalesce(f.fi < f.due, False)
    f = f.filter(in_file)
    if apart:
        used = USED.select(uk="k")
        f = f.anti_join(used, f.fk == used.uk)
        for before in range(n):
            f = f.filter(~f[f"m{before}"].contains(f.fk))
    many = part.at_least
    if many == 1:
        # Within a file `k` grows as time does, so the least of each is that of the first record.
        g = f.group_by(gk=f.k).agg(fk=f.fk.min(), **{f"i{n}": f.fi.min(), f"d{n}": f.fd.min()})
        t = t.left_join(g, t.k == g.gk)
        ok = t.gk.notnull()
        listed = ibis.array([t.fk])
    else:
        f = f.select("k", "fk", "fi", "fd").mutate(rn=ibis.row_number().over(group_by="k", order_by="fk"))
        f = f.filter(f.rn < many)
        g = f.group_by(gk=f.k).agg(
            fk=f.fk.collect(order_by=f.fk), n=f.fk.count(), **{f"i{n}": f.fi.max(), f"d{n}": f.fd.max()}
        )
        t = t.left_join(g, t.k == g.gk)
        ok = ibis.coalesce(t.n >= many, False)
        listed = t.fk
    empty = ibis.literal([], "array<int64>")
    return t.mutate(
        **{f"ok{n}": ok, f"m{n}": ibis.cases((ok, listed), else_=empty),
           f"i{n}": ibis.cases((ok, t[f"i{n}"])), f"d{n}": ibis.cases((ok, t[f"d{n}"]))}
    ).drop(*(c for c in ("gk", "fk", "n") if c in t.columns))  # fmt: skip


def _late(shop: Shop, clocks: Clocks, t: Table, limited: bool, follows: bool) -> tuple[Table, Value]:
    """Return by how much what was found is late: begun hours, counted days, or days after the subject was closed."""
    if not limited:
        over = (t.fi > t.end_i) & ~(t.end_day & (t.fd <= t.end_d)) & t.cl_k.notnull()
        late = ibis.cases((ibis.coalesce(over, False), ibis.greatest(1, t.fd - t.end_d)))
        if follows:
            on_its_day = ibis.cases((ibis.coalesce(t.fi >= t.due, False), ibis.greatest(1, t.fd - t.ed)))
            late = ibis.cases((t.due.notnull(), on_its_day), else_=late)
        return t, late
    unit = clocks.unit(shop.rule)
    over = ibis.coalesce((t.fi >= t.due) & ~t.prov, False)
    if unit in FIXED_UNITS:
        amount = (t.fi - t.due + FIXED_UNITS[unit]) // FIXED_UNITS[unit]
    elif unit == "working_days":
        t, amount = clocks.working_between(t, "lastd", "fd")
        over = ibis.coalesce((t.fi >= t.due) & ~t.prov, False)
    else:
        amount = t.fd - t.lastd
    return t, ibis.cases((over, ibis.greatest(1, amount)))


def _others(shop: Shop, clocks: Clocks) -> Table:
    """Return the triggers that are no records: a subject that is open, the record that made a mark true."""
    from liuhen.engines.rulebook.bulk.others import marked, states

    kind = shop.rule.trigger.type
    if kind == "state":
        return states(shop)
    if kind == "mark":
        return marked(shop)
    raise NotCarried(kind)
