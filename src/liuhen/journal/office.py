"""What an office decides for its own pages (机关设定), kept beside the settings of its rulebooks; no judgement depends on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liuhen.engines.rulebook import InvalidRulebook

OWN = "office/"
SOON = "office/soon_working_days"
USUAL_SOON = 3
MOST_SOON = 60


def soon_working_days(settings: Mapping[str, Any]) -> int:
    """Return within how many working days a duty falls due soon (即将到期), from 1; 3 unless the office decided otherwise.

    Refused: B-022 a setting of the office that there is none of, B-023 a value that is no whole number from 1 to 60.
    """
    for name in settings:
        if name.startswith(OWN) and name != SOON:
            raise InvalidRulebook("B-022", rulebook="office", setting=name.removeprefix(OWN))
    value = settings.get(SOON, USUAL_SOON)
    if type(value) is not int or not 1 <= value <= MOST_SOON:
        raise InvalidRulebook(
            "B-023", rulebook="office", setting=SOON.removeprefix(OWN), value=value, unit="working_days"
        )
    return value


def of_the_texts(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that belong to rulebooks: what judges, and what the digest of a judgement covers."""
    return {name: value for name, value in settings.items() if not name.startswith(OWN)}
