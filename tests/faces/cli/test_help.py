"""Help texts open with the question they answer and end with exit status and an example; the examples run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from liuhen.faces.cli import speech
from liuhen.faces.cli.speech import Help, commands, help_of, words
from liuhen.ground.findings import table
from tests.faces.cli.called import call
from tests.faces.cli.pages import PAGE, blocks, run

# Commands of other floors run elsewhere: what they need (a server, a database) is not here.
OURS = ("check", "rulebook", "export")
NAMED = [(name, (), help_of(name)) for name in OURS] + [
    (name, (part,), help) for name in OURS for part, help in help_of(name).parts.items()
]
CALLS = [pytest.param(name, part, help, id=" ".join((name, *part))) for name, part, help in NAMED]
BLOCKS = blocks()


@pytest.mark.parametrize(("name", "part", "help"), CALLS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_help_opens_with_its_question_and_ends_with_exit_status_and_example(
    name: str, part: tuple[str, ...], help: Help, language: str
):
    said = call(name, *part, "--help", "--lang", language) if not help.parts else call(name, "--help", language)
    assert said.status == 0
    question = help.question.zh if language == "zh" else help.question.en
    lines = [line for line in said.lines if line.strip()]
    opening = next(i for i, line in enumerate(lines) if line == question)
    assert all("liuhen" in line or line.startswith(" ") for line in lines[:opening])
    ends = words("cli")
    assert lines[-2].startswith((ends["exit"].zh, ends["exit"].en))
    assert lines[-1].startswith((ends["example"].zh, ends["example"].en))
    assert question.endswith(("？", "?"))


@pytest.mark.parametrize(("name", "part", "help"), CALLS)
def test_the_example_of_a_help_text_runs(
    name: str, part: tuple[str, ...], help: Help, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    # What an example writes, it writes here; the official text that one names lies here, as in an office that has it.
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LIUHEN_HOME", str(tmp_path / "home"))
    Path("霸州办法.txt").write_text("".join(f"第{n}条　正文。\n" for n in range(1, 52)), encoding="utf-8")
    assert help.example.startswith(f"liuhen {name}")
    said = run(help.example.removeprefix("liuhen "))
    assert said.status in (0, 1)
    assert said.out
    assert not said.err


@pytest.mark.parametrize(("name", "part", "help"), CALLS)
def test_every_argument_is_explained_in_both_languages(name: str, part: tuple[str, ...], help: Help):
    for text in (help.question, help.exit, *help.arguments.values()):
        assert re.search("[\u4e00-\u9fff]", text.zh)
        assert not re.search("[\u4e00-\u9fff]", text.en)


def test_the_page_shows_every_help_text_as_it_is():
    shown = {line for line, _ in BLOCKS}
    for name, part, _ in NAMED:
        assert " ".join((name, *part, "--help", "--lang en")) in shown


@pytest.mark.parametrize(("line", "output"), BLOCKS, ids=[line for line, _ in BLOCKS])
def test_what_the_page_shows_is_what_the_command_says(line: str, output: str):
    assert run(line).out == output, "python -m tests.faces.cli.pages puts the real output into the page"


def test_every_command_with_a_help_text_has_its_module():
    folder = Path(speech.__file__).parent
    for name in commands():
        for part in help_of(name).parts or [""]:
            assert (folder / f"{name}_{part}.py".replace("_.py", ".py")).is_file()


def test_the_page_lists_every_code_of_usage_of_these_commands():
    listed = re.findall(r"^\| (U-\d{3}) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == sorted(code for code in table() if "U-000" < code < "U-030")  # from U-030 on they belong to rooms
