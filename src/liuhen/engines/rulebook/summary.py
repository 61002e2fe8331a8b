"""The head of a case (案件概要): what its opening record says, in which stage it stands, when it was closed and archived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from liuhen.engines.rulebook.held import Held, Register, Shape
from liuhen.ground.case import Case
from liuhen.ground.moments import Instant
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Vocabulary

STAGES = ("initiation", "investigation", "review_decision", "service", "execution", "closed", "archive")


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """What the header of a case page shows (案件概要); derived, never typed.

    Attributes:
        root: id of the opening record. opening: its content, corrections followed. stage: one of `STAGES`, the furthest reached.
        reached: stage → day (ordinal) on which its first record stands.
    """

    root: str
    opening: Mapping[str, Any]
    stage: str
    reached: Mapping[str, int]
    opened_at: Instant
    closed_at: Instant | None
    archived_at: Instant | None
    opened_by: Record


def summary(case: Case, at: Instant, vocabulary: Vocabulary, shape: Shape | None = None) -> CaseSummary | None:
    """Return the head of a case as known at `at`; None for a file that no record opened as a case."""
    return summary_of(Held(case.records, at, shape or Shape(vocabulary), Register.EMPTY))


def summary_of(h: Held) -> CaseSummary | None:
    """Return the head of records already indexed."""
    if h.opened is None:
        return None
    kinds = h.shape.vocabulary.kinds
    reached: dict[str, int] = {"initiation": h.opened.day}
    for r in h.current:
        phase = kinds[r.kind].phase if r.kind in kinds else ""
        if phase in STAGES and phase != "archive":
            reached.setdefault(phase, r.day)
            reached[phase] = min(reached[phase], r.day)
    if h.closed_at is not None:
        reached["closed"] = next(
            r.day for r in h.current if h.shape.closes.get(r.kind) == "case" or h.shape.archives.get(r.kind) == "case"
        )
    if h.archived_at is not None:
        reached["archive"] = next(r.day for r in h.current if h.shape.archives.get(r.kind) == "case")
    stage = max(reached, key=STAGES.index)
    return CaseSummary(
        h.case_root, h.opened.content, stage, reached, h.opened.instant, h.closed_at, h.archived_at, h.opened
    )
