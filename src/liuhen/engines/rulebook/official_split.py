"""An official text in its articles (条文切分): split at 第…条, with what is missing or stands twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from liuhen.ground.findings import Finding
from liuhen.ground.numerals import WRITTEN, number_of

_SPACE = r"[ \t\u3000\u00a0]"
# Where an article can begin: at the beginning of a line, or right behind a full stop where a text came without its lines.
_HEADING = re.compile(
    rf"(?:^|(?<=[。！？”；])){_SPACE}*【?第{_SPACE}?([{WRITTEN}]{{1,8}}){_SPACE}?条(?:之([{WRITTEN}]{{1,4}}))?(】?)",
    re.MULTILINE,
)
_CHAPTER = re.compile(
    rf"^{_SPACE}*(第{_SPACE}?[{WRITTEN}]{{1,8}}{_SPACE}?[编章节](?![{WRITTEN}]*条).{{0,60}})$", re.MULTILINE
)
# What goes on after a cited article: 第三条规定的, 第三条第二款, 第三条、第四条.
_CITED = (*"第的和与或至到及所中之、，。；：,)）”》", "规定", "以外")
_APART = re.compile(rf"{_SPACE}|\r?\n|\Z")
_MARKED = re.compile(rf"[、：:．.](?!{_SPACE}*第)")
MOST_ARTICLES = 2_000


@dataclass(frozen=True, slots=True)
class OfficialArticle:
    """One article of the official text (条文): its number (`5`, `5-1` for 第五条之一), chapter, text, and line in the file."""

    no: str
    chapter: str
    text: str
    line: int


def split(text: str) -> tuple[OfficialArticle, ...]:
    """Return the articles of a text in its order; none where no line begins with 第…条. Cost: linear in the text."""
    starts = list(_starts(text))
    chapters = [(m.start(), m[1].strip()) for m in _CHAPTER.finditer(text)]
    found, line, counted, n, chapter = [], 1, 0, 0, ""
    ends = [begin for begin, _, _ in starts[1:]] + [len(text)]
    for (begin, body, no), end in zip(starts, ends, strict=False):
        while n < len(chapters) and chapters[n][0] < begin:
            chapter = chapters[n][1]
            n += 1
        line, counted = line + text.count("\n", counted, begin), begin
        # The heading of the next chapter is no part of the last article before it.
        stop = chapters[n][0] if n < len(chapters) and chapters[n][0] < end else end
        found.append(OfficialArticle(no, chapter, _tidy(text[body:stop].lstrip("、：:．. \t\u3000")), line))
    return tuple(found)


def opens_article(line: str) -> bool:
    """Return whether an article begins with this line, as far as the line alone can tell: its number, and no citation."""
    m = _HEADING.match(line)
    return m is not None and bool(m[3] or _APART.match(line, m.end()) or not _cited(line, m.end()))


def is_chapter(line: str) -> bool:
    """Return whether this line is the heading of a part, a chapter or a section."""
    return _CHAPTER.match(line) is not None


def _cited(text: str, end: int) -> bool:
    """Whether the number that ends here is cited. Some texts write 第一条、… for a heading; a citation goes on with another."""
    return text.startswith(_CITED, end) and not _MARKED.match(text, end)


def _starts(text: str) -> Iterable[tuple[int, int, str]]:
    last = 0
    for m in _HEADING.finditer(text):
        number, more = number_of(m[1]), number_of(m[2]) if m[2] else 0
        if number is None or more is None:
            continue
        apart = m[3] != "" or _APART.match(text, m.end())
        # Without a space behind it, it is an article only where the next one is due and nothing makes it a citation.
        due = number == last + 1 or (more and number == last)
        if apart or (due and not _cited(text, m.end())):
            last = number
            yield m.start(), m.end(), f"{number}-{more}" if more else str(number)


def _tidy(text: str) -> str:
    lines = (line.strip(" \t\r\u3000\u00a0") for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def irregular(articles: Sequence[OfficialArticle], known: Iterable[str], name: str) -> tuple[Finding, ...]:
    """Return what is odd in a split text, held against the numbered articles that the rulebook has (`known`).

    B-050 numbers missing between the first and the last, B-052 articles of the rulebook that the text lacks, B-053 articles of
    the text that the rulebook lacks. `name`: the file, for the places.
    """
    found = []
    lines = dict.fromkeys(article.no for article in articles)
    numbers = {int(no.partition("-")[0]) for no in lines}
    if gaps := sorted(set(range(1, max(numbers, default=0) + 1)) - numbers):
        found.append(Finding("B-050", {"articles": _listed(map(str, gaps))}, name))
    numbered = [no for no in known if no.partition("-")[0].isdigit()]
    if lacking := [no for no in numbered if no not in lines]:
        found.append(Finding("B-052", {"articles": _listed(lacking)}, name))
    if beyond := [no for no in lines if no not in set(numbered)]:
        found.append(Finding("B-053", {"articles": _listed(beyond)}, name))
    return tuple(found)


def doubled(articles: Sequence[OfficialArticle], name: str) -> list[Finding]:
    """Return B-051 for each article that stands more than once, in their order."""
    lines: dict[str, list[int]] = {}
    for article in articles:
        lines.setdefault(article.no, []).append(article.line)
    return [
        Finding("B-051", {"article": no, "lines": _listed(map(str, at))}, f"{name}:{at[1]}")
        for no, at in lines.items()
        if len(at) > 1
    ]


def _listed(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:20]) + (f" … ({len(listed)})" if len(listed) > 20 else "")
