"""The room people as a Django application."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Accounts (账号); labelled `people`, so that `AUTH_USER_MODEL` is `people.Account`."""

    name = "liuhen.rooms.people"
    label = "people"
    verbose_name = "People"
    default_auto_field = "django.db.models.BigAutoField"
