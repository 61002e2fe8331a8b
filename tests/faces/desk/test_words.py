"""The desk's words: both languages, the same blanks in both, and no page that asks for a word that is not there."""

from __future__ import annotations

import re
import string
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

import liuhen.faces.desk
from liuhen.faces.desk.environment import TEMPLATES, environment
from liuhen.faces.desk.words import words

DESK = Path(liuhen.faces.desk.__file__).parent


def leaves(tree: dict[str, Any], path: str = "") -> list[tuple[str, dict[str, str]]]:
    out = []
    for key, value in tree.items():
        here = f"{path}.{key}" if path else key
        out += [(here, value)] if "zh" in value else leaves(value, here)
    return out


TREE = tomllib.loads(resources.files("liuhen.faces.desk").joinpath("words.toml").read_text(encoding="utf-8"))
LEAVES = leaves(TREE)


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize(("path", "entry"), LEAVES, ids=[p for p, _ in LEAVES])
def test_a_word_stands_in_both_languages_with_the_same_blanks(path: str, entry: dict[str, str]) -> None:
    assert entry["zh"].strip()
    assert entry["en"].strip()
    assert set(entry) <= {"zh", "en", "en_one"}
    if path not in {
        "timeline.month",
        "timeline.year_month",
        "list.on_page",
    }:  # month names and figures differ by language
        assert blanks(entry["zh"]) == blanks(entry["en"])
    if "en_one" in entry:
        assert blanks(entry["en_one"]) <= blanks(entry["en"])


def test_the_wording_is_plain() -> None:
    for path, entry in LEAVES:
        for text in entry.values():
            assert not re.search(r"[!！🙂]|操作失败|系统错误|请注意", text), path


def test_every_word_that_a_template_or_a_module_asks_for_is_there() -> None:
    sources = [*TEMPLATES.rglob("*.jinja")]
    known = {p for p, _ in LEAVES} | {p.rpartition(".")[0] for p, _ in LEAVES}
    missing = []
    for source in sources:
        for path in re.findall(r"\bw\.([a-z_]+\.[a-z_0-9]+(?:\.[a-z_0-9]+)?)", source.read_text(encoding="utf-8")):
            short = ".".join(path.split(".")[:2])
            if path not in known and short not in known:
                missing.append(f"{source.name}: {path}")
    assert missing == []


def test_every_word_is_used() -> None:
    text = "\n".join(f.read_text(encoding="utf-8") for f in [*DESK.rglob("*.py"), *TEMPLATES.rglob("*.jinja")])
    by_name = {
        "status",
        "legend",
        "stage",
        "state",
        "tab.empty",
        "form.link",
        "form.file_role",
        "errors",
        "left",
    }  # looked up by a name of the data
    unused = [
        path
        for path, _ in LEAVES
        if not any(path.startswith(prefix + ".") for prefix in by_name)
        and not re.search(rf"\b{re.escape(path.rpartition('.')[2])}\b", text)
    ]
    assert unused == []


def test_every_template_compiles() -> None:
    for source in TEMPLATES.rglob("*.jinja"):
        environment().get_template(str(source.relative_to(TEMPLATES)))


def test_a_missing_word_is_an_error_and_never_silence() -> None:
    with pytest.raises(AttributeError):
        _ = words("zh").workbench.nothing_like_this


def test_one_is_said_in_the_singular() -> None:
    assert words("en").left.days.said(1) == "1 day left"
    assert words("en").left.days.said(2) == "2 days left"
    assert words("zh").left.days.said(1) == "剩 1 天"
