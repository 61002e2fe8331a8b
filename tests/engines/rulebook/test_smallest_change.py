"""The smallest change that would have made a duty lawful: made to the file, the duty is met."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from liuhen.engines.rulebook import Duty, Register, Stack, build_stack, load_rulebook, shipped, smallest_change
from liuhen.engines.rulebook.edits import Change
from liuhen.engines.rulebook.examples import read_example
from liuhen.ground.calendar import Calendar
from liuhen.ground.case import Case
from liuhen.ground.moments import Instant
from liuhen.ground.vocabulary import default
from tests.engines.rulebook.small import Book, read
from tests.engines.rulebook.test_any_records import asked

BROKEN = ("overdue", "breached")
EVENT = "2026-03-02 09:00 trial.event #e"


def broken(duty: Duty) -> bool:
    return duty.status in BROKEN or duty.late is not None


def made_lawful(stack: Stack, duty: Duty, change: Change, case: Case, register: Register, captures: Any = None) -> bool:
    """Whether the duty is met or excused, in time, in the changed file; what must not be may also be gone."""
    changed = change.applied(case)
    added = [e.after for e in change.edits if e.after is not None and e.after.kind in stack.shape.certificates]
    register = register.and_also(Register.of(added)) if added else register
    rows = [
        d
        for d in stack.judge(changed, change.at, register=register, captures=captures).duties
        if (d.duty, d.root, d.note) == (duty.duty, duty.root, duty.note)
    ]
    if not rows:
        return duty.rule.form == "absence"
    return all(d.status in ("met", "excused") and d.late is None for d in rows)


def broken_examples(id: str) -> Iterator[tuple[str, Stack, Duty, Case, Instant, Register, Any]]:
    """Every late, overdue or breached duty in the examples of a shipped rulebook."""
    book = load_rulebook(shipped()[id], default())
    stacks: dict[str, Stack] = {}
    for rule in book.rules:
        for tree in rule.examples:
            e = read_example(tree, rule, default())
            key = repr(sorted(e.settings.items()))
            stack = stacks.get(key) or build_stack(
                [book], default(), Calendar.load(), settings=e.settings, regardless_of_dates=True
            )
            stacks[key] = stack
            register = Register.of(r for r in e.records if r.kind in stack.shape.certificates)
            case = Case.of(e.records)
            for d in stack.judge(case, e.at, register=register, captures=e.captures).duties:
                if rule in (d.rules or (d.rule,)) and broken(d):
                    yield f"{rule.ref}: {e.name}", stack, d, case, e.at, register, e.captures


@pytest.mark.parametrize("id", list(shipped()))
def test_every_broken_example_of_a_shipped_rulebook_has_a_change_that_makes_it_lawful(id: str):
    found = 0
    for name, stack, duty, case, at, register, captures in broken_examples(id):
        change = smallest_change(stack, duty, case, at, register=register, captures=captures)
        assert change is not None, name
        assert made_lawful(stack, duty, change, case, register, captures), name
        found += 1
    assert found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(asked=asked(7))
def test_in_any_file_a_change_that_is_named_makes_the_duty_lawful(asked: tuple[Stack, Case, Instant]):
    stack, case, at = asked
    for duty in stack.judge(case, at).duties:
        change = smallest_change(stack, duty, case, at)
        assert broken(duty) or change is None
        assert change is None or made_lawful(stack, duty, change, case, Register.EMPTY)


def said(made: Book, *records: Any, at: str, case: Any = None) -> tuple[str, str] | None:
    found, moment = read(made.rulebook, made.vocabulary, records, case, at)
    file = Case.of(found)
    (duty,) = made.stack.judge(file, moment).duties
    change = smallest_change(made.stack, duty, file, moment)
    return (change.words.zh, change.words.en) if change is not None else None


ANSWER = "\n- id: answered\n  form: response\n  when: {kind: trial.event}\n  then: [{kind: trial.answer}]\n"


def test_what_came_two_hours_too_late_would_have_been_lawful_two_hours_earlier(book):
    made = book(ANSWER + "  within: {amount: 24, unit: hours}\n")
    zh, en = said(made, EVENT, "2026-03-03 11:00 trial.answer", at="2026-03-09T09:00") or ("", "")
    assert "不晚于2026年3月3日 09:00（即提前2小时）" in zh
    assert "come by 3 Mar 2026 09:00, i.e. 2 hours earlier" in en


def test_a_limit_in_days_is_told_in_days(book):
    made = book(ANSWER + "  within: {amount: 3, unit: natural_days}\n")
    zh, en = said(made, EVENT, "2026-03-07 11:00 trial.answer", at="2026-03-09T09:00") or ("", "")
    assert "不晚于2026年3月5日（即提前2日）" in zh
    assert "come by 5 Mar 2026, i.e. 2 days earlier" in en


def test_what_is_not_there_would_have_had_to_be_there_by_its_last_moment(book):
    made = book(ANSWER + "  within: {amount: 3, unit: natural_days}\n")
    _, en = said(made, EVENT, at="2026-03-09T09:00") or ("", "")
    assert en.endswith("been there by 5 Mar 2026")


@pytest.mark.parametrize(
    ("records", "at"),
    [
        ([EVENT, "2026-03-03 09:00 trial.answer"], "2026-03-09T09:00"),
        ([EVENT], "2026-03-02T10:00"),
    ],
    ids=["met", "still due"],
)
def test_what_is_lawful_or_not_yet_due_needs_no_change(book, records: list[str], at: str):
    assert said(book(ANSWER + "  within: {amount: 24, unit: hours}\n"), *records, at=at) is None


ORDER = "\n- id: first\n  form: order\n  before: {kind: trial.event}\n  need: [{kind: trial.answer}]\n"


def test_what_came_after_would_have_had_to_come_before(book):
    _, en = said(book(ORDER), EVENT, "2026-03-02 11:00 trial.answer", at="2026-03-09T09:00") or ("", "")
    assert "come by 2 Mar 2026 08:59:59, i.e. 2 hours 1 second earlier" in en


def test_what_stands_too_near_would_have_had_to_come_later(book):
    rules = ORDER.replace("trial.answer}", "trial.answer, at_least: {amount: 3, unit: natural_days}}")
    _, en = said(book(rules), EVENT, "2026-03-01 11:00 trial.answer", at="2026-03-09T09:00") or ("", "")
    assert "on 5 Mar 2026 00:00 or after" in en


def test_what_must_not_be_at_that_hour_would_have_had_to_be_at_another(book):
    rules = "\n- id: by-day\n  form: absence\n  never: {kind: trial.event}\n  hour: {from: 22, to: 6}\n"
    _, en = said(book(rules), "2026-03-02 23:00 trial.event", at="2026-03-09T09:00") or ("", "")
    assert "come by 2 Mar 2026 21:59:59" in en


def test_what_must_never_be_would_have_had_to_be_left_out(book):
    rules = "\n- id: never\n  form: absence\n  never: {kind: trial.event}\n"
    _, en = said(book(rules), EVENT, at="2026-03-09T09:00") or ("", "")
    assert en.endswith("of 2 Mar 2026 not been there")


def test_what_was_disposed_of_too_early_would_have_had_to_stay(book):
    rules = (
        "\n- id: kept\n  form: retention\n  per: recording\n  thing: {kind: recording.completed}\n"
        "  keep: [{at_least: {amount: 6, unit: months}, from: until}]\n"
    )
    _, en = said(
        book(rules), "2026-03-02 09:00–10:00 recording.completed #r", "2026-04-02 09:00 recording.disposed >r",
        at="2026-04-09T09:00",
    ) or ("", "")  # fmt: skip
    assert en.endswith("not been there")


@pytest.mark.parametrize(
    ("causes", "told"),
    [("[battery, weather]", "写明实际的中断原因"), ("[battery]", "中断原因：电量不足")],
    ids=["several", "one"],
)
def test_of_several_values_that_would_do_none_is_suggested(book, causes: str, told: str):
    rules = f"""
- id: filmed
  form: coverage
  act: {{kind: trial.act}}
  extent: whole
  gaps: {{explained: {{kind: recording_interruption_record, where: {{cause: {{one_of: {causes}}}}}, about: it}}}}"""
    footage = ["2026-03-02 09:00–09:20 recording.completed >a", "2026-03-02 09:30–10:00 recording.completed >a"]
    found = said(book(rules), "2026-03-02 09:00–10:00 trial.act #a", *footage, at="2026-03-20T09:00")
    assert found is not None
    assert told in found[0]
