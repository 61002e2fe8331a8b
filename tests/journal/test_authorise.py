"""Who may bring which record: by the roles held, for whom, and how near to the case."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from liuhen.ground.record import Actor
from liuhen.journal.authorise import actor_of
from liuhen.journal.door import take
from liuhen.journal.refusing import NotTaken
from liuhen.journal.who import NotAllowed, holders, system, who_is
from liuhen.rooms.people import actions
from tests.office import Office


def codes(refused: pytest.ExceptionInfo[Any]) -> list[str]:
    return [f.code for f in refused.value.findings]


@pytest.fixture
def root(office: Office) -> str:
    return office.open_case()


def questioning(office: Office, root: str, by: list[dict[str, str]], **parts: Any) -> dict[str, Any]:
    return office.record(
        "act.questioning", "2023-03-06 08:00", until="2023-03-06 08:40", links={"case": [root]}, by=by, **parts
    )


def test_an_officer_of_the_case_records_its_acts(office: Office, root: str) -> None:
    office.take(questioning(office, root, [office.by("li", "enforcement_officer")]), "li")


def test_an_officer_of_another_unit_does_not(office: Office, root: str) -> None:
    with pytest.raises(NotTaken) as refused:
        office.take(questioning(office, root, [office.by("chen", "enforcement_officer")]), "chen")
    assert codes(refused) == ["A-005"]


def test_a_reviewer_records_his_opinion_in_any_case_and_no_act(office: Office, root: str) -> None:
    by = [office.by("reviewer", "legal_reviewer")]
    office.take(
        office.record("legal_review_opinion", links={"case": [root]}, by=by, content={"review_opinion": "agree"}),
        "reviewer",
    )
    with pytest.raises(NotTaken) as refused:
        office.take(questioning(office, root, by), "reviewer")
    assert codes(refused) == ["A-001"]
    assert "执法人员" in refused.value.finding.sentence("zh")


def test_an_officer_can_not_write_the_reviewers_opinion(office: Office, root: str) -> None:
    """Not under his own name, not by naming the reviewer, not by claiming the role."""
    content = {"review_opinion": "agree"}
    for by, wanted in (
        ([office.by("zhang", "enforcement_officer")], ["A-001"]),
        ([office.by("reviewer", "legal_reviewer")], ["A-002"]),
        ([office.by("zhang", "legal_reviewer")], ["A-004", "A-004"]),
    ):
        with pytest.raises(NotTaken) as refused:
            office.take(office.record("legal_review_opinion", links={"case": [root]}, by=by, content=content))
        assert codes(refused) == wanted


def test_only_a_handler_closes_the_case(office: Office, root: str) -> None:
    office.enrol("colleague", "同队示例", "enforcement_officer")
    closing = office.record(
        "case.closed",
        links={"case": [root]},
        by=[office.by("colleague", "case_handler")],
        content={"reason": "performed"},
    )
    with pytest.raises(NotTaken) as refused:
        office.take(closing, "colleague")
    assert codes(refused) == ["A-005"]
    office.take({**closing, "by": [office.by("li", "case_handler")]}, "li")


def test_a_clerk_enters_for_the_officers_named(office: Office, root: str) -> None:
    by = [office.by("zhang", "enforcement_officer"), office.by("li", "enforcement_officer")]
    receipt = office.take(questioning(office, root, by, entered_by=office.by("clerk", "clerk")), "clerk")
    assert receipt.home == root


def test_a_clerk_does_not_act_as_an_officer(office: Office, root: str) -> None:
    with pytest.raises(NotTaken) as refused:
        office.take(questioning(office, root, [office.by("clerk", "clerk")]), "clerk")
    assert codes(refused) == ["A-001"]


def test_a_clerk_can_not_enter_what_those_named_may_not_record(office: Office, root: str) -> None:
    by = [office.by("archivist", "archivist")]
    with pytest.raises(NotTaken) as refused:
        office.take(questioning(office, root, by, entered_by=office.by("clerk", "clerk")), "clerk")
    assert codes(refused) == ["A-001"]


def test_an_officer_does_not_enter_for_another_one(office: Office, root: str) -> None:
    by = [office.by("li", "enforcement_officer")]
    with pytest.raises(NotTaken) as refused:
        office.take(questioning(office, root, by, entered_by=office.by("zhang", "enforcement_officer")))
    assert codes(refused) == ["A-003"]


def test_a_record_names_who_brings_it(office: Office, root: str) -> None:
    with pytest.raises(NotTaken) as refused:
        office.take(questioning(office, root, [office.by("li", "enforcement_officer")]), "zhang")
    assert codes(refused) == ["A-002"]


def test_a_colleague_named_must_have_held_the_role_that_day(office: Office, root: str) -> None:
    office.enrol("late", "新任示例")
    actions.grant(
        system(office.bureau), office.persons["late"], "enforcement_officer", since=date(2023, 3, 6), now=office.now
    )
    by = [office.by("zhang", "enforcement_officer"), office.by("late", "enforcement_officer")]
    with pytest.raises(NotTaken) as refused:
        office.take(
            office.record(
                "act.questioning", "2023-03-05 08:00", until="2023-03-05 08:40", links={"case": [root]}, by=by
            )
        )
    assert codes(refused) == ["A-004"]
    office.take(questioning(office, root, by))


def test_nobody_records_for_another_bureau(office: Office, root: str) -> None:
    other = Office("anshan-legal-review").staffed()
    record = questioning(office, root, [other.by("zhang", "enforcement_officer")])
    with pytest.raises(NotTaken) as refused:
        take(record, actor=other.who("zhang"), now=office.now)
    assert codes(refused) == ["A-009"]


def test_the_administrator_records_nothing_in_a_case(office: Office, root: str) -> None:
    with pytest.raises(NotTaken) as refused:
        office.take(
            office.record("meeting_minutes", links={"case": [root]}, by=[office.by("admin", "system_administrator")]),
            "admin",
        )
    assert codes(refused) == ["A-001"]


def test_who_left_does_not_come_in(office: Office) -> None:
    actions.leave(office.who("admin"), office.persons["chen"], now=office.now)
    assert office.who("chen").name == "陈示例"  # the last day is still his
    office.wait(days=1)
    with pytest.raises(NotAllowed) as refused:
        office.who("chen")
    assert codes(refused) == ["A-010"]


def test_a_role_is_held_from_its_first_day_to_its_last(office: Office) -> None:
    person = office.enrol("short", "短任示例")
    grant = actions.grant(office.who("admin"), person, "archivist", since=date(2023, 3, 6), now=office.now)
    day = date(2023, 3, 6).toordinal()
    assert [bool(who_is(office.bureau, person, d).roles) for d in (day - 1, day, day + 400)] == [False, True, True]
    office.wait(days=1)
    actions.end(office.who("admin"), grant.id, last_day=date(2023, 3, 7), now=office.now)
    assert [bool(who_is(office.bureau, person, d).roles) for d in (day + 1, day + 2)] == [True, False]
    assert person in holders(office.bureau, "archivist", day)
    assert person not in holders(office.bureau, "archivist", day + 2)


def test_a_record_names_somebody_as_enrolled(office: Office) -> None:
    zhang = office.who("zhang")
    assert actor_of(zhang, "server") == Actor("server", "张示例", zhang.person, "冀010001")
