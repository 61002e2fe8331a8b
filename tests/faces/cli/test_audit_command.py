"""`liuhen audit`: what it counts is what `liuhen check` lists; without its libraries it says how to get them."""

from __future__ import annotations

import importlib.util
import json
import shutil
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from liuhen.dossier import check
from liuhen.dossier.check import check_folder
from liuhen.engines.rulebook import read_rulebook
from liuhen.faces.cli import audit
from liuhen.faces.cli.audit_lines import reason
from liuhen.faces.cli.terminal import columns
from liuhen.ground.record import ZONE
from tests.engines.rulebook.small import write_book
from tests.faces.cli.called import SAMPLES, call

RULES = """
- id: decided-after-initiation
  form: response
  when: {kind: case.opened}
  then: [{kind: decision.made}]
  within: {amount: 3, unit: working_days}
- id: decided-minutes-after
  form: response
  when: {kind: case.opened}
  then: [{kind: decision.made}]
  within: {amount: 50000, unit: minutes}
"""
AT, NOW = datetime(2026, 6, 1, tzinfo=ZONE), datetime(2026, 7, 1, tzinfo=ZONE)
NAMES = ("perfect-case", "service-by-leaving", "footage-after-26-hours")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_book(tmp_path_factory.mktemp("book") / "trial", RULES)


def test_without_its_libraries_it_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch):
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name == "duckdb" else real(name, *more)
    )
    said = call("audit", SAMPLES / "perfect-case", "--lang", "en")
    assert said.status == 2
    assert said.err.startswith("U-009")
    assert "audit" in said.err
    assert "duckdb" in said.err
    assert "script/setup bulk" in said.err


@pytest.mark.parametrize(
    "address", ["", "sqlite:///x", "postgresql://127.0.0.1:1/x"], ids=["none", "other", "nobody there"]
)
def test_without_a_postgresql_to_reckon_in_it_says_so(
    book: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str
):
    monkeypatch.setattr(audit, "load_rulebook", read_rulebook)
    monkeypatch.setenv("LIUHEN_DATABASE_URL", address)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    said = call("audit", SAMPLES / "perfect-case", "--rulebook", book, "--engine", "postgres", "--lang", "en")
    assert said.status == 2
    assert said.err.startswith("U-014")
    assert "--database" in said.err


@pytest.mark.postgres
def test_postgresql_tells_what_duckdb_does(
    book: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, postgres_address: str
):
    monkeypatch.setattr(audit, "load_rulebook", read_rulebook)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    dossiers = [SAMPLES / name for name in NAMES]
    asked = ["audit", *dossiers, "--rulebook", book, "--at", AT.isoformat(), "--json"]
    one, two = call(*asked), call(*asked, "--engine", "postgres", "--database", postgres_address)
    assert one.json["articles"]
    assert two.json == one.json
    assert two.status == one.status


def test_dossiers_are_exported_read_back_judged_and_written(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    # Two rules without entries and examples do for this; the loader of whole texts would refuse them.
    for module in (audit, check):
        monkeypatch.setattr(module, "load_rulebook", read_rulebook)
    dossiers = [SAMPLES / name for name in NAMES]
    wrote = call(
        "audit", *dossiers, "--rulebook", book, "--at", AT.isoformat(), "--export", tmp_path / "export", "--json"
    )
    assert wrote.status == 0
    assert wrote.json["files"] >= len(NAMES)
    out = tmp_path / "out"
    said = call("audit", tmp_path / "export", "--rulebook", book, "--at", AT.isoformat(), "--out", out, "--json")
    assert said.status in (0, 1), said.out
    assert said.json["rules_one_by_one"] == {"trial/decided-minutes-after": "within.unit:minutes"}
    assert said.json["asked_one_by_one"] == {"form": len(NAMES)}
    found = Counter(
        {(a["rule"], c): a[c] for a in said.json["articles"] for c in ("asked", "met", "late", "missing") if a[c]}
    )
    listed: Counter[tuple[str, str]] = Counter()
    for dossier in dossiers:
        for duty in check_folder(dossier, rulebooks=[str(book)], at=AT, now=NOW).duties:
            kind = "late" if duty.late else {"overdue": "missing", "breached": "missing"}.get(duty.status, duty.status)
            listed[duty.rule.id, "asked"] += 1
            listed[duty.rule.id, kind] += 1
    assert found == listed
    assert said.status == (1 if any(status in ("late", "missing") for _, status in listed) else 0)
    written = json.loads((out / "audit.json").read_text(encoding="utf-8"))
    assert written["articles"] == said.json["articles"]
    assert {p.name for p in out.iterdir()} == {
        "audit.json",
        "cases.csv",
        "cases.parquet",
        "counts.csv",
        "counts.parquet",
    }
    shown = call("audit", tmp_path / "export", "--rulebook", book, "--at", AT.isoformat())
    assert "截至 2026-06-01 00:00" in shown.lines[0]
    # Wide characters count two: every row ends in the same column, and none names what only a program reads.
    rows = shown.lines[1 : 2 + len(said.json["articles"])]
    assert len({columns(row) for row in rows}) == 1
    assert rows[1].startswith("试验办法第1条")
    assert "逐案判断" in shown.out
    assert shown.lines[-1] == "  试验办法第1条 试验（期限的写法）"
    assert "trial" not in shown.out


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("instead.limit.unit", "另一期限的写法"),
        ("response lapse", "适用的起因"),
        ("rolls", "期限的顺延"),
        ("condition.key:subject", "适用的条件"),
        ("RecursionError", "写法较为特别"),
    ],
)
def test_why_a_rule_is_asked_case_by_case_is_said_in_the_readers_language(form: str, said: str):
    assert reason(form).zh == said
    assert reason(form).en.isascii()


# -- zones

TEXT, OTHER, DUE = "anshan-legal-review", "cn-land-2019", "opinion-in-time"
BETWEEN = "2026-04-02T17:00+00:00"
"""Between the end of the day on which the opinion of review-clock is due in Shanghai, and its end in Urumqi."""


def dossier_in(zone: str, folder: Path) -> Path:
    """The legal review of a case without its opinion, at a bureau of this zone."""
    shutil.copytree(SAMPLES / "review-clock", folder)
    written = folder / "dossier.json"
    held = json.loads(written.read_text(encoding="utf-8"))
    held["bureau"]["zone"] = zone
    held["records"] = [r for r in held["records"] if r["kind"] != "legal_review_opinion"]
    written.write_text(json.dumps(held, ensure_ascii=False), encoding="utf-8")
    return folder


@pytest.mark.parametrize(("zone", "overdue"), [("Asia/Shanghai", True), ("Asia/Urumqi", False)])
def test_days_end_where_the_bureau_is_in_every_command(zone: str, overdue: bool, tmp_path: Path):
    """One home for the choice: check, audit, an export and a replay of either count the days of the dossier's own zone."""
    folder, rule = dossier_in(zone, tmp_path / "one"), f"{TEXT}/{DUE}"
    asked = ("--rulebook", TEXT, "--at", BETWEEN, "--json")
    duties = [d for s in call("check", folder, *asked).json["subjects"] for d in s["duties"]]
    (one,) = (d for d in duties if rule in d["rules"])
    assert (one["status"] == "overdue") is overdue

    call("audit", folder, *asked[:-1], "--export", tmp_path / "export")
    for path in (folder, tmp_path / "export"):
        (row,) = (a for a in call("audit", path, *asked).json["articles"] if a["rule"] == DUE)
        assert (row["missing"], row["due"]) == ((1, 0) if overdue else (0, 1))
        told = call("rulebook", "replay", OTHER, path, "--against", TEXT, "--at", BETWEEN, "--json").json
        assert [f["before"]["due"] for f in told["findings"] if f["rule"] == rule] == [one["due"]] * overdue


def test_files_of_several_zones_are_not_judged_by_the_days_of_one(tmp_path: Path):
    several = [dossier_in(zone, tmp_path / zone[5:]) for zone in ("Asia/Shanghai", "Asia/Urumqi")]
    for command in (("audit", "--rulebook", OTHER), ("rulebook", "replay", OTHER, "--against", TEXT)):
        said = call(*command, *several, "--at", BETWEEN)
        assert (said.status, said.err[:5]) == (2, "D-052")
        assert "Urumqi" in said.err
