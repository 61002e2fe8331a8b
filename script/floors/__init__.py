"""The floor checker: holds the house to its floors, hidden arrows included.

    .venv/bin/python -m script.floors [FOLDER]      FOLDER holds the package; default: src/liuhen

Exit status 0 when the house is in order, 1 when it is not, with one line a fault.

import-linter was looked at: it sees imports, also those inside functions and under TYPE_CHECKING, but neither strings
that Django turns into imports, nor foreign keys by string, templates, clocks and names. That is half of what can go
wrong here, and the floors would then be written down in two places.
"""

from __future__ import annotations

from pathlib import Path

from script.floors import clocks, keys, library, names, templates
from script.floors.arrows import arrows
from script.floors.house import Fault, why_not
from script.floors.tree import Tree


def check(folder: Path) -> list[Fault]:
    """Return everything that is wrong in the package at `folder`, in the order of path and line."""
    tree = Tree(folder)
    faults = list(names.faults(tree))
    for module in tree.modules.values():
        for arrow in arrows(tree, module):
            reason = why_not(module.name, arrow.target) if arrow.target else "imports by a name that is computed"
            if reason:
                faults.append(Fault(module.path, arrow.line, reason))
    for part in (clocks, keys, library, templates):
        faults += part.faults(tree)
    return sorted(set(faults), key=lambda fault: (str(fault.path), fault.line, fault.reason))
