"""The official text of a regulation: split where articles begin, kept wholly or not at all, hostile files refused."""

from __future__ import annotations

import io
import json
import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.engines.rulebook.official import attached, keep, read_official, withdraw
from liuhen.engines.rulebook.official_file import LIMIT_BYTES, LIMIT_CHARACTERS, text_of
from liuhen.engines.rulebook.official_split import irregular, split
from liuhen.ground.errors import Refused
from tests.ground.test_numerals import written

AT = datetime(2026, 11, 21, 8, tzinfo=UTC)
TEXT = "示例办法\n第一章　总则\n第一条　为了记录，制定本办法。\n第二条　本局执行。\n第二章　附则\n第三条　自公布之日起施行。\n"


def numbers(text: str) -> list[str]:
    return [a.no for a in split(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第一条　甲\n第二条　乙", ["1", "2"]),
        ("第1条 甲\n第２条 乙\n第 3 条 丙", ["1", "2", "3"]),
        ("第九十九条　甲\n第一百条　乙\n第一百二十条　丙\n第一二〇条　丁", ["99", "100", "120", "120"]),
        ("第五条　甲\n第五条之一　乙\n第五条之二 丙\n第六条 丁", ["5", "5-1", "5-2", "6"]),
        ("第一条\n甲\n第二条\n乙", ["1", "2"]),
        ("【第一条】甲\n【第二条】乙", ["1", "2"]),
        ("第一条甲。\n第二条乙。", ["1", "2"]),
        ("第一条　甲。第二条　乙。 第三条　丙。", ["1", "2", "3"]),
        ("第一条、甲\n第二条、乙\n第三条：丙\n第四条.丁", ["1", "2", "3", "4"]),
        ("第一条、依照\n第二条、第三条办理。\n第二条、乙", ["1", "2"]),
        ("\u3000\u3000第一条　甲\r\n\t第二条　乙\r\n", ["1", "2"]),
        # cited, not begun
        ("第一条　依照本办法第三条、第四条办理。\n第二条　乙", ["1", "2"]),
        ("第一条　依照本办法\n第三条规定的程序办理。\n第二条　乙", ["1", "2"]),
        ("第一条　甲\n第一条、第二条所称的乙\n第二条第一款的丙\n第二条　丁", ["1", "2"]),
        ("第一条　甲。第三条规定的除外。\n第二条　乙", ["1", "2"]),
        ("第一条　有下列第二条 的情形", ["1"]),
        ("本办法没有条。", []),
        ("第零条　甲\n第十十条　乙", []),
        ("", []),
    ],
    ids=range(19),
)
def test_a_text_is_split_where_an_article_begins(text: str, expected: list[str]):
    assert numbers(text) == expected


def test_an_article_has_its_chapter_text_and_line():
    first, _, third = split(TEXT)
    assert (first.no, first.chapter, first.text, first.line) == ("1", "第一章　总则", "为了记录，制定本办法。", 3)
    assert (third.no, third.chapter, third.text, third.line) == ("3", "第二章　附则", "自公布之日起施行。", 6)


@given(st.lists(st.text(alphabet="甲乙第条一二三 　\n规定、。", max_size=30), min_size=1, max_size=12))
def test_no_text_of_an_article_is_lost(bodies: list[str]):
    """Whatever stands in the articles, each numbered heading with its space is found, in order, at least once."""
    text = "".join(f"\n第{written(n)}条　正文{body}\n" for n, body in enumerate(bodies, 1))
    found = split(text)
    assert {str(n) for n in range(1, len(bodies) + 1)} <= {a.no for a in found}
    assert sum(a.text.count("正文") for a in found) == text.count("正文")


def codes(text: str, known: list[str]) -> list[tuple[str, str]]:
    return [
        (f.code, str(f.fields.get("articles", f.fields.get("article")))) for f in irregular(split(text), known, "x.txt")
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TEXT, []),
        (TEXT.replace("第二条", "甲"), [("B-050", "2"), ("B-052", "2")]),
        (TEXT.replace("第二条", "第一条"), [("B-050", "2"), ("B-052", "2")]),
        (TEXT.replace("第三条", "第四条"), [("B-050", "3"), ("B-052", "3"), ("B-053", "4")]),
        (TEXT + "第三条之一　丁\n", [("B-053", "3-1")]),
    ],
    ids=["sound", "a gap", "a double", "another number", "one more"],
)
def test_gaps_and_doubles_are_named(text: str, expected: list[tuple[str, str]]):
    assert codes(text, ["1", "2", "3", "final", "unread"]) == expected


def test_very_many_odd_numbers_stay_one_short_line():
    (gap, *_) = irregular(split("第九千条　甲"), [], "x.txt")
    assert len(gap.sentence("zh")) < 200


# -- files


def docx(body: str, prolog: str = "") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        archive.writestr(
            "word/document.xml", f'{prolog}<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'
        )
    return held.getvalue()


def paragraphs(text: str) -> str:
    return "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in text.splitlines())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk", "utf-16-le with mark"])
def test_a_text_is_read_in_the_encodings_that_offices_use(encoding: str):
    data = "\ufeff".encode("utf-16-le") + TEXT.encode("utf-16-le") if " " in encoding else TEXT.encode(encoding)
    assert text_of(data, "x") == TEXT


def test_a_word_document_is_read_by_its_paragraphs():
    run = "<w:r><w:t>第四条</w:t><w:tab/><w:t>丁</w:t><w:br/><w:t>戊</w:t></w:r>"
    moved = f"<w:p>{run}<w:del><w:r><w:delText>旧</w:delText></w:r></w:del></w:p>"
    found = split(text_of(docx(paragraphs(TEXT) + moved), "x.docx"))
    assert [(a.no, a.text) for a in found][2:] == [("3", "自公布之日起施行。"), ("4", "丁\n戊")]


def test_a_word_document_of_the_strict_family_and_with_a_text_box_is_read_once():
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx(paragraphs(TEXT)))) as old, zipfile.ZipFile(held, "w") as new:
        xml = old.read("word/document.xml").replace(
            b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        )
        new.writestr("word/document.xml", xml)
    assert text_of(held.getvalue(), "x.docx") == TEXT.rstrip("\n")
    space = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    said = paragraphs("第一条　甲")
    boxed = docx(f'<x xmlns:mc="{space}"><mc:Choice>{said}</mc:Choice><mc:Fallback>{said}</mc:Fallback></x>')
    assert [a.text for a in split(text_of(boxed, "x.docx"))] == ["甲"]


PAGE = """<!DOCTYPE html><html><head><meta charset="gb2312"><title>第一条　题</title><style>p{}</style></head><body>
<script>if (a < b) document.write("第二条　假")</script><!-- 第三条　注 -->
<h1>示例办法</h1><p><b>第一条</b>　为了记录，
制定本办法。<br>附言：1 &lt; 2，a < b。</p><p>第二条&nbsp;本局执行&#12290;</p><table><tr><th>甲</th><td>乙</td></tr></table>
<pre>第三条　自公布之日
起施行。</pre></body></html>"""


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_a_web_page_is_read_by_its_paragraphs(encoding: str):
    found = split(text_of(PAGE.encode(encoding), "办法.html"))
    assert [(a.no, a.text) for a in found] == [
        ("1", "为了记录，制定本办法。\n附言：1 < 2，a < b。"), ("2", "本局执行。\n甲\t乙"), ("3", "自公布之日\n起施行。"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "page", ["<html>" + "<" * 900_000, "<html>" + "<script>" * 100_000, "<html>" + "<!--" * 200_000, "<html>" + "<a " * 300_000],
    ids=["signs", "scripts", "comments", "tags"],
)  # fmt: skip
def test_a_web_page_without_an_end_takes_one_pass(page: str):
    assert "第" not in text_of(page.encode(), "x")


def test_a_text_that_speaks_of_html_is_no_page():
    text = "第一条　网页以 <html> 开头的，照此办理。\n"
    assert text_of(text.encode(), "x") == text


BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00", "B-055", id="a picture"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 20, "B-055", id="an old Word document"),
        pytest.param(b"{\\rtf1\\ansi " + TEXT.encode("gb18030"), "B-055", id="an RTF document"),
        pytest.param(b"<html>&#" + b"9" * 5_000 + b";", "B-055", id="a web page with a number of thousands of digits"),
        pytest.param(b"PK\x03\x04 broken", "B-055", id="a broken archive"),
        pytest.param(docx("<w:p>")[:-40], "B-055", id="an archive cut off"),
        pytest.param(docx("<w:p>"), "B-055", id="broken XML"),
        pytest.param(docx("<w:p><w:r><w:t>&b;</w:t></w:r></w:p>", BOMB), "B-055", id="an entity bomb"),
        pytest.param(docx("<w:p><w:r><w:t>&a;</w:t></w:r></w:p>", OUTSIDE), "B-055", id="an external entity"),
        pytest.param(docx(" " * 41_000_000), "B-056", id="an archive that blows up"),
        pytest.param(b"x" * (LIMIT_CHARACTERS + 1), "B-056", id="more than any text"),
    ],
)
def test_a_file_that_is_no_text_is_refused(data: bytes, code: str):
    with pytest.raises(Refused) as refused:
        split(text_of(data, "x"))
    assert refused.value.finding.code == code


def test_a_document_nested_without_end_takes_one_pass():
    """Two hundred thousand paragraphs, each in the one before: read in a moment, and no article."""
    deep = docx("<w:p>" * 200_000 + "<w:r><w:t>第一条　甲</w:t></w:r>" + "</w:p>" * 200_000)
    assert numbers(text_of(deep, "x")) == ["1"]


OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0"


@pytest.mark.parametrize(("data", "said"), [(OLD_WORD, "旧版 Word"), (b"{\\rtf1 ", "RTF"), (b"PK\3\4", "不是 Word")])
def test_a_refusal_says_what_the_file_is_and_what_to_save_it_as(data: bytes, said: str):
    with pytest.raises(Refused) as refused:
        text_of(data, "办法")
    finding = refused.value.finding
    assert said in finding.sentence("zh")
    assert "docx" in finding.next_step("zh")


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        read_official(path, "sound", AT)
    return refused.value.finding.code


def test_what_is_no_file_or_too_large_is_refused(tmp_path: Path):
    assert refusal(tmp_path / "nothing") == refusal(tmp_path) == refusal(Path("/dev/zero")) == "B-061"
    os.mkfifo(tmp_path / "pipe")
    assert refusal(tmp_path / "pipe") == "B-061"
    (tmp_path / "large").write_bytes(b"x" * (LIMIT_BYTES + 1))
    assert refusal(tmp_path / "large") == "B-056"


def test_a_text_without_articles_or_with_too_many_is_refused(tmp_path: Path):
    (tmp_path / "none.txt").write_text("没有条文\n", encoding="utf-8")
    (tmp_path / "many.txt").write_text("第一条　甲\n" * 2001, encoding="utf-8")
    assert refusal(tmp_path / "none.txt") == refusal(tmp_path / "many.txt") == "B-054"


# -- kept


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "办法.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_what_is_kept_comes_back_with_digest_and_day(tmp_path: Path, text: Path):
    made = read_official(text, "sound", AT)
    assert attached(tmp_path, "sound") is None
    keep(tmp_path, made)
    assert attached(tmp_path, "sound") == made
    assert (made.file, made.attached, len(made.sha256)) == ("办法.txt", "2026-11-21T08:00:00+00:00", 64)
    assert [p.name for p in (tmp_path / "texts").iterdir()] == ["sound.json"]


def test_a_text_is_replaced_only_when_asked_to_and_withdrawn_once(tmp_path: Path, text: Path):
    keep(tmp_path, read_official(text, "sound", AT))
    text.write_text(TEXT + "第四条　丁\n", encoding="utf-8")
    later = read_official(text, "sound", AT)
    with pytest.raises(Refused, match="already"):
        keep(tmp_path, later)
    assert len(attached(tmp_path, "sound").articles) == 3
    keep(tmp_path, later, replace=True)
    assert len(attached(tmp_path, "sound").articles) == 4
    withdraw(tmp_path, "sound")
    assert attached(tmp_path, "sound") is None
    with pytest.raises(Refused) as refused:
        withdraw(tmp_path, "sound")
    assert refused.value.finding.code == "B-058"


def test_where_nothing_can_be_kept_says_so_and_leaves_nothing(tmp_path: Path, text: Path):
    (tmp_path / "texts").write_text("a file")
    with pytest.raises(Refused) as refused:
        keep(tmp_path, read_official(text, "sound", AT))
    assert refused.value.finding.code == "B-043"
    (tmp_path / "texts").unlink()
    (tmp_path / "texts" / "sound.json").mkdir(parents=True)
    for act in (
        lambda: keep(tmp_path, read_official(text, "sound", AT), replace=True),
        lambda: withdraw(tmp_path, "sound"),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.finding.code == "B-043"
    assert [p.name for p in (tmp_path / "texts").iterdir()] == ["sound.json"]


@pytest.mark.parametrize(
    "held", ["", "[]", "{}", "null", '{"version": 2}', '{"version": 1, "articles": 3}', "[" * 100_000]
)
def test_what_was_spoilt_in_the_folder_is_refused(tmp_path: Path, held: str):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "sound.json").write_text(held, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        attached(tmp_path, "sound")
    assert refused.value.finding.code == "B-059"


def test_a_file_larger_than_any_text_is_not_read(tmp_path: Path, text: Path):
    keep(tmp_path, read_official(text, "sound", AT))
    path = tmp_path / "texts" / "sound.json"
    held = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(held) + " " * 16_000_001, encoding="utf-8")
    with pytest.raises(Refused, match="can’t be read"):
        attached(tmp_path, "sound")
