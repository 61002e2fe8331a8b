"""`liuhen rulebook replay`: a draft over past cases, from dossiers, from an export, and what is refused."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from liuhen.engines.rulebook import shipped
from tests.faces.cli.called import SAMPLES, Said, call

AT = "2026-04-20T09:00+08:00"
SEVERAL = [SAMPLES / name for name in ("review-clock", "perfect-case", "unit-year-without-plan")]
TEXT = "anshan-legal-review"


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """The review has three working days instead of seven; examples are still those of seven."""
    folder = Path(shutil.copytree(shipped()[TEXT], tmp_path / TEXT))
    article = folder / "articles/008.yaml"
    text = article.read_text(encoding="utf-8")
    article.write_text(re.sub(r"amount: 7\b", "amount: 3", text, count=1), encoding="utf-8")
    assert article.read_text(encoding="utf-8") != text
    return folder


def replayed(draft: Path | str, *more: Any, against: str = TEXT) -> Said:
    return call("rulebook", "replay", draft, "--against", against, *more, "--at", AT)


def test_a_shorter_clock_shows_which_cases_would_have_been_late(draft: Path):
    said = replayed(draft, *SEVERAL, "--json")
    assert said.status == 1
    (one,) = said.json["findings"]
    assert (one["sort"], one["file"], one["rule"]) == ("appears", "review-clock", f"{TEXT}/opinion-in-time")
    assert one["before"]["status"] == "met"
    assert one["before"]["late"] is None
    assert one["after"]["late"]["unit"] == "working_days"
    assert said.json["changed_files"] == ["review-clock"]
    assert said.json["faults"]["after"] == said.json["faults"]["before"] + 1


def test_one_screen_says_what_appears_and_in_which_files(draft: Path):
    said = replayed(draft, *SEVERAL, "--lang", "en")
    assert said.status == 1
    assert "findings that appear: 1, in 1 files" in said.lines
    assert any("Give the legal review opinion" in line and "review-clock" in line for line in said.lines)
    assert len(said.lines) <= 24


def test_the_moment_stands_as_check_writes_it(draft: Path):
    for language, of in (("zh", "截至 "), ("en", "as of ")):
        replay = replayed(draft, SAMPLES / "review-clock", "--lang", language).lines
        check = call("check", SAMPLES / "review-clock", "--at", AT, "--lang", language).out
        assert any(line.endswith(f"{of}2026-04-20 09:00") for line in replay)
        assert "2026-04-20 09:00" in check


def test_the_same_text_changes_nothing_and_ends_with_0():
    said = replayed(TEXT, SAMPLES / "review-clock")
    assert said.status == 0
    assert "没有一卷的结果有变化。" in said.lines


def test_cases_may_stand_before_and_after_the_options():
    given = ("rulebook", "replay", TEXT)
    cases = (SAMPLES / "review-clock", SAMPLES / "perfect-case")
    before = call(*given, *cases, "--against", TEXT, "--at", AT, "--json").json
    after = call(*given, "--against", TEXT, "--at", AT, "--json", *cases).json
    assert before == after
    assert before["files"] >= 2


def test_a_text_that_asks_for_the_same_beside_both_keeps_the_finding():
    alone = replayed("cn-land-2019", SAMPLES / "review-clock", "--json", against=TEXT).json
    beside = replayed("cn-land-2019", SAMPLES / "review-clock", "--beside", TEXT, "--json", against=TEXT).json
    assert beside["findings"] == []
    assert beside["faults"]["before"] == beside["faults"]["after"]
    assert alone["draft"]["id"] == "cn-land-2019"


def test_storage_is_reckoned_from_the_rate_given_or_from_the_recordings():
    given = replayed("bazhou", SAMPLES, "--gb-per-hour", "1.5", "--json", against="anshan-recording").json
    assert given["recording"]["whole"]["hours_at_most"] > 0
    assert given["storage"]["source"] == "given"
    hours = given["recording"]["whole"]["hours_at_most"]
    assert given["storage"]["whole_bytes_at_most"] == pytest.approx(hours * 1.5e9, rel=0.01)
    own = replayed("bazhou", SAMPLES, "--json", against="anshan-recording").json["storage"]
    assert own["source"] == "recordings"
    assert own["bytes_per_hour"] == pytest.approx(own["from"]["bytes"] / own["from"]["hours"], rel=0.01)


def test_without_a_size_it_says_that_storage_cannot_be_told():
    said = replayed("bazhou", SAMPLES / "inspection-without-recording", "--lang", "en", against=TEXT)
    assert any(line.startswith("more storage: can't be told") for line in said.lines)


def test_an_export_gives_the_same_as_its_dossiers(draft: Path, tmp_path: Path):
    wrote = call("audit", *SEVERAL, "--at", AT, "--rulebook", TEXT, "--export", tmp_path / "export", "--json")
    assert wrote.status == 0
    told = [replayed(draft, *paths, "--json").json for paths in (SEVERAL, [tmp_path / "export"])]
    assert told[0] == told[1]
    assert told[0]["findings"] != []


def test_an_export_that_is_none_is_refused(tmp_path: Path):
    (tmp_path / "about.json").write_text("{}")
    said = replayed(TEXT, tmp_path)
    assert said.status == 2
    assert said.err.startswith("U-012")


def test_an_export_says_which_library_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "about.json").write_text("{}")
    for name in ("pyarrow", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, name, None)
    said = replayed(TEXT, tmp_path)
    assert said.status == 2
    assert said.err.startswith("U-009")


@pytest.mark.parametrize("value", ["0", "-1", "much", "1e3", "٣"])
def test_a_size_that_is_none_is_refused(value: str):
    said = replayed(TEXT, SAMPLES / "review-clock", f"--gb-per-hour={value}")
    assert said.status == 2
    assert said.err.startswith("U-013")


def test_a_folder_without_cases_and_a_text_that_is_not_there_are_refused(tmp_path: Path):
    assert replayed(TEXT, tmp_path).err.startswith("D-001")
    assert replayed(TEXT, SAMPLES / "review-clock", against="nowhere").err.startswith("B-021")
    assert call("rulebook", "replay", TEXT, SAMPLES / "review-clock").err.startswith("U-003")
