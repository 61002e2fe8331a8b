"""Arrows between modules: imports wherever they stand, and strings that name a module."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from script.floors.house import FLOORS
from script.floors.tree import Module, Tree

IMPORTERS = {"importlib.import_module", "__import__", "django.utils.module_loading.import_string"}


@dataclass(frozen=True)
class Arrow:
    """A module knows another one. `target` is None for an import by a computed name."""

    target: str | None
    line: int
    # False inside a function or under TYPE_CHECKING: such an import does not run when the module is loaded.
    on_load: bool


def arrows(tree: Tree, module: Module) -> Iterator[Arrow]:
    """Yield every arrow from `module` to a module of the same package."""
    package = tree.folder.name
    # A dotted path, also with an attribute behind a colon, as servers and entry points write it.
    dotted = re.compile(rf"{package}\.({'|'.join(FLOORS)})(\.\w+)*(:\w+)?")
    for node, on_load in _walk(module.syntax, on_load=True):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for target in _imported(tree, module, node):
                if target.split(".")[0] == package:
                    yield Arrow(target, node.lineno, on_load)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and dotted.fullmatch(node.value):
            yield Arrow(tree.nearest(node.value.split(":")[0]), node.lineno, on_load=False)
        elif isinstance(node, ast.Call) and module.spelled_out(node.func) in IMPORTERS and node.args:
            yield from _computed(tree, module, node)


def outside(module: Module) -> Iterator[tuple[str, int, bool]]:
    """Yield what `module` imports from other packages: full name, line, and whether the import runs on loading."""
    for node, on_load in _walk(module.syntax, on_load=True):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno, on_load
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module, node.lineno, on_load


def _walk(node: ast.AST, *, on_load: bool) -> Iterator[tuple[ast.AST, bool]]:
    yield node, on_load
    for child in ast.iter_child_nodes(node):
        later = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) or (
            isinstance(node, ast.If) and child in node.body and "TYPE_CHECKING" in ast.unparse(node.test)
        )
        yield from _walk(child, on_load=on_load and not later)


def _imported(tree: Tree, module: Module, node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield alias.name
        return
    base = node.module or ""
    if node.level:
        # `from . import x` counts from the package in which the file lies.
        start = module.name.split(".") + ([""] if module.is_package else [])
        base = ".".join([*start[: -node.level], *([node.module] if node.module else [])])
    for alias in node.names:
        # `from liuhen.engines import ledger` is an arrow to the ledger, not to the floor.
        yield tree.nearest(f"{base}.{alias.name}") if base.split(".")[0] == tree.folder.name else base


def _computed(tree: Tree, module: Module, call: ast.Call) -> Iterator[Arrow]:
    """An import by name: a plain string is seen elsewhere; one that begins with a package is an arrow to it."""
    name = call.args[0]
    if isinstance(name, ast.Constant):
        return
    package = _beginning(module, name).rpartition(".")[0]
    if package.count(".") == 0:
        yield Arrow(None, call.lineno, on_load=False)
    elif package.split(".")[0] == tree.folder.name:
        yield Arrow(tree.nearest(package), call.lineno, on_load=False)


def _beginning(module: Module, name: ast.expr) -> str:
    """Return how a computed name begins: `f"{__package__}.{x}"` and `"liuhen.rooms." + x` begin with a package."""
    parts = name.values if isinstance(name, ast.JoinedStr) else [name.left] if isinstance(name, ast.BinOp) else []
    known = ""
    for part in parts:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            known += part.value
        elif isinstance(part, ast.FormattedValue) and ast.unparse(part.value) == "__package__":
            known += module.name if module.is_package else module.name.rpartition(".")[0]
        else:
            break
    return known
