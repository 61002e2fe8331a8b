"""Amounts of money: whole fen, never below zero."""

from __future__ import annotations

import pytest

from liuhen.ground.vocabulary import default
from liuhen.ground.vocabulary.values import check_value


@pytest.mark.parametrize(("fen", "wrong"), [(0, ""), (1, ""), (-1, "V-005"), (True, "V-005"), (2**53, "V-005")])
def test_an_amount_is_whole_fen_and_not_below_zero(fen: int, wrong: str):
    found = check_value(default().kinds["decision.made"].fields["fine"], fen)
    assert (found.code if found else "") == wrong
