"""A form that is not taken because its sender is no longer signed in: it says so, and gives back what was typed."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from liuhen.journal.models import RecordRow
from tests.faces.desk.conftest import BACKEND, account
from tests.faces.desk.pages import Desk, form_of, text
from tests.office import Office

TYPED = {
    "done.date": "2023-03-06",
    "c.document_number": "示例调证〔2023〕8号 <b>&",
    "by.name": "张示例",
    "by.role": "enforcement_officer",
}


@pytest.fixture
def path(office: Office) -> str:
    root = office.open_case("示例罚立〔2023〕17号")
    return f"/cases/{root}/new/evidence_retrieval_notice/"


def stranger(**more: Any) -> Client:
    return Client(headers={"host": "127.0.0.1"}, **more)


def holds_what_was_typed(answer: Any) -> bool:
    page = answer.content.decode()
    return "示例调证〔2023〕8号 &lt;b&gt;&amp;" in page and "张示例" in page and "<b>&" not in page


class TestSignedOut:
    def test_the_page_says_that_nothing_was_stored_and_gives_back_what_was_typed(
        self, office: Office, path: str
    ) -> None:
        before = RecordRow.objects.count()
        answer = stranger().post(path, TYPED)
        assert answer.status_code == 403
        assert "没有写入任何内容" in text(answer)
        assert holds_what_was_typed(answer)
        assert "执法人员" in text(answer)  # a chosen role by its name
        assert "文号" in text(answer)
        assert f'href="/sign-in/?next={path.replace("/", "%2F")}" target="_blank"' in answer.content.decode()
        assert answer["Cache-Control"] == "no-store"
        assert RecordRow.objects.count() == before

    def test_what_a_form_chooses_by_itself_is_not_given_back_as_typed(self, path: str) -> None:
        chosen = {"sign.role": ["party"], "sign.how": ["signature"], "sign.name": [""], "late.source": ["scan"]}
        assert "纸质材料扫描" not in text(stranger().post(path, {**TYPED, **chosen}))
        assert "签字" not in text(stranger().post(path, {**TYPED, **chosen}))
        signed = {**chosen, "sign.name": ["李某"], "late": ["yes"]}
        page = text(stranger().post(path, {**TYPED, **signed}))
        assert "李某" in page
        assert "纸质材料扫描" in page

    def test_files_are_named_as_not_entered(self, office: Office, desk: Desk, path: str) -> None:
        token = desk("zhang").generic("POST", "/files/", b"x", headers={"x-file-name": "photo.bin"}).json()["token"]
        answer = stranger().post(
            path, {**TYPED, "file": token, "upload": SimpleUploadedFile("照片.jpg", b"\xff\xd8\xff")}
        )
        for name in ("photo.bin", "照片.jpg"):
            assert name in text(answer)
        assert token not in answer.content.decode()

    def test_all_cookies_gone_is_told_in_the_same_way(self, office: Office, desk: Desk, path: str) -> None:
        form = {**form_of(desk("zhang").get(path)), **TYPED, "csrfmiddlewaretoken": "x" * 64}
        answer = stranger(enforce_csrf_checks=True).post(path, form)
        assert answer.status_code == 403
        assert "登录已失效" in text(answer)
        assert holds_what_was_typed(answer)
        assert "返回上一页" not in text(answer)

    def test_a_withdrawal_and_a_correction_too(self, office: Office, path: str) -> None:
        for address in ("/records/x/withdraw/", "/records/x/correct/"):
            assert "重复登记，见另一份" in text(stranger().post(address, {"reason": "重复登记，见另一份"}))

    def test_an_upload_by_the_script_is_told_in_a_sentence(self, office: Office) -> None:
        answer = stranger().generic("POST", "/files/", b"x", headers={"x-file-name": "a.bin"})
        assert answer.status_code == 403
        assert "没有写入" in answer.json()["sentence"]
        assert answer.json()["next"]


class TestStale:
    def test_a_form_of_an_earlier_sign_in_gives_back_what_was_typed(self, office: Office, path: str) -> None:
        client = stranger(enforce_csrf_checks=True)
        client.force_login(account(office, "zhang"), backend=BACKEND)
        answer = client.post(path, {**TYPED, "csrfmiddlewaretoken": "x" * 64})
        assert answer.status_code == 403
        assert "表单已过期" in text(answer)
        assert holds_what_was_typed(answer)
        assert f'href="{path}" target="_blank"' in answer.content.decode()

    def test_a_right_that_ended_meanwhile_costs_no_text(self, office: Office, desk: Desk, path: str) -> None:
        answer = desk("admin").post(path, TYPED)
        assert answer.status_code == 403
        assert holds_what_was_typed(answer)


class TestWhatIsNeverSaidBack:
    def test_passwords(self, office: Office) -> None:
        answer = stranger().post(
            "/preferences/", {"part": "password", "old": "geheim-1", "new": "geheim-2", "again": "geheim-2"}
        )
        assert "geheim" not in answer.content.decode()
        answer = stranger(enforce_csrf_checks=True).post("/sign-in/", {"username": "zhang", "password": "geheim-3"})
        assert answer.status_code == 403
        assert "geheim" not in answer.content.decode()

    @pytest.mark.parametrize("header", [{"origin": "https://elsewhere.example"}, {"sec-fetch-site": "cross-site"}])
    def test_words_that_another_site_sends(self, office: Office, path: str, header: dict[str, str]) -> None:
        answer = stranger().post(path, TYPED, headers=header)
        assert answer.status_code == 403
        assert not holds_what_was_typed(answer)

    def test_words_of_our_own_page_are(self, office: Office, path: str) -> None:
        assert holds_what_was_typed(
            stranger().post(path, TYPED, headers={"origin": "http://127.0.0.1", "sec-fetch-site": "same-origin"})
        )
