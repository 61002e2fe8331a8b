"""What goes in through the one door, what does not, and that a refusal leaves the journal as it was."""

from __future__ import annotations

from datetime import UTC
from typing import Any
from uuid import uuid4

import pytest

from liuhen.ground.record import read_record
from liuhen.journal.door import MOST_IN_A_BATCH, preview, take, take_batch
from liuhen.journal.filed import filed
from liuhen.journal.judging import UnknownBureau
from liuhen.journal.models import DERIVED, WRITTEN_ONCE, LeafRow, RecordRow
from liuhen.journal.refusing import NotTaken
from liuhen.journal.who import Who
from tests.office import Office, moment

TEXT_A, TEXT_B = "a" * 64, "b" * 64


def everything(bureau: str) -> dict[str, list[Any]]:
    """Every row of a bureau in every table that the door writes."""
    tables = [t for t in (*WRITTEN_ONCE, LeafRow, *DERIVED) if t.__name__ != "DataRow"]
    return {t.__name__: list(t._default_manager.filter(bureau=bureau).order_by("pk").values()) for t in tables}


def codes(refused: pytest.ExceptionInfo[Any]) -> list[str]:
    return [f.code for f in refused.value.findings]


@pytest.fixture
def root(office: Office) -> str:
    return office.open_case()


@pytest.fixture
def questioning(office: Office, root: str) -> dict[str, Any]:
    """An act by two officers of the case."""
    by = [office.by("zhang", "enforcement_officer"), office.by("li", "enforcement_officer")]
    return office.record("act.questioning", "2023-03-06 08:00", until="2023-03-06 08:40", links={"case": [root]}, by=by)


def test_a_record_that_was_taken_in_reads_back_as_its_maker_stated_it(
    office: Office, root: str, questioning: dict[str, Any]
) -> None:
    receipt = office.take(questioning)
    assert (receipt.home, receipt.root, receipt.received_at) == (root, questioning["id"], office.now)
    entry = filed(office.row(root), office.basis.zone).entry(questioning["id"])
    assert entry is not None
    assert entry.record.maker_json() == {**questioning, "kind_version": 1, "precision": "second"}
    assert entry.record.received_at == office.now


def test_a_record_and_its_json_are_taken_alike(office: Office, questioning: dict[str, Any]) -> None:
    first = office.take(questioning)
    again = take(read_record(questioning), actor=office.who("zhang"), now=office.now)
    assert again == first
    assert again.again


def test_a_time_written_in_another_zone_is_the_same_moment_on_the_bureaus_day(office: Office, root: str) -> None:
    office.now = moment("2023-03-07 09:00")
    night = moment("2023-03-07 00:30").astimezone(UTC)
    receipt = office.take(
        office.record("investigation.ended", night, links={"case": [root]}, by=[office.by("zhang", "case_handler")])
    )
    row = RecordRow.objects.get(id=receipt.id)
    assert row.day == moment("2023-03-07 12:00").toordinal()


def test_the_same_record_again_gets_the_first_answer_and_is_stored_once(
    office: Office, questioning: dict[str, Any]
) -> None:
    first = office.take(questioning)
    before = everything(office.bureau)
    office.wait(hours=1)
    second = office.take(questioning)
    assert second == first
    assert (first.again, second.again) == (False, True)
    assert everything(office.bureau) == before


def test_the_same_id_with_other_content_is_refused(office: Office, questioning: dict[str, Any]) -> None:
    office.take(questioning)
    before = everything(office.bureau)
    with pytest.raises(NotTaken) as refused:
        office.take({**questioning, "until": "2023-03-06T08:41:00+08:00"})
    assert codes(refused) == ["G-001"]
    assert "3月6日 09:00" in refused.value.finding.sentence("zh")
    assert everything(office.bureau) == before


def test_the_same_id_is_refused_to_another_bureau(office: Office, questioning: dict[str, Any]) -> None:
    office.take(questioning)
    other = Office("anshan-legal-review").staffed()
    root = other.open_case()
    stolen = {
        **questioning,
        "bureau": other.bureau,
        "links": {"case": [root]},
        "by": [other.by("zhang", "enforcement_officer")],
    }
    with pytest.raises(NotTaken) as refused:
        other.take(stolen)
    assert codes(refused) == ["G-001"]


@pytest.mark.parametrize(
    ("part", "value", "code"),
    [
        ("kind", "act.questionning", "V-001"),
        ("kind_version", 99, "V-002"),
        ("content", {"no_such_field": 1}, "V-003"),
        ("until", None, "V-009"),
        ("until", "2023-03-06T07:59:59+08:00", "R-014"),
        ("done_at", "2023-03-06T08:00:00", "R-012"),
        ("done_at", "2023-02-30T08:00:00+08:00", "R-011"),
        ("id", "not-an-id", "R-010"),
        ("links", {}, "V-008"),
        ("received_at", "2023-03-06T09:00:00+08:00", "G-008"),
        ("root", "0190a5d0-0000-7000-8000-000000000009", "G-008"),
        ("whim", 1, "R-003"),
    ],
)
def test_a_malformed_record_is_refused_by_name_and_stores_nothing(
    office: Office, questioning: dict[str, Any], part: str, value: object, code: str
) -> None:
    before = everything(office.bureau)
    with pytest.raises(NotTaken) as refused:
        office.take({k: v for k, v in {**questioning, part: value}.items() if v is not None})
    assert codes(refused) == [code]
    assert refused.value.finding.place.startswith("/")
    assert everything(office.bureau) == before
    office.take(questioning)


@pytest.mark.parametrize("value", [None, [], "text", 7])
def test_what_is_no_object_is_refused(office: Office, value: object) -> None:
    with pytest.raises(NotTaken) as refused:
        take(value, actor=office.who("zhang"), now=office.now)
    assert codes(refused) == ["R-001"]


def test_an_act_that_ends_this_very_moment_is_taken_and_one_that_ends_a_second_later_is_not(
    office: Office, questioning: dict[str, Any]
) -> None:
    with pytest.raises(NotTaken) as refused:
        office.take({**questioning, "until": "2023-03-06T09:00:01+08:00"})
    assert codes(refused) == ["R-013"]
    office.take({**questioning, "until": "2023-03-06T09:00:00+08:00"})


def test_a_paper_that_knows_only_its_day_may_bear_today_and_not_tomorrow(office: Office, root: str) -> None:
    paper = office.record(
        "investigation.ended", links={"case": [root]}, by=[office.by("zhang", "case_handler")], precision="day"
    )
    with pytest.raises(NotTaken) as refused:
        office.take({**paper, "done_at": "2023-03-07"})
    assert codes(refused) == ["R-013"]
    office.take({**paper, "done_at": "2023-03-06"})


def test_everything_wrong_is_said_at_once(office: Office, questioning: dict[str, Any]) -> None:
    with pytest.raises(NotTaken) as refused:
        office.take(
            {
                **questioning,
                "content": {"a": 1, "b": 2},
                "done_at": "2023-03-07T08:00:00+08:00",
                "until": "2023-03-07T08:10:00+08:00",
            }
        )
    assert sorted(codes(refused)) == ["R-013", "R-013", "V-003", "V-003"]


@pytest.mark.parametrize("role", ["case", "about"])
def test_a_link_to_nothing_is_refused(office: Office, root: str, role: str) -> None:
    links = {"case": [root], role: [str(uuid4())]}
    with pytest.raises(NotTaken) as refused:
        office.take(office.record("interview_transcript", links=links, by=[office.by("zhang", "enforcement_officer")]))
    assert codes(refused) == ["V-011"]
    assert refused.value.finding.place == f"/links/{role}"


def test_a_link_to_the_wrong_kind_is_refused(office: Office, root: str, questioning: dict[str, Any]) -> None:
    act = office.take(questioning).id
    transcript = office.record(
        "interview_transcript", links={"case": [root], "about": [root]}, by=[office.by("zhang", "enforcement_officer")]
    )
    with pytest.raises(NotTaken) as refused:
        office.take(transcript)
    assert codes(refused) == ["V-013"]
    office.take({**transcript, "links": {"case": [root], "about": [act]}})


def test_what_is_no_case_can_not_be_named_as_the_case(office: Office, questioning: dict[str, Any]) -> None:
    act = office.take(questioning).id
    with pytest.raises(NotTaken) as refused:
        office.take({**questioning, "id": str(uuid4()), "links": {"case": [act]}})
    assert codes(refused) == ["V-013"]


def test_a_record_of_another_bureau_can_not_be_named(office: Office, questioning: dict[str, Any]) -> None:
    foreign = Office("anshan-legal-review").staffed().open_case()
    with pytest.raises(NotTaken) as refused:
        office.take({**questioning, "links": {"case": [foreign]}})
    assert codes(refused) == ["G-004"]


def test_a_bureau_that_was_never_set_up_is_refused(office: Office, questioning: dict[str, Any]) -> None:
    with pytest.raises(UnknownBureau) as refused:
        take(questioning, actor=Who("", "nowhere"), now=office.now)
    assert codes(refused) == ["G-007"]


# -- gates ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def major_case(office: Office) -> str:
    """A case in which a hearing was held: major, so that a decision needs a passed legal review of its very text."""
    office.now = moment("2026-03-20 09:00")
    root = office.open_case()
    office.act(root, "act.hearing", "2026-03-20 08:00", "2026-03-20 08:50", role="case_handler")
    return root


def decision(office: Office, root: str, text: str = TEXT_A) -> dict[str, Any]:
    content = {"draft_digest": text, "fine": 500000}
    return office.record(
        "decision.made", links={"case": [root]}, by=[office.by("zhang", "case_handler")], content=content
    )


def opinion(office: Office, root: str, said: str, text: str = TEXT_A) -> None:
    by = [office.by("reviewer", "legal_reviewer")]
    content = {"review_opinion": said, "draft_digest": text}
    office.take(office.record("legal_review_opinion", links={"case": [root]}, by=by, content=content), "reviewer")
    office.wait(minutes=1)


def test_a_decision_is_refused_while_the_review_is_open(office: Office, major_case: str) -> None:
    """The refusal names article 11, and the journal is as it was."""
    before = everything(office.bureau)
    with pytest.raises(NotTaken) as refused:
        office.take(decision(office, major_case))
    assert codes(refused) == ["G-011"]
    assert "第11条" in refused.value.finding.sentence("zh")
    assert "审核" in refused.value.finding.next_step("zh")
    (gate,) = refused.value.gates
    assert gate.kinds == ("legal_review_opinion",)
    assert everything(office.bureau) == before


def test_a_decision_is_taken_once_its_text_passed_the_review(office: Office, major_case: str) -> None:
    opinion(office, major_case, "agree")
    with pytest.raises(NotTaken):
        office.take(decision(office, major_case, TEXT_B))
    assert office.take(decision(office, major_case, TEXT_A)).home == major_case


def test_an_opinion_that_asks_for_correction_closes_the_gate_again(office: Office, major_case: str) -> None:
    opinion(office, major_case, "agree")
    opinion(office, major_case, "correct")
    with pytest.raises(NotTaken) as refused:
        office.take(decision(office, major_case))
    assert codes(refused) == ["G-011"]


def test_a_preview_says_what_the_door_would_say_and_stores_nothing(office: Office, major_case: str) -> None:
    before = everything(office.bureau)
    seen = preview(decision(office, major_case), actor=office.who("zhang"), now=office.now)
    assert [f.code for f in seen.findings] == ["G-011"]
    assert [a.passed for a in seen.asked] == [False]
    assert any(d.status == "breached" for d in seen.warnings)
    assert everything(office.bureau) == before
    opinion(office, major_case, "agree")
    seen = preview(decision(office, major_case), actor=office.who("zhang"), now=office.now)
    assert (seen.findings, [a.passed for a in seen.asked]) == ((), [True])


def test_a_preview_of_a_malformed_record_names_its_faults(office: Office, root: str) -> None:
    seen = preview(
        office.record("act.questioning", links={"case": [str(uuid4())]}), actor=office.who("zhang"), now=office.now
    )
    assert [f.code for f in seen.findings] == ["V-009"]
    seen = preview(
        office.record("case.closed", links={"case": [str(uuid4())]}), actor=office.who("zhang"), now=office.now
    )
    assert [f.code for f in seen.findings] == ["V-011"]


# -- batches -------------------------------------------------------------------------------------------------------


def test_in_a_batch_a_later_record_may_name_an_earlier_one(
    office: Office, root: str, questioning: dict[str, Any]
) -> None:
    by = [office.by("zhang", "enforcement_officer")]
    transcript = office.record("interview_transcript", links={"case": [root], "about": [questioning["id"]]}, by=by)
    receipts = take_batch([questioning, transcript], actor=office.who("zhang"), now=office.now)
    assert [r.id for r in receipts] == [questioning["id"], transcript["id"]]
    assert [e.record.id for e in filed(office.row(root), office.basis.zone).entries[-2:]] == [r.id for r in receipts]


def test_a_batch_is_taken_whole_or_not_at_all(
    office: Office, root: str, questioning: dict[str, Any], major_case: str
) -> None:
    office.take(questioning)  # known already: the same record in a batch is no fault
    fresh = {**questioning, "id": str(uuid4())}
    before = everything(office.bureau)
    with pytest.raises(NotTaken) as refused:
        take_batch([questioning, fresh, decision(office, major_case)], actor=office.who("zhang"), now=office.now)
    assert [(f.code, f.place) for f in refused.value.findings] == [("G-011", "/records/2")]
    assert everything(office.bureau) == before


def test_a_batch_names_the_place_of_each_fault(office: Office, questioning: dict[str, Any]) -> None:
    wrong = [{**questioning, "id": str(uuid4()), "kind": "no.such"}, questioning, {**questioning, "id": "x"}]
    with pytest.raises(NotTaken) as refused:
        take_batch(wrong, actor=office.who("zhang"), now=office.now)
    assert [(f.code, f.place) for f in refused.value.findings] == [
        ("V-001", "/records/0/kind"),
        ("R-010", "/records/2/id"),
    ]


def test_one_record_twice_in_a_batch_is_stored_once(office: Office, questioning: dict[str, Any]) -> None:
    first, second = take_batch([questioning, questioning], actor=office.who("zhang"), now=office.now)
    assert (first, first.again, second.again) == (second, False, True)


def test_a_batch_too_large_is_refused_before_anything_is_read(office: Office) -> None:
    with pytest.raises(NotTaken) as refused:
        take_batch([None] * (MOST_IN_A_BATCH + 1), actor=office.who("zhang"), now=office.now)
    assert codes(refused) == ["G-018"]
    with pytest.raises(NotTaken) as refused:
        take_batch([None] * 2, actor=office.who("zhang"), now=office.now)
    assert codes(refused) == ["R-001", "R-001"]


def test_an_empty_batch_stores_nothing(office: Office) -> None:
    assert take_batch([], actor=office.who("zhang"), now=office.now) == []


def test_a_record_may_name_more_records_than_one_query_takes(
    office: Office, root: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from liuhen.journal import placing

    monkeypatch.setattr(placing, "IDS_AT_ONCE", 2)
    acts = [office.act(root, "act.questioning", f"2023-03-06 0{n}:00", f"2023-03-06 0{n}:30").id for n in range(5)]
    filed_by = [office.by("archivist", "archivist")]
    record = office.record("case_file", links={"case": [root], "lists": acts}, by=filed_by)
    assert office.take(record, "archivist").home == root
    wrong = {**record, "id": str(uuid4()), "links": {"case": [root], "lists": [*acts, str(uuid4())]}}
    with pytest.raises(NotTaken) as refused:
        office.take(wrong, "archivist")
    assert codes(refused) == ["V-011"]


def test_the_letter_of_a_major_decision_is_refused_like_the_decision_and_names_the_review(office: Office) -> None:
    root = office.open_case()
    office.act(root, "act.hearing", "2023-03-06 07:00", "2023-03-06 08:00", role="case_handler")
    with pytest.raises(NotTaken) as refused:
        office.act(root, "penalty_decision", "2023-03-06 08:30", role="case_handler")
    assert [f.code for f in refused.value.findings] == ["G-011"]
    assert "法制审核" in refused.value.finding.sentence("zh") + refused.value.finding.next_step("zh")
    opinion = office.record(
        "legal_review_opinion",
        "2023-03-06 08:10",
        links={"case": [root]},
        by=[office.by("reviewer", "legal_reviewer")],
        content={"review_opinion": "agree"},
    )
    office.take(opinion, "reviewer")
    assert office.act(root, "penalty_decision", "2023-03-06 08:30", role="case_handler").home == root


def test_the_letter_of_a_decision_that_is_not_major_needs_no_review(office: Office) -> None:
    root = office.open_case()
    content = {"major_decision_ground": ["not_major"], "proposed_fine": 500000}
    office.act(root, "decision_draft_record", "2023-03-06 08:00", role="case_handler", content=content)
    letter = {"role": "case_handler", "content": {"fine": 9999999}}
    assert office.act(root, "penalty_decision", "2023-03-06 08:30", **letter).home == root
