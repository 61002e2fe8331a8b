"""Headings and buttons read well for every kind: a thing is entered, an act is quoted, nothing is said twice."""

from __future__ import annotations

import pytest

from liuhen.faces.desk.entering import to_correct, to_enter
from liuhen.faces.desk.speech import Speech
from liuhen.ground.calendar import Calendar
from liuhen.ground.vocabulary import Kind, default

KINDS = default().kinds
ZH, EN = (Speech(language, Calendar.load(), 0) for language in ("zh", "en"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "zh", "correction"),
    [
        ("interview_transcript", "登记询问笔录", "更正询问笔录"),
        ("decision.made", "登记“作出决定”", "更正“作出决定”"),
        ("act.inspection", "登记“现场检查（勘验）”", "更正“现场检查（勘验）”"),
        ("case.opened", "案件登记", "更正“案件登记”"),
        ("tipoff_registration", "举报登记", "更正举报登记"),
    ],
)
def test_a_kind_is_entered_in_words_that_people_use(kind: str, zh: str, correction: str) -> None:
    assert (to_enter(KINDS[kind], ZH), to_correct(KINDS[kind], ZH)) == (zh, correction)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda k: k.id)
def test_no_verb_stands_beside_another(kind: Kind) -> None:
    said = to_enter(kind, ZH)
    assert said == kind.words.zh if kind.words.zh.endswith("登记") else said.startswith("登记")
    assert ("“" in said) is (kind.family not in ("document", "register") and not kind.words.zh.endswith("登记"))
    assert to_enter(kind, EN) == f"Enter: {kind.words.en}"
