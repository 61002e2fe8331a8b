"""A record read from JSON and written again: nothing lost, nothing taken on trust, and every fault named at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings

from liuhen.ground.errors import InvalidRecord
from liuhen.ground.record import LIMIT_CONTENT, Record, end_of_day, read_record
from tests.strategies import records

ID, OTHER = "0197f000-0000-7000-8000-000000000001", "0197f000-0000-7000-8000-000000000002"
GOOD: dict[str, Any] = {
    "id": ID,
    "bureau": "shili",
    "kind": "act.questioning",
    "kind_version": 1,
    "done_at": "2026-03-06T09:00:00+08:00",
    "until": "2026-03-06T10:00:00+08:00",
    "precision": "second",
    "by": [{"role": "enforcement_officer", "name": "张示例", "id": "p1", "certificate": "示例0001", "type": "person"}],
    "entered_by": {"role": "clerk", "name": "孙示例"},
    "links": {"case": [OTHER]},
    "content": {"place": "示例市", "rights_told": True, "count": 2},
    "files": [{"sha256": "0" * 64, "sm3": "1" * 64, "bytes": 1, "name": "笔录.pdf", "role": "scan"}],
    "signatures": [{"role": "party", "signed_at": "2026-03-06T10:00:00+08:00", "how": "both"}],
    "corrects": OTHER,
    "root": OTHER,
    "received_at": "2026-03-06T11:00:00+08:00",
}


def repr_of(value: Any) -> str:
    return repr(value)[:40] if not isinstance(value, (int, list, dict)) else type(value).__name__


def refused(value: Any, **how: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidRecord) as found:
        read_record(value, **how)
    return [(f.code, f.place) for f in found.value.findings]


@given(records(n=1, size=3).filter(lambda record: record.corrects != record.id))
@settings(max_examples=60)
def test_a_record_that_was_written_is_read_back_equal(record: Record) -> None:
    again = read_record(json.loads(json.dumps(record.as_json())))
    assert again == record
    assert again.canonical() == record.canonical()
    assert (again.instant, again.end, again.day, again.end_day, again.received, again.order) == (
        record.instant, record.end, record.day, record.end_day, record.received, record.order
    )  # fmt: skip


def test_every_part_is_read() -> None:
    record = read_record(GOOD)
    assert {k for k in record.__slots__ if k in GOOD} == set(GOOD)
    written = record.as_json()
    assert {k for k in GOOD if k not in written} == set()
    assert record.signatures[0].signed_at is not None
    assert record.maker_json() == {k: v for k, v in written.items() if k not in ("root", "received_at")}


def test_what_the_door_adds_is_not_part_of_what_its_maker_states() -> None:
    bare = {k: v for k, v in GOOD.items() if k not in ("root", "received_at")}
    assert read_record(bare).maker_json() == read_record(GOOD).maker_json()
    assert read_record({**bare, "content": {}}).maker_json() != read_record(GOOD).maker_json()


@pytest.mark.parametrize(
    ("part", "value", "code", "place"),
    [
        ("id", None, "R-002", "id"),
        ("kind", None, "R-002", "kind"),
        ("done_at", None, "R-002", "done_at"),
        ("whim", 1, "R-003", "whim"),
        ("precision", "hour", "R-004", "precision"),
        ("kind_version", 0, "R-004", "kind_version"),
        ("kind_version", True, "R-004", "kind_version"),
        ("kind_version", "1", "R-004", "kind_version"),
        ("kind", "Act", "R-004", "kind"),
        ("kind", "a" * 65, "R-004", "kind"),
        ("bureau", " ", "R-002 R-004", "bureau"),
        ("bureau", "a\x00", "R-004", "bureau"),
        ("done_at", 20260306, "R-004", "done_at"),
        ("by", {}, "R-004", "by"),
        ("by", [[]], "R-004", "by/0"),
        ("by", [{}], "R-002", "by/0/role"),
        ("by", [{"role": "clerk", "age": "9"}], "R-003", "by/0/age"),
        ("by", [{"role": "clerk", "name": 9}], "R-004", "by/0/name"),
        ("by", [{"role": "clerk", "name": "x" * 1001}], "R-004", "by/0/name"),
        ("by", [{"role": "clerk", "name": "\ud800"}], "R-004", "by/0/name"),
        ("by", [{"role": "clerk", "type": "robot"}], "R-004", "by/0/type"),
        ("by", [{"role": "clerk"}] * 1001, "R-004", "by"),
        ("entered_by", [], "R-004", "entered_by"),
        ("signatures", [{"role": "party", "how": "thumb"}], "R-004", "signatures/0/how"),
        ("signatures", [{"role": "party", "signed_at": "2026-03-06T10:00"}], "R-012", "signatures/0/signed_at"),
        ("links", {"case": []}, "R-004", "links/case"),
        ("links", {"Case": [ID]}, "R-004", "links/Case"),
        ("links", {"case": ["x"]}, "R-010", "links/case"),
        ("links", [], "R-004", "links"),
        ("content", [], "R-004", "content"),
        ("content", {"a": "\ud800"}, "R-004", "content"),
        ("content", {"a": 2**53}, "R-004", "content"),
        ("content", {"a": float("nan")}, "R-004", "content"),
        ("content", {"a": "字" * (LIMIT_CONTENT // 3)}, "R-018", "content"),
        ("id", "0197F000-0000-7000-8000-000000000001", "R-010", "id"),
        ("id", ID + "\n", "R-010", "id"),
        ("id", 10**5000, "R-010", "id"),
        ("corrects", "x", "R-010", "corrects"),
        ("root", 1, "R-010", "root"),
        ("done_at", "2026-02-30T09:00:00+08:00", "R-011", "done_at"),
        ("until", "2026-03-06", "R-011", "until"),
        ("done_at", "2026-03-06T09:00:00", "R-012", "done_at"),
        ("received_at", "2026-03-06 09:00", "R-012", "received_at"),
        ("until", "2026-03-06T08:59:59.999999+08:00", "R-014", "until"),
        ("files", [{"sha256": "0" * 63, "bytes": 1, "name": "a"}], "R-015", "files/0/sha256"),
        ("files", [{"sha256": "A" * 64, "bytes": 1, "name": "a"}], "R-015", "files/0/sha256"),
        ("files", [{"sha256": "0" * 64, "sm3": "x", "bytes": 1, "name": "a"}], "R-015", "files/0/sm3"),
        ("files", [{"sha256": "0" * 64, "name": "a"}], "R-002", "files/0/bytes"),
        ("files", [{"sha256": "0" * 64, "bytes": -1, "name": "a"}], "R-016", "files/0/bytes"),
        ("files", [{"sha256": "0" * 64, "bytes": 1.0, "name": "a"}], "R-016", "files/0/bytes"),
        ("files", [{"sha256": "0" * 64, "bytes": 10**5000, "name": "a"}], "R-016", "files/0/bytes"),
        ("corrects", ID, "R-017", "corrects"),
    ],
    ids=repr_of,
)  # fmt: skip
def test_one_thing_wrong_is_refused_with_its_code_and_place(part: str, value: Any, code: str, place: str) -> None:
    (found,) = refused({**GOOD, part: value}, place="#/records/3")
    assert found[0] in code.split()
    assert found[1] == f"#/records/3/{place}"


@pytest.mark.parametrize("value", [None, [], "text", 7, True])
def test_what_is_no_object_is_no_record(value: Any) -> None:
    assert refused(value, place="#") == [("R-001", "#")]


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("until", GOOD["done_at"]),
        ("content", {"a": "x" * (LIMIT_CONTENT - len('{"a":""}'))}),
        ("content", {"a": 2**53 - 1}),
        ("links", {"case": OTHER}),
        ("by", [{"role": "clerk", "name": "x" * 1000}]),
        ("by", [{"role": "clerk"}] * 1000),
        ("files", [{"sha256": "0" * 64, "bytes": 0, "name": "a"}]),
        ("files", [{"sha256": "0" * 64, "bytes": 2**53 - 1, "name": "a"}]),
        ("kind", "a" * 64),
    ],
    ids=repr_of,
)
def test_the_other_side_of_each_boundary_is_taken(part: str, value: Any) -> None:
    read_record({**GOOD, part: value})


def test_everything_wrong_is_said_at_once() -> None:
    wrong = {**GOOD, "done_at": "soon", "by": [{"role": 1}], "whim": 1, "files": [{"name": "a", "bytes": 1}]}
    assert {code for code, _ in refused(wrong)} == {"R-011", "R-004", "R-003", "R-002"}


def test_a_link_named_twice_counts_once() -> None:
    assert read_record({**GOOD, "links": {"case": [OTHER, OTHER]}}).links == {"case": (OTHER,)}


def test_a_time_of_another_zone_is_brought_to_the_bureaus_day() -> None:
    record = read_record({**GOOD, "done_at": "2026-03-05T17:30:00Z"})
    assert record.done_at.isoformat() == "2026-03-06T01:30:00+08:00"
    assert record.day == record.done_at.date().toordinal()


@pytest.mark.parametrize("text", ["2026-03-06", "2026-03-05T23:00:00Z", "2026-03-06T23:59:59+08:00"])
def test_a_paper_knows_only_its_day_and_stands_at_the_start_of_it(text: str) -> None:
    record = read_record({**GOOD, "done_at": text, "precision": "day"})
    assert record.done_at.isoformat() == "2026-03-06T00:00:00+08:00"
    assert record.as_json()["done_at"] == "2026-03-06"
    assert end_of_day(record.done_at).isoformat() == "2026-03-07T00:00:00+08:00"


def test_a_day_alone_is_no_moment_for_a_record_to_the_second() -> None:
    assert [code for code, _ in refused({**GOOD, "done_at": "2026-03-06"})] == ["R-011"]


JUNK = [
    None, True, 0, -1, 10**5000, 1.5, float("nan"), "", "x" * 5000, "\ud800", "\0", [], [[]], ["\ud800"], {}, {"": ""},
    {"\ud800": 1}, {"a": {"a": 10**5000}}, {1: 2}, b"x", (1,),
]  # fmt: skip


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for key, item in items for place in places(item, (*at, key)))]


def changed(tree: Any, at: tuple[Any, ...], change: Callable[[Any], Any]) -> Any:
    if not at:
        return change(tree)
    key, *rest = at
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree)
    made = {k: changed(v, tuple(rest), change) if k == key else v for k, v in pairs}
    return made if isinstance(tree, dict) else list(made.values())


@pytest.mark.parametrize("at", places(GOOD), ids=lambda at: "/".join(map(str, at)) or "whole")
def test_junk_in_any_place_is_refused_with_findings_or_harmless(at: tuple[Any, ...]) -> None:
    for junk in JUNK:
        try:
            record = read_record(changed(GOOD, at, lambda _, junk=junk: junk), place="#")
        except InvalidRecord as refusal:
            for finding in refusal.findings:
                assert finding.place
                for language in ("zh", "en"):
                    assert finding.sentence(language)
                    assert finding.next_step(language)
                json.dumps(finding.as_json())
        else:
            assert read_record(record.as_json()) == record
