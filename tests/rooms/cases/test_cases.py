"""What the desk reads and does in cases: by key, by index, by role; the number of queries does not grow with the rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from liuhen.journal.models import RecordRow, TaskRow
from liuhen.rooms.cases import actions, choosing, listing, people, reading, workbench
from liuhen.rooms.cases.listing import Filter
from liuhen.rooms.cases.reach import Reach, reach_of
from tests.office import Office, data_folder, office, transactional_db

__all__ = ["data_folder", "office", "transactional_db"]

Queries = Callable[[int], Any]
FAR = 2**62


def fill(office: Office, cases: int) -> None:
    for n in range(cases):
        root = office.open_case(f"示例〔2023〕{n}号")
        office.act(root, "act.questioning", "2023-03-06 08:00", "2023-03-06 08:40")


@pytest.mark.parametrize("cases", [5, 50])
def test_the_workbench_asks_as_often_for_five_cases_as_for_fifty(
    office: Office, django_assert_num_queries: Queries, cases: int
) -> None:
    fill(office, cases)
    who = office.who("zhang")
    with django_assert_num_queries(2):
        found = workbench.counts(who, office.instant, office.instant)
    assert found.handled == cases
    with django_assert_num_queries(1):
        tasks, more = workbench.tasks(who, found.keys, office.instant, office.instant, "todo", size=30)
    assert more is (found.todo > 30)
    assert len(tasks) <= 30
    with django_assert_num_queries(2):
        fall = workbench.strip(who, found.keys, [office.instant, FAR], 3)
    assert (fall[0].number, len(fall[0].first)) == (found.todo, 3)


def test_the_strip_says_of_each_day_how_much_falls_due_and_what_first(office: Office) -> None:
    fill(office, 7)
    who = office.who("zhang")
    keys = workbench.counts(who, office.instant, office.instant).keys
    for n, task in enumerate(TaskRow.objects.filter(assignee__in=keys).order_by("id")):
        TaskRow.objects.filter(pk=task.pk).update(due=100 * (n // 5 + 1))
    first, empty, second = workbench.strip(who, keys, [99, 100, 199, 200], 3)
    assert [(d.number, [line[0] for line in d.first]) for d in (first, empty, second)] == [
        (5, [100] * 3),
        (0, []),
        (5, [200] * 3),
    ]
    assert workbench.strip(who, (), [0, 1, 2]) == [workbench.DueDay(0, ())] * 2


@pytest.mark.parametrize("cases", [5, 50])
def test_the_list_asks_as_often_for_five_cases_as_for_fifty(
    office: Office, django_assert_num_queries: Queries, cases: int
) -> None:
    fill(office, cases)
    who = office.who("head")
    with django_assert_num_queries(2):
        found, more = listing.cases(who, Filter(), office.instant, Reach(all=True), size=30)
        number, many = listing.number_of(who, Filter(), office.instant, Reach(all=True))
    assert (number, many) == (cases, False)
    assert (len(found), more) == (min(cases, 30), cases > 30)


@pytest.mark.parametrize("records", [5, 50])
def test_a_case_asks_as_often_for_five_records_as_for_fifty(
    office: Office, django_assert_num_queries: Queries, records: int
) -> None:
    root = office.open_case()
    for n in range(records):
        office.act(root, "evidence_retrieval_notice", f"2023-03-05 0{n % 9}:{n:02d}")
    who = office.who("zhang")
    reading._registers.clear()
    with django_assert_num_queries(7):  # nothing kept yet: row, records, key, the register thrice, seals
        row = reading.row_of(who, root)
        opened = reading.open_case(who, row, office.basis, office.instant)
        reading.sealed(row)
    assert len(opened.filed.entries) == records + 1


def test_counts_stop_at_a_thousand(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST", 3)
    fill(office, 5)
    who = office.who("head")
    assert listing.number_of(who, Filter(text="示例"), office.instant, Reach(all=True)) == (3, True)
    assert listing.number_of(who, Filter(text="4号"), office.instant, Reach(all=True)) == (1, False)


def test_a_judgement_is_kept_until_a_record_comes_in_or_time_changes_something(office: Office) -> None:
    root = office.open_case()
    who = office.who("zhang")

    def judged(at: int) -> Any:
        return reading.open_case(who, reading.row_of(who, root), office.basis, at).judgement

    first = judged(office.instant)
    assert judged(office.instant + 1) is first
    office.act(root, "recording.completed", "2023-03-06 08:00", "2023-03-06 08:40", content={"device": "JY-1"})
    second = judged(office.instant)
    assert second is not first
    assert second.next_change is not None
    assert judged(second.next_change - 1) is second
    third = judged(second.next_change)
    assert third is not second
    assert any(d.status == "overdue" for d in third.duties)


class TestReach:
    def test_by_role_and_place(self, office: Office) -> None:
        assert reach_of(office.who("head")) == Reach(all=True)
        assert reach_of(office.who("zhang")) == Reach(unit="执法一队")
        assert reach_of(office.who("admin")).none

    def test_a_case_handled_elsewhere_is_within(self, office: Office) -> None:
        root = office.open_case(handlers=("chen", "zhang"), unit="执法三队")
        assert root in reach_of(office.who("zhang")).roots
        assert root not in reach_of(office.who("li")).roots

    def test_its_condition_names_unit_and_single_cases(self) -> None:
        assert Reach(unit="一队").condition("c") == ("c.unit = %s", ["一队"])
        assert Reach(unit="一队", roots=("x",)).condition("c") == ("(c.unit = %s OR c.root IN (%s))", ["一队", "x"])
        assert Reach(roots=("x", "y")).condition("c") == ("c.root IN (%s, %s)", ["x", "y"])


class TestActions:
    def test_withdrawing_is_a_record_of_its_own(self, office: Office) -> None:
        root = office.open_case()
        paper = office.act(root, "evidence_retrieval_notice", "2023-03-06 08:00").id
        who = office.who("zhang")
        opened = reading.open_case(who, reading.row_of(who, root), office.basis, office.instant)
        entry = opened.filed.entry(paper)
        assert entry is not None
        by = {"role": "enforcement_officer", "name": who.name, "id": who.person}
        receipt = actions.withdraw(
            who, entry.record, id="01900000-0000-7000-8000-0000000000aa", home=root, reason="重复", by=by, at=office.now
        )
        assert RecordRow.objects.get(id=receipt.id).kind == "record.withdrawn"
        assert RecordRow.objects.filter(id=paper).exists()

    def test_looking_ahead_stores_nothing(self, office: Office) -> None:
        from liuhen.ground.record import read_record

        root = office.open_case()
        office.act(root, "act.hearing", "2023-03-06 07:00", "2023-03-06 08:00")
        who = office.who("zhang")
        opened = reading.open_case(who, reading.row_of(who, root), office.basis, office.instant)
        decision = office.record(
            "decision.made", "2023-03-06 08:30", links={"case": [root]}, by=[office.by("zhang", "enforcement_officer")]
        )
        before = RecordRow.objects.count()
        found = actions.ahead(opened, read_record(decision, zone=office.now.tzinfo), office.basis, office.instant)  # type: ignore[arg-type]
        assert [a.passed for a in found.gates] == [False]
        assert RecordRow.objects.count() == before


class TestChoosing:
    def test_links_offer_the_records_that_may_be_named_and_none_that_was_replaced(self, office: Office) -> None:
        root = office.open_case()
        act = office.act(root, "act.inspection", "2023-03-06 07:00", "2023-03-06 08:00").id
        office.act(root, "evidence_retrieval_notice", "2023-03-06 08:00")
        vocabulary = office.basis.vocabulary
        who = office.who("zhang")
        held = reading.open_case(who, reading.row_of(who, root), office.basis, office.instant).filed
        link = vocabulary.kinds["onsite_inspection_transcript"].links["about"]
        offered = [r.id for r in choosing.records_for(link, held, vocabulary)]
        assert act in offered
        ingest = vocabulary.kinds["ingest_record"].links["about"]
        assert choosing.records_for(ingest, held, vocabulary) == []

    def test_approvals_are_those_that_name_the_person_and_still_last(self, office: Office) -> None:
        root = office.open_case()
        content = {"source": "scan", "reason": "示例", "entered_by": office.persons["zhang"], "until": "2023-04-01"}
        approval = office.record(
            "late_entry.approved", links={"case": [root]}, content=content, by=[office.by("wang", "handling_unit_head")]
        )
        office.take(approval, "wang")
        day = office.now.toordinal()
        assert [r.id for r in choosing.approvals_for(office.who("zhang"), office.basis, day)] == [approval["id"]]
        assert choosing.approvals_for(office.who("li"), office.basis, day) == []
        assert choosing.approvals_for(office.who("zhang"), office.basis, day + 27) == []


def test_the_roles_in_which_somebody_may_record_depend_on_how_near_he_stands(office: Office) -> None:
    kind = office.basis.vocabulary.kinds["investigation.ended"]
    assert people.roles_to_record(kind, {"enforcement_officer"}, "handler") == ["case_handler", "enforcement_officer"]
    assert people.roles_to_record(kind, {"enforcement_officer"}, "unit") == ["enforcement_officer"]
    assert people.roles_to_record(kind, {"enforcement_officer"}, "bureau") == []
