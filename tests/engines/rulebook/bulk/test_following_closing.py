"""What follows the record that closes its own subject (decision 0048): relations say of it what the evaluator says."""

from __future__ import annotations

import pytest

from liuhen.engines.rulebook.bulk.plan import Plan
from tests.engines.rulebook.bulk.same import different, statuses
from tests.engines.rulebook.small import Book, write_book

RULES = """
- id: compiled
  form: response
  when: {kind: case.closed}
  then: [{kind: trial.answer}]
  any_time: no
- id: told
  form: response
  per: tipoff
  when: {kind: [acceptance_decision_record, trial.event]}
  then: [{kind: non_initiation_notice, of: same tipoff}, {kind: trial.answer, of: same case}]
  any_time: no
- id: filed
  form: response
  when: {kind: case_file}
  then: [{kind: trial.answer, of: same case, shared: yes}]
  any_time: no
"""


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return Plan(Book(write_book(tmp_path_factory.mktemp("closing") / "trial", RULES)).stack, registered=True)


def test_what_follows_a_closing_is_the_same_in_both_forms_and_every_status_comes_up(plan: Plan):
    """In the midst of the made-up days: some files were closed that day, most long before."""
    assert [r.left for r in plan.rules] == ["", "", ""]
    found = different(plan, seed=30, files=400, days=30)
    assert found.differences == []
    counts = statuses(found.mix)
    assert all(counts[status] >= 5 for status in ("met", "late", "due", "overdue", "breached"))
