"""`liuhen rulebook new` and `schema`: what is begun loads, holds, fits its own schema, and nothing is written over."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from liuhen.engines.rulebook import load_rulebook, vocabulary_for
from liuhen.ground.located import read
from liuhen.ground.vocabulary import default
from tests.faces.cli.called import Said, call


def begun(folder: Path, *more: str) -> Said:
    return call("rulebook", "new", folder, "--title", "示例县巡查记录办法", *more)


def test_what_is_begun_loads_and_its_examples_hold(tmp_path: Path):
    folder = tmp_path / "shili-xuncha"
    said = begun(folder, "--articles", "4", "--issuer", "示例局", "--title-en", "Trial measures")
    assert (said.status, said.err) == (0, "")
    book = load_rulebook(folder, vocabulary_for([folder], default()))
    assert (book.id, book.title.en, book.issuer.zh, sorted(book.articles)) == (
        "shili-xuncha",
        "Trial measures",
        "示例局",
        ["1", "2", "3", "4"],
    )
    tested = call("rulebook", "test", folder)
    assert (tested.status, tested.out) == (0, "shili-xuncha：2 个示例，0 个不符\n")
    assert call("rulebook", "coverage", folder).status == 0


def test_every_file_that_is_begun_fits_the_schema_that_its_first_line_names(tmp_path: Path):
    folder = tmp_path / "shili-xuncha"
    begun(folder, "--articles", "2")
    files = sorted(folder.rglob("*.yaml"))
    assert len(files) == 4
    for file in files:
        first = file.read_text(encoding="utf-8").splitlines()[0]
        named = (file.parent / first.removeprefix("# yaml-language-server: $schema=")).resolve()
        judge = Draft7Validator(json.loads(named.read_text(encoding="utf-8")))
        assert (file.name, [e.message for e in judge.iter_errors(read(file))]) == (file.name, [])
        assert sum(line.lstrip().startswith("#") for line in file.read_text(encoding="utf-8").splitlines()) >= 4


def test_another_id_than_the_folders_name_makes_a_folder_of_that_name(tmp_path: Path):
    said = begun(tmp_path, "--id", "shili-xuncha", "--json")
    assert Path(said.json["folder"]) == tmp_path / "shili-xuncha"
    assert "articles/003.yaml" in said.json["files"]


@pytest.mark.parametrize(
    "title",
    [
        '"}, x: {',
        "# 办法",
        "a: b",
        "{{no}}",
        "*alias",
        "&a !!python/object",
        "yes",
        "2026-01-01",
        "‘’\\n",
        "@id@",
        "null",
    ],
)
def test_whatever_a_title_is_it_stands_there_as_it_was_given(tmp_path: Path, title: str):
    folder = tmp_path / "shili-xuncha"
    assert call("rulebook", "new", folder, "--title", title, "--issuer", title).status == 0
    book = load_rulebook(folder, vocabulary_for([folder], default()))
    assert (book.title.zh, book.issuer.en) == (title, title)


@pytest.mark.parametrize("id", ["Shili", "1shili", "a--b", "../x", "示例", "a b", "-a", "a" * 61, "bazhou"])
def test_an_id_that_can_t_be_one_is_refused_and_nothing_written(tmp_path: Path, id: str):
    said = call("rulebook", "new", tmp_path / "x", f"--id={id}", "--title", "办法")
    assert (said.status, said.err[:5]) == (2, "B-040")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("what", ["a folder with a file", "a file", "a link to nowhere"])
def test_what_is_there_is_not_written_over(tmp_path: Path, what: str):
    folder = tmp_path / "shili-xuncha"
    if what == "a file":
        folder.write_text("mine")
    elif what == "a link to nowhere":
        folder.symlink_to(tmp_path / "nowhere")
    else:
        folder.mkdir()
        (folder / "mine.txt").write_text("mine")
    said = begun(folder)
    assert (said.status, said.err[:5]) == (2, "B-041")
    assert [p.name for p in tmp_path.rglob("*.yaml")] == []


def test_an_empty_folder_is_taken(tmp_path: Path):
    (tmp_path / "shili-xuncha").mkdir()
    assert begun(tmp_path / "shili-xuncha").status == 0


@pytest.mark.parametrize(
    "more",
    [
        ("--articles", "0"),
        ("--articles", "401"),
        ("--articles", "three"),
        ("--issuer", " "),
        ("--issuer", "x" * 201),
        ("--issuer-en", "a\nb"),
    ],
)
def test_what_can_t_stand_on_a_cover_is_refused(tmp_path: Path, more: tuple[str, ...]):
    said = begun(tmp_path / "shili-xuncha", *more)
    assert (said.status, said.err[:5]) == (2, "B-042")
    assert list(tmp_path.iterdir()) == []


def test_as_many_articles_as_a_text_may_have(tmp_path: Path):
    assert begun(tmp_path / "a", "--articles", "400").status == 0
    assert begun(tmp_path / "b", "--articles", "1").status == 0


def test_where_nothing_can_be_written_says_so(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    said = begun(tmp_path / "file" / "shili-xuncha")
    assert (said.status, said.err[:5]) == (2, "B-043")
    said = call("rulebook", "schema", "--write", tmp_path / "file")
    assert (said.status, said.err[:5]) == (2, "B-043")


def test_a_schema_is_printed_or_written(tmp_path: Path):
    printed = call("rulebook", "schema", "article").json
    written = call("rulebook", "schema", "--write", tmp_path / "schema")
    assert (written.status, len(written.lines)) == (0, 3)
    assert json.loads((tmp_path / "schema" / "article.schema.json").read_text(encoding="utf-8")) == printed


def test_a_schema_knows_the_words_of_a_rulebook_of_ones_own(tmp_path: Path):
    folder = tmp_path / "shili-xuncha"
    begun(folder)
    own = call("rulebook", "schema", "article", "--rulebook", folder).json["definitions"]
    assert "shili_xuncha.site_record" in own["kind"]["enum"]
    assert own["length"]["properties"]["setting"]["enum"] == ["transcript_days"]


def test_a_schema_without_a_part_is_refused():
    said = call("rulebook", "schema")
    assert (said.status, said.err[:5]) == (2, "U-003")


def test_a_kind_is_found_by_a_word_of_its_name_with_its_fields():
    said = call("rulebook", "kinds", "立案审批")
    assert said.status == 0
    assert said.lines[0].split() == ["case_opening_approval_form", "立案审批表"] or "立案审批表" in said.lines[0]
    assert call("rulebook", "kinds", "CASE.OPENED").lines[1].startswith("    ")
    assert call("rulebook", "kinds", "decision.made").lines[0].split()[0] == "decision.made"


def test_many_kinds_are_listed_without_fields_and_none_gives_exit_status_1():
    every = call("rulebook", "kinds")
    assert len(every.lines) > 100
    assert not any(line.startswith(" ") for line in every.lines)
    assert call("rulebook", "kinds", "没有这样的").status == 1


def test_the_kinds_of_a_rulebook_of_ones_own_are_found(tmp_path: Path):
    folder = tmp_path / "shili-xuncha"
    begun(folder)
    (found,) = call("rulebook", "kinds", "shili_xuncha", "--rulebook", folder, "--json").json
    assert (found["kind"], sorted(found["fields"])) == ("shili_xuncha.site_record", ["findings", "place"])
