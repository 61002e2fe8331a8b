"""An act entered days after it happened: one question with two honest answers; and dates that can't be, to the day."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from liuhen.journal.filed import COLUMNS, decode
from liuhen.journal.models import RecordRow
from tests.faces.desk.pages import Desk, confirmed, form_of, sent, text
from tests.office import ZONE, Office

KIND = "evidence_retrieval_notice"


@pytest.fixture
def case(office: Office) -> str:
    return office.open_case("示例罚立〔2023〕17号")


def stored(case: str, kind: str = KIND) -> int:
    return RecordRow.objects.filter(home=case, kind=kind).count()


class TestTheQuestion:
    def test_is_asked_of_an_act_of_days_before_and_nothing_is_stored(self, desk: Desk, case: str) -> None:
        answer = sent(desk("zhang"), f"/cases/{case}/new/{KIND}/", done__date="2023-03-06", late="")
        assert answer.status_code == 422
        assert "登记前请回答一个问题" in text(answer)
        assert "U-215" in text(answer)
        assert "2023年3月6日" in text(answer)
        assert stored(case) == 0

    def test_is_not_asked_of_an_act_of_today(self, desk: Desk, case: str) -> None:
        today = datetime.now(ZONE)
        client, path = desk("zhang"), f"/cases/{case}/new/{KIND}/"
        answer = sent(client, path, done__date=f"{today:%Y-%m-%d}", done__time="", late="")
        assert "U-215" not in text(answer)

    def test_entered_late_takes_a_reason_that_stays_with_the_record(self, desk: Desk, case: str) -> None:
        client, path = desk("zhang"), f"/cases/{case}/new/{KIND}/"
        reason = {"late": "within", "late__reason": "外出办案，返回后登记"}
        refused = sent(client, path, done__date="2023-03-06", late="within", late__reason="")
        assert "U-216" in text(refused)
        answer = sent(client, path, done__date="2023-03-06", **reason)
        if answer.status_code == 422:
            answer = client.post(path, form_of(answer))
        page = text(client.get(answer["Location"]))
        assert "外出办案，返回后登记" in page
        assert "补登的记录不视为当时已依序办理" not in page
        assert stored(case) == 1

    def test_outside_leads_to_the_approval_that_it_needs(self, desk: Desk, case: str) -> None:
        answer = sent(desk("zhang"), f"/cases/{case}/new/{KIND}/", done__date="2023-03-06", late="yes")
        assert "G-015" in text(answer)
        assert "承办机构负责人" in text(answer)
        assert stored(case) == 0

    def test_outside_is_closed_to_who_may_not_enter_afterwards(self, desk: Desk, case: str) -> None:
        answer = sent(desk("wang"), f"/cases/{case}/new/meeting_minutes/", done__date="2023-03-06", late="")
        page = answer.content.decode()
        assert 'value="yes" disabled' in page
        assert "您的任职不含补登" in page

    def test_is_asked_together_with_what_there_is_to_confirm(self, office: Office, desk: Desk) -> None:
        applied = {"rulebook": "bazhou", "from": "2023-01-01", "decided_by": "局长办公会"}
        office.take(
            office.record("rulebook.applied_on", content=applied, by=[office.by("head", "agency_head")]), "head"
        )
        root = office.open_case()
        answer = sent(desk("zhang"), f"/cases/{root}/new/interview_transcript/", done__date="2023-03-06", late="")
        assert "登记前请确认" in text(answer)
        assert "登记前请回答一个问题" in text(answer)

    def test_a_correction_is_asked_its_own_reason_and_not_this(self, office: Office, desk: Desk, case: str) -> None:
        paper = office.act(case, KIND, "2023-03-06 08:00", content={"document_number": "一"}).id
        answer = sent(desk("zhang"), f"/records/{paper}/correct/", c__document_number="二", reason="笔误", late="")
        assert "U-215" not in text(answer)


class TestHiddenFieldsOfAnOutsideAct:
    """Sent where the form has no such question; the door itself refuses too (tests/journal/test_outside.py)."""

    def approve(self, office: Office, case: str) -> str:
        content = {"source": "scan", "reason": "补录", "entered_by": office.persons["zhang"], "until": "2199-12-31"}
        by = [office.by("wang", "handling_unit_head")]
        made = office.record("late_entry.approved", links={"case": [case]}, content=content, by=by)
        return office.take(made, "wang").id

    def test_withdraw_nobody_elses_opinion(self, office: Office, desk: Desk, case: str) -> None:
        opinion = office.record(
            "legal_review_opinion",
            "2023-03-06 08:10",
            links={"case": [case]},
            by=[office.by("reviewer", "legal_reviewer")],
            content={"review_opinion": "disagree"},
        )
        office.take(opinion, "reviewer")
        hidden = {
            "late": "yes",
            "late__source": "scan",
            "late__reason": "补录",
            "late__approval": self.approve(office, case),
        }
        path = f"/cases/{case}/new/record.withdrawn/"
        answer = sent(desk("zhang"), path, l__withdraws=opinion["id"], c__reason="误登", **hidden)
        assert "A-001" in text(answer)
        assert stored(case, "record.withdrawn") == 0


class TestDaysWithoutATime:
    @pytest.mark.parametrize(("days", "refused"), [(0, False), (1, True)])
    def test_tomorrow_has_not_come(self, desk: Desk, case: str, days: int, refused: bool) -> None:
        day = datetime.now(ZONE) + timedelta(days=days)
        answer = sent(desk("zhang"), f"/cases/{case}/new/{KIND}/", done__date=f"{day:%Y-%m-%d}", done__time="")
        assert ("R-013" in text(answer)) is refused
        assert "T00:00" not in text(answer)

    def test_an_end_before_the_beginning_is_refused(self, desk: Desk, case: str) -> None:
        path = f"/cases/{case}/new/act.questioning/"
        answer = sent(desk("zhang"), path, done__date="2023-03-06", until__date="2023-03-05", until__time="")
        assert "R-014" in text(answer)

    @pytest.mark.parametrize("date", ["2023-03-08", "2023-03-06"])
    def test_an_hour_of_the_end_alone_is_not_dropped_in_silence(self, desk: Desk, case: str, date: str) -> None:
        path = f"/cases/{case}/new/act.questioning/"
        answer = sent(desk("zhang"), path, done__date="2023-03-06", until__date=date, until__time="10:00")
        assert "填写了结束的时刻（10:00）" in text(answer)
        assert "U-214" in text(answer)

    def test_an_act_of_several_days_is_taken_by_its_days_alone_and_stays_so_when_corrected(
        self, office: Office, desk: Desk, case: str
    ) -> None:
        client, path = desk("zhang"), f"/cases/{case}/new/act.questioning/"
        days = {"done__date": "2023-03-06", "done__time": "", "until__date": "2023-03-08", "until__time": ""}
        within = {"late": "within", "late__reason": "外出办案"}
        answer = confirmed(client, sent(client, path, **days, **within), path)
        assert answer.status_code == 302, text(answer)
        kept = RecordRow.objects.get(home=case, kind="act.questioning")
        [entry] = decode(RecordRow.objects.filter(id=kept.id).values_list(*COLUMNS), ZONE)
        r = entry.record
        assert (r.precision, r.done_at.isoformat(), r.until and r.until.isoformat()) == (
            "day",
            "2023-03-06T00:00:00+08:00",
            "2023-03-08T00:00:00+08:00",
        )
        assert "2023-03-06–2023-03-08" in text(client.get(f"/records/{kept.id}/"))
        assert 'value="2023-03-08"' in client.get(f"/records/{kept.id}/correct/").content.decode()

    def test_of_one_day_no_end_is_written(self, desk: Desk, case: str) -> None:
        client, path = desk("zhang"), f"/cases/{case}/new/act.questioning/"
        days = {"done__date": "2023-03-06", "done__time": "", "until__date": "2023-03-06", "until__time": ""}
        answer = confirmed(client, sent(client, path, **days, late="within", late__reason="外出办案"), path)
        assert answer.status_code == 302, text(answer)
        assert RecordRow.objects.get(home=case, kind="act.questioning").until is None

    def test_a_gate_asks_for_what_comes_first_by_the_day(self, office: Office, desk: Desk) -> None:
        """Major by its hearing on 6 March; a decision dated 6 March without an hour still needs its review."""
        root = office.open_case()
        office.act(root, "act.hearing", "2023-03-06 07:00", "2023-03-06 08:30", role="case_handler")
        client, path = desk("zhang"), f"/cases/{root}/new/decision.made/"
        answer = sent(client, path, done__date="2023-03-06", done__time="")
        assert "G-011" in text(answer)
        assert stored(root, "decision.made") == 0


class TestBeforeTheMatterBegan:
    @pytest.fixture
    def told(self, office: Office) -> str:
        root = office.open_case()
        office.act(root, "act.tipoff_reception", "2023-03-06 08:00", "2023-03-06 08:20", role="case_handler")
        return root

    @pytest.mark.parametrize(
        ("date", "time", "asked"),
        [
            ("2023-03-05", "", True),
            ("2023-03-06", "", False),
            ("2023-03-06", "07:59", True),
            ("2023-03-06", "08:00", False),
        ],
    )
    def test_a_date_before_the_tip_off_is_shown_before_it_is_entered(
        self, desk: Desk, told: str, date: str, time: str, asked: bool
    ) -> None:
        client, path = desk("zhang"), f"/cases/{told}/new/{KIND}/"
        answer = sent(client, path, done__date=date, done__time=time)
        assert ("办理时间早于本案的“接到举报”（2023年3月6日）" in text(answer)) is asked
        if asked:
            assert client.post(path, form_of(answer)).status_code == 302
            assert stored(told) == 1


class TestNobodyNamed:
    def test_is_said_as_what_it_is(self, desk: Desk, case: str) -> None:
        client, path = desk("zhang"), f"/cases/{case}/new/{KIND}/"
        form = form_of(client.get(path))
        form["by.name"] = [""] * len(form["by.name"])
        answer = client.post(path, form)
        assert "U-210" in text(answer)
        assert "没有填写办理人" in text(answer)
        assert "A-003" not in text(answer)
