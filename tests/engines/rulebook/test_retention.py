"""The retention form: kept until its time is over; a later event only lengthens it; disposal is judged by what was known then."""

from __future__ import annotations

import pytest

from liuhen.engines.rulebook import build_stack
from liuhen.ground.case import Case
from tests.engines.rulebook.small import Book, calendar, due_of, read, write_book

AT = "2027-01-20T09:00"
FOOTAGE = "2025-08-31 09:00–10:00 recording.completed #v"


def kept(keep: str, more: str = "", rule: str = "kept") -> str:
    return f"""
- id: {rule}
  form: retention
  thing: {{kind: recording.completed}}
  keep: {keep}
{more}"""


SIX_MONTHS = "[{at_least: {amount: 6, unit: months}}]"
RAISED = "[{at_least: {amount: 6, unit: months}}, {class: permanent}]"
BY = "  raised_by: [{kind: trial.event}]\n"


def test_while_it_is_held_it_is_met_and_its_end_is_told(book):
    duty = book(kept(SIX_MONTHS)).duties(FOOTAGE, at="2025-09-01T09:00")[0]
    assert (duty.status, due_of(duty)) == ("met", "2026-03-01 00:00")


@pytest.mark.parametrize(("day", "said"), [("2026-02-28", "breached missing disposed"), ("2026-03-01", "met")])
def test_disposed_of_on_the_last_day_is_a_breach_and_on_the_next_it_is_not(book, day: str, said: str):
    assert book(kept(SIX_MONTHS)).judge(FOOTAGE, f"{day} recording.disposed >v", at=AT) == [said]


def test_an_event_makes_it_permanent(book):
    duty = book(kept(RAISED, BY)).duties(FOOTAGE, "2026-02-27 trial.event", at=AT)[0]
    assert (duty.status, due_of(duty)) == ("met", "never")
    gone = [FOOTAGE, "2026-02-27 trial.event", "2026-03-01 recording.disposed >v"]
    assert book(kept(RAISED, BY)).judge(*gone, at=AT) == ["breached missing disposed"]
    assert book(kept(RAISED, BY)).judge(FOOTAGE, gone[2], at=AT) == ["met"]


def test_an_event_received_after_a_lawful_disposal_is_shown_and_breaches_nothing(book):
    event = '{on: "2026-02-27", kind: trial.event, received: "2026-03-05T09:00"}'
    gone = '{on: "2026-03-01", kind: recording.disposed, about: v, received: "2026-03-01T09:00"}'
    assert book(kept(RAISED, BY)).judge(FOOTAGE, event, gone, at=AT) == ["met recorded_after"]


def test_an_event_about_one_act_raises_the_footage_of_that_act_alone(book):
    acts = ["2025-08-31 09:00–10:00 trial.act #a", "2025-08-31 11:00–12:00 trial.act #b"]
    footage = ["2025-08-31 09:00–10:00 recording.completed #v >a", "2025-08-31 11:00–12:00 recording.completed #w >b"]
    duties = book(kept(RAISED, BY)).duties(*acts, *footage, "2025-09-27 trial.event >a", at=AT)
    assert [due_of(d) for d in duties] == ["never", "2026-03-01 00:00"]
    duties = book(kept(RAISED, BY)).duties(*acts, *footage, "2025-09-27 trial.event", at=AT)
    assert [due_of(d) for d in duties] == ["never", "never"]


def test_an_act_raises_the_footage_of_itself_and_of_the_act_it_names(book):
    acts = [
        "2025-08-31 09:00–10:00 trial.act #a",
        "2025-08-31 11:00–12:00 act.coercive_measure #m",
        '{on: "2025-08-31T09:10", until: "09:20", kind: act.refusal, id: r, about: a}',
    ]
    footage = [
        f"2025-08-31 09:00–12:00 recording.completed #{n} >{of}" for n, of in (("v", "a"), ("w", "m"), ("x", "r"))
    ]
    for act, ends in (
        ("act.coercive_measure", ["2026-03-01 00:00", "never", "2026-03-01 00:00"]),
        ("act.refusal", ["never", "2026-03-01 00:00", "never"]),
    ):
        duties = book(kept(RAISED, BY.replace("trial.event", act))).duties(*acts, *footage, at=AT)
        assert [due_of(d) for d in duties] == ends


def test_kept_as_long_as_the_case_file_or_in_a_class(book):
    for keep in ("[{as_long_as: case_file}]", "[{class: long_term}]"):
        assert due_of(book(kept(keep)).duties(FOOTAGE, at=AT)[0]) == "never"


def test_a_class_that_nothing_raised_asks_for_nothing(book):
    assert book(kept("[{class: permanent}]", BY)).judge(FOOTAGE, at=AT) == []


def test_a_floor_runs_from_the_moment_that_the_rule_names(book):
    keep = "[{at_least: {amount: 1, unit: months}, from: told_at}]"
    records = ["2025-08-31 09:00–10:00 recording.completed #v told_at=2025-09-10T09:00"]
    assert due_of(book(kept(keep)).duties(*records, at=AT)[0]) == "2025-10-11 00:00"
    assert book(kept(keep)).judge(FOOTAGE, at=AT) == ["unknown asks told_at"]


def test_of_two_texts_the_longer_one_counts(tmp_path):
    short = Book(write_book(tmp_path / "short", kept(SIX_MONTHS, "  duty: footage.kept\n")))
    long = Book(write_book(tmp_path / "long", kept("[{at_least: {amount: 1, unit: years}}]", "  duty: footage.kept\n")))
    stack = build_stack([short.rulebook, long.rulebook], short.vocabulary, calendar(), regardless_of_dates=True)
    records, at = read(short.rulebook, short.vocabulary, [FOOTAGE], None, AT)
    (duty,) = stack.judge(Case.of(records), at).duties
    assert (due_of(duty), duty.rule.ref, len(duty.cites)) == ("2026-09-01 00:00", "long/kept", 2)
    records, at = read(short.rulebook, short.vocabulary, [FOOTAGE, "2026-06-01 recording.disposed >v"], None, AT)
    (duty,) = stack.judge(Case.of(records), at).duties
    assert (duty.status, duty.rule.ref) == ("breached", "long/kept")
