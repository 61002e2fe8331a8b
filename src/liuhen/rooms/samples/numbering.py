"""Numbers of the sample cases (案号): they run through each year in the order of opening, with gaps where others would be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from liuhen.rooms.samples.stories import Story

_SERIES = {"penalty": "示自然资罚立", "inspection": "示自然资检", "collection": "示自然资征", "fee": "示自然资费"}
_A_YEAR = {"penalty": 60, "inspection": 40, "collection": 12, "fee": 20}


def numbered(stories: Sequence[Story], opened: Mapping[str, datetime]) -> dict[str, dict[str, Any]]:
    """Return for each story (by id) the facts `number`, `n` and `year`; `opened` says when each began."""
    out: dict[str, dict[str, Any]] = {}
    last: dict[tuple[str, int], int] = {}
    for story in sorted((s for s in stories if s.opening), key=lambda s: opened[s.id]):
        action = str(story.opening["action_type"])
        on = opened[story.id]
        usual = on.timetuple().tm_yday * _A_YEAR[action] // 366 + 1
        n = max(last.get((action, on.year), 0) + 1, usual)
        last[action, on.year] = n
        out[story.id] = {"n": n, "year": on.year, "number": f"{_SERIES[action]}〔{on.year}〕{n}号"}
    return out
