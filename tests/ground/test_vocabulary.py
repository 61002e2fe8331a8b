"""A file of kinds: one thing wrong is refused with its code, file and line; and a record is held against its kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from liuhen.ground.errors import Refused
from liuhen.ground.record import read_record
from liuhen.ground.vocabulary import Vocabulary, default

GOOD = """\
- kind: trial.act
  version: 1
  zh: 试验行为
  en: trial act
  family: act
  phase: investigation
  interval: yes
  groups: [onsite_act]
  by: [enforcement_officer]
- kind: trial.paper
  version: 2
  zh: 试验文书
  en: trial paper
  family: document
  phase: archive
  case: optional
  role: interruption
  actions: [penalty]
  links:
    about: {kinds: [trial.act, onsite_act], required: yes}
    device: {}
  signatures: [party]
  files: {roles: [scan]}
  help: {zh: 说明, en: help}
  fields:
    - {id: title, type: text, zh: 题目, en: title, required: yes, max: 10}
    - {id: pages, type: integer, unit: pages, zh: 页数, en: pages, absent: 0}
    - {id: size, type: choice, zh: 大小, en: size, values: {big: {zh: 大, en: big}, small: {zh: 小, en: small}}}
    - {id: fine, type: amount, zh: 罚款, en: fine}
    - {id: sizes, type: choices, zh: 各项大小, en: sizes, values: {big: {zh: 大, en: big}}}
    - {id: secret, type: text, zh: 隐私, en: private, personal: yes}
"""


def extended(folder: Path, text: str) -> Vocabulary:
    file = folder / "book" / "kinds" / "trial.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    return default().extended([file])


def test_the_good_file_is_taken(tmp_path: Path) -> None:
    made = extended(tmp_path, GOOD)
    paper = made.kinds["trial.paper"]
    assert (paper.version, paper.case, paper.role, paper.signatures, paper.file_roles) == (
        2, "optional", "interruption", ("party",), ("scan",)
    )  # fmt: skip
    assert paper.links["about"].required
    assert (paper.fields["pages"].absent, paper.fields["pages"].has_absent) == (0, True)
    assert (paper.fields["fine"].unit, paper.fields["title"].max) == ("fen", 10)
    assert made.kinds["trial.act"].case == "yes"
    assert "trial.act" in made.groups["onsite_act"]
    assert "trial.paper" in made.with_role("interruption")
    assert made.digest != default().digest


FAULTS = [
    ("V-101", "  version: 1\n", "  version: 1\n  colour: red\n", 3),
    ("V-101", "required: yes, max: 10", "required: yes, most: 10", 26),
    ("V-101", "about: {kinds", "about: {kind", 20),
    ("V-101", "files: {roles", "files: {role", 23),
    ("V-102", "  version: 1\n", "", 1),
    ("V-102", "  zh: 试验行为\n", "", 1),
    ("V-102", "  zh: 试验行为\n", "  zh: ''\n", 1),
    ("V-102", "  phase: archive\n", "", 10),
    ("V-102", "type: text, zh: 题目", "zh: 题目", 26),
    ("V-102", ", values: {big: {zh: 大, en: big}, small: {zh: 小, en: small}}", "", 28),
    ("V-103", "kind: trial.paper", "kind: trial.act", 10),
    ("V-103", "kind: trial.paper", "kind: case.opened", 10),
    ("V-103", "id: pages", "id: title", 25),
    ("V-104", "type: integer, unit: pages", "type: integer", 27),
    ("V-104", "type: text, zh: 题目", "type: decimal, zh: 题目", 26),
    ("V-105", "family: document", "family: paper", 14),
    ("V-105", "phase: archive", "phase: attic", 15),
    ("V-105", "role: interruption", "role: nothing", 17),
    ("V-105", "actions: [penalty]", "actions: [parking]", 18),
    ("V-105", "groups: [onsite_act]", "groups: [nobody]", 8),
    ("V-105", "signatures: [party]", "signatures: [king]", 22),
    ("V-105", "by: [enforcement_officer]", "by: [king]", 9),
    ("V-105", "type: text, zh: 题目", "type: poem, zh: 题目", 26),
    ("V-105", "unit: pages", "unit: scrolls", 27),
    ("V-105", "kinds: [trial.act,", "kinds: [trial.nothing,", 10),
    ("V-105", "  version: 1\n", "  version: 1\n  opens: nothing\n", 3),
    ("V-106", "kind: trial.paper", "kind: Trial Paper", 10),
    ("V-106", "kind: trial.paper", "kind: no", 10),
    ("V-106", "version: 2", "version: 0", 11),
    ("V-106", "version: 2", "version: two", 11),
    ("V-106", "version: 2", "version: 99999999999999999999", 11),
    ("V-106", "interval: yes", "interval: often", 7),
    ("V-106", "case: optional", "case: perhaps", 16),
    ("V-106", "  groups: [onsite_act]", "  groups: onsite_act", 8),
    ("V-106", "  links:\n    about: {kinds: [trial.act, onsite_act], required: yes}\n    device: {}\n", "  links: [about]\n", 19),
    ("V-106", "device: {}", "device: []", 21),
    ("V-106", "device: {}", "Device: {}", 21),
    ("V-106", "required: yes, max: 10", "required: yes, max: 0", 26),
    ("V-106", "required: yes, max: 10", "required: maybe", 26),
    ("V-106", "absent: 0", "absent: none", 27),
    ("V-106", "values: {big: {zh: 大, en: big}, small", "values: {big: large, small", 28),
    ("V-106", "help: {zh: 说明, en: help}", "help: 说明", 24),
    ("V-106", "    - {id: title", "    - 题目\n    - {id: title", 25),
]  # fmt: skip


@pytest.mark.parametrize(("code", "was", "now", "line"), FAULTS, ids=[f"{c}-{n}" for n, (c, *_) in enumerate(FAULTS)])
def test_one_fault_is_refused_with_its_code_file_and_line(
    tmp_path: Path, code: str, was: str, now: str, line: int
) -> None:
    assert GOOD.count(was) >= 1
    with pytest.raises(Refused) as found:
        extended(tmp_path, GOOD.replace(was, now, 1))
    finding = found.value.finding
    assert (finding.code, finding.fields["at"]) == (code, f"book/kinds/trial.yaml:{line}")
    for language in ("zh", "en"):
        assert f"trial.yaml:{line}" in finding.sentence(language)
        assert finding.next_step(language)


@pytest.mark.parametrize(
    ("text", "code"), [("a: b\n", "V-106"), ("- a\n", "V-106"), ("- {kind: x\n", "Y-002"), ("[", "Y-002")]
)
def test_what_is_no_list_of_kinds_is_refused(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(Refused) as found:
        extended(tmp_path, text)
    assert found.value.finding.code == code


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "[]\n"])
def test_an_empty_file_of_kinds_adds_none(tmp_path: Path, text: str) -> None:
    assert extended(tmp_path, text).digest == default().digest


# -- a record against its kind -------------------------------------------------------------------------------------------

ID, ACT, CASE = (f"0197f000-0000-7000-8000-00000000000{n}" for n in range(3))
PAPER: dict[str, Any] = {
    "id": ID,
    "bureau": "shili",
    "kind": "trial.paper",
    "kind_version": 2,
    "done_at": "2026-03-06T09:00:00+08:00",
    "by": [{"role": "enforcement_officer", "name": "张示例"}],
    "links": {"about": [ACT]},
    "content": {"title": "十个字的题目正好这么长"[:10], "pages": 3, "size": "big", "fine": 0, "sizes": ["big"]},
}
TRIAL_ACT = {**PAPER, "kind": "trial.act", "kind_version": 1, "links": {"case": [CASE]}, "content": {}}
ACT_DONE = {**TRIAL_ACT, "until": "2026-03-06T10:00:00+08:00"}

WRONG = [
    ("V-001", PAPER, {"kind": "trial.papre"}, "kind"),
    ("V-002", PAPER, {"kind_version": 3}, "kind_version"),
    ("V-003", PAPER, {"content": {"title": "a", "colour": "red"}}, "content/colour"),
    ("V-004", PAPER, {"content": {}}, "content/title"),
    ("V-004", PAPER, {"content": {"title": ""}}, "content/title"),
    ("V-004", PAPER, {"content": {"title": None}}, "content/title"),
    ("V-005", PAPER, {"content": {"title": "a", "pages": "3"}}, "content/pages"),
    ("V-005", PAPER, {"content": {"title": "a", "pages": True}}, "content/pages"),
    ("V-005", PAPER, {"content": {"title": "a", "sizes": "big"}}, "content/sizes"),
    ("V-006", PAPER, {"content": {"title": "a", "size": "huge"}}, "content/size"),
    ("V-006", PAPER, {"content": {"title": "a", "sizes": ["big", "huge"]}}, "content/sizes"),
    ("V-007", PAPER, {"links": {"about": [ACT], "friend": [ACT]}}, "links/friend"),
    ("V-008", PAPER, {"links": {}}, "links/about"),
    ("V-008", ACT_DONE, {"links": {}}, "links/case"),
    ("V-009", ACT_DONE, {"until": None}, "until"),
    ("V-010", PAPER, {"by": [{"role": "king"}]}, "by/0"),
    ("V-010", PAPER, {"signatures": [{"role": "king"}]}, "signatures/0"),
    ("V-012", PAPER, {"content": {"title": "x" * 11}}, "content/title"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "good", "change", "place"), WRONG, ids=[f"{c}-{n}" for n, (c, *_) in enumerate(WRONG)]
)
def test_one_thing_that_its_kind_does_not_allow(
    tmp_path: Path, code: str, good: dict[str, Any], change: dict[str, Any], place: str
) -> None:
    made = extended(tmp_path, GOOD)
    assert made.check(read_record(good)) == ()
    (finding,) = made.check(read_record({**good, **change}), "#")
    assert (finding.code, finding.place) == (code, f"#/{place}")


def test_an_act_known_by_its_day_alone_need_not_say_when_it_ended(tmp_path: Path) -> None:
    assert extended(tmp_path, GOOD).check(read_record({**TRIAL_ACT, "precision": "day"})) == ()


def test_a_case_may_be_named_where_it_is_optional_and_not_where_there_is_none(tmp_path: Path) -> None:
    links = {"about": [ACT], "case": [CASE]}
    assert extended(tmp_path / "a", GOOD).check(read_record({**PAPER, "links": links})) == ()
    without = extended(tmp_path / "b", GOOD.replace("case: optional", "case: no"))
    assert [f.code for f in without.check(read_record({**PAPER, "links": links}))] == ["V-007"]
