"""Commands that need the journal (打开登记): name the settings, start Django, choose the bureau."""

from __future__ import annotations

import os

import django

from liuhen.ground.errors import Refused


class NoSuchBureau(Refused):
    """The bureau asked for is not there, or several are and none was named (未指明单位). G-007, G-024."""


def open_journal() -> None:
    """Start Django with the product's settings, unless somebody has."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liuhen.site.settings")
    django.setup()


def bureau_named(name: str | None) -> str:
    """Return the bureau asked for, or the only one there is; refused: G-024."""
    from liuhen.journal.models import BureauRow

    known = list(BureauRow.objects.order_by("id").values_list("id", flat=True))
    if name in known:
        return str(name)
    if name is None and len(known) == 1:
        return known[0]
    raise NoSuchBureau("G-024", ledger=name or "–", known=", ".join(known) or "–")
