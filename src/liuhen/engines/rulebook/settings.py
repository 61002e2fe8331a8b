"""Settings (设定): values that a text leaves to the office, and those that the office decided otherwise."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from liuhen.engines.rulebook.language import InvalidRulebook, Rulebook

_MOST = 10**12
HOUR_OF_DAY = re.compile(r"([01]\d|2[0-3]):[0-5]\d\Z", re.ASCII)


def fits_unit(value: Any, unit: str) -> bool:
    """Whether a value can have a unit: a whole number from 0, but for `none`, which takes yes, no or a text too, and hours.

    An hour of the day (unit `time_of_day`) is written `17:30`.
    """
    if unit == "time_of_day":
        return isinstance(value, str) and HOUR_OF_DAY.match(value) is not None
    if unit == "none":
        return type(value) in (bool, int, str)
    return type(value) is int and 0 <= value <= _MOST


def settled_settings(rulebook: Rulebook, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a rulebook's settings: its own, or as given under `setting` or `rulebook/setting`.

    Refused: B-022 a setting that this rulebook does not declare, B-023 a value that its unit does not take.
    """
    out = {s.id: s.value for s in rulebook.settings.values()}
    for name, value in given.items():
        book, _, setting = name.rpartition("/")
        if book and book != rulebook.id:
            continue
        if setting in out:
            known = rulebook.settings[setting]
            if not fits_unit(value, known.unit) or (known.unit == "none" and type(value) is not type(known.value)):
                raise InvalidRulebook("B-023", rulebook=rulebook.id, setting=setting, value=value, unit=known.unit)
            out[setting] = value
        elif book:
            raise InvalidRulebook("B-022", rulebook=rulebook.id, setting=setting)
    return out
