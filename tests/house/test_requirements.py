"""The pins, the locks and what the package declares say the same, and no lock names where a package comes from."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements"
LOCKS = sorted(REQUIREMENTS.glob("*.txt"))
NPM_LOCKS = sorted([ROOT / "package-lock.json", *REQUIREMENTS.glob("*/package-lock.json")])


def project() -> dict[str, list[str]]:
    """What a wheel of ours asks for: the library's own needs, and each extra's."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {"": table["dependencies"], **table["optional-dependencies"]}


def named(requirement: str) -> str:
    return re.split(r"[\[<>=~! ]", requirement, maxsplit=1)[0].lower()


def pins(name: str) -> dict[str, str]:
    lines = (REQUIREMENTS / f"{name}.in").read_text(encoding="utf-8").splitlines()
    return {named(line): line for line in lines if line and line[0] not in "#-"}


def locked(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9][\w.-]*)==(\S+)", path.read_text(encoding="utf-8"), re.MULTILINE))


def test_what_the_package_needs_is_what_is_pinned() -> None:
    declared = project()
    assert {named(one) for one in [*declared[""], *declared["server"]]} == set(pins("core"))
    assert {named(one) for one in declared["postgres"]} == set(pins("postgres"))
    assert {named(one) for one in declared["bulk"]} == set(pins("bulk"))
    assert {named(one) for one in declared["spark"]} == set(pins("spark"))


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_every_pin_is_locked(path: Path) -> None:
    assert set(pins(path.stem)) <= set(locked(path))


def test_locks_that_are_installed_together_agree() -> None:
    versions: dict[str, set[str]] = {}
    for path in LOCKS:
        for name, version in locked(path).items():
            versions.setdefault(name, set()).add(version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_a_lock_names_digests_and_no_address(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index-url" not in text
    assert "--find-links" not in text
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(locked(path))
    assert all("--hash=sha256:" in block for block in blocks)


@pytest.mark.parametrize("path", NPM_LOCKS, ids=lambda path: path.parent.name)
def test_an_npm_lock_names_digests_and_no_address(path: Path) -> None:
    packages = json.loads(path.read_text(encoding="utf-8"))["packages"]
    del packages[""]
    assert packages
    assert all("integrity" in package and "resolved" not in package for package in packages.values())
