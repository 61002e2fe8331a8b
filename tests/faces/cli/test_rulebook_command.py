"""`liuhen rulebook`: what there is, what it asks, whether it holds, what carries each demand."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from liuhen.engines.rulebook import by_default, shipped
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
    assert "应为 " in said.out
    assert "实为 " in said.out
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
    assert (said.status, said.lines) == (0, ["没有差别。"])


def test_diff_names_rule_and_part_with_before_and_after(outside: Path):
    head = outside / "rulebook.yaml"
    head.write_text(
        head.read_text(encoding="utf-8").replace('version: "2020-12-31"', 'version: "2027-01"'), encoding="utf-8"
    )
    article = outside / "articles/008.yaml"
    text = article.read_text(encoding="utf-8")
    longer = re.sub(r"(extended: .*?amount: )3\b", r"\g<1>4", text, count=1, flags=re.DOTALL)
    assert longer != text
    article.write_text(longer, encoding="utf-8")
    found = call("rulebook", "diff", "anshan-legal-review", outside, "--json").json
    assert [(d["sort"], d["name"], d["part"]) for d in found] == [
        ("head", "version", ""),
        ("rule", "opinion-in-time", "extended"),
    ]
    assert (found[1]["before"]["limit"]["amount"], found[1]["after"]["limit"]["amount"]) == (3, 4)
    said = call("rulebook", "diff", "anshan-legal-review", outside)
    assert said.status == 1
    assert said.lines[-1] == "新增 0，删去 0，改动 2"


def test_diff_names_what_came_and_what_went():
    found = call("rulebook", "diff", "anshan-legal-review", "bazhou", "--json").json
    came = {d["name"] for d in found if d["sort"] == "rule" and d["before"] is None}
    went = {d["name"] for d in found if d["sort"] == "rule" and d["after"] is None}
    assert "questioned-transcript" in came
    assert "opinion-in-time" in went
    assert call("rulebook", "diff", "anshan-legal-review", "bazhou", "--lang", "en").lines[-1].count(",") == 2
