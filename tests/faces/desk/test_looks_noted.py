"""No page shows what stands in a file without a look being noted, and no part of a file's bytes goes out unnoted."""

from __future__ import annotations

from typing import Any

import pytest

from liuhen.faces.desk import evidence, routes
from liuhen.faces.desk.urls import urlpatterns
from liuhen.journal.models import LookRow
from tests.faces.desk.pages import Desk, confirmed, sent, text
from tests.office import Office

DATA = b"%PDF-1.4\n" + bytes(range(200)) * 20


@pytest.fixture
def case(office: Office) -> str:
    return office.open_case("示例罚立〔2023〕17号")


@pytest.fixture
def stored(office: Office, desk: Desk, case: str) -> str:
    """The id of a record with a file."""
    client, path = desk("zhang"), routes.entry(case, "evidence_retrieval_notice")
    up = client.generic(
        "POST", "/files/", DATA, content_type="application/octet-stream", headers={"x-file-name": "a.pdf"}
    )
    answer = confirmed(
        client, sent(client, path, done__date="2023-03-06", file=up.json()["token"], file__role="scan"), path
    )
    return str(answer["Location"].split("/")[2])


def noted(office: Office, short: str) -> list[str]:
    rows = LookRow.objects.filter(bureau=office.bureau, person=office.persons[short]).order_by("seq")
    return list(rows.values_list("what", flat=True))


def test_every_page_of_a_file_or_of_a_record_notes_the_look(office: Office, desk: Desk, case: str, stored: str) -> None:
    office.act(case, "recording.completed", "2023-03-06 08:00", "2023-03-06 08:40", content={"device": "JY-1"})
    client = desk("zhang")
    page = client.get(routes.case(case)).content.decode()
    key = page.partition(f"/cases/{case}/why/")[2].partition("/")[0]
    assert key
    values = {"root": case, "id": stored, "kind": "act.questioning", "key": key, "position": "0"}
    for pattern in urlpatterns:
        address = "/" + str(pattern.pattern)
        if "<str:root>" not in address and "<str:id>" not in address:
            continue
        for name, value in values.items():
            for sort in ("str", "int", "path"):
                address = address.replace(f"<{sort}:{name}>", value)
        before = len(noted(office, "zhang"))
        assert client.get(address).status_code == 200, address
        assert len(noted(office, "zhang")) == before + 1, address


@pytest.mark.parametrize(
    "headers",
    [
        {"range": "bytes=1-"},
        {"range": "bytes=-10"},
        {"range": "bytes=1-", "if-range": "zz"},
        {"range": "bytes=99999-", "if-range": "zz"},
        {},
    ],
)
def test_whatever_bytes_of_a_file_are_asked_for_first_is_a_look(
    office: Office, desk: Desk, stored: str, headers: dict[str, str]
) -> None:
    answer: Any = desk("li").get(routes.file(stored, 0), headers=headers)
    assert answer.status_code in (200, 206)
    assert noted(office, "li") == ["look case"]


def test_the_pieces_that_follow_belong_to_the_look_for_an_hour(
    office: Office, desk: Desk, stored: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = desk("li")
    for start in (0, 100, 200):
        client.get(routes.file(stored, 0), headers={"range": f"bytes={start}-{start + 99}"})
    assert noted(office, "li") == ["look case"]
    monkeypatch.setattr(evidence, "PIECES_FOLLOW", 0)
    client.get(routes.file(stored, 0), headers={"range": "bytes=100-199"})
    assert noted(office, "li") == ["look case"] * 2


def test_what_gives_no_bytes_is_none(office: Office, desk: Desk, stored: str) -> None:
    client = desk("li")
    assert client.get(routes.file(stored, 0), headers={"range": "bytes=99999-"}).status_code == 416
    assert client.head(routes.file(stored, 0)).status_code == 200
    assert noted(office, "li") == []


def test_a_range_with_thousands_of_figures_is_beyond_the_end(office: Office, desk: Desk, stored: str) -> None:
    client = desk("li")
    figures = "9" * 5000
    assert client.get(routes.file(stored, 0), headers={"range": f"bytes={figures}-"}).status_code == 416
    for header in (f"bytes=-{figures}", f"bytes=0-{figures}"):
        assert client.get(routes.file(stored, 0), headers={"range": header}).status_code == 206


def test_a_copy_is_for_those_who_may_copy_and_the_others_are_offered_none(
    office: Office, desk: Desk, stored: str
) -> None:
    reviewer, head = desk("reviewer"), desk("head")
    assert reviewer.get(routes.file(stored, 0)).status_code == 200
    refused = reviewer.get(f"{routes.file(stored, 0)}?download=1")
    assert refused.status_code == 403
    assert "A-020" in text(refused)
    assert "download=1" not in reviewer.get(routes.record(stored)).content.decode()
    assert noted(office, "reviewer") == ["look case", "look case"]
    assert head.get(f"{routes.file(stored, 0)}?download=1").status_code == 200
    assert "download=1" in head.get(routes.record(stored)).content.decode()
    assert noted(office, "head") == ["copy case", "look case"]
