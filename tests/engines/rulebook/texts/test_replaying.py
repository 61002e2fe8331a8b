# ruff: noqa: E501 (rules and records on one line)
"""Past files judged by a draft and by another text: what appears, goes and changes, and how much more would be recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace as with_
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from liuhen.engines.rulebook import Rulebook, Stack, build_stack, read_rulebook
from liuhen.engines.rulebook.texts.replaying import PastFile, Replay, replay
from liuhen.ground.moments import HOUR, instant, read_moment
from liuhen.ground.record import File, Record
from liuhen.ground.vocabulary import Vocabulary, default
from tests.engines.rulebook.small import KINDS, calendar, read, write_book

IN_TIME = """
- id: one
  form: response
  when: {kind: act.inspection}
  then: [{kind: onsite_inspection_transcript}]
  within: {amount: 3, unit: natural_days}
"""
FILMED = """
- id: filmed
  form: coverage
  act: {kind: act.inspection}
"""
NOTHING = """
- id: nothing
  form: absence
  never: {kind: supplement_notice}
"""
INSPECTED = "2026-03-02 09:00–11:00 act.inspection #a"
AT = "2026-04-01T09:00"


@cache
def vocabulary() -> Vocabulary:
    return default().extended([KINDS])


def loaded(folder: Path, rules: str) -> tuple[Rulebook, Stack]:
    book = read_rulebook(write_book(folder, rules), vocabulary())
    return book, build_stack([book], vocabulary(), calendar(), regardless_of_dates=True)


def replayed(
    tmp_path: Path, draft: str, other: str, *files: Sequence[Any], names: tuple[str, str] = ("text", "text")
) -> Replay:
    (book, stack), (against, beside) = (
        loaded(tmp_path / side / name, rules)
        for side, name, rules in zip(("draft", "other"), names, (draft, other), strict=True)
    )
    at = read_moment(AT + ":00+08:00")
    assert at is not None
    past = []
    for n, records in enumerate(files):
        made = [r for r in records if isinstance(r, str)]
        listed = read(book, vocabulary(), made, None, AT)[0] if made else ()
        past.append(PastFile(f"file {n}", (*listed, *(r for r in records if isinstance(r, Record)))))
    return replay(stack, beside, (book, against), past, instant(at))


def longer(days: int) -> str:
    return IN_TIME.replace("amount: 3", f"amount: {days}")


def test_a_shorter_limit_lets_findings_appear(tmp_path: Path):
    late = (INSPECTED, "2026-03-04 onsite_inspection_transcript >a")
    early = (INSPECTED, "2026-03-03 onsite_inspection_transcript >a")
    found = replayed(tmp_path, longer(1), IN_TIME, late, early)
    assert [(f.file, f.sort) for f in found.findings] == [("file 0", "appears")]
    (one,) = found.findings
    assert (one.before.status, one.after.status, one.after.late.amount) == ("met", "met", 1)
    assert found.changed == ("file 0",)
    assert found.files == 2
    assert dict(found.faults) == {"before": 0, "after": 1}


def test_a_longer_limit_lets_findings_go(tmp_path: Path):
    late = (INSPECTED, "2026-03-06 onsite_inspection_transcript >a")
    assert [f.sort for f in replayed(tmp_path, longer(4), IN_TIME, late).findings] == ["goes"]


def test_a_finding_that_stays_with_another_delay_changes(tmp_path: Path):
    late = (INSPECTED, "2026-03-09 onsite_inspection_transcript >a")
    assert [f.sort for f in replayed(tmp_path, longer(4), IN_TIME, late).findings] == ["changes"]


def test_the_same_text_changes_nothing(tmp_path: Path):
    late = (INSPECTED, "2026-03-09 onsite_inspection_transcript >a")
    found = replayed(tmp_path, IN_TIME, IN_TIME, late)
    assert found.findings == []
    assert dict(found.faults) == {"before": 1, "after": 1}


@pytest.mark.parametrize("names", [("text", "text"), ("mine", "yours")], ids=["versions", "texts"])
def test_the_same_duty_under_another_name_is_the_same_finding(tmp_path: Path, names: tuple[str, str]):
    late = (INSPECTED, "2026-03-09 onsite_inspection_transcript >a")
    assert replayed(tmp_path, IN_TIME.replace("id: one", "id: other"), IN_TIME, late, names=names).findings == []


def test_what_the_other_text_never_asked_is_told_without_a_status(tmp_path: Path):
    (found,) = replayed(tmp_path, IN_TIME, NOTHING, (INSPECTED,)).findings
    assert (found.before, found.after.status, found.rule.id) == (None, "overdue", "one")
    (gone,) = replayed(tmp_path / "back", NOTHING, IN_TIME, (INSPECTED,)).findings
    assert (gone.after, gone.before.status, gone.sort, gone.rule.id) == (None, "overdue", "goes", "one")


def test_what_is_no_duty_of_the_office_is_no_finding(tmp_path: Path):
    assert replayed(tmp_path, IN_TIME + "  weight: hint\n", NOTHING, (INSPECTED,)).findings == []


def test_hours_are_those_of_acts_that_only_the_draft_wants_recorded(tmp_path: Path):
    day_only = "2026-03-02 act.inspection"
    footage = replayed(tmp_path, FILMED, NOTHING, (INSPECTED,), (day_only,)).footage
    assert (footage.more_acts, footage.more_time, footage.more_unknown) == (2, 2 * HOUR, 1)
    assert footage.fewer_acts == 0
    back = replayed(tmp_path / "back", NOTHING, FILMED, (INSPECTED,)).footage
    assert (back.more_acts, back.fewer_acts, back.fewer_time) == (0, 1, 2 * HOUR)


def test_a_response_that_asks_for_a_recording_counts_as_one(tmp_path: Path):
    rule = "- id: filmed\n  form: response\n  when: {kind: act.inspection}\n  then: [{kind: recording.completed}]\n"
    assert replayed(tmp_path, rule, NOTHING, (INSPECTED,)).footage.more_time == 2 * HOUR
    assert replayed(tmp_path / "both", rule, FILMED, (INSPECTED,)).footage.more_acts == 0


def test_what_is_a_hint_asks_for_no_recording(tmp_path: Path):
    assert replayed(tmp_path, FILMED + "  weight: hint\n", NOTHING, (INSPECTED,)).footage.more_acts == 0


def test_what_is_excused_asks_for_no_recording(tmp_path: Path):
    excused = FILMED + "  excused: {by: {kind: device_failure_report}}\n"
    found = replayed(tmp_path, excused, NOTHING, (INSPECTED, "2026-03-02 12:00 device_failure_report >a"))
    assert found.footage.more_acts == 0


def test_from_a_part_to_the_whole_is_told_by_itself(tmp_path: Path):
    footage = replayed(tmp_path, FILMED + "  extent: whole\n", FILMED, (INSPECTED,)).footage
    assert (footage.more_acts, footage.whole_acts, footage.whole_time) == (0, 1, 2 * HOUR)


def test_a_condition_that_nobody_answered_leaves_the_act_undecided(tmp_path: Path):
    footage = replayed(tmp_path, FILMED + "  if: {nature: survey}\n", NOTHING, (INSPECTED,)).footage
    assert (footage.more_acts, footage.undecided) == (0, 1)


def test_every_officer_with_a_recorder_records(tmp_path: Path):
    act = "{on: '2026-03-02T09:00', until: '2026-03-02T10:00', kind: act.inspection, content: {recorder_holders: [{name: 甲}, {name: 乙}]}}"
    footage = replayed(tmp_path, FILMED + "  who: each_officer_with_device\n", FILMED, (act,)).footage
    assert (footage.more_acts, footage.more_time) == (1, HOUR)


def test_keeping_longer_is_told_with_its_bytes(tmp_path: Path):
    kept = "- id: kept\n  form: retention\n  per: recording\n  thing: {kind: recording.completed}\n  keep: {at_least: {amount: 6, unit: months}}\n"
    film = "2026-03-02 09:00–11:00 recording.completed"
    footage = replayed(tmp_path, kept.replace("amount: 6", "amount: 12"), kept, (film,)).footage
    assert (footage.longer_kept, footage.longer_bytes) == (1, 0)
    assert replayed(tmp_path / "same", kept, kept, (film,)).footage.longer_kept == 0
    for_ever = kept.replace("keep: {at_least: {amount: 6, unit: months}}", "keep: {class: permanent}")
    assert replayed(tmp_path / "ever", for_ever, kept, (film,)).footage.longer_kept == 1


def test_bytes_an_hour_come_from_recordings_whose_length_and_size_are_known(tmp_path: Path):
    book, _ = loaded(tmp_path / "made" / "text", FILMED)
    films = read(
        book,
        vocabulary(),
        ["2026-03-02 09:00–11:00 recording.completed", "2026-03-03 09:00–10:00 recording.completed"],
        None,
        AT,
    )[0]
    sized = [with_(r, files=(File("0" * 64, "0" * 64, 6_000, "a.mp4"),)) if r.done_at.day == 2 else r for r in films]
    footage = replayed(tmp_path, FILMED, FILMED, sized).footage
    assert (footage.own_count, footage.own_rate) == (1, Fraction(3_000))
    assert replayed(tmp_path / "none", FILMED, FILMED, films).footage.own_rate is None
