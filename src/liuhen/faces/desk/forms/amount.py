"""Amounts of money and other numbers (金额与数字): typed in yuan, stored in whole fen, written out in capital figures (大写)."""

from __future__ import annotations

import re

from liuhen.ground.digits import whole_number

_TYPED = re.compile(r"\d{1,13}(\.\d{1,2})?\Z", re.ASCII)
_LARGEST = 10**15 - 1
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_WITHIN = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def fen_of(typed: str) -> int | None:
    """Return whole fen for an amount typed in yuan, thousands separators and full-width figures allowed; None if it is none."""
    plain = typed.translate(_WIDE).replace(",", "").replace(" ", "").removeprefix("¥").removesuffix("元")
    if not _TYPED.match(plain):
        return None
    yuan, _, cents = plain.partition(".")
    return int(yuan) * 100 + int((cents + "00")[:2])


def number_of(typed: str) -> int | None:
    """Return a whole number of at most 15 figures, full-width figures allowed, below 0 with a minus; None if it is none."""
    plain = typed.translate(_WIDE)
    number = whole_number(plain.removeprefix("-"), _LARGEST)
    return -number if number is not None and plain.startswith("-") else number


_WIDE = str.maketrans("０１２３４５６７８９．，－￥", "0123456789.,-¥")


def yuan_of(fen: int) -> str:
    """Return 128,400.00 for 12840000 fen."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def in_capitals(fen: int) -> str:
    """Return 壹拾贰万捌仟肆佰元整 for 12840000 fen (票据法实施管理办法的写法); empty beyond 9999 万亿.

    A run of zeros inside is one 零; whole yuan and whole jiao end in 整.
    """
    if fen < 0:
        return "负" + in_capitals(-fen)
    yuan, jiao, cents = fen // 100, fen // 10 % 10, fen % 10
    if yuan >= 10**16:
        return ""
    whole = _whole(yuan)
    out = f"{whole}元" if whole else ""
    if not jiao and not cents:
        return (out or "零元") + "整"
    if jiao:
        # 零 stands between yuan and jiao where the yuan end in 0 (¥107000.53 → 壹拾万柒仟元零伍角叁分).
        out += ("零" if whole and yuan % 10 == 0 else "") + f"{_DIGITS[jiao]}角"
    elif whole:
        out += "零"
    return out + (f"{_DIGITS[cents]}分" if cents else "整")


def _whole(yuan: int) -> str:
    groups: list[int] = []
    while yuan:
        yuan, rest = divmod(yuan, 10_000)
        groups.append(rest)
    out = ""
    gap = False
    for place in range(len(groups) - 1, -1, -1):
        held = groups[place]
        if not held:
            gap = bool(out)
            continue
        if out and (gap or held < 1000):
            out += "零"
        out += _four(held) + _GROUPS[place]
        if place == 3 and groups[2]:
            out = out.removesuffix("亿")  # 壹万贰仟亿, not 壹万亿贰仟亿
        gap = False
    return out


def _four(number: int) -> str:
    out = ""
    zero = False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            out += ("零" if zero and out else "") + _DIGITS[digit] + _WITHIN[place]
            zero = False
        else:
            zero = True
    return out
