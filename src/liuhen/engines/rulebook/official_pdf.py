"""The text of a PDF (PDF 文本): read by a process of its own whose time and memory are bounded; a scan has none.

    python -m liuhen.engines.rulebook.official_pdf < FILE     print the text of its pages as JSON

A PDF is a program of sorts: what it unpacks to, and how often it points at itself, is up to whoever wrote it. The library that
reads it bounds much of that; the process bounds the rest, and nothing of it is left when it has answered.
"""

from __future__ import annotations

import io
import json
import logging
import resource
import subprocess
import sys
from typing import Any

from liuhen.engines.rulebook.language import InvalidRulebook
from liuhen.engines.rulebook.official_lines import joined
from liuhen.engines.rulebook.official_word import LIMIT_CHARACTERS
from liuhen.ground.words import Said

SECONDS = 20
"""Processor time that the reading may take; twice that on the clock."""
_MEMORY = 1 << 30
_PAGES = 500
_NAMED = 10

LOCKED = Said("PDF 设有密码", "a PDF with a password", "a locked PDF")
BROKEN_PDF = Said(
    "PDF 已损坏，或者读取它要用的时间、内存超出一份制度的范围",
    "a broken PDF, or one whose reading takes more time or memory than a regulation does",
    "a broken PDF",
)


def text_of_pdf(data: bytes, name: str) -> str:
    """Return the text of a PDF in whole paragraphs, as `joined` says. Cost: a process of its own, some tenths of a second.

    Refused: B-055 broken, locked, or beyond the bounds of time and memory; B-056 more pages or text than a regulation has; B-060
    pages that are pictures: a scan has no text, and half a text would be attached as if it were whole.
    """
    # -P: what lies in the folder where the command is called is none of our modules.
    command = [sys.executable, "-P", "-m", "liuhen.engines.rulebook.official_pdf"]
    try:
        run = subprocess.run(
            command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=2 * SECONDS, check=True
        )
        found = json.loads(run.stdout)
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        raise InvalidRulebook("B-055", file=name, reason=BROKEN_PDF) from error
    if "refused" in found:
        raise InvalidRulebook("B-055", file=name, reason=LOCKED if found["refused"] == "locked" else BROKEN_PDF)
    if found["count"] > _PAGES:
        raise InvalidRulebook("B-056", file=name, limit=Said(f"{_PAGES} 页", f"{_PAGES} pages", str(_PAGES)))
    if sum(map(len, found["pages"])) > LIMIT_CHARACTERS:
        raise InvalidRulebook("B-056", file=name, limit=LIMIT_CHARACTERS)
    if pictures := found["pictures"]:
        more = f" … ({len(pictures)})" if len(pictures) > _NAMED else ""
        raise InvalidRulebook("B-060", file=name, pages=", ".join(map(str, pictures[:_NAMED])) + more)
    return joined(found["pages"])


def _read(data: bytes) -> dict[str, Any]:
    """Return `count`, the `pages` with their text, and `pictures`: the numbers of the pages that have none but show something."""
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError, PdfReadError, WrongPasswordError
    from pypdf.generic import DictionaryObject

    try:
        reader = PdfReader(io.BytesIO(data))
        # A document that only forbids changes is open to everybody: its password is the empty one.
        if reader.is_encrypted and not reader.decrypt(""):
            return {"refused": "locked"}
        count, pages, bare, shown, characters = len(reader.pages), [], [], [], 0
        for n, page in enumerate(reader.pages if count <= _PAGES else (), 1):
            text = page.extract_text()
            pages.append(text.encode("utf-8", "replace").decode("utf-8"))
            if (characters := characters + len(text)) > LIMIT_CHARACTERS:
                break
            if not text.strip():
                bare.append(n)
                if isinstance(resources := page.get("/Resources", None), DictionaryObject) and "/XObject" in resources:
                    shown.append(n)
    except (FileNotDecryptedError, WrongPasswordError):
        return {"refused": "locked"}
    except (
        PdfReadError,
        RecursionError,
        MemoryError,
        ArithmeticError,
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
    ):
        return {"refused": "broken"}
    if not pages and count <= _PAGES:
        return {"refused": "broken"}
    # Without a letter on any page it is a scan, or its letters are drawn as outlines.
    return {"count": count, "pages": pages, "pictures": bare if len(bare) == len(pages) else shown}


def main() -> None:
    """Read a PDF from the standard input within the bounds, and print what was found as JSON."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable()
    json.dump(_read(sys.stdin.buffer.read()), sys.stdout)


if __name__ == "__main__":
    main()
