"""An official text as a PDF: read from real ones in whole sentences; scans, locked and hostile ones refused in bounded time."""

from __future__ import annotations

import io
import os
import time
import zlib
from pathlib import Path

import pytest
import typst
from PIL import Image
from pypdf import PdfReader, PdfWriter

from liuhen.engines.rulebook import official_pdf
from liuhen.engines.rulebook.official_file import text_of
from liuhen.engines.rulebook.official_lines import joined
from liuhen.engines.rulebook.official_split import split
from liuhen.ground.errors import Refused
from liuhen.rooms.samples.typefaces import typeface
from tests.ground.test_numerals import written

DATA = Path(os.environ.get("LIUHEN_HOME", Path(__file__).resolve().parents[3] / "var"))
SENTENCE = "各执法机构依照本办法第二条规定的程序，把启动、取证、审核、决定、送达和执行的全部过程记录下来，不得遗漏"
ARTICLES = [f"{SENTENCE}，其序号为{written(n)}。" for n in range(1, 13)]
SHEET = """
#set page(width: 130mm, height: 110mm, margin: 20mm, header: align(center)[示例县文件],
  footer: context align(center)[— #counter(page).display() —])
#set text(font: ("Noto Serif CJK SC", "Noto Serif SC"), lang: "zh", size: 12pt)
#set par(justify: true, first-line-indent: 2em)
#align(center)[= 示例办法]
#align(center)[第一章　总则]
"""


def printed(body: str) -> bytes:
    source = (SHEET + body).encode()
    return typst.compile(source, font_paths=[str(typeface(DATA).parent)], ignore_system_fonts=True)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    """Twelve articles over several pages, each with a head and a number; no article fits on one line."""
    return printed("\n\n".join(f"*第{written(n)}条*　{text}" for n, text in enumerate(ARTICLES, 1)))


def scan() -> bytes:
    held = io.BytesIO()
    Image.new("L", (200, 300), 200).save(held, "PDF")
    return held.getvalue()


def bound(*parts: bytes, **options: str) -> bytes:
    writer, held = PdfWriter(), io.BytesIO()
    for part in parts:
        writer.append(io.BytesIO(part))
    if options:
        writer.encrypt(**options, algorithm="AES-256")
    writer.write(held)
    return held.getvalue()


def refusal(data: bytes) -> Refused:
    with pytest.raises(Refused) as refused:
        text_of(data, "办法.pdf")
    return refused.value


def test_articles_come_out_whole_without_heads_numbers_and_breaks(pdf: bytes):
    found = split(text_of(pdf, "x"))
    assert [(a.no, a.text) for a in found] == [(str(n), text) for n, text in enumerate(ARTICLES, 1)]
    assert {a.chapter for a in found} == {"第一章　总则"}


def test_paragraphs_and_items_of_an_article_stay_apart():
    said = [
        "有下列情形之一的，应当记录：",
        "（一）现场检查；",
        f"（二）扣押，{SENTENCE}；",
        "（三）其他。",
        "前款所称记录，含音像。",
    ]
    (one,) = split(text_of(printed("*第一条*　" + "\n\n".join(said)), "x"))
    assert one.text.split("\n") == said


def test_a_document_that_only_forbids_changes_is_read_and_a_locked_one_is_not(pdf: bytes):
    assert len(split(text_of(bound(pdf, user_password="", owner_password="x"), "x"))) == 12
    refused = refusal(bound(pdf, user_password="x")).finding
    assert (refused.code, refused.fields["reason"]) == ("B-055", official_pdf.LOCKED)


def test_a_scan_is_refused_with_what_to_do(pdf: bytes):
    """Alone, and as one page among others: half a text is not attached as if it were whole."""
    pages = len(PdfReader(io.BytesIO(pdf)).pages)
    for data, named in ((scan(), "1"), (bound(scan(), pdf), "1"), (bound(pdf, scan()), str(pages + 1))):
        finding = refusal(data).finding
        assert (finding.code, finding.fields["pages"]) == ("B-060", named)
        assert "文字识别" in finding.next_step("zh")


def test_an_empty_page_is_no_scan(pdf: bytes):
    writer, held = PdfWriter(io.BytesIO(pdf)), io.BytesIO()
    writer.add_blank_page(300, 300)
    writer.write(held)
    assert len(split(text_of(held.getvalue(), "x"))) == 12


# -- lines


FULL = "甲" * 15
CASES = {
    "a broken sentence": ([f"第一条　{FULL}\n乙丙。\n第二条　丁。"], [f"第一条　{FULL}乙丙。", "第二条　丁。"]),
    "over a page": ([f"第一条　{FULL}", f"乙丙。\n第二条　{FULL}。"], [f"第一条　{FULL}乙丙。", f"第二条　{FULL}。"]),
    "a citation at the beginning of a line": (
        [f"第一条　{FULL}依照\n第二条规定的程序。\n第二条　乙。"], [f"第一条　{FULL}依照第二条规定的程序。", "第二条　乙。"],
    ),
    "a short line that ended": ([f"第一条　{FULL}：\n甲。\n乙。"], [f"第一条　{FULL}：甲。", "乙。"]),
    "a word and a number": ([f"第一条　{FULL}PDF\nA4 纸。"], [f"第一条　{FULL}PDF A4 纸。"]),
    "titles stay lines": ([f"办法\n试行\n第一章　总则\n第一条　{FULL}。"], ["办法", "试行", "第一章　总则", f"第一条　{FULL}。"]),
    "a chapter in the middle": (
        [f"第一条　{FULL}\n第二章　附则\n第二条　乙。"], [f"第一条　{FULL}", "第二章　附则", "第二条　乙。"],
    ),
    "spaces of the setting": (["第 一 条　总 则 甲，\n乙 。"], ["第一条　总则甲，乙。"]),
    "characters under another number": (["第⼀条　⼄ﬁ。"], ["第一条　乙fi。"]),
    "heads of left and right": (
        [f"左{n % 2}\n第{n}条　甲。\n{n}" for n in range(1, 7)], [f"第{n}条　甲。" for n in range(1, 7)],
    ),
    "a number that is none of a page": (["第一条　甲\n7"], ["第一条　甲7"]),
    "the number of the page": (["第一条　甲\n1"], ["第一条　甲"]),
    "a date at the end": (["第一条　自\n2026 12"], ["第一条　自2026 12"]),
    "no page": ([], [""]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_lines_become_paragraphs(name: str):
    pages, expected = CASES[name]
    assert joined(pages) == "\n".join(expected)


# -- hostile


def made(*objects: bytes, root: int = 1) -> bytes:
    out, places = b"%PDF-1.7\n", []
    for n, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, body)
    table = b"".join(b"%010d 00000 n \n" % at for at in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    trailer = b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, len(out))
    return out + head + table + trailer


def stream(content: bytes, extra: bytes = b"") -> bytes:
    packed = zlib.compress(content, 9)
    return b"<< /Length %d /Filter /FlateDecode %s >>\nstream\n%s\nendstream" % (len(packed), extra, packed)


CATALOG, PAGES = b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> >> >>"
FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >>"
HOSTILE = {
    "nothing behind the mark": b"%PDF-1.7\n",
    "a tree that is its own branch": made(CATALOG, b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"),
    "a form that draws itself": made(CATALOG, PAGES, PAGE, stream(b"/F Do"), stream(b"/F Do /F Do", FORM)),
    "a page that unpacks to 400 MB": made(CATALOG, PAGES, PAGE, stream(b"BT " * 133_000_000), stream(b"", FORM)),
    "arrays without end": made(CATALOG, PAGES, PAGE, stream(b"[" * 1_000_000), stream(b"", FORM)),
    "a catalogue nested without end": made(b"<< /Type /Catalog /Pages " + b"<< /A " * 100_000),
    "a billion pages": made(CATALOG, b"<< /Type /Pages /Kids [] /Count 1000000000 >>"),
    "too many pages": made(CATALOG, b"<< /Type /Pages /Kids [%s] /Count 501 >>" % (b"3 0 R " * 501), PAGE, stream(b""), b"null"),
    "noise": b"%PDF-1.7\n" + bytes(range(256)) * 4_000,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_pdf_is_refused_in_bounded_time(name: str):
    begun = time.monotonic()
    assert refusal(HOSTILE[name]).finding.code in ("B-055", "B-056", "B-060")
    assert time.monotonic() - begun < 2 * official_pdf.SECONDS + 5


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.99])
def test_a_pdf_cut_off_is_refused_or_read_and_never_half(pdf: bytes, kept: float):
    cut = pdf[: int(len(pdf) * kept)]
    try:
        found = split(text_of(cut, "x"))
    except Refused as refused:
        found = [refused.finding.code]
    assert len(found) == 12 or found[0] in ("B-055", "B-060")


def test_a_reading_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch, pdf: bytes):
    monkeypatch.setattr(official_pdf, "SECONDS", 0.005)
    assert refusal(pdf).finding.fields["reason"] == official_pdf.BROKEN_PDF
