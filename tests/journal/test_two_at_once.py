"""Two writers at one moment: what only one may do, one does; on real connections, in threads and in processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections

from liuhen.journal import counters
from liuhen.journal.door import Receipt, take
from liuhen.journal.filed import filed
from liuhen.journal.intake import Intake
from liuhen.journal.models import CaseRow, LeafRow, RecordRow
from liuhen.journal.refusing import NotTaken
from tests.office import Office

ONLY_ONCE = Path(__file__).parent / "rulebooks" / "only-once"
WRITERS = 4


@pytest.fixture
def strict_office(lasting_office: Office) -> Office:
    """A bureau in which a case is decided once, by a gate."""
    return Office(str(ONLY_ONCE)).staffed()


def decision(office: Office, root: str) -> dict[str, Any]:
    return office.record("decision.made", links={"case": [root]}, by=[office.by("zhang", "case_handler")])


def at_once(jobs: list[Callable[[], Receipt]]) -> list[Receipt | str]:
    """Run the jobs in threads that start together; return their receipts, or the code of the refusal."""
    barrier = Barrier(len(jobs))

    def run(job: Callable[[], Receipt]) -> Receipt | str:
        try:
            connection.ensure_connection()
            barrier.wait()
            return job()
        except NotTaken as refused:
            return refused.finding.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


@pytest.mark.parametrize("attempt", range(5))
def test_of_several_writers_one_passes_a_gate_that_only_one_may(strict_office: Office, attempt: int) -> None:
    office = strict_office
    root, who = office.open_case(), office.who("zhang")
    decisions = [decision(office, root) for _ in range(WRITERS)]
    answers = at_once([lambda r=r: take(r, actor=who, now=office.now) for r in decisions])
    assert sorted(type(a).__name__ for a in answers) == ["Receipt", "str", "str", "str"]
    assert {a for a in answers if isinstance(a, str)} == {"G-011"}
    assert RecordRow.objects.filter(home=root, kind="decision.made").count() == 1
    assert office.row(root).n_breached == 0


def test_one_record_sent_several_times_at_once_is_stored_once(lasting_office: Office) -> None:
    office = lasting_office
    root, who = office.open_case(), office.who("zhang")
    record = office.record(
        "act.questioning",
        "2023-03-06 08:00",
        until="2023-03-06 08:40",
        links={"case": [root]},
        by=[office.by("zhang", "enforcement_officer")],
    )
    answers = at_once([lambda: take(record, actor=who, now=office.now) for _ in range(WRITERS)])
    receipts = [a for a in answers if isinstance(a, Receipt)]
    assert len(receipts) == WRITERS
    assert len(set(receipts)) == 1
    assert sorted(r.again for r in receipts) == [False, True, True, True]
    assert LeafRow.objects.filter(ref=record["id"]).count() == 1


def test_one_new_case_sent_several_times_at_once_is_opened_once(lasting_office: Office) -> None:
    """There is no file to lock yet: the id itself decides."""
    office = lasting_office
    who = office.who("zhang")
    content = {"case_number": "示例〔2023〕9号", "title": "甲案", "action_type": "penalty", "unit": "执法一队"}
    record = office.record("case.opened", by=[office.by("zhang", "case_handler")], content=content)
    answers = at_once([lambda: take(record, actor=who, now=office.now) for _ in range(WRITERS)])
    assert len({a for a in answers if isinstance(a, Receipt)}) == 1
    assert len(answers) == sum(isinstance(a, Receipt) for a in answers)


@pytest.mark.parametrize("locked", [True, False])
def test_one_number_for_several_new_cases_at_once_goes_to_one(
    lasting_office: Office, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    """Also where nobody waits for the bureau's lock: then the table itself decides, and the loser is told in words."""
    office = lasting_office
    if not locked:
        monkeypatch.setattr(
            Intake, "_lock", lambda self, placed: self._read({placed[0].homes[0]}, CaseRow.objects.all())
        )
    who = office.who("zhang")
    content = {"case_number": "示例〔2023〕9号", "title": "甲案", "action_type": "penalty", "unit": "执法一队"}
    by = [office.by("zhang", "case_handler")]
    records = [office.record("case.opened", by=by, content=content) for _ in range(WRITERS)]
    answers = at_once([lambda r=r: take(r, actor=who, now=office.now) for r in records])
    assert sorted(a if isinstance(a, str) else "taken" for a in answers) == ["G-028", "G-028", "G-028", "taken"]
    assert CaseRow.objects.filter(bureau=office.bureau, number="示例〔2023〕9号").count() == 1


def test_two_corrections_of_one_record_at_once_leave_one(lasting_office: Office) -> None:
    office = lasting_office
    root, who = office.open_case(), office.who("zhang")
    act = office.act(root, "act.questioning", "2023-03-06 08:00", "2023-03-06 08:40").id
    by = [office.by("zhang", "enforcement_officer")]
    corrections = [
        office.record(
            "act.questioning",
            "2023-03-06 08:00",
            until=f"2023-03-06 08:5{n}",
            corrects=act,
            links={"case": [root]},
            by=by,
        )
        for n in range(WRITERS)
    ]
    answers = at_once([lambda r=r: take(r, actor=who, now=office.now) for r in corrections])
    assert sorted(a if isinstance(a, str) else "taken" for a in answers) == ["G-005", "G-005", "G-005", "taken"]


def test_writers_of_one_case_lose_nothing(lasting_office: Office) -> None:
    """Every record is in the file, in the lists and in the counters, whoever held the lock when."""
    office = lasting_office
    root, other = office.open_case(), office.open_case()
    before = counters.number(office.bureau, "files", "case/open")
    who = office.who("zhang")
    by = [office.by("zhang", "enforcement_officer")]
    records = [
        office.record(
            "act.questioning", f"2023-03-06 0{n}:00", until=f"2023-03-06 0{n}:40", links={"case": [home]}, by=by
        )
        for n in range(6)
        for home in (root, other)
    ]
    answers = at_once([lambda r=r: take(r, actor=who, now=office.now) for r in records])
    assert all(isinstance(a, Receipt) for a in answers)
    for home in (root, other):
        row = office.row(home)
        held = filed(row, office.basis.zone)
        assert row.records == 7
        assert {e.record.id for e in held.entries} == {
            home,
            *(r["id"] for r in records if r["links"]["case"] == [home]),
        }
        assert [e.seq for e in held.entries] == sorted(e.seq for e in held.entries)
        assert row.n_open == sum(d.weight == "duty" and d.status == "due" for d in office.duties(home)) > 0
    assert counters.number(office.bureau, "files", "case/open") == before
    assert counters.number(office.bureau, "tasks", f"person:{office.persons['zhang']}") == sum(
        office.row(home).counted[f"tasks person:{office.persons['zhang']}"] for home in (root, other)
    )


_WRITER = """
import json, os, sys
import django
django.setup()
from datetime import datetime
from django.conf import settings
from liuhen.journal.door import take
from liuhen.journal.refusing import NotTaken
from liuhen.journal.who import who_is
told = json.loads(sys.stdin.readline())
settings.LIUHEN_HOME = told["home"]
now = datetime.fromisoformat(told["now"])
who = who_is(told["bureau"], told["person"], now.toordinal())
print("ready", flush=True)
sys.stdin.readline()
try:
    print("taken", take(told["record"], actor=who, now=now).id)
except NotTaken as refused:
    print("refused", refused.finding.code)
"""


def test_of_two_processes_one_passes_a_gate_that_only_one_may(strict_office: Office) -> None:
    office = strict_office
    root = office.open_case()
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "liuhen.site.settings", "LIUHEN_DATABASE_URL": address()}
    running = []
    for _ in range(2):
        told = {
            "home": str(settings.LIUHEN_HOME),
            "now": office.now.isoformat(),
            "bureau": office.bureau,
            "person": office.persons["zhang"],
            "record": decision(office, root),
        }
        process = subprocess.Popen(
            [sys.executable, "-c", _WRITER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
        )
        assert process.stdin is not None
        process.stdin.write(json.dumps(told) + "\n")
        process.stdin.flush()
        running.append(process)
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    answers = [process.communicate("go\n", timeout=60)[0].split() for process in running]
    assert sorted(a[0] for a in answers) == ["refused", "taken"]
    assert [a[1] for a in answers if a[0] == "refused"] == ["G-011"]


def address() -> str:
    """The database of this test run, as another process reaches it."""
    held = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite://{held['NAME']}"
    port = f":{held['PORT']}" if held["PORT"] else ""
    return f"postgresql://{held['USER']}:{held['PASSWORD']}@{held['HOST']}{port}/{held['NAME']}"


def test_a_writer_that_waits_too_long_is_told_so_and_nothing_is_stored(
    lasting_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = lasting_office
    root, who = office.open_case(), office.who("zhang")
    record = office.record(
        "act.questioning",
        "2023-03-06 08:00",
        until="2023-03-06 08:40",
        links={"case": [root]},
        by=[office.by("zhang", "enforcement_officer")],
    )

    def hurried() -> Receipt:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout=50" if connection.vendor == "sqlite" else "SET lock_timeout='50ms'")
        return take(record, actor=who, now=office.now)

    from django.db import transaction

    from liuhen.journal.models import CaseRow

    with transaction.atomic():
        CaseRow.objects.select_for_update().get(root=root)
        assert at_once([hurried]) == ["G-009"]
    assert not RecordRow.objects.filter(id=record["id"]).exists()
    assert at_once([hurried])[0] == take(record, actor=who, now=office.now)
