"""The editor's schemas against the loader: they take whatever it takes, and a wrong word is wrong to both."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from liuhen.engines.rulebook import keys, read_rulebook, shipped, vocabulary_for
from liuhen.engines.rulebook.schema import PARTS, schema
from liuhen.ground.errors import Refused
from liuhen.ground.located import parse, read
from liuhen.ground.vocabulary import HERE, Vocabulary, default
from tests.engines.rulebook.small import KINDS
from tests.engines.rulebook.test_documented import fragments, of, written
from tests.engines.rulebook.test_refusals import FIRST, write


@cache
def judge(part: str, vocabulary: Vocabulary | None = None) -> Draft7Validator:
    return Draft7Validator(schema(part, vocabulary or default()))


def faults(part: str, tree: Any, judges: Draft7Validator | None = None) -> list[str]:
    return [f"{list(e.absolute_path)}: {e.message[:100]}" for e in (judges or judge(part)).iter_errors(tree)]


@pytest.mark.parametrize("part", PARTS)
def test_a_schema_is_one(part: str):
    Draft7Validator.check_schema(schema(part, default()))


@pytest.mark.parametrize("id", shipped())
def test_every_file_of_a_shipped_rulebook_fits_its_schema(id: str):
    path = shipped()[id]
    assert faults("rulebook", read(path / "rulebook.yaml")) == []
    found = {f.name: faults("article", read(f)) for f in sorted((path / "articles").glob("*.yaml"))}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


class AsAnEditor(yaml.SafeLoader):
    """Reads YAML 1.2, as the language server does: a bare yes or no is text, only true and false are not."""

    yaml_implicit_resolvers = {
        first: [(tag, found) for tag, found in pairs if not tag.endswith((":bool", ":timestamp"))]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


AsAnEditor.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"true|false"), list("tf"))


def in_an_editor(part: str, text: str) -> list[str]:
    return faults(part, yaml.load(text, AsAnEditor))


@pytest.mark.parametrize("id", shipped())
def test_every_file_of_a_shipped_rulebook_fits_as_an_editor_reads_it(id: str):
    path = shipped()[id]
    files = {"rulebook": [path / "rulebook.yaml"], "article": sorted((path / "articles").glob("*.yaml"))}
    found = {f.name: in_an_editor(part, f.read_text(encoding="utf-8")) for part, of in files.items() for f in of}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


EDITED = """
article: "1"
asks: {zh: 甲, en: a}
entries:
  - {no: "1", undecided: {why: purpose, note: {zh: 甲, en: a}}}
rules:
  - id: a
    title: {zh: 甲, en: a}
    form: response
    gate: no
    when: {kind: case.opened}
    then: [{kind: decision.made}]
    within: {amount: 3, unit: working_days}
"""


@pytest.mark.parametrize(
    ("right", "wrong", "place"),
    [
        ("form: response", "form: respons", "'form'"),
        ("unit: working_days", "unit: workdays", "'unit'"),
        ("kind: case.opened", "kind: case.opend", "'when'"),
        ("when:", "wen:", "wen"),
        ("gate: no", "gate: never", "'gate'"),
        ("amount: 3", "amount: three", "'amount'"),
    ],
    ids=["form", "unit", "kind", "key", "flag", "amount"],
)
def test_a_mistake_is_marked_in_an_editor(right: str, wrong: str, place: str):
    assert in_an_editor("article", EDITED) == []
    found = in_an_editor("article", EDITED.replace(right, wrong))
    assert any(place in one for one in found), found


def test_every_file_of_the_vocabulary_fits_its_schema():
    files = [f for f in HERE.glob("*.yaml") if f.name != "terms.yaml"]
    assert len(files) > 20
    assert {f.name: faults("kinds", read(f)) for f in files if faults("kinds", read(f))} == {}
    assert faults("kinds", read(KINDS)) == []


def test_what_the_document_of_the_language_shows_fits():
    (head,) = of("rulebook")
    assert faults("rulebook", parse(head, "docs")) == []
    for text in of("article"):
        assert faults("article", parse(text, "docs")) == []
    rules = [*of("rule"), *(str(param.values[0]) for param in fragments())]
    assert len(rules) > 40
    for text in rules:
        article = {"article": "9", "asks": {"zh": "试", "en": "t"}, "rules": parse(text, "docs")}
        assert (text, faults("article", article)) == (text, [])


# -- a wrong word, anywhere

FREE = {
    "examples",
    "content",
    "links",
    "note",
    "settings",
}  # what stands in them is not of the language, or read as an example
WORDS = {
    "kind",
    "form",
    "unit",
    "weight",
    "asks_from",
    "per",
    "why",
    "checkable",
    "of",
    "end_of",
    "each",
    "fields",
    "signatures",
}


def places(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Give each key, and each word of the language, that stands in a file: its path, and which of both it is."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield (*path, key), "key"
            if key in FREE:
                continue
            if key in WORDS and isinstance(value, str):
                yield (*path, key), "word"
            yield from places(value, (*path, key))
    elif isinstance(tree, list):
        for n, value in enumerate(tree):
            yield from places(value, (*path, n))


def misspelt(tree: Any, path: tuple[Any, ...], what: str) -> Any:
    changed = copy.deepcopy(tree)
    at = changed
    for step in path[:-1]:
        at = at[step]
    if what == "key":
        at[f"{path[-1]}s_"] = at.pop(path[-1])
    else:
        at[path[-1]] += "s_"
    return changed


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    return [plain(v) for v in value] if isinstance(value, list) else value


def article_places() -> Iterator[object]:
    for no, text in enumerate(of("article")):
        for path, what in places(parse(text, "docs")):
            yield pytest.param(no, path, what, id=f"{no} {what} {'.'.join(map(str, path))}")


@pytest.mark.parametrize(("no", "path", "what"), list(article_places()))
def test_a_misspelt_word_of_an_article_is_refused_by_both(tmp_path: Path, no: int, path: tuple[Any, ...], what: str):
    wrong = misspelt(plain(parse(of("article")[no], "docs")), path, what)
    assert faults("article", wrong) != []
    folder = written(tmp_path)
    (folder / "articles" / f"{no + 1:03d}.yaml").write_text(yaml.safe_dump(wrong, allow_unicode=True), encoding="utf-8")
    with pytest.raises(Refused):
        read_rulebook(folder, default())


NAMED = {"links", "values"}  # below them, and behind `kind`, stand names of the kind's own


def kinds_places() -> Iterator[object]:
    for path, what in places(read(KINDS)):
        if path[-2] not in NAMED and (path[-1], what) != ("kind", "word"):
            yield pytest.param(path, what, id=f"{what} {'.'.join(map(str, path))}")


@pytest.mark.parametrize(("path", "what"), list(kinds_places()))
def test_a_misspelt_word_of_a_kinds_file_is_refused_by_both(tmp_path: Path, path: tuple[Any, ...], what: str):
    wrong = misspelt(plain(read(KINDS)), path, what)
    assert faults("kinds", wrong) != []
    folder = write(tmp_path)
    (folder / "kinds" / "trial.yaml").write_text(yaml.safe_dump(wrong, allow_unicode=True), encoding="utf-8")
    with pytest.raises(Refused):
        vocabulary_for([folder], default())


def test_a_kind_that_the_rulebook_brings_is_known_to_its_schema_alone(tmp_path: Path):
    own = vocabulary_for([write(tmp_path)], default())
    tree = parse(FIRST, "x")
    assert faults("article", tree) != []
    assert faults("article", tree, Draft7Validator(schema("article", own))) == []


def test_settings_and_marks_are_words_where_they_are_given():
    tree = parse(of("article")[0], "docs")
    given = schema("article", default(), settings=["transcript_days"], marks=["major"])
    assert faults("article", tree, Draft7Validator(given)) == []
    other = schema("article", default(), settings=["closing_time"], marks=["major"])
    assert faults("article", tree, Draft7Validator(other)) != []


def test_a_kind_is_offered_with_its_chinese_name():
    kind = schema("article", default())["definitions"]["kind"]
    assert kind["enumDescriptions"][kind["enum"].index("decision.made")].startswith("作出决定")


def test_every_form_offers_its_own_keys():
    rule = schema("article", default())["definitions"]["rule"]
    offered = {b["if"]["properties"]["form"]["const"]: set(b["then"]["properties"]) for b in rule["allOf"]}
    for form, own in keys.FORM.items():
        assert set(own.split()) <= offered[form]
    assert "within" not in offered["order"]
