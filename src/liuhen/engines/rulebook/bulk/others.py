"""Triggers that are no records, in relations (其他触发): an open subject, a mark, a period."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from liuhen.engines.rulebook.bulk.conditions import Conditions, mark_table
from liuhen.engines.rulebook.bulk.frame import BASE, Shop
from liuhen.engines.rulebook.bulk.known import NotCarried
from liuhen.engines.rulebook.bulk.reading import parts_of, tests_of
from liuhen.engines.rulebook.bulk.tables import Tables
from liuhen.engines.rulebook.language import Mark, Test


def states(shop: Shop) -> Table:
    """Return the opening records of the subjects that are open at the moment, where the rule applies to them."""
    subject = shop.rule.trigger.each
    kinds = [k for k, s in shop.stack.shape.opens.items() if s == subject]
    t = shop.tables.rows(kinds, *shop.columns(), subjects=shop.subjects((subject,)))
    own = shop.closers(subject)
    if own is not None:
        own = own.select(xc="oc", xu="ou", x_i="ow_i")
        t = t.left_join(own, [t.c == own.xc, t.root == own.xu])
        t = t.filter(t.x_i.isnull() | (t.x_i > shop.at)).drop("xc", "xu", "x_i")
    t = t.filter(t.i <= shop.at)
    t, where = shop.conditions.ask(t, shop.rule.trigger.where)
    t = t.mutate(fits=where(t) if where is not None else ibis.literal(True))
    return shop.scoped(t.filter(t.fits.isnull() | t.fits))


def made_marks(tables: Tables, conditions: Conditions, mark: Mark) -> Table:
    """Return how the table of a mark is made: the answer of each file and the earliest record that makes it true.

    Only marks whose facts are records of the file; the others raise `NotCarried`.
    """
    t = tables.files.select("c")
    answers, firsts = [], []
    for n, condition in enumerate(mark.any):
        tests = list(tests_of(condition))
        if len(tests) != 1 or tests[0].part is None or tests[0].key == "has_not" or tests[0].part.any:
            raise NotCarried("a mark of several facts")
        test: Test = tests[0]
        part = test.part
        assert part is not None
        if part.link not in ("case", ""):
            raise NotCarried("a mark of linked records")
        t, ask = conditions.exists(t, part)
        answers.append(ask)
        (p,) = parts_of(part)
        f = conditions.fitting(p)
        f = f.filter(f.fits).mutate(rn=ibis.row_number().over(group_by="c", order_by="k"))
        f = f.filter(f.rn == p.at_least - 1).select(xc="c", **{f"y{n}": "k"})
        t = t.left_join(f, t.c == f.xc).drop("xc")
        firsts.append(f"y{n}")
    answer = answers[0](t)
    for one in answers[1:]:
        answer = answer | one(t)
    wit = ibis.least(*(t[y] for y in firsts)) if len(firsts) > 1 else t[firsts[0]]
    return t.select(c="c", answer=answer, wit=wit)


def marked(shop: Shop) -> Table:
    """Return the record of each file that makes the mark true; the opening record where nobody knows."""
    rule, stack = shop.rule, shop.stack
    mark = next(rb for rb in stack.rulebooks if rb.id == rule.rulebook).marks[rule.trigger.mark]
    kinds = {k for c in mark.any for test in tests_of(c) if test.part for p in parts_of(test.part) for k in p.kinds}
    m = mark_table(rule.rulebook, rule.trigger.mark)
    f = shop.tables.files.select(fc="c", fo="opened")
    m = m.left_join(f, m.c == f.fc)
    m = m.filter(m.answer.isnull() | m.answer)
    m = m.select(mk=ibis.cases((m.answer.notnull(), m.wit), else_=m.fo), sure=m.answer.notnull()).filter(
        lambda x: x.mk.notnull()
    )
    if rule.condition is not None or rule.also_for is not None:
        raise NotCarried("a condition beside a mark")
    spans = [f"s_{n}" for n, text in enumerate(shop.tables.texts) if text == rule.rulebook]
    t = shop.tables.rows(kinds | stack.shape.case_opening, *BASE, *spans, subjects=shop.subjects(()))
    t = t.join(m, t.k == m.mk).drop("mk")
    t = t.mutate(fits=ibis.cases((t.sure, True), else_=ibis.null("boolean")))
    return shop.scoped(t)
