"""The room as a Django application: no tables, one command."""

from django.apps import AppConfig


class SamplesConfig(AppConfig):
    """Sample data (示例数据); labelled `samples`."""

    name = "liuhen.rooms.samples"
    label = "samples"
    verbose_name = "Samples"
