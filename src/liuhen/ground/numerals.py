"""Numbers as regulations write them (条号数字): 一百二十, 二〇, 12 or １２ → a whole number."""

from __future__ import annotations

DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_TIMES = {"十": 10, "百": 100, "千": 1000}
WRITTEN = "".join([*DIGITS, *_TIMES]) + "0123456789０１２３４５６７８９"


def number_of(text: str) -> int | None:
    """Return the number that Chinese numerals or digits (full-width ones too) write, 1 to 9999; None for what is no number."""
    if not text or len(text) > 8:
        return None
    if text.isdecimal():
        found = int(text)
        return found if 1 <= found <= 9999 else None
    if all(c in DIGITS for c in text):
        found = int("".join(str(DIGITS[c]) for c in text))
    else:
        counted = _counted(text)
        if counted is None:
            return None
        found = counted
    return found if 1 <= found <= 9999 else None


def _counted(text: str) -> int | None:
    """Read 一百零三: digits, each before its ten, hundred or thousand, which go down."""
    total, digit, last = 0, None, 10_000
    for c in text:
        if c in _TIMES:
            # 十二 and 一百十二 leave the one before their ten out; 百二 and 千 need the digit before them.
            if _TIMES[c] >= last or (digit is None and c != "十") or digit == 0:
                return None
            total, digit, last = total + (1 if digit is None else digit) * _TIMES[c], None, _TIMES[c]
        elif c in DIGITS and (digit is None or digit == 0):
            digit = DIGITS[c]
        else:
            return None
    return total + (digit or 0)
