"""What relations do not know is asked by the per-case evaluator, counted, and comes out as it says."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from liuhen.engines.rulebook import Register, Stack
from liuhen.engines.rulebook.bulk.audit import STATUSES, Audit, one_by_one, run_audit
from liuhen.engines.rulebook.bulk.export import Export
from liuhen.engines.rulebook.bulk.outcome import by_article, faults, write
from liuhen.ground.case import Case
from liuhen.ground.moments import instant
from liuhen.ground.record import Record
from tests.engines.rulebook.bulk.made import START, Maker
from tests.engines.rulebook.small import Book, write_book

AT = instant(START + timedelta(days=75))
RULES = """
- id: answered
  form: response
  when: {kind: trial.event}
  then: [{kind: trial.answer, of: same case}]
  within: {amount: 3, unit: working_days}
- id: answered-twice
  form: response
  when: {kind: trial.event}
  then: [{kind: trial.answer, of: same case, at_least: 2}]
- id: answered-later
  form: response
  when: {kind: trial.event}
  then: [{kind: trial.answer, of: same case}]
  waits: {amount: 2, unit: natural_days}
- id: filmed
  form: coverage
  act: {kind: trial.act}
  extent: whole
  gaps: {explained: {kind: trial.excuse}}
- id: gap-explained
  form: response
  when: {gap_in: filmed}
  then: [{kind: trial.paper, about: it}]
- id: kept
  form: retention
  thing: {kind: trial.paper}
  keep: [{at_least: {amount: 10, unit: natural_days}, from: done_at}]
- id: titled
  form: content
  when: {kind: trial.paper}
  has: {fields: [title, summary]}
"""
ELSEWHERE = {
    "trial/answered-twice": "then.at_least",
    "trial/answered-later": "waits",
    "trial/gap-explained": "response gap",
    "trial/kept": "retention record",
}
COLUMNS = ("met", "late", "missing", "due", "excused", "unknown")


CAPTURES = frozenset({"case.opened", "trial.event", "trial.paper"})


@dataclass(frozen=True)
class Made:
    """A stack, files of which every second one comes from a source that keeps only some kinds, their export and its audit."""

    stack: Stack
    files: list[tuple[Record, ...]]
    folder: Path
    audit: Audit


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("audit")
    stack = Book(write_book(folder / "trial", RULES)).stack
    files = [*Maker(stack, 1).files(120), holed()]
    export = exported(folder / "export", stack, files)
    return Made(stack, files, export, run_audit(stack, export, AT))


@pytest.fixture(scope="module")
def told(made: Made) -> dict[str, Counter[str]]:
    return evaluated(made.stack, made.files, CAPTURES)


def holed() -> tuple[Record, ...]:
    """Return a file with an act of an hour whose footage leaves half an hour out: made-up footage hardly ever does."""
    ids = [f"0197f000-0000-7000-8000-{n:012x}" for n in (900_000, 900_001, 900_002)]

    def span(n: int, kind: str, first: int, last: int) -> Record:
        begin, end = (START + timedelta(minutes=m) for m in (first, last))
        about = {"about": (ids[0],)} if n else {}
        return Record(id=ids[n], bureau="示例", kind=kind, done_at=begin, until=end, links=about, content={})

    return (span(0, "trial.act", 0, 60), span(1, "recording.completed", 0, 10), span(2, "recording.completed", 40, 60))


def exported(folder: Path, stack: Stack, files: list[tuple[Record, ...]]) -> Path:
    """Write files in several parts."""
    with Export(folder, stack.vocabulary, rows=400, batch=100) as out:
        for n, records in enumerate(files):
            out.add(f"file {n}", records, captures=CAPTURES if n % 2 else None)
    return folder


def evaluated(
    stack: Stack, files: list[tuple[Record, ...]], captures: frozenset[str] | None = None
) -> dict[str, Counter[str]]:
    """How often each rule gave each status, by the per-case evaluator alone."""
    out: dict[str, Counter[str]] = {rule.ref: Counter() for rule in stack.rules}
    for n, records in enumerate(files):
        h = stack.hold(Case.of(records), AT, Register.EMPTY, (), captures if n % 2 else None)
        for rule in stack.rules:
            for d in one_by_one(stack, rule, h):
                status = "late" if d.late else {"overdue": "missing", "breached": "missing"}.get(d.status, d.status)
                out[rule.ref][status] += 1
    return out


def audited(audit: Audit) -> dict[str, Counter[str]]:
    rows = {f"{a['rulebook']}/{a['rule']}": Counter({c: a[c] for c in COLUMNS if a[c]}) for a in by_article(audit)}
    return {r.rule.ref: rows.get(r.rule.ref, Counter()) for r in audit.engine.plan.rules}


def test_rules_without_a_relational_form_are_asked_one_by_one_and_counted(made, told):
    assert made.audit.left == ELSEWHERE
    assert set(made.audit.aside) == {"form", "captures"}
    events = sum(any(r.kind == "trial.event" for r in f) for f in made.files)
    assert made.audit.aside["form"] >= events * 2
    assert audited(made.audit) == told
    assert {ref for ref, counted in told.items() if not counted} == set()


def test_files_of_a_source_that_keeps_only_some_kinds_are_asked_one_by_one_as_such(made, told):
    # What a paper says of itself is the same whatever else the source keeps.
    moved = {rule.id for rule in made.stack.rules if rule.ref not in ELSEWHERE} - {"titled"}
    assert made.audit.aside["captures"] == 60 * len(moved)
    assert told["trial/answered"] != evaluated(made.stack, made.files)["trial/answered"]


def test_what_is_exported_is_read_back_whole_file_by_whole_file(made):
    paths = sorted(made.folder.glob("part-*.parquet"))
    parts = [pq.read_table(path, columns=["c", "id", "kind"]).to_pylist() for path in paths]
    assert len(parts) > 1
    rows = [row for part in parts for row in part]
    wanted = Counter((n, r.id, r.kind) for n, f in enumerate(made.files) for r in f)
    assert Counter((r["c"], r["id"], r["kind"]) for r in rows) == wanted
    held = [{r["c"] for r in part} for part in parts]
    assert sum(len(h) for h in held) == len(set().union(*held)), "a file lies in two parts"
    named = pq.read_table(made.folder / "files.parquet").to_pylist()
    assert [f["name"] for f in named] == [f"file {n}" for n in range(121)]
    assert [f["captures"] for f in named[:2]] == [None, sorted(CAPTURES)]
    about = json.loads((made.folder / "about.json").read_text(encoding="utf-8"))
    assert (about["files"], about["records"], about["parts"]) == (121, len(rows), len(parts))


def broken_off(folder: Path, made: Made) -> None:
    with Export(folder, made.stack.vocabulary) as out:
        out.add("one", made.files[0])
        raise RuntimeError


def test_an_export_that_broke_off_has_no_about(made, tmp_path):
    with pytest.raises(RuntimeError):
        broken_off(tmp_path / "broken", made)
    assert not (tmp_path / "broken" / "about.json").exists()


def test_what_is_written_says_the_same_in_every_shape(made, told, tmp_path):
    write(made.audit, tmp_path)
    whole = json.loads((tmp_path / "audit.json").read_text(encoding="utf-8"))
    assert {a["rule"]: a["asked"] for a in whole["articles"]} == {ref[6:]: sum(n.values()) for ref, n in told.items()}
    assert whole["rules_one_by_one"] == ELSEWHERE
    counts = pq.read_table(tmp_path / "counts.parquet").to_pylist()
    with (tmp_path / "counts.csv").open(encoding="utf-8", newline="") as file:
        assert [int(r["asked"]) for r in csv.DictReader(file)] == [r["asked"] for r in counts]
    assert sum(r["asked"] for r in counts) == sum(sum(n.values()) for n in told.values())
    cases = pq.read_table(tmp_path / "cases.parquet").to_pylist()
    with (tmp_path / "cases.csv").open(encoding="utf-8", newline="") as file:
        assert [r["file"] for r in csv.DictReader(file)] == [r["file"] for r in cases]
    assert len(cases) == sum(sum(n.values()) - n["met"] for n in told.values())
    assert {r["status"] for r in cases} <= set(STATUSES.values())
    ids = {f"file {n}": {r.id for r in f} for n, f in enumerate(made.files)}
    assert all(r["trigger"] in ids[r["file"]] for r in cases)
    assert faults(whole["articles"]) == sum(n["late"] + n["missing"] for n in told.values())
