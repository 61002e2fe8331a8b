"""What the README says about commands, settings and the map of the house is so."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

import pytest

from liuhen.engines.rulebook import load_rulebook, shipped
from liuhen.faces.cli import main
from liuhen.ground.vocabulary import default
from script.floors.house import DATA, FLOORS

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")

COMMANDS = sorted(set(re.findall(r"script/[a-z-]+", README)))
MAP = re.findall(r"^\| (\d?) ?\| `([\w./-]+)` \|", README, re.MULTILINE)
SHOWS = {
    "check samples/footage-after-26-hours": "迟 2 小时",
    "check samples/perfect-case --explain --all": "理由：",
    "rulebook show bazhou 16": "第16条",
}
"""What a reader of the README looks for in what a command says."""
LINES = [line.partition("#")[0].split() for line in README.splitlines() if line.startswith(".venv/")]
LINKS = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_can_be_run(command: str) -> None:
    assert os.access(ROOT / command, os.X_OK)


def test_every_command_is_in_the_readme() -> None:
    programs = {f"script/{path.name}" for path in (ROOT / "script").iterdir() if path.is_file() and not path.suffix}
    assert programs == set(COMMANDS)


def test_the_map_shows_every_floor_with_its_number() -> None:
    assert [(number, path.rpartition("/")[2]) for number, path in MAP if number] == [
        (str(number), floor) for floor, number in FLOORS.items()
    ]


def test_every_folder_of_the_package_is_on_the_map() -> None:
    folders = {
        path.name for path in (ROOT / "src" / "liuhen").iterdir() if path.is_dir() and path.name != "__pycache__"
    }
    assert folders == {path.rpartition("/")[2] for _, path in MAP if path.startswith("src/liuhen/")}
    assert set(FLOORS) | DATA == folders


@pytest.mark.parametrize("line", LINES, ids=lambda line: "-".join(line[1:4]))
def test_a_line_of_the_readme_for_the_command_line_runs(line: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert line[0] == ".venv/bin/liuhen"
    argv = [str(ROOT / part) if part.startswith("samples/") else part for part in line[1:]]
    assert main(argv) in (0, 1)  # 1: something is missing, as the samples tell
    told = capsys.readouterr()
    assert told.out.strip()
    assert not told.err
    assert SHOWS.get(" ".join(line[1:]), "") in told.out


def test_what_is_looked_for_is_looked_for_in_commands_of_the_readme() -> None:
    assert SHOWS.keys() <= {" ".join(line[1:]) for line in LINES}


def test_before_an_audit_the_readme_sets_up_what_it_needs() -> None:
    assert README.index("`script/setup bulk`, then") < README.index("liuhen audit samples`")


def test_the_number_of_requirements_is_that_of_the_shipped_texts() -> None:
    (said,) = re.findall(r"their (\d+) requirements", README)
    own = [load_rulebook(path, default()) for id, path in shipped().items() if not id.startswith("cn-")]
    assert len(own) == 8
    assert int(said) == sum(len(article.entries) for book in own for article in book.articles.values())


@pytest.mark.parametrize("path", [path for _, path in MAP])
def test_a_folder_on_the_map_exists(path: str) -> None:
    assert (ROOT / path).is_dir()


@pytest.mark.parametrize("link", LINKS)
def test_a_link_of_the_readme_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


def test_the_licence_is_the_one_that_the_package_declares() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"SPDX `{project['license']}`" in README
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("木兰宽松许可证， 第2版")
