"""Floors 1 to 3 and the commands made of them load where there is no Django and no database."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from script.floors.clocks import DATABASES, FRAMEWORKS, LIBRARY_FLOORS
from script.floors.house import floor
from script.floors.library import COMMANDS, belongs
from script.floors.tree import Tree

TREE = Tree(Path(__file__).resolve().parents[2] / "src" / "liuhen")
LIBRARY = sorted(name for name in TREE.modules if floor(name) in LIBRARY_FLOORS)
FACE = sorted(
    name for name in TREE.modules if any(belongs(name, f"liuhen.faces.cli.{command}") for command in COMMANDS)
)

WITHOUT = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {absent} or name.split(".")[0].startswith("django_"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
for name in sys.argv[1:]:
    __import__(name)
loaded = sorted(name for name in sys.modules if name.startswith("liuhen."))
print(*loaded, sep="\\n")
"""


def load(*modules: str) -> subprocess.CompletedProcess[str]:
    program = WITHOUT.replace("{absent}", repr({*FRAMEWORKS, *DATABASES}))
    return subprocess.run([sys.executable, "-c", program, *modules], capture_output=True, text=True, check=False)


def test_the_library_loads_without_a_framework_and_without_a_database() -> None:
    run = load(*LIBRARY)
    assert run.returncode == 0, run.stderr
    assert set(LIBRARY) <= set(run.stdout.split())


def test_the_commands_of_the_library_load_nothing_above_it() -> None:
    run = load(*FACE)
    assert run.returncode == 0, run.stderr
    higher = [name for name in run.stdout.split() if (floor(name) or 0) > 3 and not name.startswith("liuhen.faces")]
    assert higher == []


@pytest.mark.parametrize("module", ["django.conf", "sqlite3", "django_htmx"])
def test_what_is_absent_here_is_really_absent(module: str) -> None:
    assert "ModuleNotFoundError" in load(module).stderr
