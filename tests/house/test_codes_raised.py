"""Every finding of the product is raised by a test: how that is watched, and what needs no run to be held."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from liuhen.ground.errors import InvalidRecord, Refused
from liuhen.ground.findings import Finding, table
from liuhen.ground.record import read_record
from liuhen.ground.vocabulary import default
from liuhen.ground.vocabulary.values import check_value
from tests.house import codes_raised

ROOT = Path(__file__).parents[2]
CODE = re.compile(r"\b[A-Z]-\d{3}\b")


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The codes that count from now on."""
    found: list[str] = []
    monkeypatch.setattr(Finding, "__post_init__", codes_raised.noting(found.append))
    return found


def test_what_the_product_refuses_counts(said: list[str]):
    with pytest.raises(InvalidRecord):
        read_record([])
    with pytest.raises(InvalidRecord):
        read_record({"id": "x"})
    assert said[0] == "R-001"
    assert set(said) == {"R-001", "R-002", "R-010"}


def test_what_a_test_says_itself_does_not_count(said: list[str]):
    assert Finding("R-001").code == "R-001"
    assert Refused("R-001").finding.code == "R-001"
    assert InvalidRecord("R-001").finding.code == "R-001"
    assert check_value(default().kinds["decision.made"].fields["fine"], -1) is not None
    assert said == []


def test_what_a_child_without_rights_says_counts(tmp_path: Path):
    """Written down at once, because such a child ends without a word."""
    program = (
        "import os, sys, pathlib; from tests.house.codes_raised import watch, never_raised;"
        "from liuhen.ground.record import read_record\n"
        "watch(pathlib.Path(sys.argv[1]))\n"
        "if os.fork() == 0:\n"
        "    try: read_record([])\n"
        "    finally: os._exit(0)\n"
        "os.wait()\n"
        "missing = never_raised(pathlib.Path(sys.argv[1]))\n"
        "print('R-001' in missing, 'R-002' in missing)"
    )
    run = [sys.executable, "-c", program, str(tmp_path / "codes")]
    said = subprocess.run(run, capture_output=True, text=True, check=True, cwd=ROOT)
    assert said.stdout.split() == ["False", "True"]


def test_a_run_that_leaves_a_code_out_names_it_and_fails(tmp_path: Path):
    every = sorted(table())
    for left_out, status in ((0, 0), (1, 1)):
        (tmp_path / "codes").write_text("\n".join(every[left_out:]) + "\n")
        run = [sys.executable, "-m", "tests.house.codes_raised", str(tmp_path / "codes")]
        said = subprocess.run(run, capture_output=True, text=True, check=False, cwd=ROOT)
        assert said.returncode == status
        assert (every[0] in said.stdout) == bool(left_out)


def test_script_test_asks_at_its_end():
    assert "tests.house.codes_raised" in (ROOT / "script" / "test").read_text(encoding="utf-8")


# -- what stands in the source -------------------------------------------------------------------------------------------


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((ROOT / "src" / "liuhen").rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def texts(tree: ast.Module) -> Iterator[str]:
    return (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str))


def test_the_codes_used_in_the_source_are_those_declared():
    used = {text for _, tree in sources() for text in texts(tree) if CODE.fullmatch(text)}
    assert used == set(table())


def test_every_code_that_a_docstring_or_a_document_names_is_there():
    named = {(path.name, code) for path, tree in sources() for text in texts(tree) for code in CODE.findall(text)}
    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        named |= {(path.name, code) for code in CODE.findall(path.read_text(encoding="utf-8"))}
    assert {(where, code) for where, code in named if code not in table()} == set()


CHINESE = re.compile(r"[\u4e00-\u9fff]")
FIELD = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("code", sorted(table()))
def test_a_finding_says_the_same_in_both_languages(code: str):
    kind = table()[code]
    for words in (kind.sentence, kind.next_step):
        assert CHINESE.search(words.zh) or not CHINESE.sub("", FIELD.sub("", words.zh)).strip()
        assert not CHINESE.search(words.en)
        assert set(FIELD.findall(words.zh)) == set(FIELD.findall(words.en)) <= set(kind.fields)
        assert words.zh.count("{") == len(FIELD.findall(words.zh))


if os.environ.get("LIUHEN_TEST_STAGES"):

    def test_this_run_is_watched():
        with pytest.raises(InvalidRecord):
            read_record([])
        assert "R-001" not in codes_raised.never_raised(Path(os.environ["LIUHEN_TEST_STAGES"]) / "codes")
