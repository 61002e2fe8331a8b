"""An audit by the evaluator of single cases (逐案核查): needs nothing installed, and says what all at once says; slower."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from liuhen.engines.rulebook import Duty, Held
from liuhen.engines.rulebook.bulk.rows import who_did
from liuhen.engines.rulebook.duty import WORST_FIRST
from liuhen.ground.moments import Day, Instant
from liuhen.ground.record import Record
from liuhen.journal.auditing.result import Writing, office_rule
from liuhen.journal.auditing.streaming import Taken, how_many, taken
from liuhen.journal.judging import Basis
from liuhen.journal.registers import register_records, registers_of
from liuhen.journal.told import duties_told_here

_MET = WORST_FIRST["met"]


@cache
def month_of(day: Day) -> int:
    """Return the month of a local day as yyyymm."""
    on = date.fromordinal(day)
    return on.year * 100 + on.month


def run(basis: Basis, at: Instant, out: Writing, told: Callable[[float], None]) -> dict[str, Any]:
    """Judge every file of a bureau at `at` and write what comes of it; return how many files and records there were.

    A record that stands in several files counts once, in its own.

    Every rule is asked by itself: what stacks on the desk counts under each article here, as it does with all at once.
    """
    registered = registers_of(register_records(basis, at), basis.vocabulary)
    rules = list(enumerate(basis.stack.rules))
    office = [office_rule(rule) for _, rule in rules]
    people: dict[tuple[str, str, str], int] = {}
    total, records, files = how_many(basis.bureau), 0, 0
    for file in taken(basis, at):
        held = basis.stack.hold(file.filed.case, at, registered.register, registered.applied)
        places = _Places(file, people)
        met: Counter[tuple[int, int, int, int, bool]] = Counter()
        rows = []
        for number, rule in rules:
            for d in duties_told_here(basis.stack.judge_one(rule, held), file.filed):
                st, late = WORST_FIRST[d.status], d.late.amount if d.late else None
                trigger, who, month = places.of(d, held)
                mine = office[number] and d.weight == rule.weight
                if st == _MET and late is None:
                    met[number, file.c, who, month, mine] += 1
                else:
                    rows.append((number, file.c, who, month, st, d.due, late, trigger, d.note, mine))
        out.files([(file.c, file.filed.root, file.subject, file.unit)])
        out.duties(rows)
        out.met((*key, n) for key, n in met.items())
        records, files = records + sum(e.home == file.filed.root for e in file.filed.entries), files + 1
        told(files / max(total, files))
    out.rules(rules)
    out.people((who, name, person) for (_, name, person), who in people.items())
    return {"files": files, "records": records, "aside": {}, "left": {}}


class _Places:
    """Which record of a file a duty goes back to (起因所在), whose it was and when."""

    def __init__(self, file: Taken, people: dict[tuple[str, str, str], int]) -> None:
        self.people = people
        self.first = min((e.record for e in file.filed.entries), key=lambda r: r.order)
        self.records = {e.record.id: e.record for e in file.filed.entries}
        self.known: dict[str, tuple[str, int, int]] = {}

    def of(self, duty: Duty, held: Held) -> tuple[str, int, int]:
        """Return id of the record, number of the person, month; of a period those of the record that opened its subject."""
        record = self.records.get(duty.trigger or duty.root.partition("@")[0], self.first)
        found = self.known.get(record.id)
        if found is None:
            found = self.known[record.id] = self._of(record)
        return found

    def _of(self, record: Record) -> tuple[str, int, int]:
        return record.id, self.people.setdefault(who_did(record), len(self.people)), month_of(record.day)
