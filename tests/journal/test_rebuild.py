"""The lists follow from the records alone: made anew they equal what the door, the worker and every correction left behind."""

from __future__ import annotations

from collections import Counter

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from liuhen.journal.destruction import destroy_content
from liuhen.journal.judging import UnknownBureau
from liuhen.journal.models import DERIVED, CaseRow, RecordRow
from liuhen.journal.passing import pass_time
from liuhen.journal.rebuild import rebuild
from tests.journal.busy import STEPS, Busy, read_models
from tests.office import Office

DAYS = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 11)), min_size=5, max_size=30)
FULL_DAY = [(step, n) for n in range(3) for step in STEPS]


@pytest.fixture
def busy_journal(office: Office) -> Office:
    """Each step several times, with all that belongs to it."""
    Busy(office).run(FULL_DAY)
    return office


def test_the_busy_journal_is_busy(busy_journal: Office) -> None:
    """Else the tests below would compare little with little."""
    kinds = Counter(RecordRow.objects.filter(bureau=busy_journal.bureau).values_list("kind", flat=True))
    wanted = {
        "case.opened",
        "record.withdrawn",
        "role.ended",
        "officer.certificate",
        "case.closed",
        "case_file",
        "decision.made",
    }
    assert wanted <= kinds.keys()
    assert RecordRow.objects.filter(bureau=busy_journal.bureau, corrects__isnull=False).exists()
    assert RecordRow.objects.filter(bureau=busy_journal.bureau, outside=True).exists()
    found = read_models(busy_journal.bureau)
    assert {name for name, rows in found.items() if not rows} == set()
    assert {row.state for row in CaseRow.objects.filter(bureau=busy_journal.bureau)} >= {"open", "archived"}


def test_rebuilt_tables_equal_the_live_ones(busy_journal: Office) -> None:
    pass_time(busy_journal.instant)
    live = read_models(busy_journal.bureau)
    rebuild(busy_journal.instant, bureaus=[busy_journal.bureau])
    assert read_models(busy_journal.bureau) == live


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DAYS)
@example([("open", 0), ("inspection", 0), ("wait", 2)])  # a due duty stacked behind an unknown one
def test_after_any_day_rebuilt_tables_equal_the_live_ones(office: Office, steps: list[tuple[str, int]]) -> None:
    fresh = Office("bazhou", "anshan-legal-review").staffed()
    Busy(fresh).run(steps)
    pass_time(fresh.instant)
    live = read_models(fresh.bureau)
    rebuild(fresh.instant, bureaus=[fresh.bureau])
    assert read_models(fresh.bureau) == live


def test_tables_that_were_spoilt_are_mended(busy_journal: Office) -> None:
    office = busy_journal
    pass_time(office.instant)
    live = read_models(office.bureau)
    CaseRow.objects.filter(bureau=office.bureau).update(title="", n_open=99)
    for table in DERIVED:
        if table is not CaseRow:
            table._default_manager.filter(bureau=office.bureau).delete()
    assert read_models(office.bureau) != live
    count = rebuild(office.instant, bureaus=[office.bureau])
    assert read_models(office.bureau) == live
    assert count == CaseRow.objects.filter(bureau=office.bureau).count()


def test_one_bureau_is_rebuilt_without_touching_another(busy_journal: Office) -> None:
    other = Office("anshan-legal-review").staffed()
    other.open_case()
    CaseRow.objects.filter(bureau=other.bureau).update(title="原样")
    before = read_models(other.bureau)
    rebuild(busy_journal.instant, bureaus=[busy_journal.bureau])
    assert read_models(other.bureau) == before


def test_destroyed_content_stays_destroyed(busy_journal: Office) -> None:
    office = busy_journal
    root = CaseRow.objects.filter(bureau=office.bureau, subject="case").earliest("root").root
    destroy_content(root, office.instant)
    pass_time(office.instant)
    live = read_models(office.bureau)
    rebuild(office.instant, bureaus=[office.bureau])
    assert read_models(office.bureau) == live
    assert office.row(root).destroyed


def test_rebuilding_twice_changes_nothing_and_the_door_goes_on(busy_journal: Office) -> None:
    office = busy_journal
    rebuild(office.instant, bureaus=[office.bureau])
    first = read_models(office.bureau)
    rebuild(office.instant, bureaus=[office.bureau])
    assert read_models(office.bureau) == first
    root = office.open_case()
    office.act(root, "act.questioning", "2023-03-06 08:00", "2023-03-06 08:40")
    pass_time(office.instant)
    live = read_models(office.bureau)
    rebuild(office.instant, bureaus=[office.bureau])
    assert read_models(office.bureau) == live


def test_an_unknown_bureau_is_refused(office: Office) -> None:
    with pytest.raises(UnknownBureau) as refused:
        rebuild(office.instant, bureaus=["nowhere"])
    assert refused.value.finding.code == "G-007"


def test_the_command_rebuilds_and_says_how_much(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("rebuild", only=[office.bureau])
    assert f"{CaseRow.objects.filter(bureau=office.bureau).count()} files" in capsys.readouterr().out
    with pytest.raises(CommandError) as refused:
        call_command("rebuild", only=["nowhere"])
    assert refused.value.returncode == 2
