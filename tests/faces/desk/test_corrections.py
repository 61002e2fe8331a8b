"""Correcting and withdrawing at the desk: with a reason, with a change, and once."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from liuhen.faces.desk.cases.chains import chains
from liuhen.faces.desk.cases.materials import counts, tab_of
from liuhen.journal.models import RecordRow
from liuhen.rooms.cases import reading
from tests.faces.desk.pages import Desk, confirmed, form_of, sent, text
from tests.office import Office


@pytest.fixture
def case(office: Office) -> str:
    return office.open_case("示例罚立〔2023〕17号")


@pytest.fixture
def paper(office: Office, case: str) -> str:
    made = office.record(
        "evidence_retrieval_notice",
        "2023-03-06 08:00:30",
        links={"case": [case]},
        by=[
            {**office.by("zhang", "enforcement_officer"), "certificate": "冀010001"},
            office.by("li", "enforcement_officer"),
        ],
        signatures=[{"role": "enforcement_officer", "name": "张示例", "signed_at": "2023-03-06T08:05:12+08:00"}],
        content={"document_number": "旧号"},
    )
    return office.take(made).id


def count(case: str) -> int:
    return RecordRow.objects.filter(home=case).count()


class TestTheReason:
    def test_is_asked_and_kept_in_the_history(self, office: Office, desk: Desk, case: str, paper: str) -> None:
        client, path = desk("zhang"), f"/records/{paper}/correct/"
        assert "更正理由" in text(client.get(path))
        answer = sent(client, path, c__document_number="新号", reason="编号抄错，以发文簿为准")
        answer = confirmed(client, answer, path)
        page = text(client.get(answer["Location"]))
        assert page.count("编号抄错，以发文簿为准") >= 2  # in what it says, and in the history
        assert "首次登记" in page
        row = RecordRow.objects.get(corrects=paper)
        assert row.home == case

    def test_missing_is_refused_beside_its_field_and_stores_nothing(self, desk: Desk, case: str, paper: str) -> None:
        before = count(case)
        answer = sent(desk("zhang"), f"/records/{paper}/correct/", c__document_number="新号", reason=" ")
        assert answer.status_code == 422
        assert "G-030" in text(answer)
        assert 'aria-describedby="f-correction_reason-e"' in answer.content.decode()
        assert form_of(answer)["c.document_number"] == ["新号"]
        assert count(case) == before


class TestAnUnchangedCorrection:
    def test_is_refused_though_a_form_shows_less_than_the_record_holds(self, desk: Desk, case: str, paper: str) -> None:
        """Seconds, ids and certificates come back as they were: sending the form as it opened changes nothing."""
        before = count(case)
        answer = sent(desk("zhang"), f"/records/{paper}/correct/", reason="笔误")
        assert answer.status_code == 422
        assert "G-029" in text(answer)
        assert count(case) == before

    def test_leaves_alone_what_nobody_changed(self, office: Office, desk: Desk, case: str, paper: str) -> None:
        client, path = desk("zhang"), f"/records/{paper}/correct/"
        answer = confirmed(client, sent(client, path, c__document_number="新号", reason="笔误"), path)
        new, old = (self._said(office, id) for id in (answer["Location"].split("/")[2], paper))
        assert new["content"].pop("correction_reason") == "笔误"
        for part in ("done_at", "precision", "by", "signatures", "links"):
            assert new.get(part) == old.get(part), part

    @staticmethod
    def _said(office: Office, id: str) -> dict[str, Any]:
        from liuhen.journal.filed import COLUMNS, decode

        entry = decode(RecordRow.objects.filter(id=id).values_list(*COLUMNS), office.basis.zone)[0]
        return entry.record.maker_json()


class TestWithdrawn:
    def test_its_page_says_by_whom_and_why_and_offers_no_form(self, desk: Desk, paper: str) -> None:
        client, path = desk("zhang"), f"/records/{paper}/withdraw/"
        client.post(path, {"id": str(uuid4()), "reason": "重复登记"})
        page = client.get(path)
        assert page.status_code == 200
        assert "张示例" in text(page)
        assert "重复登记" in text(page)
        assert 'name="reason"' not in page.content.decode()

    def test_a_second_withdrawal_is_refused(self, desk: Desk, case: str, paper: str) -> None:
        client, path = desk("zhang"), f"/records/{paper}/withdraw/"
        client.post(path, {"id": str(uuid4()), "reason": "重复登记"})
        before = count(case)
        answer = client.post(path, {"id": str(uuid4()), "reason": "再次"})
        assert answer.status_code == 422
        assert count(case) == before

    def test_is_not_corrected_either(self, desk: Desk, paper: str) -> None:
        client = desk("zhang")
        client.post(f"/records/{paper}/withdraw/", {"id": str(uuid4()), "reason": "重复登记"})
        assert client.get(f"/records/{paper}/correct/")["Location"] == f"/records/{paper}/withdraw/"

    def test_a_corrected_record_is_withdrawn_by_its_latest(self, desk: Desk, paper: str) -> None:
        client, path = desk("zhang"), f"/records/{paper}/correct/"
        latest = confirmed(client, sent(client, path, c__document_number="新号", reason="笔误"), path)[
            "Location"
        ].split("/")[2]
        assert client.get(f"/records/{paper}/withdraw/")["Location"] == f"/records/{latest}/withdraw/"


def test_a_withdrawn_record_is_marked_on_the_timeline_and_counts_no_more(office: Office, desk: Desk) -> None:
    root = office.open_case()
    kind = "act.inspection"
    acts = [office.act(root, kind, "2023-03-06 08:00", "2023-03-06 08:30").id for _ in range(2)]
    links = {"case": [root], "withdraws": [acts[0]]}
    by = [office.by("zhang", "enforcement_officer")]
    office.take(office.record("record.withdrawn", links=links, by=by, content={"reason": "重复"}))
    row = office.row(root)
    opened = reading.open_case(office.who("zhang"), row, office.basis, office.instant)
    vocabulary = office.basis.vocabulary
    held = chains(opened.filed.case.records, vocabulary)
    tab = tab_of(next(c for c in held if c.latest.id == acts[1]).latest, vocabulary)
    standing = [c for c in held if tab_of(c.latest, vocabulary) == tab and c.latest.id != acts[0]]
    assert counts(held, vocabulary)[tab] == len(standing)
    assert text(desk("zhang").get(f"/cases/{root}/")).count("· 已撤回") >= 1


class TestTwoWindows:
    """Two people, or two windows of one, correct the same record."""

    def test_the_second_gets_the_form_back_as_typed_and_may_send_it_again(
        self, office: Office, desk: Desk, case: str, paper: str
    ) -> None:
        first, second, path = desk("zhang"), desk("zhang"), f"/records/{paper}/correct/"
        form = form_of(second.get(path)) | {"c.document_number": ["乙号"], "reason": ["乙的理由"]}
        confirmed(first, sent(first, path, c__document_number="甲号", reason="甲的理由"), path)
        before = count(case)
        answer = second.post(path, form)
        assert answer.status_code == 422
        assert "U-218" in text(answer)
        kept = form_of(answer)
        assert (kept["c.document_number"], kept["reason"]) == (["乙号"], ["乙的理由"])
        assert count(case) == before
        answer = confirmed(second, second.post(path, kept), path)
        assert answer.status_code == 302
        assert count(case) == before + 1
        assert (
            RecordRow.objects.get(id=answer["Location"].split("/")[2]).corrects
            == RecordRow.objects.get(corrects=paper).id
        )

    def test_sent_twice_it_leads_to_its_first_receipt(self, office: Office, desk: Desk, case: str, paper: str) -> None:
        client, path = desk("zhang"), f"/records/{paper}/correct/"
        form = form_of(client.get(path)) | {"c.document_number": ["新号"], "reason": ["笔误"]}
        answer = client.post(path, form)
        if answer.status_code == 422:
            form = form_of(answer)
            answer = client.post(path, form)
        before = count(case)
        again = client.post(path, form)
        assert again["Location"] == answer["Location"].replace("done=yes", "done=again")
        assert count(case) == before

    def test_what_was_withdrawn_meanwhile_costs_no_text(self, desk: Desk, case: str, paper: str) -> None:
        client, path = desk("zhang"), f"/records/{paper}/correct/"
        form = form_of(client.get(path)) | {"c.document_number": ["新号"], "reason": ["笔误"]}
        client.post(f"/records/{paper}/withdraw/", {"id": str(uuid4()), "reason": "重复登记"})
        answer = client.post(path, form)
        assert answer.status_code == 422
        assert "G-006" in text(answer)
        assert form_of(answer)["c.document_number"] == ["新号"]

    def test_a_withdrawal_of_what_was_corrected_meanwhile_keeps_its_reason(
        self, desk: Desk, case: str, paper: str
    ) -> None:
        client, path = desk("zhang"), f"/records/{paper}/correct/"
        confirmed(client, sent(client, path, c__document_number="新号", reason="笔误"), path)
        answer = client.post(f"/records/{paper}/withdraw/", {"id": str(uuid4()), "reason": "重复登记，见另一份"})
        assert answer.status_code == 422
        assert "G-005" in text(answer)
        assert form_of(answer)["reason"] == ["重复登记，见另一份"]
        assert f'action="/records/{RecordRow.objects.get(corrects=paper).id}/withdraw/"' in answer.content.decode()
