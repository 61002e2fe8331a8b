"""The stored form of a record: open and personal parts that give it back whole, and a digest that outlives the personal one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.ground.canonical import canonical, salted_digest
from liuhen.ground.record import Record, read_record
from liuhen.ground.vocabulary import default
from liuhen.journal import envelope

KIND = default().kinds["case.opened"]
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=12)
DIGESTS = st.text("0123456789abcdef", min_size=64, max_size=64)
ACTORS = st.fixed_dictionaries(
    {"role": st.sampled_from(["case_handler", "device", "party"])},
    optional={"name": NAMES, "id": NAMES, "certificate": NAMES, "type": st.sampled_from(["device", "system"])},
)
SIGNATURES = st.fixed_dictionaries(
    {"role": st.just("party")},
    optional={
        "name": NAMES,
        "id": NAMES,
        "how": st.sampled_from(["seal", "both"]),
        "signed_at": st.just("2023-03-06T09:00:00+08:00"),
    },
)
FILES = st.fixed_dictionaries(
    {"sha256": DIGESTS, "bytes": st.integers(0, 2**40), "name": NAMES},
    optional={"sm3": DIGESTS, "role": st.just("scan")},
)
CONTENTS = st.fixed_dictionaries(
    {},
    optional={
        "title": NAMES,
        "party_name": NAMES,
        "handlers": st.lists(st.fixed_dictionaries({"name": NAMES}, optional={"id": NAMES}), max_size=3),
    },
)


@st.composite
def records(draw: st.DrawFn) -> Record:
    made: dict[str, Any] = {
        "id": "0190a0b0-0000-7000-8000-000000000001",
        "bureau": "b",
        "kind": "case.opened",
        "done_at": "2023-03-06T09:00:00+08:00",
        "received_at": "2023-03-06T10:00:00.123456+08:00",
        "by": draw(st.lists(ACTORS, max_size=3)),
        "signatures": draw(st.lists(SIGNATURES, max_size=2)),
        "files": draw(st.lists(FILES, max_size=2)),
        "content": draw(CONTENTS),
    }
    entered_by = draw(st.none() | ACTORS)
    if entered_by is not None:
        made["entered_by"] = entered_by
    return read_record(made)


@given(records())
def test_the_two_parts_give_the_record_back(record: Record) -> None:
    stored = envelope.enclose(record, KIND, {"actor": "p"})
    whole = envelope.opened(stored.open)
    overlay = envelope.overlay_of(stored.personal) if stored.personal else {}
    assert read_record(envelope.joined(whole["record"], overlay)) == record
    assert canonical(envelope.joined(whole["record"], overlay)) == record.canonical()


@given(records())
def test_without_the_personal_part_it_is_a_record_still_and_names_nobody(record: Record) -> None:
    whole = envelope.opened(envelope.enclose(record, KIND, {}).open)
    left = read_record(envelope.without_content(whole["record"]))
    assert (left.id, left.kind, left.instant, left.received) == (
        record.id,
        record.kind,
        record.instant,
        record.received,
    )
    assert [a.role for a in left.by] == [a.role for a in record.by]
    assert not any(a.name or a.id or a.certificate for a in left.by if a.type == "person")
    assert not any(s.name or s.id for s in left.signatures)
    assert not {"party_name", "handlers"} & left.content.keys()
    assert [f.sha256 for f in left.files] == [f.sha256 for f in record.files]
    assert {f.name for f in left.files} <= {envelope.DESTROYED}


@given(records())
def test_the_digest_covers_both_parts_and_needs_the_open_one_alone(record: Record) -> None:
    stored = envelope.enclose(record, KIND, {"actor": "p"})
    assert salted_digest(stored.salt, stored.open) == stored.digest
    named = envelope.opened(stored.open)["personal"]
    assert named == (envelope.personal_digest(stored.personal) if stored.personal else "")


def test_two_storings_of_one_record_have_nothing_in_common_to_compare() -> None:
    record = read_record(
        {
            "id": "0190a0b0-0000-7000-8000-000000000001",
            "bureau": "b",
            "kind": "case.opened",
            "done_at": "2023-03-06T09:00:00+08:00",
            "by": [{"role": "party", "name": "甲"}],
        }
    )
    first, second = (envelope.enclose(record, KIND, {}) for _ in range(2))
    assert first.digest != second.digest
    assert envelope.opened(first.open)["personal"] != envelope.opened(second.open)["personal"]


def test_a_field_that_the_vocabulary_does_not_know_is_held_back() -> None:
    open_part, overlay = envelope.split({"content": {"title": "t", "no_such_field": "甲"}}, KIND)
    assert (open_part["content"], overlay["content"]) == ({"title": "t"}, {"no_such_field": "甲"})


def test_the_name_of_a_device_and_of_the_system_is_nobodys() -> None:
    by = [
        {"role": "device", "type": "device", "id": "记录仪01"},
        {"role": "system", "type": "system", "name": "随机抽取"},
    ]
    assert envelope.split({"by": by}, KIND) == ({"by": by}, {})


@pytest.mark.parametrize("kind", sorted(default().kinds))
def test_every_kind_splits_its_personal_fields(kind: str) -> None:
    known = default().kinds[kind]
    content = dict.fromkeys(known.fields, "x")
    open_part, overlay = envelope.split({"content": content} if content else {}, known)
    hidden = {f.id for f in known.fields.values() if f.personal or f.type == "persons"}
    assert set(overlay.get("content", {})) == hidden
    assert set(open_part.get("content", {})) == known.fields.keys() - hidden
