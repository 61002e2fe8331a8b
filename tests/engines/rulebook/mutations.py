"""Rulebooks gone wrong (损坏的规则): a copy with one to three changes, in its values or in its text."""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from liuhen.ground.located import Block, read

JUNK: list[Any] = [
    None, True, False, 0, 1, -1, 24, 100_000, 10**15 - 1, 10**30, "", "x", "yes", "y" * 600, "{0}{near}%s", "'", ".", "../x",
    "a.b.c", "2026-13-01", "0001-01-01", "9999-12-31", "0001-01-01T00:00", "9999-12-31T23:59", "0001-01-01 case.opened", "case",
    "case.opened",
    [], [[]], {}, [None], {"kind": "case.opened"}, {"zh": "a", "en": "b"}, {"setting": {}}, "\u202e\ud7ff\ue000\U0001f600",
]  # fmt: skip
WORDS = [
    "no",
    "~",
    "1e9",
    "0x1F",
    "0o7",
    "1_000",
    "12:30:45",
    ".nan",
    "<<",
    "=",
    "2026-03-02",
    "off",
    "!!str x",
    "&a 1",
]
SIGNS = "[]{}:,-#&*!|>'\"%@`\n\t \0\x1b\ufeff\u2028é~?"


def plain(tree: Any) -> Any:
    """The values of a file without their places."""
    if isinstance(tree, Block):
        return {k: plain(v) for k, v in tree.items()}
    return [plain(v) for v in tree] if isinstance(tree, list) else tree


def places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path to every value in a tree, its own first."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path] + [p for key, value in items for p in places(value, (*path, key))]


def value_at(tree: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        tree = tree[key]
    return tree


def put(tree: Any, path: tuple[Any, ...], *instead: Any) -> Any:
    """The tree with other values at a path; with none there, the place is left out."""
    if not path:
        return instead[0] if instead else None
    key, *rest = path
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree)
    kept = [(k, put(v, tuple(rest), *instead) if k == key else v) for k, v in pairs if rest or instead or k != key]
    return dict(kept) if isinstance(tree, dict) else [v for _, v in kept]


@cache
def files_of(source: Path) -> dict[str, str]:
    """The text of each file of a rulebook."""
    files = [source / "rulebook.yaml", *sorted((source / "articles").glob("*.yaml")), *sorted(source.glob("kinds/*"))]
    return {str(f.relative_to(source)): f.read_text(encoding="utf-8") for f in files}


@cache
def parts_of(source: Path) -> list[Any]:
    """Every value that stands anywhere in a rulebook."""
    trees = [plain(read(source / name)) for name in files_of(source)]
    return [value_at(tree, path) for tree in trees for path in places(tree)]


def _changed_tree(draw: st.DrawFn, source: Path, name: str) -> bytes:
    tree = plain(read(source / name))
    parts = parts_of(source)
    keys = sorted({k for part in parts if isinstance(part, dict) for k in part})
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(places(tree)))
        held = value_at(tree, path)
        other = draw(st.sampled_from(JUNK) | st.sampled_from(parts))
        what = draw(st.sampled_from(["replace", "leave out", "add", "rename"]))
        if what == "leave out" and path:
            tree = put(tree, path)
        elif what == "add" and isinstance(held, dict):
            tree = put(tree, path, {**held, draw(st.sampled_from(keys)): other})
        elif what == "add" and isinstance(held, list):
            tree = put(tree, path, [*held, other])
        elif what == "rename" and isinstance(held, dict) and held:
            old = draw(st.sampled_from(sorted(held)))
            tree = put(tree, path, {draw(st.sampled_from(keys)) if k == old else k: v for k, v in held.items()})
        else:
            tree = put(tree, path, other)
    return yaml.safe_dump(tree, allow_unicode=True, sort_keys=False).encode()


def _changed_text(draw: st.DrawFn, text: str) -> bytes:
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(text)))
        what = draw(st.sampled_from(["cut off", "cut out", "sign", "word", "line twice"]))
        if what == "cut off":
            text = text[:at]
        elif what == "cut out":
            text = text[:at] + text[at + draw(st.integers(1, 30)) :]
        elif what == "sign":
            text = text[:at] + draw(st.sampled_from(SIGNS)) + text[at + draw(st.integers(0, 1)) :]
        elif what == "word" and (found := re.compile(r"[\w.-]+").search(text, at)):
            text = text[: found.start()] + draw(st.sampled_from(WORDS)) + text[found.end() :]
        else:
            lines = text.split("\n")
            line = draw(st.integers(0, len(lines) - 1))
            lines.insert(draw(st.integers(0, len(lines))), lines[line])
            text = "\n".join(lines)
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-8", "utf-8", "utf-8-sig", "gbk", "utf-16"]))
    return text.encode(encoding, "replace")


@st.composite
def changes(draw: st.DrawFn, source: Path) -> tuple[str, bytes]:
    """One file of a rulebook, and what stands in it instead."""
    name = draw(st.sampled_from(sorted(files_of(source))))
    if draw(st.booleans()):
        return name, _changed_tree(draw, source, name)
    return name, _changed_text(draw, files_of(source)[name])


def changed_copy(source: Path, folder: Path, change: tuple[str, bytes]) -> Path:
    """Copy a rulebook with one file changed; return its folder."""
    path = folder / source.name
    shutil.copytree(source, path)
    (path / change[0]).write_bytes(change[1])
    return path
