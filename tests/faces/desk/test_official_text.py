"""The official text on the page of an article: beside our own words where the office attached one, never more than text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from liuhen.engines.rulebook.official import keep, read_official
from liuhen.journal import folders
from tests.office import Office

Desk = Callable[..., Client]
PAGES = ("/articles/bazhou/15/", "/articles/bazhou/15/?part=1")


def attach(tmp_path: Path, body: str) -> None:
    path = tmp_path / "<i>办法.txt"
    path.write_text(f"第十四条　前\n第十五条　{body}\n第十六条　后\n", encoding="utf-8")
    keep(folders.home(), read_official(path, "bazhou", datetime(2026, 11, 21, tzinfo=UTC)), replace=True)


@pytest.fixture(autouse=True)
def nothing_left(office: Office) -> Iterator[None]:
    yield
    (folders.home() / "texts" / "bazhou.json").unlink(missing_ok=True)


@pytest.mark.django_db
class TestOfficialText:
    @pytest.mark.parametrize("page", PAGES)
    def test_it_stands_beside_our_words_with_file_and_day(self, desk: Desk, tmp_path: Path, page: str) -> None:
        before = desk("zhang").get(page).content.decode()
        assert "正式文本</h" not in before
        attach(tmp_path, "甲。\n乙。")
        shown = desk("zhang").get(page).content.decode()
        assert "<p>甲。</p>" in shown
        assert "<p>乙。</p>" in shown
        assert "2026-11-21" in shown
        assert "<p>后</p>" not in shown

    @pytest.mark.parametrize("page", PAGES)
    def test_hostile_text_is_text(self, desk: Desk, tmp_path: Path, page: str) -> None:
        attach(tmp_path, "<script>alert(1)</script>{{ 7*7 }}")
        shown = desk("zhang").get(page).content.decode()
        assert "<script>alert" not in shown
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in shown
        assert "&lt;i&gt;办法.txt" in shown

    def test_a_text_without_end_is_cut(self, desk: Desk, tmp_path: Path) -> None:
        attach(tmp_path, "长" * 30_000)
        shown = desk("zhang").get(PAGES[0]).content.decode()
        assert "长" * 20_000 + "…" in shown
        assert "长" * 20_001 not in shown

    def test_an_article_that_the_text_lacks_shows_our_words_alone(self, desk: Desk, tmp_path: Path) -> None:
        attach(tmp_path, "甲。")
        assert "正式文本</h" not in desk("zhang").get("/articles/bazhou/17/").content.decode()

    def test_a_text_that_was_spoilt_is_said_and_the_page_stands(self, desk: Desk, tmp_path: Path) -> None:
        attach(tmp_path, "甲。")
        (folders.home() / "texts" / "bazhou.json").write_text("{")
        answer = desk("zhang").get(PAGES[0])
        assert answer.status_code == 200
        assert "--replace" in answer.content.decode()
