"""Whole numbers in what somebody else wrote (数字): the figures 0 to 9 and no others, never larger than was asked for."""

from __future__ import annotations

import re

LARGEST = 2**63 - 1
"""The largest that both databases hold in a column of whole numbers."""
_FIGURES = re.compile(r"[0-9]{1,19}\Z").match


def whole_number(text: str, largest: int = LARGEST) -> int | None:
    """Return the number that `text` writes, none below 0 and none above `largest` (at most LARGEST); None for anything else.

    `str.isdigit` also holds for ² and for figures of other scripts, and `int` refuses thousands of figures: both broke pages.
    """
    if not _FIGURES(text):
        return None
    number = int(text)
    return number if number <= largest else None
