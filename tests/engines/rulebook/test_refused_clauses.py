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


def refusal(folder: Path, rules: str, head: str = "") -> InvalidRulebook:
    with pytest.raises(InvalidRulebook) as found:
        Book(write_book(folder / "trial", rules, head))
    return found.value


def line_of(folder: Path, text: str) -> str:
    lines = (folder / "trial" / "articles" / "001.yaml").read_text(encoding="utf-8").splitlines()
    (number,) = [n for n, line in enumerate(lines, 1) if text in line]
    return f"trial/articles/001.yaml:{number}"


@pytest.mark.parametrize(
    ("code", "rule", "line"),
    [
        pytest.param("B-003", RESPONSE, "  instead: {by: {kind: trial.event}, within: {field: size, unit: natural_days}}", id="another clock of no number"),
        pytest.param("B-004", RESPONSE, "  instead: {by: {kind: trial.answer}, within: {field: period, unit: natural_days}}", id="a field that the record has not"),
        pytest.param("B-005", RESPONSE, "  instead: {by: {kind: trial.event}, within: {field: period}}", id="a field without a unit"),
        pytest.param("B-004", RESPONSE, "  instead: {by: {kind: trial.event}, within: {amount: 1, unit: hours}, from: yesterday}", id="another clock from no moment"),
        pytest.param("B-003", RESPONSE, "  excused: {by: {kind: trial.excuse, of: other review}}", id="neither same nor another"),
        pytest.param("B-003", RESPONSE, "  excused: {by: {kind: trial.excuse, of: another case}}", id="another case"),
        pytest.param("B-004", RESPONSE, "  excused: {by: {kind: trial.excuse, approved_by: [party, nobody]}}", id="a role that is none"),
        pytest.param("B-004", CONTENT, "  has: {approvals: {in_order: [{any: [agency_head, nobody]}]}}", id="an approval by nobody"),
        pytest.param("B-003", CONTENT, "  has: {approvals: {in_order: [{all: [agency_head]}]}}", id="approvals not of any"),
    ],
)  # fmt: skip
def test_a_clause_is_refused_with_its_code_and_its_line(tmp_path: Path, code: str, rule: str, line: str):
    error = refusal(tmp_path, rule + line + "\n")
    assert (error.finding.code, error.finding.fields["at"]) == (code, line_of(tmp_path, line.strip()))
