"""Who may see the desk's pages, that every look is kept, in which language, and what an error says."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from liuhen.faces.desk import frame
from liuhen.journal.models import LookRow
from tests.faces.desk.pages import Desk, text
from tests.office import Office


@pytest.fixture
def case(office: Office) -> str:
    return office.open_case("示例罚立〔2023〕17号")


class TestWhoMayLook:
    @pytest.mark.parametrize(
        "path", ["/", "/cases/", "/registers/", "/preferences/", "/cases/x/", "/records/x/", "/records/x/files/0/"]
    )
    def test_a_stranger_is_sent_to_the_sign_in_page(self, office: Office, client: Client, path: str) -> None:
        answer = client.get(path, headers={"host": "127.0.0.1"})
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in/")

    def test_an_officer_of_the_unit_sees_the_case(self, desk: Desk, case: str) -> None:
        answer = desk("li").get(f"/cases/{case}/")
        assert answer.status_code == 200
        assert "示例罚立〔2023〕17号" in text(answer)

    @pytest.mark.parametrize(("who", "code"), [("chen", "A-006"), ("admin", "A-014")])
    def test_an_officer_of_another_unit_and_the_administrator_do_not(
        self, desk: Desk, case: str, who: str, code: str
    ) -> None:
        """The officer may ask for access; for the administrator there is none. Neither learns the case's number or cause."""
        for path in (
            f"/cases/{case}/",
            f"/records/{case}/",
            f"/cases/{case}/new/act.inspection/",
        ):
            answer = desk(who).get(path)
            assert answer.status_code == 403
            assert "占用土地" not in text(answer)
            assert "17号" not in text(answer)
            assert code in text(answer)

    @pytest.mark.parametrize(("who", "may"), [("chen", {"access_request"}), ("admin", {"integrity.finding"})])
    def test_who_may_not_look_is_offered_what_needs_no_look_and_learns_the_number_alone(
        self, desk: Desk, case: str, who: str, may: set[str]
    ) -> None:
        answer = desk(who).get(f"/cases/{case}/new/")
        assert answer.status_code == 200
        assert set(re.findall(rf'href="/cases/{case}/new/([a-z_.]+)/"', answer.content.decode())) == may
        assert "17号" in text(answer)
        assert "占用土地" not in text(answer)

    def test_a_case_of_another_bureau_is_not_there(self, desk: Desk, case: str) -> None:
        other = Office("bazhou").staffed()
        root = other.open_case()
        answer = desk("zhang").get(f"/cases/{root}/")
        assert answer.status_code == 404
        assert "U-209" in text(answer)

    def test_who_left_the_bureau_is_signed_out(self, office: Office, desk: Desk, case: str) -> None:
        client = desk("li")
        left = office.record(
            "person.left", links={"person": [office.persons["li"]]}, by=[office.by("admin", "system_administrator")]
        )
        office.take(left, "admin")
        frame.kept.clear()
        answer = client.get(f"/cases/{case}/")
        assert answer.status_code == 302
        assert "left=1" in answer["Location"]
        assert client.get("/")["Location"].startswith("/sign-in/")

    def test_what_was_classified_is_closed_to_those_it_is_secret_to(
        self, office: Office, desk: Desk, case: str
    ) -> None:
        paper = office.act(case, "evidence_retrieval_notice", "2023-03-06 08:00").id
        assert desk("li").get(f"/records/{paper}/").status_code == 200
        office.act(
            case, "content.classified", "2023-03-06 08:30", links={"about": [paper]}, content={"class": "state_secret"}
        )
        assert desk("li").get(f"/records/{paper}/").status_code == 403
        assert desk("head").get(f"/records/{paper}/").status_code == 200


class TestLooks:
    def test_opening_a_case_is_a_look_at_it(self, office: Office, desk: Desk, case: str) -> None:
        desk("li").get(f"/cases/{case}/")
        (look,) = LookRow.objects.filter(bureau=office.bureau)
        assert (look.person, look.what, look.home) == (office.persons["li"], "look case", case)

    def test_a_list_is_one_look_with_its_filter_and_how_many_it_showed(
        self, office: Office, desk: Desk, case: str
    ) -> None:
        desk("li").get("/cases/?phase=initiation&q=17")
        (look,) = LookRow.objects.filter(bureau=office.bureau)
        assert (look.what, look.home, look.number) == ("look case", "", 1)
        assert '"phase":"initiation"' in look.detail
        assert '"text":"17"' in look.detail

    def test_a_look_that_was_refused_is_none(self, office: Office, desk: Desk, case: str) -> None:
        desk("chen").get(f"/cases/{case}/")
        assert not LookRow.objects.filter(bureau=office.bureau).exists()

    def test_opening_a_record_names_it(self, office: Office, desk: Desk, case: str) -> None:
        desk("li").get(f"/records/{case}/")
        (look,) = LookRow.objects.filter(bureau=office.bureau)
        assert case in look.detail


class TestLanguage:
    def test_english_by_a_switch_for_the_account(self, office: Office, desk: Desk, case: str) -> None:
        client = desk("zhang")
        answer = client.get(f"/language/?to=en&next=/cases/{case}/")
        assert answer["Location"] == f"/cases/{case}/"
        page = client.get(f"/cases/{case}/")
        assert "Duties" in text(page)
        assert 'lang="en"' in page.content.decode()
        assert client.get("/preferences/").content.decode().count('value="en" checked') == 1

    def test_before_signing_in_it_is_the_session(self, office: Office, client: Client) -> None:
        client.get("/language/?to=en", headers={"host": "127.0.0.1"})
        assert "Sign in" in text(client.get("/sign-in/", headers={"host": "127.0.0.1"}))

    @pytest.mark.parametrize("target", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
    def test_the_way_back_stays_within_the_house(self, desk: Desk, target: str) -> None:
        assert desk("zhang").get("/language/", {"to": "zh", "next": target})["Location"] == "/"

    def test_no_page_in_english_is_left_with_chinese_words_of_ours(self, office: Office, desk: Desk) -> None:
        root = office.open_case("A-17", title="sample", party_name="sample", unit="", handlers=("zhang",))
        client = desk("zhang", language="en")
        for path in (
            "/",
            "/cases/",
            f"/cases/{root}/",
            f"/records/{root}/",
            "/registers/",
            f"/cases/{root}/new/",
            "/preferences/",
            f"/cases/{root}/new/act.inspection/",
        ):
            words = text(client.get(path))
            for allowed in ("中文", "封", "张示例", "李示例", "冀010001", "示例"):
                words = words.replace(allowed, "")
            found = re.findall(
                r"[\u4e00-\u9fff]+", re.sub(r"(执法\S+队|岚河市\S*局|[王陈赵刘孙周吴]示例\S*)", "", words)
            )
            assert [
                w
                for w in found
                if w
                not in {
                    "执法一队",
                    "执法二队",
                    "法规股",
                    "办公室",
                    "信息中心",
                    "王",
                    "陈",
                    "赵",
                    "刘",
                    "孙",
                    "周",
                    "吴",
                }
            ] == []


class TestErrors:
    def test_an_address_that_no_page_has(self, desk: Desk) -> None:
        answer = desk("zhang").get("/nothing/like/this/")
        assert answer.status_code == 404
        assert "没有这个页面" in text(answer)
        assert "登记簿" in text(answer)
        assert "张示例" in text(answer)

    def test_a_page_that_breaks_says_that_nothing_was_lost(
        self, desk: Desk, case: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from liuhen.faces.desk.cases import page

        monkeypatch.setattr(page, "context", lambda *a: 1 / 0)
        client = desk("zhang")
        client.raise_request_exception = False
        answer = client.get(f"/cases/{case}/")
        assert answer.status_code == 500
        assert "没有丢失" in text(answer)

    def test_a_form_from_elsewhere_is_refused_in_our_words(self, office: Office) -> None:
        from tests.faces.desk.conftest import BACKEND, account

        client = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})
        client.force_login(account(office, "zhang"), backend=BACKEND)
        answer = client.post("/preferences/", {"language": "en"})
        assert answer.status_code == 403
        assert "表单已过期" in text(answer)


class TestHeaders:
    def test_pages_run_no_script_and_no_style_of_their_own(self, desk: Desk, case: str) -> None:
        answer = desk("zhang").get(f"/cases/{case}/")
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        page = answer.content.decode()
        assert not re.search(r"<script(?![^>]*src=)", page)
        assert not re.search(r"\sstyle=|\son[a-z]+=", page)
        assert "<style" not in page

    def test_nothing_is_asked_of_another_host(self, desk: Desk, case: str) -> None:
        page = desk("zhang").get(f"/cases/{case}/").content.decode()
        assert not re.search(r'(?:src|href)="(?:https?:)?//', page)

    def test_pages_with_case_content_are_kept_by_no_cache(self, desk: Desk, case: str) -> None:
        assert desk("zhang").get(f"/cases/{case}/")["Cache-Control"] == "no-store"
