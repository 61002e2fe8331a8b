"""What every form shares in relations (各形式共用): triggers within their scope, records found for them, and what ended."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Any

import ibis
from ibis.expr.types import Table, Value

from liuhen.engines.rulebook.bulk.conditions import Conditions, case_column
from liuhen.engines.rulebook.bulk.known import NotCarried
from liuhen.engines.rulebook.bulk.reading import fields_of, parts_of, tests_of
from liuhen.engines.rulebook.bulk.rows import text_of
from liuhen.engines.rulebook.bulk.tables import Tables, union
from liuhen.engines.rulebook.duty import WORST_FIRST
from liuhen.engines.rulebook.forms.frame import OF_THE_CASE
from liuhen.engines.rulebook.language import Condition, Excuse, Part, Rule

STATUS = dict(WORST_FIRST)
BASE = ("c", "k", "root", "i", "e", "d", "ed", "isday", "cor", "who")
DUTY = {
    "r": "int16", "c": "int64", "k": "int64", "who": "int32", "d": "int32", "st": "int8", "due": "int64", "late": "int32",
    "met": "array<int64>", "miss": "int64", "exc": "int64", "note": "string", "hint": "boolean",
}  # fmt: skip
"""The row of a duty: number of the rule; file; trigger; who and on which day; status (`WORST_FIRST`); due; by how much late;
the records that meet it; which parts are missing, bit by bit; the record that excuses; an officer's name or a period's; whether
it is only a hint, whatever the rule weighs (null: no)."""


class Shop:
    """What one rule is put into relations with (编译所需)."""

    def __init__(self, tables: Tables, rule: Rule, number: int, conditions: Conditions) -> None:
        self.tables, self.rule, self.number, self.conditions = tables, rule, number, conditions
        self.stack = tables.stack
        self.at = tables.at

    def triggers(self, *wanted: str, subjects: Iterable[str] = ()) -> Table:
        """Return the triggers that a rule applies to or may apply to: `unsure` where a fact was never answered."""
        rule, trigger = self.rule, self.rule.trigger
        t = self.tables.rows(trigger.kinds, *self.columns(*wanted), subjects=self.subjects(subjects))
        t, where = self.conditions.ask(t, trigger.where)
        t = t.mutate(fits=where(t) if where is not None else ibis.literal(True))
        t = t.filter(t.fits.isnull() | t.fits)
        if trigger.first:
            firsts = t.filter(t.fits)
            u = ibis.coalesce(firsts[f"u_{rule.per}"] if rule.per != "case" else firsts.c, -1)
            g = firsts.group_by(gc=firsts.c, gu=u).agg(gk=firsts.k.min()).select("gk")
            t = t.left_join(g, t.k == g.gk)
            t = t.filter(t.fits.isnull() | t.gk.notnull()).drop("gk")
        return self.scoped(t)

    def columns(self, *wanted: str) -> list[str]:
        rule = self.rule
        conditions: list[Condition | None] = [rule.trigger.where, rule.condition]
        conditions.append(rule.also_for.condition if rule.also_for else None)
        fields = set().union(*(fields_of(c) for c in conditions))
        spans = [f"s_{n}" for n, text in enumerate(self.tables.texts) if text == rule.rulebook]
        return list(dict.fromkeys([*BASE, *wanted, *(f"f_{n}" for n in sorted(fields)), *spans]))

    def subjects(self, more: Iterable[str]) -> tuple[str, ...]:
        rule = self.rule
        links = {rule.per, *more}
        for c in (rule.trigger.where, rule.condition, rule.also_for.condition if rule.also_for else None):
            links |= {p.link for test in tests_of(c) if test.part for p in parts_of(test.part)}
        asked = [*rule.then, *rule.need, *rule.has.parts, *(e.by for e in rule.excused), *rule.raised_by]
        asked += [x for x in (rule.has.names, rule.explained) if x is not None]
        asked += [rule.extended.by] if rule.extended else []
        asked += [p for s in rule.stops for p in (s.start, s.until) if p is not None]
        asked += [rule.instead.by] if rule.instead else []
        asked += [rule.stand_in[0], *rule.stand_in[1]] if rule.stand_in else []
        links |= {p.link for part in asked for p in parts_of(part)}
        return tuple(sorted(links - {"", "it", "case"}))

    def scoped(self, t: Table) -> Table:
        """Keep the rows whose case and day a rule judges and whose condition is true or unknown."""
        rule = self.rule
        if self.stack.replaceable(rule):
            raise NotCarried("takes_the_place_of")
        for n, text in enumerate(self.tables.texts):
            if text == rule.rulebook:
                t = t.filter(t[f"s_{n}"])
        f = self.tables.files
        asked = {
            n for c in (rule.condition, rule.also_for.condition if rule.also_for else None) for n in _of_the_case(c)
        }
        files = f.select(
            fc="c",
            **{n: f[n] for n in f.columns if n != "c" and not n.startswith("f_")},
            **{case_column(n): f[f"f_{n}"] for n in sorted(asked)},
        )
        t = t.join(files, t.c == files.fc).drop("fc")
        own = ibis.literal(True)
        if rule.actions:
            own = t.action.isnull() | t.action.isin([text_of(a) for a in sorted(rule.actions)])
        t, condition = self.conditions.ask(t, rule.condition)
        applies = condition(t) if condition is not None else ibis.literal(True)
        if rule.also_for is not None and rule.actions:
            others = sorted(rule.also_for.actions - rule.actions)
            t = t.mutate(
                applies=applies, own=own, also=ibis.coalesce(t.action.isin([text_of(a) for a in others]), False)
            )
            t, further = self.conditions.ask(t, rule.also_for.condition)
            both = (t.applies & further(t)) if further is not None else t.applies
            t = t.filter(t.own | t.also).mutate(applies=ibis.cases((t.own, t.applies), else_=both))
        else:
            t = t.mutate(applies=applies).filter(own)
        t = t.filter(t.applies.isnull() | t.applies)
        fits = t.fits if "fits" in t.columns else ibis.literal(True)
        return t.mutate(unsure=t.applies.isnull() | fits.isnull())

    def find(
        self, t: Table, part: Part, *extra: str, since: str = "", apart: bool = False, bare: bool = False
    ) -> Table:
        """Return a row for each record `fk` that a part finds for each trigger `tk`.

        Args:
            extra: columns wanted of the record, named `f_<column>` in the result. since: column of the trigger before which
                nothing counts. apart: the trigger itself is not what is asked for.
        """
        out = []
        for p in parts_of(part):
            link = p.link
            about, subject = link == "it", link if link not in ("it", "case", "") else ""
            names = dict.fromkeys(("i", "d", "isday", *(("e", "ed") if since else ()), *extra))
            r = self.conditions.fitting(p, *names, *(("ab",) if about else ()), subject=subject, about=about)
            r = r.filter(r.fits)
            mine = {"it": "root", "case": "c", "": "c"}.get(link, f"u_{link}")
            theirs = "ab" if about else (f"u_{subject}" if subject else "c")
            r = r.select(rc="c", ru=theirs, fk="k", **{f"f{n}": n for n in names})
            keep = [t.c == r.rc] + ([t[mine] == r.ru] if theirs != "c" else [])
            if since:
                keep.append((r.fe >= t[since]) | (r.fisday & (r.fed >= t.d)))
            if apart and not p.kinds.isdisjoint(self.rule.trigger.kinds):
                keep.append(r.fk != t.k)
            j = t.join(r, keep)
            columns = [n for n in r.columns if n not in ("rc", "ru", "fe", "fed") or n[1:] in extra]
            out.append(j.select(*t.columns, *columns))
        if len(out) == 1:
            return out[0]
        return union(out).distinct(on=["k", "fk"])

    def excused(self, t: Table, covers: list[tuple[Excuse, int]], asking: Table) -> Table:
        """Take from the missing parts (`miss`) those that a record excuses, and name it (`exc`).

        asking: the same triggers without what was joined to them since.
        """
        t = t.mutate(left=t.miss, exc=ibis.null("int64"))
        narrow = asking.select("c", "k", "root", *(c for c in asking.columns if c.startswith("u_")))
        for n, (excuse, mask) in enumerate(covers):
            if not mask:
                continue
            f = self.find(narrow, excuse.by)
            g = f.group_by(gk=f.k).agg(**{f"x{n}": f.fk.min()})
            t = t.left_join(g, t.k == g.gk).drop("gk")
            hit = t[f"x{n}"].notnull() & ((t.left & mask) != 0)
            t = t.mutate(
                exc=ibis.cases((hit, t[f"x{n}"]), else_=t.exc), left=ibis.cases((hit, t.left & ~mask), else_=t.left)
            )
        return t

    def ending(self, t: Table, since: str = "i") -> Table:
        """Join what ended for each trigger: `end_*`, the record that closed its subject, and `arc_*`, that archived the file."""
        rule = self.rule

        def later(prefix: str) -> Value:
            return t[f"{prefix}_k"].notnull() & (
                (t[f"{prefix}_i"] >= t[since]) | (t[f"{prefix}_day"] & (t[f"{prefix}_d"] >= t.d))
            )

        if rule.per not in OF_THE_CASE:
            own = self.closers(rule.per)
            if own is not None:
                t = t.left_join(own, [t.c == own.oc, t[f"u_{rule.per}"] == own.ou]).drop("oc", "ou")
        sources = [p for p in ("cl", "ow") if f"{p}_k" in t.columns]
        which = {p: ibis.cases((later(p), t[f"{p}_k"])) for p in sources}
        arc = later("ar") & (t.ar_k != t.k)
        t = t.mutate(
            end_k=reduce(lambda a, b: ibis.least(a, b), which.values()) if len(which) > 1 else next(iter(which.values())),
            arc_i=ibis.cases((arc, t.ar_i)), arc_d=ibis.cases((arc, t.ar_d)), arc_day=ibis.cases((arc, t.ar_day)),
        )  # fmt: skip
        return t.mutate(
            **{
                f"end_{n}": ibis.cases(*[(t.end_k == t[f"{p}_k"], t[f"{p}_{n}"]) for p in sources])
                for n in ("i", "d", "day")
            }
        )

    def closers(self, subject: str) -> Table | None:
        """Return the last record that closed each subject of a kind: `ow_*` by file and root."""
        kinds = [k for k, s in self.stack.shape.closes.items() if s == subject]
        out = []
        for kind in sorted(kinds):
            t = self.tables.kind(kind)
            own = ibis.coalesce(self.tables.subject(t, kind, subject), t.l_about)
            out.append(t.select(oc="c", ou=own, ow_k="k", ow_i="i", ow_d="d", ow_day="isday"))
        if not out:
            return None
        u = union(out)
        last = u.group_by(lc=u.oc, lu=u.ou).agg(lk=u.ow_k.max())
        return u.join(last, [u.oc == last.lc, u.ou == last.lu, u.ow_k == last.lk]).drop("lc", "lu", "lk")

    def unmet(self, t: Table, due: Value | None) -> Value:
        """Return the status of what is asked and not there, as `forms.frame.unmet`."""
        pending = (due.notnull() & (due > self.at)) if due is not None else ibis.literal(False)
        over = (due.notnull() | t.end_k.notnull()) if due is not None else t.end_k.notnull()
        return ibis.cases(
            (pending, STATUS["due"]),
            (t.arc_i.notnull(), STATUS["breached"]),
            (over, STATUS["overdue"]),
            else_=STATUS["due"],
        )

    def rows(self, t: Table, *, open_: Value | None = None, **given: Any) -> Table:
        """Return rows as duties: what is not given is empty; where `open_`, nobody can say, and so is all but the trigger."""
        out: dict[str, Any] = {"r": ibis.literal(self.number)}
        if open_ is not None:
            given = {n: ibis.cases((~open_, v)) for n, v in given.items() if n != "st"} | {
                "st": ibis.cases((open_, STATUS["unknown"]), else_=given["st"])
            }
        for name, type_ in DUTY.items():
            if name in out:
                value = out[name]
            elif name in given:
                value = given[name]
            elif name in ("c", "k", "who", "d"):
                value = t[name]
            else:
                value = ibis.null(type_)
            out[name] = value.cast(type_) if isinstance(value, Value) else ibis.literal(value, type_)
        return t.select(**{n: out[n] for n in DUTY})


def _of_the_case(condition: Condition | None) -> set[str]:
    """Return the fields of the case that a condition compares."""
    return {t.key.removeprefix("case.") for t in tests_of(condition) if t.part is None and t.key.startswith("case.")}
