"""Every sort of page, in both languages and both sizes of text: it fits, a thumb can press it, and axe finds nothing in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.day import case, office, signed_in, text
from tests.faces.desk.conftest import account
from tests.office import Office, data_folder, lasting_office, transactional_db

__all__ = ["case", "data_folder", "lasting_office", "office", "signed_in", "transactional_db"]

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = {
    "light": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "dark": {"type": "rule", "values": ["color-contrast"]},  # dark is a second set of colours and nothing else
}
SIZES = {"normal": False, "large": True}

OUTSIDE = """() => {
    const wide = document.documentElement.clientWidth;
    const style = (e) => getComputedStyle(e);
    const named = (e) => `${e.localName}.${e.getAttribute('class') || ''} "${e.textContent.trim().slice(0, 24)}"`;
    const cut = [...document.querySelectorAll('body *')].filter((e) => style(e).overflowX !== 'visible');
    const held = (e) => cut.some((c) => c !== e && c.contains(e));
    const said = [];
    for (const e of document.querySelectorAll('body *')) {
        if (!e.checkVisibility() || e.closest('.sprite, .skip, .vh') || held(e)) continue;
        const box = e.getBoundingClientRect();
        const inner = e.ownerSVGElement || style(e).overflowX !== 'visible' ? 0 : e.scrollWidth - e.clientWidth;
        const out = box.width && (box.right > wide + 0.5 || box.left < -0.5);
        if (out) said.push(`${named(e)} ends at ${Math.round(box.right)} of ${wide}`);
        else if (e.clientWidth && inner > 12) said.push(`${named(e)} holds ${e.scrollWidth} in ${e.clientWidth}`);
    }
    const page = document.documentElement.scrollWidth;
    if (page > wide) said.unshift(`the page is ${page} wide`);
    return said.slice(0, 5);
}"""
"""What is wider than its page, or than the place that holds it; boxes that scroll or cut off what they hold are left alone."""

SMALL = """() => {
    const said = [];
    for (const e of document.querySelectorAll('a, button, select, textarea, summary, input:not([type=hidden])')) {
        if (!e.checkVisibility({visibilityProperty: true}) || e.closest('.skip, svg')) continue;
        if (e.matches('a') && getComputedStyle(e).display === 'inline') continue;
        const box = (e.matches('[type=checkbox], [type=radio]') ? e.closest('label') : e).getBoundingClientRect();
        if (box.height > 43.5 && box.width > 43.5) continue;
        said.push(`${e.outerHTML.slice(0, 80)} is ${Math.round(box.width)} by ${Math.round(box.height)}`);
    }
    return said.slice(0, 5);
}"""
"""What is pressed and smaller than 44 px; a link in running text is as high as its line."""


@pytest.fixture
def rich(office: Office, case: str) -> str:
    """The case of `case`, with more owed: among it what is to be found out, and buttons with long names."""
    end = office.now - timedelta(hours=2)
    office.act(case, "act.questioning", text(end - timedelta(hours=1)), text(end))
    office.act(case, "act.hearing", text(end - timedelta(hours=3)), text(end - timedelta(hours=2)))
    act = office.act(case, "service.by_leaving", text(end - timedelta(days=3)), text(end - timedelta(days=3))).id
    # Whether recording was announced is not said: a duty that is to be found out.
    office.act(
        case,
        "recording.completed",
        text(end - timedelta(days=3)),
        text(end - timedelta(days=3) + timedelta(minutes=9)),
        links={"about": [act]},
        content={"device": "JY-05"},
    )
    return case


def walked(page: Any, office: Office, case: str) -> Iterator[str]:
    """Open one page after the other; give the name of each while it is open."""
    for path in (
        "/",
        "/?show=soon",
        "/?show=overdue",
        "/?q=nothing-bears-this-name",
        "/cases/",
        "/cases/?q=nothing-bears-this-name",
        "/cases/new/",
        f"/cases/{case}/",
        f"/cases/{case}/?view=table",
        f"/cases/{case}/?tab=evidence",
        f"/cases/{case}/?tab=footage",
        f"/cases/{case}/?tab=deadlines",
        f"/cases/{case}/?tab=log",
        f"/cases/{case}/new/",
        f"/cases/{case}/new/interview_transcript/",
        f"/cases/{case}/new/recording.completed/",
        f"/cases/{case}/new/decision.made/",
        f"/records/{case}/",
        f"/records/{case}/correct/",
        "/registers/",
        "/registers/?of=person",
        "/preferences/",
        "/articles/bazhou/15/",
        "/cases/nobody-has-this/",
        "/nowhere/",
    ):
        page.goto(path)
        yield path
    page.goto(f"/cases/{case}/")
    lens = page.locator("a.act").first.get_attribute("href")
    why = page.locator("[data-load]").first.get_attribute("data-load")
    record = page.locator(".docs a").first.get_attribute("href")
    for name, path in (
        ("the lens", lens),
        ("why this date", why),
        ("a record", record),
        ("withdraw", f"{record}withdraw/"),
    ):
        page.goto(path)
        yield name
    page.goto(f"/cases/{case}/new/decision.made/")
    page.locator("[data-submit]").click()
    expect(page.locator("#refusal")).to_be_visible()
    yield "a refusal by an article"
    page.goto(f"/cases/{case}/new/interview_transcript/")
    page.locator("[name='done.date']").fill("")
    page.locator("[data-submit]").click()
    expect(page.locator("#refusal")).to_be_visible()
    yield "a refusal by a field"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_scrolls_sideways_and_nothing_sticks_out(
    signed_in: Callable[..., Any], open_page: Any, office: Office, rich: str, width: int, language: str
) -> None:
    view = {"viewport": {"width": width, "height": 844}}
    page = signed_in(language=language, **view)
    person = account(office, "zhang")
    wrong = []
    for size, large in SIZES.items():
        person.large_text = large
        person.save()
        for name in walked(page, office, rich):
            wrong += [f"{name} ({size}): {said}" for said in page.evaluate(OUTSIDE)]
            if width == 390:
                wrong += [f"{name} ({size}): {said}" for said in page.evaluate(SMALL)]
    stranger = open_page(locale="en-GB" if language == "en" else "zh-CN", **view)
    stranger.goto("/sign-in/")
    wrong += [f"signing in: {said}" for said in stranger.evaluate(OUTSIDE)]
    colleague = signed_in("chen", language=language, **view)
    colleague.goto(f"/cases/{rich}/")
    expect(colleague.locator("h1")).to_be_visible()
    wrong += [f"no right to look: {said}" for said in colleague.evaluate(OUTSIDE)]
    assert wrong == []


def test_what_is_too_wide_or_too_small_is_named(page: Any) -> None:
    """The two measures above find what they look for."""
    page.goto("/static/nothing")
    page.set_content(
        "<main><p class='long' style='width: 3000px'>wide</p><button style='height: 20px'>small</button></main>"
    )
    assert any('p.long "wide" ends at' in said for said in page.evaluate(OUTSIDE))
    assert any("small" in said for said in page.evaluate(SMALL))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(signed_in: Callable[..., Any], office: Office, rich: str, width: int, scheme: str) -> None:
    """WCAG 2.0 to 2.2 A and AA and best practice, contrast among them."""
    page = signed_in(viewport={"width": width, "height": 900}, color_scheme=scheme)
    found = []
    for name in walked(page, office, rich):
        found += [f"{name}: {line}" for line in _axe(page, scheme)]
    assert found == []


def _axe(page: Any, scheme: str) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    answer = page.evaluate("(rules) => axe.run(document, {runOnly: rules})", RULES[scheme])
    return [
        f"{v['id']} {v['nodes'][0]['html'][:120]} {v['nodes'][0]['failureSummary'][:160]}" for v in answer["violations"]
    ]
