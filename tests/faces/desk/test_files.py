"""Files at the desk: taken in with digests by the server, given out by ranges, able to do nothing but be seen."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.faces.desk.pages import Desk, confirmed, form_of, sent, text
from tests.office import Office


@pytest.fixture
def case(office: Office) -> str:
    return office.open_case("示例罚立〔2023〕17号")


class TestFiles:
    PDF = b"%PDF-1.4\n% sample\n" + b"x" * 5000

    def upload(self, client: Client, data: bytes = PDF, name: str = "扫描件.pdf") -> Any:
        from urllib.parse import quote

        return client.generic(
            "POST", "/files/", data, content_type="application/octet-stream", headers={"x-file-name": quote(name)}
        )

    def test_go_up_one_by_one_with_digests_computed_by_the_server(self, office: Office, desk: Desk, case: str) -> None:
        import hashlib

        client, path = desk("zhang"), f"/cases/{case}/new/evidence_retrieval_notice/"
        found = self.upload(client).json()
        assert found["sha256"] == hashlib.sha256(self.PDF).hexdigest()
        assert (found["name"], found["media_type"], found["bytes"]) == ("扫描件.pdf", "application/pdf", len(self.PDF))
        answer = confirmed(
            client, sent(client, path, done__date="2023-03-06", file=found["token"], file__role="scan"), path
        )
        page = client.get(answer["Location"])
        assert "扫描件.pdf" in text(page)
        assert found["sm3"] in text(page)

    def test_without_a_script_they_go_with_the_form_and_stay_through_a_refusal(
        self, office: Office, desk: Desk, case: str
    ) -> None:
        client, path = desk("zhang"), f"/cases/{case}/new/evidence_retrieval_notice/"
        form = form_of(client.get(path))
        form["done.date"] = [""]
        refused = client.post(path, {**form, "upload": SimpleUploadedFile("照片.jpg", b"\xff\xd8\xff" + b"j" * 100)})
        assert refused.status_code == 422
        assert "照片.jpg" in text(refused)
        kept = form_of(refused)
        kept["done.date"] = ["2023-03-06"]
        answer = confirmed(client, client.post(path, kept), path)
        assert "照片.jpg" in text(client.get(answer["Location"]))

    @pytest.mark.parametrize(
        ("data", "kind", "code"),
        [
            (b"<html><script>1</script></html>", "recording.completed", "V-015"),
            (b"MZ\x90\x00" + b"\x00" * 200, "recording.completed", "V-016"),
            (b"MZ\x90\x00" + b"\x00" * 200, "", "V-016"),
            (b"<html><script>1</script></html>", "", ""),
            (PDF, "evidence_retrieval_notice", ""),
        ],
    )
    def test_what_the_kind_of_the_form_does_not_take_is_refused_as_it_goes_up(
        self, desk: Desk, case: str, data: bytes, kind: str, code: str
    ) -> None:
        headers = {"x-file-name": "film.mp4", "x-kind": kind}
        answer = desk("zhang").generic(
            "POST", "/files/", data, content_type="application/octet-stream", headers=headers
        )
        assert answer.status_code == (422 if code else 200)
        assert answer.json().get("code", "") == code
        assert ("token" in answer.json()) is (not code)

    def test_without_a_script_what_the_kind_does_not_take_is_said_at_once_and_not_kept(
        self, desk: Desk, case: str
    ) -> None:
        client, path = desk("zhang"), f"/cases/{case}/new/recording.completed/"
        form = form_of(client.get(path)) | {"only": ["file"]}
        answer = client.post(path, {**form, "upload": SimpleUploadedFile("film.mp4", b"<html></html>" * 9)})
        assert answer.status_code == 422
        assert "V-015" in answer.content.decode()
        assert 'name="file" value' not in answer.content.decode()

    def test_the_token_of_one_person_serves_nobody_else(self, office: Office, desk: Desk, case: str) -> None:
        token = self.upload(desk("li")).json()["token"]
        answer = sent(desk("zhang"), f"/cases/{case}/new/investigation.ended/", done__date="2023-03-06", file=token)
        assert "U-206" in text(answer)

    def test_a_file_too_large_for_the_page_is_refused_with_the_next_step(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from liuhen.rooms.evidence import intake

        monkeypatch.setattr(intake, "LIMIT_BYTES", 10)
        answer = self.upload(desk("zhang"))
        assert answer.status_code == 422
        assert answer.json()["code"] == "U-207"
        assert "liuhen ingest" in answer.json()["next"]

    @pytest.fixture
    def stored(self, office: Office, desk: Desk, case: str) -> str:
        client, path = desk("zhang"), f"/cases/{case}/new/evidence_retrieval_notice/"
        token = self.upload(client).json()["token"]
        answer = confirmed(client, sent(client, path, done__date="2023-03-06", file=token, file__role="scan"), path)
        return str(answer["Location"].split("?")[0])

    def test_are_given_out_whole_and_by_ranges(self, desk: Desk, stored: str) -> None:
        client = desk("li")
        whole = client.get(f"{stored}files/0/")
        assert (whole.status_code, b"".join(whole.streaming_content), whole["Content-Type"]) == (
            200,
            self.PDF,
            "application/pdf",
        )
        part = client.get(f"{stored}files/0/", headers={"range": "bytes=5-9"})
        assert (part.status_code, part["Content-Range"], b"".join(part.streaming_content)) == (
            206,
            f"bytes 5-9/{len(self.PDF)}",
            self.PDF[5:10],
        )
        last = client.get(f"{stored}files/0/", headers={"range": "bytes=-4"})
        assert b"".join(last.streaming_content) == self.PDF[-4:]
        beyond = client.get(f"{stored}files/0/", headers={"range": "bytes=999999-"})
        assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(self.PDF)}")

    def test_can_do_nothing_in_the_browser_but_be_seen(self, desk: Desk, stored: str) -> None:
        answer = desk("li").get(f"{stored}files/0/")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert answer["Content-Disposition"].startswith("inline")
        assert desk("li").get(f"{stored}files/0/?download=1")["Content-Disposition"].startswith("attachment")

    def test_what_calls_itself_a_picture_and_is_a_page_is_refused_with_its_next_step(
        self, desk: Desk, case: str
    ) -> None:
        client, path = desk("zhang"), f"/cases/{case}/new/evidence_retrieval_notice/"
        found = self.upload(client, b"<html><script>alert(1)</script>", "照片.jpg").json()
        assert found["media_type"] == "text/plain"
        answer = sent(client, path, done__date="2023-03-06", file=found["token"], file__role="scan")
        assert answer.status_code == 422
        assert "V-015" in text(answer)
        assert "照片.jpg" in text(answer)

    @pytest.mark.parametrize(
        ("body", "name"),
        [
            (b"<html><script>alert(1)</script>", 'x"; filename=evil.html'),
            (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "画\u202egvs.svg"),
            (b"%!PS", "..\\..\\a\r\nSet-Cookie: x=1.html"),
            ("评语".encode("gbk"), "；＝“”.txt"),
        ],
    )
    def test_where_a_kind_takes_anything_a_page_is_only_downloaded_as_bytes(
        self, office: Office, desk: Desk, case: str, body: bytes, name: str
    ) -> None:
        client, path = desk("zhang"), f"/cases/{case}/new/investigation.ended/"
        found = self.upload(client, body, name).json()
        answer = confirmed(client, sent(client, path, done__date="2023-03-06", file=found["token"]), path)
        given = client.get(answer["Location"].split("?")[0] + "files/0/")
        assert b"".join(given.streaming_content) == body
        assert given["Content-Type"] == "application/octet-stream"
        assert given["X-Content-Type-Options"] == "nosniff"
        assert re.fullmatch(
            r"attachment; filename=\"[A-Za-z0-9._-]*\"; filename\*=UTF-8''[A-Za-z0-9._~%-]*",
            given["Content-Disposition"],
        )
        assert "default-src 'none'" in given["Content-Security-Policy"]
        assert given["Content-Security-Policy"].endswith("sandbox")
        assert "Set-Cookie" not in given

    def test_an_empty_file_is_refused_with_a_code_of_its_own(self, desk: Desk, case: str) -> None:
        client, path = desk("zhang"), f"/cases/{case}/new/evidence_retrieval_notice/"
        answer = self.upload(client, b"", "录像.mp4")
        assert (answer.status_code, answer.json()["code"]) == (422, "F-014")
        assert self.upload(client, b"x", "录像.mp4").status_code == 200
        form = form_of(client.get(path))
        refused = client.post(path, {**form, "upload": SimpleUploadedFile("照片.jpg", b"")})
        assert refused.status_code == 422
        assert "F-014" in text(refused)

    def test_are_for_those_who_may_look_at_the_record(self, desk: Desk, stored: str) -> None:
        assert desk("chen").get(f"{stored}files/0/").status_code == 403
        assert desk("li").get(f"{stored}files/7/").status_code == 404

    def test_each_opening_is_a_look_that_names_the_file_and_copying_is_said(
        self, office: Office, desk: Desk, stored: str
    ) -> None:
        from liuhen.journal.models import LookRow

        client = desk("li")
        b"".join(client.get(f"{stored}files/0/").streaming_content)
        b"".join(client.get(f"{stored}files/0/", headers={"range": "bytes=100-199"}).streaming_content)
        client.get(f"{stored}files/0/?download=1")
        looks = list(
            LookRow.objects.filter(bureau=office.bureau, person=office.persons["li"])
            .order_by("seq")
            .values_list("what", flat=True)
        )
        assert looks == ["look case", "copy case"]
