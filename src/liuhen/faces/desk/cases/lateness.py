"""By how much a duty was met too late, in words (迟多少): one way for the line, the timeline and the form."""

from __future__ import annotations

from collections.abc import Mapping

from liuhen.engines.rulebook.duty import Duty, told_late
from liuhen.faces.desk.speech import Speech
from liuhen.ground.record import Record


def late_words(duty: Duty, records: Mapping[str, Record], speech: Speech) -> str:
    """Return by how much a duty was met too late, less than an hour in minutes; empty where it was not.

    `records`: by id, those that meet it among them.
    """
    late = told_late(duty, records)
    return speech.late(late.amount, late.unit) if late is not None else ""
