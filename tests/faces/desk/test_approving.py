"""Approvals at the desk (批准): one that could never work is refused where it is written, with the field that is at fault."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from liuhen.faces.desk import routes
from liuhen.journal.models import LookRow, RecordRow
from tests.faces.desk.pages import Desk, confirmed, form_of, sent, text
from tests.office import ZONE, Office


def day(ahead: int) -> str:
    return (datetime.now(ZONE) + timedelta(days=ahead)).strftime("%Y-%m-%d")


class TestAccess:
    """查阅复制审批: until when, and of which request."""

    def request(self, office: Office, root: str, purpose: str, manner: str = "copy") -> str:
        by = [office.by("chen", "enforcement_officer")]
        content = {"applicant": "陈示例", "purpose": purpose, "scope": "询问笔录部分", "copy_or_view": manner}
        return office.take(office.record("access_request", links={"case": [root]}, by=by, content=content), "chen").id

    @pytest.mark.parametrize(("until", "status"), [("2023-03-06", 302), ("2023-03-05", 422)])
    def test_it_ends_on_its_own_day_or_later(self, office: Office, desk: Desk, until: str, status: int) -> None:
        root = office.open_case()
        path = routes.entry(root, "access_approval", about=self.request(office, root, "并案研究"))
        typed = {"c__valid_until": until, "done__date": "2023-03-06", "done__time": ""}
        answer = confirmed(desk("head"), sent(desk("head"), path, **typed), path)
        assert answer.status_code == status, text(answer)
        assert ("U-220" in answer.content.decode()) is (status == 422)

    def test_the_form_shows_the_request_and_begins_with_what_was_asked(self, office: Office, desk: Desk) -> None:
        root = office.open_case()
        asked = self.request(office, root, "并案研究")
        other = self.request(office, root, "应诉准备", "view")
        answer = desk("head").get(routes.entry(root, "access_approval", about=asked))
        page, form = text(answer), form_of(answer)
        said = page[page.index("所批的申请") :]
        for word in ("陈示例", "并案研究", "询问笔录部分", "复制"):
            assert word in said
        assert "应诉准备" not in said
        assert (form["c.copy_or_view"], form["c.scope"]) == (["copy"], ["询问笔录部分"])
        assert "陈示例 · 并案研究</option>" in answer.content.decode()
        assert "陈示例 · 应诉准备</option>" in answer.content.decode()
        assert form["l.access"] == [asked] != [other]
        assert LookRow.objects.filter(bureau=office.bureau, home=root, detail__contains=asked).exists()


class TestLateEntries:
    """补登批准: whom, until when, which kinds."""

    def approve(self, office: Office, desk: Desk, **typed: Any) -> Any:
        client, path = desk("wang"), routes.register_entry("late_entry.approved")
        given = {
            "c__source": "scan",
            "c__reason": "停电期间纸质办理",
            "c__entered_by": office.persons["clerk"],
            "c__until": day(0),
            **typed,
        }
        return confirmed(client, sent(client, path, **given), path)

    def stored(self, office: Office) -> list[Any]:
        return list(RecordRow.objects.filter(bureau=office.bureau, kind="late_entry.approved"))

    def test_one_that_ends_today_is_stored(self, office: Office, desk: Desk) -> None:
        answer = self.approve(office, desk)
        assert answer.status_code == 302, text(answer)
        assert len(self.stored(office)) == 1
        page = desk("wang").get(answer["Location"])
        assert "返回登记簿" in text(page)
        assert "返回案件" not in text(page)

    @pytest.mark.parametrize(
        ("typed", "code", "said"),
        [
            ({"c__until": day(-1)}, "U-220", "未开始就已结束"),
            ({"c__entered_by": "wang"}, "A-008", "不能批准本人的补登"),
            ({"c__kinds": "没有这种记录"}, "U-219", "没有名为“没有这种记录”的记录种类"),
            ({"c__kinds": "人员入册"}, "G-031", "不能补登"),
        ],
        ids=["ends yesterday", "for himself", "no such kind", "never entered afterwards"],
    )
    def test_one_that_could_never_work_is_refused(
        self, office: Office, desk: Desk, typed: dict[str, str], code: str, said: str
    ) -> None:
        if typed.get("c__entered_by"):
            typed = {"c__entered_by": office.persons["wang"]}
        if code == "G-031":
            typed = {"c__kinds": office.basis.vocabulary.kinds["person.enrolled"].words.zh}
        answer = self.approve(office, desk, **typed)
        assert answer.status_code == 422
        assert code in answer.content.decode()
        assert said in text(answer)
        assert self.stored(office) == []

    def test_kinds_on_one_line_are_taken_apart_and_a_name_with_a_mark_in_it_stays_whole(
        self, office: Office, desk: Desk
    ) -> None:
        kinds = office.basis.vocabulary.kinds
        names = [kinds[k].words.zh for k in ("act.questioning", "act.hearing")]
        marked = next(k.words.zh for k in kinds.values() if "、" in k.words.zh and k.phase != "management")
        answer = self.approve(office, desk, c__kinds=f"{names[0]}、{marked}，{names[1]}")
        assert answer.status_code == 302, text(answer)
        stored = answer["Location"].split("/")[2]
        form = form_of(desk("wang").get(routes.correct(stored)))
        assert form["c.kinds"][0].splitlines() == [names[0], marked, names[1]]

    def test_the_form_lists_the_names_that_can_be_written(self, office: Office, desk: Desk) -> None:
        page = text(desk("wang").get(routes.register_entry("late_entry.approved")))
        assert "可以填写的名称" in page
        assert office.basis.vocabulary.kinds["act.questioning"].words.zh in page
        assert office.basis.vocabulary.kinds["person.enrolled"].words.zh not in page
