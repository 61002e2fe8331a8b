"""The floors of the house, and who may know whom."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FLOORS = {"ground": 1, "engines": 2, "dossier": 3, "journal": 4, "rooms": 5, "faces": 6, "site": 7}

# On these floors the parts do not know each other: they meet through what lies below.
APART = {"engines": "engine", "rooms": "room", "faces": "face"}

# The rulebooks are data; every floor may read them.
DATA = {"rulebooks"}

# Arrows that go up all the same: (who, to what) and why there is no other way.
EXCEPTIONS = {
    ("liuhen.faces.cli", "liuhen.site.settings"): "a command has to name Django's settings before Django can start",
    ("liuhen.faces.cli", "liuhen.site.wsgi"): "liuhen serve names the application that its server loads",
}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, and where."""

    path: Path
    line: int
    reason: str


def floor(module: str) -> int | None:
    """Return the floor on which `module` (dotted, from "liuhen") lies; 0 for the package itself and for data."""
    parts = module.split(".")
    if len(parts) == 1 or parts[1] in DATA:
        return 0
    return FLOORS.get(parts[1])


def part(module: str) -> str:
    """Return the engine, room, face or floor to which `module` belongs, such as "engines.ledger" or "ground"."""
    parts = module.split(".")[1:]
    return ".".join(parts[: 2 if parts and parts[0] in APART else 1])


def why_not(source: str, target: str) -> str | None:
    """Return why the module `source` may not know the module `target`; None when it may."""
    here, there = floor(source), floor(target)
    if there is None:
        return f"knows {target}, which is on no floor"
    if here is None or there < here or part(source) == part(target):
        return None
    for (who, what), _ in EXCEPTIONS.items():
        if (source == who or source.startswith(who + ".")) and target == what:
            return None
    if here == there:
        return f"{part(source)} knows {target}: one {APART[part(source).split('.')[0]]} does not know another"
    return f"{part(source)} (floor {here}) knows {target} (floor {there}): arrows go down only"
