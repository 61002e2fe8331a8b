"""One part of the records (逐部执行): its tables made, every rule asked, and what two triggers share taken apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from types import SimpleNamespace
from typing import Any

from liuhen.engines.rulebook.bulk.clocks import CLOCK, DAYS, FIRST, LAST
from liuhen.engines.rulebook.bulk.duck import Duck
from liuhen.engines.rulebook.bulk.frame import DUTY
from liuhen.engines.rulebook.bulk.periods import PERIODS
from liuhen.engines.rulebook.bulk.plan import Carried, Plan
from liuhen.engines.rulebook.bulk.rows import columns, key_of
from liuhen.engines.rulebook.bulk.tables import named
from liuhen.engines.rulebook.forms.triggers import period_name, periods
from liuhen.engines.rulebook.held import Register, chain_roots, withdrawn
from liuhen.engines.rulebook.in_force import FOR_GOOD
from liuhen.ground.moments import Instant, read_date
from liuhen.ground.record import Record

MOST_TURNS = 64
ASIDE = {"c": "int64", "r": "int16", "why": "string"}
_SMALL = {
    "gone": {"c": "int64", "key": "int64"},
    "roots": {"c": "int64", "key": "int64", "root": "int64"},
    "wanted": {"c": "int64", "id": "string"},
    "applied": {"c": "int64", "rulebook": "string", "since": "int32", "until": "int32"},
    "more": {"k": "int64", "ab": "int64"},
    "numbers": {"c": "int64"},
    "duty": DUTY,
    "aside": ASIDE,
    "shared": {"c": "int64"},
    "several": {"c": "int64"},
    "turns": {"c": "int64", "k": "int64", "n": "int64"},
    "turn": {"k": "int64"},
    "used": {"k": "int64"},
    "found": DUTY,
}


class Engine:
    """A database with the tables that are the same for every part (公用表): days, clocks, periods, the register.

    Args:
        at: the moment asked. register, applied: as for `Stack.judge`. db: a `Duck` by default, else a `Postgres`.
    """

    def __init__(
        self,
        plan: Plan,
        at: Instant,
        *,
        register: Register = Register.EMPTY,
        applied: Iterable[Record] = (),
        db: Any = None,
    ) -> None:
        self.plan, self.at = plan, at
        self.db = db if db is not None else Duck()
        self.dates: set[str] = set()
        self._filled: set[str] = set()
        if self.db.dialect != plan.dialect:
            raise ValueError("a plan for another engine")
        self.applied = tuple(applied)
        calendar = plan.stack.calendar
        self._days("days", DAYS, plan.clocks.day_rows)
        self._new_clocks()
        if plan.tables.texts:
            rows = [(day, *flags) for day, flags in self._judged()]
            flags = {f"s_{n}": "boolean" for n in range(len(plan.tables.texts))}
            self._table("judged", {"day": "int32", **flags}, rows)
        today = calendar.day_at(at)
        years = [("calendar_year", a, b, calendar.instant(a), calendar.instant(b), period_name("calendar_year", a))
                 for a, b in periods(calendar, "calendar_year", max(FIRST, today - 365 * 300), today)]  # fmt: skip
        self._table("periods", dict(PERIODS.schema().items()), years)
        spans = [(number, a, b) for number, held in register.spans.items() for a, b in held]
        self._table("register", {"number": "string", "since": "int32", "until": "int32"}, spans)
        self._tables()

    def _judged(self) -> Iterable[tuple[int, list[bool]]]:
        """Yield for each day whether each text judges it: its own dates, and recorded decisions to apply it on."""
        known = [r for r in self.applied if r.received <= self.at]
        gone = {r.corrects for r in known}
        spans: list[list[tuple[int, int]]] = []
        for rb in self.plan.stack.rulebooks:
            spans.append([(rb.in_force_from, rb.in_force_to or FOR_GOOD)])
            spans[-1] += [
                s for r in known if r.id not in gone and r.content.get("rulebook") == rb.id for s in decided(r.content)
            ]
        for day in range(FIRST, LAST + 1):
            yield day, [any(a <= day <= b for a, b in of) for of in spans]

    def _table(self, name: str, types: Mapping[str, Any], rows: Sequence[tuple[Any, ...]]) -> None:
        named_types = {n: str(t) for n, t in types.items()}
        self.db.empty(name, named_types)
        self.db.put(name, named_types, rows)
        self.db.settled(name)

    # -- a part ------------------------------------------------------------------------------------------------------
    def part(self, source: str, told: Callable[[int, int], None] = lambda n, of: None) -> None:
        """Ask every rule of the records that `source` (a table or `read_parquet(…)`) holds; the answers lie in `duty`."""
        plan = self.plan
        self.db.records(source, self._kept, self.at)
        here = {k for (k,) in self.db.fetch("SELECT DISTINCT kind FROM rec")}
        self._corrections()
        self._mend()
        self._applied_here()
        self._several()
        for kind in plan.read_kinds():
            if kind in here:
                self._fill(f"k_{named(kind)}", plan.of_kind(kind))
            else:
                self._clear_filled(f"k_{named(kind)}")
        self._fill("numbers", "SELECT DISTINCT c FROM rec")
        self._fill("files", plan.files())
        for name, statement in plan.marks():
            self._fill(name, statement)
        self._clear("duty")
        self._clear("aside")
        self._new_clocks()
        carried = plan.asked()
        for n, rule in enumerate(carried):
            if plan.asks_of(rule.rule).isdisjoint(here):
                continue
            self._again(f"r{rule.number}", f"INSERT INTO duty {plan.rule(rule)}")
            if rule.rule.stops:
                found = f"SELECT c, {rule.number}, 'stops' FROM ({plan.blurred(rule)}) AS found"
                self._again(f"b{rule.number}", f"INSERT INTO aside {found}")
            told(n + 1, len(carried))
        self._aside_of_content(carried)
        self._take_apart([r for r in carried if r.rule.form == "response" and not all(p.shared for p in r.rule.then)])

    def _fill(self, table: str, statement: str) -> None:
        """Put the rows of a statement in the place of a table's; the table itself stays, and so do the plans that name it."""
        self._clear_filled(table)
        self._again(f"f_{table}", f"INSERT INTO {table} {statement}")
        self.db.settled(table)
        self._filled.add(table)

    def _clear_filled(self, table: str) -> None:
        if table in self._filled:
            self._clear(table)
        self._filled.discard(table)

    def _clear(self, table: str) -> None:
        self.db.clear(table)

    def _again(self, name: str, statement: str) -> None:
        self.db.again(name, self.plan.ready(statement, self.at))

    def _rows(self, table: str, types: dict[str, str], rows: Sequence[tuple[Any, ...]]) -> None:
        """Put these rows in the place of a table's."""
        self._clear(table)
        self.db.put(table, types, rows)

    def _tables(self) -> None:
        """Make every table that a part fills, empty."""
        plan = self.plan
        types = columns(plan.stack.vocabulary)
        self._kept = types
        for kind, wanted in plan.columns().items():
            schema = plan.tables.schema(kind)
            self.db.empty(f"k_{named(kind)}", {n: schema[n] for n in wanted})
        for name, inside in _SMALL.items():
            self.db.empty(name, inside)
        self.db.empty("mended", {"k": "int64", "root": "int64", **{f"l_{r}": "int64" for r in plan.tables.roles}})
        self.db.empty("also", {"k": "int64", **{f"s_{n}": "boolean" for n in range(len(plan.tables.texts))}})
        self.db.empty("files", {n: str(t) for n, t in plan.tables.files.schema().items()})
        for name, _ in plan.marks():
            self.db.empty(name, {"c": "int64", "answer": "boolean", "wit": "int64"})
        for kind in plan.tables.reading.kinds:
            name = named(kind)
            self.db.run(
                f"CREATE VIEW a_{name} AS SELECT *, l_about AS ab FROM k_{name} WHERE l_about IS NOT NULL "
                f"UNION ALL SELECT k.*, more.ab FROM k_{name} k JOIN more ON k.k = more.k"
            )

    def _new_clocks(self) -> None:
        for name in sorted(set(self.plan.clocks.made) - self.dates):
            self._days(name, CLOCK, partial(self.plan.clocks.rows, name))
            self.dates.add(name)

    def _days(self, name: str, types: dict[str, str], rows: Callable[[], Iterable[tuple[Any, ...]]]) -> None:
        """Make a table with a row a day, counted once and kept with the statements."""
        kept = self.plan.kept_table(name)
        if kept is not None and kept.is_file():
            self.db.empty(name, types)
            self.db.kept(name, kept)
            self.db.settled(name)
            return
        self._table(name, types, list(rows()))
        if kept is not None:
            self.db.keep(name, kept)

    def _corrections(self) -> None:
        """Find what was corrected or withdrawn and the roots of chains, by the engine's own functions; few records are."""
        db, shape = self.db, self.plan.stack.shape
        kinds = ", ".join(f"'{k}'" for k in sorted(shape.replacing)) or "''"
        taken = db.fetch(
            f"SELECT c, id, corrects, root_id, rcv FROM rec WHERE rcv <= {self.at} AND (corrects IS NOT NULL "
            f"OR root_id IS NOT NULL)"
        )
        taken_back = db.fetch(
            f"SELECT c, lists, rcv FROM rec WHERE rcv <= {self.at} AND corrects IS NULL AND kind IN ({kinds})"
        )
        self._clear("gone")
        self._clear("roots")
        if not taken and not taken_back:
            return
        gone: list[tuple[int, int]] = []
        roots: list[tuple[int, int, int]] = []
        by_file: dict[int, list[Any]] = {}
        for c, id_, corrects, root, rcv in taken:
            by_file.setdefault(c, []).append(SimpleNamespace(id=id_, corrects=corrects, root=root or id_, received=rcv))
        targets = {c: {r.corrects for r in held} for c, held in by_file.items()}
        here = self._known_ids([(c, t) for c, ts in targets.items() for t in ts if t])
        withdrawals: dict[int, list[Any]] = {}
        for c, taken_away, rcv in taken_back:
            for key in taken_away or ():
                withdrawals.setdefault(c, []).append((key, rcv))
        for c, held in by_file.items():
            known = [
                *held,
                *(
                    SimpleNamespace(id=i, corrects=None, root=i, received=0)
                    for i in here.get(c, ())
                    if i not in {r.id for r in held}
                ),
            ]
            corrected = {r.id: r.corrects for r in held if r.corrects is not None}
            roots += [(c, key_of(i), key_of(root)) for i, root in chain_roots(corrected, known).items()]
            gone += [(c, key_of(i)) for i in corrected.values()]
            if c in withdrawals:
                named_ = {key_of(r.id): r.id for r in held} | {key_of(i): i for i in here.get(c, ())}
                events: list[Any] = [
                    SimpleNamespace(received=rcv, links={"withdraws": (named_.get(key, f"?{key}"),)})
                    for key, rcv in withdrawals[c]
                ]
                gone += [(c, key_of(i)) for i in withdrawn(events, known, corrected) if not i.startswith("?")]
        gone += [(c, key) for c, events in withdrawals.items() for key, _ in events]
        self._rows("gone", _SMALL["gone"], sorted(set(gone)))
        self._rows("roots", _SMALL["roots"], sorted(set(roots)))

    def _mend(self) -> None:
        """Say for each record that is a correction, or names what was corrected, what its own root and its links' roots are."""
        read = {n for columns in self.plan.columns().values() for n in columns}
        roles = [r for r in self.plan.tables.roles if f"l_{r}" in read]
        joins = " ".join(f"LEFT JOIN roots r{n} ON r{n}.c = m.c AND r{n}.key = m.l_{r}" for n, r in enumerate(roles))
        place = {r: n for n, r in enumerate(roles)}
        named_ = ", ".join(
            f"r{place[r]}.root AS l_{r}" if r in place else f"NULL AS l_{r}" for r in self.plan.tables.roles
        )
        pointed = ", ".join(f"l_{r}" for r in roles)
        self._fill(
            "mended",
            f"SELECT m.k, own.root AS root, {named_} FROM (SELECT k, c, key, {pointed} FROM rec WHERE c IN "
            f"(SELECT c FROM roots)) m LEFT JOIN roots own ON own.c = m.c AND own.key = m.key {joins}",
        )

    def _known_ids(self, wanted: list[tuple[int, str]]) -> dict[int, set[str]]:
        if not wanted:
            return {}
        self._rows("wanted", _SMALL["wanted"], wanted)
        found = self.db.fetch("SELECT c, id FROM rec WHERE (c, id) IN (SELECT c, id FROM wanted)")
        out: dict[int, set[str]] = {}
        for c, id_ in found:
            out.setdefault(c, set()).add(id_)
        return out

    def _applied_here(self) -> None:
        """Find the decisions to apply a text on that lie in the files themselves."""
        kinds = ", ".join(f"'{k}'" for k in sorted(self.plan.stack.shape.applied)) or "''"
        import json

        outside = {key_of(str(r.corrects)) for r in self.applied if r.received <= self.at and r.corrects}
        rows = []
        for c, key, content in self.db.fetch(
            f"SELECT c, key, content FROM rec WHERE kind IN ({kinds}) AND (c, key) NOT IN (SELECT c, key FROM gone)"
        ):
            held = json.loads(content)
            if key not in outside:
                rows += [(c, str(held.get("rulebook")), a, b) for a, b in decided(held)]
        self._rows("applied", _SMALL["applied"], rows)
        texts = self.plan.tables.texts
        flags = ", ".join(f"CASE WHEN bool_or(a.rulebook = '{t}') THEN TRUE END AS s_{n}" for n, t in enumerate(texts))
        self._fill(
            "also",
            f"SELECT rec.k{', ' + flags if flags else ''} FROM rec JOIN applied a ON a.c = rec.c "
            f"AND rec.d BETWEEN a.since AND a.until GROUP BY rec.k",
        )

    def _several(self) -> None:
        """Find the records that name more than one by `about`."""
        self._fill(
            "more",
            f"SELECT m.k, coalesce(r.root, m.ab) AS ab FROM (SELECT c, k, unnest(more) AS ab "
            f"FROM rec WHERE more IS NOT NULL AND rcv <= {self.at}) m LEFT JOIN roots r ON r.c = m.c AND r.key = m.ab",
        )

    def _aside_of_content(self, carried: list[Carried]) -> None:
        """Set aside the files in which only the per-case evaluator tells the officers of a record apart."""
        for rule in carried:
            if rule.rule.has.officers and rule.rule.has.officers_valid:
                for kind in sorted(rule.rule.trigger.kinds):
                    self.db.run(
                        f"INSERT INTO aside SELECT DISTINCT c, {rule.number}, 'officers' FROM k_{named(kind)} WHERE blurred"
                    )

    # -- what two triggers share -----------------------------------------------------------------------------------
    def _take_apart(self, rules: list[Carried]) -> None:
        """Ask again, trigger by trigger, where one record would meet two triggers of a rule (or two parts of one)."""
        if not rules:
            return
        numbers = ", ".join(str(r.number) for r in rules)
        found = self.db.fetch(
            "SELECT DISTINCT r, c FROM (SELECT r, c, x FROM "
            f"(SELECT r, c, unnest(met) AS x FROM duty WHERE r IN ({numbers})) AS each_one "
            "GROUP BY r, c, x HAVING count(*) > 1) AS taken ORDER BY r, c"
        )
        by_number = {r.number: r for r in rules}
        files: dict[int, list[int]] = {}
        for number, c in found:
            files.setdefault(number, []).append(c)
        for number, shared in files.items():
            self._turns(by_number[number], shared)

    def _turns(self, rule: Carried, files: list[int]) -> None:
        db, number = self.db, rule.number
        self._rows("shared", _SMALL["shared"], [(c,) for c in files])
        if rule.rule.trigger.type == "record":
            several = " UNION ALL ".join(
                f"SELECT c FROM k_{named(k)} WHERE c IN (SELECT c FROM shared)" for k in sorted(rule.rule.trigger.kinds)
            )
            # A lone trigger keeps no account: what meets one of its parts may meet another.
            self._clear("several")
            db.run(f"INSERT INTO several SELECT c FROM ({several}) AS found GROUP BY c HAVING count(*) > 1")
            db.run("DELETE FROM shared WHERE c NOT IN (SELECT c FROM several)")
        elif rule.rule.trigger.type != "state":
            return
        self._clear("turns")
        db.run(
            f"INSERT INTO turns SELECT c, k, row_number() OVER (PARTITION BY c ORDER BY k) AS n "
            f"FROM duty WHERE c IN (SELECT c FROM shared) AND r = {number} AND met IS NOT NULL"
        )
        db.run(f"INSERT INTO aside SELECT c, {number}, 'turns' FROM turns GROUP BY c HAVING max(n) > {MOST_TURNS}")
        db.run(f"DELETE FROM duty WHERE r = {number} AND k IN (SELECT k FROM turns)")
        self._clear("used")
        ((most,),) = db.fetch("SELECT coalesce(max(n), 0) FROM turns")
        for n in range(1, min(most, MOST_TURNS) + 1):
            self._clear("turn")
            db.run(f"INSERT INTO turn SELECT k FROM turns WHERE n = {n}")
            self._clear("found")
            self._again(f"t{number}", f"INSERT INTO found {self.plan.rule(rule, apart=True)}")
            db.run("INSERT INTO duty SELECT * FROM found")
            db.run("INSERT INTO used SELECT unnest(met) FROM found")


def decided(content: Any) -> list[tuple[int, int]]:
    """Return from when until when a recorded decision applies a text on; nothing where it names no day."""
    start, end = read_date(str(content.get("from"))), read_date(str(content.get("until") or ""))
    if start is None:
        return []
    return [(start.toordinal(), end.toordinal() if end is not None else FOR_GOOD)]
