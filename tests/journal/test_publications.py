"""Publications through the door: in the file of their case and in one of their own, reviewed first, and what stays owed."""

from __future__ import annotations

from typing import Any

import pytest

from liuhen.journal.refusing import NotTaken
from tests.office import Office


@pytest.fixture
def bureau(db: None, data_folder: None) -> Office:
    return Office("anshan-publicity").staffed()


def stored(office: Office, kind: str, who: str, role: str, **parts: Any) -> str:
    return office.take(office.record(kind, by=[office.by(who, role)], **parts), who).id


def opened(office: Office, case: str = "", **links: list[str]) -> tuple[str, dict[str, list[str]]]:
    """Enter a draft an hour ago; return its id and the links of what belongs to it."""
    links = {**links, **({"case": [case]} if case else {})}
    content = {"information": "decision" if case else "enforcement_items", "responsible_department": "执法一队"}
    draft = stored(office, "publication_draft", "zhang", "case_handler", links=links, content=content)
    office.wait(hours=1)
    return draft, {**links, "publication": [draft]}


def published(office: Office, links: dict[str, list[str]], **content: Any) -> str:
    content = {"information": "decision", "platforms": ["website"], "stage": "after", **content}
    return stored(office, "publication_record", "zhang", "case_handler", links=links, content=content)


def owed(office: Office, root: str, rule: str) -> list[str]:
    """Return how what is not settled stands in that file."""
    return [d.status for d in office.duties(root) if d.rule == f"anshan-publicity/{rule}"]


def test_a_decision_is_published_only_after_the_head_of_the_unit_agreed(bureau: Office) -> None:
    case = bureau.open_case()
    _, links = opened(bureau, case)
    with pytest.raises(NotTaken) as refused:
        published(bureau, links)
    assert [f.code for f in refused.value.findings] == ["G-011"]
    (gate,) = refused.value.gates
    assert [step.kind for step in gate.asks] == ["publication_review_record"]
    bureau.wait(hours=1)
    stored(
        bureau, "publication_review_record", "wang", "publication_reviewer", links=links, content={"result": "approved"}
    )
    bureau.wait(hours=1)
    published(bureau, links)
    assert owed(bureau, case, "reviewed-before-publication") == []
    assert owed(bureau, case, "publication-contents") != []


def test_an_officer_can_not_review_what_is_to_be_published(bureau: Office) -> None:
    case = bureau.open_case()
    _, links = opened(bureau, case)
    with pytest.raises(NotTaken) as refused:
        stored(
            bureau,
            "publication_review_record",
            "zhang",
            "publication_reviewer",
            links=links,
            content={"result": "approved"},
        )
    assert "G-011" not in [f.code for f in refused.value.findings]


def test_a_list_is_published_from_a_file_of_its_own_and_the_unit_owes_it_no_longer(bureau: Office) -> None:
    unit = stored(bureau, "unit.set_up", "clerk", "clerk", content={"name": "执法一队"})
    assert owed(bureau, unit, "items-list-published") == ["overdue"]
    listed = stored(
        bureau, "enforcement_items_list", "clerk", "clerk", links={"unit": [unit]}, content={"title": "清单"}
    )
    draft, links = opened(bureau, unit=[unit])
    with pytest.raises(NotTaken):
        published(bureau, {**links, "about": [listed]}, information="enforcement_items", stage="before")
    bureau.wait(hours=1)
    stored(
        bureau, "publication_review_record", "wang", "publication_reviewer", links=links, content={"result": "approved"}
    )
    bureau.wait(hours=1)
    published(bureau, {**links, "about": [listed]}, information="enforcement_items", stage="before")
    assert owed(bureau, draft, "reviewed-before-publication") == []
    assert owed(bureau, draft, "proof-kept") != []
    assert owed(bureau, unit, "items-list-published") == []
    assert owed(bureau, unit, "items-list-published-in-time") == []


def test_a_publication_is_asked_down_when_its_years_are_over(bureau: Office) -> None:
    case = bureau.open_case()
    _, links = opened(bureau, case)
    bureau.wait(hours=1)
    stored(
        bureau, "publication_review_record", "wang", "publication_reviewer", links=links, content={"result": "approved"}
    )
    bureau.wait(hours=1)
    published(bureau, links, party_type="natural_person")
    assert owed(bureau, case, "natural-person-two-years") == []
    bureau.wait(days=365)
    early = {"ground": "other", "reasons": "当事人要求"}
    stored(bureau, "publication_withdrawal_record", "zhang", "case_handler", links=links, content=early)
    assert owed(bureau, case, "natural-person-two-years") == ["breached"]
