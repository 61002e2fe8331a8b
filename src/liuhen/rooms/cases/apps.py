"""The room as a Django application: no tables of its own, its read models are the journal's."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Cases (案件); labelled `cases`."""

    name = "liuhen.rooms.cases"
    label = "cases"
    verbose_name = "Cases"
