"""A record that says nothing but when and who: asked about once, never refused, and never asked of one that says something."""

from __future__ import annotations

from typing import Any

import pytest

from liuhen.journal.models import RecordRow
from tests.faces.desk.pages import Desk, form_of, sent, text
from tests.office import Office

NOTHING = "这条记录没有写明任何内容"
ACT = "act.questioning"


@pytest.fixture
def case(office: Office) -> str:
    return office.open_case("示例罚立〔2023〕17号")


def stored(case: str, kind: str = ACT) -> int:
    return RecordRow.objects.filter(home=case, kind=kind).count()


def test_a_form_sent_as_it_opened_is_asked_about_and_not_stored(desk: Desk, case: str) -> None:
    answer = sent(desk("zhang"), f"/cases/{case}/new/{ACT}/")
    assert answer.status_code == 422
    assert NOTHING in text(answer)
    assert "例如被询问人身份、被询问人、地点" in text(answer)
    assert stored(case) == 0


def test_confirmed_it_is_stored(desk: Desk, case: str) -> None:
    client, path = desk("zhang"), f"/cases/{case}/new/{ACT}/"
    asked = sent(client, path)
    assert client.post(path, form_of(asked)).status_code == 302
    assert stored(case) == 1


@pytest.mark.parametrize("typed", [{"c__person": "李某"}, {"c__matters": "用地情况"}])
def test_one_word_typed_is_enough(desk: Desk, case: str, typed: dict[str, Any]) -> None:
    assert NOTHING not in text(sent(desk("zhang"), f"/cases/{case}/new/{ACT}/", **typed))


def test_what_stood_in_the_form_from_the_start_is_not_something_said(office: Office, desk: Desk, case: str) -> None:
    act = office.act(case, ACT, "2023-03-06 08:00", "2023-03-06 08:20", content={"place": "示例路1号"}).id
    path = f"/cases/{case}/new/interview_transcript/?about={act}"
    client = desk("zhang")
    form = form_of(client.get(path))
    assert form["c.place"] == ["示例路1号"]
    assert NOTHING in text(client.post(path, form))
    form["c.place"] = ["示例路2号"]
    assert NOTHING not in text(client.post(path, form))


def test_an_event_says_by_its_date_what_it_has_to_say(desk: Desk, case: str) -> None:
    assert NOTHING not in text(sent(desk("zhang"), f"/cases/{case}/new/investigation.ended/"))


def test_a_correction_is_not_asked(office: Office, desk: Desk, case: str) -> None:
    act = office.act(case, ACT, "2023-03-06 08:00", "2023-03-06 08:20", content={"person": "李某"}).id
    answer = sent(desk("zhang"), f"/records/{act}/correct/", c__person="", reason="填错案件")
    assert NOTHING not in text(answer)
