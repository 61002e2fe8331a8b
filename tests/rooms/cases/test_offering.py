"""Which kinds a bureau is offered: what its texts name and the core, not the papers of texts that judge others."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo

import pytest

from liuhen.engines.rulebook import build_stack, load_rulebook, shipped
from liuhen.ground.calendar import Calendar
from liuhen.ground.vocabulary import default
from liuhen.journal.judging import Basis
from liuhen.rooms.cases.offering import offered_kinds


@cache
def offered(*ids: str) -> frozenset[str]:
    calendar = Calendar.load()
    books = [load_rulebook(shipped()[id], default()) for id in ids]
    stack = build_stack(books, default(), calendar)
    return offered_kinds(Basis("shili", ZoneInfo("Asia/Shanghai"), default(), stack, calendar, "", {}))


SAMPLE = ("bazhou", "anshan-legal-review")


@pytest.mark.parametrize(
    "kind", ["act.questioning", "case.opened", "penalty_decision", "legal_review_opinion", "role.granted"]
)
def test_a_bureau_is_offered_the_core_and_what_its_texts_name(kind: str) -> None:
    assert kind in offered(*SAMPLE)


@pytest.mark.parametrize(
    "kind", ["act.coercive_measure", "permit_application", "summary_penalty_decision", "hearing_notice"]
)
def test_the_papers_of_texts_that_judge_others_are_not_offered(kind: str) -> None:
    assert kind in default().kinds
    assert kind not in offered(*SAMPLE)


def test_a_text_that_joins_the_stack_brings_its_kinds() -> None:
    assert offered(*SAMPLE, "anshan-recording") > offered(*SAMPLE)
    assert "act.coercive_measure" in offered(*SAMPLE, "anshan-recording")


def test_a_bureau_that_nothing_judges_is_offered_the_core_alone() -> None:
    assert offered() == {k.id for k in default().kinds.values() if k.core}
    assert "case.opened" in offered()
