"""A rulebook folder made by someone who means ill, or by a slip: refused with a code, never a crash, never a long wait."""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from liuhen.engines.rulebook import load_rulebook, vocabulary_for
from liuhen.ground.errors import Refused
from liuhen.ground.vocabulary import default
from tests.engines.rulebook.small import KINDS
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
    ("B-003", "a link to a file elsewhere", lambda f: (f.unlink(), f.symlink_to("/etc/passwd"))),
    ("Y-002", "a NUL in it", lambda f: f.write_bytes(FIRST.encode().replace(b"trial", b"tr\0al", 1))),
    ("Y-002", "two documents", lambda f: f.write_text(FIRST + "---\n" + SECOND)),
    ("Y-002", "a name that is no text", lambda f: (f.write_text("a: ["), os.rename(f, bytes(f.parent) + b"/\xff.yaml"))),
    ("B-001", "a merge key", lambda f: f.write_text(FIRST.replace("reading: counted", "<<: {reading: counted}"))),
    ("B-003", "a bare no", lambda f: f.write_text(FIRST.replace("id: answered", "id: no", 1))),
    ("B-008", "a bare date", lambda f: f.write_text(FIRST.replace('article: "1"', "article: 2026-01-01"))),
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
    assert code(path) == expected


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


DATES = [
    ("B-003", "rulebook.yaml", "from: 2020-01-01", "from: 2023-02-29", 6),
    ("B-003", "rulebook.yaml", "from: 2020-01-01", "from: 2020-13-01", 6),
    ("B-003", "rulebook.yaml", "to: 2030-12-31", "to: 2030-11-31", 6),
    ("B-003", "rulebook.yaml", "to: 2030-12-31", "to: 2019-12-31", 6),
    ("B-003", "rulebook.yaml", "decided: {by: 示例, on: 2026-01-01}", "decided: {by: 示例, on: 2026-02-30}", 10),
    ("B-003", "rulebook.yaml", "decided: {by: 示例, on: 2026-01-01}", "decided: {by: 示例, on: soon}", 10),
    ("B-003", "articles/001.yaml", "within: {amount: 3, unit: natural_days}", 'by: {month_day: "02-30"}', 19),
    (
        "B-020",
        "articles/001.yaml",
        '["2026-03-02 trial.event", "2026-03-05',
        '["2026-02-30 trial.event", "2026-03-05',
        22,
    ),
    ("B-020", "articles/001.yaml", 'at: "2026-04-01T09:00"', 'at: "2026-04-31T09:00"', 22),
    ("B-020", "articles/001.yaml", 'at: "2026-04-01T09:00"', 'at: "2026-04-01T24:01"', 22),
]


@pytest.mark.parametrize(
    ("expected", "file", "was", "now", "line"), DATES, ids=[f"{n} {d[3]}" for n, d in enumerate(DATES)]
)
def test_a_date_that_does_not_exist_is_refused_at_its_line(
    tmp_path: Path, expected: str, file: str, was: str, now: str, line: int
):
    path = write(tmp_path)
    before = (path / file).read_text(encoding="utf-8")
    assert was in before
    # The first of the rule's own examples, not one of a clause before it.
    begin = before.find("\nrules:") if expected == "B-020" else 0
    (path / file).write_text(before[:begin] + before[begin:].replace(was, now, 1), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load_rulebook(path, vocabulary_for([path], default()))
    finding = refused.value.finding
    assert (finding.code, finding.fields["at"]) == (expected, f"sound/{file}:{line}")


BARE_NO = [
    ("B-003", "title: {zh: 答复, en: Answer}", "title: {zh: 答复, en: no}", 16),
    ("B-004", "when: {kind: trial.event}", "when: {kind: no}", 17),
    ("B-003", "amount: 3", "amount: no", 19),
    ("B-004", "unit: natural_days", "unit: no", 19),
    ("B-006", "form: response", "form: no", 15),
    ("B-018", "reading: counted\n    examples", 'reading: "no"\n    examples', 14),
    ("B-003", "reading: counted\n    examples", "reading: no\n    examples", 20),
]


@pytest.mark.parametrize(
    ("expected", "was", "now", "line"), BARE_NO, ids=[f"{n} {b[2][:30]}".split("\n")[0] for n, b in enumerate(BARE_NO)]
)
def test_a_bare_no_is_never_taken_for_a_word(tmp_path: Path, expected: str, was: str, now: str, line: int):
    assert was in FIRST
    path = write(tmp_path, first=FIRST.replace(was, now, 1))
    with pytest.raises(Refused) as refused:
        load_rulebook(path, vocabulary_for([path], default()))
    assert (refused.value.finding.code, refused.value.finding.fields["at"]) == (
        expected,
        f"sound/articles/001.yaml:{line}",
    )


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


@pytest.mark.parametrize("part", ["articles", "kinds"])
@pytest.mark.parametrize("instead", ["a file", "nothing", "a link to a folder elsewhere"])
def test_a_part_of_the_folder_that_is_none_holds_nothing(tmp_path: Path, part: str, instead: str):
    path = write(tmp_path)
    shutil.rmtree(path / part)
    if instead == "a file":
        (path / part).write_text("x")
    elif instead != "nothing":
        (path / part).symlink_to("/etc")
    assert code(path) == {"articles": "B-008", "kinds": "B-004"}[part]


def test_hidden_files_are_no_articles(tmp_path: Path):
    """Editors and archives leave them."""
    path = write(tmp_path)
    (path / "articles" / "._001.yaml").write_bytes(b"\x00\x05\x16\x07")
    (path / "articles" / ".#002.yaml").symlink_to("nobody@nowhere")
    assert len(load_rulebook(path, vocabulary_for([path], default())).articles) == 2


@pytest.mark.parametrize("spoil", [lambda t: "\ufeff" + t, lambda t: t.replace("\n", "\r\n")], ids=["BOM", "CRLF"])
def test_what_other_editors_write_is_read_the_same(tmp_path: Path, spoil: Callable[[str], str]):
    before = load_rulebook(write(tmp_path / "a"), vocabulary_for([write(tmp_path / "b")], default()))
    path = write(tmp_path / "c")
    for file in path.rglob("*.yaml"):
        file.write_bytes(spoil(file.read_text(encoding="utf-8")).encode())
    assert load_rulebook(path, vocabulary_for([path], default())).digest == before.digest


RULE, TOP = FIRST[FIRST.index("  - id: answered") :], FIRST[: FIRST.index("\nrules:") + 1]


def calls_to_load(folder: Path, rules: int) -> int:
    """How many functions are called to load a rulebook of so many more rules."""
    ids = [f"rule-{n}" for n in range(rules)]
    entries = "".join(f'  - {{no: "9.{i}", checkable: automatic, carried: {{rules: [{i}]}}}}\n' for i in ids)
    # Each takes the place of the one before: a chain as long as the rulebook.
    chained = [
        RULE.replace("answered", i, 1) + (f"    takes_the_place_of: [rule-{n - 1}]\n" if n else "")
        for n, i in enumerate(ids)
    ]
    path = write(folder, first=TOP + entries + "rules:\n" + RULE + "".join(chained))
    vocabulary = vocabulary_for([path], default())
    counted = Counter[str]()
    sys.setprofile(lambda frame, event, value: counted.update([event]))
    try:
        assert len(load_rulebook(path, vocabulary).rules) == rules + 1
    finally:
        sys.setprofile(None)
    return counted["call"]


def test_loading_costs_no_more_than_the_length_of_the_rulebook(tmp_path: Path):
    short, long = calls_to_load(tmp_path / "50", 50), calls_to_load(tmp_path / "200", 200)
    assert long < 4.2 * short


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


def test_the_second_article_alone_is_no_rulebook(tmp_path: Path):
    path = write(tmp_path, first=SECOND.replace('"2"', '"1"'))
    assert load_rulebook(path, vocabulary_for([path], default())).rules == ()


def test_ten_thousand_rules_in_one_file_are_more_than_a_file_may_hold(tmp_path: Path):
    """Read no further than its size: in several files they are read, in time linear in their number."""
    path = write(
        tmp_path, first=TOP + "rules:\n" + "".join(RULE.replace("answered", f"rule-{n}", 1) for n in range(10_000))
    )
    assert code(path) == "Y-005"
