"""A case that one may not look at: asking for access and getting it, entering for the officers named, and the receipt."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from liuhen.faces.desk import routes
from liuhen.journal.models import CaseRow, LookRow
from tests.faces.desk.pages import Desk, confirmed, form_of, sent, text
from tests.office import ZONE, Office

PARTY, NUMBER = "示例公司", "示例罚立〔2023〕77号"


@pytest.fixture
def case(office: Office) -> str:
    """A case of the first unit; chen and the clerk of the office belong to others."""
    office.enrol("desk_clerk", "秦示例", "clerk", "device_keeper", unit="办公室")
    return office.open_case(NUMBER)


def request_of(office: Office, root: str, by: str = "chen") -> str:
    """Ask at the door to look at the case; return the id of the request."""
    content = {"applicant": office.names[by], "purpose": "并案研究", "scope": "全卷", "copy_or_view": "view"}
    asked = office.record(
        "access_request", links={"case": [root]}, by=[office.by(by, "enforcement_officer")], content=content
    )
    return office.take(asked, by).id


def approve(office: Office, root: str, request: str, until: str, kind: str = "access_approval") -> None:
    content = {"copy_or_view": "view", "valid_until": until} if kind == "access_approval" else {"reason": "与工作无关"}
    links = {"case": [root], "access": [request]}
    by = [office.by("head", "agency_head")]
    office.take(office.record(kind, links=links, by=by, content=content), "head")


class TestAsking:
    """Access by approval, from the page that says no to the case opened."""

    def test_the_page_that_says_no_leads_to_the_request_and_says_nothing_of_the_case(
        self, office: Office, desk: Desk, case: str
    ) -> None:
        refused = desk("chen").get(routes.case(case))
        assert refused.status_code == 403
        assert f'href="{routes.entry(case, "access_request")}"' in refused.content.decode()
        form = desk("chen").get(routes.entry(case, "access_request"))
        assert form.status_code == 200
        assert form_of(form)["by.role"][0] == "enforcement_officer"
        for page in (refused, form):
            assert PARTY not in text(page)
            assert "未经批准占用土地" not in text(page)

    def test_the_form_of_an_approval_comes_with_a_last_day(self, office: Office, desk: Desk, case: str) -> None:
        request_of(office, case)
        page = desk("head").get(routes.entry(case, "access_approval")).content.decode()
        last = (datetime.now(ZONE) + timedelta(days=30)).strftime("%Y-%m-%d")
        assert f'value="{last}"' in page

    def test_from_request_to_approval_to_the_case(self, office: Office, desk: Desk, case: str) -> None:
        client, path = desk("chen"), routes.entry(case, "access_request")
        answer = confirmed(
            client, sent(client, path, c__purpose="并案研究", c__scope="全卷", done__date="2023-03-06"), path
        )
        assert answer.status_code == 302, text(answer)
        stored = client.get(answer["Location"])
        assert stored.status_code == 200
        assert "并案研究" in text(stored)
        assert PARTY not in text(stored)
        assert client.get(routes.case(case)).status_code == 403
        head = desk("head").get(routes.case(case))
        request = answer["Location"].split("/")[2]
        assert "查阅复制申请由机关负责人审批" in text(head)
        wanted = routes.entry(case, "access_approval", about=request)
        assert wanted in head.content.decode().replace("&amp;", "&")
        approving = sent(desk("head"), wanted, c__valid_until="2199-12-31", c__copy_or_view="view")
        approving = confirmed(desk("head"), approving, wanted)
        assert approving.status_code == 302, text(approving)
        opened = client.get(routes.case(case))
        assert opened.status_code == 200
        assert PARTY in text(opened)

    @pytest.mark.parametrize(("until", "status"), [("2199-12-31", 200), ("2023-03-07", 403)])
    def test_the_case_is_open_to_the_last_day_of_the_approval(
        self, office: Office, desk: Desk, case: str, until: str, status: int
    ) -> None:
        approve(office, case, request_of(office, case), until)
        assert desk("chen").get(routes.case(case)).status_code == status

    def test_an_approval_opens_the_case_to_nobody_but_the_one_who_asked(
        self, office: Office, desk: Desk, case: str
    ) -> None:
        approve(office, case, request_of(office, case), "2199-12-31")
        office.enrol("other", "钱示例", "enforcement_officer", unit="执法二队")
        assert desk("other").get(routes.case(case)).status_code == 403

    def test_a_refusal_opens_nothing_and_settles_the_duty(self, office: Office, desk: Desk, case: str) -> None:
        request = request_of(office, case)
        waiting = {d.rule for d in office.duties(case)}
        approve(office, case, request, "", "access_refused")
        assert "bazhou/access-request-answered" in waiting
        assert "bazhou/access-request-answered" not in {d.rule for d in office.duties(case)}
        assert desk("chen").get(routes.case(case)).status_code == 403

    def test_whom_no_approval_helps_is_offered_no_request(self, office: Office, desk: Desk, case: str) -> None:
        refused = desk("admin").get(routes.case(case))
        assert refused.status_code == 403
        assert "access_request" not in refused.content.decode()
        assert desk("admin").get(routes.entry(case, "access_request")).status_code == 403

    def test_an_officer_of_another_unit_enters_nothing_else(self, office: Office, desk: Desk, case: str) -> None:
        assert desk("chen").get(routes.entry(case, "act.questioning")).status_code == 403
        assert "act.questioning" not in desk("chen").get(routes.kinds(case)).content.decode()


class TestEnteringForOthers:
    """A clerk of another office types for the officers named, and is told that it is stored."""

    def entered(self, office: Office, desk: Desk, case: str, by: str = "zhang") -> Any:
        client, path = desk("desk_clerk"), routes.entry(case, "act.questioning")
        typed = {"done__date": "2023-03-06", "done__time": "08:00", "until__date": "2023-03-06", "until__time": "08:40"}
        named = {"by__name": [office.names[by]], "by__role": ["enforcement_officer"], "by__certificate": [""]}
        fields = {
            f"c__{f.id}": next(iter(f.values), "示例")
            for f in office.basis.vocabulary.kinds["act.questioning"].fields.values()
            if f.required
        }
        return confirmed(client, sent(client, path, **typed, **named, **fields), path)

    def test_she_gets_a_receipt_of_what_she_entered_and_nothing_else(
        self, office: Office, desk: Desk, case: str
    ) -> None:
        answer = self.entered(office, desk, case)
        assert answer.status_code == 302, text(answer)
        receipt = desk("desk_clerk").get(answer["Location"])
        assert receipt.status_code == 200
        assert "已登记" in text(receipt) or "已写入" in text(receipt)
        assert "张示例" in text(receipt)
        assert "秦示例" in text(receipt)
        assert PARTY not in text(receipt)
        stored = answer["Location"].split("/")[2]
        assert LookRow.objects.filter(bureau=office.bureau, home=case, detail__contains=stored).exists()
        # The officer finds it in the case; another who may not look there gets no receipt.
        assert desk("zhang").get(routes.record(stored)).status_code == 200
        assert desk("chen").get(routes.record(stored)).status_code == 403

    def test_she_enters_only_for_officers_who_work_on_the_case(self, office: Office, desk: Desk, case: str) -> None:
        refused = self.entered(office, desk, case, by="chen")
        assert refused.status_code == 422
        assert "A-005" in refused.content.decode()

    def test_the_page_of_the_case_leads_her_to_what_she_may_enter(self, office: Office, desk: Desk, case: str) -> None:
        client = desk("desk_clerk")
        assert routes.kinds(case) in client.get(routes.case(case)).content.decode()
        kinds = client.get(routes.kinds(case))
        assert kinds.status_code == 200
        assert routes.entry(case, "act.questioning") in kinds.content.decode()
        assert PARTY not in text(kinds)

    def test_a_case_that_she_opens_for_an_officer_is_said_to_be_stored(self, office: Office, desk: Desk) -> None:
        content = {
            "case_number": "示例罚立〔2023〕78号",
            "title": "占用土地",
            "action_type": "penalty",
            "unit": "执法一队",
        }
        content["handlers"] = [{"name": "张示例", "id": office.persons["zhang"]}]
        office.enrol("desk_clerk", "秦示例", "clerk", unit="办公室")
        made = office.record(
            "case.opened",
            by=[office.by("zhang", "case_handler")],
            entered_by=office.by("desk_clerk", "clerk"),
            content=content,
        )
        stored = office.take(made, "desk_clerk").id
        receipt = desk("desk_clerk").get(routes.query(routes.record(stored), done="yes"))
        assert receipt.status_code == 200
        assert "已写入案卷" in text(receipt)

    def test_the_empty_list_says_why_it_is_empty_and_what_to_do(self, office: Office, desk: Desk, case: str) -> None:
        stored = self.entered(office, desk, case)["Location"].split("/")[2]
        page = desk("desk_clerk").get(routes.CASES)
        assert "办公室没有承办的案件" in text(page)
        assert "完整案号" in text(page)
        assert "还没有案件" not in text(page)
        assert routes.record(stored) in page.content.decode()

    @pytest.mark.parametrize("short", ["desk_clerk", "chen"])
    def test_the_whole_number_of_a_case_leads_to_its_page_and_a_part_of_it_does_not(
        self, office: Office, desk: Desk, case: str, short: str
    ) -> None:
        found = desk(short).get(routes.query(routes.CASES, q=NUMBER))
        assert (found.status_code, found["Location"]) == (302, routes.case(case))
        assert desk(short).get(routes.query(routes.CASES, q=NUMBER[:-2])).status_code == 200
        assert CaseRow.objects.get(root=case).number == NUMBER
