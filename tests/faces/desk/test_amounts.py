"""Amounts: typed in yuan, stored in fen, written out in capital figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.faces.desk.forms.amount import fen_of, in_capitals, yuan_of

# The written forms are those that the central bank's rules on filling in cheques give as examples, and their neighbours.
CAPITALS = [
    (0, "零元整"),
    (1, "壹分"),
    (10, "壹角整"),
    (100, "壹元整"),
    (1000, "壹拾元整"),
    (10_000, "壹佰元整"),
    (140_950, "壹仟肆佰零玖元伍角整"),
    (600_714, "陆仟零柒元壹角肆分"),
    (168_032, "壹仟陆佰捌拾元零叁角贰分"),
    (10_700_053, "壹拾万柒仟元零伍角叁分"),
    (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
    (32_504, "叁佰贰拾伍元零肆分"),
    (12_840_000, "壹拾贰万捌仟肆佰元整"),
    (10_005_000_00, "壹仟万伍仟元整"),
    (100_000_000_00, "壹亿元整"),
    (100_000_001_00, "壹亿零壹元整"),
    (100_010_000_00, "壹亿零壹万元整"),
    (1_000_000_000_000_00, "壹万亿元整"),
    (1_200_000_000_000_00, "壹万贰仟亿元整"),
    (-10_000, "负壹佰元整"),
]


@pytest.mark.parametrize(("fen", "written"), CAPITALS)
def test_capital_figures(fen: int, written: str) -> None:
    assert in_capitals(fen) == written


@given(st.integers(0, 10**15))
def test_no_zero_stands_twice_nor_before_the_yuan(fen: int) -> None:
    written = in_capitals(fen)
    assert "零零" not in written
    assert "零元" not in written or fen < 100
    assert written.endswith(("整", "分"))


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_two_amounts_are_never_written_alike(a: int, b: int) -> None:
    assert (in_capitals(a) == in_capitals(b)) == (a == b)


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("128400", 12_840_000),
        ("128,400.00", 12_840_000),
        ("128，400．5", 12_840_050),
        ("１２８", 12_800),
        (" ¥ 12.30 元", 1_230),
        ("0.07", 7),
        ("12.345", None),
        ("12.", None),
        ("", None),
        ("twelve", None),
        ("1e5", None),
        ("--3", None),
        ("-3", None),
    ],
)
def test_what_is_typed_is_read_or_refused(typed: str, fen: int | None) -> None:
    assert fen_of(typed) == fen


@given(st.integers(0, 10**12))
def test_what_is_shown_is_read_back(fen: int) -> None:
    assert fen_of(yuan_of(fen)) == fen
