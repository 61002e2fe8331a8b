"""Footage at the door: it is not disposed of before its time, and after it it is."""

from __future__ import annotations

import pytest

from liuhen.journal.refusing import NotTaken
from tests.office import Office


@pytest.fixture
def bureau(db: None, data_folder: None) -> Office:
    return Office("anshan-bodycam", now="2026-03-09 12:00").staffed()


def footage(office: Office, kind: str) -> str:
    """Enter an act of this morning with its footage; return the id of the footage."""
    case = office.open_case()
    made = []
    for what, content, about in ((kind, {}, False), ("recording.completed", {"device_type": "body_worn"}, True)):
        links = {"case": [case], **({"about": made} if about else {})}
        record = office.record(
            what,
            "2026-03-09T09:00:00+08:00",
            until="2026-03-09T10:00:00+08:00",
            by=[office.by("zhang", "enforcement_officer")],
            links=links,
            content=content,
        )
        made.append(office.take(record, "zhang").id)
    return made[1]


def dispose(office: Office, recording: str) -> None:
    by = [office.by("archivist", "archivist")]
    office.take(office.record("recording.disposed", by=by, links={"about": [recording]}), "archivist")


def test_footage_goes_when_its_six_months_are_over_and_not_before(bureau: Office) -> None:
    recording = footage(bureau, "act.inspection")
    bureau.wait(days=184)
    with pytest.raises(NotTaken) as refused:
        dispose(bureau, recording)
    assert [f.code for f in refused.value.findings] == ["G-011"]
    assert "2026年9月9日" in refused.value.gates[0].state.zh
    bureau.wait(days=1)
    dispose(bureau, recording)


def test_footage_of_a_coercive_measure_does_not_go(bureau: Office) -> None:
    recording = footage(bureau, "act.coercive_measure")
    bureau.wait(days=3650)
    with pytest.raises(NotTaken) as refused:
        dispose(bureau, recording)
    assert [g.rule.id for g in refused.value.gates] == ["measure-kept-long-term"]
