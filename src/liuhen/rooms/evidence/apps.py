"""The room as a Django application: no tables of its own, files stand in the journal's records and lie in the vault."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Evidence (证据); labelled `evidence`."""

    name = "liuhen.rooms.evidence"
    label = "evidence"
    verbose_name = "Evidence"
