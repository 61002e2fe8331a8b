"""`liuhen rulebook attach`: the official text beside our own words, in this office alone; what is odd in it is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faces.cli.called import Said, call

ARTICLES = "".join(f"第{n}条　正文之{n}。\n" for n in range(1, 12))


@pytest.fixture
def text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIUHEN_HOME", str(tmp_path / "home"))
    path = tmp_path / "制度.txt"
    path.write_text(ARTICLES, encoding="utf-8")
    return path


def attach(*arguments: object) -> Said:
    return call("rulebook", "attach", "anshan-legal-review", *map(str, arguments))


def test_a_sound_text_is_attached_and_shown_beside_our_words(text: Path):
    before = call("rulebook", "show", "anshan-legal-review", "8")
    said = attach(text)
    assert (said.status, said.err) == (0, "")
    assert "11 条" in said.lines[0]
    shown = call("rulebook", "show", "anshan-legal-review", "8")
    assert "  正文之8。" in shown.lines
    assert "正文之7" not in shown.out
    assert next(line for line in shown.lines if line not in before.lines).startswith("正式文本（制度.txt，")
    official = call("rulebook", "show", "anshan-legal-review", "8", "--json").json["official"]
    assert [a["text"] for a in official["articles"]] == ["正文之8。"]


def test_an_office_without_the_text_shows_our_words_alone(text: Path):
    assert "正式文本" not in call("rulebook", "show", "anshan-legal-review", "8").out
    assert "official" not in call("rulebook", "show", "anshan-legal-review", "8", "--json").json


def test_a_file_that_is_not_there_is_not_to_be_saved_as_something_else(text: Path):
    for none in (text.parent / "nosuch.pdf", text.parent):
        said = attach(none)
        assert (said.status, said.err[:5]) == (2, "B-061")
        assert f"“{none}”" in said.err
        assert "另存为" not in said.err
    assert attach(text).status == 0


def test_gaps_are_said_with_their_codes_and_the_text_is_kept(text: Path):
    text.write_text(ARTICLES.replace("第3条", "第12条"), encoding="utf-8")
    said = attach(text)
    assert said.status == 1
    assert [line[:5] for line in said.lines if line.startswith("B-")] == ["B-050", "B-052", "B-053"]
    assert "没有这一条" in call("rulebook", "show", "anshan-legal-review", "3").out


def test_of_several_texts_in_one_file_none_is_guessed(text: Path):
    text.write_text(ARTICLES.replace("正文", "前文") + "又一办法\n" + ARTICLES, encoding="utf-8")
    said = attach(text)
    assert (said.status, said.err[:5]) == (2, "B-051")
    assert "--from-line" in said.err
    assert "正式文本" not in call("rulebook", "show", "anshan-legal-review", "8").out
    # One line more than the second text is already one article of the first.
    assert attach(text, "--from-line", 11).status == 2
    assert attach(text, "--from-line", 12).status == 0
    assert "正文之8。" in call("rulebook", "show", "anshan-legal-review", "8").out
    official = call("rulebook", "show", "anshan-legal-review", "8", "--json").json["official"]
    assert [a["line"] for a in official["articles"]] == [20]
    assert attach(text, "--to-line", 12, "--replace").status == 0
    assert "前文之8。" in call("rulebook", "show", "anshan-legal-review", "8").out
    assert attach(text, "--to-line", 13, "--replace").err[:5] == "B-051"


@pytest.mark.parametrize("option", ["--from-line", "--to-line"])
def test_a_line_that_is_no_number_is_refused(text: Path, option: str):
    assert attach(text, option, "0").err[:5] == "U-004"
    assert attach(text, option, "1").status in (0, 1)


def test_it_is_replaced_when_asked_to_and_withdrawn(text: Path):
    attach(text)
    assert (attach(text).status, attach(text).err[:5]) == (2, "B-057")
    assert attach(text, "--replace", "--json").json["findings"] == []
    assert attach("--withdraw").status == 0
    assert "正式文本" not in call("rulebook", "show", "anshan-legal-review", "8").out
    assert (attach("--withdraw").status, attach("--withdraw").err[:5]) == (2, "B-058")


def test_what_is_hostile_in_a_text_never_reaches_the_terminal(text: Path):
    text.write_text(ARTICLES.replace("正文之8。", "\u202e反\u200b<b>\u2028"), encoding="utf-8")
    attach(text)
    shown = call("rulebook", "show", "anshan-legal-review", "8").out
    assert not set("\u202e\u200b\u2028") & set(shown)
    assert "<b>" in shown


def test_a_very_long_article_is_cut(text: Path):
    text.write_text(ARTICLES.replace("正文之8。", "\n".join(["长"] * 5_000)), encoding="utf-8")
    attach(text)
    assert len(call("rulebook", "show", "anshan-legal-review", "8").lines) < 300


@pytest.mark.parametrize(("arguments", "code"), [((), "U-003"), (("nowhere.txt",), "B-061")])
def test_nothing_to_attach_is_refused(text: Path, arguments: tuple[str, ...], code: str):
    said = attach(*arguments)
    assert (said.status, said.err[:5]) == (2, code)


def test_a_text_that_was_spoilt_in_the_data_folder_is_said(text: Path):
    attach(text)
    (text.parent / "home" / "texts" / "anshan-legal-review.json").write_text("{", encoding="utf-8")
    said = call("rulebook", "show", "anshan-legal-review", "8")
    assert (said.status, said.err[:5]) == (2, "B-059")
    assert attach(text, "--replace").status == 0
