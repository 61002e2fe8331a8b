"""Corrections and withdrawals: a further record each time, at most one that stands, and the lists follow."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from liuhen.journal.models import CaseRow, RecordRow
from liuhen.journal.refusing import NotTaken
from tests.office import Office


def codes(refused: pytest.ExceptionInfo[Any]) -> list[str]:
    return [f.code for f in refused.value.findings]


@pytest.fixture
def root(office: Office) -> str:
    return office.open_case("示例〔2023〕1号", title="甲案")


def correction(office: Office, root: str, corrects: str, **content: Any) -> dict[str, Any]:
    opening = {
        "case_number": "示例〔2023〕1号",
        "title": "甲案",
        "action_type": "penalty",
        "unit": "执法一队",
        "handlers": [{"name": office.names["zhang"], "id": office.persons["zhang"]}],
        **content,
    }
    return office.record("case.opened", corrects=corrects, by=[office.by("zhang", "case_handler")], content=opening)


def withdrawal(office: Office, root: str, what: str) -> dict[str, Any]:
    links = {"case": [root], "withdraws": [what]}
    return office.record(
        "record.withdrawn", links=links, by=[office.by("zhang", "enforcement_officer")], content={"reason": "重复登记"}
    )


def ended(office: Office, root: str) -> str:
    return office.act(root, "investigation.ended", "2023-03-06 08:30", role="case_handler").id


def test_a_correction_lies_in_the_same_file_and_the_lists_follow_it(office: Office, root: str) -> None:
    receipt = office.take(correction(office, root, root, title="乙案"))
    assert (receipt.home, receipt.root) == (root, root)
    assert office.row(root).title == "乙案"
    assert RecordRow.objects.filter(home=root).count() == 2


def test_a_correction_of_a_correction_keeps_the_first_root(office: Office, root: str) -> None:
    second = office.take(correction(office, root, root, title="乙案"))
    third = office.take(correction(office, root, second.id, title="丙案"))
    assert third.root == root
    assert office.row(root).title == "丙案"


def test_a_second_correction_of_one_record_is_refused(office: Office, root: str) -> None:
    first = office.take(correction(office, root, root, title="乙案"))
    with pytest.raises(NotTaken) as refused:
        office.take(correction(office, root, root, title="丙案"))
    assert codes(refused) == ["G-005"]
    assert refused.value.finding.as_json()["fields"]["correction"] == first.id
    assert office.row(root).title == "乙案"


def test_after_a_correction_was_withdrawn_the_record_can_be_corrected_anew(office: Office, root: str) -> None:
    def noted(note: str) -> dict[str, Any]:
        parts = {"links": {"case": [root]}, "by": [office.by("zhang", "case_handler")]}
        return office.record("investigation.ended", corrects=act, content={"note": note}, **parts)

    act = ended(office, root)
    first = office.take(noted("甲"))
    with pytest.raises(NotTaken) as refused:
        office.take(noted("乙"))
    assert codes(refused) == ["G-005"]
    office.take(withdrawal(office, root, first.id))
    assert office.take(noted("乙")).root == act


def test_a_correction_of_nothing_is_refused(office: Office, root: str) -> None:
    with pytest.raises(NotTaken) as refused:
        office.take(correction(office, root, str(uuid4())))
    assert codes(refused) == ["G-002"]


def test_a_correction_by_another_kind_is_refused(office: Office, root: str) -> None:
    with pytest.raises(NotTaken) as refused:
        office.act(root, "investigation.ended", "2023-03-06 08:30", role="case_handler", corrects=root)
    assert codes(refused) == ["G-003"]


def test_a_correction_across_bureaus_is_refused(office: Office, root: str) -> None:
    foreign = Office("anshan-legal-review").staffed().open_case()
    with pytest.raises(NotTaken) as refused:
        office.take(correction(office, root, foreign))
    assert codes(refused) == ["G-004"]


def test_a_withdrawn_record_can_be_neither_withdrawn_again_nor_corrected(office: Office, root: str) -> None:
    act = ended(office, root)
    office.take(withdrawal(office, root, act))
    for attempt in (
        withdrawal(office, root, act),
        office.record(
            "investigation.ended", corrects=act, links={"case": [root]}, by=[office.by("zhang", "case_handler")]
        ),
    ):
        with pytest.raises(NotTaken) as refused:
            office.take(attempt)
        assert codes(refused) == ["G-006"]


def test_a_withdrawn_record_asks_for_nothing_any_more(office: Office, root: str) -> None:
    act = office.act(root, "act.questioning", "2023-03-06 08:00", "2023-03-06 08:40").id
    assert any(d.trigger == act for d in office.duties(root))
    office.take(withdrawal(office, root, act))
    assert not any(d.trigger == act for d in office.duties(root))


def test_a_correction_can_not_move_a_record_to_another_case(office: Office, root: str) -> None:
    """It would be asked about in both."""
    other = office.open_case("示例〔2023〕2号")
    act = office.act(root, "act.questioning", "2023-03-06 08:00", "2023-03-06 08:40").id
    with pytest.raises(NotTaken) as refused:
        office.act(other, "act.questioning", "2023-03-06 08:00", "2023-03-06 08:40", corrects=act)
    assert codes(refused) == ["G-025"]
    assert office.act(root, "act.questioning", "2023-03-06 08:00", "2023-03-06 08:41", corrects=act).home == root


def test_footage_without_a_case_is_corrected_into_one(office: Office, root: str) -> None:
    footage = office.record(
        "recording.completed",
        "2023-03-06 08:00",
        until="2023-03-06 08:40",
        by=[office.by("zhang", "enforcement_officer")],
    )
    first = office.take(footage)
    assert (first.home, office.row(first.home).subject) == (footage["id"], "recording")
    claimed = office.act(root, "recording.completed", "2023-03-06 08:00", "2023-03-06 08:40", corrects=first.id)
    assert (claimed.home, claimed.root) == (root, first.id)
    assert office.row(first.home).shared
    assert [office.row(r).records for r in (first.home, root)] == [2, 2]


def test_a_corrected_record_is_withdrawn_by_its_correction_and_not_by_itself(office: Office, root: str) -> None:
    act = ended(office, root)
    parts = {"links": {"case": [root]}, "by": [office.by("zhang", "case_handler")]}
    later = office.take(office.record("investigation.ended", corrects=act, **parts)).id
    with pytest.raises(NotTaken) as refused:
        office.take(withdrawal(office, root, act))
    assert codes(refused) == ["G-005"]
    office.take(withdrawal(office, root, later))


def test_a_withdrawal_that_names_another_case_is_refused_and_the_record_stands(office: Office, root: str) -> None:
    other = office.open_case("示例〔2023〕2号", title="乙案")
    act = office.act(root, "act.questioning", "2023-03-06 08:00", "2023-03-06 08:40").id
    with pytest.raises(NotTaken) as refused:
        office.take(withdrawal(office, other, act))
    assert codes(refused) == ["G-033"]
    assert not RecordRow.objects.filter(kind="record.withdrawn").exists()
    unnamed = withdrawal(office, root, act)
    del unnamed["links"]["case"]
    assert office.take(unnamed).home == root


def test_an_added_signature_lies_where_the_signed_record_lies(office: Office, root: str) -> None:
    other = office.open_case("示例〔2023〕2号", title="乙案")
    paper = ended(office, root)

    def signed(case: str) -> dict[str, Any]:
        links = {"case": [case], "about": [paper]}
        return office.record("signature.added", links=links, by=[office.by("zhang", "enforcement_officer")])

    with pytest.raises(NotTaken) as refused:
        office.take(signed(other))
    assert codes(refused) == ["G-033"]
    assert office.take(signed(root)).home == root


def test_who_could_not_enter_a_record_cannot_withdraw_it(office: Office, root: str) -> None:
    act = office.act(root, "act.questioning", "2023-03-06 08:00", "2023-03-06 08:40").id
    office.enrol("checker", "某示例", "supervisor")
    unsaid = {**withdrawal(office, root, act), "by": [office.by("checker", "supervisor")]}
    with pytest.raises(NotTaken) as refused:
        office.take(unsaid, "checker")
    assert codes(refused) == ["A-001"]
    office.take(withdrawal(office, root, act))


def test_a_case_number_is_given_once(office: Office, root: str) -> None:
    with pytest.raises(NotTaken) as refused:
        office.open_case("示例〔2023〕1号", title="乙案")
    assert codes(refused) == ["G-028"]
    assert office.open_case("示例〔2023〕2号", title="乙案") != root


def renumbered(office: Office, root: str, number: str, corrects: str) -> str:
    made = correction(office, root, corrects, case_number=number, correction_reason=f"案号编错，应为{number}。")
    return office.take(made).id


def test_a_corrected_number_is_free_for_another_case_and_does_not_come_back(office: Office, root: str) -> None:
    correction = renumbered(office, root, "示例〔2023〕7号", root)
    other = office.open_case("示例〔2023〕1号", title="乙案")
    with pytest.raises(NotTaken) as refused:
        renumbered(office, root, "示例〔2023〕1号", correction)
    assert codes(refused) == ["G-028"]
    assert refused.value.finding.fields["number"] == "示例〔2023〕1号"
    assert [office.row(r).number for r in (root, other)] == ["示例〔2023〕7号", "示例〔2023〕1号"]
    renumbered(office, other, "示例〔2023〕8号", other)
    renumbered(office, root, "示例〔2023〕1号", correction)
    assert office.row(root).number == "示例〔2023〕1号"


def test_what_opened_a_case_is_not_withdrawn_and_the_case_stays_as_it_was(office: Office, root: str) -> None:
    before = office.row(root)
    with pytest.raises(NotTaken) as refused:
        office.take(withdrawal(office, root, root))
    assert codes(refused) == ["G-032"]
    assert "结案" in refused.value.finding.next_step("zh")
    after = office.row(root)
    assert (after.phase, after.state, after.last_seq) == (before.phase, before.state, before.last_seq)


def test_a_correction_of_the_opening_is_not_withdrawn_either_and_can_be_corrected_again(
    office: Office, root: str
) -> None:
    correction = renumbered(office, root, "示例〔2023〕7号", root)
    with pytest.raises(NotTaken) as refused:
        office.take(withdrawal(office, root, correction))
    assert codes(refused) == ["G-032"]
    renumbered(office, root, "示例〔2023〕1号", correction)
    assert office.row(root).number == "示例〔2023〕1号"


def test_the_database_itself_holds_a_case_number_to_one_case(office: Office, root: str) -> None:
    from django.db import IntegrityError, transaction

    other = office.open_case("示例〔2023〕2号")
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseRow.objects.filter(root=other).update(number="示例〔2023〕1号")
    CaseRow.objects.filter(root=other).update(number="示例〔2023〕3号")


def test_a_correction_that_changes_nothing_is_refused(office: Office, root: str) -> None:
    act = ended(office, root)
    parts = {"links": {"case": [root]}, "by": [office.by("zhang", "case_handler")]}
    with pytest.raises(NotTaken) as refused:
        office.take(office.record("investigation.ended", "2023-03-06 08:30", corrects=act, precision="minute", **parts))
    assert codes(refused) == ["G-029"]
    assert "调查终结" in refused.value.finding.sentence()
    office.take(office.record("investigation.ended", "2023-03-06 08:31", corrects=act, **parts))


@pytest.mark.parametrize("reason", ["", "   ", None])
def test_a_correction_says_why(office: Office, root: str, reason: str | None) -> None:
    act = ended(office, root)
    parts = {"links": {"case": [root]}, "by": [office.by("zhang", "case_handler")]}
    unsaid = office.record("investigation.ended", "2023-03-06 08:31", corrects=act, **parts)
    with pytest.raises(NotTaken) as refused:
        office.take({**unsaid, "content": {"correction_reason": reason}})
    assert codes(refused) == ["G-030"]
    assert refused.value.finding.place == "/content/correction_reason"
    office.take({**unsaid, "content": {"correction_reason": "时间记错"}})


def test_what_is_no_correction_gives_no_reason_for_one(office: Office, root: str) -> None:
    with pytest.raises(NotTaken) as refused:
        office.act(root, "investigation.ended", "2023-03-06 08:30", content={"correction_reason": "笔误"})
    assert codes(refused) == ["V-003"]


def test_the_reason_lies_under_the_files_key(office: Office, root: str) -> None:
    """It may name people, and goes with the file when its time is over."""
    receipt = office.take(correction(office, root, root, title="乙案", correction_reason="当事人钱某来函更正"))
    row = RecordRow.objects.get(id=receipt.id)
    assert "钱某" not in bytes(row.open).decode()
