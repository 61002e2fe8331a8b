"""The text of a Word document (docx 文本): its paragraphs, read as they come and never held as a tree."""

from __future__ import annotations

import io
import zipfile
import zlib
from xml.etree import ElementTree

from liuhen.engines.rulebook.language import InvalidRulebook
from liuhen.ground.words import Said

LIMIT_CHARACTERS = 1_000_000
"""No regulation has more; whatever the file is."""
_LIMIT_XML = 40_000_000
_PIECE = 1 << 20
NOT_WORD = Said("不是 Word 文档（docx）或者已损坏", "not a Word document (docx), or broken", "not a Word document")
_BROKEN = (
    zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, IndexError,
    ElementTree.ParseError, LookupError,
)  # fmt: skip
# The two families in which Word writes: as ever, and "strict".
_SPACES = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
)
_SAID = {f"{space}{tag}": said for space in _SPACES for tag, said in (("p", "\n"), ("tab", "\t"), ("br", "\n"))}
_TEXT = {f"{space}t" for space in _SPACES}
# The same text box once more, for programs of long ago.
_AGAIN = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


class _Paragraphs:
    """Gathers the text while the XML is read: however deep it lies, and whatever else is there, nothing more is held.

    A document type is not taken: no document of Word's has one, and whoever writes one wants entities expanded or fetched.
    """

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.characters = 0
        self.in_text = False
        self.again = 0

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise ValueError(name)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == _AGAIN:
            self.again += 1
        elif not self.again:
            self.in_text = tag in _TEXT
            self._add(_SAID.get(tag, ""))

    def end(self, tag: str) -> None:
        if tag == _AGAIN:
            self.again -= 1
        self.in_text = False

    def data(self, text: str) -> None:
        if self.in_text:
            self._add(text)

    def close(self) -> str:
        return "".join(self.pieces).removeprefix("\n")

    def _add(self, text: str) -> None:
        if text:
            self.pieces.append(text)
            self.characters += len(text)


def text_of_docx(data: bytes, name: str) -> str:
    """Return the paragraphs of a Word document; tables too, cell by cell. Deleted text that is still marked is left out.

    Refused: B-055 another archive, a broken one, XML with a document type; B-056 more text, or more XML, than a regulation has.
    """
    gathered, read = _Paragraphs(), 0
    parser = ElementTree.XMLParser(target=gathered)  # noqa: S314 (bounded, and without a document type)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("word/document.xml") as file:
            while piece := file.read(_PIECE):
                read += len(piece)
                if read > _LIMIT_XML or gathered.characters > LIMIT_CHARACTERS:
                    raise InvalidRulebook(
                        "B-056", file=name, limit=_LIMIT_XML if read > _LIMIT_XML else LIMIT_CHARACTERS
                    )
                parser.feed(piece)
        parser.close()
    except InvalidRulebook:
        raise
    except _BROKEN as error:
        raise InvalidRulebook("B-055", file=name, reason=NOT_WORD) from error
    return gathered.close()
