"""A stack put into relations (编译为关系): one statement for each table and each rule, compiled once and kept."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import ibis
from ibis.common.exceptions import IbisError
from ibis.expr.operations import Field, Project, Relation, UnboundTable
from ibis.expr.types import Table

from liuhen.engines.rulebook.bulk.absence import absences
from liuhen.engines.rulebook.bulk.clocks import Clocks
from liuhen.engines.rulebook.bulk.collected import sorted_after
from liuhen.engines.rulebook.bulk.conditions import Conditions, mark_table
from liuhen.engines.rulebook.bulk.content import contents
from liuhen.engines.rulebook.bulk.coverage import coverages
from liuhen.engines.rulebook.bulk.frame import Shop
from liuhen.engines.rulebook.bulk.known import NotCarried, unknown
from liuhen.engines.rulebook.bulk.order import orders
from liuhen.engines.rulebook.bulk.others import made_marks
from liuhen.engines.rulebook.bulk.periods import periodic
from liuhen.engines.rulebook.bulk.reading import parts_of, tests_of
from liuhen.engines.rulebook.bulk.response import responses
from liuhen.engines.rulebook.bulk.standing import blurred
from liuhen.engines.rulebook.bulk.tables import AT, TODAY, Tables, named
from liuhen.engines.rulebook.language import Rule
from liuhen.engines.rulebook.stack import Stack
from liuhen.ground import moments
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
        registered: whether there is a register of certificates. only: refs of rules; empty: all of the stack. here: kinds of
            which there is any record; a rule that needs another is asked of nothing, and no statement is made for it; None: any.
        folder: where statements are kept from run to run, by the digest of all that they are made of; None: nowhere.
    """

    def __init__(
        self,
        stack: Stack,
        *,
        registered: bool,
        only: Iterable[str] = (),
        here: Collection[str] | None = None,
        dialect: str = "duckdb",
        folder: Path | None = None,
    ) -> None:
        self.stack, self.registered, self.dialect = stack, registered, dialect
        self.clocks = Clocks(stack)
        self.wanted = frozenset(only)
        self.here = frozenset(stack.vocabulary.kinds if here is None else here)
        self._marks = {rb.id: rb.marks for rb in stack.rulebooks}
        self.tables = Tables(stack, [r for r in stack.rules if self._asked(r) and not self._unknown(r)])
        self._conditions = {rb.id: Conditions(self.tables, rb.id, stack.settings[rb.id]) for rb in stack.rulebooks}
        self._kept: dict[str, Any] = {"reads": {}}
        self._columns: dict[str, tuple[str, ...]] | None = None
        self._read: frozenset[str] = frozenset()
        self._new = False
        self.folder = folder
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
        for kind in self.read_kinds():
            if kind in self.here:
                self.of_kind(kind)
        self.keep()

    def asked(self) -> list[Carried]:
        """Return the rules that are asked in relations of any record there is."""
        return [r for r in self.rules if not r.left and not self.asks_of(r.rule).isdisjoint(self.here)]

    def columns(self) -> dict[str, tuple[str, ...]]:
        """Return what of each kind's table any statement reads, `c`, `k` and `l_about` always: the table has no more.

        A kind that none reads has only these, and no rows (`read_kinds`).
        """
        if self._columns is None:
            self.files()
            used = {"files", *(f"m {name}" for name, _ in self.marks())}
            for r in self.asked():
                self.rule(r)
                used.add(f"r {r.rule.ref} False")
                if r.rule.stops:
                    self.blurred(r)
                    used.add(f"b {r.rule.ref}")
            found: dict[str, set[str]] = {k: {"c", "k", "l_about"} for k in self.tables.reading.kinds}
            kinds = {f"{letter}_{named(k)}": k for k in found for letter in "ka"}
            read: set[str] = set()
            # What one trigger is asked alone reads what all of them do, and is compiled only when it is needed.
            for held in (self._kept["reads"][name] for name in sorted(used)):
                for table, columns in held.items():
                    found[kinds[table]].update(columns)
                    read.add(kinds[table])
            for r in self.rules:
                for kind in r.rule.trigger.kinds & found.keys() if r.rule.has.officers_valid else ():
                    found[kind].add("blurred")
                    read.add(kind)
            self._read = frozenset(read)
            order = {k: list(self.tables.schema(k)) for k in found}
            self._columns = {k: tuple(n for n in order[k] if n in names) for k, names in found.items()}
        return self._columns

    def read_kinds(self) -> tuple[str, ...]:
        """Return the kinds of whose tables some statement reads any row."""
        self.columns()
        return tuple(k for k in self.tables.reading.kinds if k in self._read)

    def keep(self) -> None:
        """Write what was compiled since, for the next run."""
        if self._file is not None and self._new:
            self._kept["clocks"] = sorted(self.clocks.made)
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_text(json.dumps(self._kept))
            self._new = False

    def _once(self, name: str, made: Callable[[], Table]) -> str:
        if name not in self._kept:
            table = made()
            self._kept[name] = sql(table, self.dialect)
            self._kept.setdefault("reads", {})[name] = {t: sorted(columns) for t, columns in read_by(table).items()}
            self._new = True
        return str(self._kept[name])

    # -- statements ----------------------------------------------------------------------------------------------
    def of_kind(self, kind: str) -> str:
        """Return the statement for `k_<kind>`."""
        wanted = self.columns()[kind]
        return self._once(f"k {kind} {' '.join(wanted)}", lambda: self.tables.of_kind(kind, wanted))

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
                    out.append((name, self._once(f"m {name}", lambda c=c, m=mark: made_marks(self.tables, c, m))))  # type: ignore[misc]
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

    def asks_of(self, rule: Rule) -> frozenset[str]:
        """Return the kinds of which a rule needs one record to ask anything at all."""
        trigger, shape = rule.trigger, self.stack.shape
        if trigger.type == "record":
            return trigger.kinds
        if trigger.type == "mark":
            facts = self._marks[rule.rulebook][trigger.mark].any
            tested = [t.part for c in facts for t in tests_of(c) if t.part is not None]
            return shape.case_opening.union(*(p.kinds for part in tested for p in parts_of(part)))
        subject = trigger.each if trigger.type == "state" else trigger.per
        return frozenset(k for k, s in shape.opens.items() if s == subject)

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
                if not self.asks_of(rule).isdisjoint(self.here):
                    self.rule(Carried(number, rule))
            except NotCarried as reason:
                self._kept[f"not {name}"] = str(reason)
                self._new = True
            except (IbisError, AttributeError, KeyError, RecursionError) as fault:
                # Known words put together as no rule of ours does: a column that is not there, say, or too many of them.
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

    def kept_table(self, name: str) -> Path | None:
        """Return where a table of days is kept from run to run; None: nowhere."""
        if self.folder is None:
            return None
        of = [name, self.stack.calendar.version, code()]
        return self.folder / f"{name}-{digest(of)[:16]}.parquet"

    def ready(self, statement: str, at: Instant) -> str:
        """Return a statement as asked at a moment."""
        return statement.replace(str(AT), str(at)).replace(str(TODAY), str(self.stack.calendar.day_at(at)))


# What runs statements makes none.
_RUN = frozenset({"audit", "duck", "export", "outcome", "parts", "spark"})


@cache
def code() -> str:
    """Return what the statements are made by: they are made anew when it changes."""
    bulk = Path(__file__).parent
    found = [p for p in bulk.glob("*.py") if p.stem not in _RUN]
    found += [*bulk.parent.glob("*.py"), *bulk.parent.glob("forms/*.py")]
    ground = Path(moments.__file__).parent
    return "".join(p.read_text() for p in sorted([*found, *ground.glob("*.py")]))


def sql(table: Table, dialect: str) -> str:
    """Return a relation as a statement of an engine."""
    ibis.options.sql.fuse_selects = False
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    return str(ibis.to_sql(sorted_after(table) if dialect == "pyspark" else table, dialect=dialect, pretty=False))


def read_by(table: Table) -> dict[str, set[str]]:
    """Return which columns of the tables of kinds a relation reads, by table."""
    out: dict[str, set[str]] = {}
    for field in table.op().find(Field):
        if isinstance(field.rel, UnboundTable) and field.rel.name[:2] in ("k_", "a_"):
            out.setdefault(field.rel.name, set()).add(field.name)
    for relation in table.op().find(Relation):
        for read in (r for r in relation.__args__ if isinstance(r, UnboundTable)):
            # Anything but a selection takes all columns along.
            if read.name[:2] in ("k_", "a_") and not isinstance(relation, Project):
                out.setdefault(read.name, set()).update(read.schema)
    return {t: columns - {"ab"} for t, columns in out.items()}


def marks_in(rule: Rule) -> list[str]:
    """Return the marks that a rule looks at."""
    out = [rule.trigger.mark] if rule.trigger.mark else []
    for c in (rule.trigger.where, rule.condition, rule.also_for.condition if rule.also_for else None):
        out += [str(t.compare.value) for t in tests_of(c) if t.key == "mark" and t.compare is not None]
    return out
