"""Reading the file of an official text (读条文文件): what it is, is seen in its bytes; plain text, Word (docx), HTML, PDF."""

from __future__ import annotations

import re
from pathlib import Path

from liuhen.engines.rulebook.language import InvalidRulebook
from liuhen.engines.rulebook.official_pdf import text_of_pdf
from liuhen.engines.rulebook.official_web import is_page, text_of_page
from liuhen.engines.rulebook.official_word import LIMIT_CHARACTERS, text_of_docx
from liuhen.ground.words import Said

LIMIT_BYTES = 8_000_000
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f]")

NOT_TEXT = Said("不是文本", "not text", "not text")
OLD_WORD = Said(
    "是旧版 Word 或者 WPS 文档（doc、wps）", "an old Word or WPS document (doc, wps)", "an old Word document"
)
RICH_TEXT = Said("是 RTF 文档", "an RTF document", "an RTF document")
_OLE, _RTF = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf"


def bytes_of(path: Path) -> bytes:
    """Return the bytes of the file; refused: B-061 no file, B-055 not readable, B-056 larger than 8 MB."""
    try:
        if not path.is_file():
            # A pipe or a device would be waited for, or read for ever.
            raise InvalidRulebook("B-061", file=str(path))
        with path.open("rb") as file:
            data = file.read(LIMIT_BYTES + 1)
    except (OSError, ValueError) as error:
        raise InvalidRulebook("B-055", file=path.name, reason=type(error).__name__) from error
    if len(data) > LIMIT_BYTES:
        raise InvalidRulebook("B-056", file=path.name, limit=LIMIT_BYTES)
    return data


def text_of(data: bytes, name: str) -> str:
    """Return the text in a file's bytes, whatever its name ends with.

    Refused: B-055 an old Word document, another binary file, or a broken one; B-056 more text than a regulation has; B-060 a PDF
    with pages that are pictures.
    """
    if data.startswith(b"PK"):
        text = text_of_docx(data, name)
    elif b"%PDF-" in data[:1024]:
        text = text_of_pdf(data, name)
    else:
        text = _plain(data, name)
        if is_page(text):
            text = text_of_page(text, name)
    if len(text) > LIMIT_CHARACTERS:
        raise InvalidRulebook("B-056", file=name, limit=LIMIT_CHARACTERS)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _plain(data: bytes, name: str) -> str:
    for start, reason in ((_OLE, OLD_WORD), (_RTF, RICH_TEXT)):
        if data.startswith(start):
            raise InvalidRulebook("B-055", file=name, reason=reason)
    by_mark = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    for encoding in dict.fromkeys((by_mark, "gb18030")):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _NOT_TEXT.search(text):
            return text
    raise InvalidRulebook("B-055", file=name, reason=NOT_TEXT)
