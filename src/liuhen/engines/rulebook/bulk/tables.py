"""The tables that rules are asked of (底表): current records kind by kind, what each file is, and when it ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import ibis
from ibis.expr.types import Table, Value

from liuhen.engines.rulebook.bulk.reading import Reading
from liuhen.engines.rulebook.bulk.rows import BASE, columns, link_roles, text_of
from liuhen.engines.rulebook.bulk.values import fields_of
from liuhen.engines.rulebook.language import Rule
from liuhen.engines.rulebook.stack import Stack
from liuhen.ground.moments import Instant

KEPT = {
    **{n: BASE[n] for n in ("c", "k", "key")},
    "root": "int64",
    **{n: BASE[n] for n in ("i", "e", "rcv", "d", "ed", "isday")},
    "cor": "boolean",
    **{
        n: BASE[n]
        for n in (
            "who",
            "by_roles",
            "sign_roles",
            "signs",
            "certs",
            "people",
            "blurred",
            "names",
            "file_roles",
            "lists",
            "segs",
            "hour",
        )
    },
}
"""Column → type of a kind's table: those of `rec`, and two that are made: the root of its chain, whether it corrects."""
GONE = ibis.table({"c": "int64", "key": "int64"}, name="gone")
ROOTS = ibis.table({"c": "int64", "key": "int64", "root": "int64"}, name="roots")
APPLIED = ibis.table({"c": "int64", "rulebook": "string", "since": "int32", "until": "int32"}, name="applied")
AT: Instant = 8_888_888_888_888_888_888
TODAY = 2_000_000_001
"""Stand for the moment and its day in a statement, which is kept and asked for any moment (`Plan.ready`)."""
CASES = {
    "c": "int64",
    "opened": "int64",
    "oi": "int64",
    "od": "int32",
    "oroot": "int64",
    "action": "string",
    "cl_k": "int64",
    "cl_i": "int64",
    "cl_d": "int32",
    "cl_day": "boolean",
    "ar_k": "int64",
    "ar_i": "int64",
    "ar_d": "int32",
    "ar_day": "boolean",
}


def named(kind: str) -> str:
    """Return a kind's name as part of a table's name."""
    return kind.replace(".", "__")


def union(tables: Sequence[Table]) -> Table:
    """Return the rows of all tables, which have the same columns.

    Half to half: one behind the other, a statement on some dozens of kinds is nested deeper than its writer can go.
    """
    if len(tables) == 1:
        return tables[0]
    half = len(tables) // 2
    return union(tables[:half]).union(union(tables[half:]))


class Tables:
    """The tables that some rules of a stack are asked of (底表), and how each is made of the rows of records.

    `k_<kind>`: current records of a kind, with the fields that any rule reads (`f_`), the roots that its links name (`l_`) and
    whether each text judges its day (`s_`). `a_<kind>`: the same once for each record that `about` names (`ab`). `files`: one row
    a file.
    """

    def __init__(self, stack: Stack, rules: Iterable[Rule]) -> None:
        self.stack, self.at, self.today = stack, AT, TODAY
        self.reading = Reading(stack, rules)
        self.roles = tuple(r for r in link_roles(stack.vocabulary) if r != "lists")
        self.rec = ibis.table(columns(stack.vocabulary), name="rec")
        self.texts = () if stack.regardless else tuple(rb.id for rb in stack.rulebooks)
        self.judged = ibis.table(
            {"day": "int32", **{f"s_{n}": "boolean" for n in range(len(self.texts))}}, name="judged"
        )
        self.also = ibis.table({"k": "int64", **{f"s_{n}": "boolean" for n in range(len(self.texts))}}, name="also")
        self.mended = ibis.table(
            {"k": "int64", "root": "int64", **{f"l_{r}": "int64" for r in self.roles}}, name="mended"
        )
        self._kinds: dict[str, Table] = {}
        self.files = ibis.table(
            {**CASES, **{f"f_{n}": "string" for n in sorted(self.reading.case_fields)}}, name="files"
        )

    def schema(self, kind: str) -> dict[str, str]:
        """Return the columns of a kind's table."""
        return {
            **KEPT,
            **{f"l_{r}": "int64" for r in self.roles},
            **{f"s_{n}": "boolean" for n in range(len(self.texts))},
            **{f"f_{n}": "string" for n in sorted(self.reading.fields[kind])},
            **{f"r_{n}": "string" for n in sorted(self.reading.fields[kind]) if (kind, n) in self.stack.shape.absent},
        }

    def kind(self, kind: str, about: bool = False) -> Table:
        """Return the table of a kind; `about`: with a row for each record that `about` names."""
        name = ("a_" if about else "k_") + named(kind)
        if name not in self._kinds:
            more = {"ab": "int64"} if about else {}
            self._kinds[name] = ibis.table({**self.schema(kind), **more}, name=name)
        return self._kinds[name]

    # -- making them ---------------------------------------------------------------------------------------------
    def of_kind(self, kind: str, wanted: Sequence[str]) -> Table:
        """Return how `k_<kind>` is made: without what is corrected or withdrawn, links and own root by the roots of chains.

        Of its columns those that are wanted, in their order.
        """
        rec = self.rec
        t = rec.filter(rec.kind == kind, rec.rcv <= self.at)
        t = t.anti_join(GONE, ["c", "key"])
        mended = self.mended.rename({f"m_{n}": n for n in self.mended.columns})
        t = t.left_join(mended, t.k == mended.m_k)
        fields = [n for n in sorted(self.reading.fields[kind]) if {f"f_{n}", f"r_{n}"} & {*wanted}]
        if fields:
            t = t.mutate(z=fields_of(t.content, ibis.array([f"$.{n}" for n in fields])))
        out: dict[str, Any] = {n: t[n] for n in KEPT if n not in ("root", "cor")}
        out["cor"] = t.corrects.notnull()
        out["root"] = ibis.coalesce(t.m_root, t.key)
        out.update({f"l_{r}": ibis.coalesce(t[f"m_l_{r}"], t[f"l_{r}"]) for r in self.roles})
        for j, n in enumerate(fields):
            held = t.z[j].nullif("null")
            absent = self.stack.shape.absent.get((kind, n))
            out[f"f_{n}"] = held if absent is None else ibis.coalesce(held, text_of(absent))
            if (kind, n) in self.stack.shape.absent:
                out[f"r_{n}"] = held
        made = t.select(**out)
        if self.texts:
            also = self.also.rename({f"x_{n}": n for n in self.also.columns})
            made = made.left_join(self.judged, made.d == self.judged.day).drop("day")
            made = made.left_join(also, made.k == also.x_k)
            judged = {f"s_{n}": ibis.coalesce(made[f"x_s_{n}"], made[f"s_{n}"], False) for n in range(len(self.texts))}
            made = made.mutate(**judged)
        return made.select(*wanted)

    def of_files(self) -> Table:
        """Return how `files` is made of the tables of kinds."""
        shape = self.stack.shape
        files = ibis.table({"c": "int64"}, name="numbers")
        opened = self._last(shape.case_opening, "opened", first=True)
        closed = self._last(shape.case_closing, "cl_k")
        archived = self._last(shape.case_archiving, "ar_k", first=True)
        t = files
        for found in (opened, closed, archived):
            t = t.left_join(found, "c").drop("c_right") if found is not None else t
        case_fields = sorted(self.reading.case_fields)
        o = union(
            [
                self.kind(k).select(
                    ok="k",
                    oi="i",
                    od="d",
                    oroot="root",
                    said=self._said(k),
                    **{f"f_{n}": f"f_{n}" for n in case_fields},
                )
                for k in sorted(shape.case_opening)
            ]
        )
        t = t.left_join(o, t.opened == o.ok).drop("ok")
        # A file that nothing opened is no case: nothing closes or archives it.
        t = t.mutate(
            cl_k=ibis.cases((t.opened.notnull(), ibis.coalesce(t.cl_k, t.ar_k))),
            ar_k=ibis.cases((t.opened.notnull(), t.ar_k)),
            action=t.said,
        )
        for prefix, kinds in (("cl", shape.case_closing | shape.case_archiving), ("ar", shape.case_archiving)):
            e = union(
                [
                    self.kind(k).select(**{"ek": "k", f"{prefix}_i": "i", f"{prefix}_d": "d", f"{prefix}_day": "isday"})
                    for k in sorted(kinds)
                ]
            )
            t = t.left_join(e, t[f"{prefix}_k"] == e.ek).drop("ek")
        return t.select(*self.files.columns)

    def _said(self, kind: str) -> str:
        return "r_action_type" if "r_action_type" in self.schema(kind) else "f_action_type"

    def _last(self, kinds: frozenset[str], name: str, *, first: bool = False) -> Table:
        t = union([self.kind(k).select("c", "k") for k in sorted(kinds)])
        return t.group_by("c").agg(**{name: t.k.min() if first else t.k.max()})

    # -- reading them --------------------------------------------------------------------------------------------
    def rows(self, kinds: Iterable[str], *wanted: str, subjects: Iterable[str] = (), about: bool = False) -> Table:
        """Return the current records of several kinds with these columns; `subjects`: `u_<subject>`, the root of each one's."""
        out = []
        for kind in sorted(kinds):
            if kind not in self.reading.fields:
                continue
            t = self.kind(kind, about)
            # `r_`: as the record says it, without what the vocabulary takes its absence for.
            held = {n: t[n] if n in t.columns else t["f_" + n[2:]] for n in wanted}
            held.update({f"u_{s}": self.subject(t, kind, s) for s in subjects})
            out.append(t.select(**held))
        return union(out)

    def subject(self, t: Table, kind: str, subject: str) -> Value:
        """Return the root of the subject that records of a kind belong to, as `Held.subject_of` does."""
        shape = self.stack.shape
        if subject == "case":
            return t.c
        if (subject == "act" and kind in shape.intervals) or shape.opens.get(kind) == subject:
            return t.root
        name = "about" if subject == "act" else subject
        return t[f"l_{name}"] if f"l_{name}" in t.columns else ibis.null("int64")
