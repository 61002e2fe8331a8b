"""The sample stories keep what they promise on whatever day they are told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import override_settings

from liuhen.engines.rulebook import STAGES, Stack, build_stack, load_rulebook, shipped, summary
from liuhen.ground.calendar import Calendar
from liuhen.ground.case import Case
from liuhen.ground.moments import instant
from liuhen.ground.record import Record, read_record
from liuhen.ground.vocabulary import default
from liuhen.rooms.samples.filling import DigestOf
from liuhen.rooms.samples.stories import Story, read_bureau, read_stories
from liuhen.rooms.samples.telling import Telling, tell
from liuhen.rooms.samples.unannounced import announce
from tests.rooms.samples.promises import broken, judged

ZONE = ZoneInfo("Asia/Shanghai")
DAYS = [
    "2026-11-20T10:15",  # a Friday
    "2026-11-21T15:00",  # a Saturday
    "2026-11-22T03:40",  # a Sunday, at night
    "2026-02-18T09:00",  # the Spring Festival
    "2026-02-25T10:49",  # the second working day after it
    "2026-10-03T20:30",  # the National Day holiday
    "2026-10-09T08:05",  # the second working day after it
    "2025-12-31T23:59",  # the last minute of a year
    "2026-01-01T00:00",  # and the first of the next
    "2026-01-04T11:00",  # a Sunday on which one works
    "2026-03-31T16:50",
    "2024-05-25T22:14",
]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@cache
def stack_with(calendar: Calendar) -> Stack:
    books = [load_rulebook(shipped()[name], default()) for name in read_bureau()["rulebooks"]]
    return build_stack(books, default(), calendar)


def known(value: Any) -> Any:
    """Digests of files that are not made in these tests."""
    if isinstance(value, DigestOf):
        return "0" * 64
    if isinstance(value, Mapping):
        return {key: known(item) for key, item in value.items()}
    return [known(item) for item in value] if isinstance(value, list) else value


def received(telling: Telling) -> dict[str, list[Record]]:
    out: dict[str, list[Record]] = defaultdict(list)
    for told in telling.records:
        record = read_record(known(told.json))
        assert default().check(record) == ()
        out[told.story].append(replace(record, received_at=told.received))
    return out


def told(now: str, calendar: Calendar | None = None) -> Telling:
    return tell(moment(now), calendar or Calendar.load(), default())


@pytest.mark.parametrize("now", DAYS)
def test_every_story_keeps_its_promises(now: str) -> None:
    telling = told(now)
    records = received(telling)
    calendar = Calendar.load()
    kept = {
        story.id: list(
            broken(story, judged(stack_with(calendar), records, story.id, moment(now)), calendar, moment(now))
        )
        for story in telling.stories
    }
    assert kept == {story.id: [] for story in telling.stories}


@pytest.mark.parametrize("now", DAYS)
def test_nothing_is_told_of_the_future_and_nothing_received_before_it_was_done(now: str) -> None:
    for story, records in received(told(now)).items():
        for record in records:
            assert record.received_at is not None
            assert (record.until or record.done_at) <= record.received_at <= moment(now), (story, record.kind)
            assert all(s.signed_at is None or s.signed_at <= moment(now) for s in record.signatures)


def test_a_promise_that_is_not_kept_is_noticed() -> None:
    """Else the tests above would hold whatever the stories say."""
    now = DAYS[0]
    telling, calendar = told(now), Calendar.load()
    records = received(telling)
    story = next(s for s in telling.stories if s.id == "footage-late")
    stored = [r for r in records[story.id] if r.kind == "ingest_record"]
    records[story.id] = [r for r in records[story.id] if r not in stored]
    duties = judged(stack_with(calendar), records, story.id, moment(now))
    assert list(broken(story, duties, calendar, moment(now))) == ["footage.stored: overdue None"]


def test_the_stories_show_every_stage_every_status_and_several_sorts_of_case() -> None:
    now = DAYS[0]
    telling, calendar = told(now), Calendar.load()
    records = received(telling)
    stages, statuses = set(), set()
    for story in telling.stories:
        head = summary(Case.of(records[story.id]), instant(moment(now)), default())
        assert head is not None
        stages.add(head.stage)
        for duty in judged(stack_with(calendar), records, story.id, moment(now)):
            if duty.weight == "duty":
                statuses.add("late" if duty.late and duty.status == "met" else duty.status)
    assert stages == set(STAGES)
    assert statuses == {"met", "late", "due", "overdue", "breached", "excused", "unknown"}
    opened = [(s.opening["action_type"], s.opening.get("procedure", "ordinary")) for s in telling.stories]
    assert {("penalty", "ordinary"), ("penalty", "summary"), ("inspection", "ordinary")} <= set(opened)
    assert {"collection", "fee"} <= {action for action, _ in opened}


def test_each_body_worn_recorder_is_carried_by_the_officer_it_was_given_to() -> None:
    given = {p["recorder"]: p["name"] for p in read_bureau()["people"].values() if "recorder" in p}
    worn = [
        record
        for records in received(told(DAYS[0])).values()
        for record in records
        if record.kind == "recording.completed" and record.content["device_type"] == "body_worn"
    ]
    assert len(worn) > 20
    for record in worn:
        device = record.content["device"]
        assert (record.content["holder"], record.by[0].name) == (given[device], device)


def test_case_numbers_run_through_the_year_in_the_order_of_opening() -> None:
    telling = told("2026-02-25T10:49")
    opened = [t for t in telling.records if t.json["kind"] == "case.opened"]
    numbers = [t.json["content"]["case_number"] for t in opened]
    assert len(set(numbers)) == len(numbers) == len(telling.stories)
    mine = [(t.json["done_at"], t.facts["year"], t.facts["n"]) for t in opened if "罚立" in t.facts["number"]]
    assert sorted(mine) == sorted(mine, key=lambda m: (m[1], m[2]))


def test_everybody_and_everything_told_of_is_marked_as_invented() -> None:
    bureau = read_bureau()
    assert "示例" in bureau["zh"]
    assert "sample" in bureau["en"]
    for story in read_stories():
        assert "示例" in story.facts["party"] or story.facts["party"] == "待查", story.id
        assert "示例" in story.facts["address"] or story.facts["address"] == "待查", story.id
    assert all("示例" in p["certificate"] for p in bureau["people"].values() if "certificate" in p)


@pytest.mark.parametrize("has_sheet", [True, False])
def test_in_a_year_that_nobody_announced_overdue_still_shows_as_overdue(tmp_path: Path, has_sheet: bool) -> None:
    """With the bureau's own invented sheet; without it the review whose days cannot be counted is 待查."""
    after = max(Calendar.load().years) + 1
    now = moment(f"{after}-06-15T09:00")
    if has_sheet:
        with override_settings(LIUHEN_HOME=tmp_path):
            assert announce("shili", now) == [after]
    calendar = Calendar.load(*([tmp_path / "calendars" / "shili"] if has_sheet else []))
    telling = tell(now, calendar, default())
    records = received(telling)
    kept = {
        story.id: list(broken(story, judged(stack_with(calendar), records, story.id, now), calendar, now))
        for story in telling.stories
    }
    not_kept = {story for story, problems in kept.items() if problems}
    assert not_kept == (set() if has_sheet else {"review-overdue"})


def test_no_sheet_is_made_up_for_a_year_that_is_shipped(tmp_path: Path) -> None:
    with override_settings(LIUHEN_HOME=tmp_path):
        assert announce("shili", moment(f"{max(Calendar.load().years)}-12-31T23:59")) == []
    assert not (tmp_path / "calendars").exists()


def _entry(**changes: Any) -> dict[str, Any]:
    return {"id": "x", "zh": "甲", "en": "a", "steps": [_step()], **changes}


def _step(**changes: Any) -> dict[str, Any]:
    return {"step": "rights", "on": "w-1 09:00", **changes}


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(_entry(stepps=[]), id="a key that no case has"),
        pytest.param(_entry(steps=[_step(at="w-1 09:00")]), id="a key that no step has"),
        pytest.param(
            _entry(steps=[_step(also=[{"kind": "act.rights_told", "signd": []}])]), id="a key that no record has"
        ),
        pytest.param(_entry(steps=[_step(without=["nobody"])]), id="a record left out that is not there"),
        pytest.param(_entry(steps=[_step(change={"nobody": {}})]), id="a record changed that is not there"),
        pytest.param(_entry(steps=[_step(step="dancing")]), id="a step that no file tells"),
    ],
)
def test_a_story_that_is_not_well_told_is_refused(entry: dict[str, Any]) -> None:
    from liuhen.ground.located import read
    from liuhen.rooms.samples.stories import HERE, _story

    steps = read(HERE / "steps" / "investigation.yaml", "investigation.yaml")
    assert isinstance(_story(_entry(), steps, "good"), Story)
    with pytest.raises((ValueError, LookupError)):
        _story(entry, steps, "bad")
