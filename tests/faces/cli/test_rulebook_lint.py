"""`liuhen rulebook lint`: findings with code, place, sentence and next step; a text that can't be read at all is refused."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from liuhen.engines.rulebook import shipped
from tests.faces.cli.called import call

TEXT = "anshan-legal-review"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    return Path(shutil.copytree(shipped()[TEXT], tmp_path / TEXT))


def test_a_text_without_findings_ends_with_0():
    said = call("rulebook", "lint", TEXT)
    assert (said.status, said.lines) == (0, ["鞍山法制审核制度（anshan-legal-review）：没有发现问题"])


def test_a_finding_has_code_place_sentence_and_next_step(outside: Path):
    (outside / "articles/009.yaml").unlink()
    said = call("rulebook", "lint", outside, "--lang", "en", width=300)
    assert said.status == 1
    found = call("rulebook", "lint", outside, "--json").json[TEXT]
    assert {"B-008", "B-108"} <= {f["code"] for f in found}
    (one,) = (f for f in found if f["code"] == "B-108")
    assert one["place"] == f"{TEXT}/rulebook.yaml"
    assert f"  B-108  {one['place']}  Article 9 of 11 has no file." in said.lines
    assert f"         {one['next']['en']}" in said.lines


def test_only_the_laws_that_are_named_stand_above():
    found = call(
        "rulebook", "lint", "bazhou", "--stack", "cn-coercion-2011", "--at", "2022-01-01T00:00+08:00", "--json"
    )
    assert (found.status, found.json) == (0, {"bazhou": []})
    above = call(
        "rulebook", "lint", "--stack", "cn-penalty-2021", "bazhou", "--at", "2022-01-01T00:00+08:00", "--json"
    ).json
    assert {f["code"] for f in above["bazhou"]} == {"B-101"}


def test_whether_a_text_is_in_force_is_asked_of_a_moment():
    said = [
        call("rulebook", "lint", "bazhou", "--stack", "cn-coercion-2011", "--at", at, "--json").json["bazhou"]
        for at in ("2023-09-30T23:59+08:00", "2023-10-01T00:00+08:00")
    ]
    assert [[f["code"] for f in listed] for listed in said] == [[], ["B-106"]]


def test_all_texts_of_the_product_are_looked_through_by_default(monkeypatch: pytest.MonkeyPatch):
    from liuhen.faces.cli import rulebook_lint

    known = {id: path for id, path in shipped().items() if id in (TEXT, "cn-land-2019")}
    monkeypatch.setattr(rulebook_lint, "shipped", lambda: known)
    assert list(call("rulebook", "lint", "--json").json) == [TEXT, "cn-land-2019"]


def test_a_text_that_can_not_be_read_is_refused(outside: Path):
    article = outside / "articles/008.yaml"
    article.write_text(article.read_text(encoding="utf-8").replace("form: response", "form: wish", 1), encoding="utf-8")
    said = call("rulebook", "lint", outside)
    assert said.status == 2
    assert re.match(r"B-006 .*anshan-legal-review/articles/008\.yaml:\d+", said.err)
    assert call("rulebook", "lint", "nowhere").err.startswith("B-021")
