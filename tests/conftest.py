"""How the tests are divided among the stages of script/test, and that none of them is left out.

A test that touches the journal is a *flow*: it runs on SQLite and once more on PostgreSQL, and says nothing about it.
A journey drives a browser and runs once. Everything else is the library's and runs once.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How fast a machine is says nothing about the product: no generated example has a deadline, and none is too slow to make.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

FLOW_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server", "client", "admin_client"}
BROWSER_FIXTURES = {"browser", "page"}


def on_postgres() -> bool:
    return os.environ.get("LIUHEN_DATABASE_URL", "").startswith("postgres")


def spark_is_asked() -> bool:
    """Whether the tests on Spark run: with CI set always; else where it is installed, and script/test says when it is not."""
    return bool(os.environ.get("CI")) or importlib.util.find_spec("pyspark") is not None


def pytest_configure(config: pytest.Config) -> None:
    if stages := os.environ.get("LIUHEN_TEST_STAGES"):
        from tests.house.codes_raised import watch

        watch(Path(stages) / "codes")


@pytest.hookimpl(tryfirst=True)  # before -m is looked at
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    elsewhere = "sqlite" if on_postgres() else "postgres"
    kept: list[pytest.Item] = []
    for item in items:
        _divide(item)
        left_out = item.get_closest_marker("spark") is not None and not spark_is_asked()
        if item.get_closest_marker(elsewhere) is None and not left_out:
            kept.append(item)
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def _divide(item: pytest.Item) -> None:
    fixtures: Iterable[str] = getattr(item, "fixturenames", ())
    if BROWSER_FIXTURES.intersection(fixtures):
        item.add_marker("browser")
    elif item.get_closest_marker("browser") is None and (
        FLOW_FIXTURES.intersection(fixtures)
        or any(item.get_closest_marker(name) for name in ("django_db", "sqlite", "postgres"))
    ):
        item.add_marker("flow")


@pytest.fixture(scope="session")
def postgres_address() -> str:
    """The address of a running PostgreSQL as a superuser of it; script/test and script/with-postgres provide it."""
    return os.environ["LIUHEN_TEST_POSTGRES"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """On SQLite the flows have a database file, as in an office: one in memory knows no write-ahead log and no second writer.

    The file lies in shared memory where there is some, so that flushing costs nothing.
    """
    from django.db import connections

    if on_postgres():
        yield
        return
    shared = Path("/dev/shm")
    folder = tempfile.mkdtemp(prefix="liuhen-test-", dir=shared if os.access(shared, os.W_OK) else None)
    connections["default"].settings_dict["TEST"]["NAME"] = str(Path(folder) / "test.sqlite3")
    yield
    shutil.rmtree(folder)


@pytest.fixture(scope="session", autouse=True)
def static_files_as_they_lie() -> None:
    """Pages find their static files where they were written: nothing is collected and renamed before a test."""
    from django.conf import settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    if settings.configured:
        settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


def _count(config: pytest.Config, outcome: str) -> int:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return len(reporter.stats.get(outcome, ())) if reporter else 0


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if os.environ.get("CI") and _count(config, "skipped"):
        terminalreporter.write_line("CI: a skipped test counts as a failure", red=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With CI set a skipped test fails the run; the counts go to script/test, which adds up the stages."""
    if hasattr(session.config, "workerinput"):
        return
    counts = {name: _count(session.config, name) for name in ("passed", "failed", "error", "skipped", "xfailed")}
    if os.environ.get("CI") and counts["skipped"] and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    if tally := os.environ.get("LIUHEN_TEST_TALLY"):
        with Path(tally).open("a") as lines:
            failed = counts["failed"] + counts["error"]
            lines.write(f"{counts['passed'] + counts['xfailed']} {failed} {counts['skipped']}\n")
