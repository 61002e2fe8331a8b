"""The page about dossiers says what is so: every code stands in it, its example is a dossier, its program runs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from liuhen.dossier import envelope, read, strict_json
from liuhen.dossier.dossier import InvalidDossier
from liuhen.dossier.schema import schema
from liuhen.ground.findings import table
from liuhen.ground.vocabulary import default

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "dossier.md").read_text(encoding="utf-8")


def test_every_code_of_a_dossier_stands_in_the_page():
    listed = re.findall(r"^\| (D-\d{3}) \|", PAGE, re.MULTILINE)
    assert listed == sorted(code for code in table() if code.startswith("D-"))


def test_its_example_is_a_dossier(tmp_path: Path):
    (text,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    Draft202012Validator(schema()).validate(json.loads(text))
    (tmp_path / "dossier.json").write_text(text, encoding="utf-8")
    assert len(read.read(tmp_path, default()).records) == 1


def test_its_table_names_every_part():
    assert set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == set(envelope.KEYS)


def test_its_program_runs(monkeypatch: pytest.MonkeyPatch):
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    exec(program, names)
    assert names["report"].faults == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("said", "limit"),
    [
        ("64 MB", strict_json.LIMIT_BYTES // 1024**2),
        ("32 levels", strict_json.LIMIT_DEPTH),
        ("up to 200", read.LIMIT_FINDINGS),
    ],
)
def test_its_limits_are_the_limits(said: str, limit: int):
    assert said in PAGE
    assert str(limit) in said


def test_depth_is_refused_one_level_too_deep_and_taken_at_the_limit():
    def nested(depth: int) -> object:
        value: object = 1
        for _ in range(depth):
            value = [value]
        return value

    assert not list(strict_json.flaws(nested(strict_json.LIMIT_DEPTH), ""))
    assert [f.code for f in strict_json.flaws(nested(strict_json.LIMIT_DEPTH + 1), "")] == ["D-009"]


def test_numbers_are_exact_up_to_the_limit():
    largest = 2**53 - 1
    assert strict_json.parse(str(largest).encode(), "x") == largest
    assert [f.code for f in strict_json.flaws(strict_json.parse(str(largest + 1).encode(), "x"), "")] == ["D-012"]


@pytest.mark.parametrize(
    ("written", "said"),
    [(str(10**30), str(10**30)), ("-" + "9" * 39, "-" + "9" * 39), ("9" * 41, "9" * 40 + "…"), ("1.50", "1.5")],
)
def test_a_number_that_can_not_be_kept_is_said_as_it_was_written(written: str, said: str) -> None:
    (finding,) = strict_json.flaws(strict_json.parse(written.encode(), "x"), "")
    assert finding.fields["value"] == said


def test_the_number_of_values_is_limited_on_both_sides(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(strict_json, "LIMIT_VALUES", 3)
    assert strict_json.parse(b"[1,2,3]", "x") == [1, 2, 3]
    with pytest.raises(InvalidDossier) as refusal:
        strict_json.parse(b"[1,2,3,4]", "x")
    assert refusal.value.finding.code == "D-010"
