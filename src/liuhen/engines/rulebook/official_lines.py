"""Lines of a printed text (版面还原): running heads are taken away, and a sentence broken by the line is whole again."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from liuhen.engines.rulebook.official_split import is_chapter, opens_article

_HAN = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…"
# A space that the setting put between two characters; the one behind 第一条 or 第一章 says where the number ends.
_PAD = re.compile(rf"(?<=[{_HAN}])(?<![条章节编])[ \u00a0\u2002-\u200a]+(?=[{_HAN}])")
# The same characters under other numbers, as some programs write them into a PDF: radicals, variants, ligatures.
_ALIKE = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufb06]")
_STROKES = "—–－_~·•|/第页共-"
_PAGE_NUMBER = re.compile(rf"[\s{_STROKES}]*(\d{{1,4}})(?:[\s{_STROKES}]+(?:\d{{1,4}}[\s{_STROKES}]*)?)?")
_ITEM = re.compile(
    r"[（(][一二三四五六七八九十百\d]{1,4}[)）]|[一二三四五六七八九十]{1,3}[、．.]|\d{1,3}[、．.](?!\d)|[①-⑳]"
)
_ENDED = ("。", "：", "；", "！", "？", "。”", "！”", "？”", "；”", "。）", ":", ";")
_RUNNING_LINES = 3
_FULL = 0.8


def closed_up(line: str) -> str:
    """Return a line without the spaces that the setting put between its Chinese characters."""
    return _PAD.sub("", line)


def joined(pages: Sequence[str]) -> str:
    """Return the text of pages with whole paragraphs: no running heads, no page numbers, no break in the middle of a sentence.

    Before the first article each line stays a line: titles and contents. An article, a chapter and an item（一）begin a line.
    A line goes on with the next unless it ended a sentence and is shorter than the lines of its page.
    """
    paragraphs: list[str] = []
    within, apart = False, True
    for lines in _without_running([_lines(page) for page in pages]):
        full = max(map(_width, lines), default=0) * _FULL
        for line in lines:
            opens, chapter = opens_article(line), is_chapter(line)
            if apart or not within or opens or chapter or _ITEM.match(line):
                paragraphs.append(line)
            else:
                paragraphs[-1] = _after(paragraphs[-1], line)
            within = within or opens
            apart = chapter or (line.endswith(_ENDED) and _width(line) < full)
    return "\n".join(paragraphs)


def _lines(page: str) -> list[str]:
    said = _ALIKE.sub(lambda m: unicodedata.normalize("NFKC", m[0]), page)
    lines = (closed_up(line.strip()) for line in said.splitlines())
    return [line for line in lines if line]


def _without_running(pages: list[list[str]]) -> Iterable[list[str]]:
    for end in (0, -1):
        for _ in range(_RUNNING_LINES):
            seen = Counter(_figures_apart(page[end]) for page in pages if page)
            for n, page in enumerate(pages, 1):
                if page and not opens_article(page[end]) and (_numbers(page[end], n) or _again(seen, page[end], pages)):
                    del page[end]
    return pages


def _again(seen: Counter[str], line: str, pages: Sequence[object]) -> bool:
    # A third of the pages: left and right can have heads of their own, and a cover has none.
    times = seen[_figures_apart(line)]
    return times >= 2 and times * 3 >= len(pages)


def _numbers(line: str, page: int) -> bool:
    """Whether a line is the number of its page: it says so by its strokes, or is just that number."""
    m = _PAGE_NUMBER.fullmatch(line)
    return m is not None and (not set(_STROKES).isdisjoint(line) or line == str(page))


def _figures_apart(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def _after(before: str, line: str) -> str:
    return f"{before} {line}" if before[-1:].isascii() and line[:1].isascii() else before + line
