"""Clauses that the loader refuses, each with its code and the line that is at fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from liuhen.engines.rulebook import InvalidRulebook
from tests.engines.rulebook.small import Book, write_book

RESPONSE = """
- id: answered
  form: response
  when: {kind: trial.event}
  then: [{kind: trial.answer}]
  within: {amount: 3, unit: natural_days}
"""
UNLIMITED = RESPONSE.replace("  within: {amount: 3, unit: natural_days}\n", "")
UNTRIGGERED = UNLIMITED.replace("  when: {kind: trial.event}\n", "")
LIMITED = RESPONSE.replace("  when: {kind: trial.event}\n", "")
PERIOD = UNLIMITED.replace("when: {kind: trial.event}", "when: {each: quarter, per: unit}")
KEPT = """
- id: kept
  form: retention
  thing: {kind: trial.paper}
  keep: [{at_least: {amount: 2, unit: years}}]
"""
CONTENT = """
- id: filled-in
  form: content
  when: {kind: trial.paper}
"""
ORDER = """
- id: answer-first
  form: order
  before: {kind: trial.event}
  need: [{kind: trial.answer}]
"""
GATE = ORDER + "  gate: yes\n  cure: {zh: 请先答复, en: Answer first.}\n"


def refusal(folder: Path, rules: str, head: str = "") -> InvalidRulebook:
    with pytest.raises(InvalidRulebook) as found:
        Book(write_book(folder / "trial", rules, head))
    return found.value


def line_of(folder: Path, text: str) -> str:
    lines = (folder / "trial" / "articles" / "001.yaml").read_text(encoding="utf-8").splitlines()
    (number,) = [n for n, line in enumerate(lines, 1) if text in line]
    return f"trial/articles/001.yaml:{number}"


# code, rule, and the line added to it that is at fault.
FAULTS: list[tuple[str, str, str]] = [
    ("B-003", RESPONSE, "instead: {by: {kind: trial.event}, within: {field: size, unit: natural_days}}"),
    ("B-004", RESPONSE, "instead: {by: {kind: trial.answer}, within: {field: period, unit: natural_days}}"),
    ("B-005", RESPONSE, "instead: {by: {kind: trial.event}, within: {field: period}}"),
    ("B-004", RESPONSE, "instead: {by: {kind: trial.event}, within: {amount: 1, unit: hours}, from: yesterday}"),
    ("B-003", RESPONSE, "excused: {by: {kind: trial.excuse, of: other review}}"),
    ("B-003", RESPONSE, "excused: {by: {kind: trial.excuse, of: another case}}"),
    ("B-004", RESPONSE, "excused: {by: {kind: trial.excuse, approved_by: [party, nobody]}}"),
    ("B-004", CONTENT, "has: {approvals: {in_order: [{any: [agency_head, nobody]}]}}"),
    ("B-003", CONTENT, "has: {approvals: {in_order: [{all: [agency_head]}]}}"),
    ("B-003", ORDER, "steps: [trial.answer]"),
    ("B-003", GATE, "steps: [trial.answer, trial.second_answer]"),
    ("B-003", GATE, "steps: [trial.answer, trial.second_answer, trial.answer]"),
    ("B-004", GATE, "steps: [trial.nothing, trial.answer]"),
    ("B-004", RESPONSE, "excused: {by: {kind: {phase: afterwards}}}"),
    ("B-004", RESPONSE, "excused: {by: {kind: {family: paper}}}"),
    ("B-003", RESPONSE, "excused: {by: {kind: {family: act, phase: service}}}"),
    ("B-002", RESPONSE, "stops: []"),
    ("B-002", RESPONSE, "stops: [{from: {kind: trial.pause}}]"),
    ("B-001", RESPONSE, "stops: [{during: {kind: trial.act}, until: {kind: trial.resume}}]"),
    ("B-001", RESPONSE, "stops: {during: {kind: trial.act}, from: {kind: trial.pause}}"),
    ("B-005", RESPONSE, "extended: {by: {kind: trial.event}, field: period}"),
    ("B-004", RESPONSE, "extended: {by: {kind: trial.extension}, amount: 3, unit: natural_days, not_after: period}"),
    ("B-003", RESPONSE, "extended: {by: {kind: trial.event}, amount: 3, unit: natural_days, not_after: period}"),
    ("B-003", RESPONSE, "extended: {by: {kind: trial.event}, field: size, unit: natural_days}"),
    ("B-004", RESPONSE, "extended: {by: {kind: trial.extension}, field: period, unit: natural_days}"),
    ("B-004", RESPONSE, "extended: {by: {kind: trial.extension}, setting: weeks}"),
    ("B-003", UNLIMITED, "by: {end_of: quarter, at: '17:30'}"),
    ("B-003", UNLIMITED, "by: {month_day: '03-31', at: '17:30'}"),
    ("B-003", UNLIMITED, "by: {end_of: day, at: '24:30'}"),
    ("B-003", UNLIMITED, "by: {end_of: day, at: half past five}"),
    ("B-004", UNLIMITED, "by: {end_of: day, at: {setting: closing}}"),
    ("B-001", RESPONSE, "excused: {by: {kind: trial.excuse}, near: {kind: trial.paper}}"),
    ("B-004", RESPONSE, "excused: {by: {kind: trial.excuse}, beside: {kind: trial.nothing}}"),
    ("B-003", RESPONSE, "for_each: {field: size, named_in: size}"),
    ("B-004", RESPONSE, "for_each: {field: people, named_in: size}"),
    ("B-002", RESPONSE, "for_each: {field: size}"),
    ("B-003", PERIOD, "for_each: {field: size, named_in: size}"),
    ("B-003", UNTRIGGERED, "when: {every: {amount: 0, unit: months}, per: device}"),
    ("B-003", UNTRIGGERED, "when: {every: {field: period, unit: months}, per: device}"),
    ("B-002", UNTRIGGERED, "when: {every: {amount: 1, unit: months}}"),
    ("B-004", UNTRIGGERED, "when: {end_of: week, per: unit}"),
    ("B-002", UNTRIGGERED, "when: {end_of: quarter}"),
    ("B-003", LIMITED, "when: {every: {amount: 1, unit: months}, per: device}"),
    ("B-004", CONTENT, "has: {links: [recording]}"),
    ("B-003", CONTENT, "has: {apart: [case_handler]}"),
    ("B-004", CONTENT, "has: {apart: [case_handler, nobody]}"),
    ("B-002", CONTENT, "has: {apart: [{roles: [reviewer], there: [case_handler]}]}"),
    ("B-004", CONTENT, "has: {signatures: [{each: nobody}]}"),
    ("B-001", CONTENT, "has: {signatures: [{each: party, any: [party]}]}"),
    ("B-003", CONTENT, "has: {compare: {field: day, at_least: {field: fine, plus: {amount: 2, unit: years}}}}"),
    ("B-003", CONTENT, "has: {compare: {field: day, is: {field: other_day, plus: {amount: 2, unit: years}}}}"),
    ("B-005", CONTENT, "has: {compare: {field: day, at_least: {field: other_day, plus: {amount: 2}}}}"),
    ("B-003", CONTENT, "has: {compare: {field: fine, is: {field: fine, percent: 3, from: day, to: other_day}}}"),
    ("B-003", CONTENT, "has: {compare: {field: fine, at_most: {field: fine, percent: 0, from: day, to: other_day}}}"),
    ("B-003", CONTENT, "has: {compare: {field: fine, at_most: {field: fine, percent: 3, from: day, to: needed}}}"),
    ("B-004", CONTENT, "has: {compare: {field: fine, at_most: {field: fine, percent: 3, from: day}}}"),
    ("B-004", CONTENT, "has: {compare: {field: fine, at_most: {field: fine, in: trial.event}}}"),
    ("B-004", CONTENT, "has: {compare: {field: fine, at_most: {field: fine, in: trial.nothing}}}"),
    ("B-004", KEPT, "ended_by: {kind: trial.nothing}"),
    ("B-003", KEPT, "released_by: {kind: trial.event}"),
    ("B-005", RESPONSE, "waits: {amount: 2}"),
    ("B-003", RESPONSE, "waits: {field: period, unit: years}"),
    ("B-003", PERIOD, "waits: {amount: 2, unit: years}"),
    ("B-003", RESPONSE, "excused: {by: {kind: trial.excuse, open: yes}}"),
    (
        "B-004",
        RESPONSE,
        "excused: {by: {kind: trial.excuse, at_least: {one_for_every: 3, of: {each: device, of: same draw}}}}",
    ),
]


@pytest.mark.parametrize(("code", "rule", "line"), [pytest.param(*f, id=f"{f[0]} {f[2]}") for f in FAULTS])
def test_a_clause_is_refused_with_its_code_and_its_line(tmp_path: Path, code: str, rule: str, line: str):
    found = refusal(tmp_path, f"{rule}  {line}\n").finding
    assert (found.code, found.fields["at"]) == (code, line_of(tmp_path, line))
