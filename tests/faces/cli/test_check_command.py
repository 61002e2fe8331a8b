"""`liuhen check`: exit statuses, one screen for people, JSON for programs."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from samples.stories import stories

from liuhen.faces.cli.duty_words import ORDER
from liuhen.faces.cli.terminal import columns
from tests.faces.cli.called import BAD, ROOT, SAMPLES, call

LEAVING = (SAMPLES / "service-by-leaving", "--at", "2026-03-18T09:00+08:00")
PERFECT = (SAMPLES / "perfect-case", "--at", "2026-05-06T09:00+08:00")
PROMISES = [(story.name, promise.at, promise.exit) for story in stories() for promise in story.promises]
SCHEMA = Draft202012Validator(json.loads((ROOT / "docs/check.schema.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize(("name", "at", "status"), PROMISES)
def test_the_exit_status_is_1_when_a_duty_is_late_overdue_or_breached_and_else_0(name: str, at: str, status: int):
    said = call("check", SAMPLES / name, "--at", at)
    assert (said.status, said.err) == (status, "")


@pytest.mark.parametrize("folder", sorted(BAD.iterdir()), ids=lambda folder: folder.name)
def test_a_bad_dossier_gives_exit_status_2_code_place_and_next_step(folder: Path):
    said = call("check", folder)
    assert (said.status, said.out) == (2, "")
    assert said.err.startswith(folder.name.split("_")[0])
    assert len(said.err.splitlines()) >= 2


@pytest.mark.parametrize("folder", sorted(BAD.iterdir()), ids=lambda folder: folder.name)
def test_a_bad_dossier_gives_its_findings_as_json(folder: Path):
    said = call("check", folder, "--json")
    assert said.status == 2
    SCHEMA.validate(said.json)
    assert {finding["code"] for finding in said.json["findings"]} == {folder.name.split("_")[0]}


@pytest.mark.parametrize(("name", "at", "status"), PROMISES)
def test_json_is_as_its_schema_says(name: str, at: str, status: int):
    said = call("check", SAMPLES / name, "--at", at, "--json")
    SCHEMA.validate(said.json)
    assert said.status == status
    assert said.json["faults"] == sum(d["fault"] for s in said.json["subjects"] for d in s["duties"])


def test_the_schema_refuses_what_it_does_not_describe():
    report = call("check", *PERFECT, "--json").json
    assert SCHEMA.is_valid(report)
    assert not SCHEMA.is_valid({**report, "more": 1})
    assert not SCHEMA.is_valid({**report, "faults": -1})


def duties(said: Any) -> list[dict[str, Any]]:
    return [duty for subject in said.json["subjects"] for duty in subject["duties"]]


def test_json_has_what_is_met_too():
    assert {"met", "overdue"} <= {duty["status"] for duty in duties(call("check", *LEAVING, "--json"))}


def test_a_duty_names_article_moment_what_is_missing_and_the_next_step():
    (duty,) = [d for d in duties(call("check", *LEAVING, "--json")) if d["fault"]]
    assert duty["articles"][0]["zh"] == "霸州记录办法第27条"
    assert duty["due"].startswith("2026-03-17T10:00")
    assert [m["what"] for m in duty["missing"]] == ["recording"]
    assert duty["next"]["zh"]


def test_the_worst_stands_first():
    said = call("check", SAMPLES / "major-decision-without-review", "--at", "2026-03-27T09:00+08:00")
    shapes = [line[0] for line in said.lines if line and line[0] in "■▲□◐○◇●"]
    assert shapes == sorted(shapes, key="■▲□◐○◇●".index)
    assert shapes[0] == "■"


def test_a_line_carries_shape_word_duty_article_and_moment():
    said = call("check", *LEAVING)
    (line,) = [line for line in said.lines if line.startswith("▲")]
    assert re.fullmatch(r"▲ 超期 +留置送达过程音像记录 +霸州记录办法第27、6条 +2026-03-17 10:00", line)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [72, 80, 100, 160])
def test_a_narrow_terminal_still_gets_the_duty_and_every_article(width: int, language: str):
    report = call("check", *LEAVING, "--json").json
    (duty,) = [d for s in report["subjects"] for d in s["duties"] if d["fault"]]
    said = call("check", *LEAVING, "--lang", language, width=width)
    assert max(map(columns, said.lines[:-1])) <= width
    assert duty["title"][language] in said.out
    assert ("霸州记录办法第27、6条" if language == "zh" else "Bazhou measures, arts. 27, 6") in said.out


@pytest.fixture
def written(tmp_path: Path) -> Any:
    """Write a dossier of a case with some records."""

    def write(*records: dict[str, Any], **head: Any) -> Path:
        ids = [f"0197f000-0000-7000-8000-{n:012d}" for n in range(1, len(records) + 2)]
        opened = {"kind": "case.opened", "done_at": "2026-03-06", "precision": "day", "id": ids[0],
                  "content": {"case_number": "示例", "title": "示例", "action_type": "penalty"}}  # fmt: skip
        rest = [{"id": ids[n], "links": {"case": [ids[0]]}, "content": {}, **r} for n, r in enumerate(records, 1)]
        bureau = {"id": "shili", "name": "示例县局", "zone": "Asia/Shanghai"}
        tree = {"dossier": 1, "bureau": bureau, "records": [opened, *rest], **head}
        (tmp_path / "dossier.json").write_text(json.dumps(tree), encoding="utf-8")
        return tmp_path

    return write


def footage(stored: str) -> list[dict[str, Any]]:
    about = {"case": ["0197f000-0000-7000-8000-000000000001"], "about": ["0197f000-0000-7000-8000-000000000002"]}
    return [
        {"kind": "recording.completed", "done_at": "2026-03-06T09:00:00+08:00", "until": "2026-03-06T10:00:00+08:00"},
        {"kind": "ingest_record", "done_at": stored, "links": about},
    ]


AT_LAST = ("--at", "2026-03-20T09:00+08:00")
LATE_STORED = [
    ("2026-03-07T10:01:00+08:00", "迟 1 分钟"), ("2026-03-07T10:59:00+08:00", "迟 59 分钟"),
    ("2026-03-07T11:00:00+08:00", "迟 1 小时"), ("2026-03-07T11:01:00+08:00", "迟 2 小时"),
]  # fmt: skip


@pytest.mark.parametrize(("stored", "said"), LATE_STORED, ids=[said for _, said in LATE_STORED])
def test_less_than_an_hour_late_is_told_in_minutes(written: Any, stored: str, said: str):
    folder = written(*footage(stored))
    report = call("check", folder, "--rulebook", "anshan-recording", *AT_LAST, "--explain")
    (line,) = [line for line in report.lines if "二十四小时内入库" in line and line.startswith("●")]
    assert line.startswith(f"● {said} ")
    assert said.replace(" ", "") in report.out


def test_a_hint_says_so_once_and_is_not_called_breached(written: Any):
    folder = written(
        {
            "kind": "act.compulsory_execution",
            "done_at": "2026-03-07T10:00:00+08:00",
            "until": "2026-03-07T11:00:00+08:00",
        }
    )
    report = call("check", folder, "--rulebook", "cn-coercion-2011", *AT_LAST, "--all")
    (line,) = [line for line in report.lines if "周末强制执行" in line and line.startswith("■")]
    assert re.fullmatch(r"■ 不符 +周末强制执行（提示） +行政强制法第43条", line)


def test_citations_too_long_for_their_column_are_wrapped_and_never_cut(written: Any):
    folder = written(*footage("2026-03-07T10:00:00+08:00"))
    books = [a for b in ("anshan-recording", "bazhou", "qinghe", "anshan-bodycam") for a in ("--rulebook", b)]
    for width in (72, 100):
        report = call("check", folder, *books, *AT_LAST, "--all", width=width)
        lines = report.lines[: report.lines.index("未能询问的规则")]
        assert not any("…" in line for line in lines)
        assert max(map(columns, lines)) <= width
    assert "霸州记录办法第48条" in report.out


def test_a_file_that_no_text_in_force_judged_is_not_called_done(written: Any):
    nothing, undecided = "没有尚需办理的事项", "未作判断"
    decided = {"kind": "decision.made", "done_at": "2026-03-09", "precision": "day", "content": {"outcome": "imposed"}}
    folder = written(decided)
    said = call("check", folder, "--at", "2026-08-01T09:00+08:00").out
    assert (nothing in said, undecided in said) == (False, True)
    folder = written(decided, rulebooks=["anshan-legal-review"])
    said = call("check", folder, "--at", "2026-08-01T09:00+08:00").out
    assert (nothing in said, undecided in said) == (True, False)


def test_what_is_met_stands_there_only_with_all():
    few, everything = call("check", *LEAVING), call("check", *LEAVING, "--all")
    assert not [line for line in few.lines if line.startswith("● 已履行 ")]
    assert len([line for line in everything.lines if line.startswith("● 已履行 ")]) > 20


@pytest.mark.parametrize(("name", "at", "status"), PROMISES)
def test_a_report_fits_on_one_screen(name: str, at: str, status: int):
    said = call("check", SAMPLES / name, "--at", at)
    assert len(said.lines) <= 24
    assert max(map(columns, said.lines)) <= 100


def test_the_last_line_carries_the_number_of_unknown_and_what_could_not_be_asked():
    said = call("check", *LEAVING)
    assert re.fullmatch(r"待查 0 项；未能询问 9 条规则，卷宗内没有：计划 4、单位 4、执法场所 1。", said.lines[-1])
    assert re.match(r"unknown: 0; 9 rules could not be asked", call("check", *LEAVING, "--lang", "en").lines[-1])


def test_rules_that_could_not_be_asked_are_listed_with_all():
    assert "bazhou/plan-published-by-march" in call("check", *LEAVING, "--all").out


def test_a_text_that_ran_out_is_named_with_who_applies_it_on():
    assert "依 示例县自然资源局局务会（示例） 的决定继续适用" in call("check", *LEAVING, width=200).out.replace(
        "\n      ", ""
    )


def test_an_explicit_rulebook_says_that_it_judges_whatever_its_dates():
    said = call("check", *LEAVING, "--rulebook", "bazhou", width=200)
    assert "不论其施行日期" in said.out


def test_a_text_that_did_not_judge_is_said(tmp_path: Path):
    folder = Path(shutil.copytree(SAMPLES / "inspection-without-recording", tmp_path / "a"))
    tree = json.loads((folder / "dossier.json").read_text(encoding="utf-8"))
    tree["records"] = [r for r in tree["records"] if r["kind"] != "rulebook.applied_on"]
    (folder / "dossier.json").write_text(json.dumps(tree), encoding="utf-8")
    said = call("check", folder, "--at", "2026-03-06T09:00+08:00", width=200)
    assert said.status == 0
    assert "没有继续适用的决定，未予适用" in said.out


def test_english_says_the_same_in_english():
    chinese, english = call("check", *LEAVING), call("check", *LEAVING, "--lang", "en")
    assert chinese.status == english.status == 1
    assert any(line.startswith("▲ overdue") and "Bazhou measures, arts. 27, 6" in line for line in english.lines)
    assert "next: " in english.out


def test_records_received_later_are_counted_and_not_judged():
    said = call("check", SAMPLES / "archived-late", "--at", "2026-05-14T09:00+08:00")
    assert "1 条记录登记于此后，未计入。" in said.lines


def test_a_dossier_in_which_nothing_is_known_yet_says_so():
    said = call("check", SAMPLES / "perfect-case", "--at", "2020-01-01T00:00+08:00")
    assert said.status == 0
    assert "截至此刻，卷宗中没有可以判断的记录。" in said.lines


def test_a_stopped_clock_is_said_instead_of_a_moment():
    said = call("check", SAMPLES / "review-clock", "--at", "2026-03-18T09:00+08:00")
    assert any("出具法制审核意见" in line and line.endswith("停算中") for line in said.lines)
    later = call("check", SAMPLES / "review-clock", "--at", "2026-03-27T09:00+08:00")
    assert any("出具法制审核意见" in line and line.endswith("2026-04-02") for line in later.lines)


def test_what_is_due_within_three_working_days_is_due_soon():
    def shape(at: str) -> str:
        said = call("check", SAMPLES / "review-clock", "--at", at)
        return next(line[0] for line in said.lines if "出具法制审核意见" in line)

    assert shape("2026-03-27T09:00+08:00") == "○"
    assert shape("2026-03-30T09:00+08:00") == "◐"


def test_control_characters_of_a_dossier_never_reach_the_terminal(tmp_path: Path):
    folder = Path(shutil.copytree(SAMPLES / "service-by-leaving", tmp_path / "a"))
    text = (folder / "dossier.json").read_text(encoding="utf-8")
    hostile = "\\u001b[2J\\u001b]0;x\\u0007\\u202e\\n■ 已违反"
    (folder / "dossier.json").write_text(text.replace("非法占地案", hostile), encoding="utf-8")
    said = call("check", folder, "--at", "2026-03-18T09:00+08:00")
    assert said.status == 1
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", said.out)
    assert not [line for line in said.lines if line.startswith("■")]


def test_colour_changes_nothing_but_the_colour():
    plain, coloured = call("check", *LEAVING), call("check", *LEAVING, colour=True)
    assert "\x1b[31m" in coloured.out
    assert re.sub(r"\x1b\[\d+m", "", coloured.out).replace(" \n", "\n").split() == plain.out.split()


def test_every_status_has_its_place_in_the_order():
    shown = {
        duty["shown"]
        for name, at, _ in PROMISES
        for duty in duties(call("check", SAMPLES / name, "--at", at, "--json"))
    }
    assert shown <= set(ORDER)
    assert {"breached", "overdue", "late", "soon", "due", "met"} <= shown


def test_a_dossier_that_names_no_rulebook_says_that_the_default_ones_judged(tmp_path: Path):
    folder = Path(shutil.copytree(SAMPLES / "service-by-leaving", tmp_path / "unnamed"))
    tree = json.loads((folder / "dossier.json").read_text(encoding="utf-8"))
    del tree["rulebooks"]
    (folder / "dossier.json").write_text(json.dumps(tree), encoding="utf-8")
    at = ("--at", "2026-03-18T09:00+08:00")
    assert "按默认的规则判断" in call("check", folder, *at).out
    assert "the default ones judged" in call("check", folder, *at, "--lang", "en").out
    report = call("check", folder, *at, "--json").json
    assert SCHEMA.is_valid(report)
    assert report["by_default"] is True
    assert "默认" not in call("check", *LEAVING).out
    assert call("check", *LEAVING, "--json").json["by_default"] is False


FOOTAGE = (SAMPLES / "footage-after-26-hours", "--at", "2026-03-18T09:00+08:00", "--explain")


@pytest.mark.parametrize(("name", "at", "status"), PROMISES)
def test_every_duty_explains_itself_and_the_exit_status_stays(name: str, at: str, status: int):
    said = call("check", SAMPLES / name, "--at", at, "--explain", "--json")
    SCHEMA.validate(said.json)
    assert said.status == status
    for duty in duties(said):
        assert duty["why"]["calendar"] == said.json["calendar"]
        assert {a["article"] for a in duty["why"]["articles"]} == {a["article"] for a in duty["articles"]}
        wrong = duty["status"] in ("overdue", "breached") or duty["late"] is not None
        assert (duty["why"]["smallest_change"] is not None) is wrong


def test_an_explanation_names_facts_article_clock_reading_calendar_and_the_smallest_change():
    said = call("check", *FOOTAGE, "--lang", "en", width=400).out
    for part in (
        "fact (what made it apply): record 3, recording, 4 Mar 2026 09:30",
        "article Bazhou measures, art. 48: ",
        "clock: from 2026-03-04 10:30, 24 hours; until 2026-03-05 10:30",
        "reading of Bazhou measures, art. 48: ",
        "had the footage ingested come by 5 Mar 2026 10:30, i.e. 2 hours earlier.",
        "working-day calendar ",
    ):
        assert part in said


def test_without_being_asked_nothing_is_explained():
    said = call("check", *FOOTAGE[:-1])
    assert "理由" not in said.out
    assert not any("why" in duty for duty in duties(call("check", *FOOTAGE[:-1], "--json")))
