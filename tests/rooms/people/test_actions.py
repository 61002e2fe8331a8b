"""People, roles and accounts: dated records through the door, and a key to the person's seat."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import RequestFactory

from liuhen.ground.errors import Refused
from liuhen.journal.models import PersonRow, RecordRow, RoleRow
from liuhen.journal.refusing import NotTaken
from liuhen.journal.setting_up import set_up_bureau
from liuhen.journal.who import NotAllowed, system, who_is
from liuhen.rooms.people import actions
from liuhen.rooms.people.models import Account
from tests.office import ZONE, Office

PASSWORD = "岚河示例局-春天的长句子"


def code(refused: pytest.ExceptionInfo[Any]) -> str:
    return str(refused.value.finding.code)


@pytest.fixture
def person(office: Office) -> str:
    return actions.enrol(office.who("admin"), "钱示例", unit="执法一队", certificate="冀010009", now=office.now)


def test_enrolling_is_a_record_and_makes_a_person(office: Office, person: str) -> None:
    row = PersonRow.objects.get(person=person)
    assert (row.name, row.unit, row.certificate, row.left_day) == ("钱示例", "执法一队", "冀010009", None)
    assert RecordRow.objects.get(id=person).kind == "person.enrolled"


def test_a_corrected_enrolment_keeps_the_person(office: Office, person: str) -> None:
    corrected = office.record("person.enrolled", corrects=person, content={"name": "钱示例（改名）"})
    office.take(corrected, "admin")
    assert PersonRow.objects.get(person=person).name == "钱示例（改名）"
    assert PersonRow.objects.filter(bureau=office.bureau, name__startswith="钱").count() == 1


def test_a_withdrawn_enrolment_leaves_nobody(office: Office, person: str) -> None:
    actions.grant(system(office.bureau), person, "clerk", since=date(2020, 1, 1), now=office.now)
    office.enrol("boss", "钱某示例", "principal_head", "clerk")
    withdrawal = {"links": {"withdraws": [person]}, "content": {"reason": "误登"}}
    with pytest.raises(NotTaken) as refused:
        office.take(office.record("record.withdrawn", **withdrawal), "zhang")
    assert code(refused) == "A-001"
    office.take(office.record("record.withdrawn", **withdrawal), "boss")
    assert not PersonRow.objects.filter(person=person).exists()
    assert not RoleRow.objects.filter(person=person).exists()


def test_an_officer_enrols_nobody_and_grants_nothing(office: Office, person: str) -> None:
    with pytest.raises(NotTaken) as refused:
        actions.enrol(office.who("zhang"), "某示例", now=office.now)
    assert code(refused) == "A-001"
    with pytest.raises(NotTaken) as refused:
        actions.grant(
            office.who("zhang"), office.persons["zhang"], "principal_head", since=date(2020, 1, 1), now=office.now
        )
    assert code(refused) == "A-001"


@pytest.mark.parametrize("role", ["party", "device", "system", "no_such_role"])
def test_a_role_that_nobody_of_the_office_holds_is_not_granted(office: Office, person: str, role: str) -> None:
    with pytest.raises(NotTaken) as refused:
        actions.grant(office.who("admin"), person, role, since=date(2020, 1, 1), now=office.now)
    assert code(refused) == "G-019"


def test_a_role_granted_until_a_day_ends_with_it(office: Office, person: str) -> None:
    actions.grant(
        office.who("admin"),
        person,
        "clerk",
        since=date(2023, 1, 1),
        until=date(2023, 6, 30),
        basis="借调",
        now=office.now,
    )
    last = date(2023, 6, 30).toordinal()
    assert [bool(who_is(office.bureau, person, day).roles) for day in (last, last + 1)] == [True, False]


def test_an_account_opens_for_a_person_and_signs_in(office: Office, person: str) -> None:
    account = actions.open_account(office.who("admin"), person, "qian", PASSWORD, language="en")
    assert (account.name, account.bureau, account.language, account.large_text) == (
        "钱示例",
        office.bureau,
        "en",
        False,
    )
    assert account.password.startswith("argon2")
    request = RequestFactory().post("/sign-in/")
    assert authenticate(request, username="qian", password=PASSWORD) == account
    assert authenticate(request, username="qian", password="falsch") is None


def test_after_ten_wrong_passwords_the_name_is_locked_for_that_place(office: Office, person: str) -> None:
    account = actions.open_account(office.who("admin"), person, "qian", PASSWORD)
    here, there = (RequestFactory().post("/sign-in/", REMOTE_ADDR=a) for a in ("10.0.0.1", "10.0.0.2"))
    for _ in range(10):
        assert authenticate(here, username="qian", password="falsch") is None
    assert authenticate(here, username="qian", password=PASSWORD) is None
    assert authenticate(there, username="qian", password=PASSWORD) == account


@pytest.mark.parametrize(
    ("by", "username", "password", "wanted"),
    [
        ("zhang", "qian", PASSWORD, "A-011"),
        ("admin", "q", PASSWORD, "A-012"),
        ("admin", "qian qian", PASSWORD, "A-012"),
        ("admin", "taken", PASSWORD, "A-012"),
        ("admin", "qian", "kurz", "A-013"),
        ("admin", "qian", "password123", "A-013"),
    ],
)
def test_an_account_is_refused_with_its_reason(
    office: Office, person: str, by: str, username: str, password: str, wanted: str
) -> None:
    actions.open_account(office.who("admin"), office.persons["li"], "taken", PASSWORD)
    with pytest.raises(Refused) as refused:
        actions.open_account(office.who(by), person, username, password)
    assert code(refused) == wanted
    assert not Account.objects.filter(person=person).exists()


def test_no_account_opens_for_somebody_of_another_bureau(office: Office, person: str) -> None:
    other = Office("anshan-legal-review").staffed()
    with pytest.raises(actions.AccountRefused) as refused:
        actions.open_account(other.who("admin"), person, "qian", PASSWORD)
    assert code(refused) == "A-010"


def test_who_leaves_can_not_sign_in_any_more(office: Office, person: str) -> None:
    actions.open_account(office.who("admin"), person, "qian", PASSWORD)
    actions.leave(office.who("admin"), person, reason="退休", now=office.now)
    assert authenticate(RequestFactory().post("/sign-in/"), username="qian", password=PASSWORD) is None
    assert PersonRow.objects.get(person=person).left_day == office.now.toordinal()


def test_a_certificate_makes_its_holder_a_valid_officer(office: Office) -> None:
    from liuhen.journal.registers import registers

    assert registers(office.basis).register.valid("冀010001", office.now.toordinal()) is None
    span = {"valid_from": date(2023, 3, 6), "valid_until": date(2023, 12, 31)}
    actions.certify(office.who("admin"), "冀010001", "张示例", **span, now=office.now)
    register = registers(office.basis).register
    first, last = (span[key].toordinal() for key in ("valid_from", "valid_until"))
    days = (first - 1, first, last, last + 1)
    assert [register.valid("冀010001", day) for day in days] == [False, True, True, False]


def test_a_withdrawn_certificate_counts_no_more(office: Office) -> None:
    from liuhen.journal.registers import registers

    receipt = actions.certify(
        office.who("admin"),
        "冀010001",
        "张示例",
        valid_from=date(2023, 1, 1),
        valid_until=date(2023, 12, 31),
        now=office.now,
    )
    assert registers(office.basis).register.valid("冀010001", office.now.toordinal())
    office.take(
        office.record("record.withdrawn", links={"withdraws": [receipt.id]}, content={"reason": "误登"}), "clerk"
    )
    assert not registers(office.basis).register.valid("冀010001", office.now.toordinal())


def test_the_first_account_is_made_on_the_servers_own_command_line(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    call_command("create_account", office.bureau, "first", "首任示例", password_from_stdin=True)
    account = Account.objects.get(username="first")
    assert account.check_password(PASSWORD)
    assert who_is(office.bureau, account.person, datetime.now(ZONE).toordinal()).may("administer", "accounts")
    monkeypatch.setattr("sys.stdin", io.StringIO("kurz\n"))
    before = PersonRow.objects.count()
    with pytest.raises(CommandError) as refused:
        call_command("create_account", office.bureau, "second", "次任示例", password_from_stdin=True)
    assert refused.value.returncode == 2
    assert PersonRow.objects.count() == before


def test_a_real_bureau_opens_its_first_account_and_looks_after_its_people_by_the_servers_clock(
    db: None, data_folder: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    bureau = "b" + uuid4().hex[:12]
    set_up_bureau(bureau, zh="岚河市示例局", rulebooks=["bazhou"])
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    call_command("create_account", bureau, bureau, "首任示例", password_from_stdin=True)
    today = datetime.now(ZONE).date()
    admin = who_is(bureau, Account.objects.get(username=bureau).person, today.toordinal())
    assert admin.may("administer", "accounts")

    person = actions.enrol(admin, "钱示例", unit="执法一队", certificate="冀010009")
    granted = actions.grant(admin, person, "clerk", since=today)
    actions.certify(admin, "冀010009", "钱示例", valid_from=today, valid_until=today)
    actions.end(admin, granted.id, last_day=today)
    actions.leave(admin, person, reason="退休")
    assert PersonRow.objects.get(person=person).left_day == today.toordinal()


def test_a_real_bureau_is_never_told_the_time(db: None, data_folder: None) -> None:
    bureau = "b" + uuid4().hex[:12]
    set_up_bureau(bureau, rulebooks=["bazhou"])
    with pytest.raises(NotTaken) as refused:
        actions.enrol(system(bureau), "钱示例", now=datetime(2023, 3, 6, tzinfo=ZONE))
    assert code(refused) == "G-027"


def test_who_may_not_administer_is_told_so(office: Office, person: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        actions.open_account(office.who("clerk"), person, "qian", PASSWORD)
    assert code(refused) == "A-011"
