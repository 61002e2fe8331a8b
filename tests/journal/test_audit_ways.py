"""All at once and one by one say the same of a bureau's files, and what the door stored; guests owe what they owe at home."""

from __future__ import annotations

import os
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from liuhen.engines.rulebook import read_rulebook
from liuhen.journal import judging
from liuhen.journal.auditing.result import STATUSES, Result
from liuhen.journal.auditing.running import audit
from liuhen.journal.models import AlsoInRow, DutyRow, RecordRow
from liuhen.journal.models.derived import NO_END
from liuhen.journal.setting_up import set_up_bureau
from tests.engines.rulebook.small import write_book
from tests.office import Office

pytestmark = [pytest.mark.django_db, pytest.mark.flow]

RULES = """
- id: decided-in-three
  form: response
  when: {kind: case.opened}
  then: [{kind: decision.made}]
  within: {setting: days, unit: working_days}
- id: decided-minutes-after
  form: response
  when: {kind: case.opened}
  then: [{kind: decision.made}]
  within: {amount: 50000, unit: minutes}
- id: opened-by-a-handler
  form: response
  when: {kind: case.opened}
  then: [{kind: act.questioning}]
  within: {amount: 2, unit: hours}
- id: cared-for
  form: response
  per: device
  when: {each: calendar_year, per: device}
  then: [{kind: device_maintenance_record, of: same device}]
  by: {month_day: "12-31"}
- id: repaired
  form: response
  per: device
  when: {each: device}
  then: [{kind: device_maintenance_record, of: same device}]
- id: device-told
  form: response
  per: device
  when: {kind: device_register}
  then: [{kind: device_maintenance_record, of: same device}]
  within: {amount: 5, unit: natural_days}
  weight: hint
"""
SETTINGS = """
settings:
  - {id: days, value: 3, unit: working_days, zh: 期限, en: limit, decided: {by: 产品默认, on: 2026-03-01}}
"""
JOINED = "JOIN rule USING (r) JOIN file USING (c) LEFT JOIN person USING (who)"
DUTIES = (
    f"SELECT root, rule.id, st, due, late, trigger, note, name, person, month, duty.office, unit FROM duty {JOINED}"
)
MET = f"SELECT root, rule.id, name, person, month, met.office, n FROM met {JOINED}"
OF_NUMBERS = "FROM number JOIN rule USING (r) LEFT JOIN person USING (who)"
NUMBERS = f"SELECT rule.id, unit, name, month, number.office, asked, met, late, missing {OF_NUMBERS}"


@pytest.fixture
def bureau(db: None, data_folder: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Cases met, late, missing and open; a device in the file of its unit; the office decided another limit than its text."""
    # Rules without entries and examples do for this; the loader of whole texts would refuse them.
    monkeypatch.setattr(judging, "load_rulebook", read_rulebook)
    book = write_book(tmp_path / "trial", RULES, SETTINGS)
    made = Office(str(book))
    set_up_bureau(made.bureau, settings={"trial/days": 5})
    made.staffed()
    made.enrol("keeper", "庚示例", "device_keeper")
    by = [made.by("clerk", "clerk")]
    unit = made.take(made.record("unit.set_up", by=by, content={"name": "执法一队"}), "clerk").id
    device = {"device_number": "示例-01", "device_type": "body_worn"}
    by = [made.by("keeper", "device_keeper")]
    made.take(made.record("device_register", by=by, links={"unit": [unit]}, content=device), "keeper")
    first = made.open_case()
    made.open_case(handlers=("chen",), unit="执法二队")
    made.wait(hours=1)
    made.act(first, "act.questioning", "2023-03-06 09:30", "2023-03-06 09:50")
    made.wait(days=9)
    third = made.open_case()
    made.wait(hours=4)
    made.act(third, "act.questioning", "2023-03-15 13:20", "2023-03-15 13:40")
    return made


def told(path: Path) -> dict[str, Counter[tuple[Any, ...]]]:
    with Result(path) as result:
        asked = {"duties": DUTIES, "met": MET, "numbers": NUMBERS}
        return {name: Counter(tuple(r.values()) for r in result.each(sql)) for name, sql in asked.items()}


def ways() -> list[str]:
    return ["duckdb", *(["postgres"] if os.environ.get("LIUHEN_DATABASE_URL", "").startswith("postgres") else [])]


def test_each_way_says_the_same_and_what_the_door_stored(bureau: Office, tmp_path: Path) -> None:
    one = told(audit(bureau.bureau, bureau.instant, engine="one_by_one"))
    for way in ways():
        db = None
        if way == "postgres":
            from liuhen.journal.audit_engine import Postgres

            db = partial(Postgres, os.environ["LIUHEN_DATABASE_URL"])
        two = told(audit(bureau.bureau, bureau.instant, engine=way, db=db, statements=tmp_path / "kept"))
        for name, rows in one.items():
            assert rows == two[name], (
                way,
                name,
                list((rows - two[name]).items())[:3],
                list((two[name] - rows).items())[:3],
            )
    found = {(root, rule, STATUSES[st], due) for root, rule, st, due, *_ in one["duties"]}
    stored = {
        (d.case_id, d.rule.partition("/")[2], d.view(bureau.instant), None if d.due == NO_END else d.due)
        for d in DutyRow.objects.filter(bureau=bureau.bureau)
    }
    assert stored == {line for line in found if line[2] not in ("met", "excused")}
    assert {status for *_, status, _ in found} >= {"due", "overdue", "met"}
    assert one["met"]


@pytest.mark.parametrize("way", ["one_by_one", "duckdb"])
def test_a_record_that_stands_in_several_files_counts_once(bureau: Office, tmp_path: Path, way: str) -> None:
    with Result(audit(bureau.bureau, bureau.instant, engine=way, statements=tmp_path / "kept")) as result:
        told = result.about["records"]
    assert AlsoInRow.objects.filter(bureau=bureau.bureau).exists()
    assert told == RecordRow.objects.filter(bureau=bureau.bureau).count()


def test_what_a_device_owes_as_long_as_it_is_there_counts_once(bureau: Office, tmp_path: Path) -> None:
    found = told(audit(bureau.bureau, bureau.instant, engine="duckdb", statements=tmp_path / "kept"))
    standing = Counter(rule for _, rule, *_ in found["duties"].elements())
    # The record that registers it lies in its own file and in that of its unit, and is judged in both.
    assert (standing["cared-for"], standing["repaired"], standing["device-told"]) == (1, 1, 2)
    assert {office for _, rule, *_, office, _ in found["duties"] if rule == "device-told"} == {0}
