"""Names and sizes: every module on a floor, no name that says nothing, no file with more than one subject in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from script.floors.house import APART, DATA, Fault, floor
from script.floors.tree import Module, Tree

EMPTY_WORDS = {"util", "utils", "helper", "helpers", "manager", "managers", "common", "misc"}
LONGEST_FILE = 450
SOURCES = {".py", ".js", ".css", ".html"}


def faults(tree: Tree) -> Iterator[Fault]:
    yield from _sizes(tree)
    for module in tree.modules.values():
        parts = module.name.split(".")
        if floor(module.name) is None:
            yield Fault(module.path, 1, f"{module.name} is on no floor of the house")
        elif len(parts) > 1 and parts[1] in DATA and not module.is_package:
            yield Fault(module.path, 1, f"{parts[1]} holds data only")
        elif len(parts) == 2 and parts[1] in APART and _says_anything(module):
            yield Fault(module.path, 1, f"the parts of {parts[1]} do not know each other: nothing stands between them")
        yield from _empty_names(module)


def _sizes(tree: Tree) -> Iterator[Fault]:
    for path in sorted(tree.folder.rglob("*")):
        below = path.relative_to(tree.folder).parts
        made = "migrations" in below or "build" in below
        if path.suffix in SOURCES and path.is_file() and not made:
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > LONGEST_FILE:
                yield Fault(path, lines, f"{lines} lines, more than {LONGEST_FILE}: more than one subject?")


def _says_anything(module: Module) -> bool:
    """Whether there is more in it than a docstring."""
    return any(not isinstance(node, ast.Expr) for node in module.syntax.body)


def _empty_names(module: Module) -> Iterator[Fault]:
    last = module.name.split(".")[-1]
    if word := _empty_word(last):
        yield Fault(module.path, 1, f'"{word}" in the name of a module says nothing about its subject')
    for node in ast.walk(module.syntax):
        if isinstance(node, ast.ClassDef) and (word := _empty_word(node.name)):
            yield Fault(module.path, node.lineno, f'"{word}" in the name of a class says nothing about its subject')
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.strip("_").lower() in EMPTY_WORDS:
            yield Fault(module.path, node.lineno, f'"{node.name}" says nothing about what the function does')


def _empty_word(name: str) -> str | None:
    """Return the word that says nothing in a_snake_case or a CamelCase name, or None."""
    words = re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)
    return next((word for word in words if word.lower() in EMPTY_WORDS), None)
