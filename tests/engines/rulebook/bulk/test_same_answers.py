"""All cases at once gives the same obligations as the per-case evaluator: status, due moment, what meets it, by how much late."""

from __future__ import annotations

from collections import Counter

import pytest

from liuhen.engines.rulebook.bulk.plan import Plan
from tests.engines.rulebook.bulk import same
from tests.engines.rulebook.bulk.chosen import chosen, stack
from tests.engines.rulebook.bulk.same import different
from tests.engines.rulebook.bulk.same import statuses as counted

STATUSES = ("met", "late", "due", "overdue", "breached", "excused", "unknown")


def rare(counts: Counter[str], least: int) -> dict[str, int]:
    return {status: counts[status] for status in STATUSES if counts[status] < least}


def test_both_forms_give_the_same_obligations_and_every_status_comes_up():
    plan = Plan(stack(), registered=True, only=chosen())
    assert [r.rule.ref for r in plan.rules if r.left] == []
    found = different(plan, seed=1, files=1500, days=75)
    assert found.differences == []
    assert found.aside * 100 <= found.asked, "more than one in a hundred had to be asked by itself"
    assert rare(counted(found.mix), 5) == {}, f"too rare to be held together: {counted(found.mix)}"


def test_a_status_that_hardly_comes_up_is_told():
    assert rare(Counter(dict.fromkeys(STATUSES, 20)), 20) == {}
    assert rare(Counter({**dict.fromkeys(STATUSES, 20), "late": 19}), 20) == {"late": 19}


def test_a_difference_is_told(monkeypatch: pytest.MonkeyPatch):
    """One rule whose limit the evaluator here ends a microsecond earlier."""
    ref = "bazhou/footage-stored-in-24-hours"
    real = same.one_by_one
    monkeypatch.setattr(
        same, "one_by_one", lambda s, r, h: [d._replace(due=d.due and d.due - 1) for d in real(s, r, h)]
    )
    told = different(Plan(stack(), registered=True, only=[ref]), seed=2, files=60, days=30).differences
    assert {ref for ref, _, _ in told} == {ref}
