"""A bureau and its people at the desk: `desk("zhang")` is a browser without a screen in which zhang is signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from liuhen.faces.desk import frame
from liuhen.rooms.cases import approved, reach
from liuhen.rooms.people.models import Account
from tests.office import Office, data_folder, lasting_office, office, transactional_db

__all__ = ["data_folder", "lasting_office", "office", "transactional_db"]

BACKEND = "django.contrib.auth.backends.ModelBackend"
PASSWORD = "示例-password-2026"


def account(office: Office, short: str, **more: object) -> Account:
    """The account of one of the office's people, made when it is not there."""
    found = Account.objects.filter(bureau=office.bureau, person=office.persons[short]).first()
    if found is not None:
        return found
    return Account.objects.create_account(
        f"{short}-{office.bureau}",
        PASSWORD,
        bureau=office.bureau,
        person=office.persons[short],
        name=office.names[short],
        **more,
    )


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """What pages keep for a moment is forgotten between tests."""
    frame.kept.clear()
    reach._elsewhere.clear()
    approved.forget()
    yield
    frame.kept.clear()


@pytest.fixture
def desk(office: Office) -> Callable[..., Client]:
    """Return a function that gives a signed-in client: `desk("zhang")`, `desk("li", language="en")`."""

    def signed_in(short: str = "zhang", **more: object) -> Client:
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(account(office, short, **more), backend=BACKEND)
        return client

    return signed_in
