"""The content form in relations (应载明): each thing that a record must carry is a column, and what is missing a bit."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

import ibis
from ibis.expr.types import BooleanValue, Table

from liuhen.engines.rulebook.bulk.clocks import DAYS
from liuhen.engines.rulebook.bulk.conditions import has_role
from liuhen.engines.rulebook.bulk.frame import STATUS, Shop
from liuhen.engines.rulebook.bulk.known import NotCarried
from liuhen.engines.rulebook.bulk.reading import parts_of
from liuhen.engines.rulebook.bulk.tables import ROOTS
from liuhen.engines.rulebook.bulk.values import against, compared, empty
from liuhen.engines.rulebook.language import Excuse
from liuhen.engines.rulebook.predicates import settled

Lacks = Callable[[Table], BooleanValue]
REGISTER = ibis.table({"number": "string", "since": "int32", "until": "int32"}, name="register")


def contents(shop: Shop, registered: bool) -> Table:
    """Return the duties of a content rule; `registered`: there is a register of certificates at all."""
    rule, has = shop.rule, shop.rule.has
    names = {n for group in has.fields for n in group}
    compares = {x for name, c in has.compares for x in (name, c.field) if x}
    wanted = [f"r_{n}" for n in sorted(names)] + [f"f_{n}" for n in sorted(compares)]
    wanted += ["sign_roles", "signs"] if has.signatures or has.approvals else []
    wanted += ["certs", "people"] if has.officers else []
    wanted += ["file_roles"] if has.files else []
    wanted += ["lists"] if has.names is not None else []
    asking = t = shop.triggers(*wanted)
    lacks: list[tuple[Lacks, Callable[[Excuse], bool]]] = []
    for group in has.fields:
        lacks.append((_no_field(group), _field_covered(group)))
    signed = bool(has.signatures or has.approvals)
    groups = [*has.signatures, *has.approvals]
    if signed:
        t = _added(shop, t, groups)
    for n, roles in enumerate(has.signatures):
        lacks.append((_not_signed(n), _signature_covered(roles)))
    if has.approvals:
        t = _approved(shop, t, asking)
        lacks += [(_column(f"no_ap{n}"), _nothing) for n in range(len(has.approvals))]
    if has.officers:
        t = _officers(t, asking, has.officers, has.officers_valid, registered)
        lacks.append((_column("few"), _nothing))
    for name, compare in has.compares:
        value = settled(None, compare, shop.conditions.settings)
        lacks.append((_wrong(name, compare.op, compare.field, compare.times, value), _nothing))
    if has.files:
        lacks.append((_no_files(has.files, has.file_role), _nothing))
    for n, part in enumerate(has.parts):
        f = shop.find(asking.select(*_narrow(asking)), part)
        g = f.group_by(gk=f.k).agg(**{f"p{n}": f.fk.count()})
        t = t.left_join(g, t.k == g.gk).drop("gk")
        lacks.append((_few_parts(n, part.at_least), lambda e, k=part.kinds: bool(e.kinds & k)))  # type: ignore[misc]
    if has.names is not None:
        t = _not_listed(shop, t, asking)
        lacks.append((_column("unlisted"), lambda e: bool(e.kinds & (has.names.kinds if has.names else frozenset()))))
    bits = [ibis.cases((ibis.coalesce(lack(t), False), 1 << n), else_=0) for n, (lack, _) in enumerate(lacks)]
    t = t.mutate(miss=reduce(lambda a, b: a + b, bits))
    if rule.excused:
        masks = [(e, sum(1 << n for n, (_, covers) in enumerate(lacks) if e.all or covers(e))) for e in rule.excused]
        t = shop.excused(t, masks, asking)
    else:
        t = t.mutate(left=t.miss, exc=ibis.null("int64"))
    unknown = t.unclear if has.officers else ibis.literal(False)
    archived = t.ar_k.notnull() & ((t.ar_i >= t.i) | (t.ar_day & (t.ar_d >= t.d)))
    st = ibis.cases(
        ((t.miss == 0) & unknown, STATUS["unknown"]), (t.miss == 0, STATUS["met"]), (t.left == 0, STATUS["excused"]),
        (archived, STATUS["breached"]), else_=STATUS["overdue"],
    )  # fmt: skip
    t = t.mutate(st=st)
    late = ibis.cases(((t.st == STATUS["met"]) & (t.over > 0), t.over)) if signed else ibis.null("int32")
    exc = ibis.cases((t.st == STATUS["excused"], t.exc))
    met = ibis.cases((t.st == STATUS["met"], ibis.array([t.k])), else_=ibis.literal([], "array<int64>"))
    days = ibis.table(DAYS, name="days").select(zd="day", zn="next")
    t = t.left_join(days, t.d == days.zd).drop("zd")
    # A record dated by day alone has until the end of that day.
    due = ibis.cases((t.isday, t.zn), else_=t.i)
    return shop.rows(t, open_=t.unsure, st=t.st, due=due, late=late, miss=t.left, exc=exc, met=met)


def _narrow(t: Table) -> list[str]:
    return ["c", "k", "root", *(n for n in t.columns if n.startswith("u_"))]


def _no_field(group: tuple[str, ...]) -> Lacks:
    return lambda t: reduce(lambda a, b: a & b, [empty(t[f"r_{n}"]) for n in group])


def _field_covered(group: tuple[str, ...]) -> Callable[[Excuse], bool]:
    return lambda e: bool(e.fields & set(group))


def _signature_covered(roles: tuple[str, ...]) -> Callable[[Excuse], bool]:
    return lambda e: bool(e.signatures & set(roles))


def _nothing(excuse: Excuse) -> bool:
    return bool(excuse.kinds & set())


def _column(name: str) -> Lacks:
    return lambda t: t[name]


def _not_signed(n: int) -> Lacks:
    return lambda t: ~t[f"own{n}"] & t[f"add{n}"].isnull()


def _wrong(name: str, op: str, other: str, times: int, value: object) -> Lacks:
    def lack(t: Table) -> BooleanValue:
        held = t[f"f_{name}"]
        answer = against(held, op, t[f"f_{other}"], times) if other else compared(held, op, value)
        return ~ibis.coalesce(answer, False)

    return lack


def _few_parts(n: int, many: int) -> Lacks:
    return lambda t: ibis.coalesce(t[f"p{n}"], 0) < many


def _no_files(count: int, role: str) -> Lacks:
    def lack(t: Table) -> BooleanValue:
        roles = ibis.coalesce(t.file_roles, "")
        if not role:
            number = ibis.greatest(roles.length() - roles.replace("|", "").length() - 1, 0)
        else:
            doubled = roles.replace("|", "||")
            mark = f"|{role}|"
            number = (doubled.length() - doubled.replace(mark, "").length()) // len(mark)
        return number < count

    return lack


def _added(shop: Shop, t: Table, groups: list[tuple[str, ...]]) -> Table:
    """Join, for each signature asked for, whether the record bears it (`own`) and on which day it was added (`add`)."""
    a = shop.tables.rows(shop.stack.shape.added, "c", "ab", "d", "sign_roles", about=True)
    marks = {f"a{n}": ibis.cases((has_role(a.sign_roles, roles), a.d)) for n, roles in enumerate(groups)}
    a = a.mutate(**marks)
    g = a.group_by(gc=a.c, gr=a.ab).agg(**{f"add{n}": a[f"a{n}"].min() for n in range(len(groups))})
    t = t.left_join(g, [t.c == g.gc, t.root == g.gr]).drop("gc", "gr")
    t = t.mutate(**{f"own{n}": has_role(t.sign_roles, roles) for n, roles in enumerate(groups)})
    days = [ibis.cases((~t[f"own{n}"], ibis.coalesce(t[f"add{n}"], t.ed) - t.ed), else_=0) for n in range(len(groups))]
    return t.mutate(over=ibis.greatest(*days) if len(days) > 1 else days[0])


def _approved(shop: Shop, t: Table, asking: Table) -> Table:
    """Join which approvals are missing or come before the one that should precede them (`no_ap`)."""
    own = asking.select("k", "sign_roles", "signs").filter(asking.sign_roles.notnull())
    own = own.mutate(role=own.sign_roles[1 : own.sign_roles.length() - 1].split("|"))
    own = own.mutate(pos=ibis.range(own.role.length())).mutate(pos=lambda x: x.pos.unnest())
    own = own.select("k", role=own.role[own.pos], pos=own.pos.cast("int64"), at=own.signs[own.pos])
    a = shop.tables.rows(shop.stack.shape.added, "c", "k", "ab", "sign_roles", "signs", about=True)
    a = a.filter(a.sign_roles.notnull())
    mine = asking.select(tk="k", tc="c", tr="root")
    a = mine.join(a, [mine.tc == a.c, mine.tr == a.ab])
    a = a.mutate(role=a.sign_roles[1 : a.sign_roles.length() - 1].split("|"))
    a = a.mutate(pos=ibis.range(a.role.length())).mutate(pos=lambda x: x.pos.unnest())
    # What was added stands after what the paper bears, in the order of the records that add it.
    place = (a.k % (1 << 20) + 1) * (1 << 20) + a.pos.cast("int64")
    a = a.select(k="tk", role=a.role[a.pos], pos=place, at=a.signs[a.pos])
    s = own.union(a)
    s = s.mutate(at=ibis.coalesce(s.at, -1))
    timed = s.group_by(gk=s.k).agg(timed=(s.at >= 0).all())
    s = s.join(timed, s.k == timed.gk)
    s = s.select("k", "role", at=ibis.cases((s.timed, s.at), else_=s.pos))
    t = t.mutate(last_ap=ibis.literal(-1, "int64"))
    for n, roles in enumerate(shop.rule.has.approvals):
        before = t.select(bk="k", bl="last_ap")
        j = s.filter(s.role.isin(roles))
        j = j.join(before, j.k == before.bk)
        g = j.filter(j["at"] >= j.bl).group_by(gk="k").agg(first_ap=lambda x: x["at"].min())
        t = t.left_join(g, t.k == g.gk)
        t = t.mutate(**{f"no_ap{n}": t.gk.isnull(), "last_ap": ibis.coalesce(t.first_ap, t.last_ap)}).drop(
            "gk", "first_ap"
        )
    return t


def _officers(t: Table, asking: Table, count: int, valid: bool, registered: bool) -> Table:
    """Join whether there are too few officers (`few`), and whether nobody can say (`unclear`)."""
    if not valid:
        return t.mutate(few=t.people < count, unclear=ibis.literal(False))
    certs = ibis.coalesce(t.certs.length(), 0)
    if not registered:
        return t.mutate(few=certs < count, unclear=certs >= count)
    held = asking.select("k", "d", number=asking.certs.unnest())
    j = held.join(REGISTER, [held.number == REGISTER.number, held.d >= REGISTER.since, held.d <= REGISTER.until])
    g = j.group_by(gk=j.k).agg(good=j.number.nunique())
    t = t.left_join(g, t.k == g.gk).drop("gk")
    return t.mutate(few=ibis.coalesce(t.good, 0) < count, unclear=ibis.literal(False))


def _not_listed(shop: Shop, t: Table, asking: Table) -> Table:
    """Join whether the record leaves out of its list one of those that it should name (`unlisted`)."""
    part = shop.rule.has.names
    assert part is not None
    if any(p.at_least > 1 for p in parts_of(part)):
        raise NotCarried("a list of several")
    narrow = asking.select(*_narrow(asking), "e")
    f = shop.find(narrow, part, "root")
    f = f.filter(f.fi <= f.e).select(nk="k", nc="c", nr="froot")
    listed = asking.select(lk="k", lc="c", li=asking["lists"].unnest())
    roots = ROOTS.select(rc="c", rk="key", rr="root")
    listed = listed.left_join(roots, [listed.lc == roots.rc, listed.li == roots.rk])
    listed = listed.select("lk", li=ibis.coalesce(listed.rr, listed.li))
    missing = f.anti_join(listed, [f.nk == listed.lk, f.nr == listed.li]).select("nk").distinct()
    t = t.left_join(missing, t.k == missing.nk)
    return t.mutate(unlisted=t.nk.notnull()).drop("nk")
