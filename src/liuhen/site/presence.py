"""Which parts of the package are there (部件): the journal runs without a face, a face without a room that it does not show."""

from __future__ import annotations

from importlib.util import find_spec


def present(*modules: str) -> list[str]:
    """Return those of `modules` that can be imported, in order; nothing but their parents is imported for it."""
    return [m for m in modules if _is_there(m)]


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
