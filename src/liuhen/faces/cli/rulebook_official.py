"""The official text beside our own words (并列正式文本): what `liuhen rulebook show` adds where the office attached one."""

from __future__ import annotations

from typing import Any

from liuhen.engines.rulebook.official import attached
from liuhen.faces.cli.speech import filled, words
from liuhen.faces.cli.terminal import Terminal, cut, folded
from liuhen.ground.data_folder import data_folder

MOST_LINES = 200


def say_official(rulebook: str, no: str, terminal: Terminal) -> None:
    """Say the official text of an article, if one is attached; refused: B-059 it can't be read any more."""
    text = attached(data_folder(), rulebook)
    if text is None:
        return
    said = words("writing")
    terminal.say("")
    terminal.say(
        filled(said["official"], file=cut(text.file, 60), day=text.attached[:10], digest=text.sha256[:12]), "bold"
    )
    found = text.by_number.get(no, ())
    for article in found:
        lines = [line for part in article.text.splitlines() for line in folded(part, terminal.width, "  ", "  ")]
        for line in lines[:MOST_LINES]:
            terminal.say(line)
        if len(lines) > MOST_LINES:
            terminal.say("  …")
    if not found:
        terminal.say(said["official_lacks"])


def official_json(rulebook: str, no: str) -> dict[str, Any]:
    """Return the official text of an article as JSON values; nothing where none is attached. Refused: B-059."""
    text = attached(data_folder(), rulebook)
    if text is None:
        return {}
    articles = [{"chapter": a.chapter, "text": a.text, "line": a.line} for a in text.by_number.get(no, ())]
    source = {"file": text.file, "sha256": text.sha256, "attached": text.attached}
    return {"official": {**source, "articles": articles}}
