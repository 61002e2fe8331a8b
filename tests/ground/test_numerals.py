"""Numbers as regulations write them: every way of writing one to a thousand gives the same, and what is none gives none."""

from __future__ import annotations

import pytest

from liuhen.ground.numerals import number_of

ONES = "零一二三四五六七八九"


def written(n: int) -> str:
    """Write a number below 10,000 as people do."""
    out, gap = "", False
    for times, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, n = divmod(n, times)
        if digit:
            out += (
                ("零" if gap and out else "") + ("" if name == "十" and digit == 1 and not out else ONES[digit]) + name
            )
            gap = False
        else:
            gap = True
    return out


@pytest.mark.parametrize("step", [1, 97])
def test_every_number_is_read_as_it_is_written(step: int):
    for n in range(1, 1000 * step if step == 1 else 10_000, step):
        assert number_of(written(n)) == n
        assert number_of(str(n)) == n
        assert number_of("".join(chr(ord(c) + 0xFEE0) for c in str(n))) == n
        assert number_of("".join(ONES[int(c)] for c in str(n)).replace("零", "〇")) == n


def test_ways_that_people_write_too():
    assert [number_of(t) for t in ("两百", "一百一十二", "一百十二", "一○五")] == [200, 112, 112, 105]


@pytest.mark.parametrize(
    "text", ["", "零", "〇", "0", "百", "十十", "千百", "一万", "百二", "一一十", "二十百", "x", "一" * 9, "12a", "²"]
)
def test_what_is_no_number_gives_none(text: str):
    assert number_of(text) is None
