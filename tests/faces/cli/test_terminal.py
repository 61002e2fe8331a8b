"""What a terminal gets to see: columns, folding, and nothing that steers it."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.faces.cli.terminal import Terminal, clean, columns, cut, folded, pad

ANY = st.text(max_size=60)


@pytest.mark.parametrize(
    ("text", "width"), [("", 0), ("abc", 3), ("留痕", 4), ("（示例）", 8), ("●", 1), ("e\u0301", 1), ("〔2026〕", 8)]
)
def test_wide_characters_take_two_columns(text: str, width: int):
    assert columns(text) == width


@given(ANY)
def test_cleaned_text_is_one_printable_line(text: str):
    assert clean(text).isprintable()


@given(ANY, st.integers(1, 40))
def test_cut_text_is_never_too_wide(text: str, width: int):
    assert columns(cut(text, width)) <= width


@given(ANY, st.integers(1, 40))
def test_padded_text_has_exactly_its_width(text: str, width: int):
    assert columns(pad(text, width)) == width


@given(ANY, st.integers(20, 60))
def test_folding_loses_nothing_but_spaces(text: str, width: int):
    assert "".join("".join(folded(text, width)).split()) == "".join(clean(text).split())


@given(st.lists(st.sampled_from(["留痕", "记录，", "（条）", "ab ", "cd。"]), max_size=40), st.integers(20, 60))
def test_folded_lines_fit_and_never_open_with_a_comma(parts: list[str], width: int):
    lines = folded("".join(parts), width, "  ", "    ")
    assert all(columns(line) <= width for line in lines)
    assert not any(line.strip().startswith(("，", "。")) for line in lines[1:])


def test_short_text_stays_as_it_is():
    assert cut("留痕", 4) == "留痕"
    assert cut("留痕记录", 7) == "留痕记…"
    assert folded("留痕", 10, "- ") == ["- 留痕"]


def terminal(colour: bool) -> tuple[Terminal, io.StringIO]:
    out = io.StringIO()
    return Terminal(out, io.StringIO(), colour=colour), out


def test_colour_is_written_only_where_it_is_wanted():
    for colour, text in ((True, "\x1b[31m超期\x1b[0m\n"), (False, "超期\n")):
        speaking, out = terminal(colour)
        speaking.say("超期", "red")
        assert out.getvalue() == text


@pytest.mark.parametrize(
    ("environment", "live", "colour"),
    [({"TERM": "xterm"}, True, True), ({"TERM": "xterm", "NO_COLOR": "1"}, True, False), ({"TERM": "dumb"}, True, False),
     ({"TERM": "xterm"}, False, False), ({}, True, False)],
)  # fmt: skip
def test_no_colour_unless_a_person_looks_and_did_not_decline(
    environment: dict[str, str], live: bool, colour: bool, monkeypatch: pytest.MonkeyPatch
):
    for name in ("TERM", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout.isatty", lambda: live, raising=False)
    assert Terminal.standard([]).colour is colour


@pytest.mark.parametrize(
    ("arguments", "variable", "language"),
    [
        ([], "", "zh"),
        ([], "en", "en"),
        (["--lang", "en"], "", "en"),
        (["--lang=en"], "", "en"),
        (["--lang", "zh"], "en", "zh"),
    ],
)
def test_the_language_is_the_one_asked_for(
    arguments: list[str], variable: str, language: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("LIUHEN_LANG", variable)
    assert Terminal.standard(arguments).language == language
