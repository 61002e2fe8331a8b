"""The case page and what opens on it in place."""

from __future__ import annotations

import re

import pytest

from liuhen.faces.desk import frame
from liuhen.faces.desk.cases.head import stages
from liuhen.faces.desk.cases.standing import Standing
from liuhen.faces.desk.speech import Speech
from liuhen.journal.models import HeartbeatRow
from liuhen.journal.pulse import beat
from tests.faces.desk.pages import Desk, text
from tests.office import UNIT, Office


@pytest.fixture
def case(office: Office) -> str:
    return office.open_case("示例罚立〔2023〕17号")


class TestCasePage:
    def test_head_stages_duties_and_materials(self, office: Office, desk: Desk, case: str) -> None:
        act = office.act(case, "act.questioning", "2023-03-06 08:00", "2023-03-06 08:40").id
        page = desk("zhang").get(f"/cases/{case}/")
        words = text(page)
        for said in (
            "示例公司",
            "张示例、李示例",
            UNIT,
            "调查取证",
            "应办事项",
            "时间轴",
            "制作询问笔录",
            "待封 2 条",
            "标记说明",
        ):
            assert said in words
        assert f"/cases/{case}/new/interview_transcript/?about={act}" in page.content.decode()
        assert "霸州记录办法第" in words

    @pytest.mark.parametrize("tab", ["papers", "evidence", "footage", "deadlines", "log"])
    def test_every_tab_is_a_page_of_its_own(self, office: Office, desk: Desk, case: str, tab: str) -> None:
        office.act(case, "act.questioning", "2023-03-06 08:00", "2023-03-06 08:40")
        assert desk("zhang").get(f"/cases/{case}/?tab={tab}").status_code == 200

    def test_the_timeline_is_also_a_table(self, office: Office, desk: Desk, case: str) -> None:
        office.act(case, "investigation_report", "2023-03-06 08:00")
        words = text(desk("zhang").get(f"/cases/{case}/?view=table"))
        assert "以图查看" in words
        assert "调查报告" in words

    def test_the_line_above_the_timeline_counts_as_the_tabs_do(self, office: Office, desk: Desk, case: str) -> None:
        act = office.act(case, "act.inspection", "2023-03-06 07:00", "2023-03-06 08:00").id
        office.act(case, "onsite_inspection_transcript", "2023-03-06 08:00", links={"about": [act]})
        office.act(case, "recording.completed", "2023-03-06 07:00", "2023-03-06 07:40", links={"about": [act]})
        page = desk("zhang").get(f"/cases/{case}/").content.decode()
        tabs = dict(re.findall(r">(文书|证据|音像)<span>(\d+)</span>", page))
        assert tabs["音像"] == "1"
        assert f"文书 {tabs['文书']} 件，证据 {tabs['证据']} 件，音像 {tabs['音像']} 件" in text(
            desk("zhang").get(f"/cases/{case}/")
        )

    def test_choosing_an_act_opens_the_lens(self, office: Office, desk: Desk, case: str) -> None:
        act = office.act(case, "act.inspection", "2023-03-06 07:00", "2023-03-06 08:00").id
        office.act(
            case,
            "recording.completed",
            "2023-03-06 07:00",
            "2023-03-06 07:40",
            links={"about": [act]},
            content={"device": "JY-05"},
        )
        client = desk("zhang")
        assert 'id="lens"' not in client.get(f"/cases/{case}/?act=").content.decode()
        page = client.get(f"/cases/{case}/?act={act}")
        assert 'id="lens"' in page.content.decode()
        assert "JY-05 第1段" in text(page)

    def test_the_lens_opens_by_itself_where_minutes_are_unexplained(
        self, office: Office, desk: Desk, case: str
    ) -> None:
        whole = office.act(case, "act.inspection", "2023-03-06 05:00", "2023-03-06 06:00").id
        office.act(
            case,
            "recording.completed",
            "2023-03-06 05:00",
            "2023-03-06 06:00",
            links={"about": [whole]},
            content={"device": "JY-04"},
        )
        client = desk("zhang")
        assert 'id="lens"' not in client.get(f"/cases/{case}/").content.decode()
        office.act(case, "act.inspection", "2023-03-06 07:00", "2023-03-06 08:00")
        office.take(
            office.record(
                "rulebook.applied_on",
                content={"rulebook": "bazhou", "from": "2017-01-01", "decided_by": "x"},
                by=[office.by("head", "agency_head")],
            ),
            "head",
        )
        from liuhen.rooms.cases import reading

        reading._registers.clear()
        frame.kept.clear()
        assert "60 分无说明" in text(client.get(f"/cases/{case}/"))

    def test_the_note_says_that_an_expired_text_is_applied_on(self, office: Office, desk: Desk) -> None:
        decided = office.record(
            "rulebook.applied_on",
            content={"rulebook": "bazhou", "from": "2023-01-01", "decided_by": "局长办公会"},
            by=[office.by("head", "agency_head")],
        )
        office.take(decided, "head")
        root = office.open_case()
        words = text(desk("zhang").get(f"/cases/{root}/"))
        assert "依决定继续适用" in words
        assert "局长办公会" in words
        assert "2023-09-30" in words

    def test_a_stopped_worker_is_said_on_every_page(self, office: Office, desk: Desk, case: str) -> None:
        HeartbeatRow.objects.all().delete()
        assert "后台任务已停止" in text(desk("zhang").get("/"))
        from liuhen.faces.desk.visit import now

        beat(now())
        frame.kept.clear()
        assert "后台任务已停止" not in text(desk("zhang").get("/"))

    @pytest.mark.parametrize(("is_open", "said"), [(True, "没有定期限的未办事项"), (False, "没有未办事项")])
    def test_the_head_says_whether_anything_is_open_where_nothing_has_a_date(
        self, desk: Desk, case: str, monkeypatch: pytest.MonkeyPatch, is_open: bool, said: str
    ) -> None:
        monkeypatch.setattr("liuhen.faces.desk.cases.head.left", lambda held, speech: None)
        monkeypatch.setattr("liuhen.faces.desk.cases.head.any_open", lambda held: is_open)
        page = desk("zhang").get(f"/cases/{case}/").content.decode()
        assert f'<p class="none">{said}</p>' in page

    def test_an_archived_case_is_for_reading(self, office: Office, desk: Desk, case: str) -> None:
        office.act(case, "case_file", "2023-03-06 08:00", by="archivist", role="archivist")
        page = desk("zhang").get(f"/cases/{case}/")
        assert "已归档" in text(page)
        assert "新增记录" not in text(page)
        assert "btn s go" not in page.content.decode()

    def test_names_that_are_markup_stay_words(self, office: Office, desk: Desk) -> None:
        root = office.open_case(
            "<b>17</b>号", title='"><script>alert(1)</script>', party_name="<img src=x onerror=alert(1)>"
        )
        act = office.act(root, "act.inspection", "2023-03-06 07:00", "2023-03-06 08:00").id
        office.act(
            root,
            "recording.completed",
            "2023-03-06 07:00",
            "2023-03-06 07:40",
            links={"about": [act]},
            content={"device": "<script>x</script>"},
        )
        client = desk("zhang")
        for path in (
            f"/cases/{root}/",
            f"/cases/{root}/?act={act}",
            f"/cases/{root}/?view=table",
            "/",
            "/cases/",
            f"/records/{root}/",
            f"/cases/{root}/new/act.inspection/",
        ):
            page = client.get(path).content.decode()
            assert "<script>alert" not in page
            assert "<script>x" not in page
            assert "<img src=x" not in page
            assert "<b>17</b>" not in page


class TestWhoseItIs:
    def test_the_stage_bar_counts_duties_and_no_hints(self, office: Office, case: str) -> None:
        def line(weight: str) -> Standing:
            return Standing("k", "overdue", "investigation", weight, late=False, duty=None)  # type: ignore[arg-type]

        row, said = office.row(case), Speech("zh", office.basis.calendar, office.instant)
        marks = [
            stages(row, {}, [line(w) for w in held], said) for held in (["hint", "advice"], ["hint", "duty", "duty"])
        ]
        assert [[n for stage in bar for _, _, n in stage.marks] for bar in marks] == [[], [2]]

    def test_a_missing_signature_is_asked_of_those_who_sign_or_made_the_paper(
        self, office: Office, desk: Desk, case: str
    ) -> None:
        office.enrol("checker", "督示例", "supervisor", unit="监督股")
        act = office.act(case, "act.questioning", "2023-03-06 08:00", "2023-03-06 08:40").id
        paper = office.act(
            case, "interview_transcript", "2023-03-06 08:45", links={"about": [act]}, content={"person_type": "witness"}
        ).id
        offered = f"/new/signature.added/?about={paper}"
        assert offered in desk("zhang").get(f"/cases/{case}/").content.decode()
        for other in ("head", "checker"):
            assert offered not in desk(other).get(f"/cases/{case}/").content.decode()

    def test_an_approval_of_entering_afterwards_names_the_person_and_its_way_back(
        self, office: Office, desk: Desk
    ) -> None:
        content = {
            "source": "scan",
            "reason": "纸质案卷补录",
            "entered_by": office.persons["li"],
            "until": "2199-12-31",
        }
        made = office.record("late_entry.approved", by=[office.by("wang", "handling_unit_head")], content=content)
        page = desk("wang").get(f"/records/{office.take(made, 'wang').id}/")
        body = page.content.decode().partition("<main")[2]
        assert "李示例" in text(page)
        assert office.persons["li"] not in body
        assert ">卷</a>" not in body


class TestParts:
    def test_our_words_for_an_article_open_in_place_and_as_a_page(self, desk: Desk) -> None:
        client = desk("zhang")
        part = client.get("/articles/bazhou/15/?part=1")
        assert "<html" not in part.content.decode()
        assert "以正式文本为准" in text(part)
        assert "<html" in client.get("/articles/bazhou/15/").content.decode()

    def test_an_article_that_is_not_there(self, desk: Desk) -> None:
        assert desk("zhang").get("/articles/bazhou/999/").status_code == 404

    def test_why_a_date_is_that_date(self, office: Office, desk: Desk, case: str) -> None:
        office.act(case, "recording.completed", "2023-03-06 08:00", "2023-03-06 08:40", content={"device": "JY-1"})
        client = desk("zhang")
        url = re.search(r'data-load="([^"]+)"', client.get(f"/cases/{case}/").content.decode())
        assert url is not None
        words = text(client.get(url[1] + "?part=1"))
        for said in ("起算", "3月6日 08:40", "期限", "24", "应于", "工作日历版本"):
            assert said in words

    def test_a_duty_says_why_in_a_sentence_with_its_facts_article_and_the_smallest_change(
        self, office: Office, desk: Desk, case: str
    ) -> None:
        made = office.act(
            case, "recording.completed", "2023-03-06 08:00", "2023-03-06 08:40", content={"device": "JY-1"}
        )
        office.wait(days=2)
        office.act(case, "ingest_record", "2023-03-07 10:40", links={"about": [made.id]})
        client = desk("zhang")
        body = client.get(f"/cases/{case}/").content.decode()
        told = [text(client.get(url + "?part=1")) for url in re.findall(r'data-load="([^"]+why[^"]+)"', body)]
        (late,) = [words for words in told if "即提前2小时" in words]
        for said in ("2023年3月6日 08:00", "霸州记录办法第48条", "若音像入库记录不晚于2023年3月7日 08:40", "理解"):
            assert said in late

    @pytest.mark.parametrize(("who", "seen"), [("head", True), ("zhang", False)])
    def test_the_number_of_a_classified_paper_is_in_no_explanation_for_those_who_may_not_see_it(
        self, office: Office, desk: Desk, case: str, who: str, seen: bool
    ) -> None:
        content = {"form_number": "示例密77号"}
        paper = office.act(case, "procedure_initiation_approval_form", "2023-03-06 08:00", content=content).id
        about, secret = {"case": [case], "about": [paper]}, {"class": "state_secret"}
        made = office.record("content.classified", links=about, by=[office.by("head", "agency_head")], content=secret)
        office.take(made, "head")
        client = desk(who)
        body = client.get(f"/cases/{case}/").content.decode()
        told = [text(client.get(url + "?part=1")) for url in re.findall(r'data-load="([^"]+why[^"]+)"', body)]
        about_it = [words for words in told if "程序启动审批表" in words]
        assert about_it, told
        assert any("示例密77号" in words for words in about_it) is seen
        assert any("即为合法" in words or "依霸州" in words for words in about_it) is seen

    def test_a_duty_that_is_gone_is_said_so(self, desk: Desk, case: str) -> None:
        assert "已经变化" in text(desk("zhang").get(f"/cases/{case}/why/nothing~like~this/?part=1"))
