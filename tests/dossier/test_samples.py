"""The sample dossiers say what their stories promise, and are what their program tells."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from samples.stories import HERE, overview, stories, write_story
from samples.stories.beneath import BENEATH
from samples.stories.telling import Promise, Story

from liuhen.dossier.check import check_folder, counts
from liuhen.engines.rulebook import Duty, shipped
from liuhen.ground.moments import read_moment

NOW = datetime(2026, 11, 21, tzinfo=UTC)
STORIES = {story.name: story for story in stories()}
PROMISES = [(story, promise) for story in STORIES.values() for promise in story.promises]


def spoken(duty: Duty) -> str:
    return "late" if duty.status == "met" and duty.late else duty.status


def test_there_are_twelve_and_no_folder_without_a_story():
    folders = {path.name for path in HERE.iterdir() if path.is_dir() and not path.name.startswith(("stories", "__"))}
    assert folders == set(STORIES)
    assert len(STORIES) == 12


@pytest.mark.parametrize(("story", "promise"), PROMISES, ids=[f"{s.name}@{p.at}" for s, p in PROMISES])
def test_check_says_what_the_story_promises(story: Story, promise: Promise):
    at = read_moment(promise.at)
    assert at is not None
    report = check_folder(HERE / story.name, at=at, now=NOW)
    assert (1 if report.faults else 0) == promise.exit
    assert report.unknown == promise.unknown
    found = {(rule.id, spoken(duty)) for duty in report.duties for rule in duty.rules or (duty.rule,)}
    assert set(promise.statuses.items()) <= found
    for duty in report.duties:
        if duty.fault:  # nothing else is wrong: each story tells one thing
            said = {(rule.id, spoken(duty)) for rule in duty.rules or (duty.rule,)}
            assert said & set(promise.statuses.items()), duty.rule.ref


@pytest.mark.parametrize("name", sorted(STORIES))
def test_a_sample_is_what_its_story_tells(name: str, tmp_path: Path):
    write_story(STORIES[name], tmp_path / name)
    told = {p.relative_to(tmp_path / name): p.read_bytes() for p in (tmp_path / name).rglob("*") if p.is_file()}
    assert told == {p.relative_to(HERE / name): p.read_bytes() for p in (HERE / name).rglob("*") if p.is_file()}


def test_the_overview_lists_them_all():
    assert (HERE / "README.md").read_text(encoding="utf-8") == overview(tuple(STORIES.values()))


def test_the_perfect_case_has_not_even_a_hint_open():
    report = check_folder(HERE / "perfect-case", at=datetime(2026, 5, 6, tzinfo=UTC), now=NOW)
    assert {duty.status for duty in report.duties} <= {"met", "excused"}


@pytest.mark.parametrize("name", sorted(STORIES))
def test_the_overview_says_what_each_sample_breaks_of_the_laws_beneath(name: str):
    laws = [id for id in shipped() if id.startswith("cn-")]
    at = read_moment(STORIES[name].promises[-1].at)
    assert at is not None
    report = check_folder(HERE / name, rulebooks=("bazhou", "anshan-legal-review", *laws), at=at, now=NOW)
    found = {rule.ref for duty in report.duties if duty.fault for rule in duty.rules or (duty.rule,)}
    assert tuple(sorted(ref for ref in found if ref.startswith("cn-"))) == BENEATH.get(name, ())


def test_every_sample_is_marked_as_one():
    for story in STORIES.values():
        assert "示例" in story.dossier.bureau.name
        for record in story.dossier.records:
            assert all("示例" in actor.name for actor in record.by)
        assert all(b"SAMPLE" in data or b"free" in data for data in story.files.values())


def test_statuses_that_count_are_the_office_duties():
    report = check_folder(HERE / "second-supplement-notice", at=datetime(2026, 3, 16, 1, tzinfo=UTC), now=NOW)
    assert {duty.weight for duty in report.duties if not counts(duty)} == {"hint"}
