"""An officer at the desk in a real browser: a bureau of today, a case half recorded, and signing in by typing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from liuhen.faces.desk import frame
from tests.faces.desk.conftest import PASSWORD, account
from tests.office import ZONE, Office

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def office(lasting_office: Office) -> Office:
    """A bureau of today: its clock is the browser's, the expired text is applied on."""
    frame.kept.clear()
    lasting_office.now = datetime.now(ZONE).replace(microsecond=0) - timedelta(minutes=5)
    applied = {"rulebook": "bazhou", "from": "2023-10-01", "decided_by": "局长办公会（示例）"}
    lasting_office.take(
        lasting_office.record("rulebook.applied_on", content=applied, by=[lasting_office.by("head", "agency_head")]),
        "head",
    )
    return lasting_office


@pytest.fixture
def case(office: Office) -> str:
    """A case with an inspection, half recorded, and its paper."""
    day = office.now - timedelta(days=6)
    office.now = day.replace(hour=9, minute=0, second=0)
    root = office.open_case(
        "示例罚立〔2026〕17号", title="未经批准擅自占用耕地建设石料堆场案（示例）", party_name="示例云岭石材有限公司"
    )
    start = office.now - timedelta(minutes=100)
    act = office.act(root, "act.inspection", text(start), text(start + timedelta(minutes=80))).id
    office.act(
        root,
        "recording.completed",
        text(start),
        text(start + timedelta(minutes=50)),
        links={"about": [act]},
        content={"device": "JY-05", "told_at_start": True},
    )
    office.act(root, "onsite_inspection_transcript", text(office.now - timedelta(minutes=10)), links={"about": [act]})
    office.now = datetime.now(ZONE).replace(microsecond=0) - timedelta(minutes=5)
    return root


def text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")


@pytest.fixture
def signed_in(office: Office, open_page: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that opens a page in which somebody has signed in by typing name and password."""

    def opened(short: str = "zhang", language: str = "zh", **options: Any) -> Any:
        person = account(office, short)
        if person.language != language:
            person.language = language
            person.save()
        page = open_page(**options)
        page.goto("/sign-in/")
        page.locator("#username").fill(person.username)
        page.locator("#password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"//[^/]+/$"))
        return page

    return opened


def confirmed(page: Any) -> None:
    """Send the form, and confirm what the page warns of."""
    warned = page.locator(".refuse.warn")
    stored = page.locator(".notice.good")
    page.locator("[data-submit]").click()
    expect(warned.or_(stored)).to_be_visible()
    if warned.count():
        page.locator("[data-submit]").click()
        expect(stored).to_be_visible()
