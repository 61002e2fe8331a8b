"""Replay over made-up files: it counts what the evaluator counts, and what appears and goes is all the difference."""

from __future__ import annotations

import pytest

from liuhen.engines.rulebook import Stack, build_stack, read_rulebook, shipped
from liuhen.engines.rulebook.texts.replaying import PastFile, replay
from liuhen.ground.calendar import Calendar
from liuhen.ground.case import Case
from liuhen.ground.moments import instant, read_moment
from liuhen.ground.vocabulary import default
from tests.engines.rulebook.bulk.made import Maker

AT = read_moment("2022-06-01T09:00:00+08:00")
FILES = 150


def stack(id: str) -> Stack:
    book = read_rulebook(shipped()[id], default())
    return build_stack([book], default(), Calendar.load(), regardless_of_dates=True)


@pytest.mark.parametrize(
    ("draft", "other"), [("bazhou", "quyuan"), ("anshan-recording", "bazhou"), ("quyuan", "cn-penalty-2021")]
)
def test_what_appears_and_what_goes_is_all_the_difference(draft: str, other: str):
    assert AT is not None
    at = instant(AT)
    new, old = stack(draft), stack(other)
    files = Maker(new, 7).files(FILES)
    past = [PastFile(str(n), records) for n, records in enumerate(files)]
    found = replay(new, old, (new.rulebooks[0], old.rulebooks[0]), past, at)
    for side, judging in (("before", old), ("after", new)):
        assert found.faults[side] == sum(len(judging.judge(Case(records), at).faults) for records in files), side
    appears, goes = len(found.of("appears")), len(found.of("goes"))
    assert found.faults["after"] - found.faults["before"] == appears - goes
    assert min(appears, goes) > 0
    assert found.files == FILES
    back = replay(old, new, (old.rulebooks[0], new.rulebooks[0]), past, at)
    assert (len(back.of("appears")), len(back.of("goes"))) == (goes, appears)
    assert (back.footage.more_acts, back.footage.more_time) == (found.footage.fewer_acts, found.footage.fewer_time)
    assert back.changed == found.changed
