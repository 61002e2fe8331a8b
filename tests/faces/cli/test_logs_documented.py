"""docs/logs.md: its example is run as it stands, and it names every code.

`python -m tests.faces.cli.test_logs_documented` puts the real output into the page.
"""

from __future__ import annotations

import os
import re
import shlex
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from liuhen.dossier.logs.schema import schema
from liuhen.ground.findings import table
from tests.faces.cli.called import ROOT, Said, call

PAGE = ROOT / "docs" / "logs.md"
TEXT = PAGE.read_text(encoding="utf-8")
FILES = dict(re.findall(r"^```(?:csv|yaml) (\S+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL))
SHOWN = re.compile(r"^```console\n\$ liuhen (.*)\n((?:(?!```).*\n)*)```$", re.MULTILINE)


@contextmanager
def laid_out(folder: Path) -> Iterator[None]:
    """The files of the page in a folder, which is the one worked in."""
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def run(line: str) -> Said:
    return call(*(str(ROOT / a) if a.startswith("tests/") else a for a in shlex.split(line)))


def refresh() -> None:
    with tempfile.TemporaryDirectory() as folder, laid_out(Path(folder)):
        text = SHOWN.sub(lambda m: f"```console\n$ liuhen {m[1]}\n{run(m[1]).out}```", TEXT)
    PAGE.write_text(text, encoding="utf-8")


def test_the_example_says_what_the_page_shows(tmp_path: Path):
    ((line, shown),) = SHOWN.findall(TEXT)
    with laid_out(tmp_path):
        said = run(line)
    assert (said.out, said.err, said.status) == (shown, "", 2)


def test_the_example_is_judged_as_the_page_tells(tmp_path: Path):
    ((line, _),) = SHOWN.findall(TEXT)
    with laid_out(tmp_path):
        rules = {rule["rule"]: rule for rule in run(line.replace("--lang en", "--json")).json["rules"]}
    assert rules["notified-before-surcharge"]["cases"] == ["A1"]
    assert rules["fine-states"]["cases"] == ["A2"]
    assert rules["sent-in-time"]["cases"] == ["A2"]
    assert (rules["sent-in-time"]["excused"], rules["sent-in-time"]["met"]) == (1, 1)
    assert [rules[r]["asked"] for r in ("appeal-passed-on", "result-told", "not-collected-in-court")] == [0, 0, 0]


def test_the_example_keeps_the_form_that_editors_know():
    assert not list(Draft202012Validator(schema()).iter_errors(yaml.safe_load(FILES["fines.map.yaml"])))


def keys() -> set[str]:
    form, parted = schema()["properties"], ("csv", "case", "event")
    return (set(form) - set(parted)) | {f"{key}.{inner}" for key in parted for inner in form[key]["properties"]}


@pytest.mark.parametrize("key", sorted(keys()))
def test_every_key_is_explained(key: str):
    assert f"`{key}`" in TEXT or f"`{key}" in TEXT


def test_every_code_of_logs_is_named():
    named = {f"E-{n:03}" for a, b in re.findall(r"E-(\d{3}) to E-(\d{3})", TEXT) for n in range(int(a), int(b) + 1)}
    named |= set(re.findall(r"E-\d{3}", TEXT))
    assert {code for code in table() if code.startswith("E-")} == named


if __name__ == "__main__":
    refresh()
