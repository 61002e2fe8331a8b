"""What is done about people (人员管理): enrolling, granting and ending roles, certificates, opening accounts.

Each of these but the account is a Record and goes through the door; the account is only the key to the person's seat.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from uuid_utils import uuid7

from liuhen.ground.errors import Refused
from liuhen.ground.permissions import page
from liuhen.ground.vocabulary import default
from liuhen.journal.door import Receipt, take
from liuhen.journal.models import PersonRow
from liuhen.journal.refusing import NotTaken
from liuhen.journal.who import NotAllowed, Who
from liuhen.rooms.people.models import Account


class AccountRefused(Refused):
    """An account can't be opened or changed (账号不予开通). A-010, A-011, A-012, A-013."""


def enrol(
    actor: Who, name: str, *, unit: str = "", position: str = "", certificate: str = "", now: datetime | None = None
) -> str:
    """Enrol a person (人员登记); return the person id."""
    content = {"name": name, "unit": unit, "position": position, "certificate": certificate}
    return _take(actor, "person.enrolled", {k: v for k, v in content.items() if v}, {}, now).id


def grant(
    actor: Who,
    person: str,
    role: str,
    *,
    since: date,
    until: date | None = None,
    basis: str = "",
    now: datetime | None = None,
) -> Receipt:
    """Grant a role from one day on (任职), both days inclusive; refused (G-019): a role that nobody can hold."""
    if role not in default().terms["roles"] or role not in _roles_held_by_people():
        raise NotTaken("G-019", role=role)
    content = {"role": role, "from": since.isoformat(), "basis": basis}
    if until is not None:
        content["until"] = until.isoformat()
    return _take(actor, "role.granted", {k: v for k, v in content.items() if v}, {"person": [person]}, now)


def end(actor: Who, grant_id: str, *, last_day: date, basis: str = "", now: datetime | None = None) -> Receipt:
    """End a role (免职); `last_day` is the last on which it is held."""
    content = {"last_day": last_day.isoformat(), **({"basis": basis} if basis else {})}
    return _take(actor, "role.ended", content, {"about": [grant_id]}, now)


def certify(
    actor: Who, number: str, holder: str, *, valid_from: date, valid_until: date, now: datetime | None = None
) -> Receipt:
    """Record an officer's certificate (执法证件), valid from one day to another, both inclusive."""
    content = {
        "number": number,
        "holder": holder,
        "valid_from": valid_from.isoformat(),
        "valid_until": valid_until.isoformat(),
    }
    return _take(actor, "officer.certificate", content, {}, now)


def leave(actor: Who, person: str, *, reason: str = "", now: datetime | None = None) -> Receipt:
    """Record that a person left (离职) and close the account: nobody signs in with it from now on."""
    with transaction.atomic():
        receipt = _take(actor, "person.left", {"reason": reason} if reason else {}, {"person": [person]}, now)
        Account.objects.filter(person=person).update(is_active=False)
    return receipt


def open_account(actor: Who, person: str, username: str, password: str, *, language: str = "zh") -> Account:
    """Open an account (开通账号) for an enrolled person.

    Refused: A-010 not enrolled in this bureau, A-011 the actor may not administer accounts, A-012 the name is taken or not a
    name, A-013 a password that is too easy.
    """
    if not (actor.may("administer", "accounts") or "system" in actor.roles):
        raise NotAllowed("A-011", who=actor.name, what=page().verbs["administer"])
    row = PersonRow.objects.filter(bureau=actor.bureau, person=person, left_day__isnull=True).first()
    if row is None:
        raise AccountRefused("A-010", person=person)
    if not _is_a_name(username) or Account.objects.filter(username=username).exists():
        raise AccountRefused("A-012", username=username)
    check_password(password)
    return Account.objects.create_account(
        username, password, bureau=actor.bureau, person=person, name=row.name, language=language
    )


def check_password(password: str) -> None:
    """Refuse (A-013) a password shorter than ten characters or among the common ones."""
    try:
        validate_password(password)
    except ValidationError as easy:
        raise AccountRefused("A-013", least=10) from easy


def _is_a_name(username: str) -> bool:
    return 2 <= len(username) <= 60 and username.isprintable() and not any(c.isspace() for c in username)


def _roles_held_by_people() -> frozenset[str]:
    known = page()
    named = {role for line in known.lines for role in line.who} | {r for roles in known.kinds.values() for r in roles}
    return frozenset(named | known.acts_as.keys()) - {"system", "device"}


def _take(actor: Who, kind: str, content: dict[str, Any], links: dict[str, list[str]], now: datetime | None) -> Receipt:
    # The door is told the time only where the caller was: a real bureau's clock is the server's (G-027).
    record: dict[str, Any] = {
        "id": str(UUID(str(uuid7()))),
        "bureau": actor.bureau,
        "kind": kind,
        "done_at": (now or datetime.now(UTC)).isoformat(),
        "content": content,
    }
    if links:
        record["links"] = links
    return take(record, actor=actor, now=now)
