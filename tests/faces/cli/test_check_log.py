"""`liuhen check LOG --map MAP`: for each rule how many cases break it and which; the same through the compiled form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.dossier.logs.trial import GOOD, MAP, csv_file
from tests.faces.cli.called import ROOT, SAMPLES, Said, call
from tests.logs.road_fines import BOOK, MAP_CSV, write_csv, write_xes
from tests.logs.road_fines import MAP as MAP_XES

AT = ("--at", "2026-11-01T00:00+08:00")
BY = ("--rulebook", str(BOOK))
SCHEMA = Draft202012Validator(json.loads((ROOT / "docs/check.schema.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def xes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("log") / "fines.xes"
    write_xes(path, 400)
    return path


def by_rule(said: Said) -> dict[str, Any]:
    return {rule["rule"]: rule for rule in said.json["rules"]}


def test_each_rule_has_the_number_and_the_ids_of_the_cases_that_break_it(xes: Path):
    said = call("check", xes, "--map", MAP_XES, *BY, *AT, "--json")
    assert said.status == 1
    assert not list(SCHEMA.iter_errors(said.json))
    assert (said.json["cases"], said.json["set_aside"], said.json["findings"]) == (400, 0, [])
    for rule in said.json["rules"]:
        assert rule["broken_in"] == len(rule["cases"]) == len(set(rule["cases"]))
        assert rule["asked"] == sum(rule[c] for c in ("met", "late", "missing", "due", "excused", "unknown"))
    assert min(rule["broken_in"] for rule in said.json["rules"]) > 0
    assert said.json["faults"] == sum(r["late"] + r["missing"] for r in said.json["rules"] if r["counts"])


def test_the_same_log_as_scattered_csv_in_gb18030_says_the_same(xes: Path, tmp_path: Path):
    table = tmp_path / "fines.csv"
    write_csv(table, 400)
    one = call("check", xes, "--map", MAP_XES, *BY, *AT, "--json")
    other = call("check", table, "--map", MAP_CSV, *BY, *AT, "--json")
    assert by_rule(one) == by_rule(other)
    assert (other.json["encoding"], other.json["delimiter"]) == ("gb18030", ",")


def test_the_compiled_form_gives_the_same_counts_and_ids(xes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    check = call("check", xes, "--map", MAP_XES, *BY, *AT, "--json")
    audit = call("audit", xes, "--map", MAP_XES, *BY, *AT, "--json")
    assert audit.status == check.status
    counts = ("asked", "met", "late", "missing", "due", "excused", "unknown")
    assert {a["rule"]: [a[c] for c in counts] for a in audit.json["articles"]} == {
        name: [rule[c] for c in counts] for name, rule in by_rule(check).items()
    }
    assert {ref.partition("/")[2]: names for ref, names in audit.json["broken_in"].items()} == {
        name: rule["cases"] for name, rule in by_rule(check).items()
    }
    # The mapping names every kind that the rules read: nothing is asked case by case for what the log does not keep.
    assert "captures" not in audit.json["asked_one_by_one"]
    assert len(audit.json["rules_one_by_one"]) <= 1
    folder = tmp_path / "export"
    assert call("audit", xes, "--map", MAP_XES, *BY, "--export", folder).status == 0
    again = call("audit", folder, "--map", MAP_XES, *BY, *AT, "--json")
    assert again.json["broken_in"] == audit.json["broken_in"]


def test_the_compiled_form_counts_the_days_of_the_zone_of_the_mapping(
    xes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Midnight in Shanghai is the afternoon before in Rome: also for the rule that is asked case by case."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    text = MAP_XES.read_text(encoding="utf-8").replace("precision: day", "precision: second")
    (tmp_path / "m.yaml").write_text(text.replace("Asia/Shanghai", "Europe/Rome"), encoding="utf-8")
    check = call("check", xes, "--map", tmp_path / "m.yaml", *BY, *AT, "--json")
    audit = call("audit", xes, "--map", tmp_path / "m.yaml", *BY, *AT, "--json")
    told = {f"shili-road-fines/{name}": rule["cases"] for name, rule in by_rule(check).items() if rule["cases"]}
    assert audit.json["broken_in"] == told
    assert len(told) == 7
    assert call("audit", xes, "--map", tmp_path / "m.yaml", *BY, "--export", tmp_path / "export").status == 0
    assert call("audit", tmp_path / "export", *BY, *AT, "--json").json["articles"] == audit.json["articles"]


def test_without_rulebooks_those_judge_that_always_do(tmp_path: Path):
    text = MAP.replace("{kind: road_fine.paid}", "{kind: decision.made}")
    text = text[: text.index("  Create:")] + text[text.index("  Pay:") :]
    (tmp_path / "m.yaml").write_text(text, encoding="utf-8")
    path = csv_file(tmp_path, "F1,Pay,2025-03-03T09:00:00+08:00,501,,,")
    said = call("check", path, "--map", tmp_path / "m.yaml", *AT, "--json")
    assert {rule["rulebook"] for rule in said.json["rules"]} == {"bazhou", "anshan-legal-review"}
    assert sum(rule["asked"] for rule in said.json["rules"]) > 0
    # Of what this log does not keep nothing is missing, so that nothing can be broken by it.
    assert sum(rule["unknown"] for rule in said.json["rules"]) > 0


def test_what_the_log_does_not_keep_is_unknown_in_both_forms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = csv_file(tmp_path, GOOD[2])
    for keeps, status in (("mapped", "unknown"), ("all", "missing")):
        text = MAP.replace("  Send: {kind: road_fine.sent, links: {about: {last: road_fine.created}}}\n", "")
        (tmp_path / "m.yaml").write_text(text + f"keeps: {keeps}\n", encoding="utf-8")
        check = call("check", path, "--map", tmp_path / "m.yaml", *BY, *AT, "--json")
        audit = call("audit", path, "--map", tmp_path / "m.yaml", *BY, *AT, "--json")
        told = {a["rule"]: a for a in audit.json["articles"]}
        assert by_rule(check)["sent-in-time"][status] == told["sent-in-time"][status] == 1
        assert by_rule(check)["sent-in-time"]["asked"] == told["sent-in-time"]["asked"] == 1


def test_on_a_terminal_the_first_ids_are_shown_and_all_on_demand(xes: Path):
    said = call("check", xes, "--map", MAP_XES, *BY, *AT, "--lang", "en")
    assert said.status == 1
    assert "400 cases" in said.lines[0]
    assert "Send it within ninety days" in said.out
    assert "more" in said.out
    whole = call("check", xes, "--map", MAP_XES, *BY, *AT, "--all", "--lang", "en")
    assert "more" not in whole.out


def test_cases_set_aside_end_with_2_and_the_rest_is_judged(tmp_path: Path):
    path = csv_file(tmp_path, *GOOD, "F9,Nobody knows,2025-03-03,,,,")
    (tmp_path / "m.yaml").write_text(MAP, encoding="utf-8")
    said = call("check", path, "--map", tmp_path / "m.yaml", *BY, *AT)
    assert said.status == 2
    assert "E-033" in said.out
    assert f"{path}:5" in said.out
    told = call("check", path, "--map", tmp_path / "m.yaml", *BY, *AT, "--json").json
    assert not list(SCHEMA.iter_errors(told))
    assert (told["cases"], told["set_aside"], told["findings"][0]["times"]) == (2, 1, 1)
    assert call("check", csv_file(tmp_path, *GOOD), "--map", tmp_path / "m.yaml", *BY, *AT).status == 1
    audit = call("audit", csv_file(tmp_path, *GOOD, "F9,Nobody,2025-03-03,,,,"), "--map", tmp_path / "m.yaml", *BY, *AT)
    assert audit.status == 2
    assert "E-033" in audit.out


def test_a_log_in_order_ends_with_0(tmp_path: Path):
    (tmp_path / "m.yaml").write_text(MAP, encoding="utf-8")
    said = call("check", csv_file(tmp_path, *GOOD[:2]), "--map", tmp_path / "m.yaml", *BY, *AT)
    assert said.status == 0


@pytest.mark.parametrize("command", ["check", "audit"])
@pytest.mark.parametrize("name", ["log.csv", "log.xes"])
def test_a_log_without_a_case_is_no_log_in_order(tmp_path: Path, command: str, name: str):
    (tmp_path / "m.yaml").write_text(MAP, encoding="utf-8")
    heading = csv_file(tmp_path).read_text(encoding="utf-8")
    path = tmp_path / "none" / name
    path.parent.mkdir()
    path.write_text(heading if name == "log.csv" else '<log xes.version="2.0"/>', encoding="utf-8")
    said = call(command, path, "--map", tmp_path / "m.yaml", *BY, *AT)
    assert (said.status, said.out, said.err[:5]) == (2, "", "E-017")


@pytest.mark.parametrize(
    ("at", "shown"),
    [("2026-10-31T16:00+00:00", "2026-11-01 00:00"), ("2026-10-31T15:59+00:00", "2026-10-31 23:59")],
    ids=["the next day there", "the same day"],
)
def test_the_moment_is_said_in_the_zone_of_the_mapping(tmp_path: Path, at: str, shown: str):
    (tmp_path / "m.yaml").write_text(MAP, encoding="utf-8")
    said = call("check", csv_file(tmp_path, *GOOD[:2]), "--map", tmp_path / "m.yaml", *BY, "--at", at)
    assert f"截至 {shown}；" in said.out


@pytest.mark.parametrize("command", ["check", "audit"])
def test_a_log_without_a_mapping_and_a_mapping_without_a_log_are_refused(command: str, xes: Path):
    said = call(command, xes, *BY)
    assert (said.status, said.err[:5]) == (2, "E-002")
    said = call(command, SAMPLES / "perfect-case", "--map", MAP_XES, *BY)
    assert (said.status, said.err[:5]) == (2, "E-016")


def test_a_hostile_name_never_reaches_the_terminal_uncleaned(tmp_path: Path):
    path = csv_file(tmp_path, GOOD[2].replace("F2", "F2\x1b[31m\u202e"))
    (tmp_path / "m.yaml").write_text(MAP, encoding="utf-8")
    said = call("check", path, "--map", tmp_path / "m.yaml", *BY, *AT, "--all")
    assert "\x1b" not in said.out
    assert "\u202e" not in said.out
