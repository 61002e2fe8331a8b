"""The text of a web page (网页文本), as offices save it from a site: its paragraphs, without tags, scripts and styles."""

from __future__ import annotations

import html
import re

from liuhen.engines.rulebook.language import InvalidRulebook
from liuhen.engines.rulebook.official_lines import closed_up
from liuhen.ground.words import Said

BROKEN_PAGE = Said("网页已损坏", "a broken web page", "a broken web page")
_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|body|meta|title|div|p|table)\b",
    re.I | re.S,
)
_OPENS = re.compile(r"<(?=[a-zA-Z/!?])")  # else it is a sign in the text
_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]{0,20})")
_BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd div dl dt footer form h1 h2 h3 h4 h5 h6 head header hr li main"
    " nav ol p pre section table tbody tfoot thead title tr ul".split()
)
_UNSAID = frozenset(("script", "style", "template", "noscript", "title"))
_BLANK = re.compile(r"[ \t\r\n\f]+")


def is_page(text: str) -> bool:
    """Return whether a text is a web page: it begins as one."""
    return _PAGE.match(text) is not None


def text_of_page(text: str, name: str) -> str:
    """Return the paragraphs of a web page, one a line. Cost: one pass, whatever stands in it. Refused: B-055."""
    pieces, at, kept = [], 0, 0
    while opens := _OPENS.search(text, at):
        begin = opens.start()
        pieces.append(_said(text[at:begin], kept))
        if text.startswith("<!--", begin):
            end = text.find("-->", begin)
            at = end + 3 if end >= 0 else len(text)
            continue
        tag = _NAME.match(text, begin)
        end = text.find(">", begin)
        at = end + 1 if end >= 0 else len(text)
        called, closing = (tag[1].lower(), text[begin + 1] == "/") if tag else ("", False)
        if called in _BLOCKS:
            pieces.append("\n")
        elif called in ("td", "th") and not closing:
            pieces.append("\t")
        if called == "pre":
            kept = max(0, kept + (-1 if closing else 1))
        if called in _UNSAID and not closing:
            ends = re.compile(rf"</{called}", re.I).search(text, at)
            at = ends.start() if ends else len(text)
    pieces.append(_said(text[at:], kept))
    try:
        said = html.unescape("".join(pieces))
    except ValueError as error:  # a number of thousands of digits
        raise InvalidRulebook("B-055", file=name, reason=BROKEN_PAGE) from error
    return "\n".join(closed_up(line.strip(" ")) for line in said.split("\n"))


def _said(text: str, kept: int) -> str:
    """A break of the source is a space, but in what is laid out beforehand."""
    return text if kept else _BLANK.sub(" ", text)
