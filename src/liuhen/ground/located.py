"""YAML with the line of everything (带行号的数据): keys are text, duplicate keys and aliases are refused."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import Any

import yaml

from liuhen.ground.errors import Refused

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS_OF_TRUTH = {"yes": True, "true": True, "no": False, "false": False}
_WHOLE = re.compile(r"[+-]?\d{1,15}\Z", re.ASCII)
LIMIT_BYTES = 4_000_000
DEEPEST = 40


class Block(dict[str, Any]):
    """A mapping that knows where it stands (带位置的映射): `line` of itself, `lines` of its keys, `source` of the file."""

    __slots__ = ("line", "lines", "source")

    def __init__(self, source: str, line: int) -> None:
        super().__init__()
        self.source = source
        self.line = line
        self.lines: dict[str, int] = {}

    def at(self, key: str | None = None) -> str:
        """Return `file:line` of a key, or of the block."""
        return f"{self.source}:{self.lines.get(key, self.line) if key else self.line}"


class Unreadable(Refused):
    """A data file that is not well-formed (数据文件不可读): Y-001 to Y-005 name file and line."""


def read(path: Path, shown: str | None = None) -> Any:
    """Read one YAML file; Block for mappings, list, str, int, bool or None for the rest.

    Refused: Y-001 not readable or not UTF-8, Y-002 not YAML, Y-003 a key twice, Y-004 an alias or tag, Y-005 larger than 4 MB.
    """
    source = shown or str(path)
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            # A pipe or a device would be waited for, or read for ever.
            raise Unreadable("Y-001", file=source, reason="not a file")
        if found.st_size > LIMIT_BYTES:
            raise Unreadable("Y-005", file=source, limit=LIMIT_BYTES)
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable("Y-001", file=source, reason=type(error).__name__) from error
    return parse(text, source)


def files_in(folder: Path, shown: str) -> list[Path]:
    """Return the `*.yaml` files of a folder by name, hidden ones left out; none where there is no such folder.

    Refused: Y-001 a folder that can't be looked into.
    """
    try:
        names = sorted(os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise Unreadable("Y-001", file=shown, reason=type(error).__name__) from error
    return [folder / name for name in names if name.endswith(".yaml") and not name.startswith(".")]


def parse(text: str, source: str) -> Any:
    """Parse YAML text; see `read`."""
    try:
        deep = 0
        for event in yaml.parse(text, Loader=_Loader):
            # Counted before composing: the composer recurses in C and would take the process down.
            deep += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if deep > DEEPEST:
                raise Unreadable("Y-002", file=source, line=_line(event), reason="nested too deeply")
            named = isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None)
            if named or getattr(event, "tag", None) is not None:
                raise Unreadable("Y-004", file=source, line=_line(event))
        node = yaml.compose(text, Loader=_Loader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise Unreadable(
            "Y-002",
            file=source,
            line=mark.line + 1 if mark else 1,
            reason=str(getattr(error, "problem", "") or type(error).__name__),
        ) from error
    return None if node is None else _value(node, source, 0)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1 if event.start_mark else 1


def _value(node: yaml.Node, source: str, depth: int) -> Any:
    line = node.start_mark.line + 1
    if depth > DEEPEST:
        raise Unreadable("Y-002", file=source, line=line, reason="nested too deeply")
    if isinstance(node, yaml.MappingNode):
        block = Block(source, line)
        for key_node, value_node in node.value:
            key_line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise Unreadable("Y-002", file=source, line=key_line, reason="a key that is not text")
            key = str(key_node.value)
            if key in block:
                raise Unreadable("Y-003", file=source, line=key_line, key=key)
            block[key] = _value(value_node, source, depth + 1)
            block.lines[key] = key_line
        return block
    if isinstance(node, yaml.SequenceNode):
        return [_value(n, source, depth + 1) for n in node.value]
    return _scalar(node)


def _scalar(node: yaml.Node) -> Any:
    text = str(node.value)
    if node.tag.endswith(":bool"):
        # YAML 1.1 also takes on, off, y and n for booleans; in our data those are words.
        return _WORDS_OF_TRUTH.get(text.lower(), text)
    if node.tag.endswith(":int"):
        # Longer numbers are no amounts of ours, and JSON could not carry them exactly: they stay text.
        return int(text) if _WHOLE.match(text) else text
    if node.tag.endswith(":null"):
        return None
    return text
