"""What stands at a moment: corrections and their roots, withdrawals, what was known when, and one order whatever came first."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

import pytest

from liuhen.engines.rulebook import Held, Register, Shape
from liuhen.ground.case import Case
from liuhen.ground.moments import instant
from liuhen.ground.record import ZONE, Record
from liuhen.ground.vocabulary import default
from tests.engines.rulebook.small import line

AT = "2026-03-20T09:00"
PAPER = """
- id: paper
  form: response
  when: {kind: trial.act}
  then: [{kind: trial.paper}]
  within: {amount: 5, unit: natural_days}
"""


def act(day: str, name: str = "a", more: str = "") -> str:
    return f'{{on: "2026-03-{day}T09:00", until: "10:00", kind: trial.act, id: {name}{more}}}'


def paper(day: str, name: str = "p", about: str = "a", more: str = "") -> str:
    return f'{{on: "2026-03-{day}", kind: trial.paper, id: {name}, about: {about}{more}}}'


# -- corrections ------------------------------------------------------------------------------------------------------


def test_a_corrected_act_is_judged_as_corrected_and_keeps_its_papers(book):
    records = [act("02"), paper("06"), act("03", "b", ", corrects: a")]
    (duty,) = book(PAPER).duties(*records, at=AT)
    assert (line(duty), duty.trigger, duty.root) == ("met", "b", "a")


def test_a_paper_corrected_twice_still_meets_the_act_that_it_names(book):
    records = [act("02"), paper("06"), paper("06", "q", more=", corrects: p"), paper("06", "r", more=", corrects: q")]
    (duty,) = book(PAPER).duties(*records, at=AT)
    assert (line(duty), duty.met_by) == ("met", ("r",))


def test_a_paper_may_name_any_record_of_the_chain(book):
    chain = [act("02"), act("02", "b", ", corrects: a"), act("02", "c", ", corrects: b")]
    for named in ("a", "b", "c"):
        assert book(PAPER).judge(*chain, paper("06", about=named), at=AT) == ["met"]


def test_a_correction_that_moves_the_act_moves_the_clock(book):
    earlier = act("01", "b", ', corrects: a, received: "2026-03-10T09:00"')
    records = [act("02"), paper("07"), earlier]
    assert book(PAPER).judge(*records, at="2026-03-09T09:00") == ["met"]
    assert book(PAPER).judge(*records, at="2026-03-10T09:00") == ["met late 1 natural_days"]


def test_a_correction_of_a_record_that_is_not_here_stands_for_it(book):
    records = [act("02", "b", ", corrects: missing"), paper("06", about="missing")]
    (duty,) = book(PAPER).duties(*records, at=AT)
    assert (line(duty), duty.root) == ("met", "missing")


def test_the_root_that_the_door_gave_counts_where_the_chain_is_not_here_whole(book):
    made = Record(
        id="c", bureau="示例", kind="case.closed", corrects="b", root="a", done_at=datetime(2026, 3, 2, tzinfo=ZONE)
    )
    held = Held([made], instant(datetime(2026, 4, 1, tzinfo=ZONE)), Shape(default()), Register.EMPTY)
    assert held.root(made) == "a"


def test_two_corrections_of_one_record_both_stand_and_share_its_root(book):
    records = [act("02"), act("03", "b", ", corrects: a"), act("04", "c", ", corrects: a")]
    duties = book(PAPER).duties(*records, at=AT)
    assert [(d.trigger, d.root) for d in duties] == [("b", "a"), ("c", "a")]


def test_corrections_that_go_in_a_circle_stand_for_nothing(book):
    records = [act("02", "a", ", corrects: b"), act("03", "b", ", corrects: a")]
    assert book(PAPER).judge(*records, paper("06"), at=AT) == []


def test_a_correction_of_itself_stands_for_nothing(book):
    assert book(PAPER).judge(act("02", "a", ", corrects: a"), at=AT) == []


# -- withdrawals ------------------------------------------------------------------------------------------------------


def withdrawn(name: str, day: str = "10", id_: str = "w") -> str:
    return f'{{on: "2026-03-{day}", kind: record.withdrawn, id: {id_}, links: {{withdraws: {name}}}, content: {{reason: 误}}}}'


def test_what_is_withdrawn_asks_for_nothing_and_meets_nothing(book):
    assert book(PAPER).judge(act("02"), withdrawn("a"), at=AT) == []
    assert book(PAPER).judge(act("02"), paper("06"), withdrawn("p"), at=AT) == ["overdue missing trial.paper"]


def test_before_the_withdrawal_was_received_it_stands(book):
    assert book(PAPER).judge(act("02"), withdrawn("a"), at="2026-03-09T09:00") == ["overdue missing trial.paper"]


def test_withdrawing_the_first_record_withdraws_its_corrections_so_far(book):
    chain = [act("02"), act("03", "b", ', corrects: a, received: "2026-03-05T09:00"')]
    assert book(PAPER).judge(*chain, withdrawn("a"), at=AT) == []
    assert book(PAPER).judge(*chain, withdrawn("b"), at=AT) == []


def test_a_correction_received_after_the_withdrawal_states_it_anew(book):
    chain = [act("02"), withdrawn("a"), act("03", "b", ', corrects: a, received: "2026-03-12T09:00"')]
    assert book(PAPER).judge(*chain, paper("06"), at=AT) == ["met"]


def test_withdrawing_one_of_two_corrections_leaves_the_other(book):
    records = [act("02"), act("03", "b", ", corrects: a"), act("04", "c", ", corrects: a"), withdrawn("c")]
    assert [d.trigger for d in book(PAPER).duties(*records, at=AT)] == ["b"]


def test_a_case_whose_opening_was_withdrawn_has_no_opening(book):
    opened = '{on: "2026-03-01", kind: case.opened, id: x, content: {case_number: 例, title: 例, action_type: penalty}}'
    held = book(PAPER).stack
    records = book(PAPER).records(opened, act("02"), withdrawn("x"))

    h = held.hold(Case.of(records), instant(datetime(2026, 4, 1, tzinfo=ZONE)))
    assert (h.opened, h.action, h.case_root) == (None, None, "")


# -- known at -----------------------------------------------------------------------------------------------------------


def test_what_was_received_later_is_not_seen(book):
    late = paper("06", more=', received: "2026-03-12T09:00"')
    assert book(PAPER).judge(act("02"), late, at="2026-03-11T09:00") == ["overdue missing trial.paper"]
    assert book(PAPER).judge(act("02"), late, at="2026-03-12T09:00") == ["met recorded_after"]


def test_the_view_of_the_past_knows_neither_correction_nor_withdrawal(book):
    records = [
        act("02"),
        paper("06"),
        withdrawn("p", "15"),
        act("01", "b", ', corrects: a, received: "2026-03-16T09:00"'),
    ]
    (then,) = book(PAPER).duties(*records, at="2026-03-14T09:00")
    assert (line(then), then.trigger) == ("met", "a")
    (now,) = book(PAPER).duties(*records, at=AT)
    assert (line(now), now.trigger) == ("overdue missing trial.paper", "b")


# -- one order ---------------------------------------------------------------------------------------------------------


def test_the_order_in_which_records_are_given_changes_nothing(book):
    chain = [act("02"), act("03", "b", ", corrects: a"), act("04", "c"), paper("06"), paper("06", "q", "c")]
    made = book(PAPER)
    records = made.records(*chain)

    at = instant(datetime(2026, 3, 20, tzinfo=ZONE))
    expected = made.stack.judge(Case.of(records), at)
    for order in itertools.permutations(records):
        assert made.stack.judge(Case.of(order), at) == expected


@pytest.mark.parametrize("swapped", [False, True])
def test_of_records_done_at_one_moment_the_one_received_first_comes_first(swapped: bool):
    done = datetime(2026, 3, 2, 9, tzinfo=ZONE)
    one, two = (
        Record(id=i, bureau="示例", kind="case.closed", done_at=done, received_at=done + timedelta(hours=h))
        for i, h in (("z", 1), ("a", 2))
    )
    given = [two, one] if swapped else [one, two]
    held = Held(given, instant(done + timedelta(days=1)), Shape(default()), Register.EMPTY)
    assert [r.id for r in held.current] == ["z", "a"]


def test_without_any_record_nothing_is_asked(book):

    assert book(PAPER).stack.judge(Case(()), 0).duties == ()


# -- subjects ----------------------------------------------------------------------------------------------------------


def test_a_case_is_closed_by_its_last_closing_and_archived_by_its_first_file(book):
    records = [
        "2026-03-05 case.closed #x",
        "2026-03-09 case.closed #y",
        "2026-03-10 case_file #f",
        "2026-03-12 case_file #g",
    ]
    made = book(PAPER)

    h = made.stack.hold(Case.of(made.records(*records)), instant(datetime(2026, 4, 1, tzinfo=ZONE)))
    assert (h.closed_by.id, h.archived_by.id) == ("y", "f")


def test_a_review_begins_with_its_application_and_ends_with_the_opinion(book):
    made = book(PAPER)
    records = made.records(
        "2026-03-01 legal_review_application #r",
        '{on: "2026-03-09", kind: legal_review_opinion, id: o, links: {review: r}}',
    )

    h = made.stack.hold(Case.of(records), instant(datetime(2026, 4, 1, tzinfo=ZONE)))
    ((opening, end),) = h.subjects("review")
    assert (opening.id, end, h.closer("review", "r").id) == ("r", records[-1].instant, "o")
    assert h.closing("review", "r") == records[-1].instant
    assert h.closing("review", "another") is None
