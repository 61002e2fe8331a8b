"""Duties as rows: only what changed is written, and whatever a row says changes its mark."""

from __future__ import annotations

from typing import Any

import pytest

from liuhen.engines.rulebook import Cite, Duty, Judgement, Late, Missing
from liuhen.ground.words import Words
from liuhen.journal.assigning import assignees, keys_for, named
from liuhen.journal.duties import listed_at, stored_status, wanted_rows
from liuhen.journal.models import DutyRow, TaskRow
from liuhen.journal.models.derived import NO_END
from tests.office import UNIT, Office

LACK = Missing("record", "x", Words("某文书", "a paper"), ("x",))
CHANGES: dict[str, Any] = {
    "status": "breached",
    "due": 10**17,
    "since": 5,
    "trigger": "another",
    "weight": "advice",
    "paused": True,
    "provisional": True,
    "missing": (LACK,),
    "asks": ("case.source",),
    "cites": (Cite("bazhou", "99", Words("办法", "measures")),),
}


@pytest.fixture
def root(office: Office) -> str:
    root = office.open_case()
    office.act(root, "act.questioning", "2023-03-06 08:00", "2023-03-06 08:40")
    return root


def judged(office: Office, root: str) -> Judgement:
    from liuhen.journal.filed import filed

    return office.basis.stack.judge(filed(office.row(root), office.basis.zone).case, office.instant)  # type: ignore[no-any-return]


def mark_and_row(office: Office, root: str, duty: Duty) -> tuple[str, dict[str, Any]]:
    from liuhen.journal.duties import _row

    row = office.row(root)
    (wanted,) = wanted_rows(Judgement((duty,), office.instant, None, (), ""), row, named(row.handlers)).values()
    made = _row("key", wanted, row, office.instant)
    return wanted.mark, {f.attname: getattr(made, f.attname) for f in DutyRow._meta.fields if f.name != "mark"}


@pytest.mark.parametrize("attribute", sorted(CHANGES))
def test_whatever_changes_a_row_changes_its_mark(office: Office, root: str, attribute: str) -> None:
    duty = next(d for d in judged(office, root).duties if d.status == "due" and d.due is None)
    changed = duty._replace(**{attribute: CHANGES[attribute]})
    (old_mark, old), (new_mark, new) = mark_and_row(office, root, duty), mark_and_row(office, root, changed)
    assert old != new
    assert old_mark != new_mark


def test_the_late_part_of_a_fault_shows_in_the_mark(office: Office, root: str) -> None:
    duty = next(d for d in judged(office, root).duties if d.status == "due")
    late = duty._replace(status="unknown", late=Late(1, "hours"))
    assert mark_and_row(office, root, duty)[0] != mark_and_row(office, root, late)[0]


def test_a_row_that_still_says_the_same_stays(office: Office, root: str) -> None:
    before = {d.key: d.id for d in office.duties(root)}
    office.wait(minutes=5)
    office.act(root, "meeting_minutes", "2023-03-06 08:50")
    after = {d.key: d.id for d in office.duties(root)}
    assert before.items() <= after.items()


def test_a_change_of_handlers_moves_the_tasks(office: Office, root: str) -> None:
    def owners() -> set[str]:
        return set(TaskRow.objects.filter(case_id=root).values_list("assignee", flat=True))

    assert f"person:{office.persons['zhang']}" in owners()
    content = {
        "case_number": "改", "title": "改", "action_type": "penalty", "unit": UNIT,
        "handlers": [{"name": "李示例", "id": office.persons["li"]}],
    }  # fmt: skip
    office.take(office.record("case.opened", corrects=root, by=[office.by("zhang", "case_handler")], content=content))
    assert f"person:{office.persons['zhang']}" not in owners()
    assert f"person:{office.persons['li']}" in owners()


def test_what_only_the_clock_made_overdue_is_kept_as_due(office: Office, root: str) -> None:
    duty = judged(office, root).duties[0]
    limited = duty._replace(status="overdue", due=100)
    assert stored_status(limited, 100) == "due"
    assert stored_status(duty._replace(status="overdue", due=None), 100) == "overdue"
    assert stored_status(duty._replace(status="breached", due=100), 100) == "breached"


@pytest.mark.parametrize(
    ("status", "due", "closed", "listed"),
    [
        ("due", 900, None, 900),
        ("due", None, None, NO_END),
        ("overdue", 900, None, 900),
        ("overdue", None, None, 500),  # a state that does not hold: since it began
        ("overdue", None, 700, 700),  # of a closed file: since it was closed
        ("overdue", None, 400, 500),  # what began after the closing: since it began
        ("unknown", None, None, NO_END),
        ("unknown", 900, 400, NO_END),  # unknown is not overdue, whatever moment has passed
    ],
)
def test_a_task_is_listed_by_the_moment_from_which_it_is_overdue(
    office: Office, root: str, status: str, due: int | None, closed: int | None, listed: int
) -> None:
    duty = judged(office, root).duties[0]._replace(status=status, due=due, since=500)
    assert listed_at(duty, closed) == listed


@pytest.mark.parametrize(
    ("role", "handlers", "wanted"),
    [
        ("case_handler", ["a", "b"], ("person:a", "person:b")),
        ("enforcement_officer", [], (f"role:enforcement_officer@{UNIT}",)),
        ("", [], (f"role:case_handler@{UNIT}",)),
        ("handling_unit_head", ["a"], (f"role:handling_unit_head@{UNIT}",)),
        ("legal_reviewer", ["a"], ("role:legal_reviewer",)),
        ("party", ["a"], ()),
    ],
)
def test_whose_task_a_duty_is(
    office: Office, root: str, role: str, handlers: list[str], wanted: tuple[str, ...]
) -> None:
    from dataclasses import replace

    duty = next(d for d in judged(office, root).duties if d.status == "due")
    asked = duty._replace(rule=replace(duty.rule, asks_from=role))
    assert assignees(asked, handlers, UNIT) == wanted


@pytest.mark.parametrize(
    "change", [{"status": "met"}, {"status": "breached"}, {"status": "excused"}, {"weight": "hint"}]
)
def test_what_nobody_can_do_is_nobodys_task(office: Office, root: str, change: dict[str, str]) -> None:
    duty = next(d for d in judged(office, root).duties if d.status == "due")
    assert assignees(duty, ["a"], UNIT)
    assert assignees(duty._replace(**change), ["a"], UNIT) == ()


def test_a_person_finds_own_tasks_and_those_of_each_role_held(office: Office) -> None:
    keys = keys_for(office.who("wang"))
    assert {
        f"person:{office.persons['wang']}",
        "role:handling_unit_head",
        f"role:handling_unit_head@{UNIT}",
        f"role:handling_unit@{UNIT}",
    } <= set(keys)
    assert not any("legal_reviewer" in key for key in keys)


def test_a_duty_without_a_limit_sorts_behind_every_moment(office: Office, root: str) -> None:
    assert {d.due for d in office.duties(root) if d.due == NO_END}
    assert office.row(root).next_due == min(d.due for d in office.duties(root) if d.weight == "duty")
