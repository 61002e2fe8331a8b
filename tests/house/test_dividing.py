"""Each test runs in its stage and in no other, and with CI set a skipped test fails the run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

TESTS = """
import pytest
def test_of_the_library(): pass
@pytest.fixture
def db(): pass
@pytest.fixture
def page(): pass
def test_of_a_flow(db): pass
@pytest.mark.sqlite
def test_of_sqlite(db): pass
@pytest.mark.postgres
def test_of_postgres(db): pass
@pytest.mark.spark
def test_on_spark(): pass
def test_of_a_journey(page, db): pass
"""
SKIPPED = "import pytest\ndef test_good(): pass\n@pytest.mark.skip\ndef test_left_out(): pass\n"
NOT_SKIPPED = "def test_good(): pass\n"


def run(folder: Path, tests: str, *arguments: str, **environment: str) -> tuple[int, set[str], str]:
    """Run pytest on `tests` with our conftest: exit status, names of the tests that ran, and the tally."""
    (folder / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text(encoding="utf-8"))
    (folder / "test_sample.py").write_text(tests)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n  flow\n  sqlite\n  postgres\n  browser\n  spark\n")
    tally = folder / "tally"
    # The folder of codes is the outer run's alone: the inner one stands outside the house and tells no codes.
    outer = ("CI", "LIUHEN_DATABASE_URL", "LIUHEN_TEST_STAGES")
    clean = {name: value for name, value in os.environ.items() if name not in outer}
    outcome = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-p", "no:django", "-p", "no:cacheprovider", *arguments],
        cwd=folder, env={**clean, "LIUHEN_TEST_TALLY": str(tally), **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    ran = {line.split("::")[1].split()[0] for line in outcome.stdout.splitlines() if " PASSED" in line}
    return outcome.returncode, ran, tally.read_text().strip()


@pytest.mark.parametrize(
    ("expression", "address", "expected"),
    [
        pytest.param(
            "not browser and not spark",
            "",
            {"test_of_the_library", "test_of_a_flow", "test_of_sqlite"},
            id="first stage",
        ),
        pytest.param(
            "flow and not browser", "postgresql://x/y", {"test_of_a_flow", "test_of_postgres"}, id="second stage"
        ),
        pytest.param("browser", "", {"test_of_a_journey"}, id="third stage"),
    ],
)
def test_a_stage_runs_what_belongs_to_it(tmp_path: Path, expression: str, address: str, expected: set[str]) -> None:
    status, ran, tally = run(tmp_path, TESTS, "-m", expression, LIUHEN_DATABASE_URL=address)
    assert (status, ran, tally) == (0, expected, f"{len(expected)} 0 0")


def test_with_ci_the_tests_on_spark_run_installed_or_not(tmp_path: Path) -> None:
    assert run(tmp_path, TESTS, "-m", "spark", CI="true")[1:] == ({"test_on_spark"}, "1 0 0")


@pytest.mark.parametrize(("tests", "status"), [(SKIPPED, 1), (NOT_SKIPPED, 0)])
def test_with_ci_a_skipped_test_fails_the_run(tmp_path: Path, tests: str, status: int) -> None:
    assert run(tmp_path, tests, CI="true")[0] == status


def test_without_ci_a_skipped_test_is_counted(tmp_path: Path) -> None:
    status, _, tally = run(tmp_path, SKIPPED)
    assert (status, tally) == (0, "1 0 1")


def test_a_run_on_two_processes_is_counted_once(tmp_path: Path) -> None:
    status, _, tally = run(tmp_path, SKIPPED, "-n", "2", CI="true")
    assert (status, tally) == (1, "1 0 1")
