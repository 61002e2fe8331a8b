"""The Case (案件) and other subjects: a sequence of Records about one thing that a record opened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from liuhen.ground.record import Record


@dataclass(frozen=True, slots=True)
class Case:
    """A sequence of Records (案件): of a case, or of another subject such as a device, a plan or a year of a unit.

    Attributes:
        records: every record known, in the order received; later ones may correct or withdraw earlier ones.

    Which record opened it, what its action type is and in which stage it stands follow from the records and the vocabulary.
    """

    records: tuple[Record, ...]

    @classmethod
    def of(cls, records: Iterable[Record]) -> Case:
        """Return a case of these records."""
        return cls(tuple(records))
