"""The official text of a regulation (正式文本), attached by an office: kept in its data folder, never in the product."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from liuhen.engines.rulebook.language import InvalidRulebook
from liuhen.engines.rulebook.official_file import bytes_of, text_of
from liuhen.engines.rulebook.official_split import MOST_ARTICLES, OfficialArticle, doubled, split

FOLDER = "texts"
_VERSION = 1
_DOUBLES_SAID = 3
_LIMIT_KEPT = 16_000_000


@dataclass(frozen=True, slots=True)
class OfficialText:
    """An official text (正式文本): whose, from which file, its digest (SHA-256) and when it was attached (ISO 8601)."""

    rulebook: str
    file: str
    sha256: str
    attached: str
    articles: tuple[OfficialArticle, ...]

    @property
    def by_number(self) -> Mapping[str, tuple[OfficialArticle, ...]]:
        """The articles by their number; one that stands twice is there twice."""
        found: dict[str, list[OfficialArticle]] = {}
        for article in self.articles:
            found.setdefault(article.no, []).append(article)
        return MappingProxyType({no: tuple(listed) for no, listed in found.items()})


def read_official(path: Path, rulebook: str, at: datetime, first: int = 1, last: int | None = None) -> OfficialText:
    """Read the file of an official text and split it; nothing is kept yet.

    first, last: which lines of the file are the text, both counted in, from 1; None: to its end.

    Refused: B-054 no 第…条 in it, or more than any text has; B-051 an article stands twice, as where several texts lie in one
    file: which of them is meant is not guessed; B-061 no file; B-055 and B-056 as `text_of` says.
    """
    data = bytes_of(path)
    lines = text_of(data, path.name).split("\n")[:last]
    # What stands before is left empty, so that each article keeps its line.
    articles = split("\n".join([*([""] * (first - 1)), *lines[first - 1 :]]))
    if not 1 <= len(articles) <= MOST_ARTICLES:
        raise InvalidRulebook("B-054", file=path.name, found=len(articles))
    if twice := doubled(articles, path.name):
        raise InvalidRulebook.for_all(twice[:_DOUBLES_SAID])
    when = at.isoformat(timespec="seconds")
    return OfficialText(rulebook, path.name, hashlib.sha256(data).hexdigest(), when, articles)


def keep(home: Path, text: OfficialText, *, replace: bool = False) -> None:
    """Keep an official text in the data folder; wholly or not at all.

    Refused: B-057 there is one already, unless it is to be replaced; B-043 the folder can't be written to.
    """
    path = _place(home, text.rulebook)
    if path.exists() and not replace:
        raise InvalidRulebook("B-057", rulebook=text.rulebook)
    body = {"version": _VERSION, **asdict(text)}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(body, file, ensure_ascii=False)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
    except OSError as error:
        raise InvalidRulebook("B-043", folder=str(path.parent), reason=type(error).__name__) from error


def withdraw(home: Path, rulebook: str) -> None:
    """Take the official text away again; refused: B-058 there is none, B-043 it can't be taken away."""
    path = _place(home, rulebook)
    try:
        path.unlink()
    except FileNotFoundError as error:
        raise InvalidRulebook("B-058", rulebook=rulebook) from error
    except OSError as error:
        raise InvalidRulebook("B-043", folder=str(path.parent), reason=type(error).__name__) from error


def attached(home: Path, rulebook: str) -> OfficialText | None:
    """Return the official text that the office attached to a rulebook, or None. Costs one small file read.

    Refused: B-059 what is kept can't be read.
    """
    path = _place(home, rulebook)
    try:
        if path.stat().st_size > _LIMIT_KEPT:
            raise ValueError
        return _read(json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InvalidRulebook("B-059", rulebook=rulebook, file=str(path)) from error


def _read(held: Any) -> OfficialText:
    if held["version"] != _VERSION:
        raise ValueError
    articles = tuple(
        OfficialArticle(str(a["no"]), str(a["chapter"]), str(a["text"]), int(a["line"])) for a in held["articles"]
    )
    said = {key: str(held[key]) for key in ("rulebook", "file", "sha256", "attached")}
    return OfficialText(**said, articles=articles)


def _place(home: Path, rulebook: str) -> Path:
    # A rulebook outside the product is called as its folder: whatever that is, one file is meant and no path.
    return home / FOLDER / f"{rulebook.replace('/', '_')}.json"
