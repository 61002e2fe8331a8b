"""The worker: seals, lets time pass, gives signs of life, and stops cleanly; what went wrong shows, and is tried again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from liuhen.ground.moments import HOUR, MINUTE, SECOND, instant
from liuhen.journal import folders, looks, passing, sealing
from liuhen.journal.door import take_batch
from liuhen.journal.models import CaseRow, CheckpointRow, HeartbeatRow, LeafRow
from liuhen.journal.pulse import SILENT_AFTER, beat, pulse
from liuhen.journal.worker import LOOKS_EVERY, Worker
from tests.journal.test_two_at_once import address
from tests.office import Office


def test_a_step_seals_what_waits_and_beats(lasting_office: Office) -> None:
    office = lasting_office
    office.open_case()
    Worker(now=lambda: office.instant).step()
    assert sealing.waiting(office.bureau).number == 0
    seen = pulse(office.bureau, office.instant)
    assert (seen.alive, seen.last, seen.waiting.number) == (True, office.instant, 0)
    assert seen.size == LeafRow.objects.filter(bureau=office.bureau).count()
    assert seen.root == CheckpointRow.objects.get(bureau=office.bureau).root


def test_a_worker_that_is_silent_for_too_long_shows(office: Office) -> None:
    beat(office.instant)
    assert pulse(office.bureau, office.instant + SILENT_AFTER - 1).alive
    assert not pulse(office.bureau, office.instant + SILENT_AFTER).alive


def test_a_worker_that_never_ran_shows(office: Office) -> None:
    HeartbeatRow.objects.all().delete()
    office.open_case()
    seen = pulse(office.bureau, office.instant)
    assert (seen.alive, seen.last, seen.size, seen.made) == (False, None, 0, None)
    assert seen.waiting.number > 0
    assert seen.waiting.since == office.instant


def test_looks_are_batched_once_the_first_is_old_enough(lasting_office: Office) -> None:
    office = lasting_office
    looks.looked(office.who("li"), "look case", now=office.now)
    Worker(now=lambda: office.instant + LOOKS_EVERY - 1).step()
    assert not LeafRow.objects.filter(bureau=office.bureau, sort="looks").exists()
    Worker(now=lambda: office.instant + LOOKS_EVERY).step()
    assert LeafRow.objects.filter(bureau=office.bureau, sort="looks", place__isnull=False).count() == 1


def test_a_missing_ledger_key_shows_and_stops_nobody_else(lasting_office: Office) -> None:
    office = lasting_office
    healthy = Office("anshan-legal-review").staffed()
    folders.ledger_key(office.bureau).rename(folders.ledger_key(office.bureau).with_suffix(".away"))
    office.open_case()
    Worker(now=lambda: office.instant).step()
    assert sealing.waiting(office.bureau).number > 0
    assert sealing.waiting(healthy.bureau).number == 0
    assert pulse(office.bureau, office.instant).trouble.startswith("L-022")
    assert pulse(healthy.bureau, office.instant).trouble == ""
    folders.ledger_key(office.bureau).with_suffix(".away").rename(folders.ledger_key(office.bureau))
    Worker(now=lambda: office.instant).step()
    assert sealing.waiting(office.bureau).number == 0
    assert pulse(office.bureau, office.instant).trouble == ""


# -- time ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def footage_due(office: Office) -> str:
    """A case with footage that must be handed in within 24 hours."""
    root = office.open_case()
    content = {"device_type": "body_worn", "media": "video"}
    office.act(root, "recording.completed", "2023-03-06 08:00", "2023-03-06 08:40", content=content)
    return root


def test_a_file_is_judged_again_when_something_changes_by_itself_and_not_before(
    office: Office, footage_due: str
) -> None:
    row = office.row(footage_due)
    assert row.next_change is not None
    assert passing.pass_time(row.next_change - 1) == 0
    assert passing.pass_time(row.next_change) >= 1
    again = office.row(footage_due)
    assert again.judged == row.next_change
    assert again.next_change is None or again.next_change > row.next_change


def test_a_moment_that_passes_makes_no_row_wrong(office: Office, footage_due: str) -> None:
    """The list holds the moment; overdue follows from the clock, before and after the worker came."""
    (duty,) = [d for d in office.duties(footage_due) if d.due < office.instant + 48 * HOUR]
    late = duty.due
    assert (duty.view(late - 1), duty.view(late)) == ("due", "overdue")
    passing.pass_time(late)
    (after,) = [d for d in office.duties(footage_due) if d.key == duty.key]
    assert (after.id, after.status, after.view(late)) == (duty.id, "due", "overdue")


def test_a_new_certificate_has_every_file_of_the_bureau_judged_again(office: Office, footage_due: str) -> None:
    from datetime import date

    from liuhen.rooms.people import actions

    other = Office("anshan-legal-review").staffed()
    elsewhere = other.open_case()
    actions.certify(
        office.who("admin"),
        "冀010001",
        "张示例",
        valid_from=date(2023, 1, 1),
        valid_until=date(2028, 1, 1),
        now=office.now,
    )
    assert office.row(footage_due).next_change == office.instant
    assert other.row(elsewhere).next_change != office.instant
    passing.pass_time(office.instant)
    assert office.row(footage_due).next_change != office.instant


def test_a_case_brought_together_with_a_certificate_is_judged_again_too(office: Office, footage_due: str) -> None:
    """It was judged by the registers as they stood before."""
    content = {"number": "冀010001", "holder": "张示例", "valid_from": "2023-01-01", "valid_until": "2028-01-01"}
    certificate = office.record("officer.certificate", content=content)
    minutes = office.record("meeting_minutes", links={"case": [footage_due]}, by=[office.by("clerk", "clerk")])
    take_batch([certificate, minutes], actor=office.who("clerk"), now=office.now)
    assert office.row(footage_due).next_change == office.instant


def test_a_file_that_asks_for_the_same_moment_for_ever_is_put_off(
    office: Office, footage_due: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    CaseRow.objects.filter(root=footage_due).update(next_change=office.instant)
    project = passing.project

    def again(row: CaseRow, *rest: Any) -> Any:
        judged = project(row, *rest)
        row.next_change = office.instant
        return judged

    monkeypatch.setattr(passing, "project", again)
    assert passing.judge_again(footage_due, office.instant)
    assert office.row(footage_due).next_change == office.instant + MINUTE


def test_once_does_everything_and_ends(lasting_office: Office) -> None:
    office = lasting_office
    office.open_case()
    call_command("worker", once=True)
    assert sealing.waiting(office.bureau).number == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_running_worker_stops_cleanly_when_asked(lasting_office: Office, number: signal.Signals) -> None:
    """A real process: it seals what it finds, and on the signal ends by itself with status 0."""
    office = lasting_office
    HeartbeatRow.objects.all().delete()
    office.open_case()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "liuhen.site.settings",
        "LIUHEN_DATABASE_URL": address(),
        "LIUHEN_HOME": str(settings.LIUHEN_HOME),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "liuhen.site.manage", "worker"], stderr=subprocess.PIPE, env=environment, text=True
    )
    assert process.stderr is not None
    lines = []
    for line in process.stderr:
        lines.append(line)
        if "worker started" in line:
            break
    process.send_signal(number)
    rest = process.communicate(timeout=60)[1]
    assert process.returncode == 0, "".join(lines) + rest
    assert "worker stopped" in rest


def test_the_clock_of_the_worker_is_the_servers(office: Office) -> None:
    from datetime import UTC, datetime

    from liuhen.journal.worker import clock

    before = instant(datetime.now(UTC) - timedelta(seconds=1))
    assert before <= clock() <= before + 60 * SECOND
