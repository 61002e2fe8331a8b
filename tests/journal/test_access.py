"""Who does not work on a case looks at it after the head's approval, for what it says and as long as it holds (bazhou 49)."""

from __future__ import annotations

from typing import Any

import pytest

from liuhen.journal.access import approved
from liuhen.journal.filed import filed
from tests.office import Office


@pytest.fixture
def root(office: Office) -> str:
    return office.open_case()


@pytest.fixture
def asked(office: Office, root: str) -> str:
    """Chen, of another unit, asked."""
    by = [office.by("chen", "enforcement_officer")]
    return office.take(
        office.record("access_request", links={"case": [root]}, by=by, content={"purpose": "串案比对"}), "chen"
    ).id


def approve(office: Office, root: str, asked: str, **content: Any) -> str:
    by = [office.by("head", "principal_head")]
    links = {"case": [root], "access": [asked]}
    return office.take(office.record("access_approval", links=links, by=by, content=content), "head").id


def has_access(office: Office, root: str, who: str = "chen", **how: bool) -> bool:
    held = filed(office.row(root), office.basis.zone)
    return approved(office.who(who), held, office.now.toordinal(), **how)


def test_asking_alone_opens_nothing(office: Office, root: str, asked: str) -> None:
    assert not has_access(office, root)


def test_an_approval_opens_the_case_to_who_asked_and_to_nobody_else(office: Office, root: str, asked: str) -> None:
    approve(office, root, asked)
    assert has_access(office, root)
    assert not has_access(office, root, "reviewer")
    assert office.who("chen").may("look", "recording", "bureau", approved=has_access(office, root))
    assert not office.who("chen").may("look", "recording", "bureau", approved=False)


def test_an_approval_to_view_is_none_to_copy(office: Office, root: str, asked: str) -> None:
    approve(office, root, asked, copy_or_view="view")
    assert (has_access(office, root), has_access(office, root, copy=True)) == (True, False)
    approve(office, root, asked, copy_or_view="copy")
    assert has_access(office, root, copy=True)


def test_an_approval_holds_until_the_end_of_its_last_day(office: Office, root: str, asked: str) -> None:
    approve(office, root, asked, valid_until="2023-03-07")
    assert has_access(office, root)
    office.wait(days=1)
    assert has_access(office, root)
    office.wait(days=1)
    assert not has_access(office, root)


def test_access_ends_when_it_is_recorded_as_ended(office: Office, root: str, asked: str) -> None:
    approve(office, root, asked)
    by = [office.by("archivist", "archivist")]
    office.take(office.record("access.ended", links={"case": [root], "access": [asked]}, by=by), "archivist")
    assert not has_access(office, root)


def test_a_withdrawn_approval_opens_nothing(office: Office, root: str, asked: str) -> None:
    given = approve(office, root, asked)
    by = [office.by("head", "principal_head")]
    links = {"case": [root], "withdraws": [given]}
    office.take(office.record("record.withdrawn", links=links, by=by, content={"reason": "误批"}), "head")
    assert not has_access(office, root)


def test_an_approval_of_anothers_request_opens_nothing(office: Office, root: str, asked: str) -> None:
    by = [office.by("archivist", "archivist")]
    other = office.take(office.record("access_request", links={"case": [root]}, by=by), "archivist").id
    approve(office, root, other)
    assert not has_access(office, root)
    assert has_access(office, root, "archivist")


@pytest.mark.parametrize(("days", "open_"), [(30, True), (31, False)])
def test_an_approval_that_names_no_end_holds_for_a_month(
    office: Office, root: str, asked: str, days: int, open_: bool
) -> None:
    approve(office, root, asked)
    office.wait(days=days)
    assert has_access(office, root) is open_


@pytest.mark.parametrize(("days", "open_"), [(3, True), (4, False)])
def test_an_office_sets_how_long_an_approval_without_an_end_holds(
    office: Office, root: str, asked: str, settings: Any, days: int, open_: bool
) -> None:
    settings.LIUHEN_ACCESS_DAYS = 3
    approve(office, root, asked)
    office.wait(days=days)
    assert has_access(office, root) is open_


def test_an_end_that_is_named_counts_whatever_the_setting(office: Office, root: str, asked: str, settings: Any) -> None:
    settings.LIUHEN_ACCESS_DAYS = 3
    approve(office, root, asked, valid_until="2023-12-31")
    office.wait(days=200)
    assert has_access(office, root)
