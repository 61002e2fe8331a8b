"""What becomes of events: records in order, and cases set aside for what can't be taken, each with code and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from liuhen.dossier.logs.events import InvalidLog
from liuhen.dossier.logs.sorted_rows import Row, SortedRows
from liuhen.ground.record import Record
from tests.dossier.logs.trial import (
    GOOD,
    MAP,
    codes,
    csv_file,
    event,
    judged,
    mapping,
    read,
    trace,
    vocabulary,
    xes_file,
)

CREATED = GOOD[0]


def kinds(records: tuple[Record, ...]) -> list[str]:
    return [r.kind for r in sorted(records, key=lambda r: r.order)]


def one(folder: Path, line: str, text: str = MAP) -> Record:
    """The record made of a line after the opening one."""
    _, found = read(csv_file(folder, line), mapping(folder, text))
    return next(iter(found.values()))[1]


# -- records -------------------------------------------------------------------------------------------------------------


def test_the_records_are_sound_by_the_vocabulary(tmp_path: Path):
    _, found = read(csv_file(tmp_path, *GOOD), mapping(tmp_path))
    assert [r for records in found.values() for r in records if vocabulary().check(r)] == []
    opened, created, sent = found["F1"]
    assert (opened.kind, opened.content["case_number"], opened.instant) == ("case.opened", "F1", created.instant)
    assert created.content == {"amount": 20000, "provision": "157", "vehicle": "car"}
    assert sent.links == {"case": (opened.id,), "about": (created.id,)}
    assert (sent.by[0].name, sent.by[0].role) == ("502", "case_handler")


def test_the_same_log_gives_the_same_ids(tmp_path: Path):
    path, log = csv_file(tmp_path, *GOOD), mapping(tmp_path)
    assert read(path, log)[1] == read(path, log)[1]
    assert len({r.id for records in read(path, log)[1].values() for r in records}) == 5


def test_events_of_a_case_lie_scattered_in_csv(tmp_path: Path):
    log = mapping(tmp_path)
    together, apart = (
        read(csv_file(tmp_path, *GOOD), log)[1],
        read(csv_file(tmp_path, GOOD[1], GOOD[2], GOOD[0]), log)[1],
    )
    assert {n: kinds(r) for n, r in together.items()} == {n: kinds(r) for n, r in apart.items()}


def test_where_times_are_equal_the_order_of_the_file_stays(tmp_path: Path):
    log = mapping(tmp_path)
    same = [line.replace("2025-03-20T10:00", "2025-03-03T09:00") for line in GOOD[:2]]
    made = read(csv_file(tmp_path, *same), log)[1]["F1"]
    assert kinds(made) == ["case.opened", "road_fine.created", "road_fine.sent"]
    seen, made = read(csv_file(tmp_path, *reversed(same)), log)
    assert codes(seen) == ["E-039"]  # now it was sent before anything that it could be about
    assert made == {}


@pytest.mark.parametrize("at_once", [1, 3, 1000])
def test_rows_come_by_case_and_in_the_order_of_the_file(at_once: int):
    given = [Row(f"F{n * 7 % 5}", n, n + 2, [str(n)], []) for n in range(200)]
    with SortedRows(at_once) as rows:
        for row in given:
            rows.add(row)
        assert list(rows) == sorted(given, key=lambda row: (row.case, row.n))


def test_a_disk_without_room_is_refused_with_a_code():
    with SortedRows(1) as rows:
        rows.add(Row("F1", 0, 2, [], []))
        for run in Path(rows._folder.name).iterdir():
            run.unlink()
        Path(rows._folder.name).rmdir()
        with pytest.raises(InvalidLog) as caught:
            rows.add(Row("F1", 1, 3, [], []))
    assert caught.value.finding.code == "E-050"


def test_events_that_are_mapped_to_ignore_are_left_out_and_counted(tmp_path: Path):
    seen, found = read(csv_file(tmp_path, CREATED, "F1,Print,,,,,"), mapping(tmp_path))
    assert (seen.ignored, seen.aside, kinds(found["F1"])) == (1, 0, ["case.opened", "road_fine.created"])


def test_a_case_of_ignored_events_alone_says_nothing(tmp_path: Path):
    report = judged(csv_file(tmp_path, "F9,Print,2025-03-03,,,,", CREATED), mapping(tmp_path))
    assert (report.seen.cases, report.seen.aside) == (2, 0)
    assert {t.rule.id: t.asked for t in report.tallies}["sent-in-time"] == 1


def test_an_activity_may_be_named_by_two_attributes(tmp_path: Path):
    text = MAP.replace("activity: activity", "activity: [activity, step]").replace("  Create:", "  Create+complete:")
    path = xes_file(tmp_path, trace("F1", event(activity="Create", step="complete", time="2025-03-03T09:00:00Z")))
    assert kinds(read(path, mapping(tmp_path, text))[1]["F1"]) == ["case.opened", "road_fine.created"]


def test_who_acted_is_named_with_role_certificate_and_sort(tmp_path: Path):
    people = "people: {role: enforcement_officer, roles: {'501': agency_head}, certificates: {'501': 示例01}, systems: ['0']}\n"
    assert one(tmp_path, CREATED, MAP + people).by[0].role == "agency_head"
    assert one(tmp_path, CREATED, MAP + people).by[0].certificate == "示例01"
    other = one(tmp_path, CREATED.replace("501", "0"), MAP + people).by[0]
    assert (other.role, other.type) == ("enforcement_officer", "system")
    assert one(tmp_path, CREATED.replace("501", ""), MAP + people).by == ()


# -- time ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "instant", "precision"),
    [
        ("2025-03-03T09:00:00+08:00", "2025-03-03T09:00:00+08:00", "second"),
        ("2025-03-03T09:00:00", "2025-03-03T09:00:00+08:00", "second"),
        ("2025-03-03 09:00", "2025-03-03T09:00:00+08:00", "second"),
        ("2025-03-03T01:00:00Z", "2025-03-03T09:00:00+08:00", "second"),
        ("2025-03-03T01:00:00.000+0000", "2025-03-03T09:00:00+08:00", "second"),
        ("2025-03-03T01:00:00.1234567Z", "2025-03-03T09:00:00.123456+08:00", "second"),
        ("2025-03-03", "2025-03-03T00:00:00+08:00", "day"),
        ("2025-03-02T20:00:00Z", "2025-03-03T04:00:00+08:00", "second"),
    ],
)
def test_times_are_read_with_their_offset_or_in_the_zone_of_the_mapping(
    tmp_path: Path, text: str, instant: str, precision: str
):
    made = one(tmp_path, CREATED.replace("2025-03-03T09:00:00+08:00", text))
    assert (made.done_at.isoformat(), made.precision) == (instant, precision)


def test_the_zone_and_the_precision_of_the_mapping_are_kept(tmp_path: Path):
    made = one(tmp_path, CREATED.replace("+08:00", ""), MAP + "zone: Europe/Rome\n")
    assert made.done_at.isoformat() == "2025-03-03T09:00:00+01:00"
    made = one(tmp_path, CREATED, MAP + "precision: day\n")
    assert (made.done_at.isoformat(), made.precision) == ("2025-03-03T00:00:00+08:00", "day")


def test_other_ways_to_write_a_time_are_named_in_the_mapping(tmp_path: Path):
    text = MAP.replace("time: time,", 'time: time, time_format: "%d.%m.%Y %H:%M",')
    made = one(tmp_path, CREATED.replace("2025-03-03T09:00:00+08:00", "03.04.2025 09:00"), text)
    assert made.done_at.isoformat() == "2025-04-03T09:00:00+08:00"
    for wrong in ("2025-03-03", "03.04.1025 09:00"):
        seen, _ = read(csv_file(tmp_path, CREATED.replace("2025-03-03T09:00:00+08:00", wrong)), mapping(tmp_path, text))
        assert codes(seen) == ["E-031"]


def test_an_act_with_an_end_keeps_it_and_one_without_ended_when_it_began(tmp_path: Path):
    text = MAP.replace("  Print: ignore", "  Look: {kind: act.inspection, until: who}")
    line = "F1,Look,2025-03-03T09:00:00+08:00,{},,,"
    made = one(tmp_path, line.format("2025-03-03T10:30:00+08:00"), text)
    assert made.until is not None
    assert made.until.isoformat() == "2025-03-03T10:30:00+08:00"
    assert one(tmp_path, line.format(""), text).until == made.done_at
    seen, _ = read(csv_file(tmp_path, line.format("2025-03-03T08:59:59+08:00")), mapping(tmp_path, text))
    assert codes(seen) == ["E-041"]


# -- set aside -----------------------------------------------------------------------------------------------------------

ASIDE = {
    "no time": (CREATED.replace("2025-03-03T09:00:00+08:00", ""), "E-030"),
    "a day that does not exist": (CREATED.replace("2025-03-03", "2025-02-30"), "E-031"),
    "a time that is none": (CREATED.replace("2025-03-03T09:00:00+08:00", "soon"), "E-031"),
    "an unknown activity": (CREATED.replace("Create", "Creat"), "E-033"),
    "an amount of a third of a fen": (CREATED.replace("200.00", "200.333"), "E-034"),
    "an amount that is none": (CREATED.replace("200.00", "NaN"), "E-034"),
    "an amount below zero": (CREATED.replace("200.00", "-1"), "E-034"),
    "a value not in the list": (CREATED.replace(",A", ",B"), "E-034"),
    "a text too long": (CREATED.replace("157", "1" * 21), "E-034"),
    "a cell too few": (CREATED.removesuffix(",A"), "E-037"),
    "a cell too many": (CREATED + ",", "E-037"),
    "nothing to be about": (GOOD[1], "E-039"),
    "no activity": (CREATED.replace("Create", ""), "E-042"),
}  # fmt: skip


@pytest.mark.parametrize("name", ASIDE)
def test_a_case_with_an_event_that_cannot_be_taken_is_set_aside_and_the_others_judged(tmp_path: Path, name: str):
    line, code = ASIDE[name]
    path = csv_file(tmp_path, GOOD[2], line)
    report = judged(path, mapping(tmp_path))
    seen = report.seen
    assert (codes(seen), seen.cases, seen.aside, seen.lost) == ([code], 1, 1, 0)
    assert seen.findings[0].finding.place == f"{path}:3"
    assert {t.rule.id: t.cases for t in report.tallies}["sent-in-time"] == ["F2"]


def test_a_line_or_trace_of_no_case_is_left_out_and_counted(tmp_path: Path):
    seen, found = read(csv_file(tmp_path, CREATED.removeprefix("F1"), GOOD[2]), mapping(tmp_path))
    assert (codes(seen), seen.lost, seen.aside, list(found)) == (["E-032"], 1, 0, ["F2"])
    path = xes_file(tmp_path, "<trace>\n" + event(activity="Pay", time="2025-03-03") + "</trace>")
    seen, found = read(path, mapping(tmp_path))
    assert (codes(seen), seen.lost, seen.aside, found) == (["E-032"], 1, 0, {})


def test_events_outside_of_traces_are_left_out_and_counted(tmp_path: Path):
    loose = event(activity="Pay", time="2025-03-03")
    seen, found = read(xes_file(tmp_path, trace("F1", loose) + loose * 2), mapping(tmp_path))
    assert (codes(seen), seen.lost, list(found)) == (["E-040"], 2, ["F1"])
    assert seen.findings[0].times == 2


def test_an_attribute_that_stands_twice_sets_its_case_aside(tmp_path: Path):
    twice = event(activity="Pay", time="2025-03-03").replace(
        "</event>", '<string key="time" value="2025-03-04"/></event>'
    )
    seen, found = read(xes_file(tmp_path, trace("F1", twice)), mapping(tmp_path))
    assert (codes(seen), seen.aside, found) == (["E-038"], 1, {})


def test_two_traces_of_one_name_are_each_judged_and_told(tmp_path: Path):
    paid = event(activity="Pay", time="2025-03-03")
    seen, _ = read(xes_file(tmp_path, trace("F1", paid) + trace("F1", paid)), mapping(tmp_path))
    assert (codes(seen), seen.cases, seen.aside) == (["E-036"], 2, 0)


def test_a_case_that_nothing_opens_is_set_aside(tmp_path: Path):
    text = MAP.replace(MAP[MAP.index("  opens_with") : MAP.index("event:")], "")
    fields = "{case_number: case, title: {value: 罚款}, action_type: {value: penalty}}"
    text = text.replace("  Print: ignore", f"  Open: {{kind: case.opened, fields: {fields}}}")
    seen, found = read(csv_file(tmp_path, "F1,Open,2025-03-03,,,,", CREATED, GOOD[2]), mapping(tmp_path, text))
    assert (codes(seen), list(found)) == (["E-043"], ["F1"])
    assert found["F1"][1].links["case"] == (found["F1"][0].id,)


def test_the_same_finding_is_told_once_and_counted_and_a_flood_of_different_ones_ends(tmp_path: Path):
    lines = [f"F{n},Step{n % 300},2025-03-03,,,," for n in range(900)]
    seen, _ = read(csv_file(tmp_path, *lines), mapping(tmp_path))
    assert codes(seen).count("E-033") == 200
    assert codes(seen)[-1] == "E-044"
    assert sum(told.times for told in seen.findings) == 900
