"""A rulebook folder made by someone who means ill, or by a slip: refused with a code, never a crash, never a long wait."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from time import process_time
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from liuhen.engines.rulebook import load_rulebook, run_examples, shipped, vocabulary_for
from liuhen.ground.errors import Refused
from liuhen.ground.findings import Finding
from liuhen.ground.located import Block, read
from liuhen.ground.vocabulary import default, load
from tests.engines.rulebook.small import KINDS, calendar
from tests.engines.rulebook.test_refusals import FIRST, HEAD, SECOND, write


def code(path: Path) -> str:
    with pytest.raises(Refused) as found:
        load_rulebook(path, vocabulary_for([path], default()))
    return found.value.finding.code


ARTICLE: list[tuple[str, str, Callable[[Path], object]]] = [
    ("Y-001", "GBK", lambda f: f.write_bytes(FIRST.encode("gbk"))),
    ("Y-001", "UTF-16", lambda f: f.write_bytes(FIRST.encode("utf-16"))),
    ("Y-001", "a folder in its place", lambda f: (f.unlink(), f.mkdir())),
    ("Y-001", "a link to itself", lambda f: (f.unlink(), f.symlink_to(f))),
    ("Y-001", "a link to nowhere", lambda f: (f.unlink(), f.symlink_to(f.parent / "nowhere"))),
    ("Y-001", "a pipe", lambda f: (f.unlink(), os.mkfifo(f))),
    ("Y-001", "a device", lambda f: (f.unlink(), f.symlink_to("/dev/zero"))),
    ("Y-002", "truncated", lambda f: f.write_text(FIRST[: FIRST.rindex("amount")])),
    ("Y-002", "control characters", lambda f: f.write_bytes(b"article: \x00\x01")),
    ("Y-002", "nested a thousand deep", lambda f: f.write_text("a: " + "[" * 1000 + "]" * 1000)),
    ("Y-002", "nested deeper than the stack", lambda f: f.write_text("a: " + "{b: " * 200_000)),
    ("Y-002", "a key that is a list", lambda f: f.write_text("? [a, b]\n: c\n")),
    ("Y-003", "a key twice", lambda f: f.write_text(FIRST + "asks: {zh: 又, en: Again.}\n")),
    ("Y-004", "an anchor and its alias", lambda f: f.write_text("article: &a 1\nasks: *a\n")),
    ("Y-004", "a thousand million laughs", lambda f: f.write_text("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n")),
    ("Y-004", "a Python object", lambda f: f.write_text("article: !!python/object/apply:os.system [true]\n")),
    ("Y-005", "ten megabytes", lambda f: f.write_text("x" * 10_000_000)),
    ("B-003", "a list", lambda f: f.write_text("[a, b]\n")),
    ("B-003", "nothing", lambda f: f.write_text("")),
    ("B-003", "a number of 5000 digits", lambda f: f.write_text(FIRST.replace("amount: 3", "amount: " + "9" * 5000))),
    ("B-003", "an amount beyond all calendars", lambda f: f.write_text(FIRST.replace("amount: 3", "amount: 999999999"))),
]  # fmt: skip


@pytest.mark.parametrize(("expected", "what", "spoil"), ARTICLE, ids=[what for _, what, _ in ARTICLE])
def test_a_hostile_article_is_refused(tmp_path: Path, expected: str, what: str, spoil: Callable[[Path], object]):
    path = write(tmp_path)
    spoil(path / "articles" / "001.yaml")
    began = process_time()
    assert code(path) == expected
    assert process_time() - began < 5


@pytest.mark.parametrize(
    ("expected", "spoil"),
    [
        ("Y-001", lambda f: f.write_bytes(HEAD.encode("gbk"))),
        ("Y-003", lambda f: f.write_text(HEAD + "articles: 3\n")),
        ("B-007", lambda f: f.unlink()),
        ("B-007", lambda f: (f.unlink(), f.symlink_to(f))),
        ("B-007", lambda f: (f.unlink(), f.mkdir())),
        ("B-003", lambda f: f.write_text("- a list\n")),
    ],
)
def test_a_hostile_head_is_refused(tmp_path: Path, expected: str, spoil: Callable[[Path], object]):
    path = write(tmp_path)
    spoil(path / "rulebook.yaml")
    assert code(path) == expected


def test_a_folder_that_leads_into_itself_is_read_once(tmp_path: Path):
    path = write(tmp_path)
    (path / "articles" / "again").symlink_to(path)
    (path / "kinds" / "again").symlink_to(path)
    assert len(load_rulebook(path, vocabulary_for([path], default())).articles) == 2


def test_an_articles_folder_that_is_a_link_to_itself_holds_no_article(tmp_path: Path):
    path = write(tmp_path)
    shutil.rmtree(path / "articles")
    (path / "articles").symlink_to(path / "articles")
    assert code(path) in ("B-008", "Y-001")


def kinds_code(path: Path, text: str) -> str:
    (path / "kinds" / "trial.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as found:
        vocabulary_for([path], default())
    assert found.value.finding.fields.get("at", "sound/kinds/trial.yaml").startswith("sound/kinds/trial.yaml")
    return found.value.finding.code


def test_a_kinds_file_cannot_redefine_a_known_kind(tmp_path: Path):
    text = KINDS.read_text(encoding="utf-8").replace("kind: trial.act", "kind: case.opened", 1)
    assert kinds_code(write(tmp_path), text) == "V-103"


def test_a_kinds_file_that_is_none_is_refused(tmp_path: Path):
    path = write(tmp_path)
    assert kinds_code(path, "a: b\n") == "V-106"
    assert kinds_code(path, "- a\n- b\n") == "V-106"
    assert kinds_code(path, "- &a {kind: x}\n- *a\n") == "Y-004"


# -- any one value replaced by junk --------------------------------------------------------------------------------------

JUNK: list[Any] = [
    None, 5, -1, 0, "", "x", "1.5", "2026-13-01", "y" * 600, True, False, 10**30, 10**15, [], {}, [[]], [None], [5], {"a": "b"},
    {"kind": "case.opened"}, [{"a": [1]}], {"zh": "a", "en": "b"}, "\ud7ff\ue000\U0001f600", {"group": []}, {"setting": {}},
]  # fmt: skip


def plain(tree: Any) -> Any:
    if isinstance(tree, Block):
        return {k: plain(v) for k, v in tree.items()}
    return [plain(v) for v in tree] if isinstance(tree, list) else tree


def places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path] + [p for key, value in items for p in places(value, (*path, key))]


def put(tree: Any, path: tuple[Any, ...], junk: Any) -> Any:
    if not path:
        return junk
    key, *rest = path
    if isinstance(tree, dict):
        return {k: put(v, tuple(rest), junk) if k == key else v for k, v in tree.items()}
    return [put(v, tuple(rest), junk) if n == key else v for n, v in enumerate(tree)]


def finding_of(work: Callable[[], object]) -> Finding | None:
    try:
        work()
    except Refused as refused:
        return refused.finding
    return None


def said(finding: Finding) -> bool:
    return all(finding.sentence(language) and finding.next_step(language) for language in ("zh", "en"))


@cache
def trees(source: Path) -> dict[str, Any]:
    """The files of a rulebook as plain values."""
    files = [source / "rulebook.yaml", *sorted((source / "articles").glob("*.yaml"))]
    return {str(f.relative_to(source)): plain(read(f)) for f in files}


def spoil_one(data: st.DataObject, source: Path, folder: Path) -> Path:
    """Copy a rulebook and put junk into one place of it."""
    name = data.draw(st.sampled_from(sorted(trees(source))))
    tree = trees(source)[name]
    place = data.draw(st.sampled_from(places(tree)))
    path = folder / source.name
    shutil.copytree(source, path)
    spoilt = put(tree, place, data.draw(st.sampled_from(JUNK)))
    (path / name).write_text(yaml.safe_dump(spoilt, allow_unicode=True), encoding="utf-8")
    return path


def use(path: Path) -> None:
    vocabulary = vocabulary_for([path], default())
    run_examples(load_rulebook(path, vocabulary), vocabulary, calendar())


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("sound"))


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_junk_in_any_place_of_a_rulebook_is_refused_or_harmless(tmp_path_factory, sound: Path, data: st.DataObject):
    path = spoil_one(data, sound, tmp_path_factory.mktemp("junk"))
    finding = finding_of(lambda: use(path))
    assert finding is None or said(finding)


@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_junk_in_any_place_of_a_shipped_rulebook_is_refused_or_harmless(tmp_path_factory, data: st.DataObject):
    path = spoil_one(data, shipped()["anshan-legal-review"], tmp_path_factory.mktemp("junk"))
    finding = finding_of(lambda: use(path))
    assert finding is None or said(finding)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_junk_in_any_place_of_a_kinds_file_is_refused_or_harmless(tmp_path_factory, data: st.DataObject):
    tree = plain(read(KINDS))
    place = data.draw(st.sampled_from(places(tree)))
    folder = tmp_path_factory.mktemp("kinds") / "book" / "kinds"
    folder.mkdir(parents=True)
    file = folder / "trial.yaml"
    spoilt = put(tree, place, data.draw(st.sampled_from(JUNK)))
    file.write_text(yaml.safe_dump(spoilt, allow_unicode=True), encoding="utf-8")
    finding = finding_of(lambda: load(file))
    assert finding is None or (finding.code[:2] in ("V-", "Y-") and said(finding))


def test_the_second_article_alone_is_no_rulebook(tmp_path: Path):
    path = write(tmp_path, first=SECOND.replace('"2"', '"1"'))
    assert load_rulebook(path, vocabulary_for([path], default())).rules == ()
