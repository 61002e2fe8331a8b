"""Which of two lengths of time is shorter (时长比较), where that holds whatever day they start on."""

from __future__ import annotations

from collections.abc import Mapping

from liuhen.engines.rulebook.language import Limit, Setting

_DAY = 86_400
_EXACT = {"seconds": 1, "minutes": 60, "hours": 3_600}


def settled(limit: Limit | None, settings: Mapping[str, Setting]) -> Limit | None:
    """Return a limit with amount and unit, a setting with the value that the rulebook gives it; one in a field stays so."""
    if limit is None or not limit.setting:
        return limit
    setting = settings[limit.setting]
    return Limit(int(setting.value), setting.unit)


def longer(first: Limit, second: Limit) -> int | None:
    """Return 1 when `second` is longer, -1 when it is shorter, 0 when they are the same; None when it depends on the days.

    Of different units the shortest and the longest that each can be are held against each other: n working days take at least n
    days, and at most two weekend days a week and a long public holiday more.
    """
    if first.field or second.field:
        return 0 if first == second else None
    if first.unit == second.unit:
        return (second.amount > first.amount) - (second.amount < first.amount)
    (low, high), (other_low, other_high) = _bounds(first), _bounds(second)
    if low == high == other_low == other_high:
        return 0
    if high <= other_low:
        return 1
    return -1 if other_high <= low else None


def _bounds(limit: Limit) -> tuple[int, int]:
    """Return the least and the most seconds that a limit can last."""
    n, unit = limit.amount, limit.unit
    if unit in _EXACT:
        return n * _EXACT[unit], n * _EXACT[unit]
    if unit == "working_days":
        return n * _DAY, (n + 2 * (n // 5 + 1) + 9) * _DAY
    low, high = {"natural_days": (1, 1), "months": (28, 31), "years": (365, 366)}[unit]
    # The day of the start is not counted: a limit in days ends at 24:00, up to a day later than the same hours.
    return n * low * _DAY, (n * high + 1) * _DAY
