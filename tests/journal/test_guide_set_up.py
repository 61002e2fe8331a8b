"""The last step of the guides to writing a rulebook: a bureau is judged by the one that was written."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from liuhen.journal.judging import basis
from tests.faces.cli.test_guides import LANGUAGES, steps


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bureau_is_set_up_with_the_rulebook_of_the_guide(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any, db: None
) -> None:
    monkeypatch.chdir(tmp_path)
    settings.LIUHEN_HOME = tmp_path / "home"
    for step in steps(language):
        if step.sort == "yaml" and not step.about.endswith(" wrong"):
            path = tmp_path / step.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step.body, encoding="utf-8")
    (line,) = (step.body.splitlines()[0] for step in steps(language) if step.about == "server")
    program, *arguments = shlex.split(line.removeprefix("$ python -m liuhen.site.manage "))
    call_command(program, *arguments)
    found = basis("qinglan")
    assert [book.id for book in found.stack.rulebooks] == ["qinglan-patrol", "cn-penalty-2021"]
    assert "qinglan_patrol.patrol" in found.stack.vocabulary.kinds
