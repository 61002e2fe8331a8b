"""A batch with one fault anywhere stores nothing at all; and a record is one record, however often it is brought."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from liuhen.journal.door import Receipt, take, take_batch
from liuhen.journal.filed import filed
from liuhen.journal.models import FileRow, LeafRow, RecordRow
from liuhen.journal.refusing import NotTaken
from tests.journal.test_door import decision, everything
from tests.journal.test_two_at_once import at_once
from tests.office import Office, moment

UNKNOWN = "0197f000-0000-7000-8000-00000000dead"


def acts(office: Office, root: str, number: int, *, new: bool = True) -> list[dict[str, Any]]:
    """Acts of a case, each naming the one before; the first opens another case when `new`."""
    made = []
    by = [office.by("zhang", "enforcement_officer")]
    if new:
        content = {
            "case_number": f"示例〔2026〕{uuid4().hex[:6]}号",
            "title": "乙案",
            "action_type": "penalty",
            "unit": "执法一队",
        }
        made.append(office.record("case.opened", by=[office.by("zhang", "case_handler")], content=content))
    for n in range(number - len(made)):
        at = f"{office.now:%Y-%m-%d} 0{n % 8}:00"
        links = {"case": [made[0]["id"] if new and n % 2 else root]}
        made.append(office.record("act.questioning", at, until=at[:-2] + "30", links=links, by=by))
    return made


def tomorrow(office: Office, record: dict[str, Any]) -> dict[str, Any]:
    return {**record, "done_at": "2199-03-06T09:00:00+08:00", "until": "2199-03-06T09:10:00+08:00"}


def with_a_file_that_is_not_here(record: dict[str, Any]) -> dict[str, Any]:
    return {**record, "files": [{"sha256": "0" * 64, "bytes": 3, "name": "a.pdf", "role": "scan"}]}


def a_role(office: Office) -> dict[str, Any]:
    links, content = {"person": [office.persons["li"]]}, {"role": "clerk", "from": "2026-01-01"}
    return office.record("role.granted", links=links, content=content)


# what is wrong -> the code, and the faulty record made of a sound one of the case
FAULTS: dict[str, tuple[str, Callable[[Office, str, dict[str, Any]], Any]]] = {
    "no record": ("R-001", lambda office, root, record: "text"),
    "an impossible time": ("R-011", lambda office, root, record: {**record, "done_at": "2026-02-30T09:00:00+08:00"}),
    "an unknown kind": ("V-001", lambda office, root, record: {**record, "kind": "act.dreaming"}),
    "the future": ("R-013", lambda office, root, record: tomorrow(office, record)),
    "a link to nothing": ("V-011", lambda office, root, record: {**record, "links": {"case": [UNKNOWN]}}),
    "a correction of nothing": ("G-002", lambda office, root, record: {**record, "corrects": UNKNOWN}),
    "another bureau": ("A-009", lambda office, root, record: {**record, "bureau": "elsewhere"}),
    "a file that is not here": ("G-012", lambda office, root, record: with_a_file_that_is_not_here(record)),
    "nobody's kind to record": ("A-001", lambda office, root, record: a_role(office)),
    "a known id with other content": ("G-001", lambda office, root, record: {**record, "id": root}),
    "a gate": ("G-011", lambda office, root, record: decision(office, root)),
}  # fmt: skip


@pytest.fixture
def major_case(office: Office) -> str:
    """A case that may not be decided before its legal review."""
    office.now = moment("2026-03-20 09:00")
    root = office.open_case()
    office.act(root, "act.hearing", "2026-03-20 08:00", "2026-03-20 08:50", role="case_handler")
    return root


@pytest.mark.parametrize("what", FAULTS)
def test_a_batch_with_one_fault_stores_nothing_wherever_the_fault_stands(
    office: Office, major_case: str, what: str
) -> None:
    code, spoil = FAULTS[what]
    before = everything(office.bureau)
    sound = acts(office, major_case, 4)
    for position in range(len(sound) + 1):
        wrong = spoil(office, major_case, acts(office, major_case, 1, new=False)[0])
        batch = [*sound[:position], wrong, *sound[position:]]
        with pytest.raises(NotTaken) as refused:
            take_batch(batch, actor=office.who("zhang"), now=office.now)
        assert code in {f.code for f in refused.value.findings}
        assert {f.place.split("/")[2] for f in refused.value.findings} == {str(position)}
        assert everything(office.bureau) == before
    # The batch was sound but for that: without the fault it goes in whole.
    receipts = take_batch(sound, actor=office.who("zhang"), now=office.now)
    assert [r.id for r in receipts] == [r["id"] for r in sound]


def test_a_fault_found_last_leaves_no_file_row_and_no_leaf(office: Office, major_case: str) -> None:
    sound = acts(office, major_case, 3)
    before = FileRow.objects.count(), LeafRow.objects.count(), RecordRow.objects.count()
    with pytest.raises(NotTaken):
        take_batch([*sound, decision(office, major_case)], actor=office.who("zhang"), now=office.now)
    assert (FileRow.objects.count(), LeafRow.objects.count(), RecordRow.objects.count()) == before


def laid_out_otherwise(value: Any, chance: random.Random) -> Any:
    """The same JSON value with its keys in another order."""
    if isinstance(value, dict):
        items = list(value.items())
        chance.shuffle(items)
        return {k: laid_out_otherwise(v, chance) for k, v in items}
    return [laid_out_otherwise(v, chance) for v in value] if isinstance(value, list) else value


def test_a_record_laid_out_otherwise_is_the_same_and_one_bit_more_is_another(office: Office) -> None:
    root = office.open_case()
    record = acts(office, root, 1, new=False)[0]
    first = office.take(record)
    chance = random.Random(7)
    for same in (
        laid_out_otherwise(record, chance),
        {**record, "kind_version": 1, "precision": "second", "content": {}, "files": []},
        {**record, "done_at": record["done_at"].replace("T00:00:00+08:00", "T00:00:00.000000+08:00")},
        {**record, "links": {"case": root}},
    ):
        again = office.take(same)
        assert (again, again.again) == (first, True)
    for other in (
        {**record, "until": record["until"].replace(":30:", ":31:")},
        {**record, "by": [*record["by"], office.by("li", "enforcement_officer")]},
        {**record, "precision": "minute"},
    ):
        with pytest.raises(NotTaken) as refused:
            office.take(other)
        assert refused.value.finding.code == "G-001"
    assert LeafRow.objects.filter(ref=record["id"]).count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_batches_that_share_records_in_any_order_store_each_once(lasting_office: Office, attempt: int) -> None:
    """Each waits for what another holds; whoever has to give way looks again and finds the records there."""
    office = lasting_office
    who = office.who("zhang")
    shared = [r for root in (office.open_case(), office.open_case()) for r in acts(office, root, 3, new=False)]
    batches = [list(shared) for _ in range(4)]
    for n, batch in enumerate(batches):
        random.Random(f"{attempt}/{n}").shuffle(batch)

    def sending(batch: list[dict[str, Any]]) -> Callable[[], Receipt]:
        return lambda: take_batch(batch, actor=who, now=office.now)[0]

    answers = at_once([sending(batch) for batch in batches])
    assert [a for a in answers if isinstance(a, str)] == []
    for record in shared:
        assert LeafRow.objects.filter(ref=record["id"]).count() == 1
        held = filed(office.row(record["links"]["case"][0]), office.basis.zone)
        assert [e.record.id for e in held.entries].count(record["id"]) == 1
    for record in shared:
        assert take(record, actor=who, now=office.now).again


def test_of_two_contents_for_one_id_at_once_one_is_stored_and_the_other_refused(lasting_office: Office) -> None:
    office = lasting_office
    root, who = office.open_case(), office.who("zhang")
    first = acts(office, root, 1, new=False)[0]
    versions = [{**first, "until": first["until"].replace(":30:", f":3{n}:")} for n in range(4)]
    answers = at_once([lambda r=r: take(r, actor=who, now=office.now) for r in versions])
    assert sorted(a if isinstance(a, str) else "taken" for a in answers) == ["G-001", "G-001", "G-001", "taken"]
    assert RecordRow.objects.filter(id=first["id"]).count() == 1
