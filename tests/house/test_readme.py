"""What the README says about commands, settings and the map of the house is so."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

import pytest

from script.floors.house import DATA, FLOORS

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")

COMMANDS = sorted(set(re.findall(r"script/[a-z-]+", README)))
MAP = re.findall(r"^\| (\d?) ?\| `([\w./-]+)` \|", README, re.MULTILINE)
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
