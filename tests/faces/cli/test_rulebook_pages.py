"""A regulation reads from top to bottom: in the terminal, and as the pages of docs/rulebooks, which are made from the rules."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from liuhen.engines.rulebook import shipped
from liuhen.faces.cli.rulebook_choice import chosen
from liuhen.faces.cli.rulebook_pages import INDEX, pages, plain
from tests.faces.cli.called import ROOT, call

DOCS = ROOT / "docs" / "rulebooks"
REMAKE = "liuhen rulebook pages docs/rulebooks makes them anew"


def test_show_prints_every_article_and_rule_in_the_order_of_the_text():
    said = call("rulebook", "show", "anshan-legal-review", width=400)
    assert said.status == 0
    found = call("rulebook", "show", "anshan-legal-review", "--json").json
    expected = []
    for article in found["articles"]:
        expected.append(article["asks"]["zh"])
        expected += [text for rule in article["rules"] for text in (rule["title"]["zh"], rule["said"]["asks"]["zh"])]
    here = 0
    for text in expected:
        here = said.out.index(text, here) + 1


def test_show_says_who_by_when_with_which_exceptions_and_what_is_not_decided():
    out = call("rulebook", "show", "anshan-legal-review", "--lang", "en", width=400).out
    assert "Clock: within 7 working days of when it was done; 3 working days more with extension" in out
    assert "Who: legal reviewer" in out
    assert "Entry 1: undecided · purpose: " in out
    assert "Exception: " in call("rulebook", "show", "bazhou", "--lang", "en").out


def test_the_pages_are_made_from_the_rules_as_they_are():
    made = pages([one for id in shipped() for one in chosen(id)], "zh")
    kept = {path.name: path.read_text(encoding="utf-8") for path in DOCS.glob("*.md")}
    assert sorted(kept) == sorted(made), REMAKE
    assert [name for name in made if made[name] != kept[name]] == [], REMAKE


def test_the_list_links_every_page():
    linked = re.findall(r"\]\(([\w-]+\.md)\)", (DOCS / INDEX).read_text(encoding="utf-8"))
    assert linked == [f"{id}.md" for id in shipped()]
    assert "docs/rulebooks" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_one_page_made_anew_leaves_the_others_on_the_list(tmp_path: Path):
    for id in ("qinghe", "bazhou", "qinghe"):
        assert call("rulebook", "pages", tmp_path, id).status == 0
    linked = re.findall(r"\]\(([\w-]+\.md)\)", (tmp_path / INDEX).read_text(encoding="utf-8"))
    assert linked == ["bazhou.md", "qinghe.md"]


def test_pages_are_written_where_one_says(tmp_path: Path):
    said = call("rulebook", "pages", tmp_path / "new", "anshan-legal-review", "--lang", "en", "--json")
    assert said.json["pages"] == [INDEX, "anshan-legal-review.md"]
    text = (tmp_path / "new" / "anshan-legal-review.md").read_text(encoding="utf-8")
    assert text.startswith("# Anshan Natural Resources Bureau")
    assert "**Give the legal review opinion** `opinion-in-time`" in text


def test_a_folder_that_can_not_be_written_to_is_refused(tmp_path: Path):
    (tmp_path / "file").write_text("")
    said = call("rulebook", "pages", tmp_path / "file", "anshan-legal-review")
    assert said.status == 2
    assert said.err.startswith("U-011")


@pytest.mark.parametrize("sign", ["*", "_", "<", "|", "`", "["])
def test_what_markdown_would_read_as_a_sign_stands_as_it_is(sign: str):
    assert plain(f"a{sign}b") == f"a\\{sign}b"
