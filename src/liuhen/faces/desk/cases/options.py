"""What the lists can be narrowed to (筛选项): the options of their fields, written once for each choice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from liuhen.engines.rulebook import STAGES
from liuhen.faces.desk.environment import environment
from liuhen.faces.desk.once import Once
from liuhen.faces.desk.visit import Visit

_written: Once[Markup] = Once(500)


def phases(visit: Visit, chosen: str) -> Markup:
    """Return the options of the phase; `chosen` is one of `STAGES` or empty."""
    key = ("phases", visit.language, chosen)
    return _written.get(key, lambda: _options(((p, getattr(visit.words.stage, p)) for p in STAGES), chosen))


def actions(visit: Visit, chosen: str) -> Markup:
    """Return the options of the type of action; `chosen` is one of the vocabulary's or empty."""
    key = ("actions", visit.basis.vocabulary.digest, visit.language, chosen)
    terms = visit.basis.vocabulary.terms["action_types"]
    return _written.get(key, lambda: _options(((k, visit.speech.pick(w)) for k, w in terms.items()), chosen))


def _options(listed: Iterable[tuple[str, str]], chosen: str) -> Markup:
    module: Any = environment().get_template("desk/parts.html.jinja").module
    return Markup(module.options(listed, chosen))  # noqa: S704 (the macro escapes)
