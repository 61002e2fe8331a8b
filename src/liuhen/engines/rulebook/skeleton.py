"""A new rulebook to begin with (规则骨架): a pack that loads, is tested, and explains itself in its comments."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from liuhen.engines.rulebook.language import InvalidRulebook
from liuhen.engines.rulebook.load import shipped
from liuhen.engines.rulebook.schema import PARTS, schema
from liuhen.ground.vocabulary import Vocabulary
from liuhen.ground.words import Words

MOST_ARTICLES = 400
LONGEST_TITLE = 200
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new rulebook is called (新规则的封面): id, names, from which day (2026-01-31), how many articles."""

    id: str
    title: Words
    issuer: Words
    from_day: str
    articles: int


def new_rulebook(folder: Path, beginning: Beginning) -> list[Path]:
    """Write a pack into `folder`, which is empty or not there yet; return the files written.

    Refused: B-040 an id that can't be one, or one of the product's; B-041 a folder with something in it; B-042 a title that is
    empty or too long, or a number of articles out of bounds; B-043 a folder that can't be written to.
    """
    _refuse(beginning)
    try:
        if os.path.lexists(folder) and (not folder.is_dir() or any(folder.iterdir())):
            raise InvalidRulebook("B-041", folder=str(folder))
        files = _files(beginning)
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidRulebook("B-043", folder=str(folder), reason=type(error).__name__) from error
    return [folder / name for name in files]


def write_schemas(
    folder: Path, vocabulary: Vocabulary, *, settings: tuple[str, ...] = (), marks: tuple[str, ...] = ()
) -> list[Path]:
    """Write the editor's schemas into `folder`, as the skeleton's first lines name them; refused: B-043."""
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for part in PARTS:
            made = schema(part, vocabulary, settings=settings, marks=marks)
            written.append(folder / f"{part}.schema.json")
            written[-1].write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise InvalidRulebook("B-043", folder=str(folder), reason=type(error).__name__) from error
    return written


def _refuse(beginning: Beginning) -> None:
    if not _ID.match(beginning.id) or len(beginning.id) > 60 or beginning.id in shipped():
        raise InvalidRulebook("B-040", id=beginning.id)
    for name, words in (("title", beginning.title), ("issuer", beginning.issuer)):
        for text in (words.zh, words.en):
            if not text.strip() or len(text) > LONGEST_TITLE or not text.isprintable():
                raise InvalidRulebook("B-042", part=name, wanted=f"text, 1–{LONGEST_TITLE}")
    if not 1 <= beginning.articles <= MOST_ARTICLES:
        raise InvalidRulebook("B-042", part="articles", wanted=f"a whole number from 1 to {MOST_ARTICLES}")


def _files(beginning: Beginning) -> dict[str, str]:
    """Return the text of each file by its name in the folder."""
    kind = beginning.id.replace("-", "_") + ".site_record"
    places = {
        "id": beginning.id,
        "title_zh": _quoted(beginning.title.zh),
        "title_en": _quoted(beginning.title.en),
        "short_zh": _quoted(beginning.title.zh[:20]),
        "short_en": _quoted(beginning.title.en[:40]),
        "issuer_zh": _quoted(beginning.issuer.zh),
        "issuer_en": _quoted(beginning.issuer.en),
        "version": _quoted(beginning.from_day[:4]),
        "from": beginning.from_day,
        "articles": str(beginning.articles),
        "kind": kind,
    }
    files = {
        "rulebook.yaml": _filled("rulebook.yaml", places),
        "kinds/own.yaml": _filled("kinds.yaml", places),
        "articles/001.yaml": _filled("first.yaml", places),
    }
    for no in range(2, beginning.articles + 1):
        files[f"articles/{no:03d}.yaml"] = _filled("further.yaml", places | {"no": str(no)})
    return files


def _quoted(text: str) -> str:
    """Return a text as YAML that means just it, whatever is in it: a JSON string is one."""
    return json.dumps(text.strip(), ensure_ascii=False)


def _filled(name: str, places: Mapping[str, str]) -> str:
    text = resources.files(__package__).joinpath("skeleton_files", name).read_text(encoding="utf-8")
    return re.sub(r"@(\w+)@", lambda m: places[m[1]], text)
