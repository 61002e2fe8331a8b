"""The commands of the library: check, verify and rulebook run where Django is not installed."""

from __future__ import annotations

from collections.abc import Iterator

from script.floors.arrows import arrows, outside
from script.floors.clocks import FRAMEWORKS
from script.floors.house import Fault, floor
from script.floors.tree import Module, Tree

COMMANDS = ("check", "verify", "rulebook")


def belongs(module: str, command: str) -> bool:
    """Whether `module` is the command's own: check itself, check.words, check_json; both by full name."""
    return module == command or module.startswith((command + ".", command + "_"))


def faults(tree: Tree) -> Iterator[Fault]:
    face = f"{tree.folder.name}.faces.cli"
    for command in COMMANDS:
        own = f"{face}.{command}"
        for module in _loaded(tree, own):
            # Of the command itself every arrow counts, of what it loads only what runs on loading.
            mine = belongs(module.name, own)
            for arrow in arrows(tree, module):
                above = arrow.target and (floor(arrow.target) or 0) > 3 and not _same_face(arrow.target, face)
                if above and (arrow.on_load or mine):
                    yield Fault(
                        module.path, arrow.line, f"liuhen {command} is of floors 1 to 3, and knows {arrow.target}"
                    )
            for name, line, on_load in outside(module):
                top = name.split(".")[0]
                if (on_load or mine) and (top in FRAMEWORKS or top.startswith("django_")):
                    yield Fault(module.path, line, f"liuhen {command} runs without Django, and loads {name}")


def _same_face(target: str, face: str) -> bool:
    return target == face or target.startswith(face + ".")


def _loaded(tree: Tree, command: str) -> list[Module]:
    """Return the modules of the face that importing `command` loads: packages around it, and what those import."""
    face = command.rpartition(".")[0]
    wanted = [name for name in tree.modules if belongs(name, command)]
    seen: dict[str, Module] = {}
    while wanted:
        name = wanted.pop()
        module = tree.modules.get(name)
        if module is None or name in seen:
            continue
        seen[name] = module
        parts = name.split(".")
        wanted += [".".join(parts[:length]) for length in range(1, len(parts))]
        for arrow in arrows(tree, module):
            if arrow.on_load and arrow.target and _same_face(arrow.target, face):
                wanted.append(arrow.target)
    return list(seen.values())
