"""The coverage form in relations (应同步音像): segments laid side by side, and the longest stretch without any."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from liuhen.engines.rulebook.bulk.clocks import Clocks
from liuhen.engines.rulebook.bulk.frame import STATUS, Shop
from liuhen.engines.rulebook.bulk.known import NotCarried
from liuhen.engines.rulebook.bulk.rows import text_of
from liuhen.engines.rulebook.bulk.tables import union
from liuhen.engines.rulebook.bulk.values import elements_of, text, text_at
from liuhen.engines.rulebook.clocks import FIXED_UNITS, resolve
from liuhen.engines.rulebook.forms.coverage import FOOTAGE_IN, CoverageJudge


def coverages(shop: Shop, clocks: Clocks) -> Table:
    """Return the duties of a coverage rule."""
    rule = shop.rule
    if rule.extent == "arrival":
        raise NotCarried("from arrival")
    workshop = clocks.workshop(rule)
    judge = CoverageJudge(rule, workshop)
    within = resolve(rule.within or FOOTAGE_IN, workshop.settings, workshop.setting_units)
    t = shop.triggers("names", *(("f_recorder_holders",) if rule.who else ()))
    unknown = shop.rows(t.filter(t.unsure), st=STATUS["unknown"]) if rule.who else None
    t = t.filter(~t.unsure) if rule.who else t
    asking = _with_holders(shop, t) if rule.who else t.mutate(holder=ibis.literal(""))
    t = asking
    t = (
        clocks.counted(t, within, False, "e", "ed")
        if within.unit not in FIXED_UNITS
        else t.mutate(
            due=ibis.least(t.e + within.amount * FIXED_UNITS[within.unit] + 1, clocks.calendar.instant(_last_day()))
        )
    )
    t = shop.ending(t)
    pairs = _pairs(shop, asking)
    slack = judge.tolerance
    spans = pairs.mutate(z=ibis.coalesce(pairs.segs, ibis.array([pairs.fi, pairs.fe])))
    spans = spans.mutate(n=ibis.range(spans.z.length() // 2)).mutate(n=lambda x: x.n.unnest())
    spans = spans.mutate(a=spans.z[spans.n * 2], b=spans.z[spans.n * 2 + 1])
    sees = ibis.cases(
        (spans.isday, (spans.fd <= spans.ed) & (spans.d <= spans.fed)),
        else_=((spans.a <= spans.e + slack) & (spans.i - slack <= spans.b)) | (spans.fisday & (spans.fd == spans.d)),
    )
    seen = spans.mutate(sees=sees).group_by(gk="k", gh="holder").agg(covered=lambda x: x.sees.any())
    listed = pairs.group_by(lk="k", lh="holder").agg(
        met=lambda x: x.fk.collect(order_by=[x.loose, x.fk], distinct=False)
    )
    t = t.left_join(seen, [t.k == seen.gk, t.holder == seen.gh])
    t = t.left_join(listed, [t.k == listed.lk, t.holder == listed.lh])
    miss = ibis.cases((~ibis.coalesce(t.covered, False), 1), else_=0)
    t = t.mutate(miss=miss).drop("gk", "gh", "lk", "lh")
    if rule.extent != "some" or rule.gaps != "any":
        holes = _holes(shop, spans, judge, pairs)
        g = holes.group_by(hk="k", hh="holder").agg(holes=lambda x: x.count())
        t = t.left_join(g, [t.k == g.hk, t.holder == g.hh])
        t = t.mutate(miss=ibis.cases((t.miss == 1, 1), (t.isday, 0), (t.hk.notnull(), 2), else_=0)).drop("hk", "hh")
    if rule.excused:
        covers = [(e, 3 if e.all else (1 if e.kinds & shop.stack.shape.recordings else 0)
                   + (2 if "recording_interruption_record" in e.kinds else 0)) for e in rule.excused]  # fmt: skip
        t = shop.excused(t, covers, asking)
    else:
        t = t.mutate(left=t.miss, exc=ibis.null("int64"))
    if "recording.none" in shop.tables.reading.fields:
        none = shop.tables.rows({"recording.none"}, "c", "ab", about=True).select(nc="c", nr="ab").distinct()
        t = t.left_join(none, [t.c == none.nc, t.root == none.nr])
        said = t.nc.notnull()
    else:
        said = ibis.literal(False)
    status = ibis.cases((said, STATUS["breached"]), else_=shop.unmet(t, t.due))
    st = ibis.cases((t.miss == 0, STATUS["met"]), (t.left == 0, STATUS["excused"]), else_=status)
    t = t.mutate(st=st)
    empty = ibis.literal([], "array<int64>")
    rows = shop.rows(
        t, open_=None if rule.who else t.unsure, st=t.st, due=t.due, miss=t.left, note=t.holder,
        exc=ibis.cases((t.st == STATUS["excused"], t.exc)), met=ibis.coalesce(t.met, empty),
    )  # fmt: skip
    return rows.union(unknown) if unknown is not None else rows


def _last_day() -> int:
    from liuhen.ground.local_days import LAST_DAY

    return LAST_DAY


def _pairs(shop: Shop, t: Table) -> Table:
    """Return each act with each recording that reaches it: by name, or by the device's holder and time."""
    rule, kinds = shop.rule, shop.stack.shape.recordings
    wanted = (
        "c",
        "k",
        "root",
        "i",
        "e",
        "d",
        "ed",
        "isday",
        "segs",
        "names",
        "by_roles",
        "f_device_type",
        "f_media",
        "f_holder",
    )
    renamed = {
        "rc": "c",
        "fk": "k",
        "froot": "root",
        "fi": "i",
        "fe": "e",
        "fd": "d",
        "fed": "ed",
        "fisday": "isday",
        "rnames": "names",
    }
    kept = ["segs", "f_device_type", "f_media", "f_holder"]
    r = shop.tables.rows(kinds, *wanted, "ab", about=True).select(*kept, rab="ab", **renamed)
    mine = t.select("c", "k", "root", "i", "e", "d", "ed", "isday", "names", "holder")
    named = mine.join(r, [mine.c == r.rc, mine.root == r.rab]).drop("rab").mutate(loose=ibis.literal(False))
    free = shop.tables.rows(kinds, *wanted, "l_about")
    free = free.filter(free.l_about.isnull(), free.names.length() > 0).select(*kept, **renamed)
    free = mine.join(free, [mine.c == free.rc, free.fi <= mine.e, mine.i <= free.fe])
    free = free.filter(ibis.coalesce(free.names.intersect(free.rnames).length() > 0, False)).mutate(
        loose=ibis.literal(True)
    )
    found = union([named.select(*free.columns), free])
    if rule.device:
        found = found.filter(found.f_device_type == text_of(rule.device))
    if rule.media:
        found = found.filter(found.f_media.isin([text_of(m) for m in sorted(rule.media)]))
    if rule.who:
        worn = (text(found.f_holder) == found.holder) | found.rnames.contains(found.holder)
        found = found.filter(ibis.coalesce(worn, False))
    return found


def _with_holders(shop: Shop, t: Table) -> Table:
    """Return each act once for each officer who carries a recorder: as the act says, else those whose recorder recorded it."""
    r = shop.tables.rows(shop.stack.shape.recordings, "c", "ab", "f_device_type", "f_holder", about=True)
    r = r.filter(r.f_device_type == text_of("body_worn"), r.f_holder.notnull(), r.f_holder != '""')
    worn = r.select(wc="c", wr="ab", holder=text(r.f_holder)).distinct()
    said = t.filter(ibis.coalesce(t.f_recorder_holders[0:1] == "[", False))
    said = said.select(sk="k", one=elements_of(said.f_recorder_holders).unnest())
    said = said.select("sk", holder=ibis.coalesce(_name(said.one), ibis.literal("None")))
    a = t.join(said, t.k == said.sk).drop("sk")
    u = t.filter(~ibis.coalesce(t.f_recorder_holders[0:1] == "[", False))
    b = u.join(worn, [u.c == worn.wc, u.root == worn.wr]).drop("wc", "wr")
    return a.union(b.select(*a.columns))


def _name(value: ibis.expr.types.StringValue) -> ibis.expr.types.StringValue:
    return ibis.cases((value[0:1] == "{", text_at(value, "$.name")), else_=text_at(value, "$"))


def _holes(shop: Shop, spans: Table, judge: CoverageJudge, recordings: Table) -> Table:
    """Return the stretches of each act that no segment covers and nothing explains, as `CoverageJudge.gaps`."""
    rule = shop.rule
    s = spans.filter(spans.a <= spans.e, spans.i <= spans.b)
    s = s.mutate(a=ibis.greatest(s.a, s.i), b=ibis.least(s.b, s.e))
    w = ibis.window(group_by=[s.k, s.holder], order_by=[s.a, s.b], preceding=(None, 1))
    s = s.mutate(reach=s.b.max().over(w))
    first = s.i if rule.extent != "some" else s.a
    s = s.mutate(
        here=ibis.greatest(
            ibis.coalesce(s.reach, first), first if rule.extent != "some" else ibis.coalesce(s.reach, first)
        )
    )
    gap = s.a - s.here > judge.tolerance
    if rule.gaps == "any":
        gap = gap & (s.here == first)
    keys = ("c", "k", "root", "holder", "isday")
    holes = s.filter(gap).select(*keys, ha="here", hb="a")
    if rule.extent == "whole":
        pairs = spans.select("c", "k", "root", "holder", "isday", "i", "e").distinct()
        g = s.group_by(gk="k", gh="holder").agg(top=lambda x: x.b.max())
        pairs = pairs.left_join(g, [pairs.k == g.gk, pairs.holder == g.gh])
        pairs = pairs.mutate(ha=ibis.coalesce(ibis.greatest(pairs.top, pairs.i), pairs.i), hb=pairs.e)
        tail = pairs.filter(pairs.hb - pairs.ha > judge.tolerance).select(*keys, "ha", "hb")
        holes = holes.union(tail)
    if rule.gaps == "explained" and rule.explained is not None:
        subjects = [c for c in spans.columns if c.startswith("u_")]
        if subjects:
            raise NotCarried("an explanation of another subject")
        narrow = holes.mutate(d=ibis.literal(0, "int32"))
        if judge.by_recording:
            # An explanation may name the recording in place of the act.
            of = recordings.select(sk="k", sh="holder", sr="froot").distinct()
            by = narrow.join(of, [narrow.k == of.sk, narrow.holder == of.sh])
            narrow = narrow.union(by.mutate(root=by.sr).select(*narrow.columns))
        f = shop.find(narrow, rule.explained, "e")
        f = f.filter(f.fi <= f.hb, (f.ha <= f.fe) | f.fisday).select(xk="k", xh="holder", xa="ha").distinct()
        holes = holes.anti_join(f, [holes.k == f.xk, holes.holder == f.xh, holes.ha == f.xa])
    return holes
