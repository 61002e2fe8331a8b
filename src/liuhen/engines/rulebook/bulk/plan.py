"""A stack put into relations (编译为关系): one statement for each table and each rule, compiled once and kept."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
from ibis.common.exceptions import IbisError
from ibis.expr.types import Table

from liuhen.engines.rulebook.bulk.absence import absences
from liuhen.engines.rulebook.bulk.clocks import Clocks
from liuhen.engines.rulebook.bulk.conditions import Conditions, mark_table
from liuhen.engines.rulebook.bulk.content import contents
from liuhen.engines.rulebook.bulk.coverage import coverages
from liuhen.engines.rulebook.bulk.frame import Shop
from liuhen.engines.rulebook.bulk.known import NotCarried, unknown
from liuhen.engines.rulebook.bulk.order import orders
from liuhen.engines.rulebook.bulk.others import made_marks
from liuhen.engines.rulebook.bulk.periods import periodic
from liuhen.engines.rulebook.bulk.reading import tests_of
from liuhen.engines.rulebook.bulk.response import responses
from liuhen.engines.rulebook.bulk.standing import blurred
from liuhen.engines.rulebook.bulk.tables import AT, TODAY, Tables
from liuhen.engines.rulebook.language import Rule
from liuhen.engines.rulebook.stack import Stack
from liuhen.ground.canonical import digest
from liuhen.ground.moments import Instant


@dataclass(frozen=True)
class Carried:
    """A rule and how it is asked (规则与问法): `left` says why it is asked case by case; empty: in relations."""

    number: int
    rule: Rule
    left: str = ""


class Plan:
    """What is run for each part of the records (执行计划): statements by name, made when first asked for and kept.

    Args:
        registered: whether there is a register of certificates. only: refs of rules; empty: all of the stack.
        folder: where statements are kept from run to run, by the digest of all that they are made of; None: nowhere.
    """

    def __init__(
        self,
        stack: Stack,
        *,
        registered: bool,
        only: Iterable[str] = (),
        dialect: str = "duckdb",
        folder: Path | None = None,
    ) -> None:
        self.stack, self.registered, self.dialect = stack, registered, dialect
        self.clocks = Clocks(stack)
        self.wanted = frozenset(only)
        self._marks = {rb.id: rb.marks for rb in stack.rulebooks}
        self.tables = Tables(stack, [r for r in stack.rules if self._asked(r) and not self._unknown(r)])
        self._conditions = {rb.id: Conditions(self.tables, rb.id, stack.settings[rb.id]) for rb in stack.rulebooks}
        self._kept: dict[str, Any] = {}
        self._new = False
        self._file = folder / f"{self._digest()}.json" if folder is not None else None
        if self._file is not None and self._file.is_file():
            self._kept = json.loads(self._file.read_text())
        self.rules = [Carried(n, r, self._why_not(n, r)) for n, r in enumerate(stack.rules) if self._asked(r)]
        self.made = dict(self.clocks.named(self._kept.get("clocks", ())))

    def _asked(self, rule: Rule) -> bool:
        return not self.wanted or rule.ref in self.wanted

    def _unknown(self, rule: Rule) -> str:
        return unknown(rule, self._marks[rule.rulebook])

    def _digest(self) -> str:
        books = [(rb.digest, self.stack.settings[rb.id]) for rb in self.stack.rulebooks]
        of = [books, self.stack.vocabulary.digest, self.stack.calendar.version, self.stack.regardless, self.registered]
        return digest([*of, self.dialect, sorted(self.wanted), code()])

    def prepare(self) -> None:
        """Compile what every run needs, and keep it."""
        for kind in self.tables.reading.kinds:
            self.of_kind(kind)
        self.files()
        self.marks()
        self.keep()

    def keep(self) -> None:
        """Write what was compiled since, for the next run."""
        if self._file is not None and self._new:
            self._kept["clocks"] = sorted(self.clocks.made)
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_text(json.dumps(self._kept))
            self._new = False

    def _once(self, name: str, made: Callable[[], Table]) -> str:
        if name not in self._kept:
            self._kept[name] = sql(made(), self.dialect)
            self._new = True
        return str(self._kept[name])

    # -- statements ----------------------------------------------------------------------------------------------
    def of_kind(self, kind: str) -> str:
        """Return the statement for `k_<kind>`."""
        return self._once(f"k {kind}", lambda: self.tables.of_kind(kind))

    def files(self) -> str:
        """Return the statement for `files`."""
        return self._once("files", self.tables.of_files)

    def marks(self) -> list[tuple[str, str]]:
        """Return the tables of marks, each with its statement."""
        out = []
        for rb in self.stack.rulebooks:
            for mark in rb.marks.values():
                name = mark_table(rb.id, mark.id).get_name()
                try:
                    c = self._conditions[rb.id]
                    out.append((name, self._once(name, lambda c=c, m=mark: made_marks(self.tables, c, m))))  # type: ignore[misc]
                except NotCarried:
                    continue
        return out

    def rule(self, rule: Carried, apart: bool = False) -> str:
        """Return the statement of a rule; `apart`: for one trigger a file, without the records that met others."""
        name = f"r {rule.rule.ref} {apart}"
        return self._once(name, lambda: self._made(self._shop(rule.number, rule.rule), apart))

    def blurred(self, rule: Carried) -> str:
        """Return the statement for the files in which a rule's stops can't be told in relations."""
        return self._once(f"b {rule.rule.ref}", lambda: blurred(self._shop(rule.number, rule.rule)))

    def _shop(self, number: int, rule: Rule) -> Shop:
        return Shop(self.tables, rule, number, self._conditions[rule.rulebook])

    def _why_not(self, number: int, rule: Rule) -> str:
        """Return why a rule can't be put into relations; found by trying, and kept."""
        name = f"r {rule.ref} False"
        if name not in self._kept and f"not {name}" not in self._kept:
            try:
                if said := self._unknown(rule):
                    raise NotCarried(said)
                for mark in marks_in(rule):
                    made_marks(self.tables, self._conditions[rule.rulebook], self._marks[rule.rulebook][mark])
                self.rule(Carried(number, rule))
            except NotCarried as reason:
                self._kept[f"not {name}"] = str(reason)
                self._new = True
            except (IbisError, AttributeError, KeyError) as fault:
                # Known words put together as no rule of ours does: a column that is not there, say.
                self._kept[f"not {name}"] = type(fault).__name__
                self._new = True
        return str(self._kept.get(f"not {name}", ""))

    def _made(self, shop: Shop, apart: bool) -> Table:
        rule = shop.rule
        if rule.form == "response" and rule.trigger.type == "period":
            return periodic(shop, self.clocks)
        if rule.form == "response":
            return responses(shop, self.clocks, apart=apart)
        if rule.form == "content":
            return contents(shop, self.registered)
        if rule.form == "order":
            return orders(shop)
        if rule.form == "coverage":
            return coverages(shop, self.clocks)
        if rule.form == "absence":
            return absences(shop)
        raise NotCarried(rule.form)

    def ready(self, statement: str, at: Instant) -> str:
        """Return a statement as asked at a moment."""
        return statement.replace(str(AT), str(at)).replace(str(TODAY), str(self.stack.calendar.day_at(at)))


def code() -> str:
    """Return what the statements are made by: they are made anew when it changes."""
    return "".join(p.read_text() for p in sorted(Path(__file__).parent.glob("*.py")))


def sql(table: Table, dialect: str) -> str:
    """Return a relation as a statement of an engine."""
    ibis.options.sql.fuse_selects = False
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    return str(ibis.to_sql(table, dialect=dialect, pretty=False))


def marks_in(rule: Rule) -> list[str]:
    """Return the marks that a rule looks at."""
    out = [rule.trigger.mark] if rule.trigger.mark else []
    for c in (rule.trigger.where, rule.condition, rule.also_for.condition if rule.also_for else None):
        out += [str(t.compare.value) for t in tests_of(c) if t.key == "mark" and t.compare is not None]
    return out
