"""docs/rule-language.md held against the loader: what it shows is read and judged, and what the loader reads it names."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import liuhen.engines.rulebook as engine
from liuhen.engines.rulebook import Rulebook, keys, load_rulebook, read_rulebook, run_examples, vocabulary_for
from liuhen.engines.rulebook.clauses import OPS
from liuhen.ground.calendar import Calendar
from liuhen.ground.located import Block, parse
from liuhen.ground.vocabulary import default

DOC = Path(__file__).parents[3] / "docs" / "rule-language.md"
FENCE = re.compile(r"^```yaml ?(\w*)\n(.*?)^```$", re.M | re.S)
ARTICLE = 'article: "9"\nasks: {zh: 试读, en: A trial.}\nentries: []\nrules:\n'


@cache
def blocks() -> tuple[tuple[str, str], ...]:
    """Return every fenced YAML of the document: what it is (the word behind `yaml`), and its text."""
    return tuple((m[1], m[2]) for m in FENCE.finditer(DOC.read_text(encoding="utf-8")))


def of(sort: str) -> list[str]:
    return [text for found, text in blocks() if found == sort]


def article_name(text: str) -> str:
    tree = parse(text, "docs")
    assert isinstance(tree, Block)
    return f"{int(tree['article']):03d}.yaml"


def written(folder: Path, *more: str) -> Path:
    """Write the regulation of the document as a rulebook, with more articles."""
    (head,) = of("rulebook")
    tree = parse(head, "docs")
    assert isinstance(tree, Block)
    path = folder / str(tree["id"])
    (path / "articles").mkdir(parents=True)
    (path / "rulebook.yaml").write_text(head, encoding="utf-8")
    for text in (*of("article"), *more):
        (path / "articles" / article_name(text)).write_text(text, encoding="utf-8")
    return path


def read_with(folder: Path, rules: str) -> Rulebook:
    path = written(folder, ARTICLE + textwrap.indent(rules, "  "))
    return read_rulebook(path, vocabulary_for([path], default()))


def test_the_regulation_that_the_document_writes_is_sound_and_its_examples_hold(tmp_path: Path):
    path = written(tmp_path)
    vocabulary = vocabulary_for([path], default())
    results = run_examples(load_rulebook(path, vocabulary), vocabulary, Calendar.load())
    assert results
    assert [f"{r.name}: expected {r.expected}, got {r.got}" for r in results if not r.ok] == []


@pytest.mark.parametrize("rules", [pytest.param(t, id=f"rule {n}") for n, t in enumerate(of("rule"))])
def test_a_rule_that_the_document_shows_is_read(tmp_path: Path, rules: str):
    book = read_with(tmp_path, rules)
    assert book.articles["9"].rules


def fragments() -> Iterator[object]:
    """Give each clause that the document shows by itself, with the rule around it that it needs."""
    around = {
        "when": "- {{id: r{n}, form: response, title: {{zh: 试, en: r}}, when: {it}, then: [{{kind: case_file}}]}}\n",
        "if": "- {{id: r{n}, form: response, title: {{zh: 试, en: r}}, when: {{kind: act.questioning}}, if: {it}, "
        "then: [{{kind: case_file}}]}}\n",
        "part": "- {{id: r{n}, form: response, title: {{zh: 试, en: r}}, when: {{kind: act.inspection}}, then: [{it}]}}\n",
        "limit": "- {{id: r{n}, form: response, title: {{zh: 试, en: r}}, when: {{kind: act.inspection}}, "
        "then: [{{kind: case_file}}], {it}}}\n",
        "has": "- {{id: r{n}, form: content, title: {{zh: 试, en: r}}, when: {{kind: decision.made}}, has: {{{it}}}}}\n",
    }
    for sort, text in blocks():
        for n, line in enumerate(text.splitlines() if sort in around else ()):
            bare = line.partition("  #")[0].strip()
            if bare:
                it = bare.removeprefix("- ")
                yield pytest.param(around[sort].format(n=n, it=it), id=f"{sort} {bare}")


@pytest.mark.parametrize("rule", list(fragments()))
def test_a_clause_that_the_document_shows_is_read(tmp_path: Path, rule: str):
    assert read_with(tmp_path, rule).articles["9"].rules


def test_every_example_in_the_document_says_what_it_is():
    assert {sort for sort, _ in blocks()} == {"rulebook", "article", "rule", "when", "if", "part", "limit", "has"}


def keys_read() -> set[str]:
    """Return every key that the loader takes anywhere: its table of keys."""
    tables = [v for k, v in vars(keys).items() if k.isupper() and isinstance(v, (keys.Keys, dict))]
    texts = [text for one in tables for text in (one.values() if isinstance(one, dict) else [one])]
    return {word for text in texts if isinstance(text, str) for word in text.split()}


def test_the_loader_takes_no_key_that_is_not_in_its_table():
    """Whatever a reader names itself, in narrowing what a block takes, stands in the table too."""
    folder = Path(engine.__file__).parent
    own: set[str] = set()
    for name in ("clauses", "contents", "limits", "load", "reading", "rules", "examples"):
        for node in ast.walk(ast.parse((folder / f"{name}.py").read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "block":
                texts = [n.value for a in node.args[2:3] for n in ast.walk(a) if isinstance(n, ast.Constant)]
                own |= {word for text in texts if isinstance(text, str) for word in text.split()}
    assert own <= keys_read() | set(OPS) | {"equals"}


def test_every_key_that_the_loader_takes_is_in_the_document():
    prose = FENCE.sub("", DOC.read_text(encoding="utf-8"))
    named = set(re.findall(r"[a-z_]+", " ".join([*re.findall(r"`[^`]+`", prose), *(t for _, t in blocks())])))
    found = keys_read()
    assert {"beside", "named_in", "draft_digest"} - found == {"draft_digest"}
    assert found - named == set()
