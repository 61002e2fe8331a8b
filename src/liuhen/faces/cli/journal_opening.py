"""Commands that need the journal (打开登记): name the settings, start Django, choose the bureau."""

from __future__ import annotations

import os
from pathlib import Path

import django

from liuhen.ground.errors import Refused
from liuhen.ground.words import Words


class NoJournal(Refused):
    """There is no journal to be read (没有登记库). U-015."""


class NoSuchBureau(Refused):
    """The bureau asked for is not there, or several are and none was named (未指明单位). G-007, G-024."""


def open_journal() -> None:
    """Start Django with the product's settings, unless somebody has."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liuhen.site.settings")
    django.setup()


def need_journal() -> None:
    """Start Django for a command that asks a journal already there; refused: U-015 there is none. Leaves no file behind."""
    open_journal()
    from django.db import Error, connection

    from liuhen.journal.models import BureauRow

    name = str(connection.settings_dict["NAME"])
    # Opening a SQLite file that is not there would make it.
    if connection.vendor == "sqlite" and not Path(name).is_file():
        raise NoJournal("U-015", database=name)
    try:
        known = connection.introspection.table_names()
    except Error as error:
        raise NoJournal("U-015", database=name) from error
    if BureauRow._meta.db_table not in known:
        raise NoJournal("U-015", database=name)


def bureau_named(name: str | None) -> str:
    """Return the bureau asked for, or the only one there is; refused: G-024."""
    from liuhen.journal.models import BureauRow

    known = list(BureauRow.objects.order_by("id").values_list("id", flat=True))
    if name in known:
        return str(name)
    if name is None and len(known) == 1:
        return known[0]
    raise NoSuchBureau("G-024", ledger=name or "–", known=Words("、".join(known) or "–", ", ".join(known) or "–"))
