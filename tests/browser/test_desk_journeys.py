"""Journeys of an officer through the desk, in a real browser: what a person does in a day, by mouse, by key and by thumb."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from liuhen.faces.desk.forms.amount import in_capitals
from liuhen.journal.models import RecordRow
from tests.browser.day import PHONE, case, confirmed, office, signed_in, text
from tests.faces.desk.test_amounts import CAPITALS
from tests.office import ZONE, Office, data_folder, lasting_office, transactional_db

__all__ = ["case", "data_folder", "lasting_office", "office", "signed_in", "transactional_db"]


def clip(path: Path, seconds: int = 12) -> Path:
    """A really encoded film whose frames bear their number."""
    import av
    from PIL import Image, ImageDraw

    with av.open(str(path), "w", options={"movflags": "faststart"}) as film:
        stream = film.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for n in range(seconds * 10):
            image = Image.new("RGB", (320, 180), (20, 60, 90))
            ImageDraw.Draw(image).text((20, 80), f"sample {n}", fill="white")
            film.mux(stream.encode(av.VideoFrame.from_image(image)))
        film.mux(stream.encode())
    return path


def test_from_signing_in_to_a_duty_that_is_met(signed_in: Any, office: Office, case: str) -> None:
    office.act(case, "act.questioning", text(office.now - timedelta(hours=3)), text(office.now - timedelta(hours=2)))
    page = signed_in()
    page.get_by_role("link", name=re.compile("待办")).first.click()
    row = page.locator("tr", has_text="制作询问笔录").first
    row.get_by_role("link", name="示例罚立〔2026〕17号").click()
    page.wait_for_url(f"**/cases/{case}/")
    page.evaluate("() => document.querySelectorAll('details.rest').forEach((d) => { d.open = true; })")
    duty = page.locator("li[data-duty]", has_text="制作询问笔录").first
    duty.get_by_role("link", name="登记询问笔录").click()
    page.wait_for_url("**/new/interview_transcript/**")
    expect(page.locator("[name='by.name']").first).to_have_value("张示例")
    confirmed(page)
    expect(page.locator(".notice.good")).to_contain_text("已登记")
    page.get_by_role("link", name="返回案件").click()
    page.wait_for_url(f"**/cases/{case}/**")
    expect(page.locator("li[data-duty]", has_text="制作询问笔录")).not_to_have_count(0)
    expect(page.locator("li[data-duty]:has(.ob-a)", has_text="制作询问笔录")).to_have_count(0)


def test_a_wrong_password_says_so_and_keeps_the_name(office: Office, open_page: Any) -> None:
    page = open_page()
    page.goto("/sign-in/")
    page.locator("#username").fill("nobody")
    page.locator("#password").fill("wrong-wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("账号或者密码不对")
    expect(page.locator("#username")).to_have_value("nobody")
    expect(page.locator("#password")).to_have_value("")


def test_a_refusal_stays_on_the_form_and_is_what_is_read_first(signed_in: Any, office: Office, case: str) -> None:
    office.act(case, "act.hearing", text(office.now - timedelta(hours=3)), text(office.now - timedelta(hours=2)))
    page = signed_in()
    page.goto(f"/cases/{case}/new/decision.made/")
    page.locator("[name='c.fine']").fill("128,400")
    expect(page.locator("#f-fine-c")).to_have_text("壹拾贰万捌仟肆佰元整")
    page.locator("[data-submit]").click()
    refusal = page.locator("#refusal")
    expect(refusal).to_be_focused()
    for said in ("未予登记", "依据", "为何适用", "现在状态", "下一步", "本次提交未写入案卷"):
        expect(refusal).to_contain_text(said)
    expect(page.locator("[name='c.fine']")).to_have_value("128,400")
    assert not RecordRow.objects.filter(home=case, kind="decision.made").exists()
    refusal.get_by_role("link", name="登记法制审核申请表").click()
    page.wait_for_url("**/new/legal_review_application/**")


def test_two_clicks_store_once(signed_in: Any, case: str) -> None:
    page = signed_in()
    page.goto(f"/cases/{case}/new/investigation.ended/")
    twice = "() => { const b = document.querySelector('[data-submit]'); b.click(); b.click(); }"
    warned, stored = page.locator(".refuse.warn"), page.locator(".notice.good")
    page.evaluate(twice)
    expect(warned.or_(stored)).to_be_visible()
    if warned.count():
        page.evaluate(twice)
    page.wait_for_url("**/records/**")
    expect(stored).to_be_visible()
    assert RecordRow.objects.filter(home=case, kind="investigation.ended").count() == 1


def test_rows_are_added_and_removed_and_a_person_of_the_register_brings_the_certificate(
    signed_in: Any, case: str
) -> None:
    page = signed_in()
    page.goto(f"/cases/{case}/new/investigation.ended/")
    rows = page.locator("#f-by [data-row]")
    before = rows.count()
    page.locator("#f-by [data-add]").click()
    expect(rows).to_have_count(before + 1)
    last = rows.last
    last.locator("[data-person]").fill("李示例 冀010002")
    last.locator("[data-person]").dispatch_event("change")
    expect(last.locator("[data-person]")).to_have_value("李示例")
    expect(last.locator("[data-certificate]")).to_have_value("冀010002")
    for left in range(before, 0, -1):
        rows.first.locator("[data-drop]").click()
        expect(rows).to_have_count(left)
    expect(rows.locator("[data-person]")).to_have_value("李示例")
    expect(rows.locator("[data-drop]")).to_be_hidden()


def test_a_film_goes_up_with_its_progress_and_plays_from_where_one_clicks(
    signed_in: Any, case: str, tmp_path: Path
) -> None:
    film = clip(tmp_path / "现场.mp4")
    page = signed_in()
    page.goto(f"/cases/{case}/new/recording.completed/")
    page.locator("[name='until.time']").fill("23:59")
    yesterday = (datetime.now(ZONE) - timedelta(days=1)).strftime("%Y-%m-%d")
    page.locator("[name='done.date']").fill(yesterday)
    page.locator("[name='until.date']").fill(yesterday)
    page.locator("[name='done.time']").fill("23:58")
    seen = page.evaluate_handle(
        """() => {
            const seen = [];
            const note = () => { const s = document.querySelector('.up [role=status]'); if (s) seen.push(s.textContent); };
            const all = {subtree: true, childList: true, characterData: true};
            new MutationObserver(note).observe(document.querySelector('.up'), all);
            return seen;
        }"""
    )
    page.locator("#upload").set_input_files(str(film))
    page.locator(".up [name=file]").wait_for(state="attached")
    assert any("正在上传" in s for s in seen.json_value())
    expect(page.locator(".up")).to_contain_text("SHA-256")
    confirmed(page)
    video = page.locator("video")
    # An error ends the wait as well, so that a film that cannot be read fails here and does not hang.
    known = "v.addEventListener('loadedmetadata', yes); v.addEventListener('error', () => no(v.error.message));"
    video.evaluate(f"v => v.readyState >= 1 || new Promise((yes, no) => {{ {known} }})")
    assert video.evaluate("v => Math.round(v.duration)") == 12
    assert (
        video.evaluate(
            "v => new Promise(r => { v.addEventListener('seeked', () => r(v.currentTime)); v.currentTime = 9; })"
        )
        == 9
    )
    assert video.evaluate("v => v.error") is None


def test_a_paper_opens_in_a_page_of_its_own(signed_in: Any, office: Office, case: str, tmp_path: Path) -> None:
    paper = tmp_path / "扫描件.pdf"
    paper.write_bytes(_one_page_pdf())
    page = signed_in()
    page.goto(f"/cases/{case}/new/evidence_retrieval_notice/")
    page.locator("#upload").set_input_files(str(paper))
    page.locator(".up [name=file]").wait_for(state="attached")
    confirmed(page)
    link = page.locator(".files").get_by_role("link", name="打开")
    assert link.get_attribute("target") == "_blank"
    answer = page.request.get(str(link.get_attribute("href")))
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.body() == paper.read_bytes()


def _one_page_pdf() -> bytes:
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for n, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj%sendobj\n" % (n, part)
    start = len(out)
    out += b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % p for p in places)
    return out + b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start


def test_an_article_and_the_reason_of_a_date_open_in_place(signed_in: Any, case: str) -> None:
    page = signed_in()
    page.goto(f"/cases/{case}/")
    cite = page.locator(".obl .cite").first
    cite.click()
    note = page.locator(".said").first
    note.wait_for()
    expect(note).to_contain_text("以正式文本为准")
    assert page.url.endswith(f"/cases/{case}/")
    note.get_by_role("button").click()
    expect(page.locator(".said")).to_have_count(0)
    expect(cite).to_be_focused()
    # Every open duty says why it stands; those with a moment say from when it was counted as well.
    whys = page.locator(".whydate > summary:visible")
    for n in range(whys.count()):
        whys.nth(n).click()
    expect(page.locator(".whydate[open] .steps").first).to_contain_text("条文")
    expect(page.locator(".whydate[open] .steps", has_text="起算").first).to_be_visible()


def test_the_lens_opens_and_closes_by_key(signed_in: Any, case: str) -> None:
    page = signed_in()
    page.goto(f"/cases/{case}/")
    page.locator(".tl-box").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".tl-box a.act:focus")).to_have_count(1)
    # The lens may be open already: what the key brings is a timeline that does not bear this mark.
    page.locator("#timeline").evaluate("t => { t.dataset.before = 'yes'; }")
    page.keyboard.press("Enter")
    expect(page.locator("#timeline:not([data-before]) #lens")).to_contain_text("JY-05")
    expect(page.locator(".tl-box a.act:focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#lens")).to_have_count(0)


def test_a_duty_lights_its_clock_and_the_records_that_belong_to_it(signed_in: Any, case: str) -> None:
    page = signed_in()
    page.goto(f"/cases/{case}/")
    duty = page.locator(".obl > li[data-lights]:not([data-lights=''])").first
    duty.hover()
    key = duty.get_attribute("data-duty")
    expect(page.locator(f".tl-box [data-duty='{key}'].lit")).to_have_count(1)


def test_tabs_change_without_leaving_the_page_and_have_addresses(signed_in: Any, case: str) -> None:
    page = signed_in()
    page.goto(f"/cases/{case}/")
    page.locator(".tabbar").get_by_role("link", name=re.compile("日志")).click()
    expect(page.locator("th", has_text="登记时间")).to_be_visible()
    page.wait_for_url("**tab=log**")
    page.reload()
    expect(page.locator("th", has_text="登记时间")).to_be_visible()


def test_the_keyboard_reaches_the_content_and_shows_where_it_is(signed_in: Any, case: str) -> None:
    page = signed_in()
    page.goto(f"/cases/{case}/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("main :focus")).to_have_count(1)
    outline = page.evaluate(
        "getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).outlineWidth"
    )
    assert outline == "solid3px"


def test_without_scripts_every_step_is_still_there(signed_in: Any, case: str) -> None:
    page = signed_in(java_script_enabled=False)
    page.goto(f"/cases/{case}/new/investigation.ended/")
    confirmed(page)
    expect(page.locator(".notice.good")).to_contain_text("已登记")
    page.goto(f"/cases/{case}/")
    page.locator("a.act").first.click()
    page.wait_for_url("**act=**")
    expect(page.locator("#lens")).to_have_count(1)
    page.locator(".obl .cite").first.click()
    page.wait_for_url("**/articles/**")


def test_on_the_phone_the_timeline_is_a_list(signed_in: Any, case: str) -> None:
    page = signed_in(viewport=PHONE)
    page.goto(f"/cases/{case}/")
    expect(page.locator(".vtl")).to_be_visible()
    expect(page.locator(".tl-box")).to_be_hidden()
    expect(page.locator(".vtl")).to_contain_text("现场检查")


def test_large_letters_and_english_are_a_choice_that_stays(signed_in: Any, case: str) -> None:
    page = signed_in()
    before = page.evaluate("getComputedStyle(document.body).fontSize")
    page.goto("/preferences/")
    page.get_by_label("大字").check()
    page.get_by_label("English").check()
    page.locator("form").filter(has_text="English").get_by_role("button").click()
    page.wait_for_url("**/preferences/?saved=1")
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == pytest.approx(16, abs=0.1)
    assert before == "14px"
    page.goto(f"/cases/{case}/")
    expect(page.get_by_role("heading", name="Duties")).to_be_visible()


def test_the_capital_figures_of_the_page_are_those_of_the_server(signed_in: Any, case: str) -> None:
    page = signed_in()
    page.goto(f"/cases/{case}/new/decision.made/")
    fine = page.locator("[name='c.fine']")
    for fen, written in CAPITALS:
        if 0 <= fen < 10**15:
            fine.fill(f"{fen // 100}.{fen % 100:02d}")
            expect(page.locator("#f-fine-c")).to_have_text(written)
            assert written == in_capitals(fen)
