"""The texts of the product are linted under all its laws; what is left is listed with its reason in lint_left.toml."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from liuhen.engines.rulebook import Rulebook, read_rulebook, shipped
from liuhen.engines.rulebook.texts.lint import NATIONAL, lint
from liuhen.ground.findings import Finding
from liuhen.ground.vocabulary import default

TODAY = date(2026, 11, 21).toordinal()
LEFT = tomllib.loads(Path(__file__).with_name("lint_left.toml").read_text(encoding="utf-8"))["left"]


@cache
def books() -> dict[str, Rulebook]:
    return {id: read_rulebook(path, default()) for id, path in shipped().items()}


def named(id: str, finding: Finding) -> str:
    rule, above = finding.fields.get("rule", ""), finding.fields.get("above")
    return f"{id} {finding.code} {rule}".strip() + (f": {above.en}" if above else "")


@pytest.mark.parametrize("id", sorted(shipped()))
def test_a_shipped_text_has_no_finding_but_those_listed_with_a_reason(id: str):
    laws = [(book, default()) for name, book in books().items() if name.startswith(NATIONAL)]
    found = {named(id, f): f"{f.place} {f.sentence('en')}" for f in lint(books()[id], default(), laws, TODAY)}
    listed = {one for group in LEFT for one in group["found"] if one.split()[0] == id}
    assert found.keys() - listed == set(), [found[one] for one in sorted(found.keys() - listed)]
    assert listed - found.keys() == set(), "listed, and not found any more"


def test_every_listed_finding_stands_once_and_has_a_reason():
    listed = [one for group in LEFT for one in group["found"]]
    assert len(set(listed)) == len(listed)
    assert all(len(group["reason"]) > 20 for group in LEFT)
    assert {one.split()[0] for one in listed} <= set(shipped())
