"""Acts done elsewhere and entered afterwards (补登): under another's approval, never refused by a gate, marked for good."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from liuhen.ground.record import read_record
from liuhen.journal.door import take_batch
from liuhen.journal.models import RecordRow
from liuhen.journal.outside import Outside, working_days_late
from liuhen.journal.refusing import NotTaken
from tests.office import UNIT, Office, moment


def codes(refused: pytest.ExceptionInfo[Any]) -> list[str]:
    return [f.code for f in refused.value.findings]


def approval(
    office: Office,
    *,
    by: str = "wang",
    enters: str = "clerk",
    source: str = "scan",
    until: str = "2026-03-31",
    case: str = "",
    kinds: tuple[str, ...] = (),
) -> str:
    role = {"wang": "handling_unit_head", "head": "principal_head"}.get(by, "enforcement_officer")
    made = office.record(
        "late_entry.approved", by=[office.by(by, role)], links={"case": [case]} if case else None,
        content={"source": source, "reason": "纸质材料补录", "entered_by": office.persons.get(enters, enters), "until": until,
                 **({"kinds": [*kinds]} if kinds else {})},
    )  # fmt: skip
    return office.take(made, by).id


@pytest.fixture
def root(office: Office) -> str:
    office.now = moment("2026-03-20 09:00")
    root = office.open_case()
    office.act(root, "act.hearing", "2026-03-20 08:00", "2026-03-20 08:50", role="case_handler")
    return root


@pytest.fixture
def decision(office: Office, root: str) -> dict[str, Any]:
    """A major decision without a legal review: a gate would refuse it now."""
    return office.record(
        "decision.made", "2026-03-20 08:55", links={"case": [root]}, content={"fine": 500000}, **on_paper(office)
    )


def on_paper(office: Office, by: str = "head", role: str = "agency_head", entered: str = "clerk") -> dict[str, Any]:
    """Who acted, and the clerk who enters it."""
    return {"by": [office.by(by, role)], "entered_by": office.by(entered, "clerk")}


def test_an_outside_act_is_stored_and_judged_breached_where_a_gate_would_have_refused_it(
    office: Office, root: str, decision: dict[str, Any]
) -> None:
    outside = Outside("scan", "停电期间纸质办理", approval(office, case=root))
    receipt = office.take(decision, "clerk", outside)
    assert [
        d.status for d in office.duties(root) if d.trigger == receipt.id and d.rulebook == "anshan-legal-review"
    ] == ["breached"]
    assert office.row(root).outside
    row = RecordRow.objects.get(id=receipt.id)
    assert row.outside
    assert json.loads(bytes(row.open))["door"]["outside"] == outside.as_json()


def test_the_same_act_brought_as_if_done_now_is_refused(office: Office, decision: dict[str, Any]) -> None:
    with pytest.raises(NotTaken) as refused:
        office.take({**decision, "by": [office.by("zhang", "case_handler")], "entered_by": None})
    assert codes(refused) == ["G-011"]


def test_an_outside_act_must_still_be_a_possible_one(office: Office, root: str, decision: dict[str, Any]) -> None:
    outside = Outside("scan", "补录", approval(office, case=root))
    for change, code in (
        ({"done_at": "2026-03-20T09:00:01+08:00"}, "R-013"),
        ({"links": {"case": [str(uuid4())]}}, "V-011"),
    ):
        with pytest.raises(NotTaken) as refused:
            office.take({**decision, **change}, "clerk", outside)
        assert codes(refused) == [code]


def test_it_needs_a_permission_of_its_own(office: Office, decision: dict[str, Any]) -> None:
    outside = Outside("scan", "补录", approval(office, enters="admin"))
    with pytest.raises(NotTaken) as refused:
        office.take(decision, "admin", outside)
    assert codes(refused) == ["A-007"]


def test_nobody_approves_what_he_enters_himself(office: Office, decision: dict[str, Any]) -> None:
    office.enrol("both", "双岗示例", "clerk", "handling_unit_head")
    role = {"role": "handling_unit_head", "name": "双岗示例", "id": office.persons["both"]}
    content = {"source": "scan", "reason": "补录", "entered_by": office.persons["both"], "until": "2026-03-31"}
    own = office.take(office.record("late_entry.approved", by=[role], content=content), "both").id
    with pytest.raises(NotTaken) as refused:
        office.take(decision, "both", Outside("scan", "补录", own))
    assert codes(refused) == ["A-008"]


def test_an_officer_may_not_approve_entering_afterwards(office: Office, root: str) -> None:
    with pytest.raises(NotTaken) as refused:
        approval(office, by="zhang")
    assert codes(refused) == ["A-011", "A-001"]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"enters": "zhang"}, "他人"),
        ({"source": "import"}, "来源"),
        ({"until": "2026-03-19"}, "截止"),
    ],
)
def test_an_approval_covers_what_it_names_and_no_more(
    office: Office, decision: dict[str, Any], given: dict[str, str], reason: str
) -> None:
    with pytest.raises(NotTaken) as refused:
        office.take(decision, "clerk", Outside("scan", "补录", approval(office, **given)))
    assert codes(refused) == ["G-015"]
    assert reason in refused.value.finding.sentence("zh")


def test_an_approval_holds_on_its_last_day(office: Office, root: str, decision: dict[str, Any]) -> None:
    office.take(decision, "clerk", Outside("scan", "补录", approval(office, until="2026-03-20", case=root)))


def test_an_approval_for_one_case_does_not_cover_another(office: Office, root: str, decision: dict[str, Any]) -> None:
    other = office.open_case()
    with pytest.raises(NotTaken) as refused:
        office.take(decision, "clerk", Outside("scan", "补录", approval(office, case=other)))
    assert codes(refused) == ["G-015"]
    office.take(decision, "clerk", Outside("scan", "补录", approval(office, case=root)))


def test_in_a_batch_every_record_is_held_to_the_case_of_the_approval(office: Office, root: str) -> None:
    other = office.open_case()
    said = Outside("scan", "补录", approval(office, case=root))

    def paper(case: str) -> dict[str, Any]:
        parts = on_paper(office, "zhang", "enforcement_officer")
        return office.record(
            "act.inspection", "2026-03-20 08:00", until="2026-03-20 08:30", links={"case": [case]}, **parts
        )

    with pytest.raises(NotTaken) as refused:
        take_batch([paper(root), paper(other)], actor=office.who("clerk"), now=office.now, outside=said)
    assert codes(refused) == ["G-015"]
    take_batch([paper(root), paper(root)], actor=office.who("clerk"), now=office.now, outside=said)


def test_an_approval_that_names_no_case_covers_one_opened_under_it_and_no_other(
    office: Office, root: str, decision: dict[str, Any]
) -> None:
    said = Outside("scan", "补录", approval(office))
    with pytest.raises(NotTaken) as refused:
        office.take(decision, "clerk", said)
    assert codes(refused) == ["G-015"]
    assert "没有写明本案" in refused.value.finding.sentence("zh")
    content = {
        "case_number": "示例〔2019〕1号",
        "title": "旧案（示例）",
        "action_type": "penalty",
        "unit": UNIT,
        "handlers": [{"name": office.names["zhang"], "id": office.persons["zhang"]}],
    }
    old = office.record("case.opened", "2026-03-20 08:00", content=content, **on_paper(office, "zhang", "case_handler"))
    within = {**decision, "links": {"case": [old["id"]]}}
    receipts = take_batch([old, within], actor=office.who("clerk"), now=office.now, outside=said)
    assert {r.home for r in receipts} == {old["id"]}
    assert RecordRow.objects.get(id=decision["id"]).outside
    again = Outside("scan", "补录", approval(office))
    with pytest.raises(NotTaken) as refused:
        office.take({**within, "id": str(uuid4())}, "clerk", again)
    assert codes(refused) == ["G-015"]


class TestWhoMayRecordIsAskedAsAlways:
    def test_nobody_grants_himself_a_role_by_calling_it_outside(self, office: Office, root: str) -> None:
        granted = office.record(
            "role.granted",
            links={"person": [office.persons["zhang"]]},
            content={"role": "system_administrator", "from": "2026-01-01"},
        )
        for case in ("", root):
            with pytest.raises(NotTaken) as refused:
                office.take(granted, "zhang", Outside("scan", "补录", approval(office, enters="zhang", case=case)))
            assert codes(refused) == ["A-001", "G-031"]
        assert "system_administrator" not in office.who("zhang").roles

    def test_nobody_withdraws_what_he_could_not_have_entered(self, office: Office, root: str) -> None:
        opinion = office.record(
            "legal_review_opinion",
            "2026-03-20 08:55",
            links={"case": [root]},
            by=[office.by("reviewer", "legal_reviewer")],
            content={"review_opinion": "disagree"},
        )
        office.take(opinion, "reviewer")
        withdrawn = office.record(
            "record.withdrawn",
            links={"case": [root], "withdraws": [opinion["id"]]},
            by=[office.by("zhang", "enforcement_officer")],
            content={"reason": "误登"},
        )
        with pytest.raises(NotTaken) as refused:
            office.take(withdrawn, "zhang", Outside("scan", "补录", approval(office, enters="zhang", case=root)))
        assert codes(refused) == ["A-001", "G-031"]

    def test_nobody_enters_for_others_who_may_not(self, office: Office, root: str, decision: dict[str, Any]) -> None:
        made = {**decision, "entered_by": office.by("zhang", "enforcement_officer")}
        with pytest.raises(NotTaken) as refused:
            office.take(made, "zhang", Outside("scan", "补录", approval(office, enters="zhang", case=root)))
        assert codes(refused) == ["A-003"]

    def test_nobody_enters_in_a_case_of_another_unit(self, office: Office, root: str) -> None:
        made = office.record(
            "act.inspection",
            "2026-03-20 08:00",
            until="2026-03-20 08:30",
            links={"case": [root]},
            by=[office.by("chen", "enforcement_officer")],
        )
        with pytest.raises(NotTaken) as refused:
            office.take(made, "chen", Outside("scan", "补录", approval(office, enters="chen", case=root)))
        assert codes(refused) == ["A-005"]

    @pytest.mark.parametrize("kind", ["late_entry.approved", "signature.added"])
    def test_what_takes_effect_by_being_recorded_was_not_done_elsewhere(
        self, office: Office, root: str, kind: str
    ) -> None:
        said = Outside("scan", "补录", approval(office, case=root))
        contents = {
            "late_entry.approved": {"source": "scan", "reason": "补录", "entered_by": "x", "until": "2026-03-31"},
            "signature.added": {},
        }
        links = {"case": [root], **({"about": [root]} if kind == "signature.added" else {})}
        parts = on_paper(office, "wang", "handling_unit_head")
        made = office.record(kind, links=links, content=contents[kind], **parts)
        with pytest.raises(NotTaken) as refused:
            office.take(made, "clerk", said)
        assert "G-031" in codes(refused)

    def test_a_correction_is_none_to_be_entered_afterwards(
        self, office: Office, root: str, decision: dict[str, Any]
    ) -> None:
        said = Outside("scan", "补录", approval(office, case=root))
        office.take(decision, "clerk", said)
        corrected = {**decision, "id": str(uuid4()), "corrects": decision["id"]}
        corrected["content"] = {"fine": 400000, "correction_reason": "笔误"}
        with pytest.raises(NotTaken) as refused:
            office.take(corrected, "clerk", said)
        assert codes(refused) == ["G-031"]


def test_a_withdrawn_approval_covers_nothing(office: Office, root: str, decision: dict[str, Any]) -> None:
    given = approval(office, case=root)
    office.take(
        office.record(
            "record.withdrawn",
            by=[office.by("wang", "handling_unit_head")],
            links={"withdraws": [given]},
            content={"reason": "误批"},
        ),
        "wang",
    )
    with pytest.raises(NotTaken) as refused:
        office.take(decision, "clerk", Outside("scan", "补录", given))
    assert codes(refused) == ["G-015"]


def test_an_approval_that_does_not_exist_covers_nothing(office: Office, decision: dict[str, Any]) -> None:
    with pytest.raises(NotTaken) as refused:
        office.take(decision, "clerk", Outside("scan", "补录", str(uuid4())))
    assert codes(refused) == ["G-015"]


@pytest.mark.parametrize(("source", "reason"), [("gossip", "补录"), ("scan", "  ")])
def test_source_and_reason_must_be_given(office: Office, decision: dict[str, Any], source: str, reason: str) -> None:
    given = approval(office)
    with pytest.raises(NotTaken) as refused:
        office.take(decision, "clerk", Outside(source, reason, given))
    assert "G-014" in codes(refused)


@pytest.mark.parametrize(
    ("done", "entered", "days"),
    [
        ("2026-03-20", "2026-03-20", 0),
        ("2026-03-20", "2026-03-23", 0),  # Friday, entered on Monday: the next working day
        ("2026-03-20", "2026-03-24", 2),
        ("2026-03-19", "2026-03-22", 1),  # Thursday, entered on Sunday: the Friday has passed
        ("2026-04-03", "2026-04-07", 0),  # over 清明
        ("2026-04-03", "2026-04-08", 2),
    ],
)
@pytest.mark.parametrize("precision", ["minute", "day"])
def test_an_entry_is_in_step_until_the_end_of_the_next_working_day(
    office: Office, done: str, entered: str, days: int, precision: str
) -> None:
    made = office.record("act.questioning", f"{done} 16:00", until=f"{done} 17:00", precision=precision)
    if precision == "day":
        made = {**made, "done_at": done, "until": None}
    record = read_record(made, zone=office.basis.zone)
    assert working_days_late(record, moment(f"{entered} 08:00").toordinal(), office.basis.calendar) == days


def test_a_bureau_may_set_how_long_an_entry_is_in_step(office: Office, settings: Any) -> None:
    settings.LIUHEN_ENTRY_WORKING_DAYS = 3
    record = read_record(office.record("investigation.ended", "2026-03-20 16:00"), zone=office.basis.zone)
    late = [
        working_days_late(record, moment(day).toordinal(), office.basis.calendar)
        for day in ("2026-03-25", "2026-03-26")
    ]
    assert late == [0, 4]


@pytest.mark.parametrize(
    ("kinds", "covered"),
    [
        ((), True),
        (("decision.made",), True),
        (("作出决定",), True),
        (("会议纪要", " 作出决定 "), True),
        (("会议纪要",), False),
        (("决定",), False),
        (("decision.made.x",), False),
    ],
)
def test_an_approval_that_names_kinds_covers_no_other(
    office: Office, root: str, decision: dict[str, Any], kinds: tuple[str, ...], covered: bool
) -> None:
    outside = Outside("scan", "停电期间纸质办理", approval(office, case=root, kinds=kinds))
    if covered:
        assert not office.take(decision, "clerk", outside).again
        return
    with pytest.raises(NotTaken) as refused:
        office.take(decision, "clerk", outside)
    assert codes(refused) == ["G-015"]
    assert "批准的是其他种类的记录" in refused.value.findings[0].sentence("zh")
    assert not RecordRow.objects.filter(id=decision["id"]).exists()
