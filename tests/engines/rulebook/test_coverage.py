"""The coverage form: whether recordings cover an act, which hole is named, and when the footage has to be in."""

from __future__ import annotations

import pytest

from tests.engines.rulebook.small import due_of

AT = "2026-03-20T09:00"
ACT = "2026-03-02 09:00–10:00 trial.act #a"


def films(more: str = "", extent: str = "some") -> str:
    return f"""
- id: filmed
  form: coverage
  act: {{kind: trial.act}}
  extent: {extent}
{more}"""


def footage(start: str, end: str, about: str = ", about: a", content: str = "", name: str = "") -> str:
    name = f"{name or 'v' + start + end}".replace(":", "")
    by = "by: [{role: enforcement_officer, name: 甲}]"
    return (
        f'{{on: "2026-03-02T{start}", until: "{end}", kind: recording.completed, id: {name}{about}, {by}, '
        f"content: {{{content}}}}}"
    )


def gap(start: str, end: str, cause: str = "battery") -> str:
    return (
        f'{{on: "2026-03-02T{start}", until: "{end}", kind: recording_interruption_record, about: a, '
        f"content: {{cause: {cause}}}}}"
    )


def test_any_part_of_the_act_will_do_where_the_text_asks_for_no_more(book):
    assert book(films()).judge(ACT, footage("09:30", "09:31"), at=AT) == ["met"]
    assert book(films()).judge(ACT, at=AT) == ["overdue missing recording"]


@pytest.mark.parametrize(("start", "said"), [("10:01", "met"), ("10:02", "overdue missing recording")])
def test_footage_beside_the_act_covers_it_within_a_minute(book, start: str, said: str):
    assert book(films()).judge(ACT, footage(start, "11:00"), at=AT) == [said]


def test_before_the_footage_has_to_be_in_it_is_due(book):
    assert book(films()).judge(ACT, at="2026-03-03T10:00") == ["due missing recording"]
    assert book(films()).judge(ACT, at="2026-03-03T10:01") == ["overdue missing recording"]
    shorter = films("  within: {amount: 2, unit: hours}\n")
    assert due_of(book(shorter).duties(ACT, at=AT)[0]) == "2026-03-02 12:00"


def test_once_archived_or_stated_that_there_is_none_it_is_breached(book):
    none = "2026-03-03 recording.none >a"
    assert book(films()).judge(ACT, none, at=AT) == ["breached missing recording"]
    archived = ["2026-03-04 case.closed", "2026-03-05 case_file"]
    assert book(films()).judge(ACT, *archived, at=AT) == ["breached missing recording"]


def test_footage_received_after_it_had_to_be_in_is_met_and_recorded_after(book):
    for received, said in (("2026-03-03T10:00", "met"), ("2026-03-03T10:01", "met recorded_after")):
        late = footage("09:00", "10:00").replace("kind:", f'received: "{received}", kind:')
        assert book(films()).judge(ACT, late, at=AT) == [said]


def test_a_whole_act_has_no_hole_longer_than_a_minute(book):
    whole = films(extent="whole")
    assert book(whole).judge(ACT, footage("09:00", "09:30"), footage("09:31", "10:00"), at=AT) == ["met"]
    duty = book(whole).duties(ACT, footage("09:00", "09:30"), footage("09:32", "10:00"), at=AT)[0]
    assert (duty.status, [m.words.en for m in duty.missing]) == ("overdue", ["09:30–09:32, 2 minutes not recorded"])


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("09:01", "09:59", "met"),
        ("09:02", "10:00", "overdue missing recording"),
        ("09:00", "09:58", "overdue missing recording"),
    ],
)
def test_a_whole_act_is_filmed_from_its_beginning_to_its_end(book, start: str, end: str, said: str):
    assert book(films(extent="whole")).judge(ACT, footage(start, end), at=AT) == [said]


def test_segments_count_and_not_the_time_from_first_to_last(book):
    on = "2026-03-02T"
    parts = (("09:00", "09:20"), ("09:40", "10:00"))
    segments = "segments: [" + ", ".join(f'{{from: "{on}{a}", until: "{on}{b}"}}' for a, b in parts) + "]"
    duty = book(films(extent="whole")).duties(ACT, footage("09:00", "10:00", content=segments), at=AT)[0]
    assert [m.words.zh for m in duty.missing] == ["09:20–09:40 未录 20 分钟"]


def test_footage_of_several_devices_is_taken_together(book):
    both = [footage("09:00", "09:40"), footage("09:20", "10:00")]
    assert book(films(extent="whole")).judge(ACT, *both, at=AT) == ["met"]


def test_a_tolerance_of_the_rule_or_of_a_setting(book):
    head = (
        "settings: [{id: slack, value: 120, unit: seconds, zh: 宽限, en: slack, decided: {by: 示例, on: 2026-01-01}}]"
    )
    holes = [footage("09:00", "09:30"), footage("09:32", "10:00")]
    strict = films("  tolerance: {amount: 1, unit: seconds}\n", "whole")
    assert book(strict).judge(ACT, footage("09:00", "09:30"), footage("09:31", "10:00"), at=AT) == [
        "overdue missing recording"
    ]
    assert book(films("  tolerance: {setting: slack}\n", "whole"), head).judge(ACT, *holes, at=AT) == ["met"]
    assert book(films("  tolerance: {setting: slack}\n", "whole"), head, slack=119).judge(ACT, *holes, at=AT) == [
        "overdue missing recording"
    ]


EXPLAINED = films(
    "  gaps: {explained: {kind: recording_interruption_record, where: {cause: {one_of: [battery, weather]}}}}\n",
    "whole",
)
ABOUT_IT = EXPLAINED.replace("weather]}}}", "weather]}}, about: it}")


def test_an_explained_gap_is_accepted_and_only_the_unexplained_is_named(book):
    parts = [footage("09:00", "09:20"), footage("09:30", "09:40"), footage("09:50", "10:00")]
    duty = book(EXPLAINED).duties(ACT, *parts, gap("09:20", "09:30"), at=AT)[0]
    assert [m.words.en for m in duty.missing] == ["09:40–09:50, 10 minutes not recorded"]
    assert book(EXPLAINED).judge(ACT, *parts, gap("09:20", "09:30"), gap("09:40", "09:50", "weather"), at=AT) == ["met"]


def test_an_explanation_may_name_the_recording_in_place_of_the_act(book):
    parts = [footage("09:00", "09:20", name="v"), footage("09:30", "10:00")]
    about_the_recording = gap("09:20", "09:30").replace("about: a", "about: v")
    assert book(ABOUT_IT).judge(ACT, *parts, about_the_recording, at=AT) == ["met"]
    other = footage("09:00", "10:00", about=", about: b", name="w")
    elsewhere = gap("09:20", "09:30").replace("about: a", "about: w")
    assert book(ABOUT_IT).judge(ACT, "2026-03-02 09:00–10:00 trial.act #b", *parts, other, elsewhere, at=AT) == [
        "overdue missing recording",
        "met",
    ]


def test_a_cause_that_the_text_does_not_name_explains_nothing(book):
    parts = [footage("09:00", "09:20"), footage("09:30", "10:00")]
    assert book(EXPLAINED).judge(ACT, *parts, gap("09:20", "09:30", "other"), at=AT) == ["overdue missing recording"]


def test_where_no_gap_is_allowed_an_explanation_does_not_help(book):
    parts = [footage("09:00", "09:20"), footage("09:30", "10:00")]
    none = films("  gaps: none\n", "whole")
    assert book(none).judge(ACT, *parts, gap("09:20", "09:30"), at=AT) == ["overdue missing recording"]


def test_where_gaps_do_not_matter_the_beginning_and_the_end_still_do(book):
    any_ = films("  gaps: any\n", "whole")
    assert book(any_).judge(ACT, footage("09:00", "09:20"), footage("09:50", "10:00"), at=AT) == ["met"]
    assert book(any_).judge(ACT, footage("09:10", "09:20"), footage("09:50", "10:00"), at=AT) == [
        "overdue missing recording"
    ]


def test_from_arrival_on_a_late_start_is_named_and_the_end_is_free(book):
    arrival = films(extent="arrival")
    act = '{on: "2026-03-02T09:00", until: "10:00", kind: trial.act, id: a, content: {arrived_at: "2026-03-02T09:10"}}'
    assert book(arrival).judge(act, footage("09:10", "09:20"), at=AT) == ["met"]
    assert book(arrival).judge(act, footage("09:13", "09:20"), at=AT) == ["overdue missing recording"]
    assert book(arrival).judge(ACT, footage("09:10", "09:20"), at=AT) == ["overdue missing recording"]


def test_the_device_and_the_medium_can_be_asked_for(book):
    worn = films("  device: body_worn\n")
    photo = films("  media: [video, photo]\n")
    assert book(worn).judge(ACT, footage("09:00", "10:00", content="device_type: body_worn"), at=AT) == ["met"]
    assert book(worn).judge(ACT, footage("09:00", "10:00", content="device_type: phone"), at=AT) == [
        "overdue missing recording"
    ]
    assert book(photo).judge(ACT, footage("09:00", "09:01", content="media: photo"), at=AT) == ["met"]
    assert book(photo).judge(ACT, footage("09:00", "10:00", content="media: audio"), at=AT) == [
        "overdue missing recording"
    ]


def test_footage_reaches_an_act_by_name_and_not_that_of_another_act(book):
    acts = [ACT, "2026-03-02 09:00–10:00 trial.act #b"]
    assert book(films()).judge(*acts, footage("09:00", "10:00"), at=AT) == ["met", "overdue missing recording"]


def test_footage_that_names_no_act_reaches_it_by_holder_and_time(book):
    mine = ACT.replace(
        "2026-03-02 09:00–10:00 trial.act #a",
        '{on: "2026-03-02T09:00", until: "10:00", kind: trial.act, id: a, by: [{role: enforcement_officer, name: 甲}]}',
    )
    assert book(films()).judge(mine, footage("09:30", "09:50", about=""), at=AT) == ["met"]
    assert book(films()).judge(ACT, footage("09:30", "09:50", about=""), at=AT) == ["overdue missing recording"]
    assert book(films()).judge(mine, footage("10:30", "10:50", about=""), at=AT) == ["overdue missing recording"]


def test_each_officer_with_a_recorder_is_judged_alone(book):
    each = films("  who: each_officer_with_device\n  device: body_worn\n", "whole")
    holders = "content: {recorder_holders: [{name: 甲}, {name: 乙}]}"
    act = f'{{on: "2026-03-02T09:00", until: "10:00", kind: trial.act, id: a, {holders}}}'
    one = footage("09:00", "10:00", content="device_type: body_worn, holder: 甲", name="x")
    two = footage("09:00", "09:50", content="device_type: body_worn, holder: 乙", name="y").replace(
        "name: 甲", "name: 乙"
    )
    duties = book(each).duties(act, one, two, at=AT)
    assert [(d.note, d.status) for d in duties] == [("乙", "overdue"), ("甲", "met")]
    assert book(each).judge(ACT, at=AT) == []


def test_an_excuse_with_a_reason_excuses_the_act(book):
    rules = films("  excused: {by: {kind: trial.excuse, where: {why: {filled: yes}}}}\n")
    assert book(rules).judge(ACT, "2026-03-02 trial.excuse >a why=雨", at=AT) == ["excused"]
    assert book(rules).judge(ACT, "2026-03-02 trial.excuse >a", at=AT) == ["overdue missing recording"]


def test_an_act_without_hours_is_covered_by_footage_of_its_day(book):
    act = '{on: "2026-03-02", kind: trial.act, id: a}'
    assert book(films(extent="whole")).judge(act, footage("15:00", "15:10"), at=AT) == ["met"]
    other = footage("15:00", "15:10").replace("2026-03-02", "2026-03-03")
    assert book(films(extent="whole")).judge(act, other, at=AT) == ["overdue missing recording"]


def test_a_disposed_recording_of_which_the_record_stands_still_shows_that_it_was_filmed(book):
    gone = "2026-03-10 recording.disposed >v"
    assert book(films()).judge(ACT, footage("09:00", "10:00", name="v"), gone, at=AT) == ["met"]
