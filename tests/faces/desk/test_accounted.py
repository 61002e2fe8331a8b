"""Accounted time: recorded, lawfully not recorded and unexplained always add up to what was owed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.faces.desk.timeline.accounted import account

SPANS = st.lists(
    st.tuples(st.integers(-60, 200), st.integers(-60, 260)).map(lambda s: (float(min(s)), float(max(s)))), max_size=6
)


@given(st.integers(1, 180).map(float), SPANS, SPANS)
def test_the_pieces_add_up_without_holes_and_in_order(
    owed: float, recorded: list[tuple[float, float]], excused: list[tuple[float, float]]
) -> None:
    pieces = account(owed, recorded, excused)
    assert pieces[0].start == 0
    assert pieces[-1].end == owed
    assert all(a.end == b.start and a.share != b.share for a, b in pairwise(pieces))


@given(st.integers(1, 180).map(float), SPANS)
def test_what_is_recorded_is_recorded_even_where_it_was_excused(
    owed: float, recorded: list[tuple[float, float]]
) -> None:
    plain = [p for p in account(owed, recorded, []) if p.share == "rec"]
    excused = [p for p in account(owed, recorded, [(0.0, owed)]) if p.share == "rec"]
    assert sum(p.minutes for p in plain) >= sum(p.minutes for p in excused)
    assert not [p for p in account(owed, recorded, [(0.0, owed)]) if p.share == "gap"]


def test_the_inspection_of_the_picture_is_48_off_11_and_36() -> None:
    pieces = account(95, [(-2, 48), (59, 95)], [(48, 59)])
    assert [(p.share, p.minutes) for p in pieces] == [("rec", 48), ("off", 11), ("rec", 36)]


@pytest.mark.parametrize(("hole", "shares"), [(1.0, ["rec"]), (1.5, ["rec", "gap", "rec"])])
def test_a_hole_of_a_minute_is_the_clocks_doing_a_longer_one_is_not(hole: float, shares: list[str]) -> None:
    assert [p.share for p in account(60, [(0, 30), (30 + hole, 60)], [])] == shares


def test_nothing_recorded_and_nothing_said_is_one_gap() -> None:
    assert [(p.share, p.minutes) for p in account(40, [], [])] == [("gap", 40)]


def test_an_act_without_length_owes_nothing() -> None:
    assert account(0, [(0, 5)], []) == ()
