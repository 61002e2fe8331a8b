"""Reading the file of an official text (读条文文件): plain text in UTF-8, UTF-16 or GB18030, or a Word document (docx)."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import Path
from xml.etree import ElementTree

from liuhen.engines.rulebook.language import InvalidRulebook

LIMIT_BYTES = 8_000_000
LIMIT_XML = 40_000_000
LIMIT_CHARACTERS = 1_000_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f]")


def bytes_of(path: Path) -> bytes:
    """Return the bytes of the file; refused: B-055 not a file or not readable, B-056 larger than 8 MB."""
    try:
        if not path.is_file():
            # A pipe or a device would be waited for, or read for ever.
            raise InvalidRulebook("B-055", file=path.name, reason="not a file")
        with path.open("rb") as file:
            data = file.read(LIMIT_BYTES + 1)
    except (OSError, ValueError) as error:
        raise InvalidRulebook("B-055", file=path.name, reason=type(error).__name__) from error
    if len(data) > LIMIT_BYTES:
        raise InvalidRulebook("B-056", file=path.name, limit=LIMIT_BYTES)
    return data


def text_of(data: bytes, name: str) -> str:
    """Return the text in a file's bytes; what it is, is seen in them and not in its name.

    Refused: B-055 a PDF, another binary file, or a broken document; B-056 more text than a regulation has.
    """
    if data.startswith(b"%PDF"):
        raise InvalidRulebook("B-055", file=name, reason="a PDF")
    text = _docx(data, name) if data.startswith(b"PK") else _plain(data, name)
    if len(text) > LIMIT_CHARACTERS:
        raise InvalidRulebook("B-056", file=name, limit=LIMIT_CHARACTERS)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _plain(data: bytes, name: str) -> str:
    by_mark = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    for encoding in dict.fromkeys((by_mark, "gb18030")):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _NOT_TEXT.search(text):
            return text
    raise InvalidRulebook("B-055", file=name, reason="not text")


_BROKEN = (
    zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, IndexError,
)  # fmt: skip


class _NoDoctype(ElementTree.TreeBuilder):
    """Takes no document type: no document of Word's has one, and whoever writes one wants entities expanded or fetched."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise ValueError(name)


def _docx(data: bytes, name: str) -> str:
    """Return the paragraphs of a Word document; tables too, cell by cell. Deleted text that is still marked is left out."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("word/document.xml") as file:
            xml = file.read(LIMIT_XML + 1)
    except _BROKEN as error:
        raise InvalidRulebook("B-055", file=name, reason="not a Word document") from error
    if len(xml) > LIMIT_XML:
        raise InvalidRulebook("B-056", file=name, limit=LIMIT_XML)
    parser = ElementTree.XMLParser(target=_NoDoctype())  # noqa: S314 (bounded, and without a document type)
    try:
        parser.feed(xml)
        tree = parser.close()
    except (ElementTree.ParseError, RecursionError, LookupError, ValueError) as error:
        raise InvalidRulebook("B-055", file=name, reason="not a Word document") from error
    # One pass: paragraphs can lie in each other, a thousand times if somebody means ill.
    said = {f"{_W}p": "\n", f"{_W}tab": "\t", f"{_W}br": "\n"}
    pieces = ((node.text or "") if node.tag == f"{_W}t" else said.get(node.tag, "") for node in tree.iter())
    return "".join(pieces).removeprefix("\n")
