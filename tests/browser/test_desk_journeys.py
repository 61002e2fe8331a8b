"""Journeys of an officer through the desk, in a real browser: what a person does in a day, by mouse, by key and by thumb."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from liuhen.faces.desk import frame
from liuhen.faces.desk.forms.amount import in_capitals
from liuhen.journal.models import RecordRow
from tests.faces.desk.conftest import PASSWORD, account
from tests.faces.desk.test_amounts import CAPITALS
from tests.office import ZONE, Office, data_folder, lasting_office, transactional_db

__all__ = ["data_folder", "lasting_office", "transactional_db"]

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def office(lasting_office: Office) -> Office:
    """A bureau of today: its clock is the browser's, the expired text is applied on."""
    frame.kept.clear()
    lasting_office.now = datetime.now(ZONE).replace(microsecond=0) - timedelta(minutes=5)
    applied = {"rulebook": "bazhou", "from": "2023-10-01", "decided_by": "局长办公会（示例）"}
    lasting_office.take(
        lasting_office.record("rulebook.applied_on", content=applied, by=[lasting_office.by("head", "agency_head")]),
        "head",
    )
    return lasting_office


@pytest.fixture
def case(office: Office) -> str:
    """A case with an inspection, half recorded, and its paper."""
    day = office.now - timedelta(days=6)
    office.now = day.replace(hour=9, minute=0, second=0)
    root = office.open_case(
        "示例罚立〔2026〕17号", title="未经批准擅自占用耕地建设石料堆场案（示例）", party_name="示例云岭石材有限公司"
    )
    start = office.now - timedelta(minutes=100)
    act = office.act(root, "act.inspection", _text(start), _text(start + timedelta(minutes=80))).id
    office.act(
        root,
        "recording.completed",
        _text(start),
        _text(start + timedelta(minutes=50)),
        links={"about": [act]},
        content={"device": "JY-05", "told_at_start": True},
    )
    office.act(root, "onsite_inspection_transcript", _text(office.now - timedelta(minutes=10)), links={"about": [act]})
    office.now = datetime.now(ZONE).replace(microsecond=0) - timedelta(minutes=5)
    return root


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")


@pytest.fixture
def signed_in(office: Office, open_page: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that opens a page in which somebody has signed in by typing name and password."""

    def opened(short: str = "zhang", language: str = "zh", **options: Any) -> Any:
        person = account(office, short)
        if person.language != language:
            person.language = language
            person.save()
        page = open_page(**options)
        page.goto("/sign-in/")
        page.locator("#username").fill(person.username)
        page.locator("#password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"//[^/]+/$"))
        return page

    return opened


def confirmed(page: Any) -> None:
    """Send the form, and confirm what the page warns of."""
    page.locator("[data-submit]").click()
    page.wait_for_load_state()
    if page.locator(".refuse.warn").count():
        page.locator("[data-submit]").click()
        page.wait_for_load_state()


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
    office.act(case, "act.questioning", _text(office.now - timedelta(hours=3)), _text(office.now - timedelta(hours=2)))
    page = signed_in()
    page.get_by_role("link", name=re.compile("待办")).first.click()
    row = page.locator("tr", has_text="制作询问笔录").first
    row.get_by_role("link", name="示例罚立〔2026〕17号").click()
    page.wait_for_url(f"**/cases/{case}/")
    page.evaluate("() => document.querySelectorAll('details.rest').forEach((d) => { d.open = true; })")
    duty = page.locator("li[data-duty]", has_text="制作询问笔录").first
    duty.get_by_role("link", name="登记询问笔录").click()
    page.wait_for_url("**/new/interview_transcript/**")
    assert page.locator("[name='by.name']").first.input_value() == "张示例"
    confirmed(page)
    assert "已登记" in page.locator(".notice.good").inner_text()
    page.get_by_role("link", name="返回案件").click()
    assert page.locator("li[data-duty]:has(.ob-a)", has_text="制作询问笔录").count() == 0


def test_a_wrong_password_says_so_and_keeps_the_name(office: Office, open_page: Any) -> None:
    page = open_page()
    page.goto("/sign-in/")
    page.locator("#username").fill("nobody")
    page.locator("#password").fill("wrong-wrong")
    page.keyboard.press("Enter")
    assert "账号或者密码不对" in page.get_by_role("alert").inner_text()
    assert page.locator("#username").input_value() == "nobody"
    assert page.locator("#password").input_value() == ""


def test_a_refusal_stays_on_the_form_and_is_what_is_read_first(signed_in: Any, office: Office, case: str) -> None:
    office.act(case, "act.hearing", _text(office.now - timedelta(hours=3)), _text(office.now - timedelta(hours=2)))
    page = signed_in()
    page.goto(f"/cases/{case}/new/decision.made/")
    page.locator("[name='c.fine']").fill("128,400")
    assert page.locator("#f-fine-c").inner_text() == "壹拾贰万捌仟肆佰元整"
    page.locator("[data-submit]").click()
    page.wait_for_load_state()
    refusal = page.locator("#refusal")
    assert page.evaluate("document.activeElement.id") == "refusal"
    for said in ("未予登记", "依据", "为何适用", "现在状态", "下一步", "本次提交未写入案卷"):
        assert said in refusal.inner_text()
    assert page.locator("[name='c.fine']").input_value() == "128,400"
    assert not RecordRow.objects.filter(home=case, kind="decision.made").exists()
    refusal.get_by_role("link", name="登记法制审核申请表").click()
    page.wait_for_url("**/new/legal_review_application/**")


def test_two_clicks_store_once(signed_in: Any, case: str) -> None:
    page = signed_in()
    page.goto(f"/cases/{case}/new/investigation.ended/")
    page.evaluate("() => { const b = document.querySelector('[data-submit]'); b.click(); b.click(); }")
    page.wait_for_load_state()
    if page.locator(".refuse.warn").count():
        page.evaluate("() => { const b = document.querySelector('[data-submit]'); b.click(); b.click(); }")
    page.wait_for_url("**/records/**")
    assert RecordRow.objects.filter(home=case, kind="investigation.ended").count() == 1


def test_rows_are_added_and_a_person_of_the_register_brings_the_certificate(signed_in: Any, case: str) -> None:
    page = signed_in()
    page.goto(f"/cases/{case}/new/investigation.ended/")
    rows = page.locator("#f-by [data-row]")
    before = rows.count()
    page.locator("#f-by [data-add]").click()
    assert rows.count() == before + 1
    last = rows.last
    last.locator("[data-person]").fill("李示例 冀010002")
    last.locator("[data-person]").dispatch_event("change")
    assert last.locator("[data-person]").input_value() == "李示例"
    assert last.locator("[data-certificate]").input_value() == "冀010002"


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
    assert "SHA-256" in page.locator(".up").inner_text()
    confirmed(page)
    video = page.locator("video")
    video.evaluate("v => v.readyState >= 1 || new Promise(r => v.addEventListener('loadedmetadata', r))")
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
    assert "以正式文本为准" in note.inner_text()
    assert page.url.endswith(f"/cases/{case}/")
    note.get_by_role("button").click()
    assert page.locator(".said").count() == 0
    assert cite.evaluate("a => document.activeElement === a")
    why = page.locator(".whydate > summary").first
    why.click()
    page.locator(".whydate[open] .steps").first.wait_for()
    assert "起算" in page.locator(".whydate[open]").first.inner_text()


def test_the_lens_opens_and_closes_by_key(signed_in: Any, case: str) -> None:
    page = signed_in()
    page.goto(f"/cases/{case}/")
    page.locator(".tl-box").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.classList.contains('act')")
    page.keyboard.press("Enter")
    page.locator("#lens").wait_for()
    assert "JY-05" in page.locator("#lens").inner_html()
    # the desk's content policy forbids eval, so the wait asks the selector engine and not a script
    page.locator(".tl-box :focus").wait_for()
    page.keyboard.press("Escape")
    page.locator("#lens").wait_for(state="detached")


def test_a_duty_lights_its_clock_and_the_records_that_belong_to_it(signed_in: Any, case: str) -> None:
    page = signed_in()
    page.goto(f"/cases/{case}/")
    duty = page.locator(".obl > li[data-lights]:not([data-lights=''])").first
    duty.hover()
    key = duty.get_attribute("data-duty")
    assert page.locator(f".tl-box [data-duty='{key}'].lit").count() == 1


def test_tabs_change_without_leaving_the_page_and_have_addresses(signed_in: Any, case: str) -> None:
    page = signed_in()
    page.goto(f"/cases/{case}/")
    page.locator(".tabbar").get_by_role("link", name=re.compile("日志")).click()
    page.locator("th", has_text="登记时间").wait_for()
    assert "tab=log" in page.url
    page.reload()
    assert page.locator("th", has_text="登记时间").count() == 1


def test_the_keyboard_reaches_the_content_and_shows_where_it_is(signed_in: Any, case: str) -> None:
    page = signed_in()
    page.goto(f"/cases/{case}/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('main')")
    outline = page.evaluate(
        "getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).outlineWidth"
    )
    assert outline == "solid3px"


def test_without_scripts_every_step_is_still_there(signed_in: Any, case: str) -> None:
    page = signed_in(java_script_enabled=False)
    page.goto(f"/cases/{case}/new/investigation.ended/")
    page.locator("[data-submit]").click()
    if page.locator(".refuse.warn").count():
        page.locator("[data-submit]").click()
    assert "已登记" in page.locator(".notice.good").inner_text()
    page.goto(f"/cases/{case}/")
    page.locator("a.act").first.click()
    assert page.locator("#lens").count() == 1
    page.locator(".obl .cite").first.click()
    assert "/articles/" in page.url


@pytest.mark.parametrize("width", [390, 1280, 1366])
def test_no_page_scrolls_sideways(signed_in: Any, case: str, width: int) -> None:
    page = signed_in(viewport={"width": width, "height": 800})
    for path in (
        "/",
        "/cases/",
        f"/cases/{case}/",
        f"/cases/{case}/?view=table",
        f"/cases/{case}/?tab=log",
        f"/cases/{case}/?tab=deadlines",
        f"/records/{case}/",
        f"/cases/{case}/new/",
        f"/cases/{case}/new/interview_transcript/",
        "/registers/",
        "/preferences/",
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_on_the_phone_the_timeline_is_a_list(signed_in: Any, case: str) -> None:
    page = signed_in(viewport=PHONE)
    page.goto(f"/cases/{case}/")
    assert page.locator(".vtl").is_visible()
    assert not page.locator(".tl-box").is_visible()
    assert "现场检查" in page.locator(".vtl").inner_text()


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
    assert page.get_by_role("heading", name="Duties").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(signed_in: Any, office: Office, case: str, width: int, scheme: str) -> None:
    """WCAG 2.0 to 2.2 A and AA and best practice, on every sort of page."""
    page = signed_in(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(f"/cases/{case}/")
    act = str(page.locator("a.act").first.get_attribute("data-record"))
    paths = [
        "/",
        "/cases/",
        f"/cases/{case}/?act={act}",
        f"/cases/{case}/?view=table",
        f"/cases/{case}/?tab=log",
        f"/records/{case}/",
        f"/cases/{case}/new/",
        f"/cases/{case}/new/interview_transcript/",
        "/registers/",
        "/preferences/",
        "/articles/bazhou/15/",
    ]
    found = []
    for path in paths:
        page.goto(path)
        found += [f"{path}: {line}" for line in _axe(page)]
    page.goto(f"/cases/{case}/new/interview_transcript/")
    page.locator("[name='done.date']").fill("")
    page.locator("[data-submit]").click()
    page.wait_for_load_state()
    found += [f"refusal: {line}" for line in _axe(page)]
    assert found == []


def _axe(page: Any) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    answer = page.evaluate(
        "() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    return [
        f"{v['id']} {v['nodes'][0]['html'][:120]} {v['nodes'][0]['failureSummary'][:160]}" for v in answer["violations"]
    ]


def test_the_capital_figures_of_the_page_are_those_of_the_server(signed_in: Any, case: str) -> None:
    page = signed_in()
    page.goto(f"/cases/{case}/new/decision.made/")
    fine = page.locator("[name='c.fine']")
    for fen, written in CAPITALS:
        if 0 <= fen < 10**15:
            fine.fill(f"{fen // 100}.{fen % 100:02d}")
            assert page.locator("#f-fine-c").inner_text() == written == in_capitals(fen)
