"""Devices and officers of a unit through the door: the unit counts them, and what each of them owes is told in its own file."""

from __future__ import annotations

from typing import Any

import pytest

from tests.office import Office


@pytest.fixture
def bureau(db: None, data_folder: None) -> Office:
    made = Office("anshan-bodycam", "anshan-publicity", now="2026-03-09 09:00").staffed()
    made.enrol("keeper", "庚示例", "device_keeper")
    return made


def stored(office: Office, kind: str, who: str = "clerk", role: str = "clerk", **parts: Any) -> str:
    return office.take(office.record(kind, by=[office.by(who, role)], **parts), who).id


def certificate(office: Office, unit: str, number: int) -> str:
    content = {
        "number": f"示例A{number}",
        "holder": f"示例{number}",
        "valid_from": "2025-01-01",
        "valid_until": "2029-12-31",
    }
    return stored(office, "officer.certificate", links={"unit": [unit]}, content=content)


def owed(office: Office, root: str, rule: str) -> list[str]:
    """Return how what is not settled stands in that file."""
    return [d.status for d in office.duties(root) if d.rule.endswith(f"/{rule}")]


def test_a_unit_counts_its_officers_and_recorders(bureau: Office) -> None:
    unit = stored(bureau, "unit.set_up", content={"name": "执法一队"})
    assert owed(bureau, unit, "ratio-said") == ["overdue"]
    stored(bureau, "device_ratio_set", links={"unit": [unit]}, content={"ratio": "one_for_three"})
    assert owed(bureau, unit, "ratio-said") == []
    for number in range(3):
        certificate(bureau, unit, number)
    device = {"device_number": "示例-01", "device_type": "body_worn", "keeper": "示例庚"}
    register = stored(bureau, "device_register", "keeper", "device_keeper", links={"unit": [unit]}, content=device)
    assert owed(bureau, unit, "one-for-three") == []
    certificate(bureau, unit, 3)
    assert owed(bureau, unit, "one-for-three") == ["overdue"]
    assert owed(bureau, register, "one-for-three") == []


def test_what_an_officer_owes_is_told_in_the_officers_file_and_not_again_in_the_units(bureau: Office) -> None:
    unit = stored(bureau, "unit.set_up", content={"name": "执法一队"})
    officer = certificate(bureau, unit, 1)
    assert owed(bureau, officer, "officer-published") == ["overdue"]
    assert owed(bureau, unit, "officer-published") == []


def test_the_care_for_a_device_is_asked_in_its_own_file_alone(bureau: Office) -> None:
    unit = stored(bureau, "unit.set_up", content={"name": "执法一队"})
    device = {"device_number": "示例-01", "device_type": "body_worn"}
    register = stored(bureau, "device_register", "keeper", "device_keeper", links={"unit": [unit]}, content=device)
    assert owed(bureau, register, "cared-for-each-year") == ["due"]
    assert owed(bureau, unit, "cared-for-each-year") == []
    assert owed(bureau, unit, "first-responsible-named") == ["overdue"]
