"""What a terminal gets to see (终端输出): aligned, without control characters, in colour only where that is wanted."""

from __future__ import annotations

import json
import os
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TextIO

from liuhen.ground.findings import Finding
from liuhen.ground.words import Language, Words

Ink = Literal["bold", "dim", "red", "amber", "blue", "green", "plain"]
_CODES: dict[str, str] = {"bold": "1", "dim": "2", "red": "31", "amber": "33", "blue": "34", "green": "32"}
_WIDE = frozenset("WF")
_SPACES = frozenset("\u00a0\u3000\u2002\u2003\u2009")


@dataclass(slots=True)
class Terminal:
    """Where a command speaks (输出): `out` for results, `err` for refusals; nothing reaches them uncleaned."""

    out: TextIO
    err: TextIO
    language: Language = "zh"
    width: int = 100
    colour: bool = False
    as_json: bool = False

    @classmethod
    def standard(cls, arguments: Sequence[str]) -> Terminal:
        """Return the terminal of this process; the language is `--lang`, else LIUHEN_LANG, else Chinese."""
        for stream in (sys.stdout, sys.stderr):
            # A terminal that is not UTF-8 shows ? for what it lacks; words stand beside every shape, so nothing is lost.
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")
        language: Language = "en" if _asked(arguments, "--lang", os.environ.get("LIUHEN_LANG", "zh")) == "en" else "zh"
        live = sys.stdout.isatty()
        colour = live and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"
        width = max(60, min(shutil.get_terminal_size((100, 24)).columns, 160)) if live else 100
        return cls(sys.stdout, sys.stderr, language, width, colour, "--json" in arguments)

    def say(self, text: str | Words, ink: Ink = "plain") -> None:
        """Write one line to `out`."""
        self.out.write(self.ink(clean(self.of(text)), ink).rstrip(" ") + "\n")

    def row(self, cells: Iterable[tuple[str, Ink]]) -> None:
        """Write one line of parts, each in its ink; widths are the caller's (`pad`)."""
        self.out.write("".join(self.ink(clean(text), ink) for text, ink in cells).rstrip(" ") + "\n")

    def value(self, value: Any) -> None:
        """Write a JSON value."""
        self.out.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")

    def refuse(self, findings: Iterable[Finding]) -> int:
        """Say why something was refused (JSON: on `out`, else on `err`) and return exit status 2."""
        findings = list(findings)
        if self.as_json:
            self.value({"findings": [finding.as_json() for finding in findings]})
            return 2
        for finding in findings:
            place = f"{finding.place}  " if finding.place else ""
            self.err.write(clean(f"{finding.code}  {place}{finding.sentence(self.language)}") + "\n")
            self.err.write(clean(f"       {finding.next_step(self.language)}") + "\n")
        return 2

    def of(self, text: str | Words) -> str:
        """Return the words in the reader's language."""
        return text.in_(self.language) if isinstance(text, Words) else text

    def ink(self, text: str, ink: Ink) -> str:
        """Return `text` in colour, if this terminal shows any."""
        return f"\x1b[{_CODES[ink]}m{text}\x1b[0m" if self.colour and ink in _CODES and text.strip() else text

    def abandon(self) -> None:
        """Give up a reader that has gone away."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.out.fileno())


def _asked(arguments: Sequence[str], option: str, otherwise: str) -> str:
    for i, argument in enumerate(arguments):
        if argument == option and i + 1 < len(arguments):
            return arguments[i + 1]
        if argument.startswith(option + "="):
            return argument.partition("=")[2]
    return otherwise


def clean(text: str) -> str:
    """Return `text` on one line and without anything that steers a terminal or turns the direction of writing."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else " " if c in _SPACES or c in "\t\n\r" else "�" for c in text)


def columns(text: str) -> int:
    """Return how many columns `text` takes: wide characters two, combining ones none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in _WIDE else 1 for c in text)


def cut(text: str, width: int) -> str:
    """Return `text` shortened to `width` columns, with … where something was left out."""
    text = clean(text)
    if columns(text) <= width:
        return text
    while text and columns(text) > width - 1:
        text = text[:-1]
    return text + "…"


def pad(text: str, width: int) -> str:
    """Return `text` cut or filled up to exactly `width` columns."""
    text = cut(text, width)
    return text + " " * (width - columns(text))


def folded(text: str, width: int, first: str = "", further: str = "") -> list[str]:
    """Return `text` in lines of at most `width` columns; Chinese breaks anywhere, Latin words stay whole where they can."""
    lines: list[str] = []
    line, used = first, columns(first)
    fresh = True
    for piece in _pieces(clean(text)):
        size = columns(piece)
        if used + size > width and not fresh:
            lines.append(line.rstrip(" "))
            line, used, piece = further, columns(further), piece.lstrip(" ")
            size = columns(piece)
        line, used, fresh = line + piece, used + size, False
    return [*lines, line.rstrip(" ")]


_NEVER_FIRST = frozenset("，。；：、！？）》”』」〉…")


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for c in text:
        joined = pieces and (c in _NEVER_FIRST or (_latin(c) and _latin(pieces[-1][-1])))
        if joined:
            pieces[-1] += c
        else:
            pieces.append(c)
    return pieces


def _latin(c: str) -> bool:
    return c != " " and unicodedata.east_asian_width(c) not in _WIDE
