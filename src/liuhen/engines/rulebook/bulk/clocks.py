"""Clocks in relations (时限入关系): a limit becomes a join on a table of days, made by the engine's own counting."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

import ibis
from ibis.expr.types import Table, Value

from liuhen.engines.rulebook.bulk.frame import Shop
from liuhen.engines.rulebook.bulk.known import NotCarried
from liuhen.engines.rulebook.bulk.values import day_read, moment_read, text
from liuhen.engines.rulebook.clocks import FIXED_UNITS, Due, end_of, plain_due, resolve
from liuhen.engines.rulebook.forms.frame import Workshop
from liuhen.engines.rulebook.forms.response_clock import ResponseClock
from liuhen.engines.rulebook.language import Limit, Rule
from liuhen.engines.rulebook.stack import Stack
from liuhen.ground.local_days import LAST_DAY
from liuhen.ground.moments import Day
from liuhen.ground.words import Words

FIRST, LAST = date(1899, 12, 31).toordinal(), date(2201, 1, 2).toordinal()
_EPOCH = date(1970, 1, 1).toordinal()
_DAY = 86_400_000_000
_DATE = r'^"[0-9]{4}-[0-9]{2}-[0-9]{2}"$'
_MOMENT = r'^"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})"$'
DAYS = {"day": "int32", "midnight": "int64", "next": "int64", "idx": "int32", "works": "boolean", "known": "int32"}
CLOCK = {"day": "int32", "due": "int64", "prov": "boolean", "lastd": "int32"}


class Clocks:
    """The tables of days that a stack's limits need (日表): by name, with the function that says when each day's limit ends."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.calendar = stack.calendar
        self.made: dict[str, Callable[[Day], Due]] = {}
        self.days = ibis.table(DAYS, name="days")

    # -- tables ----------------------------------------------------------------------------------------------------
    def day_rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield the table `days`: midnight and the next, the number of the working day, in which stretch of announced years."""
        c = self.calendar
        for day in range(FIRST, LAST + 1):
            known = next((n for n, (a, b) in enumerate(c.announced) if a <= day <= b), None)
            yield day, c.instant(day), c.instant(day + 1), c.working_between(FIRST, day), c.is_working(day), known

    def rows(self, name: str) -> Iterator[tuple[Any, ...]]:
        """Yield a clock's table: for a limit that starts on each day the due moment, whether provisional, and its last day."""
        count = self.made[name]
        for day in range(FIRST, LAST + 1):
            due = count(day)
            assert due.at is not None
            yield day, due.at, due.provisional, self.calendar.day_at(due.at - 1)

    def _table(self, name: str) -> Table:
        self.named((name,))
        return ibis.table(CLOCK, name=name)

    def named(self, names: Iterable[str]) -> dict[str, Callable[[Day], Due]]:
        """Return the functions of clocks that an earlier run named: the name says everything."""
        for name in names:
            if name not in self.made:
                self.made[name] = self._from_name(name)
        return self.made

    def _from_name(self, name: str) -> Callable[[Day], Due]:
        c, rolls = self.calendar, name.endswith("_rolls")
        words = name.removesuffix("_rolls").split("_")[1:]
        if words[0] == "end":
            return lambda day: end_of(c, day, rolls)
        if words[0] == "by":
            end, on = ("_".join(words[1:]), None) if not words[1].isdigit() else ("", (int(words[1]), int(words[2])))
            rule = Rule("", "", "", "response", Words("", ""), "", "", by_month_day=on, by_end_of=end, rolls=rolls)
            clock = ResponseClock.__new__(ResponseClock)
            clock.rule, clock.calendar = rule, c
            return lambda day: clock.fixed(None, None, (0, day))  # type: ignore[arg-type,return-value]
        amount, unit = int(words[0]), "_".join(words[1:])
        return lambda day: plain_due(c, 0, day, amount, unit, rolls)

    def plain(self, limit: Limit, rolls: bool) -> Table:
        """Return the table of a limit in days, months or years."""
        return self._table(f"clock_{limit.amount}_{limit.unit}{'_rolls' if rolls else ''}")

    # -- rules -----------------------------------------------------------------------------------------------------
    def wanted(self, rule: Rule) -> tuple[str, ...]:
        """Return the columns of the trigger that its clock reads."""
        names = {rule.by_field, rule.within.field if rule.within else ""}
        if rule.start not in ("done_at", "until", "last_segment_end"):
            names.add(rule.start)
        return (*(f"f_{n}" for n in sorted(names - {""})), *(("segs",) if rule.start == "last_segment_end" else ()))

    def unit(self, rule: Rule) -> str:
        """Return the unit that lateness is told in."""
        return self.limit(rule).unit if rule.within is not None else "natural_days"

    def limit(self, rule: Rule) -> Limit:
        """Return a rule's limit, a setting's resolved."""
        assert rule.within is not None
        shop = self.workshop(rule)
        return resolve(rule.within, shop.settings, shop.setting_units)

    def workshop(self, rule: Rule) -> Workshop:
        return self.stack.compiled(rule, None).shop

    def due(self, shop: Shop, t: Table) -> Table:
        """Join when the limit of each trigger ends: `due`, `prov`, `paused`, `lastd`, its last day.

        `unknown_start` where nothing says when it begins.
        """
        rule = shop.rule
        t = t.mutate(paused=ibis.literal(False))
        t = self._started(shop, t)
        if rule.within is not None:
            limit = self.limit(rule)
            if limit.field:
                raise NotCarried("a limit that a field gives")
            t = self._limited(shop, t, limit)
        elif rule.by_field:
            day, at = f"by_d_{rule.by_field}", f"by_i_{rule.by_field}"
            t = self.moment(t, f"f_{rule.by_field}", at, day)
            ends = self._table(f"clock_end{'_rolls' if rule.rolls else ''}")
            t = self.by_day(t, ends, day)
            whole = ibis.coalesce(t[f"f_{rule.by_field}"].re_search(_DATE), False)
            t = t.mutate(
                unknown_start=t[at].isnull(), due=ibis.cases((whole, t.due), else_=t[at] + 1),
                prov=whole & ibis.coalesce(t.prov, False), lastd=ibis.cases((whole, t.lastd), else_=t[day]),
            )  # fmt: skip
        else:
            t = self.by_day(t, self.fixed(rule), "sd")
        return self._instead(shop, t) if rule.instead is not None else t

    def fixed(self, rule: Rule) -> Table:
        """Return the table of a day of the year, or of the end of a period."""
        on = "_".join(map(str, rule.by_month_day or ())) or rule.by_end_of
        return self._table(f"clock_by_{on}{'_rolls' if rule.rolls else ''}")

    def end_of_day(self) -> Table:
        """Return the table in which a limit ends with the day on which it starts."""
        return self._table("clock_end")

    def by_day(self, t: Table, clock: Table, day: str) -> Table:
        j = clock.select(kd="day", kdue="due", kprov="prov", klast="lastd")
        t = t.left_join(j, t[day] == j.kd)
        return t.mutate(due=t.kdue, prov=t.kprov, lastd=t.klast).drop("kd", "kdue", "kprov", "klast")

    def _started(self, shop: Shop, t: Table) -> Table:
        start = shop.rule.start
        if start == "done_at":
            return t.mutate(si=t.i, sd=t.d, unknown_start=ibis.literal(False))
        if start == "until":
            return t.mutate(si=t.e, sd=t.ed, unknown_start=ibis.literal(False))
        if start == "last_segment_end":
            t = self._last_segment(shop, t)
            in_days = self.limit(shop.rule).unit not in FIXED_UNITS
            t = self.day_at(t, "si", "sd") if in_days else t.mutate(sd=t.ed)
            return t.mutate(unknown_start=ibis.literal(False))
        t = self.moment(t, f"f_{start}", "si", "sd")
        return t.mutate(unknown_start=t.si.isnull())

    def _last_segment(self, shop: Shop, t: Table) -> Table:
        kinds = shop.stack.shape.recordings
        a = shop.tables.rows(kinds, "c", "k", "ab", "e", "segs", about=True)
        a = a.mutate(z=ibis.coalesce(a.segs.maxs(), a.e))
        g = a.group_by(gc=a.c, gab=a.ab).agg(z=a.z.max())
        mine = shop.tables.rows(shop.rule.trigger.kinds, "c", "k", "ab", about=True)
        j = mine.join(g, [mine.c == g.gc, mine.ab == g.gab])
        own = j.group_by(ok=j.k).agg(oz=j.z.max())
        t = t.left_join(own, t.k == own.ok)
        end = ibis.coalesce(t.segs.maxs(), t.e)
        return t.mutate(si=ibis.greatest(end, ibis.coalesce(t.oz, end))).drop("ok", "oz")

    def _limited(self, shop: Shop, t: Table, limit: Limit) -> Table:
        rule = shop.rule
        if not rule.stops and rule.extended is None:
            return self.counted(t, limit, rule.rolls)
        from liuhen.engines.rulebook.bulk.standing import extended

        return extended(self, shop, t, limit)

    def counted(self, t: Table, limit: Limit, rolls: bool, start: str = "si", day: str = "sd") -> Table:
        length = FIXED_UNITS.get(limit.unit)
        if length is not None:
            end = self.calendar.instant(LAST_DAY)
            due = ibis.least(t[start] + limit.amount * length + 1, end)
            return t.mutate(due=due, prov=ibis.literal(False), lastd=ibis.null("int32"))
        return self.by_day(t, self.plain(limit, rolls), day)

    def _instead(self, shop: Shop, t: Table) -> Table:
        """Put the other clock, of the first record that gives one, in the place of the rule's own."""
        rule = shop.rule
        assert rule.instead is not None
        ws = self.workshop(rule)
        limit = resolve(rule.instead.limit, ws.settings, ws.setting_units)
        if limit.unit != self.unit(rule) and "working_days" in (limit.unit, self.unit(rule)):
            raise NotCarried("another clock of another unit")
        key = rule.instead.start
        fields = {"done_at": ("i", "d"), "until": ("e", "ed")}.get(key, (f"f_{key}",))
        narrow = t.select("c", "k", "root", "si", *(n for n in t.columns if n.startswith("u_")))
        f = shop.find(narrow, rule.instead.by, *fields)
        if len(fields) == 2:
            f = f.mutate(xi=f["f" + fields[0]], xd=f["f" + fields[1]])
        else:
            f = self.moment(f, "f" + fields[0], "xi", "xd")
            f = f.filter(f.xi.notnull())
            if limit.amount:
                # As `ResponseClock._instead`: a moment before the rule's own start gives no other clock.
                f = f.filter(f.si.isnull() | (f.xi >= f.si))
        first = f.group_by(gk=f.k).agg(gf=f.fk.min())
        f = f.join(first, [f.k == first.gk, f.fk == first.gf]).select(xk="k", xi="xi", xd="xd")
        before = t.mutate(old_due=t.due, old_prov=t.prov, old_last=t.lastd)
        j = before.left_join(f, before.k == f.xk)
        j = self.counted(j, limit, rule.rolls, "xi", "xd")
        has = j.xk.notnull()
        return j.mutate(
            due=ibis.cases((has, j.due), else_=j.old_due), prov=ibis.cases((has, j.prov), else_=j.old_prov),
            lastd=ibis.cases((has, j.lastd), else_=j.old_last), paused=j.paused & ~has, unknown_start=j.unknown_start & ~has,
        ).drop("xk", "xi", "xd", "old_due", "old_prov", "old_last")  # fmt: skip

    # -- moments ---------------------------------------------------------------------------------------------------
    def moment(self, t: Table, column: str, instant: str, day: str) -> Table:
        """Read a field that holds a date or a moment as instant and local day; null where it holds neither."""
        value = t[column]
        said = text(value)
        on = ibis.cases((value.re_search(_DATE), day_read(said).cast("int32") + _EPOCH))
        moment = ibis.cases((value.re_search(_MOMENT), moment_read(said)))
        t = t.mutate(zz_on=ibis.cases((on.between(FIRST + 1, LAST - 2), on)), zz_at=moment)
        t = self.day_at(t, "zz_at", "zz_day")
        d = self.days.select(zz_d="day", zz_m="midnight")
        t = t.left_join(d, t.zz_on == d.zz_d)
        return t.mutate(
            **{instant: ibis.coalesce(t.zz_m, t.zz_at), day: ibis.coalesce(t.zz_on, t.zz_day).cast("int32")}
        ).drop("zz_on", "zz_at", "zz_day", "zz_d", "zz_m")

    def day_at(self, t: Table, instant: str, day: str) -> Table:
        """Name the local day of an instant: the one that the zone's usual offset gives, or its neighbour."""
        offset = self.calendar.instant(_EPOCH)
        guess = ((t[instant] - offset) // _DAY + _EPOCH).cast("int32")
        t = t.mutate(zy_g=guess)
        d = self.days.select(zy_d="day", zy_m="midnight", zy_n="next")
        t = t.left_join(d, t.zy_g == d.zy_d)
        found = ibis.cases((t[instant] >= t.zy_n, t.zy_g + 1), (t[instant] < t.zy_m, t.zy_g - 1), else_=t.zy_g)
        return t.mutate(**{day: found.cast("int32")}).drop("zy_g", "zy_d", "zy_m", "zy_n")

    def working_between(self, t: Table, a: str, b: str) -> tuple[Table, Value]:
        """Return the working days after day `a` up to and with day `b`."""
        one, two = self.days.select(wa="day", wia="idx"), self.days.select(wb="day", wib="idx")
        t = t.left_join(one, t[a] == one.wa)
        t = t.left_join(two, t[b] == two.wb)
        t = t.drop("wa", "wb")
        return t, t.wib - t.wia
