"""A busy journal from a list of choices: cases, acts, documents, corrections, withdrawals, outside acts, roles, time passing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from liuhen.journal.models import DERIVED, CounterRow, RecordRow, TaskRow
from liuhen.journal.outside import Outside
from liuhen.journal.passing import pass_time
from liuhen.journal.refusing import NotTaken
from liuhen.rooms.people import actions
from tests.office import Office

STEPS = (
    "open", "questioning", "inspection", "transcript", "footage", "correct", "withdraw", "outside", "hearing", "decide",
    "close", "archive", "wait", "role", "certificate", "worker", "wrong",
)  # fmt: skip


class Busy:
    """Takes one step after the other; a step that has nothing to work on does nothing, a refusal is part of the day."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.cases: list[str] = []
        self.acts: list[tuple[str, str]] = []
        self.approvals: dict[str, str] = {}
        self.refused: list[tuple[str, str]] = []

    def run(self, steps: Sequence[tuple[str, int]]) -> Busy:
        for name, number in steps:
            try:
                getattr(self, name)(number)
            except NotTaken as refused:
                self.refused.append((name, refused.finding.code))
            self.office.wait(minutes=7)
        return self

    def _case(self, number: int) -> str:
        if not self.cases:
            self.open(number)
        return self.cases[number % len(self.cases)]

    def _act(self, number: int, kind: str, *, minutes: int = 5, role: str = "enforcement_officer", **parts: Any) -> str:
        office, case = self.office, self._case(number)
        start, until = office.now - timedelta(minutes=minutes), office.now
        by = ["zhang", "li"][: 1 + number % 2]
        links = {"case": [case], **parts.pop("links", {})}
        made = office.record(
            kind, start, until=until.isoformat(), links=links, by=[office.by(b, role) for b in by], **parts
        )
        office.take(made)
        self.acts.append((case, made["id"]))
        return str(made["id"])

    def open(self, number: int) -> None:
        handlers = (("zhang",), ("zhang", "li"), ("li",))[number % 3]
        action = ("penalty", "inspection", "fee")[number % 3]
        self.cases.append(
            self.office.open_case(f"示例〔2023〕{len(self.cases)}号", handlers=handlers, action_type=action)
        )

    def questioning(self, number: int) -> None:
        self._act(number, "act.questioning")

    def inspection(self, number: int) -> None:
        self._act(number, "act.inspection")

    def hearing(self, number: int) -> None:
        self._act(number, "act.hearing", role="case_handler")

    def transcript(self, number: int) -> None:
        if self.acts:
            case, act = self.acts[number % len(self.acts)]
            by = [self.office.by("zhang", "enforcement_officer")]
            self.office.take(self.office.record("interview_transcript", links={"case": [case], "about": [act]}, by=by))

    def footage(self, number: int) -> None:
        content = {"device_type": "body_worn", "media": "video"}
        office = self.office
        start = office.now - timedelta(minutes=5)
        links = {"case": [self._case(number)]} if number % 2 else None
        made = office.record(
            "recording.completed", start, until=office.now.isoformat(), links=links, content=content,
            by=[office.by("zhang", "enforcement_officer")],
        )  # fmt: skip
        office.take(made)

    def correct(self, number: int) -> None:
        case = self._case(number)
        latest = RecordRow.objects.filter(root=case).latest("seq").id
        handlers = (("li", "zhang"), ("zhang",), ("li",))[number % 3]
        content = {
            "case_number": f"改{number}",
            "title": "更正后",
            "action_type": "penalty",
            "unit": "执法二队" if number % 4 == 3 else "执法一队",
            "handlers": [{"name": self.office.names[h], "id": self.office.persons[h]} for h in handlers],
        }
        self.office.take(
            self.office.record(
                "case.opened", corrects=latest, by=[self.office.by("zhang", "case_handler")], content=content
            )
        )

    def withdraw(self, number: int) -> None:
        if self.acts:
            case, act = self.acts[number % len(self.acts)]
            links = {"case": [case], "withdraws": [act]}
            by = [self.office.by("zhang", "enforcement_officer")]
            self.office.take(self.office.record("record.withdrawn", links=links, by=by, content={"reason": "重复"}))

    def outside(self, number: int) -> None:
        office, case = self.office, self._case(number)
        if case not in self.approvals:
            content = {
                "source": "scan",
                "reason": "补录",
                "entered_by": office.persons["clerk"],
                "until": "2099-01-01",
            }
            by = [office.by("head", "principal_head")]
            made = office.record("late_entry.approved", links={"case": [case]}, by=by, content=content)
            self.approvals[case] = office.take(made, "head").id
        made = office.record(
            "decision.made",
            office.now - timedelta(days=number % 40),
            links={"case": [case]},
            by=[office.by("head", "agency_head")],
            entered_by=office.by("clerk", "clerk"),
            content={"fine": number},
        )
        office.take(made, "clerk", Outside("scan", "补录", self.approvals[case]))

    def decide(self, number: int) -> None:
        self._act(number, "decision.made", role="case_handler", content={"fine": number})

    def close(self, number: int) -> None:
        self._act(number, "case.closed", role="case_handler", content={"reason": "performed"})

    def archive(self, number: int) -> None:
        self._act(number, "case_file", role="case_handler")

    def wait(self, number: int) -> None:
        self.office.wait(hours=(1, 23, 25, 24 * 8, 24 * 45)[number % 5])

    def role(self, number: int) -> None:
        office = self.office
        roles = ("archivist", "enforcement_officer", "handling_unit_head")
        since = office.now.date() - timedelta(days=number % 30)
        granted = actions.grant(
            office.who("admin"), office.persons["chen"], roles[number % 3], since=since, now=office.now
        )
        if number % 2:
            actions.end(office.who("admin"), granted.id, last_day=office.now.date(), now=office.now)

    def certificate(self, number: int) -> None:
        office = self.office
        day = office.now.date()
        actions.certify(
            office.who("admin"), f"冀01000{number % 4}", "张示例",
            valid_from=day - timedelta(days=number), valid_until=day + timedelta(days=number), now=office.now,
        )  # fmt: skip

    def worker(self, number: int) -> None:
        pass_time(self.office.instant)

    def wrong(self, number: int) -> None:
        self.office.take(self.office.record("act.questioning", links={"case": [self._case(number)]}))


def read_models(bureau: str) -> dict[str, list[Any]]:
    """Everything that is derived, as plain values: what it says, not under which row numbers or when it was written."""
    out: dict[str, list[Any]] = {}
    for table in DERIVED:
        if table is CounterRow:
            continue
        names = [f.attname for f in table._meta.fields if f.attname not in ("id", "judged", "duty_id")]
        if table is TaskRow:
            names.append("duty__key")
        out[table.__name__] = sorted(map(repr, table._default_manager.filter(bureau=bureau).values(*names)))
    sums: dict[tuple[str, str], int] = {}
    for name, key, number in CounterRow.objects.filter(bureau=bureau).values_list("name", "key", "number"):
        sums[name, key] = sums.get((name, key), 0) + number
    out["counters"] = sorted((k, n) for k, n in sums.items() if n)
    return out
