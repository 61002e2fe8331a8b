"""Checking a dossier: which text judges, what is told of which subject, what stays unknown."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from samples.stories import HERE

from liuhen.dossier.check import Report, check_folder, find_rulebook
from liuhen.dossier.dossier import Dossier, InvalidDossier
from liuhen.dossier.read import read
from liuhen.dossier.subjects import subject_files
from liuhen.dossier.write import write
from liuhen.engines.rulebook import InvalidRulebook, shipped
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import default

NOW = datetime(2026, 11, 21, tzinfo=UTC)
MAY = datetime(2026, 5, 6, 1, tzinfo=UTC)


def checked(folder: Path, at: datetime = MAY, **how: Any) -> Report:
    return check_folder(folder, at=at, now=NOW, **how)


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., Path]:
    """Copies a sample and changes its JSON."""

    def change(name: str, how: Callable[[dict[str, Any]], object]) -> Path:
        folder = Path(shutil.copytree(HERE / name, tmp_path / name))
        tree = json.loads((folder / "dossier.json").read_text(encoding="utf-8"))
        how(tree)
        (folder / "dossier.json").write_text(json.dumps(tree), encoding="utf-8")
        return folder

    return change


def without(kind: str) -> Callable[[dict[str, Any]], object]:
    def change(tree: dict[str, Any]) -> None:
        gone = {r["id"] for r in tree["records"] if r["kind"] == kind}
        tree["records"] = [r for r in tree["records"] if r["id"] not in gone]

    return change


def refs(report: Report) -> set[str]:
    return {rule.ref for duty in report.duties for rule in duty.rules or (duty.rule,)}


def uses(report: Report) -> dict[str, str]:
    return {text.rulebook.id: text.how for text in report.texts}


def test_a_text_that_ran_out_judges_by_the_decision_to_apply_it_on():
    report = checked(HERE / "perfect-case")
    assert uses(report) == {"bazhou": "applied_on", "anshan-legal-review": "in_force"}
    assert "bazhou/initiation-form" in refs(report)


def test_a_text_that_ran_out_judges_nothing_without_such_a_decision_and_that_is_said(changed: Callable[..., Path]):
    report = checked(changed("inspection-without-recording", without("rulebook.applied_on")))
    assert uses(report)["bazhou"] == "not_in_force"
    assert not {ref for ref in refs(report) if ref.startswith("bazhou/")}
    assert report.faults == 0


def test_an_explicit_rulebook_judges_whatever_its_dates(changed: Callable[..., Path]):
    folder = changed("inspection-without-recording", without("rulebook.applied_on"))
    report = checked(folder, rulebooks=["bazhou"])
    assert uses(report) == {"bazhou": "regardless"}
    assert report.faults > 0


def test_a_text_judges_only_the_acts_inside_its_dates(changed: Callable[..., Path]):
    def one_early(tree: dict[str, Any]) -> None:
        without("rulebook.applied_on")(tree)
        opened = next(r for r in tree["records"] if r["kind"] == "case.opened")
        opened["done_at"], opened["received_at"] = "2023-09-01T09:00:00+08:00", "2023-09-01T09:10:00+08:00"

    assert uses(checked(changed("inspection-without-recording", one_early)))["bazhou"] == "partly"


def test_without_a_list_the_default_rulebooks_judge_and_that_is_said(changed: Callable[..., Path]):
    folder = changed("perfect-case", lambda tree: tree.pop("rulebooks"))
    report, named = checked(folder), checked(HERE / "perfect-case")
    assert report.by_default
    assert uses(report) == uses(named) == {"bazhou": "applied_on", "anshan-legal-review": "in_force"}
    assert [(d.duty, d.status) for d in report.duties] == [(d.duty, d.status) for d in named.duties]


def test_a_list_in_the_dossier_or_named_explicitly_is_no_default(changed: Callable[..., Path]):
    assert not checked(HERE / "perfect-case").by_default
    folder = changed("perfect-case", lambda tree: tree.pop("rulebooks"))
    assert not checked(folder, rulebooks=["anshan-legal-review"]).by_default


def test_another_bureaus_text_judges_the_dossier_that_names_it(changed: Callable[..., Path]):
    report = checked(changed("perfect-case", lambda tree: tree.update(rulebooks=["cn-land-2019"])))
    assert set(uses(report)) == {"cn-land-2019"}


def test_a_rulebook_that_is_not_here_is_refused_with_the_place(changed: Callable[..., Path]):
    folder = changed("perfect-case", lambda tree: tree["rulebooks"].append("nowhere"))
    with pytest.raises(InvalidDossier) as refusal:
        checked(folder)
    assert [(f.code, f.place) for f in refusal.value.findings] == [("D-017", "dossier.json#/rulebooks/2")]
    assert checked(folder, rulebooks=["bazhou"]).faults == 0


def test_an_explicit_rulebook_that_is_not_here_is_refused():
    with pytest.raises(InvalidRulebook) as refusal:
        checked(HERE / "perfect-case", rulebooks=["nowhere"])
    assert refusal.value.finding.code == "B-021"


def test_a_rulebook_outside_the_product_judges_by_its_folder(tmp_path: Path):
    folder = Path(shutil.copytree(shipped()["anshan-legal-review"], tmp_path / "anshan-legal-review"))
    assert find_rulebook(str(folder)) == folder
    assert uses(checked(HERE / "perfect-case", rulebooks=[str(folder)])) == {"anshan-legal-review": "regardless"}


def test_what_was_received_after_the_moment_is_not_seen():
    early = checked(HERE / "archived-late", datetime(2026, 4, 13, 3, tzinfo=UTC))
    late = checked(HERE / "archived-late", datetime(2026, 5, 20, tzinfo=UTC))
    assert (early.hidden, late.hidden) == (1, 0)


def test_a_dossier_of_which_nothing_is_known_yet_is_no_error():
    report = checked(HERE / "perfect-case", datetime(2020, 1, 1, tzinfo=UTC))
    assert report.files == ()
    assert report.faults == 0


def test_a_kind_that_the_source_never_keeps_is_unknown_and_not_missing(changed: Callable[..., Path]):
    kinds = {
        r["kind"] for r in json.loads((HERE / "service-by-leaving/dossier.json").read_text(encoding="utf-8"))["records"]
    }
    at = datetime(2026, 3, 18, 1, tzinfo=UTC)
    with_footage = checked(changed("service-by-leaving", lambda tree: tree.update(captures=sorted(kinds))), at)
    assert {d.rule.id for d in with_footage.duties if d.fault} == {"leaving-filmed"}
    shutil.rmtree(with_footage.dossier.folder or Path())
    none = sorted(kinds - {"recording.completed"})
    report = checked(changed("service-by-leaving", lambda tree: tree.update(captures=none)), at)
    (unknown,) = [d for d in report.duties if d.rule.id == "leaving-filmed"]
    assert unknown.status == "unknown"
    assert "recording.completed" in unknown.asks
    assert report.faults == 0
    assert report.unknown >= 1


def test_the_day_ends_at_midnight_of_the_bureau(changed: Callable[..., Path]):
    # The file is due by the end of 13 May: in Shanghai until 16:00 UTC, in Urumqi (+06:00) two hours longer.
    def in_urumqi(tree: dict[str, Any]) -> None:
        tree["bureau"]["zone"] = "Asia/Urumqi"

    before, after = datetime(2026, 5, 13, 15, 59, 59, tzinfo=UTC), datetime(2026, 5, 13, 16, tzinfo=UTC)
    assert checked(HERE / "archived-late", before).faults == 0
    assert checked(HERE / "archived-late", after).faults == 1
    assert checked(changed("archived-late", in_urumqi), after).faults == 0


def read_sample(name: str) -> Dossier:
    return read(HERE / name, default())


def test_two_cases_in_one_dossier_are_judged_each_by_itself(tmp_path: Path):
    first, second = read_sample("perfect-case"), read_sample("inspection-without-recording")
    both = tuple({r.id: r for r in (*first.records, *second.records)}.values())
    source = {file: d for d in (first, second) for file in d.files}

    def bytes_of(file: Any) -> Any:
        from liuhen.dossier.places import opened, places

        dossier = source[file]
        assert dossier.folder is not None
        return opened(dossier.folder, places(dossier.files)[file])

    write(replace(first, records=both), tmp_path / "both", bytes_of)
    report = checked(tmp_path / "both")
    alone = checked(HERE / "inspection-without-recording")
    faults = [[d.rule.ref for d in judged.duties if d.fault] for judged in report.files if judged.file.case]
    assert faults[0] == []
    assert sorted(faults[1]) == sorted(d.rule.ref for d in alone.duties if d.fault)
    assert len({(d.rule.ref, d.root, d.note) for d in report.duties}) == len(report.duties)


def of_kind(dossier: Dossier, kind: str) -> Record:
    return next(r for r in dossier.records if r.kind == kind)


def test_a_record_without_a_case_belongs_to_the_case_of_what_it_is_about():
    dossier = read_sample("perfect-case")
    footage = of_kind(dossier, "recording.completed")
    loose = replace(footage, links={"about": footage.links["about"]})
    records = [loose if r.id == footage.id else r for r in dossier.records]
    case, rest = subject_files(records, default())
    assert footage.id in case.own
    assert footage.id not in rest.own


def test_devices_and_officers_stand_outside_the_case_and_beside_it():
    case, rest = subject_files(read_sample("perfect-case").records, default())
    kinds = {r.kind for r in rest.records if r.id in rest.own}
    assert kinds == {"officer.certificate", "device_register", "rulebook.applied_on"}
    assert not case.own & rest.own


def test_a_dossier_without_a_case_is_judged_by_its_other_subjects():
    report = checked(HERE / "unit-year-without-plan", datetime(2026, 4, 10, tzinfo=UTC))
    assert [judged.file.case for judged in report.files] == [""]
    assert {rule.per for rule in report.not_asked} == {"access", "application", "case", "draw", "premises", "tipoff"}
