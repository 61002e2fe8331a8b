"""The journal as a Django application."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """Tables of the journal (登记); labelled `journal`."""

    name = "liuhen.journal"
    label = "journal"
    verbose_name = "Journal"
    default_auto_field = "django.db.models.BigAutoField"
