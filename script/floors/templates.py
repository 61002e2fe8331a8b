"""Templates: only faces have them, and one face does not borrow another's."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from script.floors.house import Fault
from script.floors.tree import Tree

FOLDERS = ("templates", "jinja2")
# {% extends "a.html" %}, {% include ["a.html", "b.html"] %}, {% from "a.html" import x %}: each quoted name in the tag.
TAG = re.compile(r"{%-?\s*(?:extends|include|import|from)\b(.*?)%}", re.DOTALL)
QUOTED = re.compile(r"""["']([^"']+\.\w+)["']""")
LOAD = re.compile(r"{%-?\s*load\s+(.*?)-?%}", re.DOTALL)


def faults(tree: Tree) -> Iterator[Fault]:
    homes: dict[str, set[str]] = {}
    files: list[tuple[str, Path]] = []
    for folder in sorted(path for name in FOLDERS for path in tree.folder.rglob(name) if path.is_dir()):
        where = folder.relative_to(tree.folder).parts
        for path in sorted(item for item in folder.rglob("*") if item.is_file()):
            if where[0] != "faces" or len(where) < 3:
                yield Fault(path, 1, "a template outside a face: rooms and what lies below them have none")
                continue
            homes.setdefault(path.relative_to(folder).as_posix(), set()).add(where[1])
            files.append((where[1], path))
    libraries = {
        path.stem: path.relative_to(tree.folder).parts[1]
        for path in (tree.folder / "faces").glob("*/templatetags/*.py")
        if path.stem != "__init__"
    }
    for face, path in files:
        text = path.read_text(encoding="utf-8")
        for tag in TAG.finditer(text):
            for name in QUOTED.findall(tag.group(1)):
                if _borrowed(homes.get(name), face):
                    yield Fault(path, _line(text, tag.start()), f"borrows {name} from {_owners(homes[name])}")
        for tag in LOAD.finditer(text):
            for name in tag.group(1).split():
                if _borrowed({libraries[name]} if name in libraries else None, face):
                    yield Fault(path, _line(text, tag.start()), f"loads the tags {name} of {libraries[name]}")
    yield from _named_in_code(tree, homes)


def _named_in_code(tree: Tree, homes: dict[str, set[str]]) -> Iterator[Fault]:
    for module in tree.modules.values():
        parts = module.name.split(".")
        if len(parts) < 3 or parts[1] != "faces":
            continue
        for node in ast.walk(module.syntax):
            name = node.value if isinstance(node, ast.Constant) else None
            if isinstance(name, str) and _borrowed(homes.get(name), parts[2]):
                yield Fault(module.path, node.lineno, f"borrows {name} from {_owners(homes[name])}")


def _borrowed(homes: set[str] | None, face: str) -> bool:
    return homes is not None and face not in homes


def _owners(homes: set[str]) -> str:
    return "faces." + ", faces.".join(sorted(homes))


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
