"""A bureau to test with: its people in their roles, a clock that the test sets, and short ways to record.

Every test has a bureau of its own, so that nothing has to be deleted between tests: the journal would not let it be.
`office` is rolled back at the end; `lasting_office` commits, for tests with several connections, the worker and the ledger.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connections

from liuhen.ground.moments import instant
from liuhen.journal import keys, vaulted
from liuhen.journal.door import Receipt, take, take_batch
from liuhen.journal.judging import basis
from liuhen.journal.models import CaseRow, DutyRow
from liuhen.journal.outside import Outside
from liuhen.journal.setting_up import set_up_bureau
from liuhen.journal.who import Who, system, who_is

ZONE = ZoneInfo("Asia/Shanghai")
UNIT = "执法一队"


def moment(text: str) -> datetime:
    """Local time from `2023-03-06 09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


class Office:
    """One bureau: `now` is the door's clock; people by a short name (`zhang`, `li` officers, `head`, `reviewer`, …)."""

    def __init__(self, *rulebooks: str, now: str = "2023-03-06 09:00") -> None:
        self.bureau = "b" + uuid4().hex[:12]
        self.now = moment(now)
        set_up_bureau(self.bureau, zh="岚河市示例局", en="Sample bureau", rulebooks=rulebooks, sample=True)
        self.persons: dict[str, str] = {}
        self.names: dict[str, str] = {}

    def enrol(self, short: str, name: str, *roles: str, unit: str = UNIT, certificate: str = "") -> str:
        """Enrol one person with roles held since 2017; return the person id."""
        take_batch(self._enrolment(short, name, roles, unit, certificate), actor=system(self.bureau), now=self.now)
        return self.persons[short]

    def _enrolment(
        self, short: str, name: str, roles: tuple[str, ...], unit: str, certificate: str
    ) -> list[dict[str, Any]]:
        content = {"name": name, "unit": unit, **({"certificate": certificate} if certificate else {})}
        enrolled = self.record("person.enrolled", content=content)
        self.persons[short], self.names[short] = enrolled["id"], name
        since = {"from": "2017-01-01"}
        links = {"person": [enrolled["id"]]}
        return [enrolled, *(self.record("role.granted", links=links, content={"role": r, **since}) for r in roles)]

    def staffed(self) -> Office:
        """Enrol the people that most tests need."""
        people: list[tuple[str, str, tuple[str, ...], str, str]] = [
            ("zhang", "张示例", ("enforcement_officer",), UNIT, "冀010001"),
            ("li", "李示例", ("enforcement_officer",), UNIT, "冀010002"),
            ("chen", "陈示例", ("enforcement_officer",), "执法二队", "冀010003"),
            ("wang", "王示例", ("handling_unit_head",), UNIT, ""),
            ("reviewer", "赵示例", ("legal_reviewer",), "法规股", ""),
            ("head", "刘示例", ("principal_head",), "", ""),
            ("clerk", "孙示例", ("clerk",), UNIT, ""),
            ("archivist", "周示例", ("archivist",), "办公室", ""),
            ("admin", "吴示例", ("system_administrator",), "信息中心", ""),
        ]
        records = [r for person in people for r in self._enrolment(*person)]
        take_batch(records, actor=system(self.bureau), now=self.now)
        return self

    def who(self, short: str) -> Who:
        return who_is(self.bureau, self.persons[short], self.now.toordinal())

    def by(self, short: str, role: str) -> dict[str, str]:
        return {"role": role, "name": self.names[short], "id": self.persons[short]}

    def record(self, kind: str, at: str | datetime | None = None, **parts: Any) -> dict[str, Any]:
        """A record as its maker states it; `at` is local time, the office's clock when not given."""
        done = at if isinstance(at, datetime) else moment(at) if at else self.now
        made: dict[str, Any] = {"id": str(uuid4()), "bureau": self.bureau, "kind": kind, "done_at": done.isoformat()}
        made.update({k: v for k, v in parts.items() if v is not None})
        if "corrects" in made:
            made["content"] = {"correction_reason": "笔误", **made.get("content", {})}
        if isinstance(made.get("until"), str) and "+" not in made["until"]:
            made["until"] = moment(made["until"]).isoformat()
        return made

    def take(self, record: dict[str, Any], by: str = "zhang", outside: Outside | None = None) -> Receipt:
        return take(record, actor=self.who(by), now=self.now, outside=outside)

    def open_case(self, number: str = "", *, handlers: tuple[str, ...] = ("zhang", "li"), **content: Any) -> str:
        """Open a case and return its root."""
        content = {
            "case_number": number or f"示例〔2023〕{uuid4().hex[:6]}号",
            "title": "未经批准占用土地（示例）",
            "action_type": "penalty",
            "party_type": "organisation",
            "party_name": "示例公司",
            "unit": UNIT,
            "handlers": [{"name": self.names[h], "id": self.persons[h]} for h in handlers],
            **content,
        }
        made = self.record("case.opened", by=[self.by(handlers[0], "case_handler")], content=content)
        return self.take(made, handlers[0]).home

    def act(
        self, case: str, kind: str, at: str, until: str | None = None, *, by: str = "zhang", **parts: Any
    ) -> Receipt:
        """Record something of a case by one officer."""
        links = {"case": [case], **parts.pop("links", {})}
        role = parts.pop("role", "enforcement_officer")
        made = self.record(kind, at, until=until, links=links, by=[self.by(by, role)], **parts)
        return self.take(made, by)

    def row(self, root: str) -> CaseRow:
        return CaseRow.objects.get(root=root)

    def duties(self, root: str) -> list[DutyRow]:
        return list(DutyRow.objects.filter(case_id=root).order_by("rule", "key"))

    def wait(self, **delta: float) -> None:
        """Let the door's clock go on."""
        self.now += timedelta(**delta)

    @property
    def instant(self) -> int:
        return instant(self.now)

    @property
    def basis(self) -> Any:
        return basis(self.bureau)


_homes: list[Path] = []
"""The one data folder of this process: every folder of tests imports the fixture, and each would otherwise change the keys."""


def scan_in_vault(office: Office, body: bytes) -> dict[str, Any]:
    """Take a paper of these bytes into the vault and return it as a record names it."""
    stored = vaulted.take_in(office.bureau, io.BytesIO(b"%PDF-1.4 sample " + body))
    return {
        "sha256": stored.sha256,
        "sm3": stored.sm3,
        "bytes": stored.bytes,
        "name": "笔录（示例）.pdf",
        "role": "scan",
    }


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A data folder with keys for the whole run."""
    before = settings.LIUHEN_HOME
    if not _homes:
        _homes.append(tmp_path_factory.mktemp("home"))
    settings.LIUHEN_HOME = _homes[0]
    keys.make_master()
    yield
    settings.LIUHEN_HOME = before


@pytest.fixture
def office(db: None, data_folder: None) -> Office:
    """A staffed bureau judged by both rulebooks, in March 2023; rolled back afterwards."""
    return Office("bazhou", "anshan-legal-review").staffed()


@pytest.fixture
def transactional_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Instead of pytest-django's: what is committed stays, because the journal refuses to be emptied between tests."""
    with django_db_blocker.unblock():
        yield
        connections.close_all()


@pytest.fixture
def lasting_office(transactional_db: None, data_folder: None) -> Office:
    """The same, committed: other connections see it. Nothing is deleted afterwards; the next test has another bureau."""
    return Office("bazhou", "anshan-legal-review").staffed()
