"""Foreign keys and models by string: Django resolves "app.Model" late, so no import shows the arrow."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from script.floors.house import Fault, why_not
from script.floors.tree import Module, Tree

RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField", "GenericRelation"}


def faults(tree: Tree) -> Iterator[Fault]:
    owners = app_labels(tree)
    for module in tree.modules.values():
        for label, line in _labels_named(module):
            owner = owners.get(label)
            reason = why_not(module.name, owner) if owner else None
            if reason:
                yield Fault(module.path, line, f'by the string "{label}": {reason}')


def app_labels(tree: Tree) -> dict[str, str]:
    """Return the package of each Django app by its label: the label its AppConfig gives, else its last name."""
    owners: dict[str, str] = {}
    for module in tree.modules.values():
        names = module.name.split(".")
        if names[-1] in ("models", "apps", "migrations"):
            owners.setdefault(names[-2], ".".join(names[:-1]))
        for node in ast.walk(module.syntax):
            if isinstance(node, ast.ClassDef):
                given = {
                    target.id: item.value.value
                    for item in node.body
                    if isinstance(item, ast.Assign) and isinstance(item.value, ast.Constant)
                    for target in item.targets
                    if isinstance(target, ast.Name)
                }
                name = given.get("name")
                if isinstance(name, str) and name.startswith(tree.folder.name + "."):
                    owners[str(given.get("label", name.rpartition(".")[2]))] = name
    return owners


def _labels_named(module: Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(module.syntax):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in RELATIONS:
                wanted = [*node.args[:1], *(word.value for word in node.keywords if word.arg in ("to", "through"))]
                yield from ((text.partition(".")[0], node.lineno) for text in _strings(wanted) if "." in text)
            elif called in ("get_model", "get_app_config", "register_model"):
                yield from ((text.partition(".")[0], node.lineno) for text in _strings(node.args[:1]))
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "dependencies":
            # A migration that waits for another room's migration.
            for pair in getattr(node.value, "elts", []):
                if isinstance(pair, ast.Tuple):
                    yield from ((text, pair.lineno) for text in _strings(pair.elts[:1]))


def _strings(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
