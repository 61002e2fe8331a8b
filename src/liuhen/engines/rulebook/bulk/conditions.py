"""Conditions in relations (条件入关系): the same three answers as `predicates`; null is unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from itertools import count
from typing import Any

import ibis
from ibis.expr.types import BooleanValue, StringValue, Table

from liuhen.engines.rulebook.bulk.known import NotCarried
from liuhen.engines.rulebook.bulk.reading import fields_of, parts_of
from liuhen.engines.rulebook.bulk.tables import Tables
from liuhen.engines.rulebook.bulk.values import NULL_BOOL, against, compared
from liuhen.engines.rulebook.language import Condition, Part, Test
from liuhen.engines.rulebook.predicates import settled

Column = Callable[[Table], BooleanValue]


class Conditions:
    """Puts the conditions of one rulebook into relations; a test that looks at other records joins them first."""

    def __init__(self, tables: Tables, rulebook: str, settings: Mapping[str, Any]) -> None:
        self.tables, self.rulebook, self.settings = tables, rulebook, settings
        self._names = (f"w{n}" for n in count())

    def ask(self, t: Table, condition: Condition | None) -> tuple[Table, Column | None]:
        """Return the rows with what the condition needs joined to them, and the condition as a column of theirs."""
        if condition is None:
            return t, None
        answers: list[Column] = []
        for test in condition.tests:
            t, answer = self.ask(t, test) if isinstance(test, Condition) else self._test(t, test)
            if answer is not None:
                answers.append(answer)
        if condition.any:
            return t, lambda x: _fold(answers, x, True)
        return t, lambda x: _fold(answers, x, False)

    def _test(self, t: Table, test: Test) -> tuple[Table, Column]:
        if test.part is not None:
            t, exists = self.exists(t, test.part)
            return t, (lambda x: ~exists(x)) if test.key == "has_not" else exists
        assert test.compare is not None
        key, op, other, times = test.key, test.compare.op, test.compare.field, test.compare.times
        if key == "mark":
            return self._mark(t, str(test.compare.value))
        value = settled(None, test.compare, self.settings)
        if key in ("hour", "day_type"):
            raise NotCarried(key)
        if key == "trigger.precision":
            raise NotCarried(key)
        subject, dot, name = key.partition(".")
        if not dot:
            if other:
                return t, lambda x: against(x[f"f_{key}"], op, x[f"f_{other}"], times)
            return t, lambda x: compared(x[f"f_{key}"], op, value)
        if subject == "case":
            if case_column(name) in t.columns:
                held = case_column(name)
                return t, lambda x: ibis.cases((x.opened.isnull(), NULL_BOOL), else_=compared(x[held], op, value))
            f = self.tables.files
            column = next(self._names)
            joined = f.select(fc="c", **{column: f"f_{name}", column + "o": "opened"})
            t = t.left_join(joined, t.c == joined.fc).drop("fc")
            return t, lambda x: ibis.cases((x[column + "o"].isnull(), NULL_BOOL), else_=compared(x[column], op, value))
        raise NotCarried(key)

    def _mark(self, t: Table, name: str) -> tuple[Table, Column]:
        column = next(self._names)
        m = mark_table(self.rulebook, name).select(mc="c", **{column: "answer"})
        t = t.left_join(m, t.c == m.mc).drop("mc")
        return t, lambda x: x[column]

    def fitting(self, part: Part, *wanted: str, subject: str = "", about: bool = False) -> Table:
        """Return the records that one part asks for, its link apart: with `fits`, null where that is not known."""
        subjects = (subject,) if subject else ()
        names = ["c", "k", *wanted, *(f"f_{n}" for n in sorted(fields_of(part.where)))]
        if part.by or part.approved_by:
            names += ["by_roles", "sign_roles"]
        t = self.tables.rows(part.kinds, *dict.fromkeys(names), subjects=subjects, about=about)
        t, where = self.ask(t, part.where)
        for roles in (part.by, part.approved_by):
            if roles:
                t = t.filter(has_role(t.by_roles, roles) | has_role(t.sign_roles, roles))
        return t.mutate(fits=where(t) if where is not None else ibis.literal(True))

    def exists(self, t: Table, part: Part) -> tuple[Table, Column]:
        """Join whether so many such records stand in the same subject."""
        answers: list[Column] = []
        for p in parts_of(part):
            link = p.link
            if link == "it":
                found = self.fitting(p, "ab", about=True).select("c", "fits", u="ab")
            elif link in ("case", ""):
                found = self.fitting(p).select("c", "fits", u="c")
            else:
                found = self.fitting(p, subject=link).select("c", "fits", u=f"u_{link}")
            sure, maybe = next(self._names), next(self._names)
            found = found.filter(found.fits.isnull() | found.fits)
            g = found.group_by(gc="c", gu=ibis.coalesce(found.u, -1)).agg(
                **{sure: found.fits.cast("int32").sum(), maybe: found.count()}
            )
            mine = {"it": "root", "case": "c", "": "c"}.get(link, f"u_{link}")
            t = t.left_join(g, [t.c == g.gc, ibis.coalesce(t[mine], -1) == g.gu]).drop("gc", "gu")
            answers.append(_enough(sure, maybe, p.at_least))
        return t, lambda x: _fold(answers, x, True)


def case_column(name: str) -> str:
    """Return the column of a field of the case among the triggers, to which their files are joined (`Shop.scoped`)."""
    return f"case_{name}"


def has_role(roles: StringValue, wanted: tuple[str, ...]) -> BooleanValue:
    """Whether one of these roles stands among those of a record, written `|role|role|`."""
    found = [ibis.coalesce(roles.contains(f"|{r}|"), False) for r in wanted]
    return reduce(lambda a, b: a | b, found)


def _enough(sure: str, maybe: str, many: int) -> Column:
    return lambda x: ibis.cases(
        (ibis.coalesce(x[sure], 0) >= many, True), (ibis.coalesce(x[maybe], 0) >= many, NULL_BOOL), else_=False
    )


def _fold(answers: list[Column], x: Table, either: bool) -> BooleanValue:
    out = answers[0](x)
    for one in answers[1:]:
        out = (out | one(x)) if either else (out & one(x))
    return out


def mark_table(rulebook: str, name: str) -> Table:
    """Return the table of a mark: for each file the answer, and the place of the record that made it true."""
    return ibis.table(
        {"c": "int64", "answer": "boolean", "wit": "int64"}, name=f"m_{rulebook}_{name}".replace("-", "_")
    )
