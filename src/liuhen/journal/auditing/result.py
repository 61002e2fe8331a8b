"""The result of an audit (核查结果): every duty that was not simply met, how often each rule was met where, and the sums.

A file of SQLite, so that a page reads it with nothing installed: what an audit takes to run is not needed to look at one.

    about   one row a fact, as JSON: see `Result.about`
    rule    r, rulebook, article, id, zh, en, weight, asks_from, office (whether it is a duty of the office)
    person  who, name, person (id; empty where the record names none)
    file    c, root, subject, unit
    duty    r, c, who, month, st, due, late, trigger, note, office: what is open, late, missing, excused or to be found out
    met     r, c, who, month, office, n: met in time, counted
    number  r, unit, who, month, office and the sums of `NUMBERS`, over both

st is a number of `WORST_FIRST`. month: yyyymm of the record that made the rule apply, for a period of the one that opened its
subject; who: the person named first in it. office: neither advice, a measure, a hint nor a window of the party.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from liuhen.engines.rulebook.duty import WORST_FIRST
from liuhen.engines.rulebook.language import Rule
from liuhen.journal.assigning import OUTSIDE

FORMAT = 1
NUMBERS = {
    "asked": "1",
    "met": "st = 5 AND late IS NULL",
    "late": "st = 5 AND late IS NOT NULL",
    "missing": "st IN (0, 1)",
    "due": "st = 3",
    "unknown": "st = 2",
    "excused": "st = 4",
}
"""What is counted, and which duties it counts; `missing` is overdue and breached."""
STATUSES = {n: status for status, n in WORST_FIRST.items()}
_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE rule (r INTEGER PRIMARY KEY, rulebook TEXT, article TEXT, id TEXT, zh TEXT, en TEXT, weight TEXT, asks_from TEXT,
    office INTEGER);
CREATE TABLE person (who INTEGER PRIMARY KEY, name TEXT, person TEXT);
CREATE TABLE file (c INTEGER PRIMARY KEY, root TEXT, subject TEXT, unit TEXT);
CREATE TABLE duty (r INTEGER, c INTEGER, who INTEGER, month INTEGER, st INTEGER, due INTEGER, late INTEGER, trigger TEXT,
    note TEXT, office INTEGER);
CREATE TABLE met (r INTEGER, c INTEGER, who INTEGER, month INTEGER, office INTEGER, n INTEGER);
"""
_SUMS = ", ".join(f"sum({n}) AS {n}" for n in NUMBERS)
_OPEN = ", ".join(f"sum({which}) AS {name}" for name, which in NUMBERS.items())
_SUMMED = (
    f"SELECT r, unit, who, month, office, {_SUMS} FROM ("  # noqa: S608 (words of our own)
    f"SELECT r, c, who, month, office, {_OPEN} FROM duty {{where}} GROUP BY r, c, who, month, office UNION ALL "
    "SELECT r, c, who, month, office, n, n, 0, 0, 0, 0, 0 FROM met {where}) "
    "JOIN file USING (c) GROUP BY r, unit, who, month, office"
)
_CLOSING = (
    f"CREATE TABLE number AS {_SUMMED.format(where='')}",
    "CREATE INDEX duty_rule ON duty (r, st)",
    "CREATE INDEX duty_file ON duty (c)",
    "CREATE INDEX met_rule ON met (r)",
    "CREATE INDEX met_file ON met (c)",
    "CREATE INDEX file_root ON file (root)",
)


def office_rule(rule: Rule) -> bool:
    """Whether a rule asks the office for a duty, as `assigning.office_duty` says of one."""
    return rule.weight == "duty" and rule.asks_from not in OUTSIDE


class Writing:
    """A result being written (写入结果); `writing` gives one."""

    def __init__(self, path: Path) -> None:
        self.db = sqlite3.connect(path, isolation_level=None)
        # Nobody sees the file before it is whole: nothing has to survive on the way.
        self.db.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN; {_TABLES}")

    def files(self, rows: Iterable[tuple[int, str, str, str]]) -> None:
        """Add files: c, root, subject, unit."""
        self.db.executemany("INSERT INTO file VALUES (?, ?, ?, ?)", rows)

    def people(self, rows: Iterable[tuple[int, str, str]]) -> None:
        """Add people: who, name, person."""
        self.db.executemany("INSERT INTO person VALUES (?, ?, ?)", rows)

    def rules(self, rules: Iterable[tuple[int, Rule]]) -> None:
        """Add rules by their numbers."""
        self.db.executemany(
            "INSERT INTO rule VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (r, x.rulebook, x.article, x.id, x.title.zh, x.title.en, x.weight, x.asks_from, office_rule(x))
                for r, x in rules
            ),
        )

    def duties(self, rows: Iterable[Sequence[Any]]) -> None:
        """Add duties that were not simply met, in the order of the columns of `duty`."""
        self.db.executemany("INSERT INTO duty VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def met(self, rows: Iterable[Sequence[Any]]) -> None:
        """Add how often something was met in time, in the order of the columns of `met`."""
        self.db.executemany("INSERT INTO met VALUES (?, ?, ?, ?, ?, ?)", rows)

    def close(self, about: dict[str, Any]) -> None:
        """Sum up, and say what this was."""
        for statement in _CLOSING:
            self.db.execute(statement)
        held = {"format": FORMAT, **about}
        self.db.executemany("INSERT INTO about VALUES (?, ?)", ((k, json.dumps(v)) for k, v in held.items()))
        self.db.execute("COMMIT")
        self.db.close()


@contextmanager
def writing(work: Path) -> Iterator[Writing]:
    """Give a result to write into; it lies in `work` as `result.sqlite3` until it is put in its place."""
    path = work / "result.sqlite3"
    os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
    held = Writing(path)
    try:
        yield held
    finally:
        held.db.close()


class Result:
    """A result as read (核查结果). Use as a context; costs a file opened."""

    def __init__(self, path: Path) -> None:
        self.db = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)

    def __enter__(self) -> Result:
        return self

    def __exit__(self, *_: object) -> None:
        self.db.close()

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Return the rows of a question by the names of their columns."""
        return list(self.each(statement, values))

    def each(self, statement: str, values: Sequence[Any] = ()) -> Iterator[dict[str, Any]]:
        """Yield the rows of a question by the names of their columns."""
        found = self.db.execute(statement, values)
        names = [d[0] for d in found.description]
        for row in found:
            yield dict(zip(names, row, strict=True))

    @property
    def about(self) -> dict[str, Any]:
        """What this is.

        bureau; at, made (instants: as of when, finished when) and seconds; engine (duckdb, postgres, one_by_one); files, records;
        stack (digest of all it was judged by), rulebooks (list of {id, version, digest, zh, en}), calendar (version),
        known_until (last year whose days are announced, or None), zone; aside, left as in `bulk.audit.Audit`; by: person id,
        empty for the command line.
        """
        return {name: json.loads(value) for name, value in self.db.execute("SELECT name, value FROM about")}


def opened(path: Path) -> Result | None:
    """Return the result that lies there; None where none does, or one of another version of the product."""
    if not path.is_file():
        return None
    found = Result(path)
    try:
        if found.about.get("format") == FORMAT:
            return found
    except (sqlite3.Error, ValueError):
        pass
    found.db.close()
    return None


def forget(path: Path, roots: Iterable[str]) -> None:
    """Take names out of what a result says of files whose personal content was destroyed: nobody is named by them any more.

    What they were counted under somebody is counted under nobody then; whoever no other file names goes altogether. Waits for
    readers up to a minute. Costs once through the sums and the duties of these files.
    """
    if not path.is_file():
        return
    db = sqlite3.connect(path, timeout=60, isolation_level=None)
    try:
        db.executescript(
            "PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY; CREATE TEMP TABLE gone (root TEXT PRIMARY KEY)"
        )
        db.execute("BEGIN IMMEDIATE")
        db.executemany("INSERT OR IGNORE INTO gone VALUES (?)", ((root,) for root in roots))
        db.execute("CREATE TEMP TABLE taken AS SELECT c FROM file JOIN gone USING (root)")
        if db.execute("SELECT 1 FROM taken LIMIT 1").fetchone() is not None:
            nobody = _nobody(db)
            for statement in _FORGETTING:
                db.execute(statement, {"nobody": nobody})
        db.execute("COMMIT")
    finally:
        db.close()


_OF_THEM = _SUMMED.format(where="WHERE c IN (SELECT c FROM taken)")
_FORGETTING = (
    f"CREATE TEMP TABLE moved AS {_OF_THEM}",
    f"INSERT INTO number SELECT r, unit, who, month, office, {', '.join(f'-{n}' for n in NUMBERS)} FROM moved",  # noqa: S608
    f"INSERT INTO number SELECT r, unit, :nobody, month, office, {', '.join(NUMBERS)} FROM moved",  # noqa: S608
    f"CREATE TEMP TABLE anew AS SELECT r, unit, who, month, office, {_SUMS} FROM number "  # noqa: S608
    "GROUP BY r, unit, who, month, office HAVING sum(asked) <> 0",
    "DELETE FROM number",
    "INSERT INTO number SELECT * FROM anew",
    "UPDATE duty SET who = :nobody, note = '' WHERE c IN (SELECT c FROM taken)",
    "UPDATE met SET who = :nobody WHERE c IN (SELECT c FROM taken)",
    "DELETE FROM person WHERE who NOT IN (SELECT who FROM number WHERE who IS NOT NULL)",
)


def _nobody(db: sqlite3.Connection) -> int:
    """Return the number of the person without a name, put in where there is none."""
    found = db.execute("SELECT who FROM person WHERE name = '' AND person = ''").fetchone()
    if found is None:
        found = db.execute("SELECT coalesce(max(who), -1) + 1 FROM person").fetchone()
        db.execute("INSERT INTO person VALUES (?, '', '')", found)
    return int(found[0])
