"""A mapping says what it must, and each thing wrong with it is refused with file and line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from liuhen.dossier.logs.schema import schema
from liuhen.ground.errors import Refused
from tests.dossier.logs.trial import MAP, mapping
from tests.logs import road_fines

ROOT = Path(__file__).parents[3]
VALIDATOR = Draft202012Validator(schema())


def changed(old: str, new: str) -> str:
    assert old in MAP
    return MAP.replace(old, new, 1)


BAD = {
    "no such key": (MAP + "zones: x\n", "E-020"),
    "no such key in case": (changed("  id: case\n", "  id: case\n  title: x\n"), "E-020"),
    "no version": (changed("log: 1\n", ""), "E-021"),
    "no case id": (changed("  id: case\n", ""), "E-021"),
    "no time": (changed(", time: time", ""), "E-021"),
    "a required field left out": (changed("title: {value: 罚款}, ", ""), "E-021"),
    "a required link left out": (changed(", links: {about: {last: road_fine.created}}", ""), "E-021"),
    "a later version": (changed("log: 1", "log: 2"), "E-022"),
    "no mapping at all": ("[]", "E-022"),
    "event is a text": (changed("event: {activity: activity, time: time, resource: who}", "event: x"), "E-022"),
    "a precision that is none": (MAP + "precision: hour\n", "E-022"),
    "an encoding that is none": (MAP + "csv: {encoding: klingon}\n", "E-022"),
    "an encoding of bytes": (MAP + "csv: {encoding: base64}\n", "E-022"),
    "a delimiter of two": (MAP + "csv: {delimiter: ';;'}\n", "E-022"),
    "a role that is none": (MAP + "people: {role: king}\n", "E-022"),
    "a role of a resource that is none": (MAP + "people: {roles: {'501': king}}\n", "E-022"),
    "an activity without a kind": (changed("{kind: road_fine.paid}", "{role: case_handler}"), "E-021"),
    "an activity that is a text": (changed("{kind: road_fine.paid}", "paid"), "E-022"),
    "a case opened by what opens none": (changed("kind: case.opened", "kind: road_fine.paid"), "E-022"),
    "a field from nowhere": (changed("provision: article", "provision: {unit: none}"), "E-022"),
    "a field from two": (changed("provision: article", "provision: {from: a, value: b}"), "E-022"),
    "a value not in the list": (changed("{value: penalty}", "{value: pardon}"), "E-022"),
    "a link to a wrong kind": (changed("{last: road_fine.created}", "{last: road_fine.paid}"), "E-022"),
    "a link of two ways": (changed("{last: road_fine.created}", "{last: road_fine.created, first: road_fine.created}"), "E-022"),
    "kept kinds that are none": (MAP + "keeps: some\n", "E-022"),
    "a kind that is none": (changed("road_fine.paid", "road_fine.payd"), "E-023"),
    "a kept kind that is none": (MAP + "keeps: [road_fine.payd]\n", "E-023"),
    "a field that is none": (changed("provision: article", "law: article"), "E-024"),
    "a link that is none": (changed("{about:", "{concerning:"), "E-024"),
    "an amount without unit": (changed("{from: amount, unit: yuan}", "amount"), "E-025"),
    "an amount in another unit": (changed("unit: yuan", "unit: euro"), "E-025"),
    "a unit where there is none": (changed("provision: article", "provision: {from: article, unit: yuan}"), "E-025"),
    "nothing opens the case": (changed(MAP[MAP.index("  opens_with") : MAP.index("event:")], ""), "E-026"),
    "a field that no text can say": (changed("road_fine.paid", "recording.completed, fields: {segments: x}"), "E-027"),
    "a zone that is none": (MAP + "zone: Moon/Crater\n", "C-015"),
    "a key twice": (MAP + "log: 1\n", "Y-003"),
    "an anchor": (MAP + "zone: &a Asia/Shanghai\n", "Y-004"),
    "no yaml": ("log: [", "Y-002"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_each_thing_wrong_is_refused_with_its_line(tmp_path: Path, name: str):
    text, code = BAD[name]
    with pytest.raises(Refused) as caught:
        mapping(tmp_path, text)
    assert caught.value.finding.code == code
    where = caught.value.finding.place or str(caught.value.finding.fields.get("file"))
    assert where.startswith("log.map.yaml")


def test_the_mapping_of_the_trial_is_refused_for_nothing(tmp_path: Path):
    log = mapping(tmp_path)
    assert log.activities["Print"] is None
    assert log.captures == {"case.opened", "road_fine.created", "road_fine.sent", "road_fine.paid"}
    assert log.keys == {"case", "activity", "time", "who", "amount", "article", "sort"}


def test_keeps_all_says_that_what_is_missing_was_not_made(tmp_path: Path):
    assert mapping(tmp_path, MAP + "keeps: all\n").captures is None
    more = mapping(tmp_path, MAP + "keeps: [road_fine.collected]\n").captures
    assert more is not None
    assert {"road_fine.collected", "road_fine.paid"} <= more


# -- the schema for editors ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [road_fines.MAP, road_fines.MAP_CSV], ids=lambda p: p.name)
def test_the_schema_allows_what_the_reader_takes(path: Path):
    assert not list(VALIDATOR.iter_errors(yaml.safe_load(path.read_text(encoding="utf-8"))))
    assert not list(VALIDATOR.iter_errors(yaml.safe_load(MAP)))


# What a schema can't know: kinds, fields, roles, zones, encodings, and what belongs to what.
BEYOND = {"E-023", "E-024", "E-025", "E-026", "E-027", "C-015", "Y-002", "Y-003", "Y-004"}
UNSEEN = {
    "a required field left out", "a required link left out", "an encoding that is none", "an encoding of bytes",
    "a role that is none", "a role of a resource that is none", "a case opened by what opens none", "a value not in the list",
    "a link to a wrong kind",
}  # fmt: skip


@pytest.mark.parametrize("name", [n for n, (_, code) in BAD.items() if code not in BEYOND and n not in UNSEEN])
def test_the_schema_refuses_what_is_wrong_in_form(name: str):
    assert list(VALIDATOR.iter_errors(yaml.safe_load(BAD[name][0])))


def test_the_published_schema_is_that_of_the_package():
    assert json.loads((ROOT / "docs" / "logs.schema.json").read_text(encoding="utf-8")) == schema()
