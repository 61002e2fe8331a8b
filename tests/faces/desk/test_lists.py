"""Workbench and case list: what is this person's, filters, pages by key."""

from __future__ import annotations

import re
import time

import pytest

from liuhen.faces.desk import frame
from liuhen.journal.models import DutyRow, RoleRow, TaskRow
from liuhen.journal.setting_up import set_up_bureau
from liuhen.rooms.cases import approved
from tests.faces.desk.pages import Desk, text
from tests.office import Office


@pytest.fixture
def case(office: Office) -> str:
    return office.open_case("示例罚立〔2023〕17号")


def overdue_count(page: str) -> int:
    found = re.search(r'<span class="n[^"]*">([\d,]+)</span><span class="w">(?:<svg[^>]*>.*?</svg>)?超期', page)
    assert found is not None
    return int(found[1])


class TestWorkbench:
    def test_it_shows_the_duties_of_this_person_and_of_nobody_else(self, office: Office, desk: Desk, case: str) -> None:
        office.act(case, "act.questioning", "2023-03-06 08:00", "2023-03-06 08:40")
        mine, others = text(desk("zhang").get("/")), text(desk("chen").get("/"))
        assert "制作询问笔录" in mine
        assert "示例罚立〔2023〕17号" in mine
        assert "制作询问笔录" not in others
        assert "没有待办" in others

    def test_the_counts_are_the_filters_of_the_list(self, office: Office, desk: Desk, case: str) -> None:
        # 24 hours for the footage ran out years ago; the transcript has no limit.
        office.act(case, "recording.completed", "2023-03-06 08:00", "2023-03-06 08:40", content={"device": "JY-1"})
        client = desk("zhang")
        page = client.get("/").content.decode()
        count = {
            k: int(n)
            for n, k in re.findall(
                r'<span class="n[^"]*">([\d,]+)</span><span class="w">(?:<svg.*?</svg>)?(待办|即将到期|超期|在办案件)',
                page,
            )
        }
        overdue = client.get("/?show=overdue").content.decode()
        assert count["超期"] == overdue.count('class="st overdue"')
        assert count["超期"] >= 1
        assert count["在办案件"] == 1
        assert client.get("/?show=soon").content.decode().count('class="st soon"') == count["即将到期"]

    def test_what_is_overdue_without_a_date_counts_as_overdue_and_says_so(
        self, office: Office, desk: Desk, case: str
    ) -> None:
        office.act(case, "act.questioning", "2023-03-06 08:00", "2023-03-06 08:40")
        client = desk("zhang")
        assert "制作询问笔录" not in text(client.get("/?show=overdue"))
        before = overdue_count(client.get("/").content.decode())
        # The text sets no number: it is due until the case is closed, and overdue from then on.
        office.act(case, "case.closed", "2023-03-06 08:50", content={"reason": "performed"})
        page = client.get("/?show=overdue").content.decode()
        lines = {title: row for row, title in re.findall(r"(<tr><td class=\"lamp\">.*?<b>(.*?)</b>.*?</tr>)", page)}
        assert "st overdue" in lines["制作询问笔录"]
        assert "应在办结前完成" in lines["制作询问笔录"]
        assert "条文未定期限" not in lines["制作询问笔录"]
        assert "已等" not in lines["制作询问笔录"]
        assert overdue_count(page) == page.count('class="st overdue"') > before
        assert f"您有 {overdue_count(page)} 项已超期" in page
        assert '<th colspan="5" scope="rowgroup">超期' in page

    @pytest.mark.parametrize(("days", "soon"), [(3, False), (4, True)])
    def test_the_office_says_within_how_many_working_days_it_is_soon(
        self, office: Office, desk: Desk, case: str, days: int, soon: bool
    ) -> None:
        office.act(case, "act.questioning", "2023-03-06 08:00", "2023-03-06 08:40")
        set_up_bureau(office.bureau, soon=days)
        frame.kept.clear()
        calendar = office.basis.calendar
        today = calendar.day_at(time.time_ns() // 1000)
        fourth = calendar.instant(calendar.add_working_days(today, 4)[0] + 1)
        DutyRow.objects.filter(case_id=case, status="due").update(due=fourth)
        TaskRow.objects.filter(case_id=case).update(due=fourth)
        page = desk("zhang").get("/?show=soon").content.decode()
        assert ("制作询问笔录" in page) is soon
        assert f'<span class="sub">{days} 个工作日内</span>' in page
        assert f"within {days} working days" in desk("li", language="en").get("/").content.decode()

    def test_the_button_is_each_persons_own(self, office: Office, desk: Desk) -> None:
        root = office.open_case("示例罚立〔2023〕18号", handlers=("zhang", "li"))
        act = office.act(root, "act.questioning", "2023-03-06 08:00", "2023-03-06 08:40").id
        form = f"/cases/{root}/new/interview_transcript/?about={act}"
        assert form in desk("zhang").get("/").content.decode()
        RoleRow.objects.filter(person=office.persons["li"]).update(role="archivist")
        frame.kept.clear()
        page = desk("li").get("/").content.decode()
        assert "制作询问笔录" in page
        assert form not in page
        assert form in desk("zhang").get("/").content.decode()

    def test_filters_narrow_the_list(self, office: Office, desk: Desk, case: str) -> None:
        office.act(case, "act.questioning", "2023-03-06 08:00", "2023-03-06 08:40")
        client = desk("zhang")
        assert "制作询问笔录" in text(client.get("/?q=17号"))
        assert "制作询问笔录" not in text(client.get("/?q=99号"))
        assert "制作询问笔录" not in text(client.get("/?action=permit"))
        assert "没有符合条件的待办" in text(client.get("/?phase=archive"))

    def test_the_button_opens_the_form_that_meets_the_duty(self, office: Office, desk: Desk, case: str) -> None:
        act = office.act(case, "act.questioning", "2023-03-06 08:00", "2023-03-06 08:40").id
        page = desk("zhang").get("/").content.decode()
        assert f"/cases/{case}/new/interview_transcript/?about={act}" in page

    def test_pages_follow_one_another_without_loss_or_repetition(self, office: Office, desk: Desk) -> None:
        for n in range(14):
            root = office.open_case(f"示例〔2023〕{n}号")
            office.act(root, "act.questioning", "2023-03-06 08:00", "2023-03-06 08:40")
        client, seen, path = desk("zhang"), [], "/"
        for _ in range(20):
            page = client.get(path).content.decode()
            seen += re.findall(r'<td class="what"><b>(.*?)</b>.*?/cases/([0-9a-f-]+)/"', page, re.S)
            found = re.search(r'<a href="(/\?[^"]*after=[^"]+)">下一页', page)
            if not found:
                break
            path = found[1].replace("&amp;", "&")
        total = int(
            re.search(r'<span class="n[^"]*">(\d+)</span><span class="w">待办', client.get("/").content.decode())[1]
        )  # type: ignore[index]
        assert len(seen) == total > 20
        assert len(set(seen)) == len(seen)


class TestCaseList:
    def test_it_lists_what_the_person_may_look_at(self, office: Office, desk: Desk) -> None:
        office.open_case("示例〔2023〕1号")
        office.open_case("示例〔2023〕2号", handlers=("chen",), unit="执法二队")
        assert "示例〔2023〕1号" in text(desk("zhang").get("/cases/"))
        assert "示例〔2023〕2号" not in text(desk("zhang").get("/cases/"))
        assert "示例〔2023〕2号" in text(desk("head").get("/cases/"))

    def test_a_case_handled_for_another_unit_is_listed_too(self, office: Office, desk: Desk) -> None:
        office.open_case("示例〔2023〕3号", handlers=("zhang",), unit="执法二队")
        assert "示例〔2023〕3号" in text(desk("zhang").get("/cases/"))
        assert "示例〔2023〕3号" not in text(desk("li").get("/cases/"))

    def test_a_case_that_the_head_approved_is_listed_for_who_asked_until_its_last_day(
        self, office: Office, desk: Desk
    ) -> None:
        root = office.open_case("示例罚立〔2023〕90号")
        by = [office.by("chen", "enforcement_officer")]
        asked = office.take(office.record("access_request", links={"case": [root]}, by=by, content={}), "chen").id
        assert root not in desk("chen").get("/cases/").content.decode()

        def approve(until: str) -> None:
            links = {"case": [root], "access": [asked]}
            head, content = [office.by("head", "agency_head")], {"valid_until": until}
            office.take(office.record("access_approval", links=links, by=head, content=content), "head")
            approved.forget()

        approve("2023-03-31")  # over long before the page is asked for
        assert root not in desk("chen").get("/cases/").content.decode()
        approve("2099-12-31")
        assert root in desk("chen").get("/cases/").content.decode()
        assert desk("chen").get(f"/cases/{root}/").status_code == 200
        assert desk("admin").get("/cases/").status_code == 403

    @pytest.mark.parametrize("most", [200, 1])
    def test_an_approval_and_its_end_show_at_once_however_many_others_asked_since(
        self, office: Office, desk: Desk, monkeypatch: pytest.MonkeyPatch, most: int
    ) -> None:
        monkeypatch.setattr(approved, "MOST_REQUESTS", most)
        root = office.open_case("示例罚立〔2023〕91号")

        def ask(short: str) -> str:
            by = [office.by(short, "enforcement_officer")]
            return office.take(office.record("access_request", links={"case": [root]}, by=by, content={}), short).id

        def head(kind: str, asked: str) -> None:
            links = {"case": [root], "access": [asked]}
            content = {"valid_until": "2099-12-31"} if kind == "access_approval" else {}
            by = [office.by("head", "agency_head")]
            office.take(office.record(kind, links=links, by=by, content=content), "head")

        asked = ask("chen")
        ask("zhang")
        assert root not in desk("chen").get("/cases/").content.decode()
        head("access_approval", asked)
        assert root in desk("chen").get("/cases/").content.decode()
        head("access_refused", asked)
        assert root not in desk("chen").get("/cases/").content.decode()

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("q=云岭", True),
            ("q=不存在", False),
            ("q=100%", False),
            ("action=penalty", True),
            ("action=permit", False),
            ("handler=me", True),
            ("state=open", True),
            ("state=archived", False),
        ],
    )
    def test_filters(self, office: Office, desk: Desk, query: str, shown: bool) -> None:
        office.open_case("示例〔2023〕4号", party_name="示例云岭石材")
        assert ("示例〔2023〕4号" in text(desk("zhang").get(f"/cases/?{query}"))) is shown

    def test_the_marks_bear_their_numbers_and_agree_with_the_case(self, office: Office, desk: Desk) -> None:
        root = office.open_case("示例〔2023〕4号")
        for n in (1, 2):  # 24 hours for the footage ran out years ago
            office.act(
                root, "recording.completed", f"2023-03-06 08:0{n}", "2023-03-06 08:40", content={"device": "JY-1"}
            )
        client = desk("zhang")
        tally = re.search(
            r'class="st overdue">.*?</svg>超期 (\d+)', client.get(f"/cases/{root}/").content.decode(), re.S
        )
        assert tally is not None
        assert int(tally[1]) >= 1
        row = client.get("/cases/").content.decode()
        assert re.search(rf'class="mk overdue">.*?</svg>{tally[1]}<', row, re.S)

    def test_a_filter_that_means_nothing_is_said_and_left_aside(self, office: Office, desk: Desk) -> None:
        office.open_case("示例〔2023〕4号")
        words = text(desk("zhang").get("/cases/?phase=no_such_phase&state=open"))
        assert "没有这样的筛选条件，未予采用：no_such_phase" in words
        assert "示例〔2023〕4号" in words
        assert "no_such_register" in text(desk("zhang").get("/registers/?of=no_such_register"))

    def test_the_administrator_is_told_why_there_is_no_list(self, desk: Desk) -> None:
        answer = desk("admin").get("/cases/")
        assert answer.status_code == 403
        assert "A-014" in text(answer)

    def test_pages_go_by_key_and_end(self, office: Office, desk: Desk) -> None:
        numbers = {f"示例〔2023〕{n:02d}号" for n in range(35)}
        for number in numbers:
            office.open_case(number)
            office.wait(minutes=1)
        client, seen, path = desk("head"), [], "/cases/"
        for _ in range(3):
            page = client.get(path).content.decode()
            seen += re.findall(r'<td class="c-no nw"><a href="[^"]+">([^<]+)</a>', page)
            found = re.search(r'<a href="(/cases/\?[^"]*after=[^"]+)">下一页', page)
            if not found:
                break
            path = found[1].replace("&amp;", "&")
        assert len(seen) == 35
        assert set(seen) == numbers
        assert seen[0] == "示例〔2023〕34号" or seen[0] in numbers
