"""Which cases a person may look at (可查阅范围): all of the bureau's, those of the unit, those handled or approved for him."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from liuhen.journal.who import Who
from liuhen.rooms.cases.searching import fetched, marks

KEEP_SECONDS = 20.0
MOST_ELSEWHERE = 500


@dataclass(frozen=True, slots=True)
class Reach:
    """What narrows a list to what its reader may see (查阅范围).

    Attributes:
        all: every case of the bureau. unit: those of this unit. roots: single cases besides, handled elsewhere or approved.
        none: no case at all; who runs the system may not look at any.
    """

    all: bool = False
    unit: str = ""
    roots: tuple[str, ...] = ()

    @property
    def none(self) -> bool:
        """Whether there is nothing that the person may look at."""
        return not (self.all or self.unit or self.roots)

    def condition(self, table: str) -> tuple[str, list[Any]]:
        """Return the condition on a table of cases and its values."""
        if not self.roots:
            # With one condition alone the database walks the unit's index in the order of the list.
            return f"{table}.unit = %s", [self.unit]
        listed = f"{table}.root IN ({marks(self.roots)})"
        return (
            (f"({table}.unit = %s OR {listed})", [self.unit, *self.roots]) if self.unit else (listed, list(self.roots))
        )


_elsewhere: dict[tuple[str, str, str], tuple[float, tuple[str, ...]]] = {}


def reach_of(who: Who, approved: Sequence[str] = ()) -> Reach:
    """Return which cases the person may look at, with those `approved` for him. One query every KEEP_SECONDS where not all."""
    if who.may("look", "case", "bureau"):
        return Reach(all=True)
    unit = who.unit if who.may("look", "case", "unit") else ""
    handles = unit or who.may("look", "case", "handler")
    handled = _handled_elsewhere(who, unit) if handles else ()
    return Reach(unit=unit, roots=tuple(dict.fromkeys((*handled, *approved))))


def _handled_elsewhere(who: Who, unit: str) -> tuple[str, ...]:
    key = (who.bureau, who.person, unit)
    kept = _elsewhere.get(key)
    if kept is not None and monotonic() - kept[0] < KEEP_SECONDS:
        return kept[1]
    rows = fetched(
        "SELECT h.root FROM journal_handler h JOIN journal_case c ON c.root = h.root WHERE h.bureau = %s AND h.person = %s"  # noqa: S608 (placeholders only)
        f" AND c.unit <> %s ORDER BY c.last_received DESC LIMIT {MOST_ELSEWHERE}",
        [who.bureau, who.person, unit],
    )
    found = tuple(row[0] for row in rows)
    if len(_elsewhere) > 5_000:
        _elsewhere.clear()
    _elsewhere[key] = (monotonic(), found)
    return found
