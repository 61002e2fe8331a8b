"""Whatever records a file holds: judging never fails, and gives the same in every order, process and number of askings."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liuhen.engines.rulebook import (
    Duty,
    Register,
    Stack,
    build_stack,
    by_default,
    explain,
    gates,
    load_rulebook,
    read_rulebook,
    summary,
    vocabulary_for,
    warnings,
    worst_first,
)
from liuhen.engines.rulebook.duty import WORST_FIRST
from liuhen.engines.rulebook.explain import as_json
from liuhen.ground.case import Case
from liuhen.ground.moments import Instant
from liuhen.ground.vocabulary import default
from tests.engines.rulebook.small import calendar
from tests.engines.rulebook.trial_of_all import every_form
from tests.strategies import cases, instants, records

ROOT = Path(__file__).parents[3]


@cache
def stacks() -> tuple[Stack, ...]:
    """Both default texts together, and a rulebook that uses every form, trigger and exception."""
    texts = [load_rulebook(path, default()) for path in by_default().values()]
    whole = every_form()
    vocabulary = vocabulary_for([whole], default())
    return (
        build_stack(texts, default(), calendar()),
        build_stack(texts, default(), calendar(), regardless_of_dates=True),
        build_stack([read_rulebook(whole, vocabulary)], vocabulary, calendar(), regardless_of_dates=True),
    )


@st.composite
def asked(draw: st.DrawFn, most: int = 9) -> tuple[Stack, Case, Instant]:
    """Return a stack, a file mostly of the kinds that its rules speak of, and a moment."""
    stack = draw(st.sampled_from(stacks()))
    kinds = {k for r in stack.rules for k in (*r.trigger.kinds, *(k for p in (*r.then, *r.need) for k in p.kinds))}
    return stack, draw(cases(most, kinds)), draw(instants())


def known(duties: tuple[Duty, ...]) -> list[tuple[object, ...]]:
    """Return what a person is told of each duty, in an order of its own."""
    return sorted(
        (
            (
                d.duty,
                d.root,
                d.note,
                d.status,
                d.due,
                d.missing,
                d.met_by,
                d.late,
                d.excused_by,
                d.asks,
                d.cites,
                d.weight,
            )
            for d in duties
        ),
        key=repr,
    )


@settings(max_examples=150, deadline=None)
@given(asked=asked())
def test_judging_never_fails(asked: tuple[Stack, Case, Instant]):
    stack, case, at = asked
    register = Register.of(r for r in case.records if r.kind == "officer.certificate")
    judged = stack.judge(
        case, at, register=register, applied=[r for r in case.records if r.kind == "rulebook.applied_on"]
    )
    ids = {r.id for r in case.records}
    for duty in judged.duties:
        assert duty.status in WORST_FIRST
        assert duty.view(at) in WORST_FIRST
        assert set(duty.met_by) <= ids
        assert duty.cites
        assert duty.status not in ("overdue", "breached") or duty.missing
        assert duty.status != "unknown" or duty.due is None or duty.due <= at or duty.asks
    assert judged.next_change is None or judged.next_change > at
    assert len(worst_first(judged.duties)) == len(judged.duties)
    found = summary(case, at, stack.vocabulary)
    assert found is None or found.stage in found.reached


@settings(max_examples=60, deadline=None)
@given(asked=asked(), seed=st.integers(0, 1000))
def test_the_order_in_which_records_came_changes_nothing(asked: tuple[Stack, Case, Instant], seed: int):
    stack, case, at = asked
    shuffled = list(case.records)
    random.Random(seed).shuffle(shuffled)
    one, two = stack.judge(case, at), stack.judge(Case.of(shuffled), at)
    assert known(one.duties) == known(two.duties)
    assert one.next_change == two.next_change


@settings(max_examples=60, deadline=None)
@given(asked=asked())
def test_what_is_received_later_changes_nothing_that_was_known_before(asked: tuple[Stack, Case, Instant]):
    stack, case, at = asked
    before = Case.of(r for r in case.records if r.received <= at)
    assert known(stack.judge(case, at).duties) == known(stack.judge(before, at).duties)


@settings(max_examples=40, deadline=None)
@given(asked=asked(6))
def test_every_duty_with_a_moment_can_be_explained_or_sets_no_number(asked: tuple[Stack, Case, Instant]):
    stack, case, at = asked
    for duty in stack.judge(case, at).duties:
        clock = explain(stack, duty, case, at)
        if clock is not None:
            assert clock.due == duty.due
            assert json.dumps(as_json(clock, stack))


@settings(max_examples=40, deadline=None)
@given(asked=asked(6), data=st.data())
def test_gates_and_warnings_never_fail(asked: tuple[Stack, Case, Instant], data: st.DataObject):
    stack, case, at = asked
    gated = {k for r in stack.rules if r.gate for k in r.trigger.kinds}
    record = data.draw(records(99, 6, gated))
    for gate in gates(stack, case, record, at):
        assert gate.needed.zh
        assert gate.cure.zh
    assert all(d.status in WORST_FIRST for d in warnings(stack, case, record, at))


@settings(max_examples=40, deadline=None)
@given(asked=asked())
def test_until_the_next_change_nothing_changes_by_itself(asked: tuple[Stack, Case, Instant]):
    stack, case, at = asked
    judged = stack.judge(case, at)
    later = max(r.received for r in case.records) if case.records else at
    soon = judged.next_change - 1 if judged.next_change is not None else at + 86_400_000_000
    if later <= at:
        again = stack.judge(case, soon)
        assert [(d.duty, d.root, d.note, d.status) for d in judged.duties] == [
            (d.duty, d.root, d.note, d.status) for d in again.duties
        ]


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_every_process_gives_the_same_judgement(seed: str):
    """Sets of names have another order in each process; nothing of it may show."""
    told = [
        subprocess.run(
            [sys.executable, "-m", "tests.engines.rulebook.judged_in_a_process"],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": s, "PYTHONPATH": f"{ROOT}/src"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for s in ("31337", seed)
    ]
    assert told[0] == told[1]
    assert len(told[0].splitlines()) > 40
