"""Entering records at the desk: stored once, refused with everything said, warned of before, never half."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from liuhen.journal.models import CaseRow, RecordRow
from liuhen.journal.outside import Outside
from tests.faces.desk.pages import Desk, confirmed, form_of, sent, text
from tests.office import Office


@pytest.fixture
def case(office: Office) -> str:
    return office.open_case("示例罚立〔2023〕17号")


class TestANewRecord:
    def test_is_stored_and_its_page_says_so(self, office: Office, desk: Desk, case: str) -> None:
        client = desk("zhang")
        answer = sent(
            client,
            f"/cases/{case}/new/evidence_retrieval_notice/",
            done__date="2023-03-06",
            done__time="10:00",
            c__document_number="示例〔2023〕3号",
            confirmed="no",
        )
        answer = confirmed(client, answer, f"/cases/{case}/new/evidence_retrieval_notice/")
        assert answer.status_code == 302
        page = client.get(answer["Location"])
        assert "已登记" in text(page)
        assert "示例〔2023〕3号" in text(page)
        row = RecordRow.objects.get(home=case, kind="evidence_retrieval_notice")
        assert row.actor == office.persons["zhang"]

    def test_sent_twice_is_stored_once(self, office: Office, desk: Desk, case: str) -> None:
        client, path = desk("zhang"), f"/cases/{case}/new/investigation.ended/"
        form = form_of(client.get(path))
        form["done.date"], form["done.time"] = ["2023-03-06"], ["10:00"]
        first = confirmed(client, client.post(path, form), path)
        form["confirmed"] = form_of(first)["confirmed"] if first.status_code == 422 else ["x"]
        again = client.post(path, {**form})
        again = confirmed(client, again, path)
        assert RecordRow.objects.filter(home=case, kind="investigation.ended").count() == 1
        assert "again" in again["Location"] or "yes" in again["Location"]
        assert "没有重复登记" in text(client.get(again["Location"]))

    def test_the_same_form_with_other_words_is_refused_after_it_was_stored(
        self, office: Office, desk: Desk, case: str
    ) -> None:
        client, path = desk("zhang"), f"/cases/{case}/new/service.failed/"
        form = form_of(client.get(path))
        form["done.date"], form["done.time"] = ["2023-03-06"], ["10:00"]
        confirmed(client, client.post(path, form), path)
        form["c.reason"] = form["c.note"] = ["别的话"]
        form["c.addressee"] = ["别人"]
        answer = confirmed(client, client.post(path, form), path)
        assert answer.status_code == 422
        assert "G-001" in text(answer)
        assert RecordRow.objects.filter(home=case, kind="service.failed").count() == 1

    def test_a_document_about_an_act_begins_with_those_who_did_it(self, office: Office, desk: Desk, case: str) -> None:
        act = office.act(case, "act.questioning", "2023-03-06 08:00", "2023-03-06 08:40").id
        form = form_of(desk("zhang").get(f"/cases/{case}/new/interview_transcript/?about={act}"))
        assert form["l.about"] == [act]
        assert form["by.name"][0] == "张示例"
        assert form["c.officer_names"] == ["张示例"]

    def test_what_the_texts_ask_bears_its_article(self, office: Office, desk: Desk) -> None:
        applied = {"rulebook": "bazhou", "from": "2023-01-01", "decided_by": "局长办公会"}
        office.take(
            office.record("rulebook.applied_on", content=applied, by=[office.by("head", "agency_head")]), "head"
        )
        root = office.open_case()
        page = desk("zhang").get(f"/cases/{root}/new/interview_transcript/").content.decode()
        label = re.search(r'<label for="f-officer_names">(.*?)</label>', page, re.S)
        assert label is not None
        assert "霸州记录办法第13条" in label[1]

    def test_a_kind_that_another_role_records_is_not_offered(self, desk: Desk, case: str) -> None:
        assert desk("zhang").get(f"/cases/{case}/new/legal_review_opinion/").status_code == 403
        assert "legal_review_opinion" not in desk("zhang").get(f"/cases/{case}/new/").content.decode()
        assert "legal_review_opinion" in desk("reviewer").get(f"/cases/{case}/new/").content.decode()


class TestRefusals:
    def test_what_was_typed_is_kept_and_every_fault_is_said_at_its_field(
        self, office: Office, desk: Desk, case: str
    ) -> None:
        client, path = desk("zhang"), f"/cases/{case}/new/decision.made/"
        answer = sent(client, path, done__date="", c__fine="twelve", c__content="决定内容写在这里")
        page = answer.content.decode()
        assert answer.status_code == 422
        assert form_of(answer)["c.fine"] == ["twelve"]
        assert "决定内容写在这里" in page
        assert re.search(r'id="f-fine"[^>]*aria-invalid="true"[^>]*aria-describedby="f-fine-e"', page)
        assert 'id="f-done-e"' in page
        assert "本次提交未写入案卷，也未写入存证记录" in text(answer)
        assert text(answer).index("未予登记") < text(answer).index("U-203")
        assert not RecordRow.objects.filter(home=case, kind="decision.made").exists()

    def test_a_closed_gate_says_article_reason_state_next_step_and_has_its_button(
        self, office: Office, desk: Desk, case: str
    ) -> None:
        office.act(case, "act.hearing", "2023-03-06 07:00", "2023-03-06 08:30")
        client, path = desk("zhang"), f"/cases/{case}/new/decision.made/"
        answer = sent(client, path, done__date="2023-03-06", done__time="08:45", c__fine="128,400.00")
        words = text(answer)
        assert answer.status_code == 422
        for said in (
            "未予登记：须先有",
            "鞍山法制审核制度第11条",
            "为何适用",
            "现在状态",
            "尚无此记录",
            "下一步",
            "G-011",
        ):
            assert said in words
        assert f"/cases/{case}/new/legal_review_application/" in answer.content.decode()
        assert form_of(answer)["c.fine"] == ["128,400.00"]
        assert "壹拾贰万捌仟肆佰元整" in words
        assert not RecordRow.objects.filter(home=case, kind="decision.made").exists()

    def test_a_review_that_did_not_agree_asks_for_another_and_opens_its_form(
        self, office: Office, desk: Desk, case: str
    ) -> None:
        """Who can send the file in again gets its form; who can't is told who, and where the duty stands."""
        office.act(case, "act.hearing", "2023-03-06 07:00", "2023-03-06 07:30", role="case_handler")
        sent_in = office.act(case, "legal_review_application", "2023-03-06 07:40", role="case_handler").id
        review = {"by": "reviewer", "role": "legal_reviewer", "links": {"review": [sent_in]}}
        office.act(case, "review.file_complete", "2023-03-06 07:50", **review)
        fields = office.basis.vocabulary.kinds["legal_review_opinion"].fields
        opinion = next(v for v in fields["review_opinion"].values if v != "agree")
        given = {"review_opinion": opinion}
        again = {**review, "links": {"review": [sent_in]}}
        office.act(case, "legal_review_opinion", "2023-03-06 08:00", content=given, **again)
        path = f"/cases/{case}/new/decision.made/"
        mine = sent(desk("zhang"), path, done__date="2023-03-06", done__time="08:45")
        assert "G-011" in text(mine)
        assert f"/cases/{case}/new/legal_review_application/" in mine.content.decode()
        theirs = sent(desk("head"), path, done__date="2023-03-06", done__time="08:45")
        assert "由张示例、李示例（承办人）登记“法制审核申请表”" in text(theirs)
        assert f"/cases/{case}/new/legal_review_application/" not in theirs.content.decode()

    def test_a_review_that_is_open_names_its_reviewer(self, office: Office, desk: Desk, case: str) -> None:
        office.act(case, "act.hearing", "2023-03-06 07:00", "2023-03-06 07:30", role="case_handler")
        sent_in = office.act(case, "legal_review_application", "2023-03-06 07:40", role="case_handler").id
        review = {"by": "reviewer", "role": "legal_reviewer", "links": {"review": [sent_in]}}
        office.act(case, "review.file_complete", "2023-03-06 07:50", **review)
        answer = sent(desk("zhang"), f"/cases/{case}/new/decision.made/", done__date="2023-03-06", done__time="08:45")
        assert "由赵示例（法制审核人员）登记“法制审核（合法性审查）意见书”" in text(answer)
        assert f'href="/cases/{case}/?duty=' in answer.content.decode()

    def test_the_conditions_stand_beside_the_form_before_it_is_sent(
        self, office: Office, desk: Desk, case: str
    ) -> None:
        office.act(case, "act.hearing", "2023-03-06 07:00", "2023-03-06 08:30")
        answer = desk("zhang").get(f"/cases/{case}/new/decision.made/")
        assert "登记条件" in text(answer)
        assert "1 项未过" in text(answer)

    def test_a_time_in_the_future_is_refused_at_its_field(self, desk: Desk, case: str) -> None:
        answer = sent(
            desk("zhang"), f"/cases/{case}/new/investigation.ended/", done__date="2199-01-01", done__time="10:00"
        )
        answer = confirmed(desk("zhang"), answer, f"/cases/{case}/new/investigation.ended/")
        assert "R-013" in text(answer)
        assert 'id="f-done-e"' in answer.content.decode()

    def test_a_record_that_names_somebody_elses_role_is_refused_with_the_name(
        self, office: Office, desk: Desk, case: str
    ) -> None:
        answer = sent(
            desk("zhang"),
            f"/cases/{case}/new/investigation.ended/",
            done__date="2023-03-06",
            by__name="李示例",
            by__role="enforcement_officer",
            by__certificate="",
        )
        answer = confirmed(desk("zhang"), answer, f"/cases/{case}/new/investigation.ended/")
        assert answer.status_code == 422
        assert "A-003" in text(answer)

    def test_a_forged_file_token_is_refused(self, desk: Desk, case: str) -> None:
        answer = sent(desk("zhang"), f"/cases/{case}/new/investigation.ended/", done__date="2023-03-06", file="forged")
        assert "U-206" in text(answer)


class TestWarnings:
    def test_what_would_be_left_wrong_is_shown_once_and_can_beconfirmed(self, office: Office, desk: Desk) -> None:
        applied = {"rulebook": "bazhou", "from": "2023-01-01", "decided_by": "局长办公会"}
        office.take(
            office.record("rulebook.applied_on", content=applied, by=[office.by("head", "agency_head")]), "head"
        )
        root = office.open_case()
        client, path = desk("zhang"), f"/cases/{root}/new/interview_transcript/"
        answer = sent(client, path, done__date="2023-03-06", done__time="08:45")
        assert answer.status_code == 422
        assert "登记前请确认" in text(answer)
        assert "霸州记录办法第15条" in text(answer)
        assert not RecordRow.objects.filter(home=root, kind="interview_transcript").exists()
        done = client.post(path, form_of(answer))
        assert done.status_code == 302
        assert RecordRow.objects.filter(home=root, kind="interview_transcript").count() == 1

    def test_other_warnings_than_those_confirmed_are_shown_again(self, office: Office, desk: Desk) -> None:
        applied = {"rulebook": "bazhou", "from": "2023-01-01", "decided_by": "局长办公会"}
        office.take(
            office.record("rulebook.applied_on", content=applied, by=[office.by("head", "agency_head")]), "head"
        )
        root = office.open_case()
        client, path = desk("zhang"), f"/cases/{root}/new/interview_transcript/"
        form = form_of(sent(client, path, done__date="2023-03-06", done__time="08:45"))
        form["c.signing_date"] = ["2023-03-06"]
        assert client.post(path, form).status_code == 422


class TestANewCase:
    def test_opens_with_the_officers_own_unit_and_name(self, office: Office, desk: Desk) -> None:
        form = form_of(desk("zhang").get("/cases/new/"))
        assert form["c.unit"] == ["执法一队"]
        assert form["c.handlers.name"][0] == "张示例"

    def test_is_a_case_from_then_on(self, office: Office, desk: Desk) -> None:
        client = desk("zhang")
        answer = sent(
            client,
            "/cases/new/",
            done__date="2023-03-06",
            c__case_number="示例〔2023〕77号",
            c__title="示例案由",
            c__action_type="penalty",
            c__party_name="示例公司",
        )
        assert answer.status_code == 302
        row = CaseRow.objects.get(bureau=office.bureau, number="示例〔2023〕77号")
        assert row.handlers[0]["person"] == office.persons["zhang"]
        assert client.get(f"/cases/{row.root}/").status_code == 200

    def test_without_what_gives_it_its_identity_is_refused(self, office: Office, desk: Desk) -> None:
        answer = sent(desk("zhang"), "/cases/new/", done__date="2023-03-06")
        assert answer.status_code == 422
        assert "V-004" in text(answer)
        assert not CaseRow.objects.filter(bureau=office.bureau, subject="case").exists()


class TestCorrecting:
    def test_begins_with_what_the_record_says_and_keeps_both(self, office: Office, desk: Desk, case: str) -> None:
        paper = office.act(
            case, "evidence_retrieval_notice", "2023-03-06 08:00", content={"document_number": "旧号"}
        ).id
        client, path = desk("zhang"), f"/records/{paper}/correct/"
        assert form_of(client.get(path))["c.document_number"] == ["旧号"]
        answer = confirmed(client, sent(client, path, c__document_number="新号", reason="抄错"), path)
        assert answer.status_code == 302
        page = text(client.get(answer["Location"]))
        assert "旧号" in page
        assert "新号" in page
        assert "更正记录" in page
        assert "此记录已更正" in text(client.get(f"/records/{paper}/"))

    def test_of_a_corrected_record_goes_on_from_the_latest(self, office: Office, desk: Desk, case: str) -> None:
        paper = office.act(case, "evidence_retrieval_notice", "2023-03-06 08:00", content={"document_number": "一"}).id
        client, path = desk("zhang"), f"/records/{paper}/correct/"
        latest = confirmed(client, sent(client, path, c__document_number="二", reason="抄错"), path)["Location"].split(
            "/"
        )[2]
        assert client.get(path)["Location"] == f"/records/{latest}/correct/"


class TestWithdrawing:
    def test_needs_a_reason_and_leaves_the_record_to_be_read(self, office: Office, desk: Desk, case: str) -> None:
        paper = office.act(case, "evidence_retrieval_notice", "2023-03-06 08:00").id
        client = desk("zhang")
        refused = client.post(f"/records/{paper}/withdraw/", {"id": str(uuid4()), "reason": ""})
        assert refused.status_code == 422
        assert "V-004" in text(refused)
        done = client.post(f"/records/{paper}/withdraw/", {"id": str(uuid4()), "reason": "重复登记"})
        assert done.status_code == 302
        page = text(client.get(f"/records/{paper}/"))
        assert "已撤回" in page
        assert "重复登记" in page


class TestTheClerk:
    def test_enters_for_the_officers_named(self, office: Office, desk: Desk, case: str) -> None:
        client, path = desk("clerk"), f"/cases/{case}/new/investigation.ended/"
        form = form_of(client.get(path))
        assert form["by.name"][:2] == ["张示例", "李示例"]
        answer = confirmed(client, sent(client, path, done__date="2023-03-06", done__time="10:00"), path)
        assert answer.status_code == 302
        assert "孙示例" in text(client.get(answer["Location"]))


class TestLateEntries:
    def approve(self, office: Office, case: str, who: str = "zhang") -> str:
        content = {"source": "scan", "reason": "纸质案卷补录", "entered_by": office.persons[who], "until": "2199-12-31"}
        approval = office.record(
            "late_entry.approved", links={"case": [case]}, content=content, by=[office.by("wang", "handling_unit_head")]
        )
        return office.take(approval, "wang").id

    def test_with_an_approval_it_is_stored_whatever_the_gates_say_and_stays_marked(
        self, office: Office, desk: Desk, case: str
    ) -> None:
        office.act(case, "act.hearing", "2023-03-06 07:00", "2023-03-06 08:30")
        approval = self.approve(office, case)
        client, path = desk("zhang"), f"/cases/{case}/new/decision.made/"
        assert approval in client.get(path).content.decode()
        answer = sent(
            client,
            path,
            done__date="2023-03-06",
            done__time="08:45",
            late="yes",
            late__source="scan",
            late__reason="纸质案卷",
            late__approval=approval,
        )
        assert answer.status_code == 302
        page = text(client.get(answer["Location"]))
        assert "补登的记录不视为当时已依序办理" in page
        assert "含补登" in text(client.get(f"/cases/{case}/"))

    def test_without_one_it_is_refused_and_says_what_lacks(self, office: Office, desk: Desk, case: str) -> None:
        answer = sent(
            desk("zhang"),
            f"/cases/{case}/new/investigation.ended/",
            done__date="2023-03-06",
            late="yes",
            late__source="scan",
            late__reason="",
            late__approval="",
        )
        assert answer.status_code == 422
        assert "G-014" in text(answer)
        assert "G-015" in text(answer)
        assert form_of(answer)["late"] == ["yes"]

    def test_the_door_is_asked_the_same(self) -> None:
        assert Outside("scan", "x", "y").as_json() == {"source": "scan", "reason": "x", "approval": "y"}


class TestWhatIsOffered:
    def test_a_paper_that_only_other_texts_know_is_not_among_the_forms(
        self, office: Office, desk: Desk, case: str
    ) -> None:
        page = desk("zhang").get(f"/cases/{case}/new/").content.decode()
        assert f"/cases/{case}/new/act.inspection/" in page
        assert f"/cases/{case}/new/act.coercive_measure/" not in page
        assert "permit_application" not in desk("zhang").get("/registers/").content.decode()

    def test_its_form_still_opens_for_whoever_asks_for_it(self, office: Office, desk: Desk, case: str) -> None:
        assert desk("zhang").get(f"/cases/{case}/new/act.coercive_measure/").status_code == 200
