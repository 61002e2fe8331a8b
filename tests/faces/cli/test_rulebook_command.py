"""`liuhen rulebook`: what there is, what it asks, whether it holds, what carries each demand."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from liuhen.engines.rulebook import by_default, shipped
from liuhen.engines.rulebook.examples import Expected
from liuhen.faces.cli.example_words import outcome_words
from liuhen.ground.vocabulary import default
from liuhen.ground.words import Words
from tests.faces.cli.called import call

IDS = sorted(shipped())


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A rulebook outside the product."""
    return Path(shutil.copytree(shipped()["anshan-legal-review"], tmp_path / "anshan-legal-review"))


def test_list_names_every_rulebook_with_its_dates():
    said = call("rulebook", "list")
    assert said.status == 0
    assert all(id in said.out for id in IDS)
    assert "2017-07-01 至 2023-09-30" in said.out
    assert [book["id"] for book in call("rulebook", "list", "--json").json] == IDS


def test_list_takes_a_rulebook_outside_the_product(outside: Path):
    assert len(call("rulebook", "list", "--rulebook", outside, "--json").json) == len(IDS) + 1


@pytest.mark.parametrize("id", by_default())
def test_show_names_every_article(id: str):
    said = call("rulebook", "show", id, "--json")
    assert said.status == 0
    text = call("rulebook", "show", id, "--lang", "en", width=400).out
    assert all(article["asks"]["en"] in text for article in said.json["articles"])


@pytest.mark.parametrize("written", ["8", "08", "第8条"])
def test_show_of_an_article_names_its_entries_and_rules(written: str):
    said = call("rulebook", "show", "anshan-legal-review", written)
    assert said.status == 0
    assert "出具法制审核意见  opinion-in-time" in said.out
    assert re.search(r"8b +自动 · 规则中的条款 opinion-in-time\.extended", said.out)
    assert "时限：自办理之时起7个工作日内；有" in said.out


def test_show_of_an_article_as_json():
    article = call("rulebook", "show", "anshan-legal-review", "8", "--json").json
    assert article["article"] == "8"
    assert {entry["no"] for entry in article["entries"]} == {"8", "8b"}
    assert article["rules"][0]["said"]["who"] == {"zh": "法制审核人员", "en": "legal reviewer"}


@pytest.mark.parametrize("id", by_default())
def test_the_examples_of_a_shipped_rulebook_hold(id: str):
    said = call("rulebook", "test", id)
    assert said.status == 0
    assert re.search(rf"{id}：\d+ 个示例，0 个不符", said.out)


def test_an_example_that_fails_is_told_with_file_and_line(outside: Path):
    article = outside / "articles/008.yaml"
    text = article.read_text(encoding="utf-8")
    assert "amount: 7" in text
    article.write_text(text.replace("amount: 7", "amount: 6", 1), encoding="utf-8")
    said = call("rulebook", "test", outside)
    assert said.status == 1
    assert re.search(r"anshan-legal-review/articles/008\.yaml:\d+  anshan-legal-review/opinion-in-time", said.out)
    assert "    应为 已履行" in said.lines
    assert any(line.startswith("    实为 已履行，迟 1 个工作日") for line in said.lines), said.lines
    english = call("rulebook", "test", outside, "--lang", "en")
    assert "    expected met" in english.lines
    for lines in (said.lines, english.lines):
        assert not any(set("[]'") & set(line) for line in lines if line.startswith("    "))
    results = call("rulebook", "test", outside, "--json").json["anshan-legal-review"]
    assert any(not result["ok"] for result in results)


def test_a_rulebook_with_a_fault_is_refused_with_file_and_line(outside: Path):
    article = outside / "articles/008.yaml"
    article.write_text(article.read_text(encoding="utf-8").replace("form: response", "form: wish", 1), encoding="utf-8")
    said = call("rulebook", "test", outside)
    assert said.status == 2
    assert re.match(r"B-006 .*anshan-legal-review/articles/008\.yaml:\d+", said.err)


@pytest.mark.parametrize("id", IDS)
def test_coverage_counts_every_entry_and_names_its_carrier(id: str):
    (found,) = call("rulebook", "coverage", id, "--json").json
    assert found["entries"] == found["automatic"] + found["attested"] + found["undecided"] == len(found["rows"])
    assert found["missing"] == 0
    assert all(row["carrier"] or row["why"] for row in found["rows"])
    said = call("rulebook", "coverage", id)
    assert said.status == 0
    assert re.search(rf"^{id} +{found['articles']} +{found['entries']} ", said.lines[-1])
    words_of_lines = {word for line in said.lines for word in line.split()[:2]}
    assert {row["no"] for row in found["rows"]} <= words_of_lines


def test_coverage_of_all_counts_each():
    said = call("rulebook", "coverage", "--lang", "en")
    assert said.status == 0
    assert [line.split()[0] for line in said.lines[-len(IDS) :]] == IDS


def test_a_rulebook_does_not_differ_from_its_copy(outside: Path):
    said = call("rulebook", "diff", "anshan-legal-review", outside)
    assert said.status == 0
    assert re.fullmatch(r"没有差别：\d+ 项义务相同。", said.lines[0])
    assert call("rulebook", "diff", "anshan-legal-review", outside, "--json").json["differences"] == []


def test_diff_names_the_duty_that_became_looser_with_what_it_said_and_says(outside: Path):
    article = outside / "articles/008.yaml"
    text = article.read_text(encoding="utf-8")
    longer = re.sub(r"(extended: .*?amount: )3\b", r"\g<1>4", text, count=1, flags=re.DOTALL)
    assert longer != text
    article.write_text(longer, encoding="utf-8")
    found = call("rulebook", "diff", "anshan-legal-review", outside, "--json").json
    (one,) = found["differences"]
    assert (one["sorts"], one["before"]["rule"], one["after"]["article"]) == (
        ["looser"],
        "anshan-legal-review/opinion-in-time",
        "8",
    )
    (change,) = one["changes"]
    assert change["aspect"] == "clock"
    assert "3 working days more" in change["before"]["en"]
    assert "4 working days more" in change["after"]["en"]
    said = call("rulebook", "diff", "anshan-legal-review", outside)
    assert said.status == 1
    assert said.lines[0] == "后者更宽（1）"
    assert said.lines[-1].startswith(f"相同 {found['same']}  后者更宽 1")


def test_diff_of_two_texts_puts_the_same_duty_side_by_side():
    found = call("rulebook", "diff", "bazhou", "quyuan", "--json").json
    sides = {(d["before"] or {}).get("rule"): (d["after"] or {}).get("rule") for d in found["differences"]}
    assert sides["bazhou/demand-before-court"] == "quyuan/demand-first"
    assert sides["bazhou/draw-recorded"] is None
    lines = call("rulebook", "diff", "bazhou", "quyuan", "--lang", "en").lines
    assert any(line.startswith("only in the second (") for line in lines)
    assert sum(found["counts"][sort] for sort in ("only_first", "only_second")) > 0


def test_show_takes_the_number_of_an_entry_as_coverage_gives_it():
    assert call("rulebook", "show", "qinghe", "9.3").out == call("rulebook", "show", "qinghe", "9").out
    refused = call("rulebook", "show", "qinghe", "9.99")
    assert (refused.status, refused.out) == (2, "")
    assert "U-007" in refused.err


@pytest.mark.parametrize(
    ("book", "article", "title"),
    [
        ("anshan-publicity", "9", "“二十个工作日内公示决定”（鞍山公示办法第9条）"),
        ("anshan-bodycam", "13", "“经批准方可查阅复制”（鞍山记录办法第27条）"),
    ],
)
def test_a_rule_whose_place_another_takes_is_named_by_title_and_article(book: str, article: str, title: str):
    said = call("rulebook", "show", book, article, width=200).out
    assert title in said
    assert "代替规则published" not in said


def test_the_outcome_of_an_example_is_said_as_check_says_it():
    late = Expected("met", late=(2, "working_days"), missing=frozenset({"decision.made", "approver|reason", "x"}))
    open_ = Expected("due", due="2026-03-17T09:30:00+08:00", asks=frozenset({"reason"}), flags=("paused",), note="x")
    said = outcome_words([late, open_], "", default(), {"x": Words("甲", "a")})
    first, second = said.zh.split("；")
    assert first == "已履行，迟 2 个工作日，缺：批准人或理由、作出决定、甲"
    assert second == "待履行，届满 2026-03-17 09:30，待答：理由，停算中，x"
    for duties, otherwise, zh in (
        ([Expected("met", missing=frozenset())], "", "已履行，什么都不缺"),
        ([Expected("none")], "", "没有应办事项"),
        ([], "refused", "拒绝"),
        ([], "accepted", "接受"),
        ([], "allowed", "准许"),
        ([], "lists 2", "列出 2 项"),
    ):
        assert outcome_words(duties, otherwise, default()).zh == zh
