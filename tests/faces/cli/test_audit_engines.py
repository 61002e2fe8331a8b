"""The engines of `liuhen audit`: what Spark tells is what DuckDB tells; what cannot be used or read is refused by code."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import SimpleNamespace

import pytest

from liuhen.engines.rulebook import read_rulebook
from liuhen.engines.rulebook.bulk import java
from liuhen.faces.cli import audit
from tests.engines.rulebook.small import write_book
from tests.faces.cli.called import SAMPLES, call
from tests.faces.cli.test_audit_command import AT, NAMES, RULES

real_find_spec = importlib.util.find_spec


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(audit, "load_rulebook", read_rulebook)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return write_book(tmp_path / "trial", RULES)


@pytest.fixture
def export(book: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "export"
    assert call("audit", *(SAMPLES / n for n in NAMES), "--rulebook", book, "--export", folder).status == 0
    return folder


def installed(monkeypatch: pytest.MonkeyPatch, is_there: bool) -> None:
    def find(name: str, *more: object) -> object:
        if name == "pyspark":
            return SimpleNamespace() if is_there else None
        return real_find_spec(name, *more)

    monkeypatch.setattr(importlib.util, "find_spec", find)


def test_without_spark_it_says_how_to_get_it(book: Path, monkeypatch: pytest.MonkeyPatch):
    installed(monkeypatch, False)
    said = call("audit", SAMPLES / "perfect-case", "--rulebook", book, "--engine", "spark", "--lang", "en")
    assert said.status == 2
    assert said.err.startswith("U-009")
    assert "pyspark" in said.err
    assert "script/setup spark" in said.err


@pytest.mark.parametrize("master", ["mesos://127.0.0.1:5050", "local[0]", "spark://", "here", ""])
def test_an_address_that_is_none_of_sparks_is_refused(book: Path, monkeypatch: pytest.MonkeyPatch, master: str):
    installed(monkeypatch, True)
    asked = ["--rulebook", book, "--engine", "spark", "--master", master]
    said = call("audit", SAMPLES / "perfect-case", *asked, "--lang", "en")
    assert said.status == 2
    assert said.err.startswith("U-016")
    assert f"{master} is no address of one" in said.err
    assert "--master local[2]" in said.err


def test_without_a_java_it_says_so(book: Path, monkeypatch: pytest.MonkeyPatch):
    installed(monkeypatch, True)
    monkeypatch.setattr(java, "find_java", lambda: None)
    said = call("audit", SAMPLES / "perfect-case", "--rulebook", book, "--engine", "spark", "--lang", "en")
    assert said.status == 2
    assert said.err.startswith("U-016")
    assert "no Java 17 or newer" in said.err


def test_spark_is_not_for_the_journal():
    said = call("audit", "--journal", "--engine", "spark", "--lang", "en")
    assert said.status == 2
    assert said.err.startswith("U-018  --engine spark can't be given together with --journal.")


@pytest.mark.parametrize("name", ["about.json", "part-00000.parquet", "files.parquet", "people.parquet"])
@pytest.mark.parametrize("harm", ["gone", "cut"])
def test_an_export_that_is_not_whole_is_refused(book: Path, export: Path, name: str, harm: str):
    path = export / name
    if harm == "cut":
        path.write_bytes(path.read_bytes()[:-5])
    elif name != "about.json":  # without it the folder is none of --export at all
        path.unlink()
    else:
        path.write_text("{}")
    said = call("audit", export, "--rulebook", book, "--lang", "en")
    assert said.status == 2
    assert said.err.startswith("U-017")
    assert name in said.err
    assert "--export" in said.err


@pytest.mark.spark
def test_spark_tells_what_duckdb_does(book: Path, export: Path, tmp_path: Path):
    asked = ["audit", export, "--rulebook", book, "--at", AT.isoformat(), "--json"]
    one = call(*asked, "--out", tmp_path / "one")
    two = call(*asked, "--out", tmp_path / "two", "--engine", "spark")
    assert one.json["articles"]
    assert two.json == one.json
    assert two.status == one.status
    assert two.err == one.err
    assert {p.name for p in (tmp_path / "two").iterdir()} == {p.name for p in (tmp_path / "one").iterdir()}
    assert (tmp_path / "one" / "audit.json").read_bytes() == (tmp_path / "two" / "audit.json").read_bytes()


@pytest.mark.spark
def test_a_part_that_spark_cannot_read_is_told_by_code(book: Path, export: Path):
    part = export / "part-00000.parquet"
    held = bytearray(part.read_bytes())
    held[8:2000] = bytes(1992)  # what ends the file, and says what is in it, stays
    part.write_bytes(held)
    said = call("audit", export, "--rulebook", book, "--engine", "spark", "--lang", "en")
    assert said.status == 2
    assert said.err.startswith("U-016")
