"""The template environment (模板环境): Jinja2, strict about missing names, compiled once (docs/decisions/0006-jinja2.md)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """Return the environment of the desk's templates; made once, safe to use from several threads."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    made.globals["mark"] = mark
    made.filters["at"] = _tenth
    made.filters["mib"] = _size
    return made


_MARKS: dict[tuple[str, str], Markup] = {}


def mark(status: str, word: str = "") -> Markup:
    """Return the shape of a status (标记); with `word`, the shape speaks for itself, without it stands beside its word."""
    key = (status, word)
    if key not in _MARKS:
        if len(_MARKS) > 200:
            _MARKS.clear()
        about = Markup('role="img" aria-label="{}"').format(word) if word else Markup('aria-hidden="true"')
        _MARKS[key] = Markup('<svg class="i {0}" {1}><use href="#s-{0}"/></svg>').format(status, about)
    return _MARKS[key]


def _tenth(value: float) -> str:
    """One decimal, none where it is zero: places in a picture."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def _size(value: int) -> str:
    if value < 1024:
        return f"{value} B"
    if value < 1024 * 1024:
        return f"{value / 1024:.0f} KB"
    if value < 1024**3:
        return f"{value / 1024**2:.1f} MB"
    return f"{value / 1024**3:.2f} GB"


def rendered(template: str, context: dict[str, Any]) -> str:
    """Return the page as text."""
    return environment().get_template(template).render(context)
