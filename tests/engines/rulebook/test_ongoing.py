"""A file under way: after every further record the obligations are those of judging the whole file anew."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liuhen.dossier.read import read as read_dossier
from liuhen.engines.rulebook import (
    Judgement,
    Ongoing,
    Register,
    Stack,
    build_stack,
    load_rulebook,
    shipped,
)
from liuhen.engines.rulebook.examples import read_example
from liuhen.ground.calendar import Calendar
from liuhen.ground.case import Case
from liuhen.ground.moments import Instant, instant
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import default
from tests.engines.rulebook.test_any_records import asked, stacks

SAMPLES = Path(__file__).parents[3] / "samples"
NAMES = sorted(p.parent.name for p in SAMPLES.glob("*/dossier.json"))


def told(judged: Judgement) -> tuple[Any, ...]:
    """Everything that a judgement says; the order of its duties says nothing."""
    rows = sorted((tuple(d) for d in judged.duties), key=lambda row: repr((row[0].ref, *row[3:6], row[-2], row[6:])))
    return rows, judged.at, judged.next_change, judged.not_asked, judged.calendar


def same_after_each(stack: Stack, records: list[Record], at: Instant, register: Register, applied: tuple[Record, ...]):
    """Take the records one by one, each at its receipt, and hold every judgement against a full one."""
    ongoing = Ongoing(stack, Case.of([]), min([at, *(r.received for r in records)]), register, applied)
    moment = ongoing.judgement.at
    for n, r in enumerate(records, 1):
        moment = max(moment, r.received)
        said = ongoing.take(r, moment)
        assert told(said) == told(stack.judge(Case.of(records[:n]), moment, register=register, applied=applied)), r


@cache
def shipped_stack(*names: str) -> Stack:
    return build_stack(
        [load_rulebook(shipped()[n], default()) for n in names], default(), Calendar.load(), regardless_of_dates=True
    )


def test_nearly_every_record_of_a_sample_is_taken_in_where_it_stands(monkeypatch: pytest.MonkeyPatch):
    anew: list[Instant] = []
    whole = Ongoing._anew
    monkeypatch.setattr(Ongoing, "_anew", lambda self, at: (anew.append(at), whole(self, at))[1])
    found = sorted(read_dossier(SAMPLES / "perfect-case", default(), files=False).records, key=lambda r: r.received)
    at = max(r.received for r in found)
    ongoing = Ongoing(shipped_stack("bazhou"), Case.of(found[:12]), at)
    for r in found[12:]:
        ongoing.take(r, at)
    assert len(found[12:]) > 15
    # At first, when the case is closed, and when its file is formed.
    assert len(anew) == 3


@pytest.mark.parametrize("texts", [("bazhou", "anshan-legal-review"), ("xinglongtai", "cn-penalty-2021")], ids=str)
@pytest.mark.parametrize("name", NAMES)
def test_every_prefix_of_a_sample_is_judged_as_if_anew(name: str, texts: tuple[str, ...]):
    found = read_dossier(SAMPLES / name, default(), files=False).records
    register = Register.of(r for r in found if r.kind == "officer.certificate")
    applied = tuple(r for r in found if r.kind == "rulebook.applied_on")
    records = sorted(found, key=lambda r: r.received)
    same_after_each(shipped_stack(*texts), records, records[0].received, register, applied)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(asked=asked(12))
def test_every_prefix_of_any_file_is_judged_as_if_anew(asked: tuple[Stack, Case, Instant]):
    stack, case, at = asked
    same_after_each(stack, list(case.records), at, Register.EMPTY, ())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(asked=asked(10), waits=st.lists(st.sampled_from([0, 1, 3600, 86_400, 10**6]), min_size=11, max_size=11))
def test_records_that_come_at_any_later_moment_are_judged_as_if_anew(
    asked: tuple[Stack, Case, Instant], waits: list[int]
):
    stack, case, at = asked
    ongoing = Ongoing(stack, Case.of([]), at)
    for n, (r, wait) in enumerate(zip(case.records, waits, strict=False), 1):
        at += wait * 1_000_000
        assert told(ongoing.take(r, at)) == told(stack.judge(Case.of(case.records[:n]), at))


@pytest.mark.parametrize("id", [i for i in shipped() if not i.startswith("cn-")])
def test_the_examples_of_a_shipped_rulebook_are_judged_as_if_anew_record_by_record(id: str):
    stack = shipped_stack(id)
    for rule in stack.rules:
        for tree in rule.examples[:4]:
            e = read_example(tree, rule, default())
            register = Register.of(r for r in e.records if r.kind in stack.shape.certificates)
            same_after_each(stack, list(e.records), e.at, register, ())


def test_a_record_that_touches_little_leaves_the_other_duties_the_very_same():
    stack = stacks()[1]
    found = read_dossier(SAMPLES / "perfect-case", default(), files=False).records
    of_case = [r for r in found if r.kind == "case.opened" or r.links.get("case")][:20]
    at = max(r.received for r in of_case)
    ongoing = Ongoing(stack, Case.of(of_case), at)
    before = {id(d) for d in ongoing.judgement.duties}
    paper = next(r for r in of_case if r.kind == "onsite_inspection_transcript")
    signed = Record("0197f000-0000-7000-8000-000000000001", "", "signature.added", paper.done_at + timedelta(hours=1),
                    links={"case": paper.links["case"], "about": (paper.id,)})  # fmt: skip
    after = ongoing.take(signed, max(at, instant(signed.done_at))).duties
    assert len([d for d in after if id(d) in before]) > len(after) - 8
