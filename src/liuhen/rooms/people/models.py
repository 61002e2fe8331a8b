"""Accounts (账号): how a person signs in; what a person may do follows from the roles in the journal, never from the account."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Accounts(BaseUserManager["Account"]):
    """All accounts; `create` hashes the password (argon2)."""

    def create_account(
        self, username: str, password: str | None, *, bureau: str, person: str, name: str, **more: Any
    ) -> Account:
        """Return a new account; `person` is the root of its `person.enrolled` record."""
        account = self.model(username=username, bureau=bureau, person=person, name=name, **more)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """An account (账号) of one person in one bureau.

    Attributes:
        username: what is typed at sign-in. name: display name. person: id of the person (root of `person.enrolled`).
        language: zh or en. large_text: the large-text switch.
    """

    username = models.CharField(max_length=60, unique=True)
    bureau = models.CharField(max_length=64)
    person = models.CharField(max_length=36, db_index=True)
    name = models.CharField(max_length=100)
    language = models.CharField(max_length=2, choices=[("zh", "中文"), ("en", "English")], default="zh")
    large_text = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    objects: ClassVar[Accounts] = Accounts()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["bureau", "person", "name"]

    class Meta:
        db_table = "people_account"

    def __str__(self) -> str:
        return self.username
