"""script/with-postgres gives a command a server of its own, and takes it away again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

ASK = """
import os, psycopg
with psycopg.connect(os.environ["LIUHEN_TEST_POSTGRES"]) as connection:
    for setting in ("port", "fsync", "data_directory"):
        print(connection.execute(f"show {setting}").fetchone()[0])
"""
PARTS = ("port", "fsync", "data")


def beside_a_server(*command: str) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if name != "LIUHEN_TEST_POSTGRES"}
    call = [str(ROOT / "script" / "with-postgres"), *command]
    return subprocess.run(call, env=own, capture_output=True, text=True, check=False)


@pytest.mark.postgres
@pytest.mark.parametrize(("option", "fsync"), [([], "off"), (["--durable"], "on")])
def test_the_server_answers_and_is_gone_afterwards(option: list[str], fsync: str) -> None:
    run = beside_a_server(*option, sys.executable, "-c", ASK)
    assert run.returncode == 0, run.stderr
    told = dict(zip(PARTS, run.stdout.split(), strict=True))
    assert told["fsync"] == fsync
    assert not Path(told["data"]).parent.exists()


@pytest.mark.postgres
def test_the_exit_status_is_the_commands() -> None:
    assert beside_a_server("sh", "-c", "exit 7").returncode == 7


def test_an_address_that_is_given_is_used_as_it_is() -> None:
    run = subprocess.run(
        [str(ROOT / "script" / "with-postgres"), "sh", "-c", "echo $LIUHEN_TEST_POSTGRES"],
        env={**os.environ, "LIUHEN_TEST_POSTGRES": "postgresql://elsewhere/x"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.stdout.strip() == "postgresql://elsewhere/x"
