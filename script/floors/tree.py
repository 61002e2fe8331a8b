"""The source tree of the package: its modules, each parsed once."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True)
class Module:
    """One Python file, by its dotted name."""

    name: str
    path: Path
    is_package: bool

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def syntax(self) -> ast.Module:
        return ast.parse(self.text, filename=str(self.path))

    @cached_property
    def bindings(self) -> dict[str, str]:
        """What imported names stand for: `from datetime import datetime as dt` gives {"dt": "datetime.datetime"}."""
        bound: dict[str, str] = {}
        for node in ast.walk(self.syntax):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    top = alias.name.split(".")[0]
                    bound[alias.asname or top] = alias.name if alias.asname else top
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                for alias in node.names:
                    bound[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        return bound

    def spelled_out(self, node: ast.expr) -> str | None:
        """Return the full dotted name of an expression such as `dt.now`, through the imports of this file."""
        if isinstance(node, ast.Name):
            return self.bindings.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            owner = self.spelled_out(node.value)
            return f"{owner}.{node.attr}" if owner else None
        return None


class Tree:
    """All modules below a package folder, by dotted name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.modules: dict[str, Module] = {}
        for path in sorted(folder.rglob("*.py")):
            parts = [folder.name, *path.relative_to(folder).with_suffix("").parts]
            is_package = parts[-1] == "__init__"
            name = ".".join(parts[:-1] if is_package else parts)
            self.modules[name] = Module(name, path, is_package)

    def nearest(self, dotted: str) -> str:
        """Return the longest leading part of `dotted` that is a module or folder here; at least the package."""
        parts = dotted.split(".")
        while len(parts) > 1 and ".".join(parts) not in self.modules and not self.folder.joinpath(*parts[1:]).is_dir():
            parts.pop()
        return ".".join(parts)
