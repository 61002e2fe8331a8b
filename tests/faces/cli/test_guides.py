"""The guides to writing a rulebook, followed from the first line to the last: every file is written and every command is run."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from liuhen.ground.located import parse
from tests.faces.cli.called import ROOT, call

LANGUAGES = ("zh", "en")
FENCE = re.compile(r"^```(\w+)(?: ([^\n]*))?\n(.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Step:
    """One fence of a guide: what it is (yaml, json, text, console), what stands behind that word, and its body."""

    sort: str
    about: str
    body: str

    @property
    def file(self) -> str:
        return self.about.partition(" ")[0]


@cache
def steps(language: str) -> tuple[Step, ...]:
    text = (ROOT / "docs" / f"guide-rulebook.{language}.md").read_text(encoding="utf-8")
    assert text.count("```") == 2 * len(FENCE.findall(text))
    return tuple(Step(*found) for found in FENCE.findall(text))


def follow(language: str, folder: Path) -> list[str]:
    """Do everything that a guide says; return the commands run."""
    done, mended = [], ""
    for step in steps(language):
        if step.sort == "console":
            line, *shown = step.body.splitlines()
            arguments = shlex.split(line.removeprefix("$ "))
            if step.about == "server":
                continue
            said = call(*arguments[1:])
            assert (line, said.status, said.err if said.status == 0 else "") == (line, int(step.about or 0), "")
            heard = (said.out + said.err).splitlines()
            for expected in shown:
                begins = expected.removesuffix("…")
                found = [h for h in heard if h == expected or (begins != expected and h.startswith(begins))]
                assert (expected, bool(found)) == (expected, True), said
            done.append(line)
            if mended:
                (folder / "qinglan-patrol/articles/004.yaml").write_text(mended, encoding="utf-8")
                mended = ""
            continue
        path = folder / step.file
        path.parent.mkdir(parents=True, exist_ok=True)
        mended = path.read_text(encoding="utf-8") if step.about.endswith(" wrong") else ""
        path.write_text(step.body, encoding="utf-8")
    return done


@pytest.mark.parametrize("language", LANGUAGES)
def test_following_the_guide_gives_what_it_says(language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LIUHEN_HOME", str(tmp_path / "home"))
    done = follow(language, tmp_path)
    assert len(done) == 11
    parts = {shlex.split(line)[3] for line in done if "rulebook" in line.split()[2]}
    assert parts == {"new", "test", "kinds", "schema", "coverage", "attach", "show"}


def test_both_guides_write_the_same_rulebook_and_run_the_same_commands():
    for zh, en in zip(steps("zh"), steps("en"), strict=True):
        assert (zh.sort, zh.about) == (en.sort, en.about)
        if zh.sort == "yaml":
            assert parse(zh.body, "zh") == parse(en.body, "en")
        elif zh.sort == "console":
            assert en.body.splitlines()[0].removesuffix(" --lang en") == zh.body.splitlines()[0]
        else:
            assert zh.body == en.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_names_each_form_and_status_of_the_language(language: str):
    text = (ROOT / "docs" / f"guide-rulebook.{language}.md").read_text(encoding="utf-8")
    for word in ("response", "content", "order", "coverage", "retention", "absence"):
        assert f"`{word}`" in text
    for word in ("met", "due", "overdue", "breached", "excused", "unknown", "none"):
        assert f"`{word}`" in text
    assert json.loads(next(s.body for s in steps(language) if s.sort == "json"))["dossier"] == 1
