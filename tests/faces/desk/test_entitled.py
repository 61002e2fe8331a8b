"""Forms are offered to those who may submit them, and whoever asks for another is told who may."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from liuhen.faces.desk.cases.entitled import may_enter
from liuhen.ground.permissions import recorders
from liuhen.ground.record import read_record
from liuhen.journal.authorise import refusals
from tests.faces.desk.pages import Desk, text
from tests.office import Office

PEOPLE = ("zhang", "wang", "reviewer", "head", "clerk", "archivist", "admin", "checker", "far_clerk")


@pytest.fixture
def case(office: Office) -> str:
    office.enrol("checker", "某示例", "supervisor", unit="监督股")
    office.enrol("far_clerk", "秦示例", "clerk", "device_keeper", unit="办公室")
    return office.open_case("示例罚立〔2023〕17号")


class _Visit:
    def __init__(self, who: Any) -> None:
        self.who = who


@pytest.mark.parametrize("short", PEOPLE)
def test_what_is_offered_is_what_the_door_takes(office: Office, case: str, short: str) -> None:
    """For every kind: offered if and only if some record that this person could bring is not refused for who brings it."""
    who, vocabulary = office.who(short), office.basis.vocabulary
    near = who.near("执法一队", frozenset({office.persons["zhang"], office.persons["li"]}))
    itself = {"id": who.person, "name": who.name}
    row, differ = office.row(case), []
    for kind in vocabulary.kinds.values():
        tried = [{"by": [{**itself, "role": role}]} for role in who.acting]
        tried += [
            {"by": [{"role": role, "name": "某人"}], "entered_by": {**itself, "role": next(iter(who.roles))}}
            for role in recorders(kind)
        ]
        tried += [
            {"by": [office.by(other, role)], "entered_by": {**itself, "role": next(iter(who.roles))}}
            for role in recorders(kind)
            for other in ("zhang", "wang")
        ]
        stated = {"id": str(uuid4()), "bureau": office.bureau, "kind": kind.id, "done_at": office.now.isoformat()}
        taken = any(
            not [*refusals(read_record({**stated, **by}), kind, who, near, vocabulary, row)]
            for by in tried
            if kind.id != "late_entry.approved" or who.may("approve_outside", "record")
        )
        if may_enter(_Visit(who), kind, near) is not taken:  # type: ignore[arg-type]
            differ.append(kind.id)
    assert differ == []


class TestANewCase:
    @pytest.mark.parametrize(("who", "status"), [("zhang", 200), ("admin", 403), ("reviewer", 403), ("checker", 403)])
    def test_is_for_officers(self, desk: Desk, case: str, who: str, status: int) -> None:
        answer = desk(who).get("/cases/new/")
        assert answer.status_code == status
        if status == 403:
            assert "“案件登记”应由执法人员、承办人登记" in text(answer)
            assert "<form" not in answer.content.decode().partition("<main")[2]

    def test_sent_all_the_same_is_refused_and_stores_nothing(self, office: Office, desk: Desk, case: str) -> None:
        assert desk("admin").post("/cases/new/", {"done.date": "2023-03-06"}).status_code == 403


class TestInACase:
    def test_another_roles_kind_says_whose_it_is(self, desk: Desk, case: str) -> None:
        answer = desk("zhang").get(f"/cases/{case}/new/legal_review_opinion/")
        assert answer.status_code == 403
        assert "法制审核人员" in text(answer)
        assert f'href="/cases/{case}/"' in answer.content.decode()

    def test_a_supervisor_reads_and_is_offered_only_what_is_his(self, desk: Desk, case: str) -> None:
        client = desk("checker")
        assert client.get(f"/cases/{case}/").status_code == 200
        offered = client.get(f"/cases/{case}/new/").content.decode()
        assert "access_request" in offered
        assert "meeting_minutes" not in offered
        assert client.get(f"/cases/{case}/new/meeting_minutes/").status_code == 403

    def test_another_persons_record_is_offered_no_withdrawal(self, office: Office, desk: Desk, case: str) -> None:
        act = office.act(case, "act.questioning", "2023-03-06 08:00", "2023-03-06 08:40").id
        assert "withdraw/" in desk("zhang").get(f"/records/{act}/").content.decode()
        assert "withdraw/" not in desk("checker").get(f"/records/{act}/").content.decode()
        assert desk("checker").get(f"/records/{act}/withdraw/").status_code == 403


class TestRegisters:
    def test_the_administrator_opens_people_and_no_device(self, office: Office, desk: Desk) -> None:
        client = desk("admin")
        assert client.get(f"/cases/{office.persons['zhang']}/").status_code == 200
        assert client.get(f"/records/{office.persons['zhang']}/").status_code == 200
        assert client.get("/registers/new/person.enrolled/").status_code == 200
        assert client.get("/registers/new/device_register/").status_code == 403
        listed = client.get("/registers/?of=person.enrolled")
        assert "张示例" in text(listed)

    def test_an_officer_is_offered_no_enrolment(self, desk: Desk) -> None:
        answer = desk("zhang").get("/registers/new/person.enrolled/")
        assert answer.status_code == 403
        assert "系统管理员" in text(answer)


class TestWhatIsNotThere:
    @pytest.mark.parametrize("path", ["new/no_such_kind/", "new/case.opened/", "new/person.enrolled/"])
    def test_a_kind_that_no_case_takes(self, desk: Desk, case: str, path: str) -> None:
        answer = desk("zhang").get(f"/cases/{case}/{path}")
        assert answer.status_code == 404
        assert "U-211" in text(answer)

    @pytest.mark.parametrize("kind", ["no_such_kind", "act.inspection", "case.opened"])
    def test_a_kind_that_no_register_takes(self, desk: Desk, kind: str) -> None:
        assert "U-211" in text(desk("zhang").get(f"/registers/new/{kind}/"))

    @pytest.mark.parametrize("path", ["bazhou/999", "no-such-rulebook/1"])
    def test_an_article(self, desk: Desk, path: str) -> None:
        answer = desk("zhang").get(f"/articles/{path}/")
        assert answer.status_code == 404
        assert "U-212" in text(answer)

    def test_a_duty(self, desk: Desk, case: str) -> None:
        answer = desk("zhang").get(f"/cases/{case}/why/no~such~duty/")
        assert answer.status_code == 404
        assert "U-213" in text(answer)
        assert f'href="/cases/{case}/"' in answer.content.decode()
